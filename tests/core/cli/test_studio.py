"""`utterly studio`: opens where it is told, tells where that is, and ends at Ctrl-C."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest

from utterly.studio.server import USUAL_PORT, is_loopback, open_socket

Run = Callable[..., int]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no Ctrl-C for one process there")
def test_studio_opens_and_closes_at_ctrl_c() -> None:
    """The first line of standard output is its address, and the page is there."""
    command = [sys.executable, "-m", "utterly", "studio", "--port", "0", "--no-browser"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as studio:
        assert studio.stdout
        address = studio.stdout.readline().strip()
        with urlopen(address, timeout=20) as page:  # noqa: S310  # it is our own
            text = page.read().decode()
        studio.send_signal(signal.SIGINT)
        _output, told = studio.communicate(timeout=20)

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)
    assert "<title>Utterly Studio</title>" in text
    assert 0 == studio.returncode
    assert "utterly: the studio is open; Ctrl-C closes it\nutterly: the studio is closed\n" == told


def test_other_addresses_get_a_password(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that cannot be guessed, shown in the terminal alone."""
    asked = _serve_nothing(monkeypatch)

    assert 0 == run("studio", "--host", "0.0.0.0", "--port", "0")  # noqa: S104  # nobody is served

    told = capsys.readouterr().err
    assert f"utterly: the password is {asked[0]}\n" in told
    assert len(asked[0]) >= 16


def test_password_may_be_ones_own(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is the first line of a file, and is shown nowhere."""
    asked = _serve_nothing(monkeypatch)
    file = tmp_path / "password"
    file.write_text("open sesame\n", "utf-8")

    assert 0 == run("studio", "--port", "0", "--password-file", str(file))

    assert ["open sesame"] == asked
    assert "sesame" not in "".join(capsys.readouterr())


def test_empty_password_is_none(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file with nothing in it does not open the studio to everybody."""
    file = tmp_path / "password"
    file.write_text("\n", "utf-8")

    assert 2 == run("studio", "--port", "0", "--password-file", str(file))

    assert "has no password in its first line" in capsys.readouterr().err


def test_this_machine_needs_no_password(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else can come in."""
    asked = _serve_nothing(monkeypatch)

    assert 0 == run("studio", "--port", "0")

    assert [""] == asked


def _serve_nothing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Close at once; the passwords that would be asked for."""
    passwords: list[str] = []

    async def serve(
        _options: object,
        _listener: socket.socket,
        *,
        password: str,
        on_start: Callable[[None], object],
    ) -> None:
        passwords.append(password)
        on_start(None)

    monkeypatch.setattr("utterly.studio.server.serve", serve)
    return passwords


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (("--engines", "espeek"), 2, "no engine is called 'espeek': did you mean 'espeak'?"),
        (("--set", "espeak.nonsense=1", "--engines", "espeak"), 2, "nonsense"),
        (("--host", "192.0.2.1"), 4, "cannot listen at 192.0.2.1"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    run: Run,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
    complaint: str,
) -> None:
    """Before the page is opened."""
    assert code == run("studio", "--port", "0", "--no-browser", *arguments)

    assert complaint in capsys.readouterr().err


def test_missing_web_server_is_said_with_its_mend() -> None:
    """The extra brings it."""
    program = (
        "import sys; sys.modules['uvicorn'] = None; from utterly.cli import main; main(['studio'])"
    )

    completed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert 1 == completed.returncode
    told = 'utterly: the studio needs a web server: pip install "utterly[studio]"\n'
    assert told == completed.stderr


def test_usual_port_gives_way() -> None:
    """Where it is taken, another one is free; one that was asked for is not replaced."""
    with open_socket("127.0.0.1") as first, open_socket("127.0.0.1") as second:
        ports = [listener.getsockname()[1] for listener in (first, second)]

    assert ports[0] != ports[1]
    assert USUAL_PORT != ports[1]


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104  # compared, not bound
        ("::", False),
        ("192.0.2.1", False),
        ("studio.example", False),
    ],
)
def test_loopback_is_known(host: str, *, is_ours: bool) -> None:
    """A name may lead anywhere, but for one."""
    assert is_ours == is_loopback(host)
