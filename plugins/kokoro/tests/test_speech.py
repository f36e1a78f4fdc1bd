"""Speaking, with a small model of noise."""

from __future__ import annotations

import gc
import logging
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plugins.kokoro.tests.checkpoint import build_tiny_model
from plugins.kokoro.tests.speaking import Spoken, load, say, settings_for

import utterly_kokoro
from utterly import (
    Context,
    IncompleteAudioError,
    OutOfMemoryError,
    SpeechRequest,
    UnsupportedError,
)
from utterly.cancellation import Cancellation
from utterly_kokoro._decoder.autocast import AutocastDecoder
from utterly_kokoro._decoder.plan import processor_has_bfloat16
from utterly_kokoro._engine import Kokoro
from utterly_kokoro._inference import infer
from utterly_kokoro._tokens import lay_out

TEXT = "The cat sleeps by the window."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model's files; nobody may change them."""
    folder = tmp_path_factory.mktemp("model") / "Kokoro-82M"
    build_tiny_model(folder)
    return folder


@pytest.fixture(scope="module")
def model(folder: Path) -> Iterator[Kokoro]:
    """The loaded engine."""
    settings = settings_for(folder, folder.parent / "SHA256SUMS", device="cpu", dtype="float32")
    model = load(settings)
    yield model
    utterly_kokoro.unload(model, Context())


def test_speaks(model: Kokoro) -> None:
    """Three frames of 25 ms for each phoneme, and for the silence at either end."""
    phonemes = lay_out(model.pronunciation(TEXT, "a"))

    assert 0.075 * (len(phonemes) + 2) == pytest.approx(say(model, TEXT).duration)


def test_every_word_has_its_time(model: Kokoro) -> None:
    """They follow each other, and are as they stand in the text."""
    spoken = say(model, TEXT)

    assert ["The", "cat", "sleeps", "by", "the", "window"] == [word.text for word in spoken.words]
    times = [time for word in spoken.words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert times[-1] <= spoken.duration


def test_times_go_on_in_the_next_piece(model: Kokoro) -> None:
    """They count from the start of the segment."""
    spoken = say(model, "This is a sentence of some length, isn't it? " * 5)
    starts = [word.start for word in spoken.words]

    assert len(spoken.chunks) > 1
    assert starts == sorted(starts)
    assert spoken.words[-1].end == pytest.approx(spoken.duration, abs=0.4)


def test_same_seed_same_samples(model: Kokoro) -> None:
    """Another one gives other noise."""
    first, second, other = (say(model, TEXT, seed=seed).samples for seed in (7, 7, 8))

    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("seed", [0, -1, 2**70])
def test_any_seed_will_do(model: Kokoro, seed: int) -> None:
    """Callers have their own ideas of numbers."""
    assert say(model, "Hi.", seed=seed).duration > 0


def test_seed_leaves_the_programs_lots_alone(model: Kokoro) -> None:
    """What the program draws from torch is as if nobody had spoken."""
    import torch

    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    say(model, "Hi.", seed=5)

    assert torch.equal(expected, torch.rand(3))


@pytest.mark.parametrize(("speed", "frames"), [(0.5, 6), (1.0, 3), (1.5, 2)])
def test_speed_divides_durations(model: Kokoro, speed: float, frames: int) -> None:
    """The network says how long each phoneme is."""
    phonemes = lay_out(model.pronunciation(TEXT, "a"))
    expected = frames * 0.025 * (len(phonemes) + 2)

    assert expected == pytest.approx(say(model, TEXT, speed=speed).duration)


def test_blend_is_spoken(model: Kokoro) -> None:
    """It sounds like neither of the two."""
    voices = ("af_heart", "ef_dora", "af_heart:0.7+ef_dora:0.3")
    heart, dora, blend = (model.packs.blend(_read(model, voice)) for voice in voices)

    assert np.allclose(blend, 0.7 * heart + 0.3 * dora)
    assert say(model, TEXT, voice=voices[2]).duration > 0


def _read(model: Kokoro, text: str) -> Any:
    from utterly_kokoro._voices import read_blend

    return read_blend(text, model.voices)


@pytest.mark.parametrize(
    ("voice", "language"), [("af_heart", "es"), ("af_bella", "en"), ("x", "en")]
)
def test_voice_that_cannot(model: Kokoro, voice: str, language: str) -> None:
    """Of another language, without a file, unknown: the next engine may have one."""
    with pytest.raises(UnsupportedError):
        say(model, TEXT, voice=voice, language=language)


def test_text_without_a_phoneme(model: Kokoro, monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence would pass for speech."""
    monkeypatch.setattr(model, "pronunciation", lambda _text, _letter: [])

    with pytest.raises(IncompleteAudioError, match="nothing in the text"):
        say(model, TEXT)


def test_library_that_fails_quotes_nothing(model: Kokoro, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's text is in no error."""

    def fail(text: str, _letter: str) -> Any:
        raise KeyError(text)

    monkeypatch.setattr(model, "pronunciation", fail)
    with pytest.raises(IncompleteAudioError, match=r"\(KeyError\)$") as caught:
        say(model, TEXT)

    assert caught.value.__cause__ is None


def test_stops_when_nobody_waits(model: Kokoro) -> None:
    """Between two pieces."""
    cancellation = Cancellation()
    context = Context(_cancellation=cancellation)
    request = SpeechRequest("This is a sentence of some length, isn't it? " * 5, voice="af_heart")
    parts = utterly_kokoro.synthesize(model, request, context)
    begun = next(parts)
    cancellation.set()

    assert begun.words
    assert not any(part.words for part in parts)  # each piece brings its own


def _say_out_of_memory(
    model: Kokoro, monkeypatch: pytest.MonkeyPatch, error: BaseException, *, device: str
) -> Spoken:
    """The card, if that is what it is on, has no memory; the processor has."""
    monkeypatch.setattr(model, "device", device)

    def run_out(*arguments: Any, **options: Any) -> Any:
        if model.device == device:
            raise error
        return infer(*arguments, **options)

    monkeypatch.setattr("utterly_kokoro._engine.infer", run_out)
    return say(model, TEXT)


def test_out_of_memory_on_the_card(
    model: Kokoro, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It goes on with the processor, and says so."""
    import torch

    spoken = _say_out_of_memory(
        model, monkeypatch, torch.OutOfMemoryError("CUDA out of memory"), device="cuda"
    )

    assert spoken.duration > 0
    assert ["Kokoro is out of memory on cuda and goes on with the processor"] == [
        record.getMessage()
        for record in caplog.records
        if record.levelno == logging.WARNING and "out of memory" in record.getMessage()
    ]


def test_out_of_memory_on_the_processor(model: Kokoro, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next engine speaks."""
    error = RuntimeError(
        "DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"
    )

    with pytest.raises(OutOfMemoryError):
        _say_out_of_memory(model, monkeypatch, error, device="cpu")


def test_model_that_does_not_fit_onto_the_card(
    model: Kokoro, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is loaded for the processor."""
    import torch

    placed = []

    def place(device: str, _context: Context) -> None:
        placed.append(device)
        if device == "cuda":
            raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(model, "_place", place)
    model.move("cuda", Context())

    assert "cpu" == model.device
    assert "cpu" == placed[-1]


def test_other_errors_stay_what_they_are(model: Kokoro, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect is no lack of memory."""
    with pytest.raises(RuntimeError, match="shape"):
        _say_out_of_memory(model, monkeypatch, RuntimeError("shape"), device="cpu")


@pytest.mark.skipif(
    not processor_has_bfloat16(), reason="this processor needs minutes to emulate bfloat16"
)
def test_bfloat16_leaves_durations_alone(folder: Path, model: Kokoro) -> None:
    """Only the decoder computes with it."""
    settings = settings_for(folder, folder.parent / "SUMS", device="cpu", dtype="bfloat16")
    other = load(settings)
    plain, quick = say(model, TEXT, seed=1), say(other, TEXT, seed=1)

    assert plain.words == quick.words
    assert np.float32 == quick.samples.dtype
    assert not np.array_equal(plain.samples, quick.samples)


def test_all_but_the_last_convolution() -> None:
    """What computes with bfloat16, on whatever processor."""
    import torch

    formats: dict[str, torch.dtype] = {}

    class Decoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = torch.nn.Linear(4, 4)
            self.last = torch.nn.Linear(4, 4)
            self.generator = torch.nn.Module()
            self.generator.conv_post = self.last

        def forward(self, values: torch.Tensor) -> torch.Tensor:
            inner = self.body(values)
            last: torch.Tensor = self.last(inner)
            formats.update(inner=inner.dtype, last=last.dtype)
            return last

    AutocastDecoder(Decoder())(torch.ones(1, 4))

    assert {"inner": torch.bfloat16, "last": torch.float32} == formats


def test_unload_lets_go_of_the_model(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody refers to it any more, whatever it computed with; and it says what came back."""
    caplog.set_level(logging.INFO, "utterly")
    model = load(settings_for(folder, folder.parent / "SUMS", device="cpu", dtype="bfloat16"))
    gc.disable()
    try:
        network = weakref.ref(model._model)  # noqa: SLF001  # what it holds is the point
        utterly_kokoro.unload(model, Context())
    finally:
        gc.enable()

    assert network() is None
    assert any("gave back" in message for message in caplog.messages)
