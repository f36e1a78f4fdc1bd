"""The list of voices: shipped, refreshed, kept."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.servers.edge import EdgeServer

import utterly_edge
from utterly import Context, EngineError, Voice
from utterly.api import default_speaker
from utterly.cli import main

NEW = [("en-US-NewNeural", "female"), ("en-US-GuyNeural", "male")]


def _settings(server: EdgeServer, **more: Any) -> utterly_edge.EdgeSettings:
    return utterly_edge.EdgeSettings(**server.settings(answer_seconds=1, **more))


def _refresh(settings: utterly_edge.EdgeSettings) -> tuple[Voice, ...]:
    async def ask() -> tuple[Voice, ...]:
        asked: Any = utterly_edge.voices(settings, Context(refresh=True))
        listed: tuple[Voice, ...] = await asked
        return listed

    return asyncio.run(ask())


def _list(settings: utterly_edge.EdgeSettings, **options: Any) -> tuple[Voice, ...]:
    listed: Any = utterly_edge.voices(settings, Context(**options))
    return tuple(listed)


def test_shipped_list_covers_the_languages(server: EdgeServer) -> None:
    """Each language that the engine claims, and no other; nobody is asked."""
    voices = _list(_settings(server))

    assert {voice.languages[0] for voice in voices} == set(utterly_edge.describe().languages)
    assert (0, 322) == (server.list_requests, len(voices))


def test_refreshed_list_is_kept(server: EdgeServer) -> None:
    """And its voices can be asked for; known ones come first, so that defaults stay."""
    server.voices = NEW
    settings = _settings(server)
    refreshed = _refresh(settings)
    kept = _list(settings)

    assert ("en-US-GuyNeural", "en-US-NewNeural") == tuple(voice.id for voice in refreshed)
    assert (refreshed, 1) == (kept, server.list_requests)


def test_offline_asks_nobody(server: EdgeServer) -> None:
    """Whatever else is asked for."""
    _list(_settings(server), refresh=True, offline=True)

    assert 0 == server.list_requests


@pytest.mark.parametrize("fault", ["list_error", "list_page", "list_empty", "list_hang"])
def test_failed_refresh_keeps_what_there_was(server: EdgeServer, fault: str) -> None:
    """It says so, and the list is as before."""
    server.voices = NEW
    server.fail(fault)
    settings = _settings(server)
    with pytest.raises(EngineError):
        _refresh(settings)

    assert 322 == len(_list(settings))


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", '[{"ShortName": 3}]'])
def test_damaged_list_is_as_none(server: EdgeServer, damage: str) -> None:
    """The shipped one takes its place."""
    settings = _settings(server)
    assert settings.voice_list
    settings.voice_list.write_text(damage, encoding="utf-8")

    assert 322 == len(_list(settings))


def test_list_without_a_place_is_still_given(server: EdgeServer, tmp_path: Path) -> None:
    """It lasts as long as whoever asked for it."""
    server.voices = NEW
    (tmp_path / "file").touch()
    settings = utterly_edge.EdgeSettings(
        **server.settings(voice_list=tmp_path / "file" / "voices.json")
    )

    assert 2 == len(_refresh(settings))


def test_command_refreshes(
    server: EdgeServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`utterly voices --engine edge --refresh`."""
    server.voices = NEW
    for name, value in server.settings().items():
        monkeypatch.setenv(f"UTTERLY_EDGE_{name.upper()}", str(value))
    default_speaker.cache_clear()
    with pytest.raises(SystemExit):
        main(("voices", "--engine", "edge", "--refresh"))
    default_speaker.cache_clear()
    lines = capsys.readouterr().out.splitlines()

    assert ["edge:en-US-GuyNeural", "edge:en-US-NewNeural"] == [line.split()[0] for line in lines]


def test_command_wants_an_engine(capsys: pytest.CaptureFixture[str]) -> None:
    """No network is asked that was not named."""
    with pytest.raises(SystemExit):
        main(("voices", "--refresh"))

    assert "--engine" in capsys.readouterr().err
