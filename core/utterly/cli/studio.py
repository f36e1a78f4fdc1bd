"""`utterly studio`: a page in the browser that speaks."""

from __future__ import annotations

import os
import secrets
import sys
import webbrowser
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from utterly.cli.completion import EngineName
from utterly.cli.options import settings_option
from utterly.errors import UtterlyError


@click.command("studio")
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="Where to listen. Others than this machine have to know a password.",
)
@click.option(
    "--port",
    metavar="N",
    type=click.IntRange(0, 65_535),
    help="By default 8850, or another that is free.",
)
@click.option(
    "--password-file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Ask for the password in its first line; else one is made where it is needed.",
)
@click.option(
    "--engines",
    metavar="A,B,C",
    default="",
    type=EngineName(several=True),
    help="Engines to try, first choice first.",
)
@click.option("--voice", metavar="V", help="engine:id or a persona, by default.")
@click.option("--language", metavar="L", help="Language tag, by default.")
@settings_option
@click.option("--offline", is_flag=True, help="Connect to no address beyond this machine.")
@click.option(
    "--idle-seconds",
    metavar="S",
    type=click.FloatRange(min=0),
    default=300.0,
    show_default=True,
    help="How long models stay loaded when everybody has gone.",
)
@click.option("--browser/--no-browser", default=None, help="Open the page, or do not.")
def run_studio(
    *,
    host: str,
    port: int | None,
    password_file: Path | None,
    engines: str,
    browser: bool | None,
    **options: Any,
) -> int:
    """Open the studio: a page in the browser that speaks a text or a subtitle file.

    It plays while it is still being spoken, shows what each engine does and who stands in for whom,
    and gives the audio and its subtitles to keep. Nothing leaves this machine but what a cloud
    engine is to speak, where somebody puts one into the chain. Ctrl-C ends it.
    """
    import asyncio

    from utterly.chain import parse_engines

    server = _import_server()
    chosen = server.StudioOptions(engines=parse_engines(engines), **options)
    secret = _read_password(password_file) if password_file else ""
    if not secret and not server.is_loopback(host):
        secret = secrets.token_urlsafe(12)
    with server.open_socket(host, port) as listener:
        address = f"http://{_written(host)}:{listener.getsockname()[1]}"

        def announce(_server: object) -> None:
            _announce(address, "" if password_file else secret)
            if _can_show_pages() if browser is None else browser:
                webbrowser.open(address)

        work = server.serve(chosen, listener, password=secret, on_start=announce)
        asyncio.run(work)
    click.echo("utterly: the studio is closed", err=True)
    return 0


def _import_server() -> ModuleType:
    """What the studio is served with.

    Raises:
        UtterlyError: Its libraries are missing.
    """
    try:
        from utterly.studio import server
    except ModuleNotFoundError as error:
        raise UtterlyError(
            'the studio needs a web server: pip install "utterly[studio]"'
        ) from error
    return server


def _read_password(file: Path) -> str:
    """The first line of a file.

    Raises:
        click.UsageError: There is nothing in it.
    """
    password = file.read_text("utf-8").partition("\n")[0].strip()
    if not password:
        raise click.UsageError(f"{file} has no password in its first line")
    return password


def _announce(address: str, password: str) -> None:
    """Tell where the studio is; a password that we made is told here and nowhere else."""
    click.echo(address)
    if password:
        click.echo(f"utterly: the password is {password}", err=True)
    click.echo("utterly: the studio is open; Ctrl-C closes it", err=True)


def _written(host: str) -> str:
    """An address as it is written in another one; this machine where it is every address."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not bound
    return f"[{name}]" if ":" in name else name


def _can_show_pages() -> bool:
    """Whether somebody sits at a screen of this machine, as far as can be told."""
    is_graphical = {"DISPLAY", "WAYLAND_DISPLAY"} & {*os.environ}
    return sys.stderr.isatty() and (sys.platform in ("darwin", "win32") or bool(is_graphical))
