"""One model and several requests: everybody has a turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest
from plugins.kokoro.tests.checkpoint import build_tiny_model
from plugins.kokoro.tests.speaking import load, say, settings_for

import utterly_kokoro
from utterly import Context, RequestCancelledError, SpeechRequest
from utterly.cancellation import Cancellation
from utterly_kokoro._engine import Kokoro
from utterly_kokoro._turns import Turns
from utterly_kokoro._voices import read_blend


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_who_waits_longest_is_next() -> None:
    """Also before the one who has just had a turn and asks again."""
    turns, order = Turns(), []

    def take(name: str) -> None:
        with turns.take():
            order.append(name)

    with turns.take():
        threads = []
        for name in "abc":
            threads.append(Thread(target=take, args=(name,)))
            threads[-1].start()
            _wait_until(lambda: len(turns._waiting) == len(threads))  # noqa: SLF001  # to know when
    take("again")
    for thread in threads:
        thread.join()

    assert ["a", "b", "c", "again"] == order


def test_turn_is_given_back_after_a_failure() -> None:
    """The next one is not kept waiting for ever."""
    turns = Turns()
    with pytest.raises(ValueError, match="failed"), turns.take():
        raise ValueError("failed")

    with turns.take():
        pass


LONG = "This is a sentence of some length, isn't it? " * 16


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kokoro]:
    """The loaded engine."""
    folder = tmp_path_factory.mktemp("model") / "Kokoro-82M"
    build_tiny_model(folder)
    model = load(settings_for(folder, folder.parent / "SHA256SUMS", device="cpu"))
    yield model
    utterly_kokoro.unload(model, Context())


def test_short_text_waits_for_one_piece_of_a_long_one(
    model: Kokoro, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not for the whole segment."""
    order: list[str] = []
    first = Event()

    def hum(_network: Any, phonemes: str, *_: Any, **__: Any) -> tuple[Any, list[int]]:
        order.append("short" if len(phonemes) < 20 else "long")
        if not first.is_set():  # the other one comes while this one has its turn
            first.set()
            _wait_until(lambda: len(model._turns._waiting) == 1)  # noqa: SLF001  # to know when
        frames = len(phonemes) + 2
        return np.full(frames * 600, 0.1, np.float32), [1] * frames

    monkeypatch.setattr("utterly_kokoro._engine.infer", hum)
    thread = Thread(target=lambda: say(model, LONG))
    thread.start()
    assert first.wait(60)
    say(model, "Hello.")
    thread.join()

    assert ["long", "short", "long"] == order[:3]


def test_who_gave_up_has_no_turn(model: Kokoro) -> None:
    """The network computes nothing for nobody."""
    cancellation = Cancellation()
    cancellation.set()
    pack = model.packs.blend(read_blend("af_heart", model.voices))

    with pytest.raises(RequestCancelledError):
        model.speak("hi", pack, 1.0, None, Context(_cancellation=cancellation))


def test_load_says_how_it_decodes(model: Kokoro) -> None:
    """The plan is at hand for whoever asks."""
    assert "decoder in" in str(model.plan)


def test_pieces_grow_where_somebody_waits(model: Kokoro, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first phrase comes alone, and without the silence of an utterance after it."""
    given: list[str] = []

    def hum(_network: Any, phonemes: str, *_: Any, **__: Any) -> tuple[Any, list[int]]:
        given.append(phonemes)
        durations = [4, *([1] * len(phonemes)), 4]
        samples = np.full(sum(durations) * 600, 0.1, np.float32)
        samples[:2400] = samples[-2400:] = 0.0
        return samples, durations

    monkeypatch.setattr("utterly_kokoro._engine.infer", hum)
    text = "When the ferry reached the far side of the lake, the passengers took their bags."
    request = SpeechRequest(text, voice="af_heart")
    awaited = list(utterly_kokoro.synthesize(model, request, Context(awaited=True)))
    pieces, given[:] = list(given), []
    whole = list(utterly_kokoro.synthesize(model, request, Context()))

    assert (2, 1) == (len(pieces), len(given))
    assert " ".join(pieces) == given[0]
    assert len(awaited) > 2
    words = [word for audio in awaited for word in audio.words]
    assert [w.text for w in whole[0].words] == [w.text for w in words]
    samples = sum(len(audio.samples) for audio in awaited)
    assert len(whole[0].samples) - 600 == samples  # the space between the pieces is not spoken
    assert [w.start for w in whole[0].words] == pytest.approx([w.start for w in words], abs=0.03)
