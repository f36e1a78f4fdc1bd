"""The studio's addresses: what the page asks for, and what it gets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeAlias

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from utterly.async_bridge import run_in_thread
from utterly.errors import InvalidRequestError, UtterlyError
from utterly.studio.body import read_body
from utterly.studio.catalogue import describe_voice
from utterly.studio.door import Door
from utterly.studio.downloads import MEDIA_TYPES, encode_track
from utterly.studio.guard import Guard
from utterly.studio.pages import PAGE_FOLDER
from utterly.studio.studio import Studio
from utterly.studio.track import Track
from utterly.studio.visitors import Visitor
from utterly.studio.wishes import (
    MOST_CHARACTERS,
    MOST_UPLOAD_BYTES,
    Manner,
    PreviewWish,
    SpeechWish,
    read_wish,
)
from utterly.subtitles import SUBTITLE_FORMATS

Handler: TypeAlias = Callable[[Request, Visitor], Awaitable[Response]]
Lifespan: TypeAlias = Callable[[Starlette], AbstractAsyncContextManager[None]]


class Addresses:
    """Answers what the page asks.

    Args:
        studio: Does the work.
        door: Knows who asks.
    """

    def __init__(self, studio: Studio, door: Door) -> None:
        self._studio = studio
        self._door = door

    def routes(self) -> list[Route]:
        """All of them, each for known visitors only."""
        answers: tuple[tuple[str, str, Handler], ...] = (
            ("GET", "/api/studio", self.describe),
            ("GET", "/api/events", self.tell),
            ("GET", "/api/voices/{engine}", self.list_voices),
            ("POST", "/api/engines/{engine}", self.prepare),
            ("POST", "/api/speeches", self.speak),
            ("POST", "/api/previews", self.preview),
            ("POST", "/api/dubs", self.dub),
            ("GET", "/api/tracks/{id}", self.show_track),
            ("DELETE", "/api/tracks/{id}", self.stop),
            ("GET", "/api/tracks/{id}/live", self.play_live),
            ("GET", "/api/tracks/{id}/audio{suffix}", self.give_audio),
            ("GET", "/api/tracks/{id}/subtitles{suffix}", self.give_subtitles),
        )
        return [
            Route(path, self._for_visitors(handler), methods=[method])
            for method, path, handler in answers
        ]

    async def describe(self, request: Request, visitor: Visitor) -> Response:
        """What there is to choose from, and what the visitor has already."""
        again = "again" in request.query_params
        shelf = [track.to_dict() for track in visitor.tracks.values() if not track.is_preview]
        limits = {"characters": MOST_CHARACTERS, "bytes": MOST_UPLOAD_BYTES}
        choice = await self._studio.catalogue.to_dict(again=again)
        return JSONResponse({**choice, "limits": limits, "tracks": shelf})

    async def tell(self, _request: Request, visitor: Visitor) -> Response:
        """What happens, as it happens; who listens is there."""
        return StreamingResponse(self._events(visitor), media_type="text/event-stream")

    async def list_voices(self, request: Request, _visitor: Visitor) -> Response:
        """The voices of an engine; no network is used."""
        with self._studio.resident.in_use() as speaker:
            voices = await speaker.voices(request.path_params["engine"])
        return JSONResponse([describe_voice(voice) for voice in voices])

    async def prepare(self, request: Request, _visitor: Visitor) -> Response:
        """Download and load an engine, again if it failed before."""
        engine = request.path_params["engine"]
        if engine not in {report.name for report in await self._studio.catalogue.engines()}:
            raise HTTPException(404, "no engine has that name")
        self._studio.prepare(engine)
        return Response(status_code=202)

    async def speak(self, request: Request, visitor: Visitor) -> Response:
        """Begin to speak a text."""
        wish = read_wish(await read_body(request, MOST_UPLOAD_BYTES), SpeechWish)
        track = await self._studio.speak(visitor, wish)
        return JSONResponse(track.to_dict(), 201)

    async def preview(self, request: Request, visitor: Visitor) -> Response:
        """Let a voice introduce itself."""
        wish = read_wish(await read_body(request, MOST_UPLOAD_BYTES), PreviewWish)
        track = await self._studio.preview(visitor, wish)
        return JSONResponse(track.to_dict(), 201)

    async def dub(self, request: Request, visitor: Visitor) -> Response:
        """Begin to speak a subtitle file, which is the body."""
        manner = read_wish(request.query_params.get("manner", "{}").encode(), Manner)
        data = await read_body(request, MOST_UPLOAD_BYTES)
        track = await self._studio.dub(visitor, request.query_params.get("name", ""), data, manner)
        return JSONResponse(track.to_dict(), 201)

    async def show_track(self, request: Request, visitor: Visitor) -> Response:
        """All that is known of a track."""
        return JSONResponse(_track(request, visitor).to_dict())

    async def stop(self, request: Request, visitor: Visitor) -> Response:
        """Speak no more of a track."""
        self._studio.stop(_track(request, visitor))
        return Response(status_code=204)

    async def play_live(self, request: Request, visitor: Visitor) -> Response:
        """The audio of a track from a frame on, while it is being spoken."""
        track = _track(request, visitor)
        start = request.query_params.get("from", "0")
        if not start.isdecimal():
            raise HTTPException(400, "from is the number of a frame")
        return StreamingResponse(track.follow_pcm(int(start)), media_type="audio/pcm")

    async def give_audio(self, request: Request, visitor: Visitor) -> Response:
        """The audio of a track as a file, to play or to keep."""
        track, suffix = _track(request, visitor), request.path_params["suffix"]
        if not track.can_be_heard or suffix not in MEDIA_TYPES:
            raise HTTPException(404, "there is no such audio")
        path = await run_in_thread(lambda _cancellation: encode_track(track, suffix))
        name = f"{track.title}{suffix}" if "keep" in request.query_params else None
        return FileResponse(path, media_type=MEDIA_TYPES[suffix], filename=name)

    async def give_subtitles(self, request: Request, visitor: Visitor) -> Response:
        """What was spoken, as subtitles."""
        track, suffix = _track(request, visitor), request.path_params["suffix"]
        if suffix not in SUBTITLE_FORMATS:
            raise HTTPException(404, "there are no such subtitles")
        place = track.path.with_suffix(suffix)
        place.write_text(SUBTITLE_FORMATS[suffix](track.segments), "utf-8")
        return FileResponse(place, media_type="text/plain", filename=f"{track.title}{suffix}")

    def _for_visitors(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            visitor = self._door.visitor(request)
            if visitor is None:
                raise HTTPException(401, "the studio does not know you: load the page again")
            try:
                return await handler(request, visitor)
            except InvalidRequestError as error:
                raise HTTPException(400, str(error)) from error
            except UtterlyError as error:
                raise HTTPException(503, str(error)) from error

        return answer

    async def _events(self, visitor: Visitor) -> AsyncIterator[str]:
        studio = self._studio
        with studio.resident.presence(), visitor.feed.follow() as messages:
            engines, notes = [*studio.news.engines.values()], [*visitor.feed.notes]
            yield _event({"type": "hello", "engines": engines, "notes": notes})
            async for message in messages:
                yield ": here\n\n" if message is None else _event(message)


def make_app(studio: Studio, password: str, lifespan: Lifespan | None = None) -> Starlette:
    """The studio for a server.

    Args:
        studio: Does the work.
        password: What visitors have to know; empty for nothing, and then it answers to this
            machine only.
        lifespan: Runs while the server does.
    """
    door = Door(studio, password)
    return Starlette(
        routes=[
            Route("/", door.show_page),
            Route("/login", door.show_login),
            Route("/login", door.log_in, methods=["POST"]),
            *Addresses(studio, door).routes(),
            Mount("/page", StaticFiles(directory=PAGE_FOLDER)),
        ],
        middleware=[Middleware(Guard, any_host=bool(password))],
        exception_handlers={HTTPException: _show_error},
        lifespan=lifespan,
    )


def _track(request: Request, visitor: Visitor) -> Track:
    """A track of the visitor's own.

    Raises:
        HTTPException: There is none; somebody else's is none.
    """
    track = visitor.tracks.get(request.path_params["id"])
    if track is None:
        raise HTTPException(404, "there is no such track")
    return track


def _event(message: dict[str, Any]) -> str:
    return f"data: {json.dumps(message, ensure_ascii=False)}\n\n"


async def _show_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # for the type checker
    return JSONResponse({"error": error.detail}, error.status_code)
