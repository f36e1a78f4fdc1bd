"""From text to phonemes in nine languages, offline."""

# ruff: noqa: RUF001  # phonetic letters
from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from plugins.kokoro.tests.checkpoint import layout

from utterly import UnsupportedError
from utterly_kokoro import _espeak
from utterly_kokoro._pronunciation import Pronunciation
from utterly_kokoro._tokens import Token, lay_out

VOCABULARY = frozenset(json.loads(layout.CONFIG.read_text("utf-8"))["vocab"])

SENTENCES = {
    "a": ("The cat sleeps by the window.", "ðə kˈæt slˈips bI ðə wˈɪndO."),
    "b": ("The cat sleeps by the window.", "ðə kˈat slˈiːps bI ðə wˈɪndQ."),
    "e": ("El gato duerme junto a la ventana.", "el ɣˈato dwˈeɾme xˈunto a la βentˈana."),
    "f": ("Le chat dort près de la fenêtre.", "lə ʃˈa dˈɔʁ pʁɛ də la fənˈɛtʁ."),
    "h": ("आज आसमान बहुत सुंदर है।", "ˈaːɟ ˌaːsmˈaːn bˈʌhʊt sˈu\u0303dəɾ hɛː."),
    "i": ("Il gatto dorme vicino alla finestra.", "il ɡˈatːo dˈɔrme viʧˈino ˌalla finˈɛstra."),
    "p": ("O gato dorme perto da janela.", "ʊ ɡˈatʊ dˈɔɾəmy pˈɛɾətʊ da ʒˌænˈɛlæ."),
    "j": ("猫が窓のそばで寝ています。", "neko ɡa mado no soba de nete imasɨ."),
    "z": ("猫在窗边睡觉。", "mau→ ʦai↘ ꭧʰwa→ŋpjɛ→n ʂwei↘ʨjau↘."),
}


@pytest.fixture
def pronounce(spacy_pipeline_dir: Path) -> Callable[[str, str], list[Token]]:
    """Text and the letter of a language to words with phonemes."""
    return Pronunciation(spacy_pipeline_dir, VOCABULARY)


@pytest.mark.parametrize("letter", SENTENCES)
def test_every_language(pronounce: Callable[[str, str], list[Token]], letter: str) -> None:
    """Its phonemes are those that the library gives."""
    text, phonemes = SENTENCES[letter]

    assert phonemes == lay_out(pronounce(text, letter))


@pytest.mark.parametrize("letter", SENTENCES)
def test_words_are_in_the_text(pronounce: Callable[[str, str], list[Token]], letter: str) -> None:
    """In order, each as it stands there."""
    text, _ = SENTENCES[letter]
    position = 0
    words = [word for token in pronounce(text, letter) for word in token.text.split()]
    for word in words:
        position = text.index(word, position) + len(word)

    assert len(words) > 2


def test_english_is_never_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the pipeline eSpeak reads it; spaCy's own way to fetch it is never taken."""
    import spacy.cli

    monkeypatch.setattr(spacy.cli, "download", _fail)
    tokens = Pronunciation(None, VOCABULARY)("Good evening.", "a")

    assert ["Good", "evening"] == [token.text for token in tokens]


def _fail(*_arguments: Any, **_options: Any) -> None:
    raise AssertionError("it was called")


def test_installed_pipeline(spacy_package_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package is as good as a folder."""
    monkeypatch.syspath_prepend(spacy_package_dir)
    tokens = Pronunciation("en_core_web_sm", VOCABULARY)(SENTENCES["a"][0], "a")

    assert SENTENCES["a"][1] == lay_out(tokens)


def test_broken_pipeline_is_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """And named, where the command line shows it."""
    (tmp_path / "broken").mkdir()
    tokens = Pronunciation(tmp_path / "broken", VOCABULARY)("Good evening.", "a")
    (record,) = caplog.records

    assert ["Good", "evening"] == [token.text for token in tokens]
    assert ("utterly.engines.kokoro", logging.WARNING) == (record.name, record.levelno)
    assert "broken cannot be loaded" in record.getMessage()


def test_markup_is_text(pronounce: Callable[[str, str], list[Token]]) -> None:
    """The library would take this for phonemes."""
    spoken = lay_out(pronounce("[cat](/dˈɔɡ/)", "a"))

    assert "kˈæt" in spoken


@pytest.mark.parametrize(
    ("letter", "text", "words"),
    [
        ("z", "我们有3个Python苹果。", ["我们", "有", "3", "Python", "苹果"]),
        ("j", "1,234円です。", ["1,234", "円", "です"]),
    ],
)
def test_numbers_and_english_in_other_scripts(
    pronounce: Callable[[str, str], list[Token]], letter: str, text: str, words: list[str]
) -> None:
    """They are spoken, and told as they are written."""
    told = [word for token in pronounce(text, letter) for word in token.text.split()]

    assert words == told


@pytest.mark.parametrize(
    ("letter", "module", "extra"), [("j", "fugashi", "ja"), ("z", "jieba", "zh")]
)
def test_language_without_its_extra(
    monkeypatch: pytest.MonkeyPatch, letter: str, module: str, extra: str
) -> None:
    """The next engine speaks, and the line says what to install."""
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, "misaki.cutlet", raising=False)

    with pytest.raises(UnsupportedError, match=rf"pip install 'utterly-kokoro\[{extra}\]'"):
        Pronunciation(None, VOCABULARY)("一", letter)


def test_long_data_path_does_not_end_the_process(tmp_path: Path) -> None:
    """The library would exit; it is handed a short one."""
    program = (
        "import shutil, espeakng_loader\n"
        f"long = {str(tmp_path / ('x' * 160) / 'espeak-ng-data')!r}\n"
        "shutil.copytree(espeakng_loader.get_data_path(), long)\n"
        "espeakng_loader.get_data_path = lambda: long\n"
        "from utterly_kokoro._espeak import EspeakPronunciation\n"
        "print(EspeakPronunciation('e')('Hola.'))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=100
    )

    assert (0, "[Token(text='Hola', phonemes='ˈola.', space=True)]\n") == (
        ended.returncode,
        ended.stdout,
    )


def test_short_data_path_is_used_as_it_is(tmp_path: Path) -> None:
    """No copy is made."""
    assert tmp_path / "data" == _espeak._short_path(tmp_path / "data")  # noqa: SLF001  # the case that is seldom seen
