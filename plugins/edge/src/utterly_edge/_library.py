"""`edge-tts`, pointed at an endpoint and with authorities of one's own, for one engine alone."""

from __future__ import annotations

import ssl
import urllib.request
from dataclasses import dataclass
from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING, Any

from utterly import EngineUnavailableError
from utterly_edge._settings import HOST

if TYPE_CHECKING:
    from utterly_edge._settings import EdgeSettings


@dataclass(frozen=True, slots=True)
class Library:
    """The library, ready to connect.

    Attributes:
        communicate: Its class `Communicate`.
        list_voices: Its function of that name.
        proxy: To be handed to both.
    """

    communicate: Any
    list_voices: Any
    proxy: str | None

    @classmethod
    def open(cls, settings: EdgeSettings) -> Library:
        """Import the library.

        Raises:
            EngineUnavailableError: It is not installed, or a setting cannot be used.
        """
        try:
            speaking, listing = _copy("edge_tts.communicate"), _copy("edge_tts.voices")
        except ImportError as error:
            raise EngineUnavailableError(
                "the library edge-tts cannot be imported",
                mend="pip install --upgrade utterly-edge edge-tts",
            ) from error
        if settings.certificate:
            speaking._SSL_CTX = listing._SSL_CTX = _trust(settings)  # noqa: SLF001  # no other way
        speaking.WSS_URL = speaking.WSS_URL.replace(HOST, settings.endpoint)
        listing.VOICE_LIST = listing.VOICE_LIST.replace(HOST, settings.endpoint)
        return cls(speaking.Communicate, listing.list_voices, find_proxy(settings))


def _copy(name: str) -> Any:
    """A module of the library's anew: its address and trust are globals, here one engine's own."""
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(name)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _trust(settings: EdgeSettings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.certificate)
    except OSError as error:
        raise EngineUnavailableError(
            f"the certificate file {settings.certificate} cannot be used",
            mend="change the setting certificate",
        ) from error


def find_proxy(settings: EdgeSettings) -> str | None:
    """The proxy of the settings, of the environment or of the system.

    Of the environment the library itself looks at `WSS_PROXY` alone.

    Raises:
        EngineUnavailableError: It is not an HTTP proxy.
    """
    proxies = urllib.request.getproxies()
    host = settings.endpoint.partition(":")[0]
    if settings.proxy:
        return settings.proxy.reveal()
    if urllib.request.proxy_bypass(host):
        return None
    found = proxies.get("https") or proxies.get("all")
    if found and "://" not in found:
        found = f"http://{found}"
    if found and not found.lower().startswith(("http://", "https://")):
        raise EngineUnavailableError(
            "the proxy of the environment is not an HTTP proxy",
            mend="name an HTTP proxy in the setting proxy, or the host in NO_PROXY",
        )
    return found or None
