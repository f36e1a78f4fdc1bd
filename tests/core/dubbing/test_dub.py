"""Tests of `Speaker.dub()`: who speaks, when, for how long, and what is told of it."""

from __future__ import annotations

import asyncio
import builtins
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from utterly import (
    AllEnginesFailedError,
    AsyncSpeaker,
    Audio,
    EngineInfo,
    InvalidRequestError,
    OutputError,
    Policy,
    RequestCancelledError,
    Speaker,
    SpeechRequest,
    UtterlyError,
    hookimpl,
)
from utterly.audio_formats import FORMATS
from utterly.dubbing import CueDubbed, Dub, DubFailedError, read_script
from utterly.events import Event, RequestStarted, SegmentSpoken
from utterly.testing import (
    Fault,
    RecordingObserver,
    ScriptedEngine,
    hear,
    register_engine,
    tone,
)

InstallEngine = Callable[..., ScriptedEngine]
WriteFile = Callable[..., Path]
EXACT = 0.02


class Breathless:
    """An engine that speaks for a second, and fails when it has to hurry."""

    utterly_api = 1

    @hookimpl
    def describe(self) -> EngineInfo:
        """The facts."""
        return EngineInfo(
            title="Breathless",
            kind="local",
            languages=("en",),
            features=("speed",),
            sample_rate=24_000,
        )

    @hookimpl
    def synthesize(self, request: SpeechRequest) -> Iterator[Audio]:
        """Speak."""
        if request.speed > 1:
            raise RuntimeError("out of breath")
        yield Audio(tone(request.text, seconds=1.0), 24_000)


@pytest.fixture
def write(tmp_path: Path) -> WriteFile:
    """Write an SRT file: start, end and text of each cue."""

    def write_file(*cues: tuple[float, float, str]) -> Path:
        path = tmp_path / "film.srt"
        blocks = (
            f"{number}\n{_clock(start)} --> {_clock(end)}\n{text}\n"
            for number, (start, end, text) in enumerate(cues, start=1)
        )
        path.write_text("\n".join(blocks), "utf-8")
        return path

    return write_file


def _clock(seconds: float) -> str:
    return f"00:00:{int(seconds):02},{round(seconds * 1000) % 1000:03}"


def dub(path: Path, engines: str = "first", **options: Any) -> Dub:
    """Dub a file in memory."""
    with Speaker(engines, policy=options.pop("policy", None)) as speaker:
        return speaker.dub(path, **options)


def heard(result: Dub) -> list[tuple[str | None, float]]:
    """What is heard on the track, and when."""
    texts = [cue.text for cue in result.cues]
    parts = [segment.text for cue in result.cues for segment in cue.segments]
    tones = hear(result.speech.samples, result.speech.sample_rate, [*texts, *parts])
    return [(tone.text, tone.start) for tone in tones if tone.complete]


def test_cues_are_heard_at_their_times(install: InstallEngine, write: WriteFile) -> None:
    """The track is silent before, between and after them, and as long as the subtitles."""
    install("first", sample_rate=22_050)
    result = dub(write((0.7, 1.5, "One."), (2.25, 3.0, "Two."), (4.0, 5.001, "Three.")))

    texts, starts = zip(*heard(result), strict=True)
    assert ("One.", "Two.", "Three.") == texts
    assert pytest.approx((0.7, 2.25, 4.0), abs=EXACT) == starts
    assert (round(5.001 * 24_000), "complete", False) == (
        len(result.speech.samples),
        result.status,
        result.degraded,
    )


@pytest.mark.parametrize("suffix", FORMATS)
def test_track_is_written_as_it_is_spoken(
    install: InstallEngine, write: WriteFile, tmp_path: Path, suffix: str
) -> None:
    """In every format, whole under its name, and as long as the subtitles to the sample."""
    install("first")
    path = tmp_path / f"track{suffix}"
    result = dub(write((1.0, 1.5, "One."), (2.0, 3.217, "Two.")), output=path)
    samples, rate = soundfile.read(path, dtype="float32")
    tones = hear(samples, rate, ["One.", "Two."])

    assert (path, 0) == (result.output, len(result.speech.samples))
    assert round(3.217 * rate) == len(samples) == result.speech.frames
    assert ["One.", "Two."] == [tone.text for tone in tones]
    assert pytest.approx([1.0, 2.0], abs=0.04) == [tone.start for tone in tones]


def test_cue_is_one_segment_however_many_sentences(
    install: InstallEngine, write: WriteFile
) -> None:
    """It is never cut into other cues, and an engine sees all of it."""
    engine = install("first")
    dub(write((0.0, 3.0, "One. Two! Three?\nFour.")))

    assert ["One. Two! Three? Four."] == [request.text for request in engine.requests]


def test_cue_that_is_too_long_for_an_engine_is_spoken_in_parts(
    install: InstallEngine, write: WriteFile
) -> None:
    """One after the other, within the same cue."""
    install("first", longest_segment=12)
    result = dub(write((1.0, 3.0, "One is here. Two is here.")))
    (cue,) = result.cues

    assert ["One is here.", "Two is here."] == [segment.text for segment in cue.segments]
    assert 1.0 == cue.segments[0].start
    assert cue.segments[0].end == pytest.approx(cue.segments[1].start)


def test_following_silence_is_borrowed_first(install: InstallEngine, write: WriteFile) -> None:
    """Nothing is faster as long as there is silence to take."""
    install("first", seconds=1.0)
    one, two = dub(write((0.0, 0.4, "One."), (1.5, 2.5, "Two."))).cues

    assert pytest.approx((1.0, 0.6, 0.0), abs=0.01) == (one.stretch, one.borrowed, one.overrun)
    assert (1.0, 0.0, 0.0) == (two.stretch, two.borrowed, two.overrun)


def test_then_it_is_spoken_faster(install: InstallEngine, write: WriteFile) -> None:
    """By the engine's own speed; it ends when the next one begins."""
    engine = install("first", seconds=1.0)
    one, _two = dub(write((0.0, 0.4, "One."), (0.8, 2.5, "Two."))).cues

    assert [1.0, pytest.approx(1.25), 1.0] == [request.speed for request in engine.requests]
    assert pytest.approx((1.25, 0.4, 0.0), abs=0.01) == (
        one.stretch,
        one.borrowed,
        one.overrun,
    )


def test_engine_without_speeds_is_stretched(install: InstallEngine, write: WriteFile) -> None:
    """The next one is on time all the same."""
    engine = install("first", seconds=1.0, features=())
    result = dub(write((0.0, 0.4, "One."), (0.8, 2.5, "Two.")))

    assert 2 == len(engine.requests)
    assert 1.25 == pytest.approx(result.cues[0].stretch, abs=0.01)
    text, start = heard(result)[-1]
    assert "Two." == text
    assert 0.8 == pytest.approx(start, abs=EXACT)


def test_then_it_runs_over_and_is_mixed(install: InstallEngine, write: WriteFile) -> None:
    """Not faster than the limit; what is too much is told, and both are heard."""
    engine = install("first", seconds=1.0)
    result = dub(write((0.0, 0.2, "One."), (0.5, 2.5, "Two.")), fastest=1.25)
    one, two = result.cues
    alone = engine.speak("One.", speed=1.25) * 0.99
    begin = result.speech.samples[:12_000]

    assert pytest.approx((1.25, 0.3), abs=0.01) == (one.stretch, one.overrun)
    assert 0.5 == two.segments[0].start
    np.testing.assert_allclose(alone[200:11_000], begin[200:11_000], atol=0.02)
    assert np.abs(result.speech.samples[12_000:19_000]).max() > 0.3  # both voices at once


def test_speed_that_was_asked_for_is_what_is_usual(
    install: InstallEngine, write: WriteFile
) -> None:
    """The limit counts from there."""
    engine = install("first", seconds=1.0)
    one, _two = dub(write((0.0, 0.2, "One."), (0.5, 2.5, "Two.")), speed=1.25).cues

    assert [1.25, pytest.approx(1.875)] == [r.speed for r in engine.requests if r.text == "One."]
    assert 1.5 == pytest.approx(one.stretch, abs=0.02)


def test_end_of_the_track_is_never_run_over(install: InstallEngine, write: WriteFile) -> None:
    """There the limit gives way: all is heard, and the length is exact."""
    install("first", seconds=1.0)
    result = dub(write((1.0, 1.4, "One.")))

    assert (1.4, "complete", 0.0) == (result.duration, result.status, result.cues[0].overrun)
    assert 2.5 == pytest.approx(result.cues[0].stretch, abs=0.05)


def test_cues_at_the_same_time_are_mixed(install: InstallEngine, write: WriteFile) -> None:
    """Each is there as if it were alone, and nothing clips."""
    engine = install("first", seconds=0.5)
    result = dub(write((1.0, 2.0, "One."), (1.25, 2.0, "Two.")))
    expected = np.zeros(48_000, np.float32)
    for start, text in ((24_000, "One."), (30_000, "Two.")):
        samples = engine.speak(text)
        expected[start : start + len(samples)] += samples
    different = np.abs(expected - result.speech.samples)
    for end in (36_000, 42_000):  # softened where the tones break off
        different[end : end + 100] = 0.0

    assert different.max() < 0.02


def test_five_loud_voices_do_not_clip(install: InstallEngine, write: WriteFile) -> None:
    """The track stays below full scale."""
    install("first", seconds=0.5)
    result = dub(write(*[(1.0, 2.0, f"Voice {n}.") for n in range(5)]), volume=2.0)

    assert 0.9 < np.abs(result.speech.samples).max() <= 1.0 + 1e-6


def test_words_and_segments_are_at_their_times_on_the_track(
    install: InstallEngine, write: WriteFile
) -> None:
    """Guarantee 10, one timeline: also of what was spoken faster."""
    install("first", seconds=1.0)
    result = dub(write((0.5, 0.9, "One two."), (1.3, 4.0, "Three four.")))
    words = [word for segment in result.speech.segments for word in segment.words]

    assert ["One", "two.", "Three", "four."] == [word.text for word in words]
    assert pytest.approx([0.5, 0.9, 1.3, 1.8], abs=EXACT) == [word.start for word in words]
    assert "00:00:01,300 -->" in result.speech.to_srt()


def test_notes_are_silence_that_can_be_borrowed(install: InstallEngine, write: WriteFile) -> None:
    """They are in the report, and on the track as silence."""
    engine = install("first", seconds=1.0)
    result = dub(write((0.0, 0.5, "One."), (0.6, 2.0, "[applause]"), (2.0, 3.0, "♪ la ♪")))

    assert ["One."] == [request.text for request in engine.requests]
    assert [("One.", "first"), ("", ""), ("", "")] == [(c.text, c.engine) for c in result.cues]
    assert (1.0, 3.0) == (result.cues[0].stretch, result.duration)


def test_file_with_nothing_to_say_is_a_silent_track(
    install: InstallEngine, write: WriteFile, tmp_path: Path
) -> None:
    """As long as it says, and complete."""
    install("first")
    result = dub(write((0.0, 2.0, "[applause]")), output=tmp_path / "track.wav")

    assert ("complete", 48_000) == (result.status, soundfile.info(tmp_path / "track.wav").frames)


def test_speakers_choose_personas(
    install: InstallEngine, write: WriteFile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By their names, whatever the case; others speak in the request's own voice."""
    config = tmp_path / "config.toml"
    config.write_text('[personas."Old Man"]\nfirst = "second"\nspeed = 1.25\n', "utf-8")
    monkeypatch.setenv("UTTERLY_CONFIG", str(config))
    engine = install("first")
    result = dub(
        write(
            (0.0, 1.0, "<v old man>One.</v>"),
            (1.0, 2.0, "- OLD MAN: Two.\n- ANNA: Three."),
            (2.0, 3.0, "Old Man: Four."),
        )
    )

    spoken = [(r.text, r.voice, r.speed) for r in engine.requests]
    assert [
        ("One.", "second", 1.25),
        ("Two.", "second", 1.25),
        ("Three.", "first", 1.0),
        ("Four.", "second", 1.25),
    ] == spoken
    assert ("ANNA",) == result.unknown_speakers
    assert [("old man",), ("OLD MAN", "ANNA"), ("Old Man",)] == [c.speakers for c in result.cues]


def test_guarantee_8_speaker_of_a_file_chooses_no_voice_or_engine(
    install: InstallEngine, write: WriteFile
) -> None:
    """Guarantee 8, private: a file from somewhere cannot send text to an engine."""
    first, cloud = install("first"), install("cloud", kind="cloud")
    result = dub(write((0.0, 1.0, "<v cloud:second>One."), (1.0, 2.0, "<v second>Two.")))

    assert (["first", "first"], []) == ([r.voice for r in first.requests], cloud.requests)
    assert ("cloud:second", "second") == result.unknown_speakers


def test_guarantee_2_cue_that_fails_is_spoken_whole_by_the_next(
    install: InstallEngine, write: WriteFile
) -> None:
    """Guarantee 2, exactly once: cue by cue, and the next one begins with the first again."""
    install("first", Fault("after_audio", after=0.1, text="Two."))
    install("second", sample_rate=48_000)
    cues = [(float(n), n + 1.0, text) for n, text in enumerate(["One.", "Two.", "Three."])]
    result = dub(write(*cues), "first,second")

    assert ["One.", "Two.", "Three."] == [text for text, _start in heard(result)]
    assert ["first", "second", "first"] == [cue.engine for cue in result.cues]
    assert ("complete", True) == (result.status, result.degraded)


def test_failure_while_speaking_faster_is_a_failure(
    install: InstallEngine, write: WriteFile
) -> None:
    """The next engine speaks the cue, and makes it fit in its own way."""
    install("second", seconds=1.0, features=())
    with register_engine(Breathless(), "first"):
        one, two = dub(write((0.0, 0.8, "One."), (0.8, 2.5, "Two.")), "first,second").cues

    assert ("second", "first") == (one.engine, two.engine)
    assert 1.25 == pytest.approx(one.stretch, abs=0.01)


def test_cue_that_nobody_can_speak_ends_the_dubbing(
    install: InstallEngine, write: WriteFile, tmp_path: Path
) -> None:
    """The cue and its line are named; what was dubbed until then is kept."""
    install("first", Fault("before_audio", text="Two."))
    path = write((0.0, 1.0, "One."), (1.0, 1.5, "[x]"), (2.0, 3.0, "Two."), (3.0, 4.0, "Three."))
    with pytest.raises(DubFailedError, match="cue 3, in line 10 of the file") as caught:
        dub(path, output=tmp_path / "track.wav")

    result = caught.value.dub
    assert isinstance(caught.value, AllEnginesFailedError)
    assert ("partial", tmp_path / "track.partial.wav") == (result.status, result.output)
    assert [("One.", "first"), ("", "")] == [(cue.text, cue.engine) for cue in result.cues]
    assert 0.3 == pytest.approx(soundfile.info(tmp_path / "track.partial.wav").duration, abs=0.01)
    assert not (tmp_path / "track.wav").exists()


def test_failure_in_memory_has_the_track_so_far(install: InstallEngine, write: WriteFile) -> None:
    """The samples of what was dubbed are not lost."""
    install("first", Fault("before_audio", text="Two."))
    with pytest.raises(DubFailedError) as caught:
        dub(write((0.5, 1.0, "One."), (2.0, 3.0, "Two.")))

    assert ["One."] == [text for text, _start in heard(caught.value.dub)]


def test_cue_that_nobody_can_speak_can_be_skipped(
    install: InstallEngine, write: WriteFile, tmp_path: Path
) -> None:
    """All others are at their times; the track is kept as partial."""
    install("first", Fault("before_audio", text="Two."))
    cues = [(float(n), n + 1.0, text) for n, text in enumerate(["One.", "Two.", "Three."])]
    policy = Policy(on_failure="skip")
    result = dub(write(*cues), policy=policy, output=tmp_path / "track.wav")

    assert ["first", "", "first"] == [cue.engine for cue in result.cues]
    assert ("partial", 3.0, tmp_path / "track.partial.wav") == (
        result.status,
        result.duration,
        result.output,
    )
    assert (1.0, 0.0, 0.0) == (
        result.cues[1].stretch,
        result.cues[1].borrowed,
        result.cues[1].overrun,
    )


def test_interrupted_dub_keeps_what_was_dubbed(
    install: InstallEngine, write: WriteFile, tmp_path: Path
) -> None:
    """Ctrl-C, or a speaker that is closed: the cues that were spoken are in the file."""
    install("first")

    def interrupt(event: Event) -> None:
        if isinstance(event, SegmentSpoken) and event.segment == 1:
            speaker.close()

    speaker = Speaker("first", on_event=interrupt)
    cues = [(float(n), n + 1.0, text) for n, text in enumerate(["One.", "Two.", "Three."])]
    with pytest.raises(RequestCancelledError):
        speaker.dub(write(*cues), output=tmp_path / "track.wav")

    samples, rate = soundfile.read(tmp_path / "track.partial.wav", dtype="float32")
    assert ["One.", "Two."] == [tone.text for tone in hear(samples, rate, ["One.", "Two."])]


def test_events_tell_each_cue(install: InstallEngine, write: WriteFile) -> None:
    """How many there are to speak, and where each stands; never what is said in it."""
    install("first", seconds=1.0)
    observer = RecordingObserver()
    with Speaker("first", on_event=observer.on_event) as speaker:
        speaker.dub(write((0.0, 0.4, "[x]"), (0.5, 0.9, "One."), (1.3, 4.0, "Two.")))
    started = [e for e in observer.events if isinstance(e, RequestStarted)]
    cues = [e for e in observer.events if isinstance(e, CueDubbed)]

    assert [2] == [event.segments for event in started]
    assert [(2, 0.5), (3, 1.3)] == [(event.cue, event.start) for event in cues]
    assert pytest.approx([1.3, 2.3], abs=EXACT) == [event.end for event in cues]
    assert "One." not in str(observer.events)


def test_report_is_ready_for_json(install: InstallEngine, write: WriteFile) -> None:
    """Everything that is known of each cue, but no samples."""
    install("first")
    document = json.loads(json.dumps(dub(write((0.0, 1.0, "ANNA: One."))).to_dict()))

    assert ("complete", ["ANNA"], []) == (
        document["status"],
        document["unknown_speakers"],
        document["repairs"],
    )
    keys = {"number", "start", "end", "text", "speakers", "engine", "voice", "stretch", "overrun"}
    assert keys <= set(document["cues"][0])
    assert "One." == document["cues"][0]["segments"][0]["text"]


def test_script_can_be_read_beforehand(install: InstallEngine, write: WriteFile) -> None:
    """A program that shows the cues first hands them over."""
    install("first")
    script = read_script(write((0.0, 1.0, "One.")))
    with Speaker("first") as speaker:
        result = speaker.dub(script)

    assert [(cue.number, cue.text) for cue in script.cues] == [
        (cue.number, cue.text) for cue in result.cues
    ]


def test_dubbing_is_asynchronous_too(install: InstallEngine, write: WriteFile) -> None:
    """`AsyncSpeaker` has the same verb."""
    install("first")

    async def dub_it() -> Dub:
        async with AsyncSpeaker("first") as speaker:
            return await speaker.dub(write((0.5, 1.0, "One.")))

    assert ["One."] == [text for text, _start in heard(asyncio.run(dub_it()))]


@pytest.mark.parametrize("fastest", [0.9, 2.1, float("nan")])
def test_limit_is_within_reason(install: InstallEngine, write: WriteFile, fastest: float) -> None:
    """Nothing is spoken slower to fit, and nothing much faster than can be followed."""
    engine = install("first")
    with pytest.raises(InvalidRequestError, match="fastest must be 1 to 2"):
        dub(write((0.0, 1.0, "One.")), fastest=fastest)

    assert [] == engine.requests


def test_impossible_output_is_refused_before_speaking(
    install: InstallEngine, write: WriteFile, tmp_path: Path
) -> None:
    """Nobody waits for a track that cannot be kept."""
    engine = install("first")
    with pytest.raises(OutputError):
        dub(write((0.0, 1.0, "One.")), output=tmp_path / "track.doc")

    assert [] == engine.requests


def test_missing_library_is_told_before_speaking(
    install: InstallEngine, write: WriteFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not after an hour, when the first cue does not fit."""
    engine = install("first")
    path, real = write((0.0, 1.0, "One.")), builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name == "python_stretch":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(UtterlyError, match=r'pip install "utterly\[dub\]"'):
        dub(path)

    assert [] == engine.requests
