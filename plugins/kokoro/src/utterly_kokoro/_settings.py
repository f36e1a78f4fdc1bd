"""What a user may set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

MODEL_SIZE = 363_000_000
"""Bytes of what is fetched, about: the weights 327 MB, each voice half a MB, the pipeline 8 MB."""

REPOSITORY = "hexgrad/Kokoro-82M"
REVISION = "f3ff3571791e39611d31c381e3a41a3af07b4987"
SPACY_REPOSITORY = "spacy/en_core_web_sm"
SPACY_REVISION = "8fb6f8155286360bf5486fe399e2738d1df7ded2"
"""Version 3.7.1, of 21 November 2023."""


@dataclass(frozen=True, slots=True)
class KokoroSettings:
    """Settings of the engine.

    Attributes:
        model_dir: The folder with `config.json`, `kokoro-v1_0.pth` and `voices`, or the one that
            holds it as `kokoro_models/Kokoro-82M`; what is missing in it is fetched. Left out, it
            is the cache that all tools of Hugging Face share.
        repository: Where the hub has the model.
        revision: Its whole commit.
        checksums: A file as `sha256sum` writes it, for a model other than hexgrad's: which files it
            has, and what they should be. Without it, the hub's word counts for another repository
            or revision, and is recorded.
        device: `"auto"` is CUDA where there is a card, else the processor.
        dtype: `"auto"` is `"bfloat16"` where the processor can multiply such numbers, else
            `"float32"`. Only the decoder computes in `"bfloat16"`; what decides about durations
            never does.
        decoder: `"auto"` is the fastest that can be had on a processor: `"compiled"` where there is
            a C++ compiler, else `"uncompiled"`. `"library"` is that of the kokoro library as it is.
        spacy_model: The folder of a spaCy pipeline for English, in place of `en_core_web_sm`.
        spacy_repository: Where the hub has that pipeline; empty to do without.
        spacy_revision: Its whole commit.
    """

    model_dir: Path | None = None
    repository: str = REPOSITORY
    revision: str = REVISION
    checksums: Path | None = None
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    dtype: Literal["auto", "float32", "bfloat16"] = "auto"
    decoder: Literal["auto", "compiled", "uncompiled", "library"] = "auto"
    spacy_model: Path | None = None
    spacy_repository: str = SPACY_REPOSITORY
    spacy_revision: str = SPACY_REVISION
