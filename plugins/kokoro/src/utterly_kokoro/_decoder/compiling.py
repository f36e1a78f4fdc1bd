"""The program that compiles: `python -m utterly_kokoro._decoder.compiling FOLDER FORMAT`."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from utterly_kokoro._decoder import normalisation
from utterly_kokoro._decoder.compiled import KERNELS, file_name

if TYPE_CHECKING:
    from torch import Tensor

_MOST_FRAMES = 2**24
"""Far more than the network makes of 510 phonemes."""


def compile_kernels(folder: Path, number_format: str) -> None:
    """Compile for any number of frames and channels; a file is there whole, or not at all.

    Args:
        folder: Where to put what comes of it.
        number_format: Of the rows, `"float32"` or `"bfloat16"`.
    """
    # Elsewhere, since whoever is ended leaves everything where it is.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as work:
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = work
        for name in KERNELS:
            made = _compile(name, number_format, Path(work))
            folder.mkdir(parents=True, exist_ok=True)
            new = folder / f"{made.name}.{os.getpid()}"
            shutil.copyfile(made, new)
            new.replace(folder / made.name)


def _compile(name: str, number_format: str, work: Path) -> Path:
    """Compile one function into a file."""
    import torch

    examples, shapes = _examples(name, getattr(torch, number_format))
    module = _as_module(getattr(normalisation, name))
    program = torch.export.export(module, examples, dynamic_shapes=(shapes,))
    path = work / file_name(name)
    torch._inductor.aoti_compile_and_package(program, package_path=str(path))  # noqa: SLF001  # documented by this name
    return path


def _examples(name: str, number_format: Any) -> tuple[tuple[Tensor, ...], tuple[Any, ...]]:
    """Arguments of a function, and which of their lengths may change."""
    import torch

    # The processor takes up to 16 numbers at once, and then no channel is left over.
    channels: Any = 16 * torch.export.Dim("channels", max=256)
    many = torch.export.Dim("many", min=2, max=_MOST_FRAMES)
    values = [torch.rand(128) + 0.5 for _ in range(3)]
    if name == "sum_blocks":
        blocks = torch.randn(8, normalisation.BLOCK, 128).to(number_format)
        return (blocks, values[0]), ({0: many, 2: channels}, {0: channels})
    rows = torch.randn(512, 128).to(number_format)
    return (rows, *values), ({0: many, 1: channels}, *({0: channels} for _ in values))


def _as_module(function: Callable[..., Any]) -> Any:
    """Put a function into a module: only those are exported."""
    import torch

    class Kernel(torch.nn.Module):
        def forward(self, *arguments: Tensor) -> Any:
            return function(*arguments)

    return Kernel()


def _end_with_parent() -> None:
    """End when the other end of the standard input is gone, for whatever reason."""
    # Past Python's buffer: its lock, held by a thread that waits, would abort the program's end.
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def main(folder: str, number_format: str) -> None:
    """Compile, unless nobody waits for it any more."""
    Thread(target=_end_with_parent, daemon=True).start()
    compile_kernels(Path(folder), number_format)


if __name__ == "__main__":
    main(*sys.argv[1:])
