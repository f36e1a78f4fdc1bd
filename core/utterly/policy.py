"""How failures are handled, as one value; what is decided from it is in `decisions`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Policy:
    """How long to wait, how often to try, and what to do when nothing helps.

    All times are in seconds, and run only while the engine owes something.

    Attributes:
        queue_seconds: For a turn at an engine that is busy with other requests.
        prepare_seconds: For `ensure_model` without progress.
        load_seconds: For `load`.
        first_audio_cloud_seconds: From the call of a cloud engine to its first audio.
        first_audio_local_seconds: The same of a local engine. Engines that do not stream get four
            times the estimated audio, at the speed seen so far, on top.
        stall_seconds: Between two pieces of audio. Engines that do not stream get four times what
            they have taken so far on top.
        attempt_seconds: For one attempt's audio in all.
        unload_seconds: How long a request waits for a model to be given back after it.
        hold_back_seconds: Audio kept in hand while streaming, so that most failures cost nothing.
        live_retries: Tries again of a `TransientEngineError` while streaming, when nobody else is
            healthy.
        buffered_retries: The same where no one is listening yet.
        retry_seconds: How long such tries may take together.
        counted_failures: How many of them, within `counted_seconds`, open the circuit.
        counted_seconds: See there.
        open_seconds: How long a circuit stays open at first; it doubles with each failed trial.
        longest_open_seconds: Where the doubling ends.
        prepare: While a model is being fetched and loaded: `"wait"` for it, or do so in the
            `"background"` while the next engine speaks; where none of the chain is ready, who is
            first speaks.
        switch_back: When the first healthy engine of the chain gets its turn again after another
            stood in: with the next `"paragraph"`, the next `"segment"`, or `"never"`.
        on_failure: When nobody can speak a segment: `"raise"`, or `"skip"` it with silence.
        on_unsupported: When an engine lacks a feature that is asked for: let the `"next"` one
            speak, or `"ignore"` the feature with a notice.
        on_rejected: When an engine refuses the text: `"raise"`, or let the `"next"` one speak.
    """

    queue_seconds: float = 10.0
    prepare_seconds: float = 20.0
    load_seconds: float = 120.0
    first_audio_cloud_seconds: float = 10.0
    first_audio_local_seconds: float = 20.0
    stall_seconds: float = 10.0
    attempt_seconds: float = 120.0
    unload_seconds: float = 10.0
    hold_back_seconds: float = 0.25
    live_retries: int = 1
    buffered_retries: int = 2
    retry_seconds: float = 20.0
    counted_failures: int = 3
    counted_seconds: float = 60.0
    open_seconds: float = 5.0
    longest_open_seconds: float = 300.0
    prepare: Literal["wait", "background"] = "wait"
    switch_back: Literal["paragraph", "segment", "never"] = "paragraph"
    on_failure: Literal["raise", "skip"] = "raise"
    on_unsupported: Literal["next", "ignore"] = "next"
    on_rejected: Literal["raise", "next"] = "raise"
