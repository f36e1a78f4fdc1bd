"""The source of the voice: harmonics of the pitch, and breath.

The library makes nine harmonics at 24,000 Hz, adds noise to each, and mixes them to one signal::

    h = tanh(Σ w[k] · (u · a · sin φ[k] + n · ε[k]) + b)

with k from 1 to 9, weights w and bias b of its mixer, u one where there is a voice and else zero,
the amplitude a, the noise n (much where there is no voice, little where there is one), and normal
numbers ε, drawn for each harmonic and sample.

**One draw in place of nine.** The ε enter as Σ w[k] · ε[k] only. A sum of independent normal
numbers is a normal number, with the variance Σ w[k]². So one ε for each sample will do::

    h = tanh(u · a · Σ w[k] · sin φ[k] + n · ‖w‖ · ε + b)

It is the same voice with another breath, as if another seed had been set.

**No detour for the phase.** The library repeats the pitch of each frame for all its samples, adds a
random phase to the first sample, and interpolates back to one value a frame, which it takes between
the two middle samples. Those are equal, and neither is the first. So what comes out is the pitch of
the frame that went in, and the random phase is gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


class HarmonicSource:
    """kokoro's `SourceModuleHnNSF`, from the pitch of each frame to samples.

    Args:
        generator: kokoro's `Generator`, which has one.
    """

    def __init__(self, generator: Any) -> None:
        mixer = generator.m_source.l_linear
        self._sines = generator.m_source.l_sin_gen
        self._samples_per_frame = int(generator.f0_upsamp.scale_factor)
        self._weights = mixer.weight.detach()[0]
        self._bias = mixer.bias.detach()

    def __call__(self, pitch: Tensor) -> Tensor:
        """Make the source.

        Args:
            pitch: In Hz, zero where there is no voice, `[1, frames]`.

        Returns:
            `[1, samples]`.
        """
        import torch

        voiced = (pitch > self._sines.voiced_threshold).float()
        noise = voiced * self._sines.noise_std + (1 - voiced) * self._sines.sine_amp / 3
        harmonics = (self._weights * self._sines.sine_amp) @ torch.sin(self._phases(pitch[0]))
        voiced, noise = (self._repeat(value) for value in (voiced, noise))
        breath = noise * self._weights.norm() * torch.randn_like(noise)
        return torch.tanh(voiced * harmonics + breath + self._bias)

    def _phases(self, pitch: Tensor) -> Tensor:
        """The phase of each harmonic at each sample, `[harmonics, samples]`."""
        import torch

        numbers = torch.arange(1, len(self._weights) + 1, dtype=torch.float32)
        turns = (numbers[:, None] * pitch / self._sines.sampling_rate) % 1
        phases = turns.cumsum(1) * 2 * torch.pi * self._samples_per_frame
        return torch.nn.functional.interpolate(
            phases[None], scale_factor=self._samples_per_frame, mode="linear"
        )[0]

    def _repeat(self, value: Tensor) -> Tensor:
        return value.repeat_interleave(self._samples_per_frame, dim=-1)


class LibrarySource:
    """The library's own source, which draws what the library draws: to compare with it.

    Args:
        generator: kokoro's `Generator`.
    """

    def __init__(self, generator: Any) -> None:
        self._generator = generator

    def __call__(self, pitch: Tensor) -> Tensor:
        """Make the source, as `HarmonicSource` does."""
        samples = self._generator.f0_upsamp(pitch[:, None]).transpose(1, 2)
        source, _, _ = self._generator.m_source(samples)
        result: Tensor = source[..., 0]
        return result
