"""One libespeak-ng in this process.

Its state is global, so whatever is done with it is done under one lock; and each utterance sets
the voice and every parameter, so that nothing is left over from the one before.
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
from utterly_espeak._data_path import encode_data_path
from utterly_espeak._records import ListedVoice, WordEvent, read_voices, read_word_events

BUFFER_MILLISECONDS = 500
"""Audio in one piece; shorter ones cost more than they gain: this much is made in 3 ms."""


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
    rate: int
    pitch: int
    pitch_range: int


Receive = Callable[[bytes, list[WordEvent]], bool]
"""Takes native 16-bit samples and the words that begin; says whether to go on."""


class Library:
    """The library, initialised while it has users."""

    def __init__(self, path: Path) -> None:
        """Open the library.

        Raises:
            OSError: It cannot be opened.
        """
        self._path = path
        self._functions: ctypes.CDLL | None = c.bind(path)
        self._lock = Lock()
        self._data: Path | None = None
        self._users = 0

    def default_data(self) -> Path:
        """Where the library itself looks for its data."""
        with self._lock:
            self._terminate()
            functions = self._bound()
            functions.espeak_ng_InitializePath(None)
            path = ctypes.c_char_p()
            functions.espeak_Info(ctypes.byref(path))
            return Path(os.fsdecode(path.value or b""))

    def acquire(self, data: Path) -> None:
        """Become a user.

        Raises:
            EngineUnavailableError: The library does not start with this data.
        """
        with self._ready(data):
            self._users += 1

    def release(self) -> None:
        """Stop being a user; the last one gives the memory back."""
        with self._lock:
            self._users = max(0, self._users - 1)
            if not self._users:
                self._terminate()

    def list_voices(self, data: Path) -> tuple[ListedVoice, ...]:
        """List the voices in the library's order."""
        with self._ready(data) as functions:
            records = functions.espeak_ListVoices(None)
            return tuple(read_voices(records))

    def speak(self, data: Path, utterance: Utterance, receive: Receive) -> None:
        """Speak, handing audio over as it is made.

        Raises:
            UnsupportedError: The voice does not load.
            TransientEngineError: The library gave up.
        """
        with self._ready(data) as functions:
            if functions.espeak_SetVoiceByName(utterance.voice.encode()):
                raise UnsupportedError(f"the voice {utterance.voice!r} does not load")
            _set_parameters(functions, utterance)
            # Held here while the library may call it.
            callback = c.SynthCallback(_callback(receive))
            functions.espeak_SetSynthCallback(callback)
            text = utterance.text.encode()
            status = functions.espeak_Synth(
                text, len(text) + 1, 0, c.POSITION_CHARACTER, 0, _FLAGS, None, None
            )
            if status:
                self._terminate()
                raise TransientEngineError(f"eSpeak NG gave up with status {status}")

    def forget(self) -> None:
        """Begin afresh in a child process: the parent may have forked in mid-word."""
        self._functions = None
        self._lock = Lock()
        self._data = None
        self._users = 0

    @contextmanager
    def _ready(self, data: Path) -> Iterator[ctypes.CDLL]:
        """Hold the lock, with the library initialised for this data."""
        with self._lock:
            functions = self._bound()
            if self._data != data:
                self._terminate()
                _initialize(functions, data)
                self._data = data
            yield functions

    def _terminate(self) -> None:
        """End what was initialised: exactly once, since some builds wait here for a thread."""
        if self._data is not None:
            self._data = None
            self._bound().espeak_Terminate()

    def _bound(self) -> ctypes.CDLL:
        if self._functions is None:
            self._functions = c.bind(self._path)
        return self._functions


_FLAGS = c.CHARACTERS_UTF8 | c.END_PAUSE
"""Neither SSML nor `[[phonemes]]`: text is only ever text."""

_libraries: dict[Path, Library] = {}
_libraries_lock = Lock()


def open_library(path: Path) -> Library:
    """Open a library, once in a process.

    Raises:
        OSError: It cannot be opened.
    """
    with _libraries_lock:
        if path not in _libraries:
            _libraries[path] = Library(path)
        return _libraries[path]


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


def _forget_after_fork() -> None:
    global _libraries_lock  # noqa: PLW0603  # a lock held by a thread of the parent stays locked
    _libraries_lock = Lock()
    for library in _libraries.values():
        library.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)
