"""What can go wrong, each in one line with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path

from utterly.download.following import (
    SILENT_SECONDS,
    BrokenError,
    NetworkError,
    NotConnectedError,
    SilentError,
)
from utterly.download.hub import NotTheHubError, StatusError
from utterly.errors import ModelDownloadError

_FULL = (ENOSPC, EDQUOT, EFBIG)
_UNREACHABLE = {"ConnectError", "ConnectTimeout", "ProxyError"}
_SILENT = {"ReadTimeout", "WriteTimeout", "PoolTimeout"}

_CLOSED = "{page} is private, missing or gated ({status}); set a valid HF_TOKEN"
_GONE = "{page} is missing ({status}); correct the settings or HF_ENDPOINT"
_OUT_OF_ORDER = "{host} is out of order ({status}); try again later"
_REFUSED = "{host} refuses ({status}); correct HF_ENDPOINT or the proxy"
_PORTAL = (
    "something else than a hub answers as {host}; open a web page to log in to this network, or"
    " correct HF_ENDPOINT"
)
_BY_CODE = {
    "GatedRepo": "it is gated; accept its terms on {page}, and set HF_TOKEN",
    "EntryNotFound": "{page} lacks a file; correct the settings, or upgrade the engine",
    "RevisionNotFound": "{page} lacks the revision; correct the settings, or upgrade the engine",
}
_BY_STATUS = {
    401: _CLOSED,
    403: _CLOSED,
    404: _GONE,
    410: _GONE,
    429: "{host} is asked too often ({status}); try again later, or set HF_TOKEN",
    451: _GONE,
    511: _PORTAL,
}


@dataclass(frozen=True, slots=True)
class Scene:
    """Where something goes wrong, for the message.

    Attributes:
        repository: Its name.
        host: Of the hub.
        folder: Where the files are kept.
        setting: What to change to have another folder.
    """

    repository: str
    host: str
    folder: Path
    setting: str

    def tell_network(self, error: NetworkError) -> ModelDownloadError:
        """Say what an error on the way to the hub means."""
        out_of_order = isinstance(error, StatusError) and error.status >= 500
        return self._tell(self._network(error), is_final=not (out_of_order or is_cut(error)))

    def tell_disk(self, error: OSError) -> ModelDownloadError:
        """Say what an error of the disk means."""
        if error.errno in _FULL:
            reason = f"the disk of {self.folder} is full; make room, or {self.setting}"
        else:
            reason = (
                f"cannot write to {self.folder} ({error.strerror or error});"
                f" make it writable, or {self.setting}"
            )
        return self._tell(reason)

    def tell_room(self, needed: int, free: int) -> ModelDownloadError:
        """Say how much is missing on the disk."""
        return self._tell(
            f"it takes {format_size(needed)}, and {format_size(free)} are free in {self.folder};"
            f" make room, or {self.setting}"
        )

    def tell_checksum(self, name: str) -> ModelDownloadError:
        """Say that something else came than was expected."""
        return self._tell(
            f"what {self.host} sends as {name} has the wrong checksum; try again on another"
            " network, or without HF_ENDPOINT or a proxy"
        )

    @contextmanager
    def disk_told(self) -> Iterator[None]:
        """Tell errors of the disk.

        Raises:
            ModelDownloadError: In place of any `OSError`.
        """
        try:
            yield
        except OSError as error:
            raise self.tell_disk(error) from error

    def _tell(self, reason: str, *, is_final: bool = True) -> ModelDownloadError:
        message = f"cannot fetch {self.repository}: {reason}"
        return ModelDownloadError(message, is_final=is_final)

    def _network(self, error: NetworkError) -> str:
        names = error.names if isinstance(error, BrokenError) else set()
        kept = "try again later: what is there is kept"
        if isinstance(error, StatusError):
            return self._status(error)
        if isinstance(error, NotTheHubError):
            return _PORTAL.format(host=self.host)
        if "CERTIFICATE" in str(error.__cause__):
            return (
                f"the certificate of {self.host} is not trusted; log in to this network, or point"
                " SSL_CERT_FILE at your proxy's certificate"
            )
        if isinstance(error, NotConnectedError) or names & _UNREACHABLE:
            return (
                f"no network: {self.host} cannot be reached; try again, fetch it elsewhere and"
                f" copy it to {self.folder}, or use another engine"
            )
        if isinstance(error, SilentError) or names & _SILENT:
            return f"{self.host} sent nothing for {SILENT_SECONDS:.0f} s; {kept}"
        return f"the connection to {self.host} broke; {kept}"

    def _status(self, error: StatusError) -> str:
        told = _BY_CODE.get(error.code) or _BY_STATUS.get(error.status)
        if told is None:
            told = _OUT_OF_ORDER if error.status >= 500 else _REFUSED
        page = f"{self.host}/{self.repository}"
        return told.format(host=self.host, page=page, status=error.status)


def is_cut(error: NetworkError) -> bool:
    """Whether a connection that worked came to an end too early."""
    if not isinstance(error, BrokenError):
        return False
    cuts = {"ReadError", "WriteError", "CloseError", "RemoteProtocolError"}
    return error.__cause__ is None or bool(error.names & cuts)


def format_size(count: int) -> str:
    """A number of bytes for people."""
    return f"{count / 1e6:,.1f} MB"
