"""The chain `kokoro,edge,gemini,espeak` with its real libraries, and a fault in each at once."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Self, TypeAlias

import numpy as np
import pytest
from plugins.edge.tests.table import EXPECTED as EDGE_FAULTS
from plugins.gemini.tests.outcomes import OUTCOMES as GEMINI_FAULTS
from plugins.kokoro.tests import checkpoint
from plugins.kokoro.tests.speaking import write_sums
from tests.servers.edge import EdgeServer
from tests.servers.gemini import API_KEY, GeminiServer

import utterly_espeak._library
import utterly_kokoro._engine
from utterly import Policy, Speaker, TransientEngineError
from utterly_kokoro._engine import Utterance

ENGINES = ("kokoro", "edge", "gemini", "espeak")

POLICY = Policy(
    on_rejected="next", first_audio_cloud_seconds=1.5, stall_seconds=1.5, retry_seconds=5.0
)

NO_HUB = "http://127.0.0.1:9"
"""Nobody listens there, so that files that are missing stay missing."""

Spoil: TypeAlias = Callable[[Path], Any]
Fail: TypeAlias = Callable[[Utterance], Utterance]


def _raise(error: BaseException) -> Utterance:
    raise error


DAMAGED_FILES: dict[str, Spoil] = {
    "missing weights": lambda model: (model / "kokoro-v1_0.pth").unlink(),
    "cut weights": lambda model: (model / "kokoro-v1_0.pth").write_bytes(b"PK\3\4"),
    "damaged config": lambda model: (model / "config.json").write_text("{}", "ascii"),
    "missing voice": lambda model: (model / "voices" / "af_heart.pt").unlink(),
    "no folder": shutil.rmtree,
}
"""What can be wrong with Kokoro's files."""

BROKEN_SPEECH: dict[str, Fail] = {
    "broken": lambda _: _raise(RuntimeError("repeats can not be negative")),
    "out of memory": lambda _: _raise(MemoryError()),
    "not a number": lambda spoken: Utterance(spoken.samples * np.nan, spoken.durations),
    "silent": lambda spoken: Utterance(spoken.samples * 0, spoken.durations),
    "empty": lambda spoken: Utterance(spoken.samples[:0], spoken.durations),
    "exit": lambda _: _raise(SystemExit(1)),
}
"""What can be wrong with what Kokoro says, once it is loaded."""


@dataclass(frozen=True)
class Combination:
    """One fault for each engine of the chain.

    Attributes:
        kokoro: In `DAMAGED_FILES` or `BROKEN_SPEECH`.
        edge: Of its server.
        gemini: Of its server.
        times: How often each of the three fails; `None` for always.
        espeak: How often eSpeak gives up at first. It is the last of the chain: it may not do so
            for ever.
    """

    kokoro: str
    edge: str
    gemini: str
    times: int | None
    espeak: int

    def __str__(self) -> str:
        how_often = "always" if self.times is None else f"{self.times} times"
        return f"{self.kokoro}, {self.edge}, {self.gemini}: {how_often}; espeak {self.espeak}"


def draw_combinations(count: int, seed: int) -> list[Combination]:
    """A sample of all of them, the same for the same seed."""
    kokoro = (*DAMAGED_FILES, *BROKEN_SPEECH)
    every = itertools.product(kokoro, EDGE_FAULTS, GEMINI_FAULTS, (1, 2, None), (0, 1))
    return [Combination(*chosen) for chosen in Random(seed).sample(list(every), count)]  # noqa: S311  # not a secret


class Stage:
    """The servers, the model, and a speaker that keeps it loaded from one combination to the next.

    Args:
        folder: For the model's files.
    """

    def __init__(self, folder: Path) -> None:
        self._model = folder / "model"
        self._spoilt = folder / "spoilt"
        checkpoint.build_tiny_model(self._model)
        self._sums = write_sums(folder / "SHA256SUMS", checkpoint.compute_sums(self._model))
        self._speaker: Speaker | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.edge = self._stack.enter_context(EdgeServer())
        self.gemini = self._stack.enter_context(GeminiServer())
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    @contextmanager
    def play(self, combination: Combination) -> Iterator[Speaker]:
        """Have everything go wrong as a combination says, for the length of the block."""
        with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
            patch.setenv("HF_ENDPOINT", NO_HUB)
            if combination.kokoro in DAMAGED_FILES:
                shutil.rmtree(self._spoilt, ignore_errors=True)
                shutil.copytree(self._model, self._spoilt)
                DAMAGED_FILES[combination.kokoro](self._spoilt)
                speaker = stack.enter_context(self._open_speaker(self._spoilt))
            else:
                speaker = self._loaded_speaker()
                _break_kokoro(patch, BROKEN_SPEECH[combination.kokoro], combination.times)
            _break_espeak(patch, combination.espeak)
            self.edge.fail(combination.edge, combination.times)
            self.gemini.fail(combination.gemini, times=combination.times)
            try:
                yield speaker
            finally:
                self.edge.heal()
                self.gemini.recover()

    def _loaded_speaker(self) -> Speaker:
        if self._speaker is None:
            self._speaker = self._stack.enter_context(self._open_speaker(self._model))
        return self._speaker

    def _open_speaker(self, model: Path) -> Speaker:
        settings = {
            "kokoro": {
                "model_dir": model,
                "checksums": self._sums,
                "spacy_repository": "",
                "device": "cpu",
            },
            "edge": self.edge.settings(answer_seconds=1, idle_seconds=0.5),
            "gemini": {"endpoint": self.gemini.url, "api_key": API_KEY, "read_seconds": 0.5},
        }
        return Speaker(ENGINES, settings=settings, policy=POLICY, unload="never")


def _break_kokoro(patch: pytest.MonkeyPatch, fail: Fail, times: int | None) -> None:
    speak = utterly_kokoro._engine.Kokoro.speak  # noqa: SLF001  # where its audio comes from
    left = itertools.count() if times is None else iter(range(times))

    def broken(*arguments: Any) -> Utterance:
        spoken = speak(*arguments)
        return spoken if next(left, None) is None else fail(spoken)

    patch.setattr(utterly_kokoro._engine.Kokoro, "speak", broken)  # noqa: SLF001  # as above


def _break_espeak(patch: pytest.MonkeyPatch, times: int) -> None:
    speak = utterly_espeak._library.Library.speak  # noqa: SLF001  # where its audio comes from
    left = iter(range(times))

    def broken(*arguments: Any) -> None:
        if next(left, None) is not None:
            raise TransientEngineError("eSpeak NG gave up with status 1")
        speak(*arguments)

    patch.setattr(utterly_espeak._library.Library, "speak", broken)  # noqa: SLF001  # as above
