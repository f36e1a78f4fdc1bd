"""One libespeak-ng in this process.

Its state is global, so whatever is done with it is done under one lock; and each utterance sets
the voice and every parameter, so that nothing is left over from the one before.

It is initialised once and stays so, about a megabyte: `espeak_Terminate` waits for a thread in
builds that have one (Debian's 1.51), and sometimes for ever.
"""

from __future__ import annotations

import ctypes
import locale
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from utterly import EngineUnavailableError, TransientEngineError, UnsupportedError
from utterly_espeak import _bindings as c
from utterly_espeak._data_path import encode_data_path, locate_data
from utterly_espeak._records import ListedVoice, WordEvent, read_voices, read_word_events

BUFFER_MILLISECONDS = 500
"""Audio in one piece; shorter ones cost more than they gain: this much is made in 3 ms."""

FLAGS = c.CHARACTERS_UTF8 | c.END_PAUSE
"""Neither SSML nor `[[phonemes]]`: text is only ever text."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What to speak, in the library's own units.

    Attributes:
        text: Without control characters.
        voice: Identifier of the voice, with `+variant` where wanted.
        rate: Words per minute.
        pitch: 0 to 99, 50 is the voice's own.
        pitch_range: 0 to 99, 50 is the voice's own.
    """

    text: str
    voice: str
    rate: int = 175
    pitch: int = 50
    pitch_range: int = 50


Receive = Callable[[bytes, list[WordEvent]], bool]
"""Takes native 16-bit samples and the words that begin; says whether to go on."""


class Library:
    """The library with its data, initialised when first used.

    Attributes:
        path: The file, or the name the system knows it by.
        data: The folder of its data.
        is_private: Whether its state is ours alone, so that there may be others of the same file.
    """

    def __init__(self, path: Path, data: Path | None) -> None:
        """Open the library.

        Args:
            path: The file, or the name the system knows it by.
            data: The folder of its data, or one that holds it; `None` for where it looks itself.

        Raises:
            OSError: It cannot be opened.
            EngineUnavailableError: The data is not there.
        """
        self.path = path
        functions, self.is_private = c.bind(path)
        self._functions: ctypes.CDLL | None = functions
        self.data = locate_data(data or _default_data(functions))
        self._lock = Lock()
        self._initialized = False

    def list_voices(self) -> tuple[ListedVoice, ...]:
        """List the voices in the library's order.

        Raises:
            EngineUnavailableError: The library does not start with this data.
        """
        with self._ready() as functions:
            return tuple(read_voices(functions.espeak_ListVoices(None)))

    def speak(self, utterance: Utterance, receive: Receive) -> None:
        """Speak, handing audio over as it is made.

        Raises:
            UnsupportedError: The voice does not load.
            TransientEngineError: The library gave up.
        """
        with self._ready() as functions:
            if functions.espeak_SetVoiceByName(utterance.voice.encode()):
                raise UnsupportedError(f"the voice {utterance.voice!r} does not load")
            _set_parameters(functions, utterance)
            # Held here while the library may call it.
            callback = c.SynthCallback(_callback(receive))
            functions.espeak_SetSynthCallback(callback)
            text = utterance.text.encode()
            status = functions.espeak_Synth(
                text, len(text) + 1, 0, c.POSITION_CHARACTER, 0, FLAGS, None, None
            )
            if status:
                self._initialized = False
                raise TransientEngineError(f"eSpeak NG gave up with status {status}")

    def rest(self, voice: str) -> None:
        """Give back the dictionary of whichever voice spoke last, 8 MB for Russian.

        Args:
            voice: One with a small dictionary, to take its place.
        """
        with self._ready() as functions:
            functions.espeak_SetVoiceByName(voice.encode())

    def forget(self) -> None:
        """Begin afresh in a child process: the parent may have forked in mid-word."""
        self._functions = None
        self._lock = Lock()
        self._initialized = False

    @contextmanager
    def _ready(self) -> Iterator[ctypes.CDLL]:
        """Hold the lock, with the library initialised."""
        with self._lock:
            if self._functions is None:
                self._functions, self.is_private = c.bind(self.path)
            if not self._initialized:
                _initialize(self._functions, self.data)
                self._initialized = True
            yield self._functions


def _default_data(functions: Any) -> Path:
    """Where the library itself looks for its data."""
    functions.espeak_ng_InitializePath(None)
    path = ctypes.c_char_p()
    functions.espeak_Info(ctypes.byref(path))
    return Path(os.fsdecode(path.value or b""))


def _initialize(functions: Any, data: Path) -> None:
    functions.espeak_ng_InitializePath(encode_data_path(data))
    with _character_type_kept():
        failed = functions.espeak_ng_Initialize(None) or functions.espeak_ng_InitializeOutput(
            c.OUTPUT_MODE_SYNCHRONOUS, BUFFER_MILLISECONDS, None
        )
    if failed:
        raise EngineUnavailableError(
            f"eSpeak NG does not start with the data in {data} (status {failed & 0xFFFFFFFF:#x})",
            mend="install it again: pip install --force-reinstall espeakng-loader",
        )


@contextmanager
def _character_type_kept() -> Iterator[None]:
    """Undo that the library sets `LC_CTYPE` for the whole process; it speaks the same without."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        yield
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _set_parameters(functions: Any, utterance: Utterance) -> None:
    for parameter, value in (
        (c.PARAMETER_RATE, utterance.rate),
        (c.PARAMETER_VOLUME, 100),
        (c.PARAMETER_PITCH, utterance.pitch),
        (c.PARAMETER_RANGE, utterance.pitch_range),
    ):
        functions.espeak_SetParameter(parameter, value, 0)


def _callback(receive: Receive) -> Callable[[int | None, int, Any], int]:
    """Adapt a receiver to the library, which goes on as long as the callback returns 0."""

    def callback(samples: int | None, count: int, events: Any) -> int:
        audio = ctypes.string_at(samples, 2 * count) if samples and count else b""
        return 0 if receive(audio, list(read_word_events(events))) else 1

    return callback
