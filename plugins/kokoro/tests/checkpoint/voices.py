"""The voices beside this module, and the way from the published files to them.

`python -m plugins.kokoro.tests.checkpoint.voices FOLDER` writes them anew from a folder of
published `.bin` files; `data/README.md` says where those come from.
"""

from __future__ import annotations

import lzma
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parent / "data" / "voices"
SHAPE = (510, 1, 256)
"""One style for each number of phonemes that a text may have."""
NAMES = (
    "af_heart", "bf_emma", "ef_dora", "ff_siwis", "hf_alpha",
    "if_sara", "jf_alpha", "pf_dora", "zf_xiaobei",
)  # fmt: skip
"""One for each language of the model."""


def read_voice(name: str) -> NDArray[np.float32]:
    """The styles of a voice, `[phonemes, 1, 256]`."""
    data = lzma.decompress((FOLDER / f"{name}.xz").read_bytes())
    return np.frombuffer(data, "<f2").reshape(SHAPE).astype(np.float32)


def pack_voices(published: Path) -> None:
    """Write `data/voices/` from raw arrays of little-endian float32.

    Half precision is off by 0.0007 at most, where values spread by 0.15 and more.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        styles = np.fromfile(published / f"{name}.bin", "<f4").reshape(SHAPE)
        packed = lzma.compress(styles.astype("<f2").tobytes(), preset=9 | lzma.PRESET_EXTREME)
        (FOLDER / f"{name}.xz").write_bytes(packed)


if __name__ == "__main__":
    pack_voices(Path(sys.argv[1]))
