"""Importing kokoro without its side effects, and saying kindly why it cannot be imported."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
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


def check_installed() -> None:
    """Refuse to go on without the library, before anything is fetched for it.

    Raises:
        EngineUnavailableError: It is not installed, or has no release for this Python.
    """
    check_python()
    for name in ("torch", "kokoro"):
        if find_spec(name) is None:
            raise EngineUnavailableError(
                f"the library {name} is not installed", mend="pip install --upgrade utterly-kokoro"
            )


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
    """Keep kokoro from removing the program's sinks of loguru, and everybody from warning."""
    from loguru import logger

    # The logger is one object for the whole process. Attributes of the object come before the
    # methods of its class.
    own: dict[str, Any] = vars(logger)
    own["remove"], own["add"] = map(_not_for_kokoro, (type(logger).remove, type(logger).add))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        own.pop("remove", None)
        own.pop("add", None)


def _not_for_kokoro(method: Any) -> Any:
    """A method of loguru's logger that does nothing when kokoro calls it."""
    from loguru import logger

    def call(*arguments: Any, **options: Any) -> Any:
        caller = sys._getframe(1).f_globals.get("__name__")  # noqa: SLF001  # as loguru itself does
        return None if caller == "kokoro" else method(logger, *arguments, **options)

    return call
