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
    place: Place,
    revision: str,
    files: Mapping[str, str | None],
    report: Report,
    *,
    anew: bool = False,
) -> Findings:
    """Sort files; those that the marker knows and nobody changed are not read.

    Args:
        place: Where they are looked for.
        revision: Whose marker counts.
        files: SHA-256 of each by its name, `None` where it is not known.
        report: Told what is being read; may raise.
        anew: Read all of them, whatever the marker says.

    Raises:
        OSError: The disk cannot be read.
    """
    marked = read_marker(marker_of(place, revision))
    findings = Findings()
    for name, pinned in files.items():
        path, mark = place.files / name, marked.get(name)
        expected = pinned or (mark.sha256 if mark else None)
        if not path.is_file():
            _borrow(findings, place, name, pinned, report)
        elif mark and not anew and mark == Verified.describe(path, expected or ""):
            findings.verified[name] = mark
        else:
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


def _borrow(
    findings: Findings, place: Place, name: str, pinned: str | None, report: Report
) -> None:
    """Have a missing file from another revision, if its content is known to be the same."""
    tick = partial(report, f"verifying {name}")
    if pinned and place.borrow(name, lambda copy: matches(copy, pinned, tick)):
        note(findings, name, place.files / name, pinned)
    else:
        findings.missing.append(name)


def _read(findings: Findings, name: str, path: Path, checksum: str | None, report: Report) -> None:
    if is_pointer(path) or (path.stat().st_size == 0 and checksum is None):
        findings.missing.append(name)
    elif checksum is None:
        findings.unknown.append(name)
    elif not verify(findings, name, path, checksum, report):
        findings.missing.append(name)
