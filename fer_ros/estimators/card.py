"""Model cards: what a network reads, says, was trained on, reaches, and must not be used for."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from fer_ros.emotions import LABEL_SPACES
from fer_ros.errors import ModelError
from fer_ros.estimators.head import Band, Head

NETWORK_FILE = "model.onnx"
CARD_FILE = "card.yaml"
FACE, BLENDSHAPES, CLIP, INTERVAL = "face_crop", "blendshapes", "clip", "interval_s"
KINDS = (FACE, BLENDSHAPES, CLIP, INTERVAL)
REMEDY = "export it again with `fer_ros train`, or restore the folder from the repository"


@dataclass(frozen=True)
class Input:
    """One input of the network.

    Attributes:
        name: of the network's input.
        kind: a name in KINDS.
        shape: of one example.
        range: least and largest value.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    range: tuple[float, float]


@dataclass(frozen=True)
class Figure:
    """What the model reached on one dataset, split and label space, and the command that says so."""

    data: str
    split: str
    labels: str
    n: int
    detected: int
    accuracy: float
    accuracy_detected: float
    macro_f1: float
    ece: float
    coverage: float
    mean_set_size: float
    accuracy_at_80: float
    recall: Mapping[str, float]
    command: str
    machine: str


@dataclass(frozen=True)
class ModelCard:
    """Everything in card.yaml, checked.

    Attributes:
        folder: where the card was found.
        inputs: of the network; only blendshapes may be missing for a face, as zeros.
        states: what the network carries from image to image of a face, name → shape; it is an input of
            that name and an output `next_` and the name. Empty for a network that looks at one image.
        heads: label space → head, in the order of the network's outputs.
        parameters: trained values of the network.
        sha256: of model.onnx, hexadecimal.
        training: command, data, licence, epochs, seed, machine.
        framing: how a crop must be cut for the figures to hold.
        limits: intended use and what it must not be used for.
    """

    folder: Path
    name: str
    version: str
    summary: str
    inputs: tuple[Input, ...]
    heads: Mapping[str, Head]
    parameters: int
    sha256: str
    training: Mapping[str, str]
    framing: str
    limits: tuple[str, ...]
    figures: tuple[Figure, ...]
    states: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def identity(self) -> str:
        """`name@version`, as estimates carry it."""
        return f"{self.name}@{self.version}"

    def input(self, kind: str) -> Input | None:
        """The input of a kind; None where the network reads no such thing."""
        return next((found for found in self.inputs if found.kind == kind), None)

    def head(self, labels: str) -> Head:
        """The head of a label space; ModelError where the network has none."""
        if labels not in self.heads:
            known = ", ".join(self.heads)
            raise ModelError(f"{self.identity} has no labels {labels!r}; choose one of {known}")
        return self.heads[labels]

    @property
    def network(self) -> Path:
        """The ONNX file."""
        return self.folder / NETWORK_FILE


def load_card(folder: Path) -> ModelCard:
    """Read and check a model folder's card, and that the network file is the one it describes.

    Raises:
        ModelError: the folder or a file is absent, the YAML cannot be read, a key is missing or has a
            wrong type, a label space is not the one in emotions.py, or the checksum differs.
    """
    if not folder.is_dir():
        raise ModelError(f"{folder} is not a folder: a model is a folder with {NETWORK_FILE} and {CARD_FILE}")
    for name in (CARD_FILE, NETWORK_FILE):
        if not (folder / name).is_file():
            raise ModelError(f"{folder} holds no {name}; {REMEDY}")
    card = _parse(folder)
    found = file_sha256(card.network)
    if found != card.sha256:
        raise ModelError(f"{card.network}: sha256 is {found}, the card says {card.sha256}; {REMEDY}")
    return card


def save_card(card: ModelCard) -> None:
    """Write card.yaml into the card's folder."""
    content = asdict(card)
    del content["folder"]
    text = yaml.safe_dump(_plain(content), sort_keys=False, width=110, allow_unicode=True)
    (card.folder / CARD_FILE).write_text(text, encoding="utf-8")


def file_sha256(path: Path) -> str:
    """Hexadecimal sha256 of a file."""
    return sha256(path.read_bytes()).hexdigest()


def _parse(folder: Path) -> ModelCard:
    path = folder / CARD_FILE
    content = _read(path)
    try:
        heads = {name: _head(path, name, value) for name, value in content["heads"].items()}
        figures = tuple(Figure(**figure) for figure in content["figures"])
        return ModelCard(
            folder=folder,
            name=str(content["name"]),
            version=str(content["version"]),
            summary=str(content["summary"]),
            inputs=tuple(_input(path, value) for value in content["inputs"]),
            heads=heads,
            parameters=int(content["parameters"]),
            sha256=str(content["sha256"]),
            training={str(k): str(v) for k, v in content["training"].items()},
            framing=str(content["framing"]),
            limits=tuple(str(limit) for limit in content["limits"]),
            figures=figures,
            states={str(k): tuple(int(n) for n in v) for k, v in content["states"].items()},
        )
    except KeyError as error:
        raise ModelError(f"{path}: key {error} is missing; {REMEDY}") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise ModelError(f"{path}: a value has the wrong type ({error}); {REMEDY}") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ModelError(f"{path} is not readable YAML ({error}); {REMEDY}") from error
    if not isinstance(content, dict):
        raise ModelError(f"{path} holds {type(content).__name__}, not a mapping of keys; {REMEDY}")
    return content


def _input(path: Path, value: Mapping[str, Any]) -> Input:
    low, high = value["range"]
    shape = tuple(int(n) for n in value["shape"])
    if value["kind"] not in KINDS:
        raise ModelError(f"{path}: input kind {value['kind']!r} is unknown; choose one of {', '.join(KINDS)}")
    return Input(str(value["name"]), str(value["kind"]), shape, (float(low), float(high)))


def _head(path: Path, name: str, value: Mapping[str, Any]) -> Head:
    labels = tuple(value["labels"])
    if name not in LABEL_SPACES:
        raise ModelError(f"{path}: label space {name!r} is unknown; choose one of {', '.join(LABEL_SPACES)}")
    if labels != LABEL_SPACES[name]:
        raise ModelError(f"{path}: labels of {name} are {labels}, not {LABEL_SPACES[name]}; {REMEDY}")
    keys = ("from_px", "temperature", "threshold")
    bands = tuple(Band(*(float(band[key]) for key in keys)) for band in value["bands"])
    starts = [band.from_px for band in bands]
    if not starts or starts[0] != 0 or starts != sorted(set(starts)):
        raise ModelError(f"{path}: bands of {name} start at {starts} px; they take rising values from 0")
    for band in bands:
        if not band.temperature > 0:
            raise ModelError(f"{path}: temperature of {name} is {band.temperature}; it takes more than 0")
    return Head(labels, float(value["coverage"]), bands)


def _plain(value: Any) -> Any:
    """Mappings and tuples as the dicts and lists that YAML has."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value
