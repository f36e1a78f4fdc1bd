"""What a user may set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class KokoroSettings:
    """Settings of the engine.

    Attributes:
        model_dir: The folder with `config.json`, `kokoro-v1_0.pth` and `voices`, or one that holds
            it as `kokoro_models/Kokoro-82M`; left out, the cache of the Hugging Face hub is looked
            into.
        checksums: A file as `sha256sum` writes it, for a model other than hexgrad's: what the files
            in `model_dir` should be.
        device: `"auto"` is CUDA where there is a card, else the processor.
        dtype: `"auto"` is `"bfloat16"` where the processor can multiply such numbers, else
            `"float32"`. Only the decoder computes in `"bfloat16"`; what decides about durations
            never does.
        decoder: `"auto"` is the fastest that can be had on a processor: `"compiled"` where there is
            a C++ compiler, else `"uncompiled"`. `"library"` is that of the kokoro library as it is.
        spacy_model: The folder of a spaCy pipeline for English, in place of `en_core_web_sm`.
    """

    model_dir: Path | None = None
    checksums: Path | None = None
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    dtype: Literal["auto", "float32", "bfloat16"] = "auto"
    decoder: Literal["auto", "compiled", "uncompiled", "library"] = "auto"
    spacy_model: Path | None = None
