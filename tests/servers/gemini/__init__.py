"""A stand-in for the Gemini API on this machine, as far as it speaks.

It answers the real library over real sockets, in the shapes that `google-genai` was measured
against, and fails as it is told. What it says is the coded tone of the text, which
`utterly.testing.hear` reads back. `README.md` lists the faults; by hand it starts with
`python -m tests.servers.gemini`.
"""

from __future__ import annotations

from tests.servers.gemini.answers import API_KEY
from tests.servers.gemini.faults import FAULTS, STREAM_FAULTS
from tests.servers.gemini.request import Received
from tests.servers.gemini.server import GeminiServer

__all__ = ["API_KEY", "FAULTS", "STREAM_FAULTS", "GeminiServer", "Received"]
