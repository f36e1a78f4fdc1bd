"""kokoro's decoder over rows, with the library's own weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from typing import TYPE_CHECKING, Any

from utterly_kokoro._decoder.convolutions import Convolution, Doubling, TransposedConvolution
from utterly_kokoro._decoder.normalisation import Kernels, Style, leaky
from utterly_kokoro._decoder.source import HarmonicSource

if TYPE_CHECKING:
    from torch import Tensor, dtype


class RowDecoder:
    """Computes what kokoro's `Decoder` computes, in rows.

    The shape of the network, its weights and its source of randomness are the library's; see
    `kokoro/istftnet.py` there. What differs is the layout, how the style is applied, and the number
    format of the convolutions. Statistics, the last convolution and what follows it are in float32
    always: there, small errors go through an exponential and a sine.

    Args:
        decoder: The library's, whose weight normalisation is folded into the weights. In float32
            both share their weights.
        number_format: Of the convolutions.

    Attributes:
        kernels: What passes over all rows.
        source: What makes the source signal from the pitch.
    """

    def __init__(self, decoder: Any, number_format: dtype) -> None:
        import torch

        fold_weight_norm(decoder)
        generator = decoder.generator
        self.kernels = Kernels()
        self.source: Callable[[Tensor], Tensor] = HarmonicSource(generator)
        self._format = number_format
        self._pitch = decoder.F0_conv
        self._energy = decoder.N_conv
        self._text = Convolution(decoder.asr_res[0], number_format)
        self._encode = _Block(decoder.encode, number_format)
        self._decode = [_Block(block, number_format) for block in decoder.decode]
        self._stages = list(_stages(generator, number_format))
        self._last = Convolution(generator.conv_post, torch.float32)
        self._stft = generator.stft

    def __call__(self, text: Tensor, pitch: Tensor, energy: Tensor, style: Tensor) -> Tensor:
        """Make sound.

        Args:
            text: What is said, `[1, 512, frames]`, 40 frames a second.
            pitch: In Hz, `[1, 2 · frames]`.
            energy: `[1, 2 · frames]`.
            style: `[1, 128]`.

        Returns:
            Samples at 24,000 Hz, `[1, 1, 600 · frames]`.
        """
        return self._generate(self._combine(text, pitch, energy, style), pitch, style)

    def with_kernels(self, kernels: Kernels) -> RowDecoder:
        """The same with the same weights, and other code to pass over the rows."""
        other = copy(self)
        other.kernels = kernels
        return other

    def _combine(self, text: Tensor, pitch: Tensor, energy: Tensor, style: Tensor) -> Tensor:
        """From text, pitch and energy to the generator's rows."""
        import torch

        text_rows = text[0].t().to(self._format)
        curves = (self._pitch(pitch[:, None]), self._energy(energy[:, None]))
        curve_rows = torch.cat(curves, 1)[0].t().to(self._format)
        rows = self._encode(torch.cat([text_rows, curve_rows], 1), style)
        beside = torch.cat([self._text(text_rows), curve_rows], 1)
        for block in self._decode:
            rows = block(torch.cat([rows, beside], 1), style)
        return rows

    def _generate(self, rows: Tensor, pitch: Tensor, style: Tensor) -> Tensor:
        """From the generator's rows to samples."""
        import torch
        from torch.nn.functional import leaky_relu

        spectrum = torch.cat(self._stft.transform(self.source(pitch)), 1)
        source = spectrum[0].t().to(self._format)
        for stage in self._stages:
            rows = stage(rows, source, style, self.kernels)
        spectrum = self._last(leaky_relu(rows.float(), 0.01)).t()[None]
        magnitude, phase = spectrum.chunk(2, 1)
        samples: Tensor = self._stft.inverse(magnitude.exp(), phase.sin())
        return samples


class _Block:
    """kokoro's `AdainResBlk1d`."""

    def __init__(self, module: Any, number_format: dtype) -> None:
        doubles = module.upsample_type != "none"
        self._double = Doubling(module.pool, number_format) if doubles else None
        self._styles = Style(module.norm1), Style(module.norm2)
        self._convolutions = (
            Convolution(module.conv1, number_format),
            Convolution(module.conv2, number_format),
        )
        self._shortcut = Convolution(module.conv1x1, number_format) if module.learned_sc else None

    def __call__(self, rows: Tensor, style: Tensor) -> Tensor:
        own = leaky(rows, *self._styles[0](style))
        if self._double is not None:
            own = self._double(own)
        own = self._convolutions[0](own)
        own = self._convolutions[1](leaky(own, *self._styles[1](style)))
        past = rows if self._shortcut is None else self._shortcut(rows)
        if self._double is not None:  # the shortcut sees one frame at a time, so before is after
            past = past.repeat_interleave(2, 0)
        return own.add_(past).mul_(2**-0.5)


class _Stage:
    """One upsampling of the generator, with what the source adds to it."""

    def __init__(
        self,
        up: Any,
        source: tuple[Any, Any],
        blocks: Iterable[Any],
        number_format: dtype,
        *,
        is_last: bool,
    ) -> None:
        self._up = TransposedConvolution(up, number_format)
        self._source = Convolution(source[0], number_format)
        self._source_block = _SnakeBlock(source[1], number_format)
        self._blocks = [_SnakeBlock(block, number_format) for block in blocks]
        self._is_last = is_last

    def __call__(self, rows: Tensor, source: Tensor, style: Tensor, kernels: Kernels) -> Tensor:
        import torch
        from torch.nn.functional import leaky_relu

        rows = self._up(leaky_relu(rows, 0.1))
        if self._is_last:  # a spectrum has one frame more than hops: the second is mirrored
            rows = torch.cat([rows[1:2], rows])
        rows += self._source_block(self._source(source), style, kernels)
        total = self._blocks[0](rows.clone(), style, kernels)
        for block in self._blocks[1:]:
            total += block(rows.clone(), style, kernels)
        return total.div_(len(self._blocks))


class _SnakeBlock:
    """kokoro's `AdaINResBlock1`."""

    def __init__(self, module: Any, number_format: dtype) -> None:
        self._pairs = [
            [
                (Style(norm), alpha.detach().flatten(), Convolution(convolution, number_format))
                for norm, alpha, convolution in pair
            ]
            for pair in zip(
                zip(module.adain1, module.alpha1, module.convs1, strict=True),
                zip(module.adain2, module.alpha2, module.convs2, strict=True),
                strict=True,
            )
        ]

    def __call__(self, rows: Tensor, style: Tensor, kernels: Kernels) -> Tensor:
        """Change rows in place."""
        for pair in self._pairs:
            own = rows
            for norm, alpha, convolution in pair:
                own = convolution(kernels.snake(own, *norm(style), alpha))
            rows += own
        return rows


def _stages(generator: Any, number_format: dtype) -> Iterable[_Stage]:
    kernels = generator.num_kernels
    for number, up in enumerate(generator.ups):
        source = generator.noise_convs[number], generator.noise_res[number]
        blocks = generator.resblocks[number * kernels : (number + 1) * kernels]
        is_last = number == len(generator.ups) - 1
        yield _Stage(up, source, blocks, number_format, is_last=is_last)


def fold_weight_norm(decoder: Any) -> None:
    """Compute each weight w = g · v / ‖v‖ once and for all, in place of g and v."""
    from torch.nn.utils import remove_weight_norm

    for module in decoder.modules():
        if hasattr(module, "weight_g"):
            remove_weight_norm(module)
