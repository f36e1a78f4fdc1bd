"""Coming in: who has a cookie of ours is known; with a password, others have to know it."""

from __future__ import annotations

import asyncio
import secrets
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from utterly.studio.body import read_body
from utterly.studio.pages import PAGE_FOLDER
from utterly.studio.studio import Studio
from utterly.studio.visitors import Visitor

GUESS_SECONDS = 1.0
"""How long a wrong password takes; nobody else is asked for one meanwhile."""

MOST_FORM_BYTES = 4_096


class Door:
    """Lets people in.

    Args:
        studio: Where they go.
        password: What they have to know; empty for nothing.
    """

    def __init__(self, studio: Studio, password: str) -> None:
        self._studio = studio
        self._password = password
        self._guessing = asyncio.Lock()

    def visitor(self, request: Request) -> Visitor | None:
        """Who asks, where that is known."""
        return self._studio.visitors.find(request.cookies.get(_cookie_name(request)))

    async def show_page(self, request: Request) -> Response:
        """The studio's page, to those who are in or need no password."""
        page = FileResponse(PAGE_FOLDER / "index.html")
        if self.visitor(request) is None:
            if self._password:
                return RedirectResponse("/login", 303)
            self._admit(request, page)
        return page

    async def show_login(self, request: Request) -> Response:
        """The page that asks for the password."""
        if self.visitor(request) is not None or not self._password:
            return RedirectResponse("/", 303)
        return FileResponse(PAGE_FOLDER / "login.html")

    async def log_in(self, request: Request) -> Response:
        """Let in who knows the password."""
        form = parse_qs((await read_body(request, MOST_FORM_BYTES)).decode("utf-8", "replace"))
        async with self._guessing:
            given = form.get("password", [""])[0]
            if not secrets.compare_digest(given.encode(), self._password.encode()):
                await asyncio.sleep(GUESS_SECONDS)
                return RedirectResponse("/login?wrong", 303)
        page = RedirectResponse("/", 303)
        self._admit(request, page)
        return page

    def _admit(self, request: Request, response: Response) -> None:
        newcomer = self._studio.admit()
        response.set_cookie(
            _cookie_name(request), newcomer.token, httponly=True, samesite="strict", path="/"
        )


def _cookie_name(request: Request) -> str:
    """Cookies are shared by all ports of a machine: two studios must not take them for theirs."""
    _address, port = request.scope.get("server") or ("", 0)
    return f"utterly-studio-{port}"
