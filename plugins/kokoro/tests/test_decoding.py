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
from plugins.kokoro.tests.speaking import load, say, settings_for

import utterly_kokoro
from utterly import Context, OutOfMemoryError
from utterly_kokoro._decoder import background, decoding, normalisation
from utterly_kokoro._decoder.compiled import load_kernels
from utterly_kokoro._decoder.decoding import Decoding
from utterly_kokoro._decoder.normalisation import Kernels
from utterly_kokoro._engine import Kokoro
from utterly_kokoro._voices import read_blend

TEXT = "The cat sleeps by the window."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model's files; nobody may change them."""
    folder = tmp_path_factory.mktemp("model") / "Kokoro-82M"
    build_tiny_model(folder)
    return folder


@pytest.fixture
def load_tiny(folder: Path, tmp_path: Path) -> Iterator[Callable[..., Kokoro]]:
    """Load the model of noise for the processor, with settings."""
    models: list[Kokoro] = []

    def load_tiny(**values: Any) -> Kokoro:
        values = {"device": "cpu", "dtype": "float32", **values}
        models.append(load(settings_for(folder, tmp_path / "SHA256SUMS", **values)))
        return models[-1]

    yield load_tiny
    for model in models:
        utterly_kokoro.unload(model, Context())


def _decoding(model: Kokoro) -> Decoding:
    found = model._decoding  # noqa: SLF001  # how it decodes is the point
    assert found is not None
    return found


class _Files:
    """Compiled code that is there, or that a process brings: here, the same code uncompiled."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.folder = folder
        self.loaded = 0
        self.used = 0
        self.processes: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        monkeypatch.setattr(decoding, "cache_folder", lambda _format: folder)
        monkeypatch.setattr(decoding, "load_kernels", self._load)
        monkeypatch.setattr(background, "start_compiling", self.compile)
        monkeypatch.setattr(decoding, "WORTHWHILE_SECONDS", 0.0)
        self.program = "for name in ('sum_blocks', 'apply_snake'): open(name + '.pt2', 'w')"

    def _load(self, folder: Path) -> Kernels:
        assert self.folder == folder
        self.loaded += 1
        return Kernels(apply_snake=self._apply)

    def _apply(self, *arguments: Any) -> Any:
        self.used += 1
        return normalisation.apply_snake(*arguments)

    def compile(self, folder: Path, _number_format: str) -> subprocess.Popen[bytes]:
        """Start a process that does what a test wants of the compiler."""
        folder.mkdir(exist_ok=True)
        process = subprocess.Popen(
            [sys.executable, "-c", self.program], cwd=folder, stdin=subprocess.PIPE
        )
        self.processes.put(process)
        return process

    def started(self) -> subprocess.Popen[bytes]:
        """The process that was started, as soon as there is one."""
        return self.processes.get(timeout=60)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> _Files:
    """The cache of compiled code, empty."""
    return _Files(monkeypatch, tmp_path / "kernels")


def test_first_sentences_do_not_wait(load_tiny: Callable[..., Kokoro], files: _Files) -> None:
    """They are spoken without compiled code, and the next ones with it."""
    model = load_tiny(decoder="compiled")
    say(model, TEXT)
    before = files.used

    assert _decoding(model).finish_compiling()
    assert 0 == before
    say(model, TEXT)
    assert files.used > 0


def test_short_runs_compile_nothing(
    load_tiny: Callable[..., Kokoro], files: _Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who says a sentence and ends has nothing of it."""
    monkeypatch.setattr(decoding, "WORTHWHILE_SECONDS", 60.0)
    model = load_tiny(decoder="compiled")
    say(model, TEXT)
    _decoding(model).close()

    assert not files.folder.exists()


def test_compiled_code_of_the_last_time_is_used_at_once(
    load_tiny: Callable[..., Kokoro], files: _Files
) -> None:
    """Nothing is compiled again."""
    files.compile(files.folder, "float32").wait()
    files.program = "raise SystemExit(1)"
    say(load_tiny(decoder="compiled"), TEXT, seed=1)

    assert files.used > 0


def test_damaged_code_is_not_used(
    load_tiny: Callable[..., Kokoro], files: _Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It speaks without."""
    files.compile(files.folder, "float32").wait()
    monkeypatch.setattr(decoding, "load_kernels", load_kernels)

    assert say(load_tiny(decoder="compiled"), TEXT).duration > 0


def test_seed_says_the_same_before_and_after(
    load_tiny: Callable[..., Kokoro], files: _Files
) -> None:
    """Compiled code rounds in another way, so what has come meanwhile is not used for it."""
    model = load_tiny(decoder="compiled")
    first = say(model, TEXT, seed=3).samples
    _decoding(model).finish_compiling()
    second = say(model, TEXT, seed=3).samples

    assert 0 == files.used
    assert np.array_equal(first, second)


def test_compiler_that_fails(
    load_tiny: Callable[..., Kokoro], files: _Files, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said once, and all is spoken without it."""
    files.program = "raise SystemExit(1)"
    model = load_tiny(decoder="compiled")
    say(model, TEXT)
    is_compiled = _decoding(model).finish_compiling()

    assert not is_compiled
    assert say(model, TEXT).duration > 0
    assert 1 == len([message for message in caplog.messages if "not compiled" in message])


def test_real_compiler_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What torch makes of that ends no more than the process it is in."""
    monkeypatch.setenv("CXX", str(tmp_path / "no-compiler"))
    ready = Event()
    compiling = background.BackgroundCompiling(
        tmp_path / "kernels", "float32", ready.set, logging.getLogger("utterly.test")
    )
    compiling.start()
    compiling.wait()

    assert not ready.is_set()
    assert 1 == len([message for message in caplog.messages if "not compiled" in message])


def test_unload_ends_the_compiler(load_tiny: Callable[..., Kokoro], files: _Files) -> None:
    """Nobody needs it any more."""
    files.program = "import sys; sys.stdin.read()"
    model = load_tiny(decoder="compiled")
    say(model, TEXT)
    process = files.started()
    utterly_kokoro.unload(model, Context())

    assert process.wait(10) != 0
    assert 0 == files.loaded


@pytest.fixture
def broken(load_tiny: Callable[..., Kokoro], monkeypatch: pytest.MonkeyPatch) -> Kokoro:
    """An engine whose fast decoder fails halfway through each utterance."""
    model = load_tiny(decoder="uncompiled")
    calls = count(1)

    def fail(*arguments: Any) -> Any:
        if next(calls) % 7 == 0:
            raise RuntimeError("halfway")
        return normalisation.apply_snake(*arguments)

    fast = _decoding(model)._uncompiled  # noqa: SLF001  # where the fault goes
    monkeypatch.setattr(fast, "kernels", Kernels(apply_snake=fail))
    return model


def test_library_takes_over_within_the_segment(
    load_tiny: Callable[..., Kokoro], broken: Kokoro
) -> None:
    """With the same noise: it says what it would have said without us."""
    expected = say(load_tiny(decoder="library"), TEXT, seed=5)
    spoken = say(broken, TEXT, seed=5)

    assert 1 == len(spoken.chunks)
    assert np.allclose(expected.samples, spoken.samples, atol=1e-4)


def test_library_is_told_of_once(broken: Kokoro, caplog: pytest.LogCaptureFixture) -> None:
    """Afterwards nothing of ours is tried again, and nothing of the text is in the log."""
    say(broken, TEXT)
    say(broken, TEXT)

    assert ["Kokoro's uncompiled decoder failed (RuntimeError): the library's own takes over"] == [
        message for message in caplog.messages if "decoder" in message
    ]


def test_no_number_is_no_sound(
    load_tiny: Callable[..., Kokoro], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not finite is spoken again by the library."""
    model = load_tiny(decoder="uncompiled")
    nothing = Kernels(apply_snake=lambda rows, *_: rows * float("nan"))
    monkeypatch.setattr(_decoding(model)._uncompiled, "kernels", nothing)  # noqa: SLF001  # as above

    assert np.isfinite(say(model, TEXT).samples).all()


def test_out_of_memory_is_no_fault_of_the_decoder(
    load_tiny: Callable[..., Kokoro], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library would need more of it."""
    model = load_tiny(decoder="uncompiled")

    def run_out(*_: Any) -> Any:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    full = Kernels(apply_snake=run_out)
    monkeypatch.setattr(_decoding(model)._uncompiled, "kernels", full)  # noqa: SLF001  # as above
    with pytest.raises(OutOfMemoryError):
        say(model, TEXT)


@pytest.mark.parametrize("length", [1, 2, 5, 12, pytest.param(510, marks=pytest.mark.slow)])
@pytest.mark.parametrize("way", ["uncompiled", "library"])
def test_any_number_of_phonemes(load_tiny: Callable[..., Kokoro], way: str, length: int) -> None:
    """From a single one to as many as the network takes."""
    model = load_tiny(decoder=way)
    pack = model.packs.blend(read_blend("af_heart", model.voices))
    utterance = model.speak("a" * length, pack, 1.0, 1, Context())

    assert 600 * sum(utterance.durations) == len(utterance.samples)
    assert length + 2 == len(utterance.durations)


def test_load_says_how_it_decodes(
    load_tiny: Callable[..., Kokoro], caplog: pytest.LogCaptureFixture
) -> None:
    """And why."""
    caplog.set_level(logging.INFO, "utterly")
    load_tiny(decoder="uncompiled")

    assert any(
        "is on cpu, uncompiled decoder in float32 (kokoro.dtype is set to it;"
        " kokoro.decoder is set to it)" in message
        for message in caplog.messages
    )
