"""The scripted engine: it says what it is given, and fails as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest

from utterly import Audio, Context, RequestCancelledError, SpeechRequest, UnsupportedError
from utterly.cancellation import Cancellation
from utterly.plugins import Plugins
from utterly.testing import Fault, ScriptedEngine, hear
from utterly.testing.bridge import Bridge
from utterly.testing.faults import FaultKind, FaultPlace

TEXT = "One."
MODEL_FILES = "scripted model files"


@pytest.fixture(params=[False, True], ids=["blocking", "async"])
def is_async(request: pytest.FixtureRequest) -> bool:
    """Both kinds of hooks."""
    return bool(request.param)


@contextmanager
def bridged(engine: ScriptedEngine) -> Iterator[Bridge]:
    """An engine as core sees it; its hangs end with the block."""
    plugins = Plugins()
    plugins.register_engine(engine, "scripted")
    bridge = Bridge(plugins.engine("scripted"), engine="scripted", settings=None)
    with engine:
        yield bridge
    bridge.close()


def load(bridge: Bridge) -> Any:
    """A model."""
    return bridge.call("load", model_files=MODEL_FILES, context=Context())


def pieces(
    bridge: Bridge, text: str = TEXT, model: Any = None, **asked: Any
) -> Generator[Audio, None, None]:
    """What the engine says, as it comes."""
    request = SpeechRequest(text, voice=asked.pop("voice", "first"), **asked)
    model = load(bridge) if model is None else model
    return bridge.items("synthesize", model=model, request=request, context=Context())


def speak(engine: ScriptedEngine, text: str = TEXT, **asked: Any) -> list[Audio]:
    """One segment, whole."""
    with bridged(engine) as bridge:
        return list(pieces(bridge, text, **asked))


def seconds(audio: list[Audio]) -> float:
    """Length of all pieces."""
    return sum(piece.duration for piece in audio)


def test_segment_is_its_coded_tone(is_async: bool) -> None:
    """What is said can be heard."""
    audio = speak(ScriptedEngine(is_async=is_async))
    samples = np.concatenate([piece.samples for piece in audio])

    assert [TEXT] == [heard.text for heard in hear(samples, 24_000, [TEXT]) if heard.complete]


def test_segment_comes_in_pieces() -> None:
    """The pieces have the length asked for, the last one what is left."""
    audio = speak(ScriptedEngine(seconds=0.5, chunk=0.2))

    assert pytest.approx([0.2, 0.2, 0.1]) == [piece.duration for piece in audio]


def test_words_come_with_their_piece() -> None:
    """Every word is timed within the segment, and yielded with the audio that it begins in."""
    audio = speak(ScriptedEngine(seconds=0.4, chunk=0.2), "one two")

    assert [["one"], ["two"]] == [[word.text for word in piece.words] for piece in audio]
    assert (0.2, 0.4) == pytest.approx((audio[1].words[0].start, audio[1].words[0].end))


def test_long_text_takes_long_enough() -> None:
    """Texts that core would find too short get more time."""
    text = "This is a sentence of more than twenty letters."

    assert 0.025 * len(text) == pytest.approx(seconds(speak(ScriptedEngine(), text)), abs=0.01)


def test_speed_shortens_and_volume_softens() -> None:
    """Both features have their effect."""
    plain, changed = speak(ScriptedEngine()), speak(ScriptedEngine(), speed=2.0, volume=0.5)

    assert seconds(plain) / 2 == pytest.approx(seconds(changed), abs=0.01)
    assert np.abs(plain[0].samples).max() / 2 == pytest.approx(np.abs(changed[0].samples).max())


@pytest.mark.parametrize("asked", [{"voice": "third"}, {"language": "de"}])
def test_what_it_lacks_is_unsupported(is_async: bool, asked: dict[str, str]) -> None:
    """A voice or language that was not given is refused."""
    with pytest.raises(UnsupportedError):
        speak(ScriptedEngine(is_async=is_async), **asked)


@pytest.mark.parametrize("error", [SystemExit(2), MemoryError, asyncio.CancelledError, KeyError])
@pytest.mark.parametrize("place", ["voices", "ensure_model", "load", "unload"])
def test_hook_raises(error: BaseException | type[BaseException], place: FaultPlace) -> None:
    """Any error comes out of any hook."""
    engine = ScriptedEngine(Fault(place, error=error))
    expected = error if isinstance(error, type) else type(error)
    with bridged(engine) as bridge:
        model = load(bridge) if place == "unload" else None
        with pytest.raises(expected):
            bridge.call(place, context=Context(), model=model, model_files=MODEL_FILES)


def test_describe_raises() -> None:
    """A fault in `describe` strikes when the plugin is read."""
    engine = ScriptedEngine(Fault("describe", error=LookupError("no facts")))
    with pytest.raises(LookupError, match="no facts"):
        engine.describe()


def test_async_hook_raises() -> None:
    """Errors come out of coroutines as well."""
    engine = ScriptedEngine(Fault("load", error=MemoryError), is_async=True)
    with bridged(engine) as bridge, pytest.raises(MemoryError):
        load(bridge)


@pytest.mark.parametrize(("place", "heard"), [("before_audio", 0.0), ("after_audio", 0.25)])
def test_synthesis_raises(is_async: bool, place: FaultPlace, heard: float) -> None:
    """The error comes after exactly the audio that was asked for."""
    fault = Fault(place, after=0.25, error=ValueError)
    audio = []
    with bridged(ScriptedEngine(fault, is_async=is_async)) as bridge, suppress(ValueError):
        for piece in pieces(bridge):
            audio.append(piece)  # noqa: PERF402  # what came before the error counts
        pytest.fail("no error came")

    assert heard == pytest.approx(seconds(audio))


def test_error_after_all_audio() -> None:
    """A fault may strike when everything was said."""
    fault = Fault("after_audio", after=9.0)
    with bridged(ScriptedEngine(fault)) as bridge:
        audio = pieces(bridge)
        said = [next(audio) for _ in range(3)]
        with pytest.raises(RuntimeError, match="scripted fault"):
            next(audio)

    assert seconds(said) == pytest.approx(0.3)


def spoilt(kind: FaultKind, *, is_async: bool, place: FaultPlace = "after_audio") -> list[Audio]:
    """A segment with a fault after 0.1 s."""
    return speak(ScriptedEngine(Fault(place, kind, after=0.1), is_async=is_async))


def test_audio_falls_silent(is_async: bool) -> None:
    """Silence has the length of what should have been said."""
    audio = spoilt("silence", is_async=is_async)

    assert [True, False, False] == [bool(piece.samples.any()) for piece in audio]
    assert seconds(audio) == pytest.approx(0.3)


def test_audio_is_not_a_number(is_async: bool) -> None:
    """NaN from there on."""
    audio = spoilt("nan", is_async=is_async)

    assert [False, True, True] == [bool(np.isnan(piece.samples).all()) for piece in audio]


def test_audio_is_stereo(is_async: bool) -> None:
    """Two channels from there on."""
    audio = spoilt("stereo", is_async=is_async)

    assert [(2_400,), (2_400, 2), (2_400, 2)] == [piece.samples.shape for piece in audio]


def test_audio_is_integers(is_async: bool) -> None:
    """16 bits from there on."""
    audio = spoilt("integers", is_async=is_async)

    assert ["float32", "int16", "int16"] == [piece.samples.dtype.name for piece in audio]


def test_rate_changes(is_async: bool) -> None:
    """Another rate in the middle of a segment."""
    audio = spoilt("wrong_rate", is_async=is_async)

    assert [24_000, 12_000, 12_000] == [piece.sample_rate for piece in audio]


def test_rate_is_impossible(is_async: bool) -> None:
    """A rate of 0 from the beginning."""
    audio = spoilt("wrong_rate", is_async=is_async, place="before_audio")

    assert {0} == {piece.sample_rate for piece in audio}


def test_audio_is_truncated(is_async: bool) -> None:
    """It ends early, without an error."""
    assert seconds(spoilt("truncate", is_async=is_async)) == pytest.approx(0.1)


def test_nothing_comes(is_async: bool) -> None:
    """No piece, and no error."""
    assert [] == spoilt("nothing", is_async=is_async, place="before_audio")


def test_synthesize_returns_none(is_async: bool) -> None:
    """The hook returns `None` in place of pieces."""
    engine = ScriptedEngine(Fault("before_audio", "none"), is_async=is_async)
    with bridged(engine) as bridge:
        request = SpeechRequest(TEXT, voice="first")
        result = bridge.call("synthesize", model=load(bridge), request=request, context=Context())

    assert result is None


@pytest.mark.parametrize("place", ["voices", "ensure_model", "load", "unload"])
def test_hang_ends_with_cancellation(is_async: bool, place: FaultPlace) -> None:
    """A hook that hangs looks at its context."""
    cancellation = Cancellation()
    cancellation.set()
    context = Context(_cancellation=cancellation)
    engine = ScriptedEngine(Fault(place, "hang"), is_async=is_async)
    with bridged(engine) as bridge:
        model = load(bridge) if place == "unload" else None
        with pytest.raises(RequestCancelledError):
            bridge.call(place, context=context, model=model, model_files=MODEL_FILES)


def test_stubborn_hang_ends_with_release(is_async: bool) -> None:
    """A stubborn hang takes no notice of a cancellation; released, the hook goes on."""
    cancellation = Cancellation()
    cancellation.set()
    context = Context(_cancellation=cancellation)
    engine = ScriptedEngine(Fault("ensure_model", "hang", stubborn=True), is_async=is_async)
    found = []
    with bridged(engine) as bridge:
        done = Event()

        def ensure_model() -> None:
            found.append(bridge.call("ensure_model", context=context))
            done.set()

        thread = Thread(target=ensure_model, daemon=True)
        thread.start()
        still_hanging = not done.wait(0.1)
        engine.release()
        thread.join(10)

    assert still_hanging
    assert [MODEL_FILES] == found


def test_stubborn_hang_ignores_a_cancelled_task() -> None:
    """An async hook that is stubborn swallows the cancellation of its task."""
    engine = ScriptedEngine(Fault("load", "hang", stubborn=True), is_async=True)

    async def cancel_and_release() -> Any:
        task = asyncio.ensure_future(engine.load(MODEL_FILES, Context()))  # type: ignore[attr-defined]  # chosen by is_async
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        engine.release()
        return await task

    assert asyncio.run(cancel_and_release()).number == 1


def test_stall_ends_for_good(is_async: bool) -> None:
    """A stalled stream says nothing more, also when it is released."""
    engine = ScriptedEngine(Fault("after_audio", "stall", after=0.1), is_async=is_async)
    with bridged(engine) as bridge:
        audio = pieces(bridge)
        first = next(audio)
        engine.release()
        rest = list(audio)

    assert first.duration == pytest.approx(0.1)
    assert [] == rest


def test_hang_in_the_middle_goes_on(is_async: bool) -> None:
    """A hang that is released says the rest."""
    engine = ScriptedEngine(Fault("after_audio", "hang", after=0.1), is_async=is_async)
    with bridged(engine) as bridge:
        audio = pieces(bridge)
        first = next(audio)
        engine.release()

        assert first.duration + seconds(list(audio)) == pytest.approx(0.3)


def test_fault_is_for_one_text() -> None:
    """Other segments are spoken."""
    engine = ScriptedEngine(Fault("before_audio", "nothing", text="Two."))
    with bridged(engine) as bridge:
        lengths = [seconds(list(pieces(bridge, text))) for text in ("One.", "Two.", "Three.")]

    assert pytest.approx([0.3, 0.0, 0.3]) == lengths


def test_fault_is_used_up() -> None:
    """After its times, the next fault is due, and then none."""
    engine = ScriptedEngine(
        Fault("before_audio", "nothing", times=2),
        Fault("after_audio", "truncate", after=0.1, times=1),
    )
    with bridged(engine) as bridge:
        lengths = [seconds(list(pieces(bridge))) for _ in range(4)]

    assert pytest.approx([0.0, 0.0, 0.1, 0.3]) == lengths


def test_fault_for_audio_has_its_place() -> None:
    """A fault that makes no sense is a mistake in a test, and said so."""
    with pytest.raises(ValueError, match="'nan' is for audio, not for 'load'"):
        Fault("load", "nan")


def test_calls_are_recorded(is_async: bool) -> None:
    """Every hook is recorded with the text it was given, in order."""
    engine = ScriptedEngine(is_async=is_async)
    with bridged(engine) as bridge:
        engine.calls.clear()
        model = load(bridge)
        list(pieces(bridge, model=model))
        bridge.call("unload", model=model, context=Context())

    assert [("load", None), ("synthesize", TEXT), ("unload", None)] == engine.calls
    assert (1, 1, 0) == (engine.loads, engine.unloads, engine.loaded)
    assert 1 == engine.called("synthesize")
    assert [] == engine.misuses


def test_concurrent_calls_are_counted(is_async: bool) -> None:
    """The most calls at once are remembered, and those that were left count no more."""
    engine = ScriptedEngine(is_async=is_async)
    with bridged(engine) as bridge:
        under_way = [pieces(bridge), pieces(bridge)]
        for audio in under_way:
            next(audio)
        while under_way:
            under_way.pop().close()

    assert (2, 0) == (engine.most_concurrent, engine.speaking)


def test_misuse_is_noticed() -> None:
    """Unloading in use, twice, and speaking with what is not loaded are on record."""
    engine = ScriptedEngine()
    with bridged(engine) as bridge:
        model = load(bridge)
        audio = pieces(bridge, model=model)
        next(audio)
        bridge.call("unload", model=model, context=Context())
        bridge.call("unload", model=model, context=Context())
        list(pieces(bridge, model=model))

    assert [
        "unload of ScriptedModel(number=1) while in use",
        "unload of ScriptedModel(number=1), which is not loaded",
        "synthesize with ScriptedModel(number=1), which is not loaded",
    ] == engine.misuses


def test_async_engine_is_async() -> None:
    """All hooks but `describe` are `async def`."""
    plugins = Plugins()
    plugins.register_engine(ScriptedEngine(is_async=True), "scripted")
    plugin = plugins.engine("scripted")
    hooks = ["describe", "voices", "ensure_model", "load", "synthesize", "unload"]

    assert [False, True, True, True, True, True] == [plugin.is_async(hook) for hook in hooks]
