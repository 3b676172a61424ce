"""A model folder with a real ONNX of a few weights, and its card."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from fer_ros.emotions import LABEL_SPACES
from fer_ros.estimators.card import Input, ModelCard, file_sha256, save_card
from fer_ros.estimators.head import Band, Head

HEADS = ("fer2013", "ferplus")


def network(side: int = 48, heads: dict[str, int] | None = None) -> onnx.ModelProto:
    """Logits that are linear in the mean grey level of each of the crop's rows."""
    heads = heads or {name: len(LABEL_SPACES[name]) for name in HEADS}
    random = np.random.default_rng(0)
    axes = numpy_helper.from_array(np.array([2], np.int64), "axes")
    nodes = [helper.make_node("ReduceMean", ["face", "axes"], ["rows"], keepdims=0)]
    weights = [axes]
    for name, count in heads.items():
        weight = random.normal(0, 0.01, (side, count)).astype(np.float32)
        weights.append(numpy_helper.from_array(weight, f"{name}_weight"))
        nodes.append(helper.make_node("MatMul", ["rows", f"{name}_weight"], [name]))
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("face", TensorProto.FLOAT, ["faces", side, side])],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["faces", c]) for n, c in heads.items()],
        weights,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def build(folder: Path, proto: onnx.ModelProto | None = None, **changes: object) -> ModelCard:
    """Write model.onnx and card.yaml into `folder`, the card with `changes`; returns the card."""
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(proto or network(), folder / "model.onnx")
    card = ModelCard(
        folder=folder,
        name="tiny",
        version="1",
        summary="for tests",
        inputs=(Input("face", "face_crop", (48, 48), (0, 255)),),
        heads={name: Head(LABEL_SPACES[name], 0.9, (Band(0, 2.0, 0.05),)) for name in HEADS},
        parameters=720,
        sha256=file_sha256(folder / "model.onnx"),
        training={"command": "none", "epochs": "0"},
        framing="FER2013's",
        limits=("tests only",),
        figures=(),
    )
    card = replace(card, **changes)
    save_card(card)
    return card


def build_blendshapes(folder: Path) -> ModelCard:
    """A model that reads nothing but blendshapes, and answers in happy, unknown, sad."""
    random = np.random.default_rng(0)
    weight = numpy_helper.from_array(random.normal(0, 1, (52, 3)).astype(np.float32), "weight")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["blendshapes", "weight"], ["3class"])],
        "tiny",
        [helper.make_tensor_value_info("blendshapes", TensorProto.FLOAT, ["faces", 52])],
        [helper.make_tensor_value_info("3class", TensorProto.FLOAT, ["faces", 3])],
        [weight],
    )
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    heads = {"3class": Head(LABEL_SPACES["3class"], 0.9, (Band(0, 1.0, 0.05),))}
    inputs = (Input("blendshapes", "blendshapes", (52,), (0, 1)),)
    return build(folder, proto, inputs=inputs, heads=heads)


def build_stream(folder: Path) -> ModelCard:
    """A model that counts, per face, the images it has seen and the seconds between them.

    Its state is (images, seconds); the logits of ferplus are those two, times 1 and 10, and zeros.
    """
    one = numpy_helper.from_array(np.array([[1.0]], np.float32), "one")
    zero = numpy_helper.from_array(np.array([[0.0]], np.float32), "zero")
    weight = np.zeros((2, 8), np.float32)
    weight[0, 0], weight[1, 1] = 1.0, 10.0
    ends = numpy_helper.from_array(np.array([1], np.int64), "axes")
    nodes = [
        helper.make_node("ReduceSum", ["blendshapes", "axes"], ["sum"], keepdims=1),
        helper.make_node("Mul", ["sum", "zero"], ["nothing"]),
        helper.make_node("Add", ["nothing", "one"], ["image"]),
        helper.make_node("Concat", ["image", "interval_s"], ["step"], axis=1),
        helper.make_node("Add", ["hidden", "step"], ["next_hidden"]),
        helper.make_node("MatMul", ["next_hidden", "weight"], ["ferplus"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [_floats("blendshapes", 52), _floats("interval_s", 1), _floats("hidden", 2)],
        [_floats("ferplus", 8), _floats("next_hidden", 2)],
        [one, zero, ends, numpy_helper.from_array(weight, "weight")],
    )
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    inputs = (
        Input("blendshapes", "blendshapes", (52,), (0, 1)),
        Input("interval_s", "interval_s", (1,), (0, 60)),
    )
    heads = {"ferplus": Head(LABEL_SPACES["ferplus"], 0.9, (Band(0, 1.0, 0.05),))}
    return build(folder, proto, inputs=inputs, heads=heads, states={"hidden": (2,)})


def build_clip(folder: Path, length: int = 5, head: str = "ravdess", data: str = "windows") -> ModelCard:
    """A clip network whose logits are linear in the mean grey level of each of its faces."""
    labels = LABEL_SPACES[head]
    random = np.random.default_rng(1)
    weight = random.normal(0, 0.05, (length, len(labels))).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("ReduceMean", ["clip", "axes"], ["means"], keepdims=0),
            helper.make_node("MatMul", ["means", "weight"], [head]),
        ],
        "tiny",
        [helper.make_tensor_value_info("clip", TensorProto.FLOAT, ["faces", length, 48, 48])],
        [_floats(head, len(labels))],
        [
            numpy_helper.from_array(np.array([2, 3], np.int64), "axes"),
            numpy_helper.from_array(weight, "weight"),
        ],
    )
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    return build(
        folder,
        proto,
        name=folder.name,
        inputs=(Input("clip", "clip", (length, 48, 48), (0, 255)),),
        heads={head: Head(labels, 0.9, (Band(0, 1.0, 0.05),))},
        training={"recipe": f'{{"data": "{data}"}}'},
    )


def _floats(name: str, width: int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["faces", width])


def build_student(folder: Path) -> ModelCard:
    """A model that gives 52 scores of a crop."""
    proto = network(heads={"raw": 52})
    graph = proto.graph
    graph.node.append(helper.make_node("Sigmoid", ["raw"], ["blendshapes"]))
    graph.output.append(helper.make_tensor_value_info("blendshapes", TensorProto.FLOAT, ["faces", 52]))
    return build(folder, proto, heads={})


def refresh_checksum(card: ModelCard) -> None:
    """Write the card again with the checksum of the network file as it is now."""
    save_card(replace(card, sha256=file_sha256(card.network)))
