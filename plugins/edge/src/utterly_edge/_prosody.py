"""Speed, pitch and volume in the notation of the service.

All that goes into the message is made of numbers here, so nothing can be slipped into its markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from utterly import SpeechRequest, Voice

_FUNDAMENTAL = {"female": 200.0, "male": 120.0}
"""Hz. The service moves the pitch by Hz and does not tell where a voice is: ordinary values."""

_BETWEEN = 155.0


@dataclass(frozen=True, slots=True)
class Prosody:
    """How the service is to speak.

    Attributes:
        rate: Change in per cent, -50 to 100.
        pitch: Change in Hz.
    """

    rate: int
    pitch: int

    @classmethod
    def of(cls, request: SpeechRequest, voice: Voice) -> Prosody:
        """The prosody that a request asks for; what is beyond the limits is brought to them."""
        speed = min(max(request.speed, 0.5), 2.0)
        semitones = min(max(request.pitch, -12.0), 12.0)
        fundamental = _FUNDAMENTAL.get(voice.gender, _BETWEEN)
        return cls(round(100 * (speed - 1)), round(fundamental * (2 ** (semitones / 12) - 1)))

    def arguments(self) -> dict[str, str]:
        """As the library takes them; volume is ours, since the service cannot raise it."""
        return {"rate": f"{self.rate:+d}%", "pitch": f"{self.pitch:+d}Hz", "volume": "+0%"}
