"""Speech in a Gradio app: the pickers, the stream, and what is shown of it."""

from __future__ import annotations

import asyncio
import gc
import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile

from utterly import ModelDownloadError
from utterly.testing import Fault, ScriptedEngine, hear

if TYPE_CHECKING:
    from types import ModuleType


InstallEngine = Callable[..., ScriptedEngine]

SENTENCES = ("Here is the first sentence.", "And here comes the second one.")
TEXT = " ".join(SENTENCES)

pytestmark = [  # Gradio's own: what it imports, and event loops that it does not close
    pytest.mark.filterwarnings(f"ignore::{warning}")
    for warning in (
        "DeprecationWarning",
        "ResourceWarning",
        "pytest.PytestUnraisableExceptionWarning",
    )
]


@pytest.fixture
def speech(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """`utterly.gradio`, which knows no engine from another test."""
    pytest.importorskip("gradio")
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
    import utterly.gradio
    from utterly.gradio.installed import usable_engines
    from utterly.gradio.shared import shared

    for made in (usable_engines, shared):
        made.cache_clear()
    yield utterly.gradio
    shared().speaker.close()
    # What Gradio leaves behind is found here, not in somebody else's test.
    asyncio.set_event_loop(None)
    gc.collect()


class Shown:
    """What Gradio would have shown."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.progress: list[tuple[float, str]] = []

    def note_progress(self, share: float, desc: str) -> None:
        """As `gr.Progress` is called."""
        self.progress.append((share, desc))


@pytest.fixture
def shown(speech: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Shown:  # noqa: ARG001  # Gradio first
    """Takes down what Gradio would show; without a browser it shows nothing."""
    import gradio

    taken = Shown()
    monkeypatch.setattr(gradio, "Warning", taken.warnings.append)
    return taken


def _join(pieces: list[bytes]) -> tuple[Any, int]:
    read = [soundfile.read(io.BytesIO(piece), dtype="float32") for piece in pieces]
    return np.concatenate([samples for samples, _rate in read]), read[0][1]


def test_pieces_are_the_whole_speech(speech: ModuleType, install: InstallEngine) -> None:
    """Put together, they hold every sentence once."""
    install("first")

    pieces = list(speech.speak(TEXT, ["first"]))

    samples, rate = _join(pieces)
    assert len(pieces) > 1
    assert [*SENTENCES] == [tone.text for tone in hear(samples, rate, SENTENCES)]


def test_first_piece_comes_before_the_last_is_spoken(
    speech: ModuleType, install: InstallEngine
) -> None:
    """It is heard while the engine is still at it."""
    engine = install("first", Fault("before_audio", kind="hang", text=SENTENCES[1]))
    with speech.WavStream(TEXT, "first") as stream:
        pieces = iter(stream)

        samples, rate = _join([next(pieces)])
        assert len(samples) >= 0.5 * rate
        engine.release()
        assert list(pieces)

    assert [*SENTENCES] == [segment.text for segment in stream.speech.segments]


def test_subtitles_grow_with_the_speech(speech: ModuleType, install: InstallEngine) -> None:
    """An app shows them as they come."""
    install("first", seconds=1.0)
    with speech.WavStream(TEXT, "first") as stream:
        counts = [stream.speech.to_srt().count("-->") for _piece in stream]

    assert sorted(counts) == counts
    assert counts[0] < 2
    assert 2 == stream.speech.to_srt().count("-->")


def test_what_was_picked_reaches_the_engine(speech: ModuleType, install: InstallEngine) -> None:
    """The order of the inputs is that of the pickers in the example."""
    engine = install("first", languages=("en", "de"))

    list(speech.speak("Hallo, Welt.", ["first"], "first:second", "de", 1.5))

    (request,) = engine.requests
    assert ("second", "de", 1.5) == (request.voice, request.language, request.speed)


@pytest.mark.parametrize("voice", ["", None])
def test_nothing_picked_is_no_voice(
    speech: ModuleType, install: InstallEngine, voice: str | None
) -> None:
    """The engine's own voice for the language speaks."""
    engine = install("first")

    list(speech.speak("Hello, world.", "first", voice))

    assert ["first"] == [request.voice for request in engine.requests]


def test_stand_in_is_a_warning(speech: ModuleType, install: InstallEngine, shown: Shown) -> None:
    """One, however many sentences it speaks."""
    install("first", Fault("before_audio", error=OSError("the line is dead")))
    install("second")

    list(speech.speak(TEXT, ["first", "second"]))

    (warning,) = shown.warnings
    assert re.fullmatch(r"first could not speak: .+\. second takes over\.", warning)


def test_trouble_of_others_is_not_shown(
    speech: ModuleType, install: InstallEngine, shown: Shown
) -> None:
    """Two sessions at once see each their own warnings."""
    install("first", Fault("before_audio", error=OSError("dead")))
    install("second")
    with speech.WavStream(TEXT, "second") as stream:
        pieces = iter(stream)
        next(pieces)
        list(speech.speak(TEXT, ["first", "second"]))
        list(pieces)

    assert 1 == len(shown.warnings)


def test_download_is_progress(speech: ModuleType, install: InstallEngine, shown: Shown) -> None:
    """With what is being done, until it is loaded."""
    install("first", model_present=False)

    with speech.WavStream(TEXT, "first", progress=shown.note_progress) as stream:
        list(stream)

    assert (1.0, "first is downloading model: 1.0 MB of 1.0 MB.") in shown.progress
    assert (1.0, "first is loaded and ready.") == shown.progress[-1]


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (TEXT, {"engines": "first"}, "Nobody could speak. first: no network."),
        (TEXT, {"engines": "nobody"}, "no engine is called 'nobody'"),
        (TEXT, {"engines": "first", "speed": 9.0}, "speed must be 0.5 to 2"),
    ],
)
def test_what_goes_wrong_is_an_error_of_gradios(
    speech: ModuleType, install: InstallEngine, text: str, options: Any, message: str
) -> None:
    """In one line for people, and no traceback in the log."""
    import gradio

    install("first", Fault("load", error=ModelDownloadError("no network")))

    with pytest.raises(gradio.Error) as caught:
        list(speech.speak(text, **options))

    assert message in caught.value.message
    assert not caught.value.print_exception


def test_leaving_early_stops_the_speaking(speech: ModuleType, install: InstallEngine) -> None:
    """Gradio closes the generator when somebody presses stop or goes."""
    engine = install("first")
    pieces = speech.speak(f"{TEXT} " * 10, "first")
    next(pieces)

    pieces.close()

    assert engine.called("synthesize") < 20


def test_stream_outside_a_block_says_so(speech: ModuleType) -> None:
    """Neither audio nor speech before it has begun."""
    stream = speech.WavStream("Hello.")

    with pytest.raises(RuntimeError, match="`with` block"):
        list(stream)
    with pytest.raises(RuntimeError, match="`with` block"):
        _ = stream.speech


def test_pickers_offer_what_is_installed(speech: ModuleType, install: InstallEngine) -> None:
    """Engines by title, voices by name, and the usual chain to begin with."""
    import gradio

    install("first")
    with gradio.Blocks():
        chain = speech.chain_picker()
        engine = speech.engine_picker(label="Who?")
        voices = speech.voice_picker(speech.chain_picker(value=["first"]))

    assert ("first", "first") in chain.choices
    assert (["espeak"], "espeak", "Who?") == (chain.value, engine.value, engine.label)
    assert [("Automatic", ""), ("first: first (en)", "first:first")] == voices.choices[:2]


def test_voice_that_other_engines_lack_is_let_go(
    speech: ModuleType, install: InstallEngine
) -> None:
    """The picker follows the chain; what is there still stays."""
    from utterly.gradio.pickers import _offer_voices

    install("first")
    install("second")

    stays = _offer_voices(["second", "first"], "first:second")["value"]
    goes = _offer_voices(["second"], "first:second")["value"]

    assert ("first:second", "") == (stays, goes)
    assert speech.voice_picker


def test_gradio_is_only_imported_where_it_is_used() -> None:
    """The studio needs it as little as the rest."""
    program = "import utterly.cli, utterly.studio.server, sys; print('gradio' in sys.modules)"

    printed = subprocess.check_output([sys.executable, "-c", program], text=True)

    assert "False\n" == printed


def test_missing_gradio_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install."""
    program = (
        "import importlib.util; importlib.util.find_spec = lambda name: None; import utterly.gradio"
    )
    monkeypatch.setenv("PYTHONUTF8", "1")

    completed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    last = completed.stderr.splitlines()[-1]
    assert 'ModuleNotFoundError: Gradio is missing: pip install "utterly[studio]"' == last
