"""Tests of playing: what reaches the audio library, and what is said where that is impossible."""

from __future__ import annotations

import ctypes.util
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pytest

import utterly
from utterly import OutputError
from utterly.playback import find_device, play, play_pieces

if TYPE_CHECKING:
    from utterly.audio import Samples

RATE = 24_000


class Loudspeaker(ModuleType):
    """Stands for `sounddevice` where there is no audio device: keeps what is played.

    Attributes:
        heard: Every piece that was handed over.
        calls: What was done with the stream, in order.
        rate: What it was opened with.
        failing: What writing raises.
    """

    PortAudioError = type("PortAudioError", (Exception,), {})

    def __init__(self) -> None:
        super().__init__("sounddevice")
        self.heard: list[Samples] = []
        self.calls: list[str] = []
        self.rate = 0
        self.failing: BaseException | None = None

    def OutputStream(self, samplerate: int, *, channels: int, dtype: str) -> Self:  # noqa: N802  # the library's name
        """Open, as the library does."""
        assert (1, "float32") == (channels, dtype)
        self.rate = samplerate
        return self

    def query_devices(self, *, kind: str) -> dict[str, Any]:
        """Describe the device."""
        return {"name": f"the only {kind}"}

    def __enter__(self) -> Self:
        self.calls.append("start")
        return self

    def __exit__(self, *_error: object) -> None:
        self.calls.append("play the rest")

    def write(self, piece: Samples) -> None:
        """Play a piece."""
        self.heard.append(piece)
        if self.failing and len(self.heard) == 3:
            raise self.failing

    def abort(self) -> None:
        """Throw away what has not been heard."""
        self.calls.append("abort")


@pytest.fixture
def loudspeaker(monkeypatch: pytest.MonkeyPatch) -> Loudspeaker:
    """A loudspeaker that works."""
    loudspeaker = Loudspeaker()
    monkeypatch.setitem(sys.modules, "sounddevice", loudspeaker)
    return loudspeaker


def test_speech_is_played_whole(loudspeaker: Loudspeaker) -> None:
    """Every sample, in order, at its own rate, and to the end."""
    speech = utterly.say("Hello.", engines="espeak")

    speech.play()

    assert speech.sample_rate == loudspeaker.rate
    np.testing.assert_array_equal(speech.samples, np.concatenate(loudspeaker.heard))
    assert ["start", "play the rest"] == loudspeaker.calls


def test_pieces_are_played_as_they_come(loudspeaker: Loudspeaker) -> None:
    """The second is asked for when the first has been handed over."""
    already_heard = []

    def speak() -> Any:
        for level in (0.1, 0.2):
            already_heard.append(sum(map(len, loudspeaker.heard)))
            yield np.full(RATE, level, np.float32)

    play_pieces(speak(), RATE)

    assert [0, RATE] == already_heard


def test_blank_speech_is_over_at_once(loudspeaker: Loudspeaker) -> None:
    """There is nothing to hear, and nothing wrong."""
    utterly.say("...", engines="espeak").play()

    assert [] == loudspeaker.heard


def test_interruption_ends_it_at_once(loudspeaker: Loudspeaker) -> None:
    """What was handed over is not played to its end."""
    loudspeaker.failing = KeyboardInterrupt()

    with pytest.raises(KeyboardInterrupt):
        play(np.zeros(10 * RATE, np.float32), RATE)

    assert ["start", "abort", "play the rest"] == loudspeaker.calls
    assert sum(map(len, loudspeaker.heard)) < RATE


def test_device_that_goes_away_is_one_line(loudspeaker: Loudspeaker) -> None:
    """What the library says, and what to look at."""
    loudspeaker.failing = loudspeaker.PortAudioError("Device unavailable", -9985)

    with pytest.raises(OutputError, match=r"connected and switched on\? .* Device unavailable$"):
        play(np.zeros(10 * RATE, np.float32), RATE)


def test_device_has_a_name(loudspeaker: Loudspeaker) -> None:
    """It can be found without playing."""
    assert "the only output" == find_device()
    assert [] == loudspeaker.calls


def test_missing_extra_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line to type is in the error."""
    monkeypatch.setitem(sys.modules, "sounddevice", None)

    with pytest.raises(OutputError, match=r'^cannot play: pip install "utterly\[play\]"$'):
        utterly.say("Hello.", engines="espeak").play()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the library brings PortAudio along")
def test_missing_system_library_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the real library does on a bare Linux."""
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(ctypes.util, "find_library", lambda _name: None)

    with pytest.raises(OutputError, match=r"^cannot play: PortAudio is missing; .*libportaudio2"):
        find_device()


def test_real_library_finds_a_device_or_says_what_is_missing() -> None:
    """Whatever this machine has, the answer is a name or one line."""
    try:
        answer = find_device()
    except OutputError as error:
        answer = str(error)

    assert 1 == len(answer.splitlines())
