"""Checks that an engine says no with the right error, so that the next one takes over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from utterly.errors import UnsupportedError
from utterly.request import SpeechRequest

if TYPE_CHECKING:
    from utterly.testing.contract.engine import EngineUnderTest, Loaded

UNKNOWN_VOICE = "no-such-voice"
UNKNOWN_LANGUAGE = "x-none"


class ErrorChecks:
    """What an engine does not have is an `UnsupportedError`."""

    def test_unknown_voice_is_unsupported(self, tested: EngineUnderTest, loaded: Loaded) -> None:
        """Another voice in its place would be a substitution that nobody sees."""
        if not tested.voices():
            pytest.skip("the engine lists no voices, so it is asked for 'default' alone")
        _expect_unsupported(loaded, tested.request(voice=UNKNOWN_VOICE), "an unknown voice")

    def test_unknown_language_is_unsupported(self, tested: EngineUnderTest, loaded: Loaded) -> None:
        """Text read out in the wrong language is worse than the next engine."""
        request = SpeechRequest(tested.sentence(), language=UNKNOWN_LANGUAGE)
        _expect_unsupported(loaded, request, "a language that it does not list")


def _expect_unsupported(loaded: Loaded, request: SpeechRequest, what: str) -> None:
    try:
        loaded.speak(request)
    except UnsupportedError:
        return
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the same advice
        outcome = f"raises {type(error).__name__} for"
    else:
        outcome = "speaks with"
    pytest.fail(f"synthesize() {outcome} {what}: raise utterly.UnsupportedError", pytrace=False)
