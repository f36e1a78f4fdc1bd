"""A chain, buffered: whatever one engine does, every segment is heard once, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from utterly import (
    AllEnginesFailedError,
    AudioChunk,
    ContentRejectedError,
    EngineUnavailableError,
    ModelDownloadError,
    OutOfMemoryError,
    Policy,
    QuotaExceededError,
    Speaker,
    Speech,
    SpeechRequest,
    TransientEngineError,
    UnsupportedError,
    hookimpl,
)
from utterly.testing import Fault, ScriptedEngine, hear, register_extension

InstallEngine = Callable[..., ScriptedEngine]

SENTENCES = [f"This is sentence number {number}." for number in range(10)]
TEXT = " ".join(SENTENCES)

DEATHS = {
    "voices": Fault("voices"),
    "ensure_model": Fault("ensure_model", error=ModelDownloadError("no network")),
    "load": Fault("load", error=MemoryError()),
    "load exits": Fault("load", error=SystemExit(1)),
    "before audio": Fault("before_audio", error=TransientEngineError("503")),
    "before audio exits": Fault("before_audio", error=SystemExit(1)),
    "before audio interrupts": Fault("before_audio", error=KeyboardInterrupt()),
    "before audio cancels": Fault("before_audio", error=asyncio.CancelledError()),
    "after audio": Fault("after_audio", after=0.2),
    "nothing": Fault("before_audio", kind="nothing"),
    "none": Fault("before_audio", kind="none"),
    "silence": Fault("before_audio", kind="silence"),
    "truncation": Fault("after_audio", kind="truncate", after=0.05),
    "impossible rate": Fault("before_audio", kind="wrong_rate"),
    "changing rate": Fault("after_audio", kind="wrong_rate", after=0.2),
    "not a number": Fault("after_audio", kind="nan", after=0.2),
    "stereo": Fault("before_audio", kind="stereo"),
    "integers": Fault("before_audio", kind="integers"),
}


def heard(speech: Speech, texts: list[str] = SENTENCES) -> list[tuple[str | None, bool]]:
    """What is heard in a speech: each segment's text, and whether it is whole."""
    return [(tone.text, tone.complete) for tone in hear(speech.samples, speech.sample_rate, texts)]


EVERYTHING = [(sentence, True) for sentence in SENTENCES]


@pytest.mark.parametrize("is_async", [False, True], ids=["blocking", "async"])
@pytest.mark.parametrize("fault", DEATHS.values(), ids=DEATHS.keys())
def test_guarantee_2_exactly_once_whatever_the_first_engine_does(
    install: InstallEngine, fault: Fault, is_async: bool
) -> None:
    """Guarantee 2, exactly once: ten segments, in order, though the first engine always fails."""
    install("first", fault, is_async=is_async)
    install("second", sample_rate=22_050)

    with Speaker("first,second") as speaker:
        speech = speaker.say(TEXT)

    assert EVERYTHING == heard(speech)


@pytest.mark.parametrize("fault", DEATHS.values(), ids=DEATHS.keys())
def test_guarantee_3_honest_about_a_substitution(install: InstallEngine, fault: Fault) -> None:
    """Guarantee 3, honest: the result names who spoke, who failed, where and why."""
    install("first", fault)
    install("second")

    with Speaker("first,second") as speaker:
        speech = speaker.say(SENTENCES[0])

    failed, *_tries, succeeded = speech.segments[0].attempts
    assert ("complete", True, ("second",)) == (speech.status, speech.degraded, speech.engines)
    assert ("first", "second", "") == (failed.engine, succeeded.engine, succeeded.error)
    assert failed.error
    assert failed.message


@pytest.mark.parametrize(
    ("fault", "stage", "error"),
    [
        (
            Fault("ensure_model", error=ModelDownloadError("x")),
            "ensure_model",
            "ModelDownloadError",
        ),
        (Fault("load", error=SystemExit(1)), "load", "SystemExit"),
        (Fault("before_audio"), "first_audio", "RuntimeError"),
        (Fault("after_audio", after=0.2), "streaming", "RuntimeError"),
        (Fault("before_audio", kind="silence"), "verify", "IncompleteAudioError"),
        (Fault("load", error=MemoryError()), "load", "OutOfMemoryError"),
    ],
)
def test_attempt_tells_how_far_it_came(
    install: InstallEngine, fault: Fault, stage: str, error: str
) -> None:
    """Each failure is recorded with its stage and the class of the error."""
    install("first", fault)
    install("second")

    with Speaker("first,second") as speaker:
        attempt = speaker.say("One.").segments[0].attempts[0]

    assert (stage, error) == (attempt.stage, attempt.error)


def test_a_stand_in_keeps_the_rest_of_the_paragraph(install: InstallEngine) -> None:
    """A failure in the middle changes the voice once, and no segment is heard twice."""
    install("first", Fault("after_audio", after=0.1, text=SENTENCES[4]))
    install("second")

    with Speaker("first,second") as speaker:
        speech = speaker.say(TEXT)

    assert EVERYTHING == heard(speech)
    assert ["first"] * 4 + ["second"] * 6 == [s.engine for s in speech.segments]


def test_all_engines_failed_carries_what_was_spoken(install: InstallEngine) -> None:
    """The error holds every attempt and the speech so far, which is never called complete."""
    install("first", Fault("before_audio", error=QuotaExceededError("spent"), text=SENTENCES[3]))
    install("second", Fault("before_audio", error=OutOfMemoryError("full"), text=SENTENCES[3]))

    with Speaker("first,second") as speaker, pytest.raises(AllEnginesFailedError) as caught:
        speaker.say(TEXT)

    error = caught.value
    assert ["QuotaExceededError", "OutOfMemoryError"] == [a.error for a in error.attempts]
    assert ("partial", EVERYTHING[:3]) == (error.speech.status, heard(error.speech))
    assert "first: QuotaExceededError: spent; second: OutOfMemoryError: full" in str(error)


def test_two_dead_engines_end_in_a_bounded_number_of_calls(install: InstallEngine) -> None:
    """Nobody is asked again and again."""
    engines = [install(name, Fault("load")) for name in ("first", "second")]

    with Speaker("first,second") as speaker, pytest.raises(AllEnginesFailedError):
        speaker.say(TEXT)

    assert [1, 1] == [sum(call[0] == "load" for call in engine.calls) for engine in engines]


@pytest.mark.parametrize("text", ["", " \n", "...", "🙂"])
def test_blank_text_is_success_without_audio(install: InstallEngine, text: str) -> None:
    """There is nothing to say, so nobody is asked and nothing fails."""
    engine = install("first")

    with Speaker("first") as speaker:
        speech = speaker.say(text)

    assert ("complete", False, 0.0) == (speech.status, speech.degraded, speech.duration)
    assert [] == [call for call in engine.calls if call[0] != "describe"]


def test_rejected_text_goes_to_nobody_else_by_default(install: InstallEngine) -> None:
    """An engine's refusal of the content is not got round unasked."""
    install("first", Fault("before_audio", error=ContentRejectedError("not this")))
    second = install("second")

    with Speaker("first,second") as speaker, pytest.raises(AllEnginesFailedError) as caught:
        speaker.say("One.")

    assert isinstance(caught.value.__cause__, ContentRejectedError)
    assert [] == second.requests


def test_rejected_text_goes_on_if_the_policy_says_so(install: InstallEngine) -> None:
    """`on_rejected="next"` lets the next engine speak it."""
    install("first", Fault("before_audio", error=ContentRejectedError("not this")))
    install("second")

    with Speaker("first,second", policy=Policy(on_rejected="next")) as speaker:
        speech = speaker.say("One.")

    assert ("second",) == speech.engines


def test_missing_feature_goes_to_an_engine_that_has_it(install: InstallEngine) -> None:
    """An engine is not asked for what it does not have; no hook of its own runs."""
    first = install("first", features=())
    second = install("second", features=("style",))

    with Speaker("first,second") as speaker:
        speech = speaker.say("One.", style="whispering")

    assert ("second", "whispering") == (speech.segments[0].engine, second.requests[0].style)
    assert ("UnsupportedError", []) == (speech.segments[0].attempts[0].error, first.requests)


def test_missing_feature_is_dropped_if_the_policy_says_so(install: InstallEngine) -> None:
    """`on_unsupported="ignore"` leaves it out, and the segment says so."""
    first = install("first", features=())

    with Speaker("first", policy=Policy(on_unsupported="ignore")) as speaker:
        speech = speaker.say("One.", style="whispering")

    assert ("first has no style; it was left out",) == speech.segments[0].warnings
    assert first.requests[0].style is None


@pytest.mark.parametrize(("first", "second"), [(200, 40), (40, 200), (40, None)])
def test_segments_are_no_longer_than_the_tightest_limit_of_the_chain(
    install: InstallEngine, first: int | None, second: int | None
) -> None:
    """Whoever stands in can take every segment: all of it is heard once, in order."""
    text = " ".join(f"word {number}, and" for number in range(100))
    install("first", Fault("after_audio", after=0.2), longest_segment=first)
    install("second", longest_segment=second)

    with Speaker("first,second") as speaker:
        speech = speaker.say(text)

    texts = [segment.text for segment in speech.segments]
    assert text.split() == " ".join(texts).split()
    assert 40 >= max(map(len, texts))
    assert [(text, True) for text in texts] == heard(speech, texts)
    assert ("second",) == speech.engines


class Lengthening:
    """An extension that makes a text longer than it was cut to."""

    utterly_api = 1

    @hookimpl
    def around_synthesize(
        self, request: SpeechRequest, speak: Callable[[SpeechRequest], Iterator[AudioChunk]]
    ) -> Iterator[AudioChunk]:
        """Say it twice."""
        yield from speak(replace(request, text=f"{request.text} {request.text}"))


def test_text_longer_than_an_engine_takes_goes_on(install: InstallEngine) -> None:
    """A limit that a plugin states is respected before it is called."""
    first = install("first", longest_segment=20)
    install("second")

    with (
        register_extension(Lengthening(), "lengthening"),
        Speaker("first,second", extensions=["lengthening"]) as speaker,
    ):
        speech = speaker.say("Fifteen or more.")

    assert (("second",), []) == (speech.engines, first.requests)


def test_engine_that_cannot_be_had_sets_no_limit(install: InstallEngine) -> None:
    """Sentences are not cut for somebody who will not speak."""
    install("first")
    install("second", kind="cloud", longest_segment=10)

    with Speaker("first,second", offline=True) as speaker:
        speech = speaker.say(", ".join(["a part of a long sentence"] * 10))

    assert 1 == len(speech.segments)


def test_another_language_goes_to_an_engine_that_speaks_it(install: InstallEngine) -> None:
    """The chain is asked for a voice of the language, not for any voice."""
    install("first", languages=("en",))
    install("second", languages=("de", "ja"))

    with Speaker("first,second") as speaker:
        speech = speaker.say("Guten Tag.", language="de-AT")

    assert ("second",) == speech.engines


def test_strict_lets_nobody_stand_in(install: InstallEngine) -> None:
    """`strict` names the engine that was asked for, and asks nobody else."""
    install("first", Fault("load", error=EngineUnavailableError("no key", mend="set one")))
    second = install("second")

    with (
        Speaker("first,second", strict=True) as speaker,
        pytest.raises(
            AllEnginesFailedError, match="first: EngineUnavailableError: no key; set one"
        ),
    ):
        speaker.say("One.")

    assert [] == second.requests


def test_plugin_that_cannot_be_used_is_an_attempt_that_failed(
    install: InstallEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next engine speaks, and the attempt says what is wrong with the first."""
    monkeypatch.setenv("UTTERLY_DISABLE", "kokoro")
    install("second")

    with Speaker("kokoro,second") as speaker:
        failed, succeeded = speaker.say("One.").segments[0].attempts

    assert ("kokoro", "EngineUnavailableError") == (failed.engine, failed.error)
    assert "second" == succeeded.engine


def test_guarantee_9_offline_leaves_cloud_engines_out(install: InstallEngine) -> None:
    """Guarantee 9, offline means offline: a cloud engine is not even prepared."""
    cloud = install("cloud", kind="cloud")
    install("second")

    with Speaker("cloud,second", offline=True) as speaker:
        speech = speaker.say("One.")

    assert (("second",), []) == (speech.engines, [c for c in cloud.calls if c[0] != "describe"])


def test_guarantee_10_one_timeline_across_engines_and_rates(install: InstallEngine) -> None:
    """Guarantee 10, one timeline: segments and words are where they are heard."""
    fault = Fault("before_audio", error=UnsupportedError("not this one"), text=SENTENCES[1])
    install("first", fault, sample_rate=48_000)
    install("second", sample_rate=22_050)

    with Speaker("first,second") as speaker:
        speech = speaker.say(TEXT)

    found = hear(speech.samples, speech.sample_rate, SENTENCES)
    for tone, segment in zip(found, speech.segments, strict=True):
        assert tone.start == pytest.approx(segment.start, abs=0.02)
        assert tone.end == pytest.approx(segment.end, abs=0.02)
        assert segment.words[0].start == pytest.approx(segment.start, abs=0.02)
        assert [w.text for w in segment.words] == segment.text.split()


def test_guarantee_8_private_in_every_event_and_error(install: InstallEngine, caplog: Any) -> None:
    """Guarantee 8, private: text that a foreign error quotes is in no event, error or log."""
    events: list[Any] = []
    install("first", Fault("before_audio", error=ValueError("cannot say canary")))
    install("second", Fault("after_audio", error=KeyError("canary")))

    with (
        Speaker("first,second", on_event=events.append) as speaker,
        pytest.raises(AllEnginesFailedError) as caught,
    ):
        speaker.say("The canary sings.")

    told = [*map(repr, events), str(caught.value), repr(caught.value.attempts), caplog.text]
    assert "" == "".join(line for line in told if "canary" in line)
