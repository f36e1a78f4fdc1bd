"""The decoder of a model in memory: the fastest way that is ready, and what to do when it fails."""

from __future__ import annotations

from collections.abc import Callable
from logging import Logger
from typing import TYPE_CHECKING, Any

from utterly_kokoro._decoder.autocast import AutocastDecoder
from utterly_kokoro._decoder.background import BackgroundCompiling
from utterly_kokoro._decoder.compiled import (
    cache_folder,
    is_compiled,
    load_kernels,
    remove_kernels,
)
from utterly_kokoro._decoder.network import RowDecoder
from utterly_kokoro._memory import is_out_of_memory

if TYPE_CHECKING:
    from torch import Tensor

    from utterly_kokoro._decoder.plan import DecoderPlan

Decode = Callable[..., "Tensor"]
"""Text, pitch, energy and style to samples, as kokoro's `Decoder` has them."""

WORTHWHILE_SECONDS = 20.0
"""How much a program has to have said before anything is compiled for it."""


class Decoding:
    """Stands in the place of a decoder's `forward`.

    Compiled code that is in the cache is used at once. Where it is not, a process begins to make it
    once the program has said so much that it is likely to go on, and all goes on without it until
    it is there. What a seed is set for never changes its way meanwhile: it has to come out equal.

    Args:
        decoder: The library's.
        plan: How to decode.
        logger: Told once if that fails.

    Attributes:
        repeatable: Whether a seed is set for what is decoded next.
    """

    def __init__(self, decoder: Any, plan: DecoderPlan, logger: Logger) -> None:
        self.repeatable = False
        self._decoder = decoder
        self._plan = plan
        self._logger = logger
        self._library: Decode = decoder.forward
        self._uncompiled: Decode | None = None
        self._fastest: Decode | None = None
        self._compiling: BackgroundCompiling | None = None
        self._has_compiled = False
        self._seconds = 0.0
        if plan.way != "library":
            self._prepare()
        decoder.forward = self.decode

    def decode(self, *inputs: Tensor) -> Tensor:
        """Make sound; what fails is done again by the library itself, with the same random numbers.

        Raises:
            Exception: Out of memory, or the library failed too.
        """
        import torch

        decode = self._uncompiled if self.repeatable else self._fastest
        if decode is None:
            return self._library(*inputs)
        state = torch.get_rng_state()
        try:
            samples = decode(*inputs)
            if bool(samples.isfinite().all()):
                self._note(samples.shape[-1])
                return samples
            reason = "not a number"
        except Exception as error:
            if is_out_of_memory(error):
                raise
            reason = type(error).__name__
        self._give_up(reason)
        torch.set_rng_state(state)
        return self._library(*inputs)

    def finish_compiling(self) -> bool:
        """Compile now if need be, and wait for it.

        Returns:
            Whether compiled code is in use.
        """
        if self._compiling is not None and not self._has_compiled:
            self._compiling.start()
            self._compiling.wait()
        return self._has_compiled

    def close(self) -> None:
        """Compile no longer, and leave the decoder as it was."""
        if self._compiling is not None:
            self._compiling.stop()
        self._uncompiled = self._fastest = None
        _restore(self._decoder)

    def _prepare(self) -> None:
        """Have what needs no compiling ready, and what is compiled already."""
        import torch

        if self._plan.number_format == "bfloat16":
            self._uncompiled = AutocastDecoder(self._decoder)
        else:
            self._uncompiled = RowDecoder(self._decoder, torch.float32)
        self._fastest = self._uncompiled
        if self._plan.way != "compiled":
            return
        folder = cache_folder(self._plan.number_format)
        self._compiling = BackgroundCompiling(
            folder, self._plan.number_format, self._take_compiled, self._logger
        )
        if is_compiled(folder) and self._take_compiled():
            self._uncompiled = self._fastest

    def _take_compiled(self) -> bool:
        """Use compiled code from now on; what cannot be used is made anew another time."""
        import torch

        folder = cache_folder(self._plan.number_format)
        try:
            kernels = load_kernels(folder)
            rows = self._uncompiled
            if not isinstance(rows, RowDecoder):
                rows = RowDecoder(self._decoder, torch.bfloat16)
        except Exception as error:  # noqa: BLE001  # whatever loading foreign code can raise
            self._logger.info("compiled code cannot be used (%s)", type(error).__name__)
            remove_kernels(folder)
            return False
        self._fastest = rows.with_kernels(kernels)
        self._has_compiled = True
        return True

    def _note(self, samples: int) -> None:
        """Begin to compile once it is worth it."""
        self._seconds += samples / 24_000
        late = self._seconds >= WORTHWHILE_SECONDS
        if late and self._compiling is not None and not self._has_compiled:
            self._compiling.start()

    def _give_up(self, reason: str) -> None:
        """Leave everything to the library from now on."""
        self._logger.warning(
            "Kokoro's %s decoder failed (%s): the library's own takes over", self._plan.way, reason
        )
        if self._compiling is not None:
            self._compiling.stop()
        self._uncompiled = self._fastest = None
        vars(self._decoder.generator.conv_post).pop("forward", None)


def _restore(decoder: Any) -> None:
    """Have it compute as its class says."""
    for module in (decoder, decoder.generator.conv_post):
        vars(module).pop("forward", None)
