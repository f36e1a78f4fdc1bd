"""Ways to the service: proxies, names, certificates."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.servers.edge import EdgeServer
from tests.servers.proxy import Proxy

from utterly import EngineUnavailableError, Secret, TransientEngineError
from utterly_edge import EdgeSettings
from utterly_edge._library import find_proxy

REAL_LOOKUP = socket.getaddrinfo


def test_proxy_of_the_settings_is_used(say: Any, server: EdgeServer) -> None:
    """It tunnels; the certificate is that of the service."""
    with Proxy() as proxy:
        say("Hello.", settings={"proxy": Secret(proxy.address)})

    assert [f"CONNECT 127.0.0.1:{server.port} HTTP/1.1".encode()] == proxy.asked


def test_proxy_of_the_environment_is_used(say: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`HTTPS_PROXY`, which the library does not look at."""
    with Proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.address)
        say("Hello.")

    assert 1 == len(proxy.asked)


def test_proxy_is_passed_by_where_told_so(say: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`NO_PROXY` names the host."""
    with Proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
        say("Hello.")

    assert [] == proxy.asked


def test_proxy_without_its_password_is_for_the_user(say: Any) -> None:
    """407 does not go away by itself, and the password is in no message."""
    with Proxy(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n") as proxy:
        address = Secret(proxy.address.replace("//", "//me:hush@"))
        with pytest.raises(EngineUnavailableError, match="wants a password") as caught:
            say("Hello.", settings={"proxy": address})

    assert "hush" not in str(caught.value)


def test_proxy_of_another_kind_is_for_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library knows HTTP proxies alone."""
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1")
    with pytest.raises(EngineUnavailableError, match="not an HTTP proxy"):
        find_proxy(EdgeSettings())


def test_proxy_without_a_scheme_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    """As other programs do."""
    monkeypatch.setenv("https_proxy", "127.0.0.1:3128")

    assert "http://127.0.0.1:3128" == find_proxy(EdgeSettings())


@contextmanager
def _closed_port() -> Iterator[int]:
    """A port that nobody listens on, and that nobody else is given."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_nobody_there_may_pass(say: Any) -> None:
    """Tried again, and the next engine speaks."""
    with _closed_port() as port, pytest.raises(TransientEngineError, match="cannot be reached"):
        say("Hello.", settings={"endpoint": f"127.0.0.1:{port}"})


def test_proxy_that_is_not_there_may_pass(say: Any) -> None:
    """The message says that it is the proxy."""
    with _closed_port() as port, pytest.raises(TransientEngineError, match="the proxy"):
        say("Hello.", settings={"proxy": Secret(f"http://127.0.0.1:{port}")})


def test_name_that_is_not_found_may_pass(say: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """There may be a network later."""

    def look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        if host == "speech.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return REAL_LOOKUP(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(TransientEngineError, match="cannot be resolved"):
        say("Hello.", settings={"endpoint": "speech.invalid"})


def test_strange_certificate_is_refused(say: Any, server: EdgeServer) -> None:
    """The usual authorities do not vouch for it: no text is sent."""
    with pytest.raises(EngineUnavailableError, match="not trusted"):
        say("Hello.", settings={"certificate": None})

    assert [] == server.spoken


def test_certificate_for_another_host_is_refused(say: Any, server: EdgeServer) -> None:
    """The name is looked at too."""
    server_port = server.port
    with pytest.raises((EngineUnavailableError, TransientEngineError)):
        say("Hello.", settings={"endpoint": f"127.0.0.2:{server_port}"})

    assert [] == server.spoken


def test_engines_do_not_share_an_endpoint(say: Any, server: EdgeServer) -> None:
    """What one is set to, the library does not tell the other."""
    with EdgeServer() as other:
        say("Here.", settings=other.settings())
        say("There.")
        say("Here again.", settings=other.settings())

    assert (1, 2) == (len(server.spoken), len(other.spoken))


def test_missing_certificate_file_is_for_the_user(say: Any, tmp_path: Any) -> None:
    """The message names the file and the setting."""
    with pytest.raises(EngineUnavailableError, match="change the setting certificate"):
        say("Hello.", settings={"certificate": tmp_path / "none.pem"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://host/path"},
        {"endpoint": "host'/>"},
        {"answer_seconds": 0},
        {"idle_seconds": 0.0},
        {"proxy": Secret("ftp//x")},
    ],
)
def test_settings_are_checked(wrong: dict[str, Any]) -> None:
    """When they are made, not when they are needed."""
    with pytest.raises(ValueError, match="is"):
        EdgeSettings(**wrong)
