"""What the library raises, as errors that say what happened and what to do.

No message of the library's is passed on: it may quote the text or a proxy's password.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from utterly import (
    EngineError,
    EngineUnavailableError,
    InvalidAudioError,
    RateLimitedError,
    StageTimeoutError,
    TransientEngineError,
)

if TYPE_CHECKING:
    import aiohttp

UPDATE = "pip install --upgrade edge-tts, and look at its issues: the service may have changed"
_LONGEST_WAIT = 3_600.0


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the library and its network raise into errors of Utterly's."""
    try:
        yield
    except EngineError:
        raise
    except Exception as error:
        translation = translate(error)
        if translation is None:
            raise
        raise translation from error


def translate(error: Exception) -> EngineError | None:
    """The error of Utterly's that an exception stands for; `None` for what is our own defect."""
    import aiohttp
    from edge_tts.exceptions import EdgeTTSException

    kinds: tuple[tuple[Any, Callable[[Any], EngineError]], ...] = (
        (aiohttp.ClientResponseError, lambda error: _of_status(error.status, error.headers)),
        (EdgeTTSException, _of_library),
        (aiohttp.ClientConnectorError, _of_connection),
        (TimeoutError, _of_time),
        ((aiohttp.ClientError, OSError), _of_network),
        # Bare, when an answer does not have the form that the library counts on.
        ((KeyError, TypeError, ValueError), lambda error: unknown_answer(type(error).__name__)),
    )
    return next((make(error) for kind, make in kinds if isinstance(error, kind)), None)


def unknown_answer(what: str) -> EngineError:
    """The error for an answer that does not follow the protocol; asking again does not help."""
    return InvalidAudioError(
        f"the service answered in a way that edge-tts does not know ({what}); {UPDATE}"
    )


def _of_time(_error: Exception) -> EngineError:
    return StageTimeoutError("the service did not answer in time", stage="first_audio")


def _of_network(error: Exception) -> EngineError:
    return TransientEngineError(f"the connection broke ({type(error).__name__})")


def _of_library(error: Exception) -> EngineError:
    from edge_tts.exceptions import NoAudioReceived, SkewAdjustmentError

    if isinstance(error, SkewAdjustmentError):
        return EngineUnavailableError(
            "the service refuses the request, and does not tell its time",
            mend="set this computer's clock",
        )
    if isinstance(error, NoAudioReceived):
        return TransientEngineError("the service sent no audio")
    return unknown_answer(type(error).__name__)


def _of_connection(error: aiohttp.ClientConnectorError) -> EngineError:
    import aiohttp

    if isinstance(error, aiohttp.ClientSSLError):
        return EngineUnavailableError(
            "the service's certificate is not trusted",
            mend="look at this computer's clock; for a proxy that looks into connections, name"
            " its authority in the setting certificate",
        )
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return TransientEngineError("the proxy cannot be reached")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return TransientEngineError("the service's name cannot be resolved: is there a network?")
    return TransientEngineError("the service cannot be reached")


def _of_status(status: int, headers: Mapping[str, str] | None) -> EngineError:
    if status == 403:
        return EngineUnavailableError("the service refuses the request (403)", mend=UPDATE)
    if status == 407:
        return EngineUnavailableError(
            "the proxy wants a password", mend="put it into the setting proxy"
        )
    if status == 429:
        return RateLimitedError(
            "the service was asked too often (429)", retry_after=_retry_after(headers)
        )
    if status >= 500:
        return TransientEngineError(f"the service has a fault ({status})")
    if status == 200:
        return unknown_answer("a web page; is there a log-in page on this network?")
    return unknown_answer(f"status {status}")


def _retry_after(headers: Mapping[str, str] | None) -> float | None:
    """Seconds, where the service says so in seconds."""
    value: Any = (headers or {}).get("Retry-After", "")
    return min(float(value), _LONGEST_WAIT) if value.isascii() and value.isdigit() else None
