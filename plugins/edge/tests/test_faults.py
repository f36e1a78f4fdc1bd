"""Every fault of the service is told from success, and by its right name."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from edge_tts.drm import DRM
from plugins.edge.tests.table import EXPECTED, NO_ERRORS
from tests.servers.edge import FAULTS, EdgeServer

from utterly import (
    EngineUnavailableError,
    InvalidAudioError,
    RateLimitedError,
    TransientEngineError,
    UnsupportedError,
)

TEXT = "One quick brown fox jumps over the lazy dog near the river bank."


def test_log_in_page_is_named(say: Any, server: EdgeServer) -> None:
    """The user of a hotel's network knows what to do then."""
    server.fail("web_page")
    with pytest.raises(InvalidAudioError, match="log-in page on this network"):
        say(TEXT)


def test_every_fault_is_expected() -> None:
    """A new switch of the server needs a row in the table."""
    assert set(FAULTS) == set(EXPECTED) | NO_ERRORS


@pytest.mark.parametrize("fault", EXPECTED)
def test_fault_has_its_error(say: Any, server: EdgeServer, fault: str) -> None:
    """The class decides what happens next; the text is not in the message."""
    server.fail(fault)
    with pytest.raises(EXPECTED[fault]) as caught:
        say(TEXT)

    assert type(caught.value) is EXPECTED[fault]
    assert "fox" not in str(caught.value)


@pytest.mark.parametrize("fault", EXPECTED)
def test_engine_speaks_again_after_a_fault(say: Any, server: EdgeServer, fault: str) -> None:
    """Nothing of a failure stays with the next request."""
    server.fail(fault, times=2)
    with pytest.raises(EXPECTED[fault]):
        say(TEXT)
    server.heal()

    assert 13 == len(say(TEXT).words)


def test_clock_that_is_wrong_is_allowed_for(say: Any, server: EdgeServer) -> None:
    """The service tells its time with the refusal, and the second connection is let in."""
    server.clock = 3_600
    assert 13 == len(say(TEXT).words)

    assert 2 == server.connections
    assert 3_600 == pytest.approx(DRM.clock_skew_seconds, abs=5)


def test_correction_that_did_not_help_is_taken_back(say: Any, server: EdgeServer) -> None:
    """It may have come from anybody who stands between here and the service."""
    server.clock = 3_600
    server.fail("forbidden")
    with pytest.raises(EngineUnavailableError):
        say(TEXT)

    assert 0 == DRM.clock_skew_seconds


def test_time_to_wait_is_handed_on(say: Any, server: EdgeServer) -> None:
    """Core waits as long as the service asks for."""
    server.fail("too_many_requests")
    with pytest.raises(RateLimitedError) as caught:
        say(TEXT)

    assert 7.0 == caught.value.retry_after


def test_early_end_is_warned_of(
    say: Any, server: EdgeServer, caplog: pytest.LogCaptureFixture
) -> None:
    """The service says that it is done: only the words that are missing tell."""
    server.fail("early_turn_end")
    say(TEXT)

    assert ["the service named too few of a sentence's words: was it cut?"] == [
        record.getMessage() for record in caplog.records if "words" in record.getMessage()
    ]


def test_whole_sentence_is_not_warned_of(say: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The warning means something."""
    say(TEXT)
    warned = [record for record in caplog.records if "words" in record.getMessage()]

    assert [] == warned


def test_voice_that_is_gone_is_unsupported(say: Any, server: EdgeServer) -> None:
    """No audio, and the service's own list does not have the voice any more."""
    server.voices = [("en-US-AriaNeural", "female")]
    with pytest.raises(UnsupportedError, match="no longer has the voice en-US-GuyNeural"):
        say(TEXT, voice="en-US-GuyNeural")


@pytest.mark.parametrize("fault", ["list_error", "list_page", "list_empty", "list_hang"])
def test_list_that_cannot_be_had_changes_nothing(say: Any, server: EdgeServer, fault: str) -> None:
    """No audio is no audio then."""
    server.fail("no_audio")
    server.fail(fault)
    with pytest.raises(TransientEngineError, match="no audio"):
        say(TEXT)


def test_privacy_is_told_once(say: Any, server: EdgeServer, caplog: Any) -> None:
    """A warning says where the text goes, however often the engine is loaded."""
    with caplog.at_level(logging.WARNING):
        say("One.")
        say("Two.")

    assert [f"edge sends the text to 127.0.0.1:{server.port}"] == caplog.messages
