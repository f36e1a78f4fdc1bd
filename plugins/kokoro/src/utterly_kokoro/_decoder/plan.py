"""Which way of decoding is the fastest here, and why.

======================  =====================================================================
way                     what it is
======================  =====================================================================
compiled, bfloat16      rows, the style applied by compiled code
uncompiled, bfloat16    the library's own modules, torch casting what they multiply (autocast)
compiled, float32       rows, the style applied by compiled code
uncompiled, float32     rows
library                 the library as it is
======================  =====================================================================

The first is the fastest by far where the processor multiplies bfloat16, and the library the
slowest; how those between them compare depends on the processor. Where it does not multiply
bfloat16, the upper two are slower than all others. Nothing here imports torch on Linux: it is asked
by listings too.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from utterly import EngineUnavailableError

if TYPE_CHECKING:
    from utterly_kokoro._settings import KokoroSettings

Way: TypeAlias = Literal["compiled", "uncompiled", "library"]

_CPU_INFO = Path("/proc/cpuinfo")
_COMPILERS = {"darwin": "clang++", "win32": "cl"}
"""What torch calls where `CXX` names none; elsewhere `g++`."""


@dataclass(frozen=True, slots=True)
class DecoderPlan:
    """How to decode.

    Attributes:
        way: See above.
        number_format: What the convolutions compute with.
        reason: Why, in a few words.
    """

    way: Way
    number_format: Literal["float32", "bfloat16"]
    reason: str

    def __str__(self) -> str:
        return f"{self.way} decoder in {self.number_format} ({self.reason})"


def plan_decoder(settings: KokoroSettings, device: str) -> DecoderPlan:
    """Choose how to decode.

    Args:
        settings: Of the user, who may insist.
        device: What the model computes with.

    Raises:
        EngineUnavailableError: What was asked for is not there.
    """
    if device != "cpu":
        return _plan_for_card(settings, device)
    way, because = _choose_way(settings)
    if way == "library":
        return DecoderPlan(way, "float32", because)
    number_format, reason = _choose_format(settings)
    return DecoderPlan(way, number_format, "; ".join(filter(None, (reason, because))))


def _plan_for_card(settings: KokoroSettings, device: str) -> DecoderPlan:
    if settings.decoder == "compiled":
        raise EngineUnavailableError(
            f"the compiled decoder is for processors, not for {device}",
            mend="set kokoro.decoder to auto",
        )
    if settings.dtype == "bfloat16":
        return DecoderPlan("uncompiled", "bfloat16", f"on {device}; kokoro.dtype is set to it")
    return DecoderPlan("library", "float32", f"on {device}")


def _choose_way(settings: KokoroSettings) -> tuple[Way, str]:
    missing = _missing_for_compiling()
    if settings.decoder == "compiled" and missing:
        raise EngineUnavailableError(
            f"the decoder cannot be compiled: {missing}",
            mend="install a C++ compiler, or set kokoro.decoder to auto",
        )
    if settings.decoder != "auto":
        return settings.decoder, "kokoro.decoder is set to it"
    if platform.machine().lower() not in ("x86_64", "amd64"):
        # Only there has it been measured.
        return "library", f"the processor is of another kind, {platform.machine()}"
    return ("uncompiled", missing) if missing else ("compiled", "")


def _choose_format(settings: KokoroSettings) -> tuple[Literal["float32", "bfloat16"], str]:
    if settings.dtype != "auto":
        return settings.dtype, "kokoro.dtype is set to it"
    if processor_has_bfloat16():
        return "bfloat16", "the processor multiplies bfloat16"
    return "float32", "the processor does not multiply bfloat16"


def processor_has_bfloat16() -> bool:
    """Whether there are instructions that multiply such numbers: emulation takes far longer."""
    try:
        flags = _CPU_INFO.read_text("utf-8", errors="replace").split()
    except OSError:  # not Linux
        import torch

        return bool(torch.cpu._is_avx512_bf16_supported())  # noqa: SLF001  # there is no other
    return "avx512_bf16" in flags


def find_compiler() -> str | None:
    """The C++ compiler that torch would call; `None` where there is none."""
    return shutil.which(os.environ.get("CXX") or _COMPILERS.get(sys.platform, "g++"))


def _missing_for_compiling() -> str:
    """What keeps the decoder from being compiled; empty where nothing does."""
    if getattr(sys, "frozen", False) or not sys.executable:
        return "there is no Python to compile with"
    return "" if find_compiler() else "there is no C++ compiler"
