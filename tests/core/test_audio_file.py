"""Tests of audio files: every format, whole or absent, and what is refused beforehand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from utterly import OutputError
from utterly.audio_file import AudioFile, check_output, encode_audio, write_audio
from utterly.audio_formats import FORMATS
from utterly.testing import hear, tone

RATE = 24_000
SAMPLES = tone("One.", sample_rate=RATE, seconds=1.0)


def files(folder: Path) -> set[str]:
    """The names of what is in a folder."""
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_can_be_read_again(tmp_path: Path, suffix: str) -> None:
    """The audio has its length to the frame, and says the same."""
    path = tmp_path / f"a{suffix}"

    write_audio(path, SAMPLES, RATE, {})

    samples, rate = soundfile.read(path, dtype="float32")
    assert (RATE, len(SAMPLES)) == (rate, len(samples))
    assert ["One."] == [found.text for found in hear(samples, rate, ["One.", "Two."])]


@pytest.mark.parametrize("suffix", FORMATS)
def test_tags_tell_title_and_speaker(tmp_path: Path, suffix: str) -> None:
    """Players show what it is and who speaks."""
    path = tmp_path / f"a{suffix}"

    write_audio(path, SAMPLES, RATE, {"title": "Ein Märchen", "artist": "espeak:de"})

    with soundfile.SoundFile(path) as file:
        assert ("Ein Märchen", "espeak:de") == (file.title, file.artist)


@pytest.mark.parametrize(
    ("suffix", "given", "expected"),
    [(".opus", 22_050, 24_000), (".opus", 44_100, 48_000), (".mp3", 96_000, 48_000)],
)
def test_format_that_refuses_a_rate_gets_another(
    tmp_path: Path, suffix: str, given: int, expected: int
) -> None:
    """The nearest that loses nothing, else the highest; the length stays."""
    path = tmp_path / f"a{suffix}"

    write_audio(path, tone("One.", sample_rate=given, seconds=1.0), given, {})

    found = soundfile.info(path)
    assert (expected, pytest.approx(1.0, abs=0.001)) == (found.samplerate, found.duration)


@pytest.mark.parametrize("suffix", FORMATS)
def test_minutes_at_once_are_written(tmp_path: Path, suffix: str) -> None:
    """The encoder of Ogg Vorbis kills the process when it is handed minutes in one block."""
    path = tmp_path / f"a{suffix}"
    samples = np.tile(SAMPLES, 240)

    write_audio(path, samples, RATE, {})

    assert len(samples) == soundfile.info(path).frames


def test_too_loud_samples_are_clipped() -> None:
    """Samples beyond full scale do not wrap round."""
    data = encode_audio(np.array([2.0, -2.0], np.float32), RATE, ".wav")

    assert [32767, -32768] == np.frombuffer(data[-4:], "<i2").tolist()


@pytest.mark.parametrize("suffix", FORMATS)
def test_no_audio_is_a_moment_of_silence(tmp_path: Path, suffix: str) -> None:
    """Blank text gives a file that players take."""
    path = tmp_path / f"a{suffix}"

    write_audio(path, SAMPLES[:0], RATE, {})

    samples, _ = soundfile.read(path, dtype="float32")
    assert 0.0 == pytest.approx(float(np.abs(samples).max()), abs=0.001)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("a.xyz", "choose a name that ends in .wav, .flac, .ogg, .opus or .mp3"),
        ("a", "choose a name"),
        ("none/a.wav", "create the folder"),
        ("folder.wav", "it is a folder"),
        ("file.wav/a.wav", "create the folder"),
        ("a" * 300 + ".wav", "File name too long"),
    ],
)
def test_impossible_output_is_refused_beforehand(tmp_path: Path, name: str, advice: str) -> None:
    """Whatever could be known before speaking is said before speaking."""
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "file.wav").touch()

    with pytest.raises(OutputError, match=advice):
        check_output(tmp_path / name)


def test_full_disk_is_known_beforehand(tmp_path: Path) -> None:
    """Nobody waits for hours to hear that there was no room."""
    with pytest.raises(OutputError, match="are free; make room, or choose"):
        check_output(tmp_path / "a.flac", seconds=1e12)


def test_too_long_for_its_format_is_known_beforehand(tmp_path: Path) -> None:
    """A WAV file counts its bytes in 32 bits: 24 hours are too much."""
    with pytest.raises(OutputError, match="longer than its format can be"):
        check_output(tmp_path / "a.wav", seconds=100_000)


def test_guarantee_6_unfinished_file_is_not_under_its_name(tmp_path: Path) -> None:
    """Guarantee 6, clean disk: until it is whole, it has a name that says so."""
    file = AudioFile(tmp_path / "a.wav", RATE)
    file.write(SAMPLES)

    (name,) = files(tmp_path)
    assert (True, True) == (name.startswith("a."), name.endswith(".partial.wav"))
    file.finish()
    assert {"a.wav"} == files(tmp_path)


def test_partial_file_is_kept_and_can_be_played(tmp_path: Path) -> None:
    """What was finished is not lost."""
    file = AudioFile(tmp_path / "a.mp3", RATE)
    file.write(SAMPLES)

    assert tmp_path / "a.partial.mp3" == file.keep_partial()
    assert len(SAMPLES) == soundfile.info(tmp_path / "a.partial.mp3").frames


def test_partial_file_without_audio_is_not_kept(tmp_path: Path) -> None:
    """Nothing is nothing."""
    assert None is AudioFile(tmp_path / "a.wav", RATE).keep_partial()
    assert set() == files(tmp_path)


@pytest.fixture
def small_files() -> Iterator[None]:
    """Let no file grow beyond 100 kB, as on a disk that is full."""
    resource = pytest.importorskip("resource")
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.usefixtures("small_files")
@pytest.mark.parametrize("suffix", FORMATS)
def test_disk_that_fills_up_costs_the_old_file_nothing(tmp_path: Path, suffix: str) -> None:
    """Guarantee 6, clean disk: one line, nothing half-written, and the old file as it was."""
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"old")
    noise = np.random.default_rng(1).normal(0.0, 0.1, 60 * RATE).astype(np.float32)

    with pytest.raises(OutputError, match="the disk is full; make room"):
        write_audio(path, noise, RATE, {})

    assert (b"old", {path.name}) == (path.read_bytes(), files(tmp_path))


def test_old_file_is_replaced_at_once(tmp_path: Path) -> None:
    """Who has the old file open goes on reading it."""
    path = tmp_path / "a.wav"
    path.write_bytes(b"old")

    with path.open("rb") as old:
        write_audio(path, SAMPLES, RATE, {})
        assert b"old" == old.read()
    assert len(SAMPLES) == soundfile.info(path).frames


def test_file_has_ordinary_permissions(tmp_path: Path) -> None:
    """Not those of a temporary file, which nobody else could read."""
    mask = os.umask(0o022)
    try:
        write_audio(tmp_path / "a.wav", SAMPLES, RATE, {})
    finally:
        os.umask(mask)

    assert 0o644 == (tmp_path / "a.wav").stat().st_mode & 0o777
