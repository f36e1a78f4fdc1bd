"""WAV files, 16 bits, written atomically."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

from utterly.errors import OutputError

if TYPE_CHECKING:
    from utterly.audio import Samples


def encode_wav(samples: Samples, sample_rate: int) -> bytes:
    """Encode mono float samples between -1 and 1; louder ones are clipped."""
    import wave

    import numpy as np

    pcm = np.rint(np.clip(samples, -1.0, 1.0) * np.float32(32767)).astype("<i2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(pcm.tobytes())
    return buffer.getvalue()


def check_output(path: str | os.PathLike[str]) -> Path:
    """Refuse, before anything is spoken, a path that could not be written in the end.

    Raises:
        OutputError: The suffix is not known, or the folder is missing or not writable.
    """
    target = Path(path)
    if target.suffix.lower() != ".wav":
        raise OutputError(f"cannot write {target.name!r}: choose a name that ends in .wav")
    if target.is_dir():
        raise OutputError(f"cannot write {str(target)!r}: it is a folder")
    if not target.parent.is_dir():
        raise OutputError(
            f"cannot write {str(target)!r}: create the folder {str(target.parent)!r} first"
        )
    if not os.access(target.parent, os.W_OK):
        raise OutputError(f"cannot write {str(target)!r}: its folder is read-only")
    return target


def write_wav(path: str | os.PathLike[str], samples: Samples, sample_rate: int) -> None:
    """Write a file that is whole or absent.

    Raises:
        OutputError: It cannot be written.
    """
    import tempfile

    target = check_output(path)
    data = encode_wav(samples, sample_rate)
    try:
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.stem}-", suffix=".wav", delete=False
        ) as file:
            temporary = Path(file.name)
            try:
                file.write(data)
                file.close()
                temporary.chmod(0o666 & ~_umask())
                temporary.replace(target)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OutputError(f"cannot write {str(target)!r}: {error.strerror or error}") from error


def _umask() -> int:
    """The process's file-creation mask, which the operating system only tells by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
