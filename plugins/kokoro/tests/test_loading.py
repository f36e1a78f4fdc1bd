"""From verified files to a model: nothing is loaded that is not what it should be."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from plugins.kokoro.tests.speaking import load, settings_for

from utterly import EngineUnavailableError, UnsupportedError
from utterly_kokoro import _device
from utterly_kokoro._settings import KokoroSettings
from utterly_kokoro._voices import read_blend

Checkpoint = dict[str, dict[str, Any]]


@pytest.fixture
def change(
    tiny_model_dir: Path, tmp_path: Path
) -> Callable[[Callable[[Any], Any]], KokoroSettings]:
    """Change the checkpoint, and vouch for what comes of it."""

    def change(spoil: Callable[[Any], Any]) -> KokoroSettings:
        import torch

        path = tiny_model_dir / "kokoro-v1_0.pth"
        checkpoint = torch.load(path, weights_only=True)
        changed = spoil(checkpoint)
        torch.save(checkpoint if changed is None else changed, path)
        return settings_for(tiny_model_dir, tmp_path / "SHA256SUMS")

    return change


Change = Callable[[Callable[[Any], Any]], KokoroSettings]


def _prefix(checkpoint: Checkpoint) -> Checkpoint:
    return {
        name: {f"module.{key}": value for key, value in state.items()}
        for name, state in checkpoint.items()
    }


def _drop_neutral(checkpoint: Checkpoint) -> None:
    for state in checkpoint.values():
        for key in [key for key in state if ".norm.weight" in key or ".norm.bias" in key]:
            del state[key]


def _add_positions(checkpoint: Checkpoint) -> None:
    import torch

    checkpoint["bert"]["embeddings.position_ids"] = torch.arange(512)[None]


@pytest.mark.parametrize("form", [_prefix, _drop_neutral, _add_positions])
def test_forms_that_hexgrads_checkpoint_has(change: Change, form: Callable[[Any], Any]) -> None:
    """It was saved on several cards, without what kokoro adds, and with a buffer nobody needs."""
    assert 114 == len(load(change(form)).vocabulary)


def _poison(checkpoint: Checkpoint) -> None:
    weight = checkpoint["decoder"]["encode.conv1.bias"].clone()
    weight[3] = float("nan")
    checkpoint["decoder"]["encode.conv1.bias"] = weight


def _drop_embedding(checkpoint: Checkpoint) -> None:
    del checkpoint["text_encoder"]["embedding.weight"]


def _reshape(checkpoint: Checkpoint) -> None:
    checkpoint["bert_encoder"]["bias"] = checkpoint["bert_encoder"]["bias"][:5].clone()


FAULTS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "no decoder": (lambda checkpoint: checkpoint.pop("decoder") and None, "the model's modules"),
    "a module too many": (lambda checkpoint: checkpoint.update(more={}), "the model's modules"),
    "a list": (list, "the model's modules"),
    "three tensors": (
        lambda checkpoint: checkpoint.update(decoder=dict(list(checkpoint["decoder"].items())[:3])),
        "decoder lacks",
    ),
    "one tensor less": (
        _drop_embedding,
        "text_encoder lacks embedding.weight",
    ),
    "another name": (
        lambda checkpoint: checkpoint["bert_encoder"].update(other=checkpoint["bert"]),
        "bert_encoder has an unknown other",
    ),
    "another shape": (_reshape, "bert_encoder does not fit"),
    "not a number": (_poison, "decoder.encode.conv1.bias is not finite"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_weights_that_do_not_fit(change: Change, fault: str) -> None:
    """The library would load each of these without a word, and speak noise."""
    spoil, reason = FAULTS[fault]
    with pytest.raises(EngineUnavailableError, match=reason) as caught:
        load(change(spoil))

    assert 1 == len(str(caught.value).splitlines())
    assert caught.value.mend.startswith("let the settings name the files of a Kokoro-82M")


class _Payload:
    """Does something when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (os.mkdir, (str(self.path),))


def test_payload_is_not_run(change: Change, tmp_path: Path) -> None:
    """A checkpoint is data, even one that somebody vouches for."""
    settings = change(lambda _: {"decoder": _Payload(tmp_path / "run")})

    with pytest.raises(EngineUnavailableError, match="cannot be loaded"):
        load(settings)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("config", ["{}", '{"vocab": ', '{"vocab": {}, "n_token": 178}'])
def test_config_of_another_form(tiny_model_dir: Path, tmp_path: Path, config: str) -> None:
    """It is one line, whatever the library raises."""
    (tiny_model_dir / "config.json").write_text(config, "utf-8")

    with pytest.raises(EngineUnavailableError, match="the model cannot be loaded"):
        load(settings_for(tiny_model_dir, tmp_path / "SHA256SUMS"))


def _not_a_number(pack: Any) -> Any:
    return pack * float("nan")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_not_a_number, "is not finite"),
        (lambda pack: pack[:300].clone(), "is no voice pack"),
        (lambda _: {"a": 1}, "is no voice pack"),
        (lambda _: _Payload(Path("never")), "cannot be loaded"),
    ],
)
def test_voice_of_another_form(
    tiny_model_dir: Path, tmp_path: Path, spoil: Callable[[Any], Any], reason: str
) -> None:
    """Only that voice is refused."""
    import torch

    path = tiny_model_dir / "voices" / "ef_dora.pt"
    torch.save(spoil(torch.load(path, weights_only=True)), path)
    packs = load(settings_for(tiny_model_dir, tmp_path / "SHA256SUMS")).packs

    with pytest.raises(UnsupportedError, match=reason):
        packs.blend(read_blend("ef_dora", ("ef_dora",)))
    assert not Path("never").exists()


def test_says_what_it_took(
    tiny_model_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Seconds, device and memory."""
    caplog.set_level(logging.INFO, "utterly")
    load(settings_for(tiny_model_dir, tmp_path / "SHA256SUMS", device="cpu"))

    assert any(
        re.fullmatch(r"Kokoro-82M is on cpu, .* decoder in .*, [0-9.]+ s, -?[0-9]+ MB", message)
        for message in caplog.messages
    )


def test_device_that_is_not_there(
    tiny_model_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line says what would do."""
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)

    with pytest.raises(EngineUnavailableError, match=r"set kokoro\.device to auto"):
        load(settings_for(tiny_model_dir, tmp_path / "SHA256SUMS", device="cuda"))


@pytest.mark.parametrize(("has_card", "device"), [(True, "cuda"), (False, "cpu")])
def test_card_comes_first(monkeypatch: pytest.MonkeyPatch, has_card: bool, device: str) -> None:
    """Then the processor; Apple's card only on request."""
    monkeypatch.setattr("torch.cuda.is_available", lambda: has_card)
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: True)

    assert device == _device.choose_device(KokoroSettings())
    assert "mps" == _device.choose_device(KokoroSettings(device="mps"))


_IMPORT = """
import io, sys
from loguru import logger
sink = io.StringIO()
logger.remove()
number = logger.add(sink, format="{message}")
from utterly_kokoro._library import import_kokoro
import_kokoro()
logger.info("still here")
logger.remove(number)
logger.add(sink, format="again {message}")
logger.info("and there")
assert "still here\\nagain and there\\n" == sink.getvalue(), sink.getvalue()
"""


def test_import_leaves_the_program_alone() -> None:
    """Sinks of loguru stay, nothing is printed, nothing is warned of."""
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", _IMPORT],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )

    assert (0, "", "") == (ended.returncode, ended.stdout, ended.stderr)


@pytest.mark.parametrize("module", ["torch", "kokoro", "misaki"])
def test_library_that_is_not_installed(module: str) -> None:
    """The line says what to install."""
    program = (
        f"import sys; sys.modules[{module!r}] = None\n"
        "from utterly import EngineUnavailableError\n"
        "from utterly_kokoro._library import import_kokoro\n"
        "try: import_kokoro()\n"
        "except EngineUnavailableError as error: print(error.mend)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=100
    )

    assert "pip install --upgrade utterly-kokoro\n" == ended.stdout


def test_old_torch_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads weights with a known hole."""
    from utterly_kokoro import _library

    monkeypatch.setattr("torch.__version__", "2.9.1+cpu")
    with pytest.raises(EngineUnavailableError, match=r"torch 2\.9\.1\+cpu is too old"):
        _library.check_torch()
