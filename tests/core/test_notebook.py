"""Tests of what a notebook shows: a player, and nothing else."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
import wave
from collections.abc import Callable
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import utterly
from utterly import Speech, SpokenSegment
from utterly.testing import Fault, ScriptedEngine

InstallEngine = Callable[..., ScriptedEngine]


def speech(seconds: float, engine: str = "espeak", voice: str = "en-us") -> Speech:
    """Silence that somebody is said to have spoken."""
    segment = SpokenSegment("Hello.", 0.0, seconds, engine, voice)
    samples = np.zeros(round(seconds * 8_000), np.float32)
    return Speech(samples, 8_000, (segment,), "complete", (engine,), len(samples))


class Page(HTMLParser):
    """What a browser reads in a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        """Keep the tag."""
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data


def test_player_plays_the_speech() -> None:
    """The audio lies in the page, every sample of it."""
    spoken = utterly.say("Hello.", engines="espeak")

    data = re.findall(r'<audio controls src="data:audio/wav;base64,([^"]+)">', spoken._repr_html_())

    with wave.open(BytesIO(base64.b64decode(data[0]))) as file:
        assert (spoken.sample_rate, len(spoken.samples)) == (
            file.getframerate(),
            file.getnframes(),
        )


def test_caption_says_how_long_it_is_and_who_spoke() -> None:
    """Each voice once."""
    assert "2.5 s, spoken by espeak:en-us" == Page(speech(2.5)._repr_html_()).text


def test_caption_says_that_something_is_missing(install: InstallEngine) -> None:
    """Guarantee 3, honest: partial speech is never shown as if it were whole."""
    install("first", Fault("before_audio", text="Two."))
    with utterly.Speaker("first", policy=utterly.Policy(on_failure="skip")) as speaker:
        spoken = speaker.say("One. Two.")

    assert Page(spoken._repr_html_()).text.endswith("spoken by first:first; not all of it")


@given(voice=st.text())
def test_names_cannot_change_the_page(voice: str) -> None:
    """Ids of voices come from plugins and servers."""
    page = Page(speech(0.1, voice=f"<script>{voice}")._repr_html_())

    assert ["figure", "audio", "figcaption"] == page.tags


def test_long_speech_is_not_put_into_the_page() -> None:
    """A notebook would keep it for ever."""
    page = Page(speech(301.0)._repr_html_())

    assert "audio" not in page.tags
    assert 'speech.save("speech.wav")' in page.text


def test_blank_speech_says_so() -> None:
    """There is no player for nothing."""
    page = Page(utterly.say("...", engines="espeak")._repr_html_())

    assert (["figure", "figcaption"], "Nothing to speak: the text has no letter or digit.") == (
        page.tags,
        page.text,
    )


FAILING_OVER = """
import utterly
from utterly.testing import Fault, ScriptedEngine, register_engine

with register_engine(ScriptedEngine(Fault("load", error=SystemExit(3))), "first"):
    with utterly.Speaker(["first", "espeak"]) as speaker:
        speaker.prepare("espeak")
        assert speaker.say("One. Two.").degraded
        with speaker.stream("Three. Four.") as stream:
            list(stream)
"""


def test_nothing_is_printed(tmp_path: Path) -> None:
    """A notebook or script is not flooded: neither progress nor a failing engine's traceback."""
    completed = subprocess.run(
        [sys.executable, "-c", FAILING_OVER],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "", "") == (completed.returncode, completed.stdout, completed.stderr)
