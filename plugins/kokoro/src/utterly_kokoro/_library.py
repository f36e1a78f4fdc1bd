"""Importing kokoro without its side effects, and saying kindly why it cannot be imported."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from threading import Lock
from types import ModuleType
from typing import Any

from utterly import EngineUnavailableError

OLDEST_TORCH = (2, 10)
"""Older ones have a memory-corruption hole in how they read weights (CVE-2026-24747)."""

_lock = Lock()


def import_kokoro() -> ModuleType:
    """Import the library, once, with the program's streams and logging as they were.

    Raises:
        EngineUnavailableError: It is not installed, or something that it needs is not.
    """
    check_python()
    with _lock:
        if "kokoro" not in sys.modules:
            check_torch()
        try:
            with without_side_effects():
                import kokoro
                import kokoro.model
        except Exception as error:  # whatever an installation of so many libraries can raise
            raise EngineUnavailableError(
                f"the library kokoro cannot be imported ({type(error).__name__}: {error})",
                mend="pip install --upgrade utterly-kokoro",
            ) from error
        module: ModuleType = kokoro
        return module


def check_python(version: tuple[int, int] = sys.version_info[:2]) -> None:
    """Refuse a Python that the library has no release for.

    Raises:
        EngineUnavailableError: It is 3.13 or newer.
    """
    if version >= (3, 13):
        raise EngineUnavailableError(
            f"the library kokoro has no release for Python {version[0]}.{version[1]} yet",
            mend="use Python 3.11 or 3.12 to speak with Kokoro",
        )


def check_torch() -> None:
    """Refuse to read weights with a torch that is not safe.

    Raises:
        EngineUnavailableError: There is no torch, or it is too old.
    """
    try:
        import torch
    except Exception as error:  # a broken installation raises OSError, for one
        raise EngineUnavailableError(
            f"torch cannot be imported ({type(error).__name__})",
            mend="pip install --upgrade utterly-kokoro",
        ) from error
    version = tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2])
    if version < OLDEST_TORCH:
        raise EngineUnavailableError(
            f"torch {torch.__version__} is too old to read weights safely",
            mend="pip install --upgrade 'torch>=2.10'",
        )


@contextmanager
def without_side_effects() -> Iterator[None]:
    """Keep kokoro from removing the program's sinks of loguru, and everybody from printing."""
    from loguru import logger

    # The logger is one object for the whole process; kokoro calls `remove` and `add` on it when it
    # is imported. Attributes of the object come before the methods of its class.
    own: dict[str, Any] = vars(logger)
    own["remove"] = own["add"] = lambda *_arguments, **_options: 0
    try:
        with warnings.catch_warnings(), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        del own["remove"], own["add"]
