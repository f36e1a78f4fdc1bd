"""Edge in a chain: whatever the service does, every sentence is spoken once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from plugins.edge.tests.table import ATTEMPTS, EXPECTED, HEALTH
from tests.servers.edge import EdgeServer, hear_tones, pitch_of, spoken_words

from utterly import Policy, Speaker, Speech
from utterly.cli import main
from utterly.events import EngineHealthChanged
from utterly.testing import RecordingObserver

SENTENCES = ("The quick brown fox jumps high.", "Then it sleeps near the river.")
TEXT = " ".join(SENTENCES)


def _say(server: EdgeServer, observer: Any = None, **settings: Any) -> Speech:
    quick = server.settings(answer_seconds=2, idle_seconds=1.0, **settings)
    policy = Policy(first_audio_cloud_seconds=5.0)
    with Speaker(
        ["edge", "espeak"], settings={"edge": quick}, policy=policy, on_event=observer
    ) as speaker:
        return speaker.say(TEXT)


def _heard(speech: Speech) -> list[int]:
    return [tone.pitch for tone in hear_tones(speech.samples, speech.sample_rate)]


def test_healthy_service_speaks_every_word(server: EdgeServer) -> None:
    """Each word is heard once, in order."""
    speech = _say(server)

    assert ("edge",) == speech.engines
    assert [pitch_of(word) for word in spoken_words(TEXT)] == _heard(speech)


@pytest.mark.parametrize("fault", EXPECTED)
def test_next_engine_stands_in(server: EdgeServer, fault: str) -> None:
    """The text once, tried as often as the class of the error says, and no more of it heard."""
    server.fail(fault)
    observer = RecordingObserver()
    speech = _say(server, observer)
    first = speech.segments[0]
    kind = EXPECTED[fault]
    states = [e.state for e in observer.of(EngineHealthChanged) if e.engine == "edge"]

    assert SENTENCES == tuple(segment.text for segment in speech.segments)
    assert ("complete", ("espeak",)) == (speech.status, speech.engines)
    assert [kind.__name__] * ATTEMPTS.get(kind, 1) == [a.error for a in first.attempts[:-1]]
    assert HEALTH.get(kind) == (states[-1] if states else None)
    assert [pitch_of(word) for word in spoken_words(SENTENCES[0])][:2] != _heard(speech)[:2]


@pytest.mark.parametrize("fault", ["server_error", "no_audio", "close_mid_stream"])
def test_fault_that_passes_is_not_heard(server: EdgeServer, fault: str) -> None:
    """The second try speaks the whole sentence, and nothing of the first is left."""
    server.fail(fault, times=1)
    speech = _say(server)

    assert ("edge",) == speech.engines
    assert [pitch_of(word) for word in spoken_words(TEXT)] == _heard(speech)


def test_cloud_joins_only_where_it_is_named(server: EdgeServer) -> None:
    """By default nothing leaves the machine."""
    with Speaker(settings={"edge": server.settings()}) as speaker:
        speech = speaker.say("Stay here.")

    assert ("edge" not in speech.chain, 0) == (True, server.connections)


def test_command_tells_where_the_text_goes(
    server: EdgeServer, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Once, without being asked for details."""
    settings = [f"--set=edge.{name}={value}" for name, value in server.settings().items()]
    output = str(tmp_path / "out.wav")
    with pytest.raises(SystemExit):
        main(("say", TEXT, "--engines", "edge", *settings, "-o", output))
    told = capfd.readouterr().err.splitlines()

    assert 1 == told.count(f"utterly: edge sends the text to 127.0.0.1:{server.port}")
