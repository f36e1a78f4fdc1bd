"""What the engine says of itself, without the library."""

from __future__ import annotations

import re
from typing import Any

import pytest

import utterly_espeak
from utterly import Context, EngineInfo


def test_describes_itself() -> None:
    """The facts are those of the design."""
    info = utterly_espeak.describe()

    assert isinstance(info, EngineInfo)
    assert ("eSpeak NG", "local", 22_050, 1) == (
        info.title,
        info.kind,
        info.sample_rate,
        info.concurrency,
    )


def test_names_both_licences() -> None:
    """The plugin is MIT, what runs with it is under the GPL."""
    info = utterly_espeak.describe()

    assert ("MIT", ("GPL-3.0-or-later",)) == (info.licence, info.runtime_licences)


def test_is_written_for_the_first_contract() -> None:
    """The version of the contract is stated."""
    assert utterly_espeak.utterly_api == 1


def test_imports_nothing_heavy(run_python: Any) -> None:
    """Neither numpy nor ctypes nor the library's wheel is there before `load`."""
    program = (
        "import sys, utterly_espeak; utterly_espeak.describe();"
        "print([m for m in ('numpy', 'ctypes', 'espeakng_loader', 'asyncio') if m in sys.modules])"
    )

    assert "[]\n" == run_python(program).stdout


def test_languages_are_those_of_the_voices(settings: Any) -> None:
    """The static tuple and the library's own list agree."""
    listed = {tag for voice in utterly_espeak.voices(settings) for tag in voice.languages}

    assert listed == set(utterly_espeak.describe().languages)


def test_languages_are_listed_once() -> None:
    """No tag is there twice."""
    languages = utterly_espeak.describe().languages

    assert len(set(languages)) == len(languages)


@pytest.mark.parametrize("tag", utterly_espeak.describe().languages)
def test_languages_are_well_formed(tag: str) -> None:
    """Each is a tag of BCP 47: language, script, region, variants, private use, in this order."""
    public, _, private = tag.partition("-x-")
    language = r"[a-z]{2,3}(-yue)?"
    rest = r"(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([a-z]{5,8}))*"

    assert re.fullmatch(language + rest, public)
    assert re.fullmatch(r"([a-z0-9]{1,8})?", private)


@pytest.mark.parametrize("words_per_minute", [79, 451])
def test_refuses_settings_out_of_range(words_per_minute: int) -> None:
    """The message says what would do."""
    with pytest.raises(ValueError, match="80 to 450"):
        utterly_espeak.EspeakSettings(words_per_minute=words_per_minute)


def test_speaks_into_no_stream(run_python: Any) -> None:
    """Nothing of the library's or ours reaches standard output or error."""
    program = (
        "import utterly_espeak as e; from utterly import Context, SpeechRequest;"
        "s = e.EspeakSettings(); e.voices(s); m = e.load(s);"
        "list(e.synthesize(s, m, SpeechRequest('Hello 😀'), Context())); e.unload(m)"
    )
    ended = run_python(program)

    assert (0, "", "") == (ended.returncode, ended.stdout, ended.stderr)


def test_a_context_is_enough(say: Any) -> None:
    """The hooks need nothing but what the contract hands them."""
    assert Context().cancelled() is False
    assert say("Hello.").duration > 0.4
