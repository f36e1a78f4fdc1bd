"""From the layers of the export to the parameters of torch's modules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from plugins.kokoro.tests.checkpoint.export import Array, Export, dequantise

Parameters = dict[str, Array]
Shapes = dict[str, tuple[int, ...]]


def convert_layers(export: Export, model: Any) -> Iterator[tuple[str, Array]]:
    """Every parameter of a model by its full name, read from the export.

    Args:
        export: The export of the same architecture.
        model: A `kokoro.KModel`; only the names, classes and shapes in it are used.
    """
    for path, module in model.named_modules():
        shapes = {name: tuple(own.shape) for name, own in module.named_parameters(recurse=False)}
        if shapes:
            for name, values in _convert(export, path, type(module).__name__, shapes).items():
                yield f"{path}.{name}", values


def _convert(export: Export, path: str, kind: str, shapes: Shapes) -> Parameters:
    if path == "bert.pooler":  # nothing uses what it puts out, so it was never exported
        return {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    if kind == "InstanceNorm1d":  # in the original it scales nothing, and was left out
        ones, zeros = np.ones(shapes["weight"]), np.zeros(shapes["bias"])
        return {"weight": ones.astype(np.float32), "bias": zeros.astype(np.float32)}
    if convert := _CONVERTERS.get(kind):
        return convert(export, path, shapes)
    return {name: export.named(path, name) for name in shapes}


def _convert_embedding(export: Export, path: str, _: Shapes) -> Parameters:
    return {"weight": export.embedding(path)}


def _convert_linear(export: Export, path: str, _: Shapes) -> Parameters:
    """ONNX multiplies from the right: its matrices lie across."""
    return {"weight": export.weight(path).T, "bias": export.named(path, "bias")}


def _convert_convolution(export: Export, path: str, shapes: Shapes) -> Parameters:
    weight = export.weight(path)
    found = {"bias": export.named(path, "bias")} if "bias" in shapes else {}
    if "weight_v" not in shapes:
        return {"weight": weight, **found}
    return {**normalise_weight(weight), **found}


def normalise_weight(weight: Array) -> Parameters:
    """Take a weight apart as `torch.nn.utils.weight_norm` has it: g · v / ‖v‖ for each channel.

    Rounding to eight bits left whole channels at zero. There v is one: 0 · 0 / 0 is no number.
    """
    norm = np.sqrt((weight.astype(np.float64) ** 2).sum(axis=(1, 2), keepdims=True))
    direction = np.where(norm == 0, 1, weight)
    return {"weight_g": norm.astype(np.float32), "weight_v": direction.astype(np.float32)}


def _convert_lstm(export: Export, path: str, _: Shapes) -> Parameters:
    """Both directions of an LSTM; inputs 8 to 11 of the node are scales and zero points.

    Source: `com.microsoft.DynamicQuantizeLSTM` in ONNX Runtime's list of contributed operators.
    """
    inputs = export.node(path).input
    read = export.constant
    ours = _dequantise_directions(*(read(inputs[place]) for place in (1, 8, 9)))
    recurrent = _dequantise_directions(*(read(inputs[place]) for place in (2, 10, 11)))
    biases = read(inputs[3]).astype(np.float32)
    found: Parameters = {}
    for direction, suffix in enumerate(("", "_reverse")):
        bias, recurrent_bias = np.split(biases[direction], 2)
        found |= {
            f"weight_ih_l0{suffix}": _reorder_gates(ours[direction].T),
            f"weight_hh_l0{suffix}": _reorder_gates(recurrent[direction].T),
            f"bias_ih_l0{suffix}": _reorder_gates(bias),
            f"bias_hh_l0{suffix}": _reorder_gates(recurrent_bias),
        }
    return found


def _dequantise_directions(weight: Any, scale: Any, zero: Any) -> Array:
    """Weights `[direction, input, 4 · hidden]`; each direction or column has its scale."""
    shape = (weight.shape[0], 1, -1)
    return dequantise(weight, scale.reshape(shape), zero.reshape(shape))


def _reorder_gates(values: Array) -> Array:
    """From input, output, forget, cell, as ONNX has them, to input, forget, cell, output."""
    into, out, forget, cell = np.split(values, 4)
    return np.concatenate([into, forget, cell, out])


_CONVERTERS: dict[str, Callable[[Export, str, Shapes], Parameters]] = {
    "Conv1d": _convert_convolution,
    "ConvTranspose1d": _convert_convolution,
    "Embedding": _convert_embedding,
    "Linear": _convert_linear,
    "LSTM": _convert_lstm,
}
"""By the class of the module; others kept their parameters' names and precision."""
