"""Convolutions over rows: `[frames, channels]` in and out, each channel beside its neighbours.

torch's own layout for sound is `[channels, frames]`. oneDNN multiplies faster the other way, most
of all where there are few channels, many frames and wide kernels, which is where Kokoro's decoder
spends its time. So activations stay in rows throughout, and nothing is ever turned around.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor, dtype


class Convolution:
    """A `torch.nn.Conv1d` over rows.

    A signal of one dimension is an image of one row of pixels, and images have a layout of their
    own with the channels last: `x[t, c]` lies where `image[0, c, 0, t]` does. So no number moves.

    Args:
        module: Without weight normalisation. In float32 it shares its weights from now on.
        number_format: What to compute with.
    """

    def __init__(self, module: Any, number_format: dtype) -> None:
        self._weight = _share_weight(module, number_format)
        self._bias = None if module.bias is None else module.bias.detach().to(number_format)
        self._stride = (1, *module.stride)
        self._padding = (0, *module.padding)
        self._dilation = (1, *module.dilation)

    def __call__(self, rows: Tensor) -> Tensor:
        """Convolve rows, `[frames, channels]`."""
        from torch.nn.functional import conv2d

        image = conv2d(
            _as_image(rows), self._weight, self._bias, self._stride, self._padding, self._dilation
        )
        return _as_rows(image)


class TransposedConvolution:
    """A `torch.nn.ConvTranspose1d` over rows.

    Args:
        module: Without weight normalisation, and of one group. In float32 it shares its weights
            from now on.
        number_format: What to compute with.
    """

    def __init__(self, module: Any, number_format: dtype) -> None:
        self._weight = _share_weight(module, number_format)
        self._bias = module.bias.detach().to(number_format)
        self._stride = (1, *module.stride)
        self._padding = (0, *module.padding)
        self._output_padding = (0, *module.output_padding)

    def __call__(self, rows: Tensor) -> Tensor:
        """Convolve rows, `[frames, channels]`."""
        from torch.nn.functional import conv_transpose2d

        image = conv_transpose2d(
            _as_image(rows),
            self._weight,
            self._bias,
            self._stride,
            self._padding,
            self._output_padding,
        )
        return _as_rows(image)


class Doubling:
    """The decoder's `pool`: a transposed convolution of each channel alone, to twice as many rows.

    With a kernel w of three, a stride of two and a padding of one, `x[t]` adds `x[t] · w[j]` to row
    `2t + j - 1`. Sorted by where it lands, w[1] goes to even rows, w[2] to the odd row after, and
    w[0] to the odd row before::

        y[2t]     = x[t] · w[1]                   + bias
        y[2t + 1] = x[t] · w[2] + x[t + 1] · w[0] + bias

    where a row after the last one is zero.

    Args:
        module: Without weight normalisation.
        number_format: What to compute with.
    """

    def __init__(self, module: Any, number_format: dtype) -> None:
        self._before, self._here, self._after = (
            module.weight.detach()[:, 0].to(number_format).unbind(1)
        )
        self._bias = module.bias.detach().to(number_format)

    def __call__(self, rows: Tensor) -> Tensor:
        """Make two rows of each, `[frames, channels]`."""
        import torch

        even = torch.addcmul(self._bias, rows, self._here)
        odd = torch.addcmul(self._bias, rows, self._after)
        odd[:-1] += rows[1:] * self._before
        return torch.stack([even, odd], 1).flatten(0, 1)


def _share_weight(module: Any, number_format: dtype) -> Tensor:
    """A module's weight as that of a convolution of images, the channels beside each other.

    In float32 the module is given a view of the same memory, so that there is only one copy: the
    library can still compute with it.
    """
    import torch

    weight = module.weight.detach()
    outer, inner, width = weight.shape
    strides = (inner * width, 1, inner * width, inner)
    image = torch.empty_strided((outer, inner, 1, width), strides, dtype=number_format)
    image[:, :, 0].copy_(weight)
    if number_format == weight.dtype:
        module.weight = torch.nn.Parameter(image[:, :, 0], requires_grad=False)
    return image


def _as_image(rows: Tensor) -> Tensor:
    """Look at `[frames, channels]` as `[1, channels, 1, frames]`, where it lies."""
    frames, channels = rows.shape
    return rows.contiguous().as_strided(
        (1, channels, 1, frames), (channels * frames, 1, channels * frames, channels)
    )


def _as_rows(image: Tensor) -> Tensor:
    """Undo `_as_image`."""
    return image[0, :, 0].t().contiguous()
