"""`utterly engines`: what is installed, and what keeps the rest from working."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from utterly.plugins.reports import PluginReport
    from utterly.plugins.settings_report import SettingReport


@click.command("engines")
@click.option("--json", "as_json", is_flag=True, help="One JSON document, settings included.")
@click.option("-v", "--verbose", is_flag=True, help="Each engine's settings too.")
def list_engines(*, as_json: bool, verbose: bool) -> int:
    """List engines and extensions; for those that do not work, why not and how to mend it."""
    import utterly

    reports = utterly.engines()
    if as_json:
        documents = [report.to_dict() for report in reports]
        click.echo(json.dumps(documents, ensure_ascii=False, indent=2))
        return 0
    for report in reports:
        click.echo(_line(report))
        if report.setup:
            click.echo(f"    {report.setup}")
        for setting in report.settings if verbose else ():
            click.echo(f"    {_describe(setting)}")
    ready = {report.name for report in reports if report.group == "engine" and _is_ready(report)}
    if not ready:
        click.echo("utterly: nothing to speak with: pip install utterly-espeak", err=True)
    elif "kokoro" not in {report.name for report in reports}:
        click.echo("utterly: for a natural voice: pip install utterly-kokoro", err=True)
    return 0


def _describe(setting: SettingReport) -> str:
    value = json.dumps(setting.value, ensure_ascii=False)
    return f"{setting.name} = {value} (from {setting.source}); it takes {setting.takes}"


def _is_ready(report: PluginReport) -> bool:
    return report.state == "ready"


def _line(report: PluginReport) -> str:
    heading = f"{report.name:<10} {report.state:<9}"
    if not _is_ready(report):
        return f"{heading} {report.distribution}: {report.reason}; {report.mend}"
    if report.info is None:
        return f"{heading} extension, {report.distribution}"
    if report.use:
        return f"{heading} uses {report.use}"
    info = report.info
    languages = f"{len(info.languages)} languages" if len(info.languages) > 1 else info.languages[0]
    licences = " AND ".join((info.licence, *info.runtime_licences))
    return (
        f"{heading} {info.title}, {info.kind}, {languages}, {report.distribution},"
        f" runs under {licences}"
    )
