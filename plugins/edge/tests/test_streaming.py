"""Audio as it comes, and an end to it at any time."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from socket import socket
from typing import Any

import pytest
from tests.servers.connections import watch_connections
from tests.servers.edge import EdgeServer
from tests.servers.proxy import Proxy

import utterly_edge
from utterly import Context, Secret, Speaker, SpeechRequest, StageTimeoutError
from utterly_edge._messages import messages

LONG = " ".join(f"Word{number}" for number in range(60)) + "."


def _model(server: EdgeServer, **more: Any) -> Any:
    settings = utterly_edge.EdgeSettings(**server.settings(**more))
    return utterly_edge.load("edge", settings, Context())


async def _first(server: EdgeServer) -> float:
    """Seconds of the first audio, of a synthesis that is then left alone."""
    request = SpeechRequest(LONG)
    async with aclosing(utterly_edge.synthesize(_model(server), request, Context())) as audio:
        return (await anext(audio)).duration


def test_first_audio_does_not_wait_for_the_rest(server: EdgeServer) -> None:
    """The server sends the second half only after the first was heard."""
    server.fail("pause_mid_stream")
    with (
        Speaker("edge", settings={"edge": server.settings()}) as speaker,
        speaker.stream(LONG) as stream,
    ):
        before = next(stream).duration
        server.go_on.set()
        rest = sum(chunk.duration for chunk in stream)

    assert 0 < before < rest
    assert "complete" == stream.speech.status


@pytest.mark.parametrize(
    "fault", ["hang_mid_stream", "pause_mid_stream", "hang_before_end", "early_turn_end"]
)
def test_leaving_early_closes_the_connection(server: EdgeServer, fault: str) -> None:
    """At once, also where the other side does not answer: no task is left."""
    server.fail(fault)

    async def leave() -> set[asyncio.Task[Any]]:
        await asyncio.wait_for(_first(server), 10)
        return asyncio.all_tasks() - {asyncio.current_task()}

    assert set() == asyncio.run(leave())


def test_cancelling_closes_the_connection(server: EdgeServer) -> None:
    """A cancelled task ends although the service says nothing."""
    server.fail("hang_after_start")

    async def cancel() -> set[asyncio.Task[Any]]:
        task = asyncio.create_task(_first(server))
        await asyncio.to_thread(server.heard.wait, 10)
        task.cancel()
        await asyncio.wait([task], timeout=5)
        assert task.cancelled()
        return asyncio.all_tasks() - {asyncio.current_task()}

    assert set() == asyncio.run(cancel())


def test_leaving_does_not_wait_for_a_dead_connection(server: EdgeServer) -> None:
    """TLS would be closed politely, half a minute long; the other side may be gone for good."""
    server.fail("pause_mid_stream")
    with watch_connections() as connections, Proxy() as proxy:

        async def leave() -> None:
            model = _model(server, proxy=Secret(proxy.address))
            request = SpeechRequest(LONG)
            async with aclosing(utterly_edge.synthesize(model, request, Context())) as audio:
                await anext(audio)
                proxy.frozen.set()
            ours = [each for each in connections.open if _leads_to(each, proxy)]
            assert [] == ours

        asyncio.run(asyncio.wait_for(leave(), 25))


def _leads_to(connection: socket, proxy: Proxy) -> bool:
    return proxy.address.endswith(f":{connection.getpeername()[1]}")


def test_source_that_resists_is_stopped() -> None:
    """Closing politely may wait for the other side: the second cancellation ends that."""
    closed = asyncio.Event()

    async def stubborn() -> Any:
        try:
            yield "first"
            await asyncio.Event().wait()
        finally:
            try:
                await asyncio.sleep(60)
            finally:
                closed.set()

    async def read() -> bool:
        stream = messages(stubborn(), 5, 0.05)
        with pytest.raises(StageTimeoutError, match="sent nothing"):
            _all = [message async for message in stream]
        return closed.is_set()

    assert asyncio.run(asyncio.wait_for(read(), 10))


def test_threads_do_not_share_a_connection(server: EdgeServer) -> None:
    """One turn, one connection, as the service wants it."""
    with Speaker("edge", settings={"edge": server.settings()}) as speaker:
        speaker.say("One here. Two there. Three elsewhere.")

    assert 3 == server.connections == len(server.spoken)
