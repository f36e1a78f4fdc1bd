"""Wherever the service says nothing any more, the engine's own deadline ends the wait."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Event
from threading import enumerate as enumerate_threads
from time import monotonic
from typing import Any

import pytest
from tests.faults.waiting import wait_until
from tests.servers.edge import EdgeServer

from utterly import Secret, Speaker, StageTimeoutError

DEADLINE = 1
"""Seconds, from the connection to the first word of the answer."""

SPARE = 4.0
"""Seconds that a busy machine may take beyond it; core waits for more than twice as many."""

REAL_LOOKUP = socket.getaddrinfo


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of somebody who takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def unreachable() -> Iterator[str]:
    """The address of somebody who does not even take connections, as behind a firewall."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        address = listener.getsockname()
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(address)
        yield f"127.0.0.1:{address[1]}"


@pytest.fixture
def lost_name(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A host whose name is looked up without an end."""
    found = Event()

    def look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        if host == "speech.invalid":
            found.wait()
            raise socket.gaierror(socket.EAI_AGAIN, "try again")
        return REAL_LOOKUP(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield "speech.invalid"
    found.set()


def _speak(settings: dict[str, Any]) -> tuple[str, float, str]:
    """Speak a sentence: what became of Edge's attempt, after how long, and who spoke."""
    with Speaker(["edge", "espeak"], settings={"edge": settings}) as speaker:
        speech = speaker.say("One sentence, and no more.")
    failed = speech.segments[0].attempts[0]
    return failed.error, failed.seconds, ",".join(speech.engines)


@pytest.mark.parametrize("place", ["silent", "unreachable", "lost_name"])
def test_hang_on_the_way_ends_at_the_deadline(
    server: EdgeServer, request: pytest.FixtureRequest, place: str
) -> None:
    """In the look-up of the name, the connection, or the handshake of TLS."""
    address: str = request.getfixturevalue(place)
    error, seconds, engines = _speak(server.settings(endpoint=address, answer_seconds=DEADLINE))

    assert ("StageTimeoutError", "espeak") == (error, engines)
    assert DEADLINE <= seconds < DEADLINE + SPARE


def test_hang_of_a_proxy_ends_at_the_deadline(server: EdgeServer, silent: str) -> None:
    """It takes the connection, and never answers CONNECT."""
    settings = server.settings(proxy=Secret(f"http://{silent}"), answer_seconds=DEADLINE)
    error, seconds, engines = _speak(settings)

    assert ("StageTimeoutError", "espeak") == (error, engines)
    assert DEADLINE <= seconds < DEADLINE + SPARE


@pytest.mark.parametrize(
    "fault", ["handshake_hang", "hang_after_start", "hang_mid_stream", "hang_before_end"]
)
def test_hang_of_the_service_ends_at_the_deadline(server: EdgeServer, fault: str) -> None:
    """At any point of the answer; no thread of the engine's is left."""
    before = set(enumerate_threads())
    server.fail(fault)
    settings = server.settings(answer_seconds=DEADLINE, idle_seconds=float(DEADLINE))
    error, seconds, engines = _speak(settings)

    assert ("StageTimeoutError", "espeak") == (error, engines)
    assert DEADLINE <= seconds < DEADLINE + SPARE
    wait_until(lambda: not any("edge-loop" in t.name for t in set(enumerate_threads()) - before))


def test_hang_of_the_list_ends_at_the_deadline(server: EdgeServer) -> None:
    """Nor does the look-up of a name hold up who refreshes it."""
    server.fail("list_hang")
    began = monotonic()
    settings = server.settings(answer_seconds=DEADLINE)
    with Speaker("edge", settings={"edge": settings}) as speaker, pytest.raises(StageTimeoutError):
        speaker.voices("edge", refresh=True)

    assert DEADLINE <= monotonic() - began < DEADLINE + SPARE
