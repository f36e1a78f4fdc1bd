"""The functions of `import utterly`: one speaker for the whole process, made when first used."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Unpack

from utterly.configuration import Configuration, read_configuration
from utterly.dubbing.api import USUAL_FASTEST
from utterly.dubbing.dub import Dub
from utterly.dubbing.script import Script
from utterly.engine_info import Voice
from utterly.errors import EngineError, PluginError
from utterly.languages import best_match
from utterly.speaker import Speaker
from utterly.speech import Speech
from utterly.speech_stream import SpeechStream
from utterly.text_source import Piece, Text
from utterly.wishes import SpeechOptions

if TYPE_CHECKING:
    from utterly.plugins import Plugins
    from utterly.plugins.reports import PluginReport


@cache
def default_speaker() -> Speaker:
    """The speaker of this process; it is closed at exit."""
    return Speaker()


def say(
    text: str | Iterable[Piece],
    *,
    output: str | os.PathLike[str] | None = None,
    **options: Unpack[SpeechOptions],
) -> Speech:
    """Speak text with the process-wide speaker; see `Speaker.say`."""
    return default_speaker().say(text, output=output, **options)


def stream(
    text: Text, *, keep_audio: bool = True, **options: Unpack[SpeechOptions]
) -> SpeechStream:
    """Speak text while it is being listened to; see `Speaker.stream`."""
    return default_speaker().stream(text, keep_audio=keep_audio, **options)


def dub(
    script: str | os.PathLike[str] | Script,
    *,
    output: str | os.PathLike[str] | None = None,
    fastest: float = USUAL_FASTEST,
    **options: Unpack[SpeechOptions],
) -> Dub:
    """Speak a subtitle file with the process-wide speaker; see `Speaker.dub`."""
    return default_speaker().dub(script, output=output, fastest=fastest, **options)


def engines() -> tuple[PluginReport, ...]:
    """Every installed plugin: what it is, or why it cannot be used and how to mend that.

    Plugins are imported in a child process with a time limit, so that none can harm this one. The
    names that the user's file makes come last.

    Raises:
        SettingsError: The user's file cannot be read.
    """
    from utterly.plugins import installed_plugins
    from utterly.plugins.listing import list_plugins

    configuration, plugins = read_configuration(), installed_plugins()
    reports = list_plugins(plugins)
    listed = {report.name for report in reports}
    return (*reports, *_report_missing(configuration, plugins, listed))


def _report_missing(
    configuration: Configuration, plugins: Plugins, listed: Collection[str]
) -> Iterator[PluginReport]:
    """Names that the user's file makes from plugins that are not there."""
    from utterly.plugins.reports import PluginReport

    for name, engine in configuration.engines.items():
        if name not in listed:
            try:
                plugins.engine(engine.use)
            except PluginError as error:
                yield PluginReport(
                    name, "engine", "", "failed", error.reason, error.mend, use=engine.use
                )


def voices(engine: str | None = None, language: str | None = None) -> tuple[Voice, ...]:
    """Voices of one engine, or of all that can list theirs; no network is used.

    Args:
        engine: Configured name; by default every engine that works.
        language: Only voices that speak it, the best match first.

    Raises:
        EngineError: The engine that was named cannot list its voices.
    """
    speaker = default_speaker()
    listed: list[Voice] = []
    for name in [engine] if engine else _working_engines():
        try:
            listed += speaker.voices(name)
        except EngineError:
            if engine:
                raise
    if language is None:
        return tuple(listed)
    rated = [(best_match(language, voice.languages), voice) for voice in listed]
    rated.sort(key=lambda pair: -pair[0])
    return tuple(voice for rating, voice in rated if rating)


def _working_engines() -> list[str]:
    return [r.name for r in engines() if r.group == "engine" and r.state == "ready"]
