"""Finding the library and its data, and giving its memory back."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

import utterly_espeak
from utterly import Context, EngineUnavailableError, SpeechRequest, TransientEngineError
from utterly_espeak import _data_path, _finding
from utterly_espeak._data_path import LONGEST_PATH, encode_data_path
from utterly_espeak._library import Library
from utterly_espeak._samples import Resampler

ENGLISH_ONLY = shutil.ignore_patterns("[!e]*_dict", "e[!n]_dict")


@pytest.fixture
def small_data(tmp_path: Path, data: Path) -> Path:
    """A copy of the data that speaks English."""
    return shutil.copytree(data, tmp_path / "espeak-ng-data", ignore=ENGLISH_ONLY)


@pytest.fixture
def deep_data(tmp_path: Path, data: Path) -> Path:
    """The same under a path that the library cannot take."""
    folder = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 7, "espeak-ng-data")
    shutil.copytree(data, folder, ignore=ENGLISH_ONLY)
    assert len(os.fsencode(folder)) > LONGEST_PATH
    return folder


@pytest.fixture(autouse=True)
def _forget_short_folders() -> Any:
    """Leave no link behind."""
    yield
    _data_path._remove_short_folders()  # noqa: SLF001  # what runs at exit
    _data_path._short_folders.clear()  # noqa: SLF001  # as above


def _duration(settings: Any, text: str = "Hello, world.") -> float:
    model = utterly_espeak.load(settings)
    request = SpeechRequest(text, voice="en-us")
    try:
        return sum(
            chunk.duration
            for chunk in utterly_espeak.synthesize(settings, model, request, Context())
        )
    finally:
        utterly_espeak.unload(model)


def test_speaks_with_data_under_a_path_that_is_too_long(deep_data: Path) -> None:
    """A short link stands in."""
    assert 1.0 < _duration(utterly_espeak.EspeakSettings(data=deep_data)) < 2.0


def test_speaks_with_a_copy_where_links_are_not_allowed(
    deep_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as on Windows without the privilege."""

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(1, "a required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refuse)

    assert 1.0 < _duration(utterly_espeak.EspeakSettings(data=deep_data)) < 2.0


def test_a_short_link_is_gone_at_exit(deep_data: Path) -> None:
    """Nothing stays in the temporary folder."""
    link = Path(os.fsdecode(encode_data_path(deep_data)))
    _data_path._remove_short_folders()  # noqa: SLF001  # what runs at exit

    assert not link.parent.exists()
    assert deep_data.exists()


def test_a_link_that_is_too_long_itself_is_refused(
    deep_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mend names the variable that helps."""
    monkeypatch.setattr(_data_path, "mkdtemp", lambda prefix: str(deep_data / prefix))
    (deep_data / "utterly-espeak-").mkdir()

    with pytest.raises(EngineUnavailableError, match="TMPDIR"):
        encode_data_path(deep_data)


def test_a_short_path_is_taken_as_it_is(tmp_path: Path) -> None:
    """No link is made."""
    assert os.fsencode(tmp_path) == encode_data_path(tmp_path)


def test_data_may_be_named_by_the_folder_around_it(small_data: Path) -> None:
    """As the library's own option takes it."""
    assert _duration(utterly_espeak.EspeakSettings(data=small_data.parent)) > 1.0


def test_lists_the_voices_of_the_data_only(small_data: Path) -> None:
    """Without a dictionary a voice cannot speak, and the library would complain on the terminal."""
    voices = utterly_espeak.voices(utterly_espeak.EspeakSettings(data=small_data))

    assert {"en"} == {voice.id.split("-")[0] for voice in voices}


def test_engines_with_different_data_do_not_meet(small_data: Path, say: Any) -> None:
    """Each has a library of its own."""
    before = say("Guten Tag.", voice="de")
    _duration(utterly_espeak.EspeakSettings(data=small_data))

    assert before.sounds_like(say("Guten Tag.", voice="de"))


def test_data_is_not_mixed_where_the_library_cannot_be_had_twice(
    small_data: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where a copy could not be deleted again."""

    def refuse(*_: Any) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(shutil, "copy", refuse)
    monkeypatch.setattr(_finding, "_libraries", {})
    assert _duration(settings) > 1
    with pytest.raises(EngineUnavailableError, match="the same setting data"):
        utterly_espeak.load(utterly_espeak.EspeakSettings(data=small_data))

    assert _duration(settings) > 1


def test_missing_data_leaves_the_process_alive(run_python: Any) -> None:
    """The library itself would call `exit`, and print."""
    ended = run_python(
        "import utterly, utterly_espeak as e, pathlib\n"
        "try: e.load(e.EspeakSettings(data=pathlib.Path('missing')))\n"
        "except utterly.EngineUnavailableError as error: print(error)"
    )

    assert (0, "") == (ended.returncode, ended.stderr)
    assert "the data of eSpeak NG is not in missing" in ended.stdout


def test_damaged_data_leaves_the_process_alive(small_data: Path, run_python: Any) -> None:
    """It passes our check, and not the library's."""
    (small_data / "phondata").write_bytes(bytes(64))
    ended = run_python(
        "import utterly, utterly_espeak as e, pathlib\n"
        f"try: e.load(e.EspeakSettings(data=pathlib.Path({str(small_data)!r})))\n"
        "except utterly.EngineUnavailableError as error: print(error)"
    )

    assert (0, "") == (ended.returncode, ended.stderr)
    assert "eSpeak NG does not start with the data" in ended.stdout


def test_damaged_data_is_found_after_a_good_start(small_data: Path, say: Any) -> None:
    """And the good data speaks on."""
    before = say("Hello, world.")
    (small_data / "phondata").write_bytes(bytes(64))
    with pytest.raises(EngineUnavailableError, match="does not start"):
        utterly_espeak.load(utterly_espeak.EspeakSettings(data=small_data))

    assert before.sounds_like(say("Hello, world."))


def _without_the_wheel(monkeypatch: pytest.MonkeyPatch, found: str | None) -> None:
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    monkeypatch.setattr(ctypes.util, "find_library", lambda _: found)


def test_falls_back_to_the_library_of_the_system(
    monkeypatch: pytest.MonkeyPatch, data: Path
) -> None:
    """With the data that the library itself knows; here, from its environment variable."""
    import espeakng_loader  # type: ignore[import-untyped]  # it brings no types

    path = espeakng_loader.get_library_path()
    _without_the_wheel(monkeypatch, path)
    monkeypatch.setenv("ESPEAK_DATA_PATH", str(data.parent))

    assert 1.0 < _duration(utterly_espeak.EspeakSettings()) < 2.0


def test_falls_back_where_the_library_of_the_wheel_does_not_open(
    monkeypatch: pytest.MonkeyPatch, data: Path, tmp_path: Path
) -> None:
    """As on a system that its wheel was not built for."""
    import espeakng_loader

    path = espeakng_loader.get_library_path()
    (tmp_path / "broken.so").write_bytes(b"not a library")
    monkeypatch.setattr(espeakng_loader, "get_library_path", lambda: str(tmp_path / "broken.so"))
    monkeypatch.setattr(ctypes.util, "find_library", lambda _: path)

    assert _duration(utterly_espeak.EspeakSettings(data=data)) > 1.0


def test_a_missing_library_names_its_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line, for pip, apt and brew."""
    _without_the_wheel(monkeypatch, None)

    with pytest.raises(EngineUnavailableError) as caught:
        utterly_espeak.load(utterly_espeak.EspeakSettings())

    assert all(name in caught.value.mend for name in ("pip install", "apt install", "brew install"))
    assert "\n" not in str(caught.value)


def test_a_missing_library_fails_the_list_of_voices_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same error."""
    _without_the_wheel(monkeypatch, None)

    with pytest.raises(EngineUnavailableError, match="pip install espeakng-loader"):
        utterly_espeak.voices(utterly_espeak.EspeakSettings())


@pytest.mark.parametrize("library", [Path("missing.so"), Path(ctypes.util.find_library("c") or "")])
def test_a_wrong_library_in_the_settings_is_named(library: Path) -> None:
    """Whether it is no library at all, or another one."""
    with pytest.raises(EngineUnavailableError, match="the setting library"):
        utterly_espeak.load(utterly_espeak.EspeakSettings(library=library))


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_loading_again_and_again_costs_no_memory(settings: Any) -> None:
    """200 times load, speak, unload: less than a megabyte, and no thread."""
    for _ in range(20):
        _duration(settings, "Hi.")
    before = _resident_kilobytes()
    for _ in range(200):
        _duration(settings, "Hi.")

    assert _resident_kilobytes() - before < 1024


def _resident_kilobytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_unloading_gives_a_large_dictionary_back(run_python: Any) -> None:
    """That of Russian takes 8 MB; measured in a fresh process, whose heap keeps nothing."""
    ended = run_python(
        "import pathlib, utterly_espeak as e; from utterly import Context, SpeechRequest\n"
        "def pages(): return int(pathlib.Path('/proc/self/statm').read_text().split()[1])\n"
        "s = e.EspeakSettings(); m = e.load(s)\n"
        "list(e.synthesize(s, m, SpeechRequest('Да.', voice='ru'), Context()))\n"
        "loaded = pages(); e.unload(m); print((loaded - pages()) * 4)"
    )

    assert int(ended.stdout) > 6_000


def test_one_user_unloading_leaves_the_others_their_voice(settings: Any, say: Any) -> None:
    """Whoever speaks brings the voice along."""
    before = say("Guten Tag.", voice="de")
    other = utterly_espeak.load(settings)
    utterly_espeak.unload(other)

    assert before.sounds_like(say("Guten Tag.", voice="de"))


def test_speaks_where_somebody_terminated_the_library(
    model: Any, say: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says to try again, and then it works."""
    with model.library._ready() as functions:  # noqa: SLF001  # to do it harm
        monkeypatch.setattr(functions, "espeak_Synth", lambda *_: -1)
        harmed = functions
    with pytest.raises(TransientEngineError, match="status -1"):
        say("Hello, world.")
    monkeypatch.undo()

    assert harmed is not None
    assert say("Hello, world.").duration > 1


def test_leaves_the_locale_alone(run_python: Any) -> None:
    """The library sets `LC_CTYPE` for the whole process."""
    program = (
        "import locale; locale.setlocale(locale.LC_CTYPE, 'C');"
        "import utterly_espeak as e; e.load(e.EspeakSettings());"
        "print(locale.setlocale(locale.LC_CTYPE))"
    )

    assert "C\n" == run_python(program).stdout


def test_a_private_copy_of_the_library_is_opened(model: Any) -> None:
    """Another user of the same file in this process has its own state."""
    import espeakng_loader

    other = ctypes.CDLL(espeakng_loader.get_library_path())
    with model.library._ready() as ours:  # noqa: SLF001  # to compare
        assert ctypes.cast(ours.espeak_Synth, ctypes.c_void_p).value != (
            ctypes.cast(other.espeak_Synth, ctypes.c_void_p).value
        )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform has no fork")
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "in mid-word"])
def test_a_child_process_can_speak(run_python: Any, busy: bool) -> None:
    """Also where another thread held the library when it was forked."""
    ended = run_python(
        "import os, threading, warnings, utterly_espeak as e\n"
        "from utterly import Context, SpeechRequest\n"
        "warnings.simplefilter('ignore', DeprecationWarning)\n"
        "s = e.EspeakSettings(); m = e.load(s)\n"
        "def say(text): return e.synthesize(s, m, SpeechRequest(text), Context())\n"
        f"stream = say('Hello. ' * {500 if busy else 1}); next(stream)\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    print(sum(c.duration for c in say('Hello, world.')) > 1, flush=True)\n"
        "    e.unload(m); os._exit(0)\n"
        "print(os.waitpid(child, 0)[1])"
    )

    assert "True\n0\n" == ended.stdout


def test_engines_with_the_same_data_share_the_library(model: Any, settings: Any) -> None:
    """It is opened once."""
    other = utterly_espeak.load(settings)
    utterly_espeak.unload(other)

    assert isinstance(other.library, Library)
    assert other.library is model.library


def test_resampling_goes_on_across_pieces() -> None:
    """In pieces or whole, the result is the same."""
    import numpy as np

    samples = np.sin(np.arange(10_000, dtype=np.float32) / 20)
    whole = Resampler(1.19).resample(samples)
    pieces = Resampler(1.19)
    parts = [pieces.resample(part) for part in np.split(samples, [1, 2, 3, 700, 701, 5_000])]

    np.testing.assert_allclose(whole, np.concatenate(parts), atol=1e-5)
