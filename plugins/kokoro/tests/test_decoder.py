"""The decoder in rows says what the library's own says."""

# ruff: noqa: RUF001  # phonetic letters
from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plugins.kokoro.tests.likeness import log_mel_correlation

from utterly_kokoro._decoder import compiled
from utterly_kokoro._decoder.network import RowDecoder
from utterly_kokoro._decoder.normalisation import BLOCK, Kernels
from utterly_kokoro._decoder.plan import find_compiler, processor_has_bfloat16
from utterly_kokoro._decoder.source import LibrarySource

SENTENCES = (
    "ðə kwˈɪk bɹˈWn fˈɑks ʤˈʌmps ˈOvəɹ ðə lˈAzi dˈɔɡ.",
    "ʃi sˈɛlz sˈi ʃˈɛlz ˌɔn ðə ʃˈɔɹ.",
    "hˈWz ðə wˈɛðəɹ tədˈA?",
    "nˈO, θˈæŋks.",
    "ðə tɹˈAn lˈivz æt nˈIn, ænd wi ʃˈʊd nˈɑt bi lˈAt.",
    "wˈʌt ɐ wˈʌndəɹfəl pˈɪkʧəɹ!",
    "hi ˈOpənd ðə dˈɔɹ ænd wˈɔkt ˌɪntu ðə ɡˈɑɹdᵊn.",
    "sˈɪks, sˈɛvən, ˈAt.",
    "pləz klˈOz ðə wˈɪndO bəfˌɔɹ ju lˈiv ðə hˈWs.",
    "ðə ɹˈɪvəɹ wʌz sˌO kˈOld ðæt nˈObˌɑdi wˈɑntᵻd tə swˈɪm.",
)
VOICES = ("af_heart", "bf_emma", "ff_siwis")
FEW = ((3, "ff_siwis"),)
CASES = [
    pytest.param(
        sentence,
        voice,
        id=f"{voice}-{number}",
        marks=() if (number, voice) in FEW else pytest.mark.slow,
    )
    for number, sentence in enumerate(SENTENCES)
    for voice in VOICES
]

Heard = Callable[..., Any]
InRows = Callable[[str], RowDecoder]


@pytest.fixture(scope="module")
def listen(kokoro_model: Any, kokoro_model_dir: Path) -> Heard:
    """Have a decoder say phonemes, as the rest of the real model wants them said."""
    import torch

    def listen(phonemes: str, voice: str, decoder: Any = None, seed: int = 0) -> Any:
        own = kokoro_model.decoder
        pack = torch.load(kokoro_model_dir / "voices" / f"{voice}.pt", weights_only=True)
        own.forward = decoder or own.forward
        try:
            torch.manual_seed(seed)
            with torch.inference_mode():
                return kokoro_model(phonemes, pack[len(phonemes) - 1]).numpy()
        finally:
            vars(own).pop("forward", None)

    return listen


@pytest.fixture(scope="module")
def in_rows(kokoro_model_dir: Path, load_model: Callable[[Path], Any]) -> InRows:
    """The real decoder in rows, in a number format."""
    import torch

    made: dict[str, RowDecoder] = {}

    def make(number_format: str) -> RowDecoder:
        if number_format not in made:
            decoder = load_model(kokoro_model_dir).decoder
            made[number_format] = RowDecoder(decoder, getattr(torch, number_format))
        return made[number_format]

    return make


@pytest.fixture
def bfloat16_multiplies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Multiply bfloat16 as such processors do: exactly, summed in float32, rounded once.

    Other processors emulate it so slowly that no sentence would come to its end.
    """
    if processor_has_bfloat16():
        return
    import torch

    def emulate(convolve: Any, image: Any, weight: Any, bias: Any, *rest: Any) -> Any:
        operands = [None if value is None else value.float() for value in (image, weight, bias)]
        return convolve(*operands, *rest).to(image.dtype)

    for name in ("conv2d", "conv_transpose2d"):
        convolve = getattr(torch.nn.functional, name)
        monkeypatch.setattr(torch.nn.functional, name, partial(emulate, convolve))


@pytest.fixture(scope="module")
def kernels_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compiled code for float32, made as for a program that speaks."""
    if find_compiler() is None:
        pytest.skip("there is no C++ compiler")
    folder = tmp_path_factory.mktemp("kernels")
    with compiled.start_compiling(folder, "float32") as program:
        assert 0 == program.wait()
    return folder


def _with_the_same_noise(decoder: RowDecoder, library: Any) -> RowDecoder:
    other = decoder.with_kernels(decoder.kernels)
    other.source = LibrarySource(library.generator)
    return other


@pytest.mark.parametrize(("phonemes", "voice"), CASES)
def test_rows_in_float32_are_equal(
    listen: Heard,
    in_rows: InRows,
    kokoro_model: Any,
    phonemes: str,
    voice: str,
) -> None:
    """With the same noise, sample for sample, but for rounding."""
    decoder = _with_the_same_noise(in_rows("float32"), kokoro_model.decoder)
    heard, expected = listen(phonemes, voice, decoder), listen(phonemes, voice)

    assert expected.shape == heard.shape
    assert np.abs(heard - expected).max() < 1e-4


@pytest.mark.usefixtures("bfloat16_multiplies")
@pytest.mark.parametrize(("phonemes", "voice"), CASES)
def test_rows_in_bfloat16_are_alike(
    listen: Heard,
    in_rows: InRows,
    kokoro_model: Any,
    phonemes: str,
    voice: str,
) -> None:
    """With the same noise, more than two seeds are."""
    decoder = _with_the_same_noise(in_rows("bfloat16"), kokoro_model.decoder)
    heard, expected = listen(phonemes, voice, decoder), listen(phonemes, voice)

    assert expected.shape == heard.shape
    assert log_mel_correlation(expected, heard) >= 0.998


@pytest.mark.parametrize(("phonemes", "voice"), CASES)
def test_one_noise_sounds_like_nine(
    listen: Heard, in_rows: InRows, phonemes: str, voice: str
) -> None:
    """It is another breath, no other voice: as near as another seed is."""
    expected = listen(phonemes, voice)
    reseeded = log_mel_correlation(expected, listen(phonemes, voice, seed=1))
    merged = log_mel_correlation(expected, listen(phonemes, voice, in_rows("float32")))

    assert merged >= reseeded - 0.002


@pytest.mark.parametrize("frames", [2, 63, 64, 127, 128, 1000, 4099])
@pytest.mark.parametrize("channels", [128, 256])
def test_compiled_code_computes_the_same(kernels_dir: Path, channels: int, frames: int) -> None:
    """For any length, also of less than a block."""
    import torch

    torch.manual_seed(0)
    rows = torch.randn(frames, channels) + 3
    gain, offset, alpha = (torch.rand(channels) + 0.5 for _ in range(3))
    with torch.inference_mode():
        expected = Kernels().snake(rows, gain, offset, alpha)
        found = compiled.load_kernels(kernels_dir).snake(rows, gain, offset, alpha)

    assert torch.allclose(expected, found, atol=1e-4)


@pytest.mark.parametrize("frames", [1, 5, BLOCK, 3 * BLOCK + 1])
def test_statistics_are_those_of_torch(frames: int) -> None:
    """Mean 0 and variance 1 come out, though the mean is far from zero."""
    import torch

    rows = torch.randn(frames, 8, generator=torch.Generator().manual_seed(1)) * 0.1 + 50
    scale, shift = Kernels().fit_line(rows, torch.ones(8), torch.zeros(8))
    norm = torch.nn.functional.instance_norm
    expected = norm(rows.t()[None])[0].t() if frames > 1 else torch.zeros(1, 8)

    assert torch.allclose(expected, rows * scale + shift, atol=2e-3)


def test_library_shares_its_weights(
    listen: Heard, kokoro_model_dir: Path, load_model: Callable[[Path], Any]
) -> None:
    """In float32 there is one copy, with which the library's own code still says the same."""
    import torch

    library = load_model(kokoro_model_dir).decoder
    RowDecoder(library, torch.float32)
    heard, expected = (
        listen(SENTENCES[3], VOICES[0], library.forward),
        listen(SENTENCES[3], VOICES[0]),
    )

    assert np.abs(heard - expected).max() < 1e-4


def test_compiling_ends_with_its_parent(tmp_path: Path) -> None:
    """Whoever waits for it no longer closes its input, also by ending."""
    process = compiled.start_compiling(tmp_path / "kernels", "float32")
    assert process.stdin is not None
    process.stdin.close()
    try:
        code = process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        raise

    assert 1 == code
    assert not compiled.is_compiled(tmp_path / "kernels")
