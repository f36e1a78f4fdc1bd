"""What a user may set."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from utterly import Secret

HOST = "speech.platform.bing.com"
"""Where the service is (`edge_tts.constants.BASE_URL`)."""

_ENDPOINT = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class EdgeSettings:
    """Settings of the engine.

    Attributes:
        proxy: Address of an HTTP proxy, `http://host:port`, for the service alone; without it that
            of the environment (`HTTPS_PROXY`, `NO_PROXY`) or of the system.
        answer_seconds: From the connection to the first word of the answer, 1 to 60.
        idle_seconds: Between two messages of the service, 0.1 to 60.
        voice_list: File of the refreshed list of voices; by default in the user's cache.
        endpoint: Host, and port after a colon, of something that speaks like the service.
        certificate: File with the authorities to trust in place of the usual ones, for a proxy
            that looks into connections or an endpoint of one's own.
    """

    proxy: Secret | None = None
    answer_seconds: int = 8
    idle_seconds: float = 8.0
    voice_list: Path | None = None
    endpoint: str = HOST
    certificate: Path | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.answer_seconds <= 60:
            raise ValueError(f"answer_seconds is 1 to 60, not {self.answer_seconds}")
        if not 0.1 <= self.idle_seconds <= 60:
            raise ValueError(f"idle_seconds is 0.1 to 60, not {self.idle_seconds}")
        if not _ENDPOINT.fullmatch(self.endpoint):
            raise ValueError(f"endpoint is a host, or host:port, not {self.endpoint!r}")
        if self.proxy and not re.match(r"https?://[^/\s]+", self.proxy.reveal()):
            raise ValueError("proxy is http://host:port")
