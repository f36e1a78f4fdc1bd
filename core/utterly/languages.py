"""Which language fits which: BCP 47 tags, compared by their leading subtags (RFC 4647)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from utterly.engine_info import Voice


def match_language(wanted: str, offered: str) -> int:
    """Rate how well a language that is offered serves the one that is wanted.

    Returns:
        3 for the same, 2 where the offer is wider (`en` for `en-US`), 1 where it is another
        variety (`en-GB` for `en-US`), 0 where it is another language.
    """
    wanted_tags = _subtags(wanted)
    offered_tags = _subtags(offered)
    if wanted_tags == offered_tags:
        return 3
    if wanted_tags[: len(offered_tags)] == offered_tags:
        return 2
    return 1 if wanted_tags[0] == offered_tags[0] else 0


def best_match(wanted: str, offered: Iterable[str]) -> int:
    """Rate the best of several languages; 0 where none serves."""
    return max((match_language(wanted, language) for language in offered), default=0)


def default_voice(voices: Sequence[Voice], language: str) -> Voice | None:
    """Pick the voice that serves a language best, the first of equals; `None` where none does."""
    best = max(voices, key=lambda voice: best_match(language, voice.languages), default=None)
    return best if best is not None and best_match(language, best.languages) else None


def _subtags(language: str) -> list[str]:
    return language.lower().replace("_", "-").split("-")
