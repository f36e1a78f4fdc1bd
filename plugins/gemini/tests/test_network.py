"""Ways to the service: the proxies of the environment."""

from __future__ import annotations

import pytest
from plugins.gemini.tests.speaking import say
from tests.servers.gemini import GeminiServer
from tests.servers.proxy import Proxy

from utterly import TransientEngineError


def _fail(endpoint: str) -> TransientEngineError:
    """Ask in vain: the server does not speak TLS, and so is known by what the proxy hears."""
    with pytest.raises(TransientEngineError) as raised:
        say(endpoint, settings={"connect_seconds": 2.0})
    return raised.value


@pytest.fixture
def endpoint(server: GeminiServer) -> str:
    """One that wants TLS, so that a proxy is asked to let it through."""
    return f"https://127.0.0.1:{server.port}"


def test_proxy_of_the_environment_is_used(
    server: GeminiServer, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It tunnels, and sees neither the key nor the text."""
    with Proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.address)
        _fail(endpoint)

    assert [f"CONNECT 127.0.0.1:{server.port} HTTP/1.1".encode()] == proxy.asked


def test_proxy_is_passed_by_where_told_so(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`NO_PROXY` names the host."""
    with Proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        _fail(endpoint)

    assert [] == proxy.asked


def test_password_of_a_proxy_is_not_shown(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Although it was refused."""
    with Proxy(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.address.replace("//", "//me:hush@"))
        error = _fail(endpoint)

    assert "hush" not in str(error)
