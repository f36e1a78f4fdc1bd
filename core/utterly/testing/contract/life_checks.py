"""Checks of an engine over time: threads, loading again, stopping early, stray output."""

# ruff: noqa: S101  # pytest turns these into failures with their values
from __future__ import annotations

import gc
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Semaphore
from typing import TYPE_CHECKING, ClassVar

import pytest

if TYPE_CHECKING:
    from utterly.testing.contract.engine import EngineUnderTest, Loaded

_STATM = Path("/proc/self/statm")


class LifeChecks:
    """An engine that can be shared, stopped and given back."""

    length_tolerance: ClassVar[float]
    growth_cycles: ClassVar[int]
    growth_limit_mb: ClassVar[float]

    def test_threads_do_not_disturb_each_other(
        self, tested: EngineUnderTest, loaded: Loaded
    ) -> None:
        """Each of several threads hears its text as if it were alone.

        There are twice as many threads as `concurrency` says, and that many at once in the engine,
        as Utterly calls it.
        """
        texts = [tested.sentence(), "1 2 3"] * tested.info.concurrency
        alone = {text: loaded.say(text).duration for text in texts[:2]}
        try:
            together = _speak_together(tested, loaded, texts)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the same advice
            pytest.fail(
                f"synthesize() from several threads raises {type(error).__name__}: make it safe"
                " for threads, with a lock if need be, and state what it can in concurrency",
                pytrace=False,
            )
        odd = [
            f"{seconds:.2f} s for {alone[text]:.2f} s"
            for text, seconds in zip(texts, together, strict=True)
            if abs(seconds - alone[text]) > self.length_tolerance * alone[text]
        ]

        assert not odd, (
            f"speaking from {len(texts)} threads changes the audio ({odd[0]}):"
            " keep no state outside the call, or lower concurrency"
        )

    def test_loading_again_does_not_grow(self, tested: EngineUnderTest) -> None:
        """What `load` takes, `unload` gives back."""
        if not _STATM.exists():
            pytest.skip("memory is measured on Linux only")
        # What the first loads take for good, such as caches of the library, is not growth.
        _load_and_unload(tested, self.growth_cycles // 2)
        grown = self._grow(tested)
        if grown >= self.growth_limit_mb:  # something else in the process may have grown, once
            grown = min(grown, self._grow(tested))

        assert grown < self.growth_limit_mb, (
            f"memory grows by {grown:.0f} MB in {self.growth_cycles} loads and unloads:"
            " give everything back in unload()"
        )

    def _grow(self, tested: EngineUnderTest) -> float:
        """Megabytes by which memory grows in some loads and unloads."""
        before = _resident_mb()
        _load_and_unload(tested, self.growth_cycles)
        return _resident_mb() - before

    def test_stopping_early_does_no_harm(self, tested: EngineUnderTest) -> None:
        """After a listener left in the middle, the next segment is whole."""
        with tested.loaded() as loaded:
            whole = loaded.say().duration
            with closing(loaded.pieces(tested.request())) as pieces:
                next(pieces, None)
            try:
                after = loaded.say().duration
            except Exception as error:  # noqa: BLE001  # whatever it is, it is the same advice
                pytest.fail(
                    f"after a synthesis that was closed early, the next raises"
                    f" {type(error).__name__}: clean up in a finally around yield",
                    pytrace=False,
                )

        assert abs(after - whole) <= self.length_tolerance * whole, (
            f"after a synthesis that was closed early, the next has {after:.2f} s, not"
            f" {whole:.2f} s: clean up in a finally around yield"
        )

    def test_prints_nothing(
        self, tested: EngineUnderTest, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """Standard output and error belong to the program, also for a C library."""
        with tested.loaded() as loaded:
            loaded.say()
        printed = "".join(capfd.readouterr()).strip()

        assert not printed, (
            f"the engine prints {printed[:80]!r}: use context.logger, and silence its library"
        )


def _speak_together(tested: EngineUnderTest, loaded: Loaded, texts: list[str]) -> list[float]:
    """Speak all texts from threads of their own; how long each one is."""
    places = Semaphore(tested.info.concurrency)

    def speak(text: str) -> float:
        with places:
            return loaded.say(text).duration

    with ThreadPoolExecutor(len(texts)) as threads:
        return list(threads.map(speak, texts))


def _load_and_unload(tested: EngineUnderTest, cycles: int) -> None:
    for _ in range(cycles):
        with tested.loaded() as loaded:
            loaded.say("1 2 3")
    gc.collect()


def _resident_mb() -> float:
    """Memory of this process that is in use, as Linux counts it."""
    pages = int(_STATM.read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
