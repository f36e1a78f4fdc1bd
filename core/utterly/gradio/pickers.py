"""Pickers for engines, chains and voices: dropdowns that the app places where it wants them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import gradio as gr

from utterly.chain import parse_engines
from utterly.errors import EngineError
from utterly.gradio.installed import first_choices, titles
from utterly.gradio.shared import shared
from utterly.preferences import Preferences
from utterly.standing import Standing

Choice: TypeAlias = tuple[str, str]
"""What is shown, and what it means."""

AUTOMATIC = ""
"""The value of the voice picker where nobody chose."""


def chain_picker(*, label: str = "Engines, first choice first", **options: Any) -> gr.Dropdown:
    """A dropdown of the engines to try, in the order in which they were picked.

    Args:
        label: Its label.
        **options: Of `gr.Dropdown`, such as `value` or `visible`.

    Returns:
        The component; its value is a list of configured names. It begins with the usual chain.
    """
    options.setdefault("value", [*first_choices()])
    return gr.Dropdown(_engine_choices(), multiselect=True, label=label, **options)


def engine_picker(*, label: str = "Engine", **options: Any) -> gr.Dropdown:
    """A dropdown of one engine.

    Args:
        label: Its label.
        **options: Of `gr.Dropdown`.

    Returns:
        The component; its value is a configured name. It begins with the usual first choice.
    """
    options.setdefault("value", next(iter(first_choices()), None))
    return gr.Dropdown(_engine_choices(), label=label, **options)


def voice_picker(
    follow: gr.Dropdown | None = None, *, label: str = "Voice", **options: Any
) -> gr.Dropdown:
    """A dropdown of personas and voices.

    Args:
        follow: A picker of engines, whose voices are offered; by default those of the usual chain.
        label: Its label.
        **options: Of `gr.Dropdown`.

    Returns:
        The component; its value is what `voice` takes, and `""` for whatever suits the language.
    """
    chosen = first_choices() if follow is None else follow.value
    options.setdefault("value", AUTOMATIC)
    picker = gr.Dropdown([*_voice_choices(chosen)], label=label, **options)
    if follow is not None:
        follow.change(_offer_voices, [follow, picker], picker, show_progress="hidden")
    return picker


def _engine_choices() -> list[Choice]:
    return [(title, name) for name, title in titles().items()]


def _voice_choices(chosen: str | Sequence[str] | None) -> Iterator[Choice]:
    yield "Automatic", AUTOMATIC
    for persona in Standing.gather(Preferences()).personas:
        yield persona, persona
    for engine in parse_engines(chosen or ()):
        yield from _voices(engine)


def _voices(engine: str) -> Iterator[Choice]:
    try:
        voices = shared().speaker.voices(engine)
    except EngineError:
        return  # it says why when it is to speak
    title = titles().get(engine, engine)
    for voice in voices:
        yield f"{title}: {voice.name or voice.id} ({voice.languages[0]})", voice.reference


def _offer_voices(chosen: str | Sequence[str] | None, voice: str) -> Any:
    """The voices of other engines; the one that was picked stays, if they have it."""
    choices = [*_voice_choices(chosen)]
    stays = voice in (value for _title, value in choices)
    return gr.update(choices=choices, value=voice if stays else AUTOMATIC)
