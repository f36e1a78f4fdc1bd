"""Checks of what an engine says: its form, level, length and word times, and hostile text."""

# ruff: noqa: S101  # pytest turns these into failures with their values
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from utterly.engine.checks import SHORTEST_SHARE, shortest_plausible
from utterly.errors import EngineError
from utterly.text import is_speakable

if TYPE_CHECKING:
    from utterly.testing.contract.engine import EngineUnderTest, Loaded, Spoken

LOWEST_LEVEL, HIGHEST_LEVEL = -45.0, -1.0
_SLOWEST_SECONDS = 0.8  # for one letter, on top of a pause
_LONGEST_PAUSE = 3.0

HOSTILE_TEXTS = {
    "control characters": "Hello,\x07 world\x1b[31m.\x7f",
    "a NUL": "Hello,\x00 world.",
    "emoji": "Hello \N{WAVING HAND SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}, world \U0001f30d.",
    "SSML": '<speak><break time="10ms"/>Hello</speak> & world.',
    "phoneme markup": "[[h@l'oU]] world ]] [[",
    "format markup": "{voice} {0} %s %(text)s ${HOME}",
    "two directions": "Hello \u202e\u05e9\u05dc\u05d5\u05dd\u202c world.",
    "line ends": "Hello,\r\nworld\u2028and\ttabs\x0b.",
    "combining marks": "He" + "\u0301" * 200 + "llo.",
    "digits": "1234567890 3.14 1e10 -0 00:59 50%",
    "an address": "https://example.org/a_b?c=d%20e&f[]=g#h",
    "a long word": "a" * 2_000,
    "punctuation only": '?!... -- "(*)"',
}


class SpeechChecks:
    """Audio that can be used as it comes."""

    def test_audio_is_as_declared(self, tested: EngineUnderTest, loaded: Loaded) -> None:
        """Pieces are finite floating-point mono, at the rate that `describe` states."""
        spoken = loaded.say()
        form = spoken.samples
        rates = sorted({piece.sample_rate for piece in spoken.pieces})

        assert spoken.pieces, "synthesize() yields nothing for a plain sentence"
        assert np.issubdtype(form.dtype, np.floating), (
            f"samples are {form.dtype}: yield floating point, as Audio.from_pcm16 makes of 16 bits"
        )
        assert form.ndim == 1, f"samples have the shape {form.shape}: mix them to mono, [frames]"
        assert np.isfinite(form).all(), (
            "samples are not finite: find where NaN or infinity comes in"
        )
        assert rates == [tested.info.sample_rate], (
            f"the audio has {rates} Hz and describe() states {tested.info.sample_rate}:"
            " state the rate that comes out"
        )

    def test_each_language_has_a_sane_level(self, tested: EngineUnderTest, loaded: Loaded) -> None:
        """A sentence in every language is neither lost in noise nor clipped."""
        levels = {tag: _level(spoken) for tag, spoken in _in_each_language(tested, loaded)}
        odd = {
            tag: f"{level:.1f} dBFS"
            for tag, level in levels.items()
            if not LOWEST_LEVEL <= level <= HIGHEST_LEVEL
        }

        assert not odd, (
            f"the level in {odd} is not between {LOWEST_LEVEL:g} and {HIGHEST_LEVEL:g} dBFS:"
            " samples are floats between -1 and 1, and the language must be one it can speak"
        )

    def test_each_language_has_a_plausible_length(
        self, tested: EngineUnderTest, loaded: Loaded
    ) -> None:
        """A sentence in every language takes about as long as people take."""
        odd = {
            tag: f"{spoken.duration:.2f} s"
            for tag, spoken in _in_each_language(tested, loaded)
            if not _is_plausible(spoken.duration, tested.sentence(tag))
        }

        assert not odd, (
            f"the sample sentence in {odd} is too short or too long to hold its letters:"
            " is the sample rate right, and all of the text spoken?"
        )

    def test_word_times_fit(self, tested: EngineUnderTest, loaded: Loaded) -> None:
        """Words, where there are any, follow each other within the audio and are in the text."""
        text = tested.sentence()
        spoken = loaded.say(text)
        words = spoken.words
        if not words:
            pytest.skip("the engine yields no word times")
        starts = [word.start for word in words]
        strange = [word.text for word in words if word.text not in text]

        assert starts == sorted(starts), "word times jump back: yield words in the order spoken"
        assert all(word.start <= word.end for word in words), "a word ends before it begins"
        assert starts[0] >= 0, "a word begins before the segment: times are relative to its start"
        assert words[-1].end <= spoken.duration + 0.05, (
            "words end after the audio: times are in seconds from the start of the segment"
        )
        assert not strange, f"words {strange} are not in the text: give them as they stand there"

    @pytest.mark.parametrize("kind", HOSTILE_TEXTS)
    def test_survives_hostile_text(
        self, tested: EngineUnderTest, loaded: Loaded, kind: str
    ) -> None:
        """Any text gives audio, or an error of the right family."""
        text = HOSTILE_TEXTS[kind][: tested.info.longest_segment]
        try:
            spoken = loaded.say(text)
        except EngineError:
            return
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the same advice
            pytest.fail(
                f"text with {kind} makes synthesize() raise {type(error).__name__}:"
                " raise a subclass of utterly.EngineError, or clean the text first",
                pytrace=False,
            )

        assert spoken.duration > 0 or not is_speakable(text), (
            f"text with {kind} gives no audio and no error: speak its letters, or raise"
        )


def _in_each_language(tested: EngineUnderTest, loaded: Loaded) -> list[tuple[str, Spoken]]:
    """The sample sentence in every language that has a voice; another check looks for the rest."""
    languages = filter(tested.has_voice_for, tested.info.languages)
    return [(tag, loaded.say(language=tag)) for tag in languages]


def _level(spoken: Spoken) -> float:
    """RMS in dBFS, or 0 where the peak is beyond full scale."""
    peak = float(np.abs(spoken.samples).max(initial=0.0))
    return 0.0 if peak > 1.0 else spoken.level


def _is_plausible(seconds: float, text: str) -> bool:
    letters, shortest = shortest_plausible(text, speed=1.0)
    return SHORTEST_SHARE * shortest <= seconds <= _LONGEST_PAUSE + _SLOWEST_SECONDS * letters
