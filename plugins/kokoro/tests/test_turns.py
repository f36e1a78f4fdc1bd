"""One model and several requests: everybody has a turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from plugins.kokoro.tests.speaking import load, say, settings_for

import utterly_kokoro
from utterly import Context, RequestCancelledError
from utterly.cancellation import Cancellation
from utterly_kokoro._turns import Turns


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


def test_short_text_waits_for_one_piece_of_a_long_one(
    tiny_model_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not for the whole segment."""
    from utterly_kokoro import _engine

    model = load(settings_for(tiny_model_dir, tmp_path / "SHA256SUMS", device="cpu"))
    run, order, first = _engine.infer, [], Event()

    def note(network: Any, phonemes: str, *arguments: Any, **options: Any) -> Any:
        order.append("short" if len(phonemes) < 20 else "long")
        if not first.is_set():  # the other one comes while this one has its turn
            first.set()
            _wait_until(lambda: len(model._turns._waiting) == 1)  # noqa: SLF001  # to know when
        return run(network, phonemes, *arguments, **options)

    monkeypatch.setattr(_engine, "infer", note)
    thread = Thread(target=lambda: say(model, LONG))
    thread.start()
    assert first.wait(60)
    say(model, "Hello.")
    thread.join()
    utterly_kokoro.unload(model, Context())

    assert ["long", "short", "long"] == order[:3]


def test_who_gave_up_has_no_turn(tiny_model_dir: Path, tmp_path: Path) -> None:
    """The network computes nothing for nobody."""
    model = load(settings_for(tiny_model_dir, tmp_path / "SHA256SUMS", device="cpu"))
    cancellation = Cancellation()
    cancellation.set()

    with pytest.raises(RequestCancelledError):
        model.speak("hi", None, 1.0, None, Context(_cancellation=cancellation))  # type: ignore[arg-type]  # it comes to no pack
    utterly_kokoro.unload(model, Context())
