"""Checks of the voices that an engine lists."""

# ruff: noqa: S101  # pytest turns these into failures with their values
from __future__ import annotations

import socket
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from utterly.context import Context

if TYPE_CHECKING:
    from utterly.testing.contract.engine import EngineUnderTest


class VoiceChecks:
    """Voices that a caller can name, and that the chain can choose from."""

    def test_voice_ids_are_unique(self, tested: EngineUnderTest) -> None:
        """An id names one voice."""
        counted = Counter(voice.id for voice in tested.voices())
        repeated = [voice for voice, times in counted.items() if times > 1]

        assert not repeated, (
            f"voices() lists {repeated} more than once: give each voice an id of its own"
        )

    def test_voice_ids_can_be_written(self, tested: EngineUnderTest) -> None:
        """An id stands after the colon of `engine:id`, also on a command line."""
        odd = [voice.id for voice in tested.voices() if not _is_plain(voice.id)]

        assert not odd, f"voice ids {odd} cannot be written as engine:id: no colon, no white space"

    def test_voices_have_languages(self, tested: EngineUnderTest) -> None:
        """A voice without a language is never chosen."""
        mute = [voice.id for voice in tested.voices() if not voice.languages]

        assert not mute, f"voices {mute} have no language: give each one at least one"

    def test_languages_have_voices(self, tested: EngineUnderTest) -> None:
        """The engine has a voice for every language it claims."""
        empty = [tag for tag in tested.info.languages if not tested.has_voice_for(tag)]

        assert not empty, (
            f"describe() lists the languages {empty} and voices() has no voice for them:"
            " take them out, or add voices"
        )

    def test_voices_are_listed_offline(
        self, tested: EngineUnderTest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Listing voices needs no network."""
        monkeypatch.setattr(socket.socket, "connect", _refuse)
        monkeypatch.setattr(socket, "getaddrinfo", _refuse)
        try:
            tested.voices(Context(offline=True))
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the same advice
            pytest.fail(
                f"voices() fails offline with {type(error).__name__}: ship the list with the"
                " plugin, and ask the network only where context.refresh is set",
                pytrace=False,
            )


def _is_plain(voice: str) -> bool:
    return bool(voice) and ":" not in voice and not any(map(str.isspace, voice))


def _refuse(*_arguments: Any, **_options: Any) -> None:
    raise OSError("no network: this is a check of voices() offline")
