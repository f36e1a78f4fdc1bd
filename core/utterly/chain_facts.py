"""What all engines of a chain can do: how much text at once, and which languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from utterly.detection import detect_language
from utterly.engine.session import EngineSession
from utterly.errors import EngineError
from utterly.languages import best_match

DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class ChainFacts:
    """What is known of a chain before anybody speaks.

    Attributes:
        longest_segment: Most characters that every engine takes at once; `None` for no limit.
        languages: All that any of them speaks.
    """

    longest_segment: int | None
    languages: tuple[str, ...]

    @classmethod
    def gather(
        cls, chain: Sequence[str], open_session: Callable[[str], EngineSession]
    ) -> ChainFacts:
        """Ask every engine that can be had; the others will not speak, and set no limit."""
        infos = []
        for name in chain:
            try:
                infos.append(open_session(name).info)
            except EngineError:
                continue  # told when its turn comes
        limits = [info.longest_segment for info in infos if info.longest_segment is not None]
        spoken = dict.fromkeys(language for info in infos for language in info.languages)
        return cls(min(limits, default=None), tuple(spoken))

    def choose_language(self, text: object) -> str:
        """The language of a text that is there at once, where an engine speaks it.

        Text that arrives in pieces is not waited for.
        """
        if not isinstance(text, str) or self._only_default():
            return DEFAULT_LANGUAGE
        detected = detect_language(text)
        return detected if detected and best_match(detected, self.languages) else DEFAULT_LANGUAGE

    def _only_default(self) -> bool:
        return all(best_match(DEFAULT_LANGUAGE, [language]) for language in self.languages)
