"""`utterly models`: the model files of engines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from utterly.cli.download_progress import DownloadProgress
from utterly.cli.options import (
    Settings,
    echo_json,
    engine_argument,
    json_option,
    settings_option,
)
from utterly.progress import format_bytes

if TYPE_CHECKING:
    from utterly.models import ModelReport


@click.group("models")
def manage_models() -> None:
    """List, fetch, verify and remove the model files of engines."""


@manage_models.command("list")
@settings_option
@json_option
def list_models(settings: Settings, as_json: bool) -> int:
    """Tell of each engine whether its model files are there; no network is used."""
    from utterly.models import Models

    reports = Models(settings).report_all()
    if as_json:
        echo_json([report.to_dict() for report in reports])
    else:
        _echo_lines(reports)
    return 0


@manage_models.command("pull")
@engine_argument
@settings_option
@json_option
def pull_model(engine: str, settings: Settings, as_json: bool) -> int:
    """Fetch what ENGINE needs; what is there already is kept."""
    from utterly.models import Models

    progress = DownloadProgress()
    try:
        report = Models(settings, progress).pull(engine)
    finally:
        progress.clear()
    return _tell(report, as_json)


@manage_models.command("verify")
@engine_argument
@settings_option
@json_option
def verify_model(engine: str, settings: Settings, as_json: bool) -> int:
    """Look whether what ENGINE needs is there and whole; no network is used."""
    from utterly.models import Models

    return _tell(Models(settings).verify(engine), as_json)


@manage_models.command("remove")
@engine_argument
@settings_option
@json_option
def remove_model(engine: str, settings: Settings, as_json: bool) -> int:
    """Delete the model files of ENGINE, to give the disk space back."""
    from utterly.models import Models

    return _tell(Models(settings).remove(engine), as_json)


def _tell(report: ModelReport, as_json: bool) -> int:
    if as_json:
        echo_json(report.to_dict())
    else:
        _echo_lines([report])
    return 0 if report.is_good else 1


def _echo_lines(reports: Iterable[ModelReport]) -> None:
    for report in reports:
        freed = f"{format_bytes(report.bytes_freed)} freed" if report.bytes_freed else ""
        line = f"{report.engine:<10} {report.state:<11} {report.reason or freed}"
        click.echo(line.rstrip())
