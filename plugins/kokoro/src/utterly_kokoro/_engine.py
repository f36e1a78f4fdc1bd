"""The engine between `load` and `unload`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from utterly import OutOfMemoryError, RequestCancelledError
from utterly_kokoro._decoder.decoding import Decoding
from utterly_kokoro._decoder.plan import plan_decoder
from utterly_kokoro._device import choose_device
from utterly_kokoro._inference import infer
from utterly_kokoro._memory import (
    is_out_of_memory,
    release_memory,
    resident_megabytes,
    trim_memory,
)
from utterly_kokoro._packs import VoicePacks
from utterly_kokoro._pronunciation import Pronunciation
from utterly_kokoro._turns import Turns
from utterly_kokoro._weights import build_model

if TYPE_CHECKING:
    from torch import Tensor

    from utterly import Context
    from utterly_kokoro._decoder.plan import DecoderPlan
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

    Attributes:
        voices: Those that there are.
        packs: Their styles.
        vocabulary: The phonemes that the network knows.
        pronunciation: Turns text into them.
        device: What computes.
        plan: How it decodes.
    """

    plan: DecoderPlan

    def __init__(self, settings: KokoroSettings, model_files: ModelFiles) -> None:
        self.voices = tuple(model_files.voices)
        self.packs = VoicePacks(model_files)
        self._settings = settings
        self._model: Any = build_model(model_files)
        self._decoding: Decoding | None = None
        self._turns = Turns()
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
        seconds, taken = monotonic() - began, resident_megabytes() - before
        _tell(context, f"is on {model.device}, {model.plan}, {seconds:.1f} s, {taken:.0f} MB")
        return model

    def unload(self, context: Context) -> None:
        """Give the memory back; nothing can be spoken any more."""
        before = resident_megabytes()
        with self._turns.take():
            self._model = None
            self._close_decoding()
            del self.packs, self.pronunciation
        release_memory()
        _tell(context, f"gave back {before - resident_megabytes():.0f} MB")

    def finish_compiling(self) -> bool:
        """Have the decoder compiled now rather than in the background.

        Returns:
            Whether it is.
        """
        return self._decoding is not None and self._decoding.finish_compiling()

    def speak(
        self, phonemes: str, pack: Tensor, speed: float, seed: int | None, context: Context
    ) -> Utterance:
        """Speak at most 510 phonemes, each of them known to the model.

        Others have their turn before and after. Out of memory on the card, it goes on with the
        processor, for good.

        Raises:
            OutOfMemoryError: There is no memory on the processor either.
            RequestCancelledError: Nobody wants it any more.
        """
        run = partial(self._run, phonemes, pack, speed, seed)
        with self._turns.take():
            if context.cancelled():
                raise RequestCancelledError("cancelled")
            return self._with_fallback(run, context)

    def move(self, device: str, context: Context) -> None:
        """Have it compute with a device, or with the processor where the card has no memory.

        Raises:
            OutOfMemoryError: There is no memory for it at all.
        """
        self.device = device
        self._with_fallback(lambda: self._place(self.device, context), context)

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

    def _place(self, device: str, context: Context) -> None:
        self._close_decoding()
        self._model.to(device)
        self.plan = plan_decoder(self._settings, device)
        self._decoding = Decoding(self._model.decoder, self.plan, context.logger)

    def _close_decoding(self) -> None:
        if self._decoding is not None:
            self._decoding.close()
            self._decoding = None

    def _run(self, phonemes: str, pack: Tensor, speed: float, seed: int | None) -> Utterance:
        if self._decoding is not None:
            self._decoding.repeatable = seed is not None
        style = pack[len(phonemes) - 1]
        samples, durations = infer(self._model, phonemes, style, speed=speed, seed=seed)
        return Utterance(samples, durations)


def _tell(context: Context, note: str) -> None:
    """Say it to those who watch, and to the log."""
    context.logger.info("Kokoro-82M %s", note)
    context.progress(0, None, note)
