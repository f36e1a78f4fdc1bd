"""The guards around every test, tried out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

SWALLOWED_CONNECTIONS = """
import pytest
import socket

@pytest.mark.parametrize("host", HOSTS)
def test_quiet_failover(host):
    try:
        socket.create_connection((host, 9), timeout=0.1)
    except OSError:
        pass
"""

FORGOTTEN_HANDLER = """
import logging
import pytest

@pytest.mark.parametrize("time", [1, 2])
def test_adds_a_handler(time):
    logger = logging.getLogger("utterly.new")
    assert (not logger.handlers, logger.level) == (True, logging.NOTSET)
    logger.addHandler(logging.NullHandler())
    logger.setLevel(logging.DEBUG)
"""

OUTSIDE = ("192.0.2.1", "utterly.invalid", "2001:db8::1")
INSIDE = ("127.0.0.1", "localhost", "::1")


@pytest.fixture
def guarded(pytester: pytest.Pytester, repository: Path) -> pytest.Pytester:
    """A test session of its own under the same guards."""
    pytester.makeconftest((repository / "conftest.py").read_text("utf-8"))
    return pytester


def test_settings_of_the_developer_are_gone() -> None:
    """No variable of Utterly's reaches a test but our own: a file that is not there, no Kokoro."""
    ours = {name for name in os.environ if name.startswith("UTTERLY_")}

    assert {"UTTERLY_CONFIG", "UTTERLY_DISABLE"} == ours
    assert not Path(os.environ["UTTERLY_CONFIG"]).exists()


def test_home_is_empty() -> None:
    """What lies in the developer's home cannot make a test pass or fail."""
    assert [] == list(Path.home().iterdir())


def test_network_fails_a_test_that_swallows_the_error(guarded: pytest.Pytester) -> None:
    """An engine that fails over when it has no network cannot hide that it tried."""
    guarded.makepyfile(SWALLOWED_CONNECTIONS.replace("HOSTS", repr(OUTSIDE)))
    outcome = guarded.runpytest_subprocess("-p", "no:randomly")

    outcome.assert_outcomes(passed=3, errors=3)
    outcome.stdout.fnmatch_lines([f"*reached for the network: {host}*" for host in OUTSIDE])


def test_loopback_is_open_and_loggers_are_put_back(guarded: pytest.Pytester) -> None:
    """Protocol servers of the tests can be reached, and no test inherits another's handlers."""
    connections = SWALLOWED_CONNECTIONS.replace("HOSTS", repr(INSIDE))
    guarded.makepyfile(test_connections=connections, test_loggers=FORGOTTEN_HANDLER)

    guarded.runpytest_subprocess().assert_outcomes(passed=5)
