"""What runs in the process of an engine: it imports the plugin, and calls hooks as it is told."""

from __future__ import annotations

import logging
import os
import sys
from threading import Event
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from utterly.engine.hooks import EngineHooks
from utterly.engine.threads import threads
from utterly.errors import PluginError, SettingsError
from utterly.isolation.connection import Connection
from utterly.isolation.log_records import LogSender
from utterly.isolation.messages import (
    Begin,
    Cancel,
    Introduction,
    Misconfigured,
    Quit,
    Setup,
    Started,
    Taken,
    ToEngine,
)
from utterly.isolation.orphanage import die, die_with
from utterly.isolation.shared_memory import open_shared_memory
from utterly.plugins import EnginePlugin
from utterly.plugins.entries import Entry
from utterly.plugins.loading import load_plugin
from utterly.plugins.origin import ENGINE, KINDS
from utterly.plugins.reports import report_facts, report_unusable
from utterly.settings import SettingsLayer, fill_settings

if TYPE_CHECKING:
    from utterly.isolation.service import Service

_Connection: TypeAlias = Connection[ToEngine]


def main() -> None:
    """Serve the program that started this process, for as long as it wants."""
    connection: _Connection = Connection(*_take_over_streams(), ToEngine)
    setup = connection.receive()
    if not isinstance(setup, Setup):
        return
    die_with(setup.parent)
    _keep_to(setup.cores)
    _send_log(connection, setup.log_level)
    server = Server(connection, setup)
    connection.send(Started(os.getpid()))
    threads.start(server.introduce)
    server.serve()


class Server:
    """One engine, and whoever asks it.

    Args:
        connection: To the program.
        setup: Which engine it is.
    """

    def __init__(self, connection: _Connection, setup: Setup) -> None:
        self._connection = connection
        self._setup = setup
        self._memory = open_shared_memory(setup.memory, setup.memory_size)
        self._service: Service | None = None
        self._is_ready = Event()

    def introduce(self) -> None:
        """Import the plugin and say what it is; on a thread, since an import may hang."""
        kind, name, distribution, value = self._setup.plugin
        entry = Entry(KINDS[kind], name, distribution, value)
        try:
            plugin = cast("EnginePlugin", load_plugin(entry, entry.load_target))
            settings = self._fill_settings(plugin.info.settings)
        except PluginError as error:
            self._connection.send(Introduction(report_unusable(ENGINE, error).to_dict(), ()))
        except SettingsError as error:
            self._connection.send(Misconfigured(str(error), error.source))
        else:
            hooks = tuple(filter(plugin.has, ENGINE.hooks()))
            self._connection.send(Introduction(report_facts(plugin).to_dict(), hooks))
            self._open_service(plugin, settings)

    def serve(self) -> None:
        """Do what is asked until there is nobody any more; ends in an orderly way on `Quit`."""
        while message := self._connection.receive():
            if isinstance(message, Quit):
                return
            self._is_ready.wait()
            assert self._service is not None  # noqa: S101  # for the type checker
            match message:
                case Begin():
                    self._service.begin(message)
                case Cancel():
                    self._service.cancel(message)
                case Taken():
                    self._service.audio.free(message.frames)
        die()

    def _fill_settings(self, settings_class: type[Any] | None) -> Any:
        layers = (SettingsLayer(*layer) for layer in self._setup.settings)
        return fill_settings(settings_class, self._setup.engine, *layers).value

    def _open_service(self, plugin: EnginePlugin, settings: Any) -> None:
        """Have what calls hooks, and with it numpy, which may read what the engine declares."""
        plugin.set_environment()
        from utterly.isolation.service import Service

        hooks = EngineHooks(self._setup.engine, plugin, settings, offline=False)
        self._service = Service(self._connection.send, hooks, self._memory)
        self._is_ready.set()


def _take_over_streams() -> tuple[Any, Any]:
    """The pipes, kept from libraries: those read nothing, and print where errors go."""
    reader, writer = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    try:
        os.dup2(2, 1)
    except OSError:  # a program without a terminal has nowhere to write to
        os.dup2(nothing, 1)
    os.close(nothing)
    return os.fdopen(reader, "rb"), os.fdopen(writer, "wb")


def _send_log(connection: _Connection, level: int) -> None:
    """Have the program's log hear what it would have heard of an engine in its own process."""
    root = logging.getLogger()
    root.addHandler(LogSender(connection.send))
    root.setLevel(level)


def _keep_to(cores: tuple[int, ...]) -> None:
    """Use no other cores than these, before any library counts how many there are."""
    if cores:
        import psutil

        process = psutil.Process()
        if sys.platform != "darwin":  # which has no such thing
            process.cpu_affinity(list(cores))
