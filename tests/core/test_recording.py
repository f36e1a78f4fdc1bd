"""Tests of `output=`: written while it is spoken, whole under its name or kept as partial."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile

from utterly import (
    AllEnginesFailedError,
    AsyncSpeaker,
    OutputError,
    Policy,
    RequestCancelledError,
    Speaker,
)
from utterly.audio_formats import FORMATS
from utterly.events import Event, SegmentSpoken
from utterly.testing import Fault, ScriptedEngine, hear

InstallEngine = Callable[..., ScriptedEngine]
SENTENCES = ["One is here.", "Two is here.", "Three is here.", "Four is here."]
TEXT = " ".join(SENTENCES)


def heard(path: Path) -> list[str]:
    """The sentences in a file, in order."""
    samples, rate = soundfile.read(path, dtype="float32")
    return [str(tone.text) for tone in hear(samples, rate, SENTENCES)]


def names(folder: Path) -> set[str]:
    """What is in a folder."""
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("suffix", FORMATS)
def test_file_holds_what_was_spoken(install: InstallEngine, tmp_path: Path, suffix: str) -> None:
    """All of it, and as long as the speech says, while the samples are not kept."""
    install("first", sample_rate=22_050)
    path = tmp_path / f"a{suffix}"

    with Speaker("first") as speaker:
        speech = speaker.say(TEXT, output=path)

    assert SENTENCES == heard(path)
    assert (path, 0) == (speech.output, len(speech.samples))
    assert soundfile.info(path).duration == pytest.approx(speech.duration)
    assert {path.name} == names(tmp_path)


def test_tags_name_who_speaks(install: InstallEngine, tmp_path: Path) -> None:
    """The first segment's voice, and the file's name as the title."""
    install("first")

    with Speaker("first") as speaker:
        speaker.say(TEXT, output=tmp_path / "book.mp3")

    with soundfile.SoundFile(tmp_path / "book.mp3") as file:
        assert ("book", "first:first") == (file.title, file.artist)


def test_speech_in_a_file_is_not_in_memory(install: InstallEngine, tmp_path: Path) -> None:
    """Asking for it says where it is."""
    install("first")
    with Speaker("first") as speaker:
        speech = speaker.say(TEXT, output=tmp_path / "a.wav")

    with pytest.raises(OutputError, match=r"was written to '.*a\.wav'"):
        speech.save(tmp_path / "b.wav")


def test_guarantee_6_what_failed_is_kept_as_partial(install: InstallEngine, tmp_path: Path) -> None:
    """Guarantee 6, clean disk: what was spoken before everybody failed, under a name of its own."""
    install("first", Fault("before_audio", text="Three is here."))

    with Speaker("first") as speaker, pytest.raises(AllEnginesFailedError) as caught:
        speaker.say(TEXT, output=tmp_path / "a.wav")

    assert SENTENCES[:2] == heard(tmp_path / "a.partial.wav")
    assert tmp_path / "a.partial.wav" == caught.value.speech.output
    assert {"a.partial.wav"} == names(tmp_path)


def test_skipped_segment_makes_it_partial(install: InstallEngine, tmp_path: Path) -> None:
    """Guarantee 3, honest: what lacks a sentence does not get the name of the whole."""
    install("first", Fault("before_audio", text="Two is here."))

    with Speaker("first", policy=Policy(on_failure="skip")) as speaker:
        speech = speaker.say(TEXT, output=tmp_path / "a.wav")

    assert (tmp_path / "a.partial.wav", "partial") == (speech.output, speech.status)


def test_nothing_spoken_leaves_nothing(install: InstallEngine, tmp_path: Path) -> None:
    """No file at all, neither whole nor partial."""
    install("first", Fault("load"))

    with Speaker("first") as speaker, pytest.raises(AllEnginesFailedError) as caught:
        speaker.say(TEXT, output=tmp_path / "a.wav")

    assert (None, set()) == (caught.value.speech.output, names(tmp_path))


def test_cancelled_request_keeps_what_was_spoken(install: InstallEngine, tmp_path: Path) -> None:
    """Closing the speaker in the middle of a book loses nothing of it."""
    install("first", Fault("before_audio", "hang", text="Three is here."))
    told: list[threading.Thread] = []

    def close_after_two(event: Event) -> None:
        if isinstance(event, SegmentSpoken) and event.segment == 1:
            told.append(threading.Thread(target=speaker.close))
            told[0].start()

    speaker = Speaker("first", on_event=close_after_two)
    with pytest.raises(RequestCancelledError):
        speaker.say(TEXT, output=tmp_path / "a.wav")
    told[0].join()

    assert SENTENCES[:2] == heard(tmp_path / "a.partial.wav")


def test_impossible_output_is_refused_before_anything(
    install: InstallEngine, tmp_path: Path
) -> None:
    """No engine is asked for what could not be kept."""
    engine = install("first")

    with Speaker("first") as speaker, pytest.raises(OutputError, match="create the folder"):
        speaker.say(TEXT, output=tmp_path / "none" / "a.wav")

    assert [("describe", None)] == engine.calls


def test_folder_that_vanishes_ends_it(install: InstallEngine, tmp_path: Path) -> None:
    """One line, whatever happened to the place meanwhile."""
    install("first")
    folder = tmp_path / "folder"
    folder.mkdir()

    def remove(event: Event) -> None:
        if isinstance(event, SegmentSpoken) and event.segment == 2:
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()

    with Speaker("first", on_event=remove) as speaker, pytest.raises(OutputError) as caught:
        speaker.say(TEXT, output=folder / "a.wav")

    assert "its folder was removed meanwhile" in str(caught.value)


def test_blank_text_is_a_file_too(install: InstallEngine, tmp_path: Path) -> None:
    """It succeeds, with a moment of silence."""
    install("first")

    with Speaker("first") as speaker:
        speech = speaker.say(" ... ", output=tmp_path / "a.mp3")

    assert ("complete", {"a.mp3"}) == (speech.status, names(tmp_path))


async def _say(path: Path) -> Path | None:
    async with AsyncSpeaker("first") as speaker:
        return (await speaker.say(TEXT, output=path)).output


def test_async_speaker_writes_too(install: InstallEngine, tmp_path: Path) -> None:
    """The same option, the same file."""
    import asyncio

    install("first")

    assert tmp_path / "a.wav" == asyncio.run(_say(tmp_path / "a.wav"))
    assert SENTENCES == heard(tmp_path / "a.wav")
