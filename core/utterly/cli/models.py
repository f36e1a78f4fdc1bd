"""`utterly models`: the model files of engines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from utterly.cli.download_progress import DownloadProgress
from utterly.cli.engine_warnings import engine_warnings_told
from utterly.cli.options import (
    Settings,
    echo_json,
    engine_argument,
    json_option,
    settings_option,
)
from utterly.progress import format_bytes

if TYPE_CHECKING:
    from utterly.models import ModelReport, Models


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
        for report in reports:
            _echo_line(report, _in_brief(report))
    return 0


@manage_models.command("pull")
@engine_argument
@settings_option
@json_option
def pull_model(engine: str, settings: Settings, as_json: bool) -> int:
    """Fetch what ENGINE needs; what is there already is kept."""
    with _models(settings) as models:
        report = models.pull(engine)
    return _tell(report, as_json)


@manage_models.command("verify")
@engine_argument
@settings_option
@json_option
def verify_model(engine: str, settings: Settings, as_json: bool) -> int:
    """Read what ENGINE needs, whether it is there and whole; no network is used."""
    with _models(settings) as models:
        report = models.verify(engine)
    return _tell(report, as_json)


@manage_models.command("remove")
@engine_argument
@settings_option
@json_option
def remove_model(engine: str, settings: Settings, as_json: bool) -> int:
    """Delete the model files of ENGINE, to give the disk space back."""
    with _models(settings) as models:
        report = models.remove(engine)
    return _tell(report, as_json)


@contextmanager
def _models(settings: Settings) -> Iterator[Models]:
    """The model files, with what happens to them told on standard error."""
    from utterly.models import Models

    progress = DownloadProgress()

    def tell(line: str) -> None:
        progress.clear()
        click.echo(f"utterly: {line}", err=True)

    try:
        with engine_warnings_told(tell):
            yield Models(settings, progress)
    finally:
        progress.clear()


def _tell(report: ModelReport, as_json: bool) -> int:
    if as_json:
        echo_json(report.to_dict())
    else:
        _echo_line(report, report.reason)
    return 0 if report.is_good else 1


def _echo_line(report: ModelReport, reason: str) -> None:
    facts = "; ".join(filter(None, (_sizes(report), reason)))
    click.echo(f"{report.engine:<10} {report.state:<11} {facts}".rstrip())


def _in_brief(report: ModelReport) -> str:
    """The reason; where all that has to be done is to fetch so much, only how."""
    return f"utterly models pull {report.engine}" if report.bytes_to_fetch else report.reason


def _sizes(report: ModelReport) -> str:
    sizes = {
        "on disk": report.bytes_on_disk,
        "to fetch": report.bytes_to_fetch,
        "freed": report.bytes_freed,
    }
    return ", ".join(f"{format_bytes(size)} {name}" for name, size in sizes.items() if size)
