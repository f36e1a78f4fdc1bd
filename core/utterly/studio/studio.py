"""The studio itself: visitors, their tracks, and one speaker for all of them."""

from __future__ import annotations

import asyncio
import re
import shutil
import textwrap
from collections.abc import Mapping
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from utterly.async_speaker import AsyncSpeaker
from utterly.chain import resolve_chain
from utterly.engine.session_options import SessionOptions
from utterly.errors import (
    EngineUnavailableError,
    InvalidRequestError,
    ModelDownloadError,
    UtterlyError,
)
from utterly.plugins import installed_plugins
from utterly.sessions import Sessions
from utterly.studio import dubbing
from utterly.studio.catalogue import Catalogue
from utterly.studio.making import Making, begin_dub, finish_dub, make_follower, record
from utterly.studio.news import News
from utterly.studio.resident import ResidentSpeaker
from utterly.studio.samples import sample_sentence
from utterly.studio.track import Kind, Track
from utterly.studio.visitors import Visitor, Visitors
from utterly.studio.wishes import Manner, PreviewWish, SpeechWish, check_text
from utterly.telling import EngineState, Told

MOST_AT_ONCE = 4
"""Tracks of one visitor that are being made at the same time."""

_UNFIT_FOR_NAMES = re.compile(r"[^\w\- ]+")


@dataclass(frozen=True, slots=True)
class StudioOptions:
    """How a studio is run.

    Attributes:
        engines: Configured names, first choice first; empty for the usual chain.
        voice: By default.
        language: By default.
        settings: Of engines, by configured name, then by field.
        offline: Whether to connect to no address beyond this machine.
        idle_seconds: How long models are kept after the last visitor has gone.
    """

    engines: tuple[str, ...] = ()
    voice: str | None = None
    language: str | None = None
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    offline: bool = False
    idle_seconds: float = 300.0


class Studio:
    """Speaks for its visitors; made and used on one event loop.

    Args:
        options: How it is run.
        folder: Where the tracks lie.
    """

    def __init__(self, options: StudioOptions, folder: Path) -> None:
        self._options = options
        self._folder = folder
        self._preparing: dict[str, asyncio.Task[None]] = {}
        self.visitors = Visitors()
        self.catalogue = Catalogue(options.engines)
        self._making = Making(lambda: self.catalogue.titles)
        self.news = News(self.visitors, lambda: self.catalogue.titles)
        self.resident = ResidentSpeaker(self._make_speaker, options.idle_seconds)

    def check(self) -> None:
        """Refuse options that cannot be right, before anybody comes.

        Raises:
            InvalidRequestError: One is wrong, or the user's settings are.
        """
        chosen, settings = self._options.engines, self._options.settings
        sessions = Sessions(installed_plugins(), settings, SessionOptions(), lambda _event: None)
        if chosen:
            resolve_chain(chosen, sessions.installed, sessions.configured, "")
        sessions.check_arguments(tuple(settings))
        with self.resident.in_use():
            pass  # it was made, so it can be

    def admit(self) -> Visitor:
        """Let somebody in."""
        newcomer, leaving = self.visitors.admit()
        if leaving is not None:
            for track in leaving.tracks.values():
                self._discard(track)
        return newcomer

    async def speak(self, visitor: Visitor, wish: SpeechWish) -> Track:
        """Begin to speak a text.

        Raises:
            InvalidRequestError: Something in it cannot be right.
            UtterlyError: There is nobody to speak it.
        """
        check_text(wish.text)
        track = self._new_track(visitor, "speech", wish.text)
        return await self._begin(visitor, track, wish.text, wish)

    async def preview(self, visitor: Visitor, wish: PreviewWish) -> Track:
        """Let a voice introduce itself; raises as `speak` does."""
        sample = sample_sentence(wish.language or "en")
        return await self._begin(
            visitor, self._new_track(visitor, "preview", "voice"), sample, wish
        )

    async def dub(self, visitor: Visitor, name: str, data: bytes, manner: Manner) -> Track:
        """Begin to speak a subtitle file.

        Args:
            visitor: For whom.
            name: What the file is called.
            data: What is in it.
            manner: How to speak.

        Raises:
            InvalidRequestError: It is no subtitle file, or a hopeless one.
            UtterlyError: What dubbing needs is not installed.
        """
        suffix = dubbing.check_name(name)
        track = self._new_track(visitor, "dub", Path(name).stem)
        script = track.path.with_suffix("") / f"{track.title}{suffix}"  # complaints name it
        with ExitStack() as stack:
            stack.callback(shutil.rmtree, script.parent, ignore_errors=True)
            script.parent.mkdir()
            script.write_bytes(data)
            speaker = stack.enter_context(self.resident.in_use())
            work = dubbing.dub(speaker, script, track.path, manner.options())
            follower = make_follower(track, visitor.feed)
            working = await begin_dub(work, self.news, follower)
            self._keep(visitor, track)
            held = stack.pop_all()
            self._making.start(track, finish_dub(track, working, self.news, visitor.feed, held))
        return track

    def stop(self, track: Track) -> None:
        """Speak no more of a track; what was spoken can be heard."""
        self._making.stop(track)

    def prepare(self, engine: str) -> None:
        """Begin to download and load an engine; the news tell what comes of it."""
        if engine not in self._preparing:
            task = asyncio.create_task(self._prepare(engine))
            self._preparing[engine] = task
            task.add_done_callback(lambda _task: self._preparing.pop(engine))

    async def close(self) -> None:
        """Stop everything, and give the models back."""
        for visitor in self.visitors:
            visitor.feed.close()
        preparing = tuple(self._preparing.values())
        for task in preparing:
            task.cancel()
        await asyncio.gather(self._making.close(), *preparing, return_exceptions=True)
        await self.resident.close()

    def _make_speaker(self) -> AsyncSpeaker:
        options = self._options
        return AsyncSpeaker(
            options.engines or None,
            options.voice,
            language=options.language,
            settings=options.settings,
            offline=options.offline,
            unload="never",
            on_event=self.news,
        )

    def _new_track(self, visitor: Visitor, kind: Kind, words: str) -> Track:
        running = sum(track.state == "speaking" for track in visitor.tracks.values())
        if running >= MOST_AT_ONCE:
            raise InvalidRequestError(f"{running} tracks are being spoken: stop one of them first")
        title = textwrap.shorten(_UNFIT_FOR_NAMES.sub(" ", words[:200]), 50, placeholder="")
        return Track(kind, title or kind, self._folder, visitor.feed.publish)

    def _keep(self, visitor: Visitor, track: Track) -> None:
        for oldest in visitor.keep(track):
            self._discard(oldest)

    def _discard(self, track: Track) -> None:
        self._making.stop(track)
        track.delete()

    async def _begin(self, visitor: Visitor, track: Track, text: str, manner: Manner) -> Track:
        async with AsyncExitStack() as stack:
            speaker = stack.enter_context(self.resident.in_use())
            stream = speaker.stream(text, keep_audio=False, **manner.options())
            await stack.enter_async_context(stream)
            self.news.follow(stream.number, make_follower(track, visitor.feed, stream))
            self._keep(visitor, track)
            self._making.start(track, record(track, stream, stack.pop_all()))
        return track

    async def _prepare(self, engine: str) -> None:
        title = self.catalogue.titles.get(engine, engine)
        try:
            with self.resident.in_use() as speaker:
                await speaker.prepare([engine])
        except UtterlyError as error:
            told = Told(f"{title} cannot start: {error}", "bad", engine, _state_after(error))
        else:
            told = Told(f"{title} is ready.", "good", engine, "ready")
        self.news.tell_everybody(told)


def _state_after(error: UtterlyError) -> EngineState:
    match error:
        case ModelDownloadError():
            return "missing"
        case EngineUnavailableError():
            return "unavailable"
    return "failed"
