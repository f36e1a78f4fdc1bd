"""The model's files, verified before anything reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from utterly import EngineUnavailableError
from utterly_kokoro._checksums import KnownChecksums, compute_checksum, expected_checksums, stamp
from utterly_kokoro._finding import CONFIG, INSTALL, WEIGHTS, find_folder, voice_file
from utterly_kokoro._voices import VOICES

if TYPE_CHECKING:
    from utterly import Context
    from utterly_kokoro._settings import KokoroSettings

_POINTER = b"version https://git-lfs"
_LONGEST_POINTER = 1024  # https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md

FETCH_AGAIN = f"fetch it again: {INSTALL}"


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The files of one model, each of them what it should be.

    Attributes:
        folder: Where they lie.
        voices: The file of each voice that there is.
        faults: Why a voice cannot be used although its file is there, by name.
    """

    folder: Path
    voices: Mapping[str, Path]
    faults: Mapping[str, str]

    @property
    def weights(self) -> Path:
        """The weights."""
        return self.folder / WEIGHTS

    def read_config(self) -> dict[str, Any]:
        """The model's shape, and the phonemes that it knows."""
        config: dict[str, Any] = json.loads((self.folder / CONFIG).read_text("utf-8"))
        return config


def find_files(settings: KokoroSettings, context: Context) -> ModelFiles:
    """Find the model's files and verify them.

    A damaged voice is noted and keeps nobody from speaking with the others.

    Raises:
        EngineUnavailableError: The model is not there, or its files are not what they should be.
    """
    folder = find_folder(settings)
    voices = {name: voice_file(folder, name) for name in VOICES}
    voices = {name: path for name, path in voices.items() if path.is_file()}
    paths = [folder / CONFIG, folder / WEIGHTS, *voices.values()]
    verification = _Verification(folder, expected_checksums(settings.checksums), paths, context)
    try:
        for path in paths[:2]:
            if fault := verification.fault_of(path):
                raise EngineUnavailableError(fault, mend=FETCH_AGAIN)
        faults = {name: verification.fault_of(path) for name, path in voices.items()}
    finally:
        verification.known.save()
    if not voices:
        raise EngineUnavailableError(f"there are no voices in {str(folder)!r}", mend=INSTALL)
    return ModelFiles(folder, voices, {name: fault for name, fault in faults.items() if fault})


class _Verification:
    """Looks at one file after the other, and tells how far it has come."""

    def __init__(
        self, folder: Path, expected: Mapping[str, str], paths: list[Path], context: Context
    ) -> None:
        self.known = KnownChecksums()
        self._folder = folder
        self._expected = expected
        self._context = context
        self._total = sum(path.stat().st_size for path in paths if path.is_file())
        self._done = 0

    def fault_of(self, path: Path) -> str:
        """What is wrong with a file, in one line; empty where it is as it should be."""
        name = path.relative_to(self._folder).as_posix()
        expected = self._expected.get(name)
        if not path.is_file():
            return f"{str(path)!r} is missing"
        if expected is None:
            return f"it is not known what {name} should be"
        try:
            checksum = self.known.get(path) or self._compute(path)
        except OSError as error:
            return f"{str(path)!r} cannot be read: {error.strerror}"
        if checksum == expected:
            return ""
        return self._describe_difference(path)

    def _compute(self, path: Path) -> str:
        before = stamp(path)
        checksum = compute_checksum(path, self._progress)
        self.known.put(path, before, checksum)
        return checksum

    def _progress(self, count: int) -> None:
        self._done += count
        self._context.progress(self._done, self._total, "verifies its model files")

    def _describe_difference(self, path: Path) -> str:
        with path.open("rb") as file:
            start = file.read(len(_POINTER))
        size = path.stat().st_size
        if start == _POINTER and size <= _LONGEST_POINTER:
            return (
                f"{str(path)!r} is a pointer of Git LFS, not the file itself"
                " (`git lfs pull` fetches it)"
            )
        if not size:
            return f"{str(path)!r} is empty"
        return f"{str(path)!r} is damaged or another version: its SHA-256 is not the expected one"
