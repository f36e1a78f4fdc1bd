"""A Gradio app that reads aloud, and shows the subtitles as they come."""

from __future__ import annotations

import gradio as gr

import utterly.gradio as speech


def read_aloud(text, chain, voice, progress=gr.Progress()):
    with speech.WavStream(text, chain, voice, progress=progress) as stream:
        for wav in stream:
            yield wav, stream.speech.to_srt()


with gr.Blocks() as app:
    inputs = [gr.Textbox(label="Text"), chain := speech.chain_picker(), speech.voice_picker(chain)]
    outputs = [gr.Audio(streaming=True, autoplay=True), gr.Textbox(label="Subtitles", lines=8)]
    gr.Button("Read aloud").click(read_aloud, inputs, outputs)
app.launch()
