"""Which decoder is chosen, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from utterly import EngineUnavailableError
from utterly_kokoro import KokoroSettings
from utterly_kokoro._decoder import plan
from utterly_kokoro._decoder.plan import find_compiler, plan_decoder, processor_has_bfloat16


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Say what there is; by default everything."""

    def machine(
        *, bfloat16: bool = True, compiler: str | None = "/usr/bin/g++", kind: str = "x86_64"
    ) -> None:
        monkeypatch.setattr(plan, "processor_has_bfloat16", lambda: bfloat16)
        monkeypatch.setattr(plan, "find_compiler", lambda: compiler)
        monkeypatch.setattr("platform.machine", lambda: kind)

    machine()
    return machine


@pytest.mark.parametrize(
    ("there", "text"),
    [
        ({}, "compiled decoder in bfloat16 (the processor multiplies bfloat16)"),
        (
            {"compiler": None},
            "uncompiled decoder in bfloat16 (the processor multiplies bfloat16; NONE)",
        ),
        (
            {"bfloat16": False},
            "compiled decoder in float32 (the processor does not multiply bfloat16)",
        ),
        (
            {"bfloat16": False, "compiler": None},
            "uncompiled decoder in float32 (the processor does not multiply bfloat16; NONE)",
        ),
        (
            {"kind": "aarch64"},
            "library decoder in float32 (the processor is of another kind, aarch64)",
        ),
    ],
)
def test_the_fastest_that_there_is(machine: Any, there: dict[str, Any], text: str) -> None:
    """Each way is one step slower, and says why it is taken."""
    machine(**there)
    expected = text.replace("NONE", "there is no C++ compiler")

    assert expected == str(plan_decoder(KokoroSettings(), "cpu"))


@pytest.mark.parametrize("way", ["compiled", "uncompiled", "library"])
@pytest.mark.parametrize("bfloat16", [True, False])
def test_setting_forces_a_way(machine: Any, way: Any, bfloat16: bool) -> None:
    """Whatever would be faster."""
    machine(bfloat16=bfloat16, kind="aarch64")
    chosen = plan_decoder(KokoroSettings(decoder=way), "cpu")

    assert way == chosen.way
    assert "kokoro.decoder is set to it" in chosen.reason


@pytest.mark.parametrize("number_format", ["float32", "bfloat16"])
def test_setting_forces_a_format(machine: Any, number_format: Any) -> None:
    """Also one that the processor does not have."""
    machine(bfloat16=number_format == "float32")

    assert number_format == plan_decoder(KokoroSettings(dtype=number_format), "cpu").number_format


def test_compiler_that_is_insisted_upon(machine: Any) -> None:
    """Without one, the line says what to do."""
    machine(compiler=None)

    with pytest.raises(EngineUnavailableError, match=r"there is no C\+\+ compiler") as caught:
        plan_decoder(KokoroSettings(decoder="compiled"), "cpu")
    assert "install a C++ compiler, or set kokoro.decoder to auto" == caught.value.mend


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_card_decodes_as_the_library_does(machine: Any, device: str) -> None:
    """Ours is for processors; bfloat16 is to be had on request."""
    machine()

    assert "library" == plan_decoder(KokoroSettings(), device).way
    assert "bfloat16" == plan_decoder(KokoroSettings(dtype="bfloat16"), device).number_format
    with pytest.raises(EngineUnavailableError, match="for processors, not for"):
        plan_decoder(KokoroSettings(decoder="compiled"), device)


@pytest.mark.parametrize(
    ("flags", "expected"), [("avx512_bf16 amx_tile", True), ("avx2 avx512f", False), ("", False)]
)
def test_flags_of_the_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str, expected: bool
) -> None:
    """As Linux lists them."""
    (tmp_path / "cpuinfo").write_text(f"processor : 0\nflags : fpu {flags}\n")
    monkeypatch.setattr(plan, "_CPU_INFO", tmp_path / "cpuinfo")

    assert expected == processor_has_bfloat16()


def test_compiler_is_the_one_that_torch_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`CXX` names it."""
    compiler = tmp_path / "compiler"
    compiler.touch(mode=0o755)
    monkeypatch.setenv("CXX", str(compiler))
    found = find_compiler()
    monkeypatch.setenv("CXX", str(tmp_path / "none"))

    assert str(compiler) == found
    assert find_compiler() is None
