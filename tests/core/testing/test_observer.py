"""The recording observer: it keeps what it sees, and can be waited for."""

from __future__ import annotations

from threading import Thread

import pytest

from utterly.events import EngineLoaded, EngineLoading, EngineUnloading
from utterly.plugins import Plugins
from utterly.testing import RecordingObserver


def test_events_are_kept_in_order() -> None:
    """Events have names, and can be had by class."""
    observer = RecordingObserver()
    observer.on_event(EngineLoading("first"))
    observer(EngineLoaded("first", 0.5))

    assert ["EngineLoading", "EngineLoaded"] == observer.names()
    assert [EngineLoaded("first", 0.5)] == observer.of(EngineLoaded)


def test_event_is_waited_for() -> None:
    """Another thread may still have to bring it."""
    observer = RecordingObserver()
    thread = Thread(target=observer, args=(EngineLoading("first"),))
    thread.start()
    event = observer.wait_for(EngineLoading)
    thread.join()

    assert EngineLoading("first") == event


def test_missing_event_is_named() -> None:
    """What did not come, and what came instead."""
    observer = RecordingObserver()
    observer(EngineLoading("first"))
    with pytest.raises(TimeoutError, match="no EngineUnloading in 0 s; there was EngineLoading"):
        observer.wait_for(EngineUnloading, timeout=0)


def test_no_event_is_lost_between_threads() -> None:
    """Many threads may report at once."""
    observer = RecordingObserver()

    def report() -> None:
        for _ in range(200):
            observer(EngineLoading("first"))

    threads = [Thread(target=report) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 8 * 200 == len(observer.events)


def test_observer_is_an_extension() -> None:
    """It is accepted as a plugin."""
    plugins = Plugins()
    plugins.register_extension(RecordingObserver(), "recorder")

    assert plugins.extension("recorder").has("on_event")
