"""What goes wrong with a scripted engine, as data."""

from __future__ import annotations

import ctypes
import os
import signal
from dataclasses import dataclass
from threading import Event, Lock
from typing import Literal, TypeAlias

FaultPlace: TypeAlias = Literal[
    "describe",
    "voices",
    "ensure_model",
    "remove_model",
    "load",
    "before_audio",
    "after_audio",
    "unload",
]
"""Where in an engine's life a fault strikes; both kinds of `audio` are in `synthesize`."""

FaultKind: TypeAlias = Literal[
    "raise",
    "hang",
    "stall",
    "silence",
    "truncate",
    "nothing",
    "wrong_rate",
    "nan",
    "stereo",
    "integers",
    "none",
    "segfault",
    "exit",
    "exit_from_c",
    "kill",
    "stop",
]
"""What a fault does."""

FATAL: tuple[FaultKind, ...] = ("segfault", "exit", "exit_from_c", "kill", "stop")
"""Those that take the whole process with them."""

_EVERYWHERE = ("raise", "hang", "stall", *FATAL)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        at: Where it strikes.
        kind: `"raise"` raises `error`. `"hang"` waits until the call is cancelled or the engine
            released, and then goes on; `"stall"` waits too, and then ends without another word.
            The rest is for audio: from `after` on it is `"silence"`, not a number (`"nan"`),
            `"stereo"`, 16-bit `"integers"` or of another sample rate (`"wrong_rate"`, an
            impossible one before any audio); or it ends there without an error (`"truncate"`, and
            `"nothing"` before any audio). `"none"` has `synthesize` return `None`. The last five
            take the whole process with them, and are for an engine in one of its own: a
            `"segfault"`, an `"exit"` by `os._exit`, an `"exit_from_c"` by the C library, a `"kill"`
            by SIGKILL, and a `"stop"` by SIGSTOP, after which it does nothing more.
        error: What `"raise"` raises; any class.
        after: Seconds of audio before it strikes, for `at="after_audio"`.
        text: Only when this is spoken.
        times: How often it strikes, `None` for always.
        stubborn: A hang that does not look at cancellation: it ends only with `release()`.

    Raises:
        ValueError: The kind is one for audio, and the place is not.
    """

    at: FaultPlace
    kind: FaultKind = "raise"
    error: BaseException | type[BaseException] = RuntimeError("scripted fault")  # noqa: RUF009  # read only
    after: float = 0.0
    text: str | None = None
    times: int | None = None
    stubborn: bool = False

    def __post_init__(self) -> None:
        if self.kind not in _EVERYWHERE and not self.at.endswith("audio"):
            raise ValueError(f"a fault of kind {self.kind!r} is for audio, not for {self.at!r}")

    @property
    def strikes_after(self) -> float:
        """Seconds of audio before it strikes."""
        return self.after if self.at == "after_audio" else 0.0

    def take_process(self) -> None:
        """End or stop this process, as the kind says."""
        match self.kind:
            case "segfault":
                ctypes.string_at(0)
            case "exit":
                os._exit(23)
            case "exit_from_c":
                ctypes.CDLL(None).exit(24)
            case "kill" | "stop":
                os.kill(os.getpid(), signal.SIGKILL if self.kind == "kill" else signal.SIGSTOP)
                Event().wait()  # another thread may be the one to be hit first

    def new_error(self) -> BaseException:
        """The error to raise, without the traceback of an earlier time."""
        error = self.error("scripted fault") if isinstance(self.error, type) else self.error
        return error.with_traceback(None)


class FaultScript:
    """Faults in the order they were given, each used up after its `times`; for any thread."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self._faults = faults
        self._strikes = [0] * len(faults)
        self._lock = Lock()

    def strike(self, *places: FaultPlace, text: str | None = None) -> Fault | None:
        """The first fault that is due at one of these places, and counted now."""
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.at in places and self._is_due(index, text):
                    self._strikes[index] += 1
                    return fault
        return None

    def _is_due(self, index: int, text: str | None) -> bool:
        fault = self._faults[index]
        used_up = fault.times is not None and self._strikes[index] >= fault.times
        return not used_up and fault.text in (None, text)
