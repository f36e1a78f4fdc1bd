"""The voices of one engine, listed once."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import Any

from utterly.cancellation import Cancellation
from utterly.engine.deadlines import Deadline
from utterly.engine.hooks import EngineHooks
from utterly.engine_info import Voice
from utterly.errors import EngineDefectError


class VoiceList:
    """Asks an engine for its voices when they are first needed.

    Args:
        hooks: The engine's.
        seconds: How long it may take.
    """

    def __init__(self, hooks: EngineHooks, seconds: float) -> None:
        self._hooks = hooks
        self._seconds = seconds
        self.forget()

    def forget(self) -> None:
        """Begin anew, as after a fork."""
        self._asking = Lock()
        self._voices: tuple[Voice, ...] | None = None

    @property
    def is_known(self) -> bool:
        """Whether the engine need not be asked."""
        return self._voices is not None

    def get(self, *, refresh: bool = False) -> tuple[Voice, ...]:
        """The voices, `default` alone of an engine that lists none.

        Args:
            refresh: Ask again, over the network if the engine does so.

        Raises:
            EngineError: The hook failed; `StageTimeoutError` where it takes too long.
        """
        if self._voices is None or refresh:
            self._voices = self._ask(refresh) if self._hooks.has("voices") else self._only_voice()
        return self._voices

    def _ask(self, refresh: bool) -> tuple[Voice, ...]:
        deadline = Deadline.after("ensure_model", self._seconds)
        # Given back only when the hook is truly over: a hung one is not called once more.
        if not self._asking.acquire(timeout=deadline.left()):
            raise deadline.exceeded()
        with Cancellation().branch() as own:
            call = self._hooks.start(
                "voices",
                own,
                yields=True,
                refresh=refresh,
                deadline=deadline.at,
                on_end=self._asking.release,
            )
            engine = self._hooks.engine
            return tuple(check_voice(voice, engine) for voice in call.items(lambda: deadline))

    def _only_voice(self) -> tuple[Voice, ...]:
        info = self._hooks.info
        return (Voice("default", info.languages, info.title, engine=self._hooks.engine),)


def check_voice(voice: Any, engine: str) -> Voice:
    """A voice as it should be, stamped with its engine.

    Raises:
        EngineDefectError: It is not.
    """
    if not isinstance(voice, Voice):
        kind = type(voice).__name__
        raise EngineDefectError(f"voices() gave {kind}, not Voice", original="TypeError")
    facts: tuple[Any, Any] = (voice.id, voice.languages)
    voice_id, languages = facts
    texts = (voice_id, *languages) if isinstance(languages, tuple) and languages else (None,)
    if not all(isinstance(text, str) for text in texts):
        raise EngineDefectError(
            "voices() gave a voice whose id is no text or whose languages are no tuple of some",
            original="TypeError",
        )
    return replace(voice, engine=engine)
