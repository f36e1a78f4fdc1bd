"""Ways for the tests to have the engine speak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from plugins.kokoro.tests.checkpoint import compute_sums

import utterly_kokoro
from utterly import Audio, Context, SpeechRequest, Word
from utterly_kokoro import KokoroSettings
from utterly_kokoro._engine import Kokoro


@dataclass(frozen=True)
class Spoken:
    """Everything that came of one request."""

    chunks: list[Audio]

    @property
    def samples(self) -> NDArray[np.float32]:
        """All of it, `[frames]`."""
        return np.concatenate([np.zeros(0, np.float32), *(chunk.samples for chunk in self.chunks)])

    @property
    def words(self) -> list[Word]:
        """All of them, in order."""
        return [word for chunk in self.chunks for word in chunk.words]

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.samples) / 24_000


def write_sums(path: Path, sums: Mapping[str, str]) -> Path:
    """Write checksums as `sha256sum` does."""
    path.write_text("".join(f"{checksum}  {name}\n" for name, checksum in sums.items()), "utf-8")
    return path


def settings_for(folder: Path, sums: Path, **values: Any) -> KokoroSettings:
    """Settings for a model, whose files are what they should be; spaCy is not asked for."""
    write_sums(sums, compute_sums(folder))
    values = {"spacy_repository": "", **values}
    return KokoroSettings(model_dir=folder, checksums=sums, **values)


def load(settings: KokoroSettings) -> Kokoro:
    """Load the engine as core does."""
    files = utterly_kokoro.ensure_model(settings, Context())
    return utterly_kokoro.load(settings, files, Context())


def say(model: Kokoro, text: str, **request: Any) -> Spoken:
    """Speak a text to the end."""
    request = {"voice": "af_heart", **request}
    return Spoken(list(utterly_kokoro.synthesize(model, SpeechRequest(text, **request), Context())))
