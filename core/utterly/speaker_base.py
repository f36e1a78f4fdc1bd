"""What every kind of speaker is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, get_args

from utterly.chain import parse_engines
from utterly.engine.model import UnloadPolicy
from utterly.engine.session_options import SessionOptions
from utterly.errors import InvalidRequestError
from utterly.events import Event
from utterly.notebook_progress import NotebookProgress, in_notebook
from utterly.observers import Observers
from utterly.plugins import ExtensionPlugin, installed_plugins
from utterly.policy import Policy
from utterly.preferences import Preferences
from utterly.requests import Defaults, Requests
from utterly.standing import Standing


class SpeakerBase:
    """A chain of engines with its loaded models.

    Args:
        engines: Configured names, first choice first, also as `"a,b"`; by default `kokoro`, then
            `espeak`, as installed.
        voice: `engine:id`, a persona, or an id that one engine of the chain has.
        language: BCP 47 tag; by default the voice's, else English.
        settings: Settings of engines, by configured name, then by field.
        policy: What is done about failures.
        unload: When a model is given back: `"after-request"`, `"idle"` or `"never"`.
        idle_seconds: How long `"idle"` waits.
        strict: Never let another engine than the first stand in; also where the environment or the
            user's file says so.
        offline: Connect to no address beyond loopback, cloud engines are not tried; also where the
            environment or the user's file says so.
        extensions: Names of extensions to run, the first outermost.
        on_event: Called with every event, from several threads. By default nobody is told, but
            in a notebook one line shows how far a long text has come.

    Raises:
        InvalidRequestError: An argument that cannot be right, or a setting in the environment or
            in the user's file.
        PluginError: An extension that cannot be used.
    """

    def __init__(
        self,
        engines: str | Iterable[str] | None = None,
        voice: str | None = None,
        *,
        language: str | None = None,
        settings: Mapping[str, Mapping[str, Any]] | None = None,
        policy: Policy | None = None,
        unload: UnloadPolicy = "idle",
        idle_seconds: float = 300.0,
        strict: bool = False,
        offline: bool = False,
        extensions: Sequence[str] = (),
        on_event: Callable[[Event], object] | None = None,
    ) -> None:
        if unload not in get_args(UnloadPolicy):
            choices = ", ".join(get_args(UnloadPolicy))
            raise InvalidRequestError(f"unload must be one of {choices}, not {unload!r}")
        standing = Standing.gather(
            Preferences(engines=parse_engines(engines or ()), voice=voice, language=language)
        )
        plugins = installed_plugins()
        named = tuple(plugins.extension(name) for name in extensions)
        self._requests = Requests(
            plugins,
            Defaults(standing, strict or standing.says("strict"), named),
            settings or {},
            SessionOptions(
                unload, idle_seconds, offline or standing.says("offline"), policy or Policy()
            ),
            _observers(named, on_event),
        )


def _observers(
    extensions: Sequence[ExtensionPlugin], on_event: Callable[[Event], object] | None
) -> Observers:
    """Everybody who wants to know what happens."""
    observers: list[tuple[str, Callable[[Event], object]]] = [
        (extension.name, partial(_call_on_event, extension))
        for extension in extensions
        if extension.has("on_event")
    ]
    if on_event is None and in_notebook():
        on_event = NotebookProgress()
    if on_event is not None:
        observers.append(("on_event", on_event))
    return Observers(observers)


def _call_on_event(extension: ExtensionPlugin, event: Event) -> None:
    extension.call("on_event", event=event)
