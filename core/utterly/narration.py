"""A request that is settled, and lacks nothing but the text."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from utterly.audio_file import check_output
from utterly.engine.checks import expected_duration
from utterly.orchestrator import Orchestrator
from utterly.plan import RequestPlan
from utterly.recording import record
from utterly.request import SpeechRequest
from utterly.speech import Speech
from utterly.text import Segment, split_pieces, split_segments


@dataclass(frozen=True, slots=True)
class Narration:
    """A request that is ready to run.

    Attributes:
        plan: What is settled about it.
        orchestrator: Speaks it.
        output: The file to write to while it is spoken.
    """

    plan: RequestPlan
    orchestrator: Orchestrator
    output: Path | None = None

    def speak(self, text: str) -> Speech:
        """Speak all of a text, for nobody who listens yet."""
        segments = self._split(text)
        chunks = self.orchestrator.speak(segments, len(segments))
        if self.output is not None:
            check_output(self.output, expected_duration(text, self._template.speed))
            with closing(chunks):
                return record(self.output, self.plan.sample_rate, chunks, self.orchestrator.speech)
        for _chunk in chunks:
            pass  # all of it is in the result
        return self.orchestrator.speech()

    def segments(self, text: str | Iterable[str]) -> Iterable[Segment]:
        """The text's sentences."""
        if isinstance(text, str):
            return self._split(text)
        return split_pieces(text, self._template.language, self.plan.longest_segment)

    def _split(self, text: str) -> tuple[Segment, ...]:
        return split_segments(text, self._template.language, self.plan.longest_segment)

    @property
    def _template(self) -> SpeechRequest:
        return self.plan.wishes.template
