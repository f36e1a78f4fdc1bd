"""What is done about failures: plain decisions over values, without waiting or asking anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from utterly.errors import ContentRejectedError, EngineError


@dataclass(frozen=True, slots=True)
class Policy:
    """How failures are handled.

    Attributes:
        on_unsupported: What to do when a feature is asked of an engine that lacks it: `"next"` lets
            the next engine speak, `"ignore"` drops the feature with a notice.
        on_rejected: What to do with text that an engine refuses to speak: `"raise"`, or let the
            `"next"` engine speak it.
    """

    on_unsupported: Literal["next", "ignore"] = "next"
    on_rejected: Literal["raise", "next"] = "raise"

    def tries_next(self, error: EngineError) -> bool:
        """Whether the next engine is to try the segment that this one failed to speak."""
        return self.on_rejected == "next" or not isinstance(error, ContentRejectedError)
