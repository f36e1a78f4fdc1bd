"""Who may talk to the studio: its own page, under the names that it has."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

HEADERS = {
    # Nothing is loaded from elsewhere and nothing is sent there, whatever a text says.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with none at all, forms are sent from the origin "null"
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Guard:
    """Turns away what other pages in the visitor's browser may try, and sends careful headers.

    A page elsewhere can have a browser ask us, in the user's name; and with a name of its own that
    leads to this machine it would even get to read the answer. The one shows in `Origin` and
    `Sec-Fetch-Site`, the other in `Host`.

    Args:
        app: What is guarded.
        any_host: Whether it may be called by any name, as where a password is asked for.
    """

    def __init__(self, app: ASGIApp, *, any_host: bool) -> None:
        self._app = app
        self._any_host = any_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        complaint = next(self._complaints(scope), "")
        answer = PlainTextResponse(complaint, 403) if complaint else self._app

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await answer(scope, receive, send_with_headers)

    def _complaints(self, scope: Scope) -> Iterator[str]:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._any_host and _name_in(host) not in OWN_NAMES:
            yield "the studio answers to localhost only; start it with --host to have it otherwise"
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            yield "the studio answers to its own page only"
        site = headers.get("sec-fetch-site", "none")
        if site not in ("same-origin", "none") and not _is_visit(scope, headers):
            yield "the studio answers to its own page only"


def _name_in(host: str) -> str:
    """The name or address in a `Host` header."""
    return urlsplit(f"//{host}").hostname or ""


def _is_visit(scope: Scope, headers: Headers) -> bool:
    """Whether somebody came to the page by a link elsewhere, which is no request of that page's."""
    is_page = scope["path"] in ("/", "/login") and scope["method"] in ("GET", "HEAD")
    return is_page and headers.get("sec-fetch-mode") == "navigate"
