"""Model files of engines, for people: which are there, and have them come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any, Literal, TypeAlias

from utterly.api import engines
from utterly.cancellation import Cancellation
from utterly.chain import resolve_chain
from utterly.engine.hooks import EngineHooks
from utterly.engine.model_files import ModelFiles
from utterly.engine.session_options import SessionOptions
from utterly.errors import EngineError, ModelDownloadError
from utterly.events import EngineProgress, Event
from utterly.observers import Observers
from utterly.plugins import installed_plugins
from utterly.policy import Policy
from utterly.sessions import Sessions

ModelState: TypeAlias = Literal["none needed", "ready", "missing", "unavailable", "removed"]
"""Unavailable: the engine, or something that only the user can bring, is missing or wrong."""


@dataclass(frozen=True, slots=True)
class ModelReport:
    """The model files of one engine.

    Attributes:
        engine: Configured name.
        state: What is true of them.
        reason: Why they are not as they should be, and what to do about it; else empty.
        bytes_on_disk: What of them is there, where that is known.
        bytes_to_fetch: What a pull would fetch, about, where that is known.
        bytes_freed: What removing them gave back, where that is known.
    """

    engine: str
    state: ModelState
    reason: str = ""
    bytes_on_disk: int | None = None
    bytes_to_fetch: int | None = None
    bytes_freed: int | None = None

    @property
    def is_good(self) -> bool:
        """Whether nothing has to be done about it."""
        return self.state not in ("missing", "unavailable")

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return asdict(self)


class _Meter:
    """Notes how many bytes an engine counts while it prepares, and tells everybody else."""

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self._emit = emit
        self.counted: int | None = None

    def __call__(self, event: Event) -> None:
        if isinstance(event, EngineProgress) and isfinite(event.done):
            self.counted = round(event.done)
        self._emit(event)


class Models:
    """Looks after the model files of every engine; loads and speaks nothing.

    Args:
        settings: Of engines, by configured name, then by field.
        on_event: Told every event, from several threads; `EngineProgress` is the one to show.

    Raises:
        SettingsError: The user's file cannot be read.
    """

    def __init__(
        self,
        settings: Mapping[str, Mapping[str, Any]] | None = None,
        on_event: Callable[[Event], object] = lambda _event: None,
    ) -> None:
        self._emit = Observers([("on_event", on_event)]).notify
        self._policy = Policy()
        self._sessions = Sessions(
            installed_plugins(), settings or {}, SessionOptions(policy=self._policy), self._emit
        )

    def report_all(self) -> Iterator[ModelReport]:
        """Report on every engine, as each is looked at; no network is used.

        Raises:
            SettingsError: Settings that the caller gave are wrong.
        """
        for report in engines():
            if report.group != "engine":
                continue
            if report.state == "ready":
                yield self._ensure(report.name, offline=True)
            else:
                yield ModelReport(report.name, "unavailable", f"{report.reason}; {report.mend}")

    def verify(self, engine: str) -> ModelReport:
        """Read the files, whether they are there and whole; no network is used.

        Raises:
            InvalidRequestError: No engine has the name, or settings of the caller's are wrong.
        """
        return self._ensure(engine, offline=True, refresh=True)

    def pull(self, engine: str) -> ModelReport:
        """Fetch what is missing.

        Raises:
            InvalidRequestError: As for `verify`.
        """
        return self._ensure(engine, offline=False)

    def remove(self, engine: str) -> ModelReport:
        """Delete the files, to give the disk space back.

        Raises:
            InvalidRequestError: As for `verify`.
        """
        try:
            with self._files(engine, self._emit, offline=True) as files:
                if not files.are_needed:
                    return ModelReport(engine, "none needed")
                freed = files.remove(Cancellation())
        except EngineError as error:
            return ModelReport(engine, "unavailable", str(error))
        return ModelReport(engine, "removed", bytes_freed=freed)

    def _ensure(self, engine: str, *, offline: bool, refresh: bool = False) -> ModelReport:
        meter = _Meter(self._emit)
        try:
            with self._files(engine, meter, offline=offline) as files:
                if not files.are_needed:
                    return ModelReport(engine, "none needed")
                files.ensure(Cancellation(), refresh=refresh)
        except ModelDownloadError as error:
            mend = f"; utterly models pull {engine}" if offline else ""
            return self._report_missing(engine, f"{error}{mend}", meter.counted)
        except EngineError as error:
            return ModelReport(engine, "unavailable", str(error))
        return ModelReport(engine, "ready", bytes_on_disk=meter.counted or None, bytes_to_fetch=0)

    def _report_missing(self, engine: str, reason: str, there: int | None) -> ModelReport:
        size = self._sessions.open(engine).info.model_size
        to_fetch = None if size is None else max(size - (there or 0), 0)
        return ModelReport(engine, "missing", reason, there, to_fetch)

    @contextmanager
    def _files(
        self, engine: str, emit: Callable[[Event], None], *, offline: bool
    ) -> Iterator[ModelFiles]:
        """The files of one engine.

        Raises:
            InvalidRequestError: No engine has the name.
            EngineUnavailableError: The engine cannot be used.
        """
        resolve_chain([engine], self._sessions.installed, self._sessions.configured, "")
        session = self._sessions.open(engine)
        hooks = EngineHooks(engine, session.plugin, session.settings.value, offline=offline)
        try:
            yield ModelFiles(hooks, self._policy, emit)
        finally:
            hooks.close()
