"""The few functions of libespeak-ng that are called here, for ctypes.

Names, values and layouts are those of its public headers `speak_lib.h`, API revision 12, and
`espeak_ng.h` (eSpeak NG 1.49 to 1.52). The library is initialised by the three functions of the
latter that `espeak_Initialize` is made of: it would end the process where the data is missing,
unless given the flag 0x8000, and then it still prints, and after a first success it reports no
failure any more. The three only return a status.
"""

from __future__ import annotations

import ctypes
import shutil
import sys
from contextlib import suppress
from ctypes import CFUNCTYPE, POINTER, Structure, Union, c_char_p, c_int, c_size_t, c_uint, c_void_p
from pathlib import Path
from tempfile import TemporaryDirectory

OUTPUT_MODE_SYNCHRONOUS = 1

EVENT_LIST_TERMINATED = 0
EVENT_WORD = 1

PARAMETER_RATE = 1
PARAMETER_VOLUME = 2
PARAMETER_PITCH = 3
PARAMETER_RANGE = 4

POSITION_CHARACTER = 1
CHARACTERS_UTF8 = 1
END_PAUSE = 0x1000


class EventId(Union):
    """The last member of `espeak_EVENT`."""

    _fields_ = (("number", c_int), ("name", c_char_p), ("string", ctypes.c_char * 8))


class Event(Structure):
    """`espeak_EVENT`; positions count characters from 1, `audio_position` is in milliseconds."""

    _fields_ = (
        ("type", c_int),
        ("unique_identifier", c_uint),
        ("text_position", c_int),
        ("length", c_int),
        ("audio_position", c_int),
        ("sample", c_int),
        ("user_data", c_void_p),
        ("id", EventId),
    )


class VoiceRecord(Structure):
    """`espeak_VOICE`; `languages` is a list of a priority byte and a string, ended by a zero."""

    _fields_ = (
        ("name", c_char_p),
        ("languages", c_void_p),
        ("identifier", c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", c_int),
        ("spare", c_void_p),
    )


SynthCallback = CFUNCTYPE(c_int, c_void_p, c_int, POINTER(Event))

_PROTOTYPES = {
    "espeak_Info": (c_char_p, [POINTER(c_char_p)]),
    "espeak_ListVoices": (POINTER(POINTER(VoiceRecord)), [c_void_p]),
    "espeak_SetParameter": (c_int, [c_int, c_int, c_int]),
    "espeak_SetSynthCallback": (None, [SynthCallback]),
    "espeak_SetVoiceByName": (c_int, [c_char_p]),
    "espeak_Synth": (
        c_int,
        [c_char_p, c_size_t, c_uint, c_int, c_uint, c_uint, POINTER(c_uint), c_void_p],
    ),
    "espeak_ng_Initialize": (c_int, [c_void_p]),
    "espeak_ng_InitializeOutput": (c_int, [c_int, c_int, c_char_p]),
    "espeak_ng_InitializePath": (None, [c_char_p]),
}


def bind(path: Path) -> tuple[ctypes.CDLL, bool]:
    """Open the library and declare its functions.

    Returns:
        The library, and whether it is a copy of our own.

    Raises:
        OSError: It cannot be opened, or is another library.
    """
    library, is_private = _open(path)
    for name, (result, arguments) in _PROTOTYPES.items():
        try:
            function = getattr(library, name)
        except AttributeError as error:
            raise OSError(f"{path} has no function {name}") from error
        function.restype, function.argtypes = result, arguments
    return library, is_private


def _open(path: Path) -> tuple[ctypes.CDLL, bool]:
    """Open a copy where that can be done: the library's state is global, a copy's is ours alone.

    Another user of the same file in this process can then neither disturb us nor be disturbed.
    A copy that is open can be deleted everywhere but on Windows.
    """
    if path.is_file() and sys.platform != "win32":
        with suppress(OSError), TemporaryDirectory(prefix="utterly-espeak-") as folder:
            return ctypes.CDLL(shutil.copy(path, folder)), True
    return ctypes.CDLL(str(path)), False
