"""A hub on loopback that speaks the protocol of huggingface.co, and fails as it is told to.

The hub answers metadata on 127.0.0.1 and sends large files from a second origin, `localhost` at
another port, as the real one sends them from a CDN. By hand, with a folder to serve::

    python -m tests.servers.hub FOLDER --repository hexgrad/Kokoro-82M --fault cut-at-half
"""

from __future__ import annotations

from tests.servers.hub.content import COMMIT, Content
from tests.servers.hub.server import Fault, Hub

__all__ = ["COMMIT", "Content", "Fault", "Hub"]
