"""The people in the studio; none of them sees or hears what another has spoken."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic

from utterly.studio.feed import Feed
from utterly.studio.track import Track

MOST_VISITORS = 50
MOST_TRACKS = 12
MOST_PREVIEWS = 4
"""Of one visitor; the oldest goes first."""


@dataclass
class Visitor:
    """Somebody with the page open in one browser.

    Attributes:
        token: In the browser's cookie; who has it is this visitor.
        feed: What the visitor's pages are told.
        tracks: By id, the oldest first.
        seen: When the visitor last asked for something, on the monotonic clock.
    """

    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    feed: Feed = field(default_factory=Feed)
    tracks: dict[str, Track] = field(default_factory=dict)
    seen: float = field(default_factory=monotonic)

    def keep(self, track: Track) -> Iterator[Track]:
        """Keep a track; gives those that have to go for it."""
        self.tracks[track.id] = track
        alike = [t for t in self.tracks.values() if t.is_preview == track.is_preview]
        for oldest in alike[: -MOST_PREVIEWS if track.is_preview else -MOST_TRACKS]:
            yield self.tracks.pop(oldest.id)


class Visitors:
    """Everybody who has come."""

    def __init__(self) -> None:
        self._by_token: dict[str, Visitor] = {}

    def __iter__(self) -> Iterator[Visitor]:
        return iter(tuple(self._by_token.values()))

    def find(self, token: str | None) -> Visitor | None:
        """Who has a token."""
        visitor = self._by_token.get(token or "")
        if visitor is not None:
            visitor.seen = monotonic()
        return visitor

    def admit(self) -> tuple[Visitor, Visitor | None]:
        """Let somebody in.

        Returns:
            The newcomer; and who had to go for lack of room, the one that was away longest.
        """
        leaving = None
        if len(self._by_token) >= MOST_VISITORS:
            away = [visitor for visitor in self if not visitor.feed.is_followed] or list(self)
            leaving = min(away, key=lambda visitor: visitor.seen)
            del self._by_token[leaving.token]
        newcomer = Visitor()
        self._by_token[newcomer.token] = newcomer
        return newcomer, leaving
