"""Hygiene for every test: nobody's settings, no network, loggers and modules as found."""

from __future__ import annotations

import ipaddress
import logging
import os
import signal
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from utterly.health_book import book

_HOME_VARIABLES = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")
_XDG_VARIABLES = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
_refused: list[str] = []


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """A file of one certificate: of hundreds, each client takes a while to read them."""
    certificates = ssl.create_default_context().get_ca_certs(binary_form=True)
    if not certificates:
        return None
    file = tmp_path_factory.mktemp("authority") / "certificate.pem"
    file.write_text(ssl.DER_cert_to_PEM_cert(certificates[0]), "ascii")
    return file


@pytest.fixture(autouse=True)
def clean_environment(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    authority: Path | None,
) -> None:
    """Begin without settings, with an empty home, and with the engines of a light install."""
    home = tmp_path_factory.mktemp("home")
    for name in tuple(os.environ):
        if name.startswith("UTTERLY_"):
            monkeypatch.delenv(name)
    for name in (*_HOME_VARIABLES, *_XDG_VARIABLES):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("UTTERLY_CONFIG", str(home / "config.toml"))
    if authority is not None:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    if "kokoro" not in request.path.parts:
        # It has no model in an empty home, and would only be passed over with a notice.
        monkeypatch.setenv("UTTERLY_DISABLE", "kokoro")


@pytest.fixture(autouse=True)
def loopback_only() -> Iterator[None]:
    """Fail a test that reached for the network, also where the refusal was handled quietly."""
    _refused.clear()
    yield
    if _refused:
        pytest.fail(f"the test reached for the network: {', '.join(_refused)}", pytrace=False)


@pytest.fixture(autouse=True)
def loggers_as_found() -> Iterator[None]:
    """Undo what a test does to the loggers."""
    found = {logger: _describe(logger) for logger in _loggers()}
    yield
    for logger in _loggers():
        level, propagate, disabled, handlers = found.get(logger, _PLAIN)
        logger.setLevel(level)
        logger.propagate, logger.disabled, logger.handlers = propagate, disabled, list(handlers)


@pytest.fixture(autouse=True)
def everybody_healthy() -> None:
    """No engine is ill from another test."""
    book.forget()


@pytest.fixture(autouse=True)
def modules_as_found(request: pytest.FixtureRequest) -> Iterator[None]:
    """Forget what a test imported from its own folder: the next would find it installed."""
    if "tmp_path" not in request.fixturenames:
        yield
        return
    found = set(sys.modules)
    yield
    folder = str(request.node.funcargs["tmp_path"])
    for name in sys.modules.keys() - found:
        if str(getattr(sys.modules[name], "__file__", None) or "").startswith(folder):
            del sys.modules[name]


_PLAIN: tuple[int, bool, bool, tuple[logging.Handler, ...]] = (logging.NOTSET, True, False, ())


def _loggers() -> list[logging.Logger]:
    """The root logger and all of Utterly's."""
    known = logging.Logger.manager.loggerDict
    ours = [name for name in known if name.split(".")[0] == "utterly"]
    return [logging.getLogger(), *map(logging.getLogger, ours)]


def _describe(logger: logging.Logger) -> tuple[int, bool, bool, tuple[logging.Handler, ...]]:
    return logger.level, logger.propagate, logger.disabled, tuple(logger.handlers)


def _guard_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse every address that is not this machine, whatever library asks for it."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not _is_this_machine(host):
        _refused.append(str(host))
        raise OSError(f"tests stay on this machine; {host!r} is elsewhere")


def _is_this_machine(host: str | bytes | None) -> bool:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False


def pytest_configure(config: pytest.Config) -> None:
    """Let programs that tests start hear Ctrl-C, also where the tests run in the background.

    And seed nothing before each test: torch takes its time for it, and whoever draws has own dice.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.option.randomly_reset_seed = False


# A hook of the interpreter, since it also sees what is done without Python's socket class.
sys.addaudithook(_guard_network)


@pytest.fixture
def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).parent
