"""The engine between `load` and `unload`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from utterly import OutOfMemoryError
from utterly_kokoro._device import choose_bfloat16, choose_device
from utterly_kokoro._inference import infer, set_precision
from utterly_kokoro._memory import (
    is_out_of_memory,
    release_memory,
    resident_megabytes,
    trim_memory,
)
from utterly_kokoro._packs import VoicePacks
from utterly_kokoro._pronunciation import Pronunciation
from utterly_kokoro._weights import build_model

if TYPE_CHECKING:
    from torch import Tensor

    from utterly import Context
    from utterly_kokoro._files import ModelFiles
    from utterly_kokoro._settings import KokoroSettings


_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """What the model made of some phonemes.

    Attributes:
        samples: Mono float32 at 24,000 Hz, `[frames]`.
        durations: How long each phoneme is, in fortieths of a second; one more at either end for
            the silence there.
    """

    samples: Any
    durations: list[int]


class Kokoro:
    """The model in memory, and what is needed to speak with it.

    Args:
        settings: Of the user.
        model_files: Verified.
    """

    def __init__(self, settings: KokoroSettings, model_files: ModelFiles) -> None:
        self.voices = tuple(model_files.voices)
        self.packs = VoicePacks(model_files)
        self._settings = settings
        self._model: Any = build_model(model_files)
        self._lock = Lock()
        self.vocabulary: frozenset[str] = frozenset(self._model.vocab)
        self.pronunciation = Pronunciation(model_files.pipeline, self.vocabulary)
        self.device = "cpu"

    @classmethod
    def load(cls, settings: KokoroSettings, model_files: ModelFiles, context: Context) -> Kokoro:
        """Bring it into memory, and say what that took.

        Raises:
            EngineUnavailableError: A library is missing, or the weights are not those of the model.
            OutOfMemoryError: It does not fit.
        """
        began, before = monotonic(), resident_megabytes()
        model = cls(settings, model_files)
        model.move(choose_device(settings), context)
        trim_memory()
        taken = resident_megabytes() - before
        _tell(context, f"is on {model.device}, {monotonic() - began:.1f} s, {taken:.0f} MB")
        return model

    def unload(self, context: Context) -> None:
        """Give the memory back; nothing can be spoken any more."""
        before = resident_megabytes()
        with self._lock:
            self._model = None
            del self.packs, self.pronunciation
        release_memory()
        _tell(context, f"gave back {before - resident_megabytes():.0f} MB")

    def speak(
        self, phonemes: str, pack: Tensor, speed: float, seed: int | None, context: Context
    ) -> Utterance:
        """Speak at most 510 phonemes, each of them known to the model.

        Out of memory on the card, it goes on with the processor, for good.

        Raises:
            OutOfMemoryError: There is no memory on the processor either.
        """
        run = partial(self._run, phonemes, pack, speed, seed)
        with self._lock:
            return self._with_fallback(run, context)

    def move(self, device: str, context: Context) -> None:
        """Have it compute with a device, or with the processor where the card has no memory.

        Raises:
            OutOfMemoryError: There is no memory for it at all.
        """
        self.device = device
        self._with_fallback(lambda: self._place(self.device), context)

    def _with_fallback(self, run: Callable[[], _Result], context: Context) -> _Result:
        """Run something; out of memory on the card, move to the processor and run it again."""
        try:
            return run()
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            if self.device == "cpu":
                raise OutOfMemoryError("there is no memory to speak with") from error
        # Outside of the handler, whose traceback keeps what is on the card.
        context.logger.warning(
            "Kokoro is out of memory on %s and goes on with the processor", self.device
        )
        self.move("cpu", context)
        release_memory()
        return self._with_fallback(run, context)

    def _place(self, device: str) -> None:
        self._model.to(device)
        set_precision(self._model, bfloat16=choose_bfloat16(self._settings, device))

    def _run(self, phonemes: str, pack: Tensor, speed: float, seed: int | None) -> Utterance:
        style = pack[len(phonemes) - 1]
        samples, durations = infer(self._model, phonemes, style, speed=speed, seed=seed)
        return Utterance(samples, durations)


def _tell(context: Context, note: str) -> None:
    """Say it to those who watch, and to the log."""
    context.logger.info("Kokoro-82M %s", note)
    context.progress(0, None, note)
