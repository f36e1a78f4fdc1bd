"""What comes with a request, up to a size."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request


async def read_body(request: Request, most: int) -> bytes:
    """Read a request's body.

    Args:
        request: It.
        most: Bytes that are taken.

    Raises:
        HTTPException: There are more; they are not read.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise _too_large(most)
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > most:
            raise _too_large(most)
    return bytes(body)


def _too_large(most: int) -> HTTPException:
    return HTTPException(413, f"that is too large: the studio takes {most / 1e6:g} MB at once")
