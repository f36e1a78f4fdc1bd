"""The fastest decoder that is ready, and the library's own where it fails."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import Any

import numpy as np
import pytest
from plugins.kokoro.tests.checkpoint import build_tiny_model

from utterly_kokoro._decoder import background, decoding, normalisation
from utterly_kokoro._decoder.compiled import load_kernels
from utterly_kokoro._decoder.decoding import Decoding
from utterly_kokoro._decoder.normalisation import Kernels
from utterly_kokoro._decoder.plan import DecoderPlan, Way

LOGGER = logging.getLogger("utterly.test")
FRAMES = 12

Decode = Callable[..., Any]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, load_model: Callable[[Path], Any]) -> Any:
    """The library's decoder, of a model of noise."""
    folder = tmp_path_factory.mktemp("model") / "Kokoro-82M"
    build_tiny_model(folder)
    return load_model(folder).decoder


@pytest.fixture
def plan_for(library: Any) -> Iterator[Callable[..., Decoding]]:
    """Have the decoder work in one way, until the end of the test."""
    made: list[Decoding] = []

    def plan_for(way: Way, reason: str = "") -> Decoding:
        made.append(Decoding(library, DecoderPlan(way, "float32", reason), LOGGER))
        return made[-1]

    yield plan_for
    for one in made:
        one.close()


@pytest.fixture
def decode(library: Any) -> Decode:
    """Decode some frames; the same seed gives the same noise."""
    import torch

    def decode(frames: int = FRAMES, seed: int = 1) -> Any:
        generator = torch.Generator().manual_seed(0)
        text = torch.randn(1, 512, frames, generator=generator)
        pitch = torch.full((1, 2 * frames), 200.0)
        energy = torch.randn(1, 2 * frames, generator=generator)
        style = torch.randn(1, 128, generator=generator)
        torch.manual_seed(seed)
        with torch.inference_mode():
            return library(text, pitch, energy, style).numpy()

    return decode


class _Files:
    """Compiled code that is there, or that a process brings: here, the same code uncompiled."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.folder = folder
        self.used = 0
        self.program = "for name in ('sum_blocks', 'apply_snake'): open(name + '.pt2', 'w')"
        self.processes: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        monkeypatch.setattr(decoding, "cache_folder", lambda _format: folder)
        monkeypatch.setattr(decoding, "load_kernels", self._load)
        monkeypatch.setattr(decoding, "WORTHWHILE_SECONDS", 0.0)
        monkeypatch.setattr(background, "start_compiling", self.compile)

    def compile(self, folder: Path, _number_format: str) -> subprocess.Popen[bytes]:
        """Start a process that does what a test wants of the compiler."""
        folder.mkdir(exist_ok=True)
        command = [sys.executable, "-c", self.program]
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE)
        self.processes.put(process)
        return process

    def bring(self) -> None:
        """Have it there, as if the last program had left it."""
        with self.compile(self.folder, "float32"):
            pass

    def _load(self, folder: Path) -> Kernels:
        assert self.folder == folder
        return Kernels(apply_snake=self._apply)

    def _apply(self, *arguments: Any) -> Any:
        self.used += 1
        return normalisation.apply_snake(*arguments)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> _Files:
    """The cache of compiled code, empty."""
    return _Files(monkeypatch, tmp_path / "kernels")


def test_first_sentences_do_not_wait(
    plan_for: Callable[..., Decoding], decode: Decode, files: _Files
) -> None:
    """They are spoken without compiled code, and the next ones with it."""
    compiled = plan_for("compiled")
    decode()
    before = files.used

    assert compiled.finish_compiling()
    assert 0 == before
    decode()
    assert files.used > 0


def test_short_runs_compile_nothing(
    plan_for: Callable[..., Decoding],
    decode: Decode,
    files: _Files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who says a sentence and ends has nothing of it."""
    monkeypatch.setattr(decoding, "WORTHWHILE_SECONDS", 60.0)
    compiled = plan_for("compiled")
    decode()
    compiled.close()

    assert not files.folder.exists()


def test_compiled_code_of_the_last_time_is_used_at_once(
    plan_for: Callable[..., Decoding], decode: Decode, files: _Files
) -> None:
    """Nothing is compiled again, also where a seed is set."""
    files.bring()
    files.program = "raise SystemExit(1)"
    plan_for("compiled").repeatable = True
    decode()

    assert files.used > 0


def test_damaged_code_is_not_used(
    plan_for: Callable[..., Decoding],
    decode: Decode,
    files: _Files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It speaks without, as it did before there was any, and the code is made anew."""
    files.bring()
    with monkeypatch.context() as patch:
        patch.setattr(decoding, "load_kernels", load_kernels)
        damaged = plan_for("compiled")
    decode()

    assert 0 == files.used
    assert damaged.finish_compiling()
    decode()
    assert files.used > 0


def test_seed_says_the_same_before_and_after(
    plan_for: Callable[..., Decoding], decode: Decode, files: _Files
) -> None:
    """Compiled code rounds in another way, so what has come meanwhile is not used for it."""
    compiled = plan_for("compiled")
    compiled.repeatable = True
    before = decode()
    compiled.finish_compiling()
    after = decode()

    assert 0 == files.used
    assert np.array_equal(before, after)


def test_compiler_that_fails(
    plan_for: Callable[..., Decoding],
    decode: Decode,
    files: _Files,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is said once, and all is spoken without it."""
    files.program = "raise SystemExit(1)"
    compiled = plan_for("compiled")
    decode()

    assert not compiled.finish_compiling()
    assert (1, 1, 600 * FRAMES) == decode().shape
    assert 1 == len([message for message in caplog.messages if "not compiled" in message])


def test_real_compiler_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What torch makes of that ends no more than the process it is in."""
    monkeypatch.setenv("CXX", str(tmp_path / "no-compiler"))
    ready = Event()
    compiling = background.BackgroundCompiling(tmp_path / "new", "float32", ready.set, LOGGER)
    compiling.start()
    compiling.wait()

    assert not ready.is_set()
    assert 1 == len([message for message in caplog.messages if "not compiled" in message])


def test_closing_ends_the_compiler(
    plan_for: Callable[..., Decoding], decode: Decode, files: _Files
) -> None:
    """Nobody needs it any more."""
    files.program = "import sys; sys.stdin.read()"
    compiled = plan_for("compiled")
    decode()
    process = files.processes.get(timeout=60)
    compiled.close()

    assert process.returncode


@pytest.fixture
def broken(plan_for: Callable[..., Decoding], monkeypatch: pytest.MonkeyPatch) -> Decoding:
    """A fast decoder that fails halfway."""
    calls = count(1)

    def fail(*arguments: Any) -> Any:
        if next(calls) % 7 == 0:
            raise RuntimeError("halfway")
        return normalisation.apply_snake(*arguments)

    made = plan_for("uncompiled")
    fast = made._uncompiled  # noqa: SLF001  # where the fault goes
    monkeypatch.setattr(fast, "kernels", Kernels(apply_snake=fail))
    return made


def test_library_takes_over_at_once(
    plan_for: Callable[..., Decoding], decode: Decode, broken: Decoding
) -> None:
    """With the same noise: it says what it would have said without us."""
    heard = decode()
    broken.close()
    plan_for("library")

    assert np.array_equal(decode(), heard)


def test_failure_is_told_once(
    decode: Decode, broken: Decoding, caplog: pytest.LogCaptureFixture
) -> None:
    """Afterwards nothing of ours is tried again."""
    decode()
    decode()
    broken.close()

    assert ["Kokoro's uncompiled decoder failed (RuntimeError): the library's own takes over"] == (
        caplog.messages
    )


def test_no_number_is_no_sound(
    plan_for: Callable[..., Decoding], decode: Decode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not finite is spoken again by the library."""
    fast = plan_for("uncompiled")._uncompiled  # noqa: SLF001  # where the fault goes
    nothing = Kernels(apply_snake=lambda rows, *_: rows * float("nan"))
    monkeypatch.setattr(fast, "kernels", nothing)

    assert np.isfinite(decode()).all()


def test_out_of_memory_is_no_fault_of_the_decoder(
    plan_for: Callable[..., Decoding], decode: Decode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library would need more of it."""

    def run_out(*_: Any) -> Any:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    fast = plan_for("uncompiled")._uncompiled  # noqa: SLF001  # as above
    monkeypatch.setattr(fast, "kernels", Kernels(apply_snake=run_out))

    with pytest.raises(RuntimeError, match="allocate memory"):
        decode()


@pytest.mark.parametrize("frames", [3, 4, 7, 16, pytest.param(1400, marks=pytest.mark.slow)])
def test_any_number_of_frames(
    plan_for: Callable[..., Decoding], decode: Decode, frames: int
) -> None:
    """From a single phoneme between two silences to 510 of them; as the library has it."""
    library = plan_for("library")
    expected = decode(frames)
    library.close()
    plan_for("uncompiled")
    heard = decode(frames)

    assert (1, 1, 600 * frames) == heard.shape
    assert np.abs(heard).max() < 2 * np.abs(expected).max()
