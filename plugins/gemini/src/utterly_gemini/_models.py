"""The models that speak, and how they differ, as data.

The facts are those of Google's pages on its models and of its guide on moving to the 3.8 models
(November 2026); none was tried against the service. Google recommends the smaller one in place of
the preview of 3.1. Which one follows those of 2.5 no page was found to say.
"""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_MODEL = "gemini-3.8-flash-tts"


@dataclass(frozen=True, slots=True)
class Model:
    """What is particular to a model.

    None is ever sent sampling parameters: the models of today refuse `temperature`.

    Attributes:
        takes_style: Style goes beside the text, in `speech_metadata`, and the text is read word for
            word. Older models have only the text, and would read a style out or obey the text.
        successor: Which model to use when Google has retired this one.
    """

    takes_style: bool = True
    successor: str = DEFAULT_MODEL


MODELS: dict[str, Model] = {
    "gemini-3.8-flash-tts": Model(successor=""),
    "gemini-3.8-flash-lite-tts": Model(successor=""),
    "gemini-3.1-flash-tts-preview": Model(takes_style=False, successor="gemini-3.8-flash-lite-tts"),
    "gemini-2.5-flash-preview-tts": Model(takes_style=False, successor="gemini-3.8-flash-lite-tts"),
    "gemini-2.5-pro-preview-tts": Model(takes_style=False),
}
"""By id. One that is not here is newer, and taken to be like the newest."""


def model_of(name: str) -> Model:
    """What is known of a model."""
    return MODELS.get(name, Model())
