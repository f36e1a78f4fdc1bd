"""`utterly doctor`: does it work here, and if not, what is missing?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from utterly.cli.completion import EngineName
from utterly.cli.download_progress import DownloadProgress
from utterly.cli.options import Settings, echo_json, json_option, settings_option

if TYPE_CHECKING:
    from utterly.diagnosis import Diagnosis
    from utterly.installation import Check


@click.command("doctor")
@click.option(
    "--engines",
    metavar="A,B,C",
    default="",
    type=EngineName(several=True),
    help="Only these, also in the cloud.",
)
@click.option("--pull", is_flag=True, help="Fetch models that are missing.")
@settings_option
@json_option
def examine_installation(engines: str, pull: bool, settings: Settings, as_json: bool) -> int:
    """Have each local engine speak a word; for those that cannot, tell what to do about it.

    Cloud engines are contacted only where they are named. The exit code is 0 when one engine
    speaks at least.
    """
    from utterly.chain import parse_engines
    from utterly.diagnosis import Doctor
    from utterly.installation import check_installation

    progress = DownloadProgress()
    doctor = Doctor(settings, pull=pull, on_event=progress)
    checks: Iterable[Check] = check_installation()
    diagnoses: Iterable[Diagnosis] = doctor.examine(parse_engines(engines))
    if as_json:
        checks, diagnoses = list(checks), list(diagnoses)
        progress.clear()
        echo_json(
            {
                "checks": [check.to_dict() for check in checks],
                "engines": [diagnosis.to_dict() for diagnosis in diagnoses],
            }
        )
    else:
        diagnoses = list(_told(checks, diagnoses, progress))
    return 0 if any(diagnosis.state == "ok" for diagnosis in diagnoses) else 1


def _told(
    checks: Iterable[Check], diagnoses: Iterable[Diagnosis], progress: DownloadProgress
) -> Iterator[Diagnosis]:
    """Write a line about each, as soon as it is known: one engine may take its time."""
    for check in checks:
        click.echo(_line(check.name, check.state, check.finding))
    click.echo()
    for diagnosis in diagnoses:
        progress.clear()
        click.echo(_line(diagnosis.engine, diagnosis.state, _describe(diagnosis)))
        yield diagnosis


def _line(name: str, state: str, finding: str) -> str:
    return f"{name:<10} {state:<9} {finding}"


def _describe(diagnosis: Diagnosis) -> str:
    if diagnosis.state != "ok":
        return diagnosis.reason
    notes = "".join(f"; {note}" for note in (diagnosis.setup, diagnosis.advice) if note)
    return (
        f"spoke {diagnosis.duration:.1f} s with {diagnosis.voice} in {diagnosis.seconds:.2f} s,"
        f" peak {diagnosis.peak:.0f} dBFS{notes}"
    )
