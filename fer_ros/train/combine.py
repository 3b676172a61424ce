"""Trained models that answer together: one network, their mean over a face and its mirror image.

Networks that were trained apart are wrong about different faces, so the mean of their logits is right more
often than any of them. No training is needed, only the ONNX files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper

from fer_ros.errors import ModelError
from fer_ros.estimators.card import BLENDSHAPES, FACE, NETWORK_FILE, Input, ModelCard, file_sha256, save_card
from fer_ros.estimators.head import Band
from fer_ros.estimators.model import Model, load_model
from fer_ros.faces.blendshapes import MIRRORED
from fer_ros.train.card import VERSION
from fer_ros.train.export import TOLERANCE

LAST = np.iinfo(np.int64).min  # where a slice that runs backwards ends: behind the first value
TRIED = 8  # faces on which the result is compared with its members
BLANK = (Band(0.0, 1.0, 0.0),)

Floats = NDArray[np.float32]


def combine(members: Sequence[Path], out: Path, summary: str) -> ModelCard:
    """Write a model folder; its card has no calibration yet (`fer_ros calibrate`).

    Args:
        members: folders of two models or more that read a face, or a face and blendshapes, alike.
        out: the folder to write, made where absent; its name is the model's.
        summary: one line, for the card.

    Raises:
        ModelError: fewer than two members, one cannot be loaded, they read different things or carry states,
            or the result does not say what they say.
    """
    if len(members) < 2:
        raise ModelError(f"{len(members)} model to combine; name two or more")
    models = [load_model(folder) for folder in members]
    cards = [model.card for model in models]
    _check(cards)
    out.mkdir(parents=True, exist_ok=True)
    path = out / NETWORK_FILE
    onnx.save(_joined(cards), path)
    card = _card(cards, out, summary)
    save_card(card)
    _compare(load_model(out), models)
    return card


def _check(cards: Sequence[ModelCard]) -> None:
    first = cards[0]
    for card in cards:
        if card.states or {read.kind for read in card.inputs} - {FACE, BLENDSHAPES}:
            raise ModelError(f"{card.identity} reads more than one look at a face; it cannot be combined")
        if [(read.name, read.kind, read.shape) for read in card.inputs] != [
            (read.name, read.kind, read.shape) for read in first.inputs
        ]:
            raise ModelError(
                f"{card.identity} reads other things than {first.identity}; combine what reads alike"
            )


def _card(cards: Sequence[ModelCard], out: Path, summary: str) -> ModelCard:
    heads = {name: head for card in cards for name, head in card.heads.items()}
    said = {key: cards[0].training[key] for key in ("licence", "note") if key in cards[0].training}
    members = {
        f"member {place}": f"{card.identity}, sha256 {card.sha256}" for place, card in enumerate(cards, 1)
    }
    names = " ".join(card.identity for card in cards)
    return replace(
        cards[0],
        folder=out,
        name=out.name,
        version=VERSION,
        summary=summary,
        heads={name: replace(head, bands=BLANK) for name, head in heads.items()},
        parameters=sum(card.parameters for card in cards),
        sha256=file_sha256(out / NETWORK_FILE),
        training={
            "command": f"fer_ros combine {out.name} {names}",
            "source": "this project",
            **members,
            **said,
        },
        figures=(),
    )


def _joined(cards: Sequence[ModelCard]) -> onnx.ModelProto:
    """The members side by side, each asked about a batch and, behind it, the batch's mirror images."""
    parts = [_prefixed(card, place) for place, card in enumerate(cards)]
    nodes, constants = _mirrored(cards[0].inputs)
    for place, part in enumerate(parts):
        for read in cards[0].inputs:
            nodes.append(helper.make_node("Identity", [f"{read.name}/both"], [f"{place}/{read.name}"]))
        nodes += part.graph.node
        constants += part.graph.initializer
    outputs = []
    for name in {name: None for card in cards for name in card.heads}:
        having = [f"{place}/{name}" for place, card in enumerate(cards) if name in card.heads]
        nodes.append(helper.make_node("Mean", having, [f"{name}/both"]))
        nodes.append(
            helper.make_node("Split", [f"{name}/both"], [f"{name}/left", f"{name}/right"], num_outputs=2)
        )
        nodes.append(helper.make_node("Mean", [f"{name}/left", f"{name}/right"], [name]))
        owner = next(place for place, card in enumerate(cards) if name in card.heads)
        outputs.append(_renamed(_output(parts[owner], f"{owner}/{name}"), name))
    inputs = [_renamed(_input(parts[0], f"0/{read.name}"), read.name) for read in cards[0].inputs]
    graph = helper.make_graph(nodes, "combined", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=parts[0].opset_import, ir_version=parts[0].ir_version)
    onnx.checker.check_model(model)
    return model


def _prefixed(card: ModelCard, place: int) -> onnx.ModelProto:
    """A member whose values have names of their own."""
    return onnx.compose.add_prefix(onnx.load(card.network), f"{place}/")


def _mirrored(inputs: Sequence[Input]) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """For every input a batch and its mirror images, one behind the other, as `NAME/both`."""
    nodes, constants = [], []
    for read in inputs:
        turned = f"{read.name}/turned"
        if read.kind == FACE:
            parts = {"starts": [-1], "ends": [LAST], "axes": [len(read.shape)], "steps": [-1]}
            names = [f"{read.name}/{part}" for part in parts]
            constants += [_constant(name, value) for name, value in zip(names, parts.values(), strict=True)]
            nodes.append(helper.make_node("Slice", [read.name, *names], [turned]))
        else:
            constants.append(_constant(f"{read.name}/order", MIRRORED.tolist()))
            nodes.append(helper.make_node("Gather", [read.name, f"{read.name}/order"], [turned], axis=1))
        nodes.append(helper.make_node("Concat", [read.name, turned], [f"{read.name}/both"], axis=0))
    return nodes, constants


def _constant(name: str, values: Sequence[int]) -> onnx.TensorProto:
    return onnx.numpy_helper.from_array(np.array(values, np.int64), name)


def _input(model: onnx.ModelProto, name: str) -> onnx.ValueInfoProto:
    return next(found for found in model.graph.input if found.name == name)


def _output(model: onnx.ModelProto, name: str) -> onnx.ValueInfoProto:
    return next(found for found in model.graph.output if found.name == name)


def _renamed(value: onnx.ValueInfoProto, name: str) -> onnx.ValueInfoProto:
    """The same under another name, for any number of faces."""
    copy = onnx.ValueInfoProto()
    copy.CopyFrom(value)
    copy.name = name
    copy.type.tensor_type.shape.dim[0].dim_param = "faces"
    return copy


def _compare(combined: Model, members: Sequence[Model]) -> None:
    """Raise ModelError unless the file says the mean of what its members say."""
    random = np.random.default_rng(0)
    inputs = {
        read.name: random.uniform(*read.range, (TRIED, *read.shape)).astype(np.float32)
        for read in combined.card.inputs
    }
    for name in combined.card.heads:
        expected = np.mean(
            [_looks(model, inputs, name) for model in members if name in model.card.heads], axis=0
        )
        gap = float(np.abs(combined.logits(inputs, name) - expected).max())
        if not gap <= TOLERANCE:
            raise ModelError(f"{combined.card.network}: {name} differs from its members' mean by {gap:.2g}")


def _looks(model: Model, inputs: Mapping[str, Floats], name: str) -> Floats:
    """A member's mean over the face and its mirror image."""
    turned = {
        read.name: inputs[read.name][..., ::-1] if read.kind == FACE else inputs[read.name][:, MIRRORED]
        for read in model.card.inputs
    }
    return np.asarray((model.logits(inputs, name) + model.logits(turned, name)) / 2, np.float32)
