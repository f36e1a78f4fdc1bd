"""A server on this machine that speaks the protocol of Edge's read-aloud service, and its faults.

It is written against what `edge-tts` 7.3 sends and expects. What a text says is a row of tones, one
for each word, so that a test can hear which words came, and when::

    with EdgeServer() as server:
        settings = server.settings()       # for the engine `edge`
        server.fail("close_mid_stream", times=1)

`python -m tests.servers.edge` runs one by hand.
"""

from __future__ import annotations

from tests.servers.edge.faults import FAULTS, LIST_FAULTS
from tests.servers.edge.server import EdgeServer
from tests.servers.edge.tones import HeardTone, hear_tones, pitch_of, spoken_words

__all__ = [
    "FAULTS",
    "LIST_FAULTS",
    "EdgeServer",
    "HeardTone",
    "hear_tones",
    "pitch_of",
    "spoken_words",
]
