"""The ONNX graph of a BERT sentence embedder (6 layers, 384 dimensions, 12 heads), made from its weights.

Inputs ``ids`` and ``mask``, int32 of shape (texts, pieces); output ``vectors``, float32 of shape (texts, 384): the
mean over a text's pieces, at unit length. The operators of com.microsoft are ONNX Runtime's fused ones
(https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md); the network is the one of
https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2, whose GELU is the exact one.
The weights stay beside the graph, as arrays: to write 90 MB into a protocol buffer takes seconds.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_LAYERS = 6
_HEADS = 12
_SIZE = 384
_EPSILON = 1e-12  # layer_norm_eps
_FUSED = "com.microsoft"
_OPSET, _IR = 17, 10

Array = NDArray[Any]


class _Graph:
    """Nodes and constants as they are added."""

    def __init__(self, weights: dict[str, Array]) -> None:
        from onnx import NodeProto, TensorProto

        self.weights = weights
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []
        self.arrays: dict[str, Array] = {}

    def constant(self, array: Array) -> str:
        """A constant whose numbers are handed to the session apart."""
        from onnx import TensorProto

        name = f"c{len(self.constants)}"
        outside = TensorProto(
            name=name, dims=array.shape, data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL
        )
        outside.external_data.add(key="location", value="weights")
        self.constants.append(outside)
        self.arrays[name] = np.ascontiguousarray(array)
        return name

    def inline(self, array: Array) -> str:
        """A constant that stands in the graph."""
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def weight(self, name: str) -> str:
        return self.constant(self.weights[name])

    def dense(self, x: str, name: str) -> str:
        """``x`` times the weights of a dense layer, before its bias."""
        return self.add("MatMul", [x, self.constant(self.weights[f"{name}.weight"].T)])

    def add(self, operator: str, inputs: list[str], *, fused: bool = False, **attributes: Any) -> str:
        from onnx import helper

        name = f"n{len(self.nodes)}"
        domain = _FUSED if fused else ""
        self.nodes.append(helper.make_node(operator, inputs, [name], domain=domain, **attributes))
        return name


def bert_graph(weights: bytes) -> tuple[bytes, dict[str, Array]]:
    """The serialised graph for the bytes of a safetensors file, and the constants that it takes from outside."""
    from onnx import TensorProto, helper
    from safetensors.numpy import load

    graph = _Graph(load(weights))
    x = _embedded(graph)
    for number in range(_LAYERS):
        x = _layer(graph, x, f"encoder.layer.{number}")
    _pooled(graph, x)
    shape = ["texts", "pieces"]
    made = helper.make_graph(
        graph.nodes,
        "bert",
        [helper.make_tensor_value_info(name, TensorProto.INT32, shape) for name in ("ids", "mask")],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", _SIZE])],
        graph.constants,
    )
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
    serialised: bytes = helper.make_model(made, opset_imports=opsets, ir_version=_IR).SerializeToString()
    return serialised, graph.arrays


def _embedded(graph: _Graph) -> str:
    """Word, position and (always the first) segment, normalised."""
    weights = graph.weights
    first_segment = weights["embeddings.token_type_embeddings.weight"][0]
    words = graph.weight("embeddings.word_embeddings.weight")
    places = graph.constant(weights["embeddings.position_embeddings.weight"] + first_segment)
    norm = [graph.weight(f"embeddings.LayerNorm.{part}") for part in ("weight", "bias")]
    x = graph.add("EmbedLayerNormalization", ["ids", "", words, places, "", *norm], fused=True, epsilon=_EPSILON)
    graph.nodes[-1].output.append("unused")  # the operator has a second output, which may not be left out
    return x


def _layer(graph: _Graph, x: str, layer: str) -> str:
    """Attention, then the feed-forward part, each added to what came in and normalised."""
    parts = [f"{layer}.attention.self.{part}" for part in ("query", "key", "value")]
    matrix = np.concatenate([graph.weights[f"{part}.weight"].T for part in parts], axis=1)
    bias = np.concatenate([graph.weights[f"{part}.bias"] for part in parts])
    inputs = [x, graph.constant(matrix), graph.constant(bias), "mask"]
    attended = graph.add("Attention", inputs, fused=True, num_heads=_HEADS)
    x = _joined(graph, graph.dense(attended, f"{layer}.attention.output.dense"), x, f"{layer}.attention.output")
    inner = graph.dense(x, f"{layer}.intermediate.dense")
    active = graph.add("BiasGelu", [inner, graph.weight(f"{layer}.intermediate.dense.bias")], fused=True)
    return _joined(graph, graph.dense(active, f"{layer}.output.dense"), x, f"{layer}.output")


def _joined(graph: _Graph, x: str, skipped: str, part: str) -> str:
    rest = [graph.weight(f"{part}.{name}") for name in ("LayerNorm.weight", "LayerNorm.bias", "dense.bias")]
    return graph.add("SkipLayerNormalization", [x, skipped, *rest], fused=True, epsilon=_EPSILON)


def _pooled(graph: _Graph, x: str) -> None:
    """The sum over a text's pieces at unit length, which is their mean at unit length."""
    from onnx import TensorProto, helper

    axis = graph.inline(np.array([1], dtype=np.int64))
    row = graph.add("Unsqueeze", [graph.add("Cast", ["mask"], to=TensorProto.FLOAT), axis])
    total = graph.add("Squeeze", [graph.add("MatMul", [row, x]), axis])
    graph.nodes.append(helper.make_node("LpNormalization", [total], ["vectors"], axis=-1, p=2))
