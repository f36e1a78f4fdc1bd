"""Engines as source text, and how their import fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from utterly.testing import scripted_source, write_distribution
from utterly.testing.sources import ImportFault


def start_import(folder: Path, source: str) -> subprocess.Popen[str]:
    """A process that imports a module with this source."""
    write_distribution(folder, "utterly-parrot", source=source)
    program = f"import sys; sys.path.insert(0, {str(folder)!r}); import utterly_parrot"
    return subprocess.Popen(  # our own source, run by this interpreter
        [sys.executable, "-X", "faulthandler=0", "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def test_healthy_source_can_be_imported(tmp_path: Path) -> None:
    """Without a fault, nothing happens."""
    with start_import(tmp_path, scripted_source()) as process:
        _, errors = process.communicate(timeout=60)

    assert (0, "") == (process.returncode, errors)


@pytest.mark.parametrize("error", ["ImportError('no parrot')", "SystemExit('no parrot')"])
def test_import_raises(tmp_path: Path, error: str) -> None:
    """Any error, as it is written."""
    with start_import(tmp_path, scripted_source("raise", error=error)) as process:
        _, errors = process.communicate(timeout=60)

    assert 1 == process.returncode
    assert "no parrot" in errors


@pytest.mark.parametrize("fault", ["exit", "crash"])
def test_import_ends_the_process(tmp_path: Path, fault: ImportFault) -> None:
    """Nothing that Python could catch."""
    source = f"try:\n    exec({scripted_source(fault)!r})\nexcept BaseException: pass\n"
    with start_import(tmp_path, source) as process:
        process.communicate(timeout=60)

    assert 0 != process.returncode


def test_import_hangs(tmp_path: Path) -> None:
    """The import begins, and does not end."""
    source = "print('begun', flush=True)\n" + scripted_source("hang")
    with start_import(tmp_path, source) as process:
        assert process.stdout is not None
        begun = process.stdout.readline().strip()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.3)
        process.kill()

    assert "begun" == begun
