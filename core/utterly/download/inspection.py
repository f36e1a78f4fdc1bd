"""What of the wanted files is there already, and is what it should be; no network is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from utterly.download.checksums import is_pointer, matches, sha256_of
from utterly.download.marker import Verified, read_marker
from utterly.download.places import Place

Report = Callable[[str], object]


@dataclass(slots=True)
class Findings:
    """The wanted files, sorted.

    Attributes:
        verified: Those that are right.
        unknown: Those that are there without anybody having a checksum of them.
        missing: The others.
        is_news: Whether the marker does not say so yet.
    """

    verified: dict[str, Verified] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    is_news: bool = False


def marker_of(place: Place, revision: str) -> Path:
    """Where the ready marker of a revision lies."""
    return place.work / f"ready-{revision}.json"


def inspect(
    place: Place, revision: str, files: Mapping[str, str | None], report: Report
) -> Findings:
    """Sort files; those that the marker knows and nobody changed are not read.

    Raises:
        OSError: The disk cannot be read.
    """
    marked = read_marker(marker_of(place, revision))
    findings = Findings()
    for name, pinned in files.items():
        path, mark = place.files / name, marked.get(name)
        if not path.is_file():
            findings.missing.append(name)
            continue
        expected = pinned or (mark.sha256 if mark else None)
        if mark and mark == Verified.describe(path, expected or ""):
            findings.verified[name] = mark
            continue
        _read(findings, name, path, expected or place.known_checksum(name), report)
    return findings


def verify(findings: Findings, name: str, path: Path, checksum: str, report: Report) -> bool:
    """Read a file, and note it among the verified ones if it is right."""
    is_right = matches(path, checksum, partial(report, f"verifying {name}"))
    if is_right:
        note(findings, name, path, checksum)
    return is_right


def note(findings: Findings, name: str, path: Path, checksum: str) -> None:
    """Note a file that is known to be right, by its SHA-256."""
    # Git's own checksums are those of small files, which are quick to read once more.
    digest = checksum if len(checksum) == 64 else sha256_of(path, lambda: None)
    findings.verified[name] = Verified.describe(path, digest)
    findings.is_news = True


def _read(findings: Findings, name: str, path: Path, checksum: str | None, report: Report) -> None:
    if is_pointer(path) or (path.stat().st_size == 0 and checksum is None):
        findings.missing.append(name)
    elif checksum is None:
        findings.unknown.append(name)
    elif not verify(findings, name, path, checksum, report):
        findings.missing.append(name)
