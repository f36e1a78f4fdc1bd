"""Dubbing a script: each cue is spoken, made to fit, and put at its time."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from utterly.audio import AudioChunk
from utterly.audio_file import check_output
from utterly.dubbing.dub import CueDubbed, Dub, DubbedCue, DubFailedError
from utterly.dubbing.fitting import Fitter
from utterly.dubbing.lines import CueLine
from utterly.dubbing.mixing import Mix
from utterly.dubbing.placing import Take, find_goal
from utterly.dubbing.script import Script
from utterly.errors import AllEnginesFailedError
from utterly.recording import record
from utterly.speech import Speech, explain

if TYPE_CHECKING:
    from utterly.audio import Samples
    from utterly.casting import Line
    from utterly.narration import Narration


class Dubbing:
    """One script on its way to a track.

    Args:
        script: What is dubbed.
        lines: Of the script, in order.
        unknown_speakers: Names in the script that are no persona's.
        narration: The request, around whose attempts the fitter is.
        fitter: Makes each line fit.
    """

    def __init__(
        self,
        script: Script,
        lines: Sequence[CueLine],
        unknown_speakers: tuple[str, ...],
        narration: Narration,
        fitter: Fitter,
    ) -> None:
        self._script = script
        self._lines = lines
        self._unknown_speakers = unknown_speakers
        self._narration = narration
        self._rate = narration.plan.sample_rate
        self._fitter = fitter
        self._mix = Mix(self._rate, round(script.end * self._rate))
        self._take: Take | None = None
        self._spoken: dict[int, DubbedCue] = {}
        self._frames = 0

    def run(self) -> Dub:
        """Speak all of it.

        Raises:
            OutputError: The file cannot be written.
            DubFailedError: No engine could speak a cue, and the policy does not skip it.
            RequestCancelledError: The request was cancelled.
        """
        output = self._narration.output
        if output is not None:
            check_output(output, self._script.end)
        with closing(self._chunks()) as chunks:
            if output is not None:
                return self._dub(record(output, self._rate, chunks, self._speech))
            return self._dub(self._collect(chunks))

    def _collect(self, chunks: Iterator[AudioChunk]) -> Speech:
        """Keep the track in memory."""
        pieces = [np.empty(0, np.float32)]
        try:
            pieces.extend(chunk.samples for chunk in chunks)
        except DubFailedError as error:
            error.speech = replace(error.speech, samples=np.concatenate(pieces))
            raise
        return replace(self._speech(), samples=np.concatenate(pieces))

    def _chunks(self) -> Generator[AudioChunk, None, None]:
        """The track from its beginning to its end, or to where the speaking broke off."""
        for number, samples in enumerate(self._blocks()):
            self._frames += len(samples)
            yield AudioChunk(samples, self._rate, number, "")

    def _blocks(self) -> Iterator[Samples]:
        try:
            yield from self._speak()
        except GeneratorExit:
            raise
        except BaseException as error:  # nothing that was spoken is lost
            yield from self._end_cue()
            yield from self._mix.break_off()
            if isinstance(error, AllEnginesFailedError):
                raise self._failure(error) from error.__cause__
            raise
        yield from self._mix.finish()

    def _speak(self) -> Iterator[Samples]:
        """Speak the lines; what is final of the track comes out."""
        orchestrator = self._narration.orchestrator
        with closing(orchestrator.speak(self._aimed_lines(), len(self._lines))) as chunks:
            for chunk in chunks:
                line = self._lines[chunk.segment]
                if self._take is None or self._take.line.cue is not line.cue:
                    yield from self._end_cue()
                    self._take = Take(line, chunk.segment, self._rate)
                self._take.add(chunk, self._fitter.stretch)
        yield from self._end_cue()

    def _aimed_lines(self) -> Iterator[Line]:
        """The lines, each when the one before it is spoken: then it is known what time is left."""
        for line in self._lines:
            take = self._take
            elapsed = take.seconds if take and take.line.cue is line.cue else 0.0
            self._fitter.goal = find_goal(line, elapsed)
            yield line.line

    def _end_cue(self) -> Iterator[Samples]:
        """All of a cue is spoken, or all that ever will be: put it on the track."""
        take, self._take = self._take, None
        if take is None:
            return
        plan = self._narration.plan
        cue = take.report(self._narration.orchestrator.speech().segments)
        self._spoken[cue.number] = cue
        yield from self._mix.add(round(cue.start * self._rate), take.samples())
        plan.emit(
            CueDubbed(
                plan.number,
                cue=cue.number,
                start=cue.start,
                end=cue.segments[-1].end,
                engine=cue.engine,
                voice=cue.voice,
                stretch=cue.stretch,
                overrun=cue.overrun,
            )
        )

    def _speech(self) -> Speech:
        """The track so far, its samples left out."""
        speech = self._narration.orchestrator.speech()
        placed = tuple(s for cue in self._spoken.values() for s in cue.segments)
        return replace(speech, segments=placed, frames=self._frames)

    def _dub(self, speech: Speech, cues: int | None = None) -> Dub:
        """The result.

        Args:
            speech: The track.
            cues: How many of the script's cues there are in it, all of them by default.
        """
        told = tuple(
            self._spoken.get(cue.number, DubbedCue(cue.number, cue.start, cue.end))
            for cue in self._script.cues[:cues]
        )
        return Dub(speech, told, self._script.repairs, self._unknown_speakers)

    def _failure(self, error: AllEnginesFailedError) -> DubFailedError:
        """The same for a user who knows cues and lines of a file."""
        cue = self._lines[len(error.speech.segments)].cue
        return DubFailedError(
            f"no engine could speak cue {cue.number}, in line {cue.line} of the file"
            f" ({explain(error.attempts)})",
            attempts=error.attempts,
            dub=self._dub(self._speech(), cue.number - 1),
        )
