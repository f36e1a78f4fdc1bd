"""Checks that the features an engine lists have an effect."""

# ruff: noqa: S101  # pytest turns these into failures with their values
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from utterly.testing.contract.engine import EngineUnderTest, Loaded


class FeatureChecks:
    """What is listed works; what is not listed is not asked for."""

    def test_speed_shortens_the_audio(self, tested: EngineUnderTest, loaded: Loaded) -> None:
        """Twice the speed takes clearly less time."""
        _skip_without("speed", tested)
        plain, fast = loaded.say().duration, loaded.say(speed=2.0).duration

        assert fast < 0.8 * plain, (
            f"speed 2 takes {fast:.2f} s and speed 1 takes {plain:.2f} s:"
            " use request.speed, or do not list 'speed'"
        )

    def test_volume_changes_the_level(self, tested: EngineUnderTest, loaded: Loaded) -> None:
        """A quarter of the volume is clearly less loud."""
        _skip_without("volume", tested)
        plain, soft = loaded.say().level, loaded.say(volume=0.25).level

        assert soft < plain - 3, (
            f"volume 0.25 has {soft:.1f} dBFS and volume 1 has {plain:.1f} dBFS:"
            " use request.volume, or do not list 'volume'"
        )

    def test_pitch_changes_the_sound(self, tested: EngineUnderTest, loaded: Loaded) -> None:
        """Half an octave up is not the same audio."""
        _skip_without("pitch", tested)
        plain, high = loaded.say().samples, loaded.say(pitch=6.0).samples

        assert not np.array_equal(plain, high), (
            "pitch changes nothing: use request.pitch, or do not list 'pitch'"
        )

    def test_seed_repeats_the_audio(self, tested: EngineUnderTest, loaded: Loaded) -> None:
        """The same seed gives the same audio."""
        _skip_without("seed", tested)
        first, second = loaded.say(seed=7).samples, loaded.say(seed=7).samples

        assert np.array_equal(first, second), (
            "the same seed gives different audio: use request.seed, or do not list 'seed'"
        )


def _skip_without(feature: str, tested: EngineUnderTest) -> None:
    if feature not in tested.info.features:
        pytest.skip(f"the engine does not list {feature!r}")
