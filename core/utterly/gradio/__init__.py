"""Speech in a Gradio app that is there already: pickers to place, and functions to wire.

::

    import gradio as gr
    import utterly.gradio

    with gr.Blocks() as app:
        text = gr.Textbox(label="Text")
        chain = utterly.gradio.chain_picker()
        voice = utterly.gradio.voice_picker(chain)
        audio = gr.Audio(streaming=True, autoplay=True)
        gr.Button("Speak").click(utterly.gradio.speak, [text, chain, voice], audio)

The layout stays the app's own. Downloads are shown by `gr.Progress`, an engine that stands in for
another by `gr.Warning`, and what went wrong by `gr.Error`. It comes with
`pip install "utterly[studio]"`; Gradio streams audio through the program `ffmpeg`.
"""

from __future__ import annotations

from importlib.util import find_spec

if find_spec("gradio") is None:
    raise ModuleNotFoundError('Gradio is missing: pip install "utterly[studio]"', name="gradio")

from utterly.gradio.pickers import chain_picker, engine_picker, voice_picker
from utterly.gradio.speaking import WavStream, speak

__all__ = [
    "WavStream",
    "chain_picker",
    "engine_picker",
    "speak",
    "voice_picker",
]
