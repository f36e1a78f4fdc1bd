"""Speech as a notebook shows it: a player with a line on who spoke."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from utterly.speech import Speech

LONGEST_SECONDS = 300.0
"""Longer speech is not put into the page: a notebook keeps it, and five minutes are 19 MB."""


def render_player(speech: Speech) -> str:
    """HTML that plays speech, or says where it can be heard."""
    caption = f"<figcaption>{escape(_describe(speech))}</figcaption>"
    return f"<figure>{_render_audio(speech)}{caption}</figure>"


def _render_audio(speech: Speech) -> str:
    if speech.output is not None:
        return f"<p>Written to {escape(str(speech.output))}.</p>"
    if not speech.frames:
        return ""
    if speech.duration > LONGEST_SECONDS:
        return (
            f"<p>Too long for a player in the page ({LONGEST_SECONDS / 60:.0f} minutes at most):"
            ' write it to a file with <code>speech.save("speech.wav")</code>.</p>'
        )
    from base64 import b64encode

    data = b64encode(speech.to_bytes()).decode("ascii")
    return f'<audio controls src="data:audio/wav;base64,{data}"></audio>'


def _describe(speech: Speech) -> str:
    if not speech.segments:
        return "Nothing to speak: the text has no letter or digit."
    spoken = f"{speech.duration:.1f} s, spoken by {', '.join(speech.speakers) or 'nobody'}"
    return spoken if speech.status == "complete" else f"{spoken}; not all of it"
