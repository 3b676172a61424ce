"""What is trained, as data: a YAML file a model, every hyper-parameter with its reason beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from math import inf
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import yaml

from fer_ros.emotions import LABEL_SPACES
from fer_ros.errors import ParameterError
from fer_ros.faces.blendshapes import COUNT
from fer_ros.params import Meta, check
from fer_ros.train.augment import Augment
from fer_ros.train.losses import LOSSES
from fer_ros.train.schedule import SCHEDULES, Schedule, Trapezoid

K = TypeVar("K")
OPTIMIZERS = ("sgd", "adam")
PRECISIONS = ("float32", "bfloat16")
SHAPES = "blendshapes"  # a head that gives 52 scores instead of labels
ANY = Meta("")


@dataclass(frozen=True)
class Optimizer:
    """How weights follow gradients.

    Attributes:
        name: "sgd" (Nesterov where there is momentum) or "adam".
        rate: learning rate, which the schedule scales.
        weight_decay: of weights; norms and biases are not decayed.
        clip: largest norm of the gradient; 0 for none.
    """

    name: str = "sgd"
    rate: float = 0.05
    momentum: float = 0.9
    weight_decay: float = 0.0
    clip: float = 0.0


@dataclass(frozen=True)
class Recipe:
    """A network and how it learns.

    Attributes:
        name: of the model.
        summary: one line, for its card.
        source: paper and section; "" for a network of this project.
        network: a module of train/networks, and `options` what its `build` takes.
        data: what the examples are made of, a name in train/data.
        split: how they are split, where the data leaves a choice: "subject", "window" or "official".
        heads: label spaces to answer in, or SHAPES.
        frozen_epochs: epochs in which `network.backbone` stays as it was loaded.
        loss: a name in losses.py.
        class_weights: from 0, where every example has the same say, to 1, where every class has.
        balanced: heads in which every class has the same say, whatever `class_weights` is.
        emphasis: head → label → factor of what its examples weigh beyond that.
        smoothing: of one-hot labels.
        average: weight of the past in the average of weights that is exported; 0 exports the last ones.
        teacher_share: of the target, where a teacher is given; the rest is the labels.
        teacher_from: share of the run after which the teacher is asked.
        margins_px: looks the exported network averages over (networks/facenet.py).
        augment: random changes of the examples.
    """

    name: str
    summary: str
    network: str
    data: str
    heads: tuple[str, ...]
    epochs: int
    source: str = ""
    split: str = "official"
    options: Mapping[str, Any] = field(default_factory=dict)
    batch: int = 128
    precision: str = "float32"
    optimizer: Optimizer = field(default_factory=Optimizer)
    schedule: Schedule = field(default_factory=Trapezoid)
    frozen_epochs: int = 0
    loss: str = "cross_entropy"
    class_weights: float = 0.0
    balanced: tuple[str, ...] = ()
    emphasis: Mapping[str, Any] = field(default_factory=dict)
    smoothing: float = 0.0
    average: float = 0.0
    teacher_share: float = 0.7
    teacher_from: float = 0.5
    margins_px: tuple[int, ...] = ()
    augment: Augment = field(default_factory=Augment)

    def __post_init__(self) -> None:
        where = f"recipe {self.name}"
        _one_of(f"{where}.loss", self.loss, tuple(LOSSES))
        _one_of(f"{where}.precision", self.precision, PRECISIONS)
        _one_of(f"{where}.optimizer.name", self.optimizer.name, OPTIMIZERS)
        for head in self.balanced:
            _one_of(f"{where}.balanced", head, self.heads)
        _check_emphasis(f"{where}.emphasis", self.emphasis, self.heads)
        for head in self.heads:
            _one_of(f"{where}.heads", head, (*LABEL_SPACES, SHAPES))
        for name in ("epochs", "batch"):
            if getattr(self, name) < 1:
                raise ParameterError(f"{where}.{name} is {getattr(self, name)}; it takes 1 or more")

    @property
    def outputs(self) -> dict[str, int]:
        """Head → number of values."""
        return {head: COUNT if head == SHAPES else len(LABEL_SPACES[head]) for head in self.heads}


def load_recipe(path: Path, **changes: Any) -> Recipe:
    """Read a recipe.

    Args:
        path: a .yaml file; its name is the model's.
        changes: values that replace those of the file, None for none.

    Raises:
        ParameterError: the file is absent or no YAML, or a key or value is not one a recipe takes.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ParameterError(f"{path} is no recipe that can be read ({error})") from error
    if not isinstance(content, dict):
        raise ParameterError(f"{path} holds {type(content).__name__}, not keys of a recipe")
    recipe = _filled(Recipe, {"name": path.stem, **content}, str(path))
    return replace(recipe, **{name: value for name, value in changes.items() if value is not None})


def _filled(kind: type[K], values: Mapping[str, Any], where: str) -> K:
    """A dataclass from loose values, nested ones too; types are checked, unknown names refused."""
    if not isinstance(values, Mapping):
        raise ParameterError(f"{where} is {values!r}; it takes a mapping of keys")
    types = get_type_hints(kind)
    known = [f.name for f in fields(kind)]  # type: ignore[arg-type]
    for name in values:
        if name not in known:
            raise ParameterError(f"{where}: {name} is not a key here; it takes {', '.join(known)}")
    made = {name: _value(types[name], value, f"{where}: {name}") for name, value in values.items()}
    try:
        return kind(**made)
    except TypeError as error:
        raise ParameterError(f"{where}: {error}") from error


def _value(kind: Any, value: Any, where: str) -> Any:
    if kind is Schedule:
        return _schedule(value, where)
    if is_dataclass(kind):
        return _filled(kind, value, where)  # type: ignore[arg-type]
    if kind == Mapping[str, Any]:
        return dict(value)
    return check(where, kind, ANY, value)


def _schedule(value: Any, where: str) -> Schedule:
    """A schedule from {name: its options}."""
    if not isinstance(value, Mapping) or len(value) != 1:
        raise ParameterError(f"{where} is {value!r}; it takes one of {', '.join(SCHEDULES)} with its options")
    ((name, options),) = value.items()
    _one_of(where, name, tuple(SCHEDULES))
    return _filled(SCHEDULES[name], options, f"{where}.{name}")


def _check_emphasis(where: str, emphasis: Mapping[str, Any], heads: tuple[str, ...]) -> None:
    for head, factors in emphasis.items():
        _one_of(where, head, heads)
        if not isinstance(factors, Mapping):
            raise ParameterError(f"{where}.{head} is {factors!r}; it takes labels with a factor each")
        for label, factor in factors.items():
            _one_of(f"{where}.{head}", label, LABEL_SPACES[head])
            if isinstance(factor, bool) or not isinstance(factor, int | float) or not 0 < factor < inf:
                raise ParameterError(f"{where}.{head}.{label} is {factor!r}; it takes a number above 0")


def _one_of(where: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ParameterError(f"{where} is {value!r}; choose one of {', '.join(choices)}")
