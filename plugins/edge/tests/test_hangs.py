"""Wherever the service says nothing any more, the engine's own deadline ends the wait."""

from __future__ import annotations

from threading import enumerate as enumerate_threads
from time import monotonic
from typing import Any

import pytest
from tests.faults.waiting import wait_until
from tests.servers.edge import EdgeServer
from tests.servers.nobody import NOBODY, silent

from utterly import Secret, Speaker, StageTimeoutError

DEADLINE = 1
"""Seconds, from the connection to the first word of the answer."""

SPARE = 4.0
"""Seconds that a busy machine may take beyond it; core waits for more than twice as many."""


def _speak(settings: dict[str, Any]) -> tuple[str, float, str]:
    """Speak a sentence: what became of Edge's attempt, after how long, and who spoke."""
    with Speaker(["edge", "espeak"], settings={"edge": settings}) as speaker:
        speech = speaker.say("One sentence, and no more.")
    failed = speech.segments[0].attempts[0]
    return failed.error, failed.seconds, ",".join(speech.engines)


@pytest.mark.parametrize("nobody", NOBODY)
def test_hang_on_the_way_ends_at_the_deadline(server: EdgeServer, nobody: str) -> None:
    """In the look-up of the name, the connection, or the handshake of TLS."""
    with NOBODY[nobody]() as address:
        settings = server.settings(endpoint=address, answer_seconds=DEADLINE)
        error, seconds, engines = _speak(settings)

    assert ("StageTimeoutError", "espeak") == (error, engines)
    assert DEADLINE <= seconds < DEADLINE + SPARE


def test_hang_of_a_proxy_ends_at_the_deadline(server: EdgeServer) -> None:
    """It takes the connection, and never answers CONNECT."""
    with silent() as address:
        settings = server.settings(proxy=Secret(f"http://{address}"), answer_seconds=DEADLINE)
        error, seconds, engines = _speak(settings)

    assert ("StageTimeoutError", "espeak") == (error, engines)
    assert DEADLINE <= seconds < DEADLINE + SPARE


@pytest.mark.parametrize(
    "fault", ["handshake_hang", "hang_after_start", "hang_mid_stream", "hang_before_end"]
)
def test_hang_of_the_service_ends_at_the_deadline(server: EdgeServer, fault: str) -> None:
    """At any point of the answer, and no thread of the engine's is left."""
    before = set(enumerate_threads())
    server.fail(fault)
    settings = server.settings(answer_seconds=DEADLINE, idle_seconds=float(DEADLINE))
    error, seconds, engines = _speak(settings)

    assert ("StageTimeoutError", "espeak") == (error, engines)
    assert DEADLINE <= seconds < DEADLINE + SPARE
    wait_until(lambda: not any("edge-loop" in t.name for t in set(enumerate_threads()) - before))


def test_hang_of_the_list_ends_at_the_deadline(server: EdgeServer) -> None:
    """Who refreshes it does not wait for ever."""
    server.fail("list_hang")
    began = monotonic()
    settings = server.settings(answer_seconds=DEADLINE)
    with Speaker("edge", settings={"edge": settings}) as speaker, pytest.raises(StageTimeoutError):
        speaker.voices("edge", refresh=True)

    assert DEADLINE <= monotonic() - began < DEADLINE + SPARE
