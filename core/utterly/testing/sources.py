"""Source text of small engines to be installed, healthy ones and ones that fail at import."""

from __future__ import annotations

from typing import Literal, TypeAlias

ImportFault: TypeAlias = Literal["raise", "hang", "exit", "crash"]

_FAULTS = {
    "hang": "import threading\nthreading.Event().wait()\n",
    # No clean-up and no exception, as when a C library ends the process.
    "exit": "import os\nos._exit(3)\n",
    # Reads address 0.
    "crash": "import ctypes\nctypes.string_at(0)\n",
}

_ENGINE = """
from utterly import Audio, EngineInfo, UnsupportedError, hookimpl

utterly_api = 1


@hookimpl
def describe():
    return EngineInfo(
        title={title!r},
        kind="local",
        languages=("en",),
        sample_rate=24_000,
        licence="MIT",
        runtime_licences=("MIT",),
    )


@hookimpl
def synthesize(request):
    from utterly.testing import tone

    if not request.language.startswith("en"):
        raise UnsupportedError(f"no {{request.language}}")
    yield Audio(tone(request.text), 24_000)
"""


def scripted_source(
    fault: ImportFault | None = None,
    *,
    error: str = 'ImportError("no parrot")',
    title: str = "Tiny",
) -> str:
    """Source text of a module that is an engine and speaks coded tones.

    Args:
        fault: What happens when it is imported: `"raise"` raises `error`, `"hang"` never ends,
            `"exit"` ends the process at once, `"crash"` with a segmentation fault.
        error: The exception to raise, as source text: `"SystemExit(2)"`.
        title: As in `EngineInfo`.
    """
    failing = f"raise {error}\n" if fault == "raise" else _FAULTS.get(fault or "", "")
    return failing + _ENGINE.format(title=title)
