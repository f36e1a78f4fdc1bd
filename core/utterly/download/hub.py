"""What is asked of a hub: `huggingface_hub` knows addresses, tokens, proxies and mirrors.

Its own downloading waits without an end, forgets what it had when the process ended, and takes
wrong bytes of the right size; its client, with limits for each request, does not.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterable
from typing import Any
from urllib.parse import urljoin, urlsplit

from utterly.download.following import CONNECT_SECONDS, SILENT_SECONDS, Connection, NetworkError
from utterly.download.repository import HubFile, Repository
from utterly.errors import EngineUnavailableError

_TIMEOUTS = (CONNECT_SECONDS, SILENT_SECONDS, SILENT_SECONDS, SILENT_SECONDS)
"""To connect, for each read, for each write, and for a place in the pool."""
_MOST_REDIRECTS = 5


class StatusError(NetworkError):
    """The hub refused.

    Attributes:
        status: The number of HTTP.
        code: The hub's own word for it, such as `GatedRepo`; often empty.
    """

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}".strip())
        self.status = status
        self.code = code


class NotTheHubError(NetworkError):
    """Somebody else answered, such as the page of a captive portal."""


def library() -> Any:
    """`huggingface_hub`, imported when it is needed.

    Raises:
        EngineUnavailableError: It is not installed.
    """
    try:
        import huggingface_hub.constants
        import huggingface_hub.utils
    except ImportError as error:
        raise EngineUnavailableError(
            "huggingface_hub is not installed", mend='pip install "utterly[hub]"'
        ) from error
    return huggingface_hub


class Hub:
    """One repository on the hub that HF_ENDPOINT names, or on Hugging Face's.

    Args:
        repository: Which.
    """

    def __init__(self, repository: Repository) -> None:
        self._library = library()
        self._repository = repository

    @property
    def is_offline(self) -> bool:
        """Whether HF_HUB_OFFLINE forbids to ask."""
        return bool(self._library.constants.HF_HUB_OFFLINE)

    @property
    def host(self) -> str:
        """Who is asked."""
        return urlsplit(self._url("x")).netloc

    def look_up(
        self, names: Iterable[str], connection: Connection
    ) -> Generator[HubFile, None, None]:
        """Ask for size and checksum of files; for `follow`.

        Raises:
            StatusError: The hub refused.
            NotTheHubError: Somebody else answered.
        """
        for name in names:
            yield _describe(name, self._head(self._url(name), connection))

    def read(
        self, name: str, start: int, connection: Connection
    ) -> Generator[tuple[int, bytes], None, None]:
        """Read a file from a byte on, or from the beginning where the server prefers that.

        Yields:
            The place of a piece in the file, and the piece.

        Raises:
            StatusError: The hub refused.
            NotTheHubError: Somebody else answered.
        """
        options = self._options(connection)
        if start:
            options["headers"]["Range"] = f"bytes={start}-"
        session = self._library.get_session()
        with session.stream("GET", self._url(name), follow_redirects=True, **options) as response:
            _check(response)
            if not any("x-repo-commit" in each.headers for each in (*response.history, response)):
                raise NotTheHubError
            place = start if response.status_code == 206 else 0
            for piece in response.iter_raw():
                yield place, piece
                place += len(piece)

    def _head(self, url: str, connection: Connection) -> Any:
        """Headers of a file; only a redirect within the hub is followed."""
        session = self._library.get_session()
        for _ in range(_MOST_REDIRECTS):
            options = self._options(connection)
            response = session.request("HEAD", url, follow_redirects=False, **options)
            _check(response)
            target = response.headers.get("location", "")
            if not response.is_redirect or "x-repo-commit" in response.headers:
                return response
            if urlsplit(target).netloc not in ("", urlsplit(url).netloc):
                raise NotTheHubError
            url = urljoin(url, target)
        raise NotTheHubError

    def _options(self, connection: Connection) -> dict[str, Any]:
        connection.begin()
        trace = {"trace": connection.trace}
        return {"headers": self._headers(), "timeout": _TIMEOUTS, "extensions": trace}

    def _headers(self) -> dict[str, str]:
        """The library's own would first ask another server about the program that runs."""
        # Sizes and ranges are those of the file, not of something compressed.
        headers = {"Accept-Encoding": "identity", "User-Agent": "utterly"}
        is_wanted = not self._library.constants.HF_HUB_DISABLE_IMPLICIT_TOKEN
        if is_wanted and (token := self._library.get_token()):
            headers["Authorization"] = f"Bearer {token}"
        return headers

    def _url(self, name: str) -> str:
        url = self._library.hf_hub_url(
            self._repository.name,
            name,
            revision=self._repository.revision,
            # The library itself would look only once, when it is imported.
            endpoint=(os.environ.get("HF_ENDPOINT") or "").rstrip("/") or None,
        )
        return str(url)


def _check(response: Any) -> None:
    if response.status_code >= 400:
        raise StatusError(response.status_code, response.headers.get("x-error-code", ""))


def _describe(name: str, response: Any) -> HubFile:
    headers = response.headers
    etag = headers.get("x-linked-etag") or headers.get("etag", "")
    length = "" if response.is_redirect else headers.get("content-length", "")
    checksum = etag.removeprefix("W/").strip('"')
    size = headers.get("x-linked-size") or length
    if "x-repo-commit" not in headers or not size.isdecimal():
        raise NotTheHubError
    if not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", checksum):
        raise NotTheHubError
    return HubFile(name, int(size), checksum)
