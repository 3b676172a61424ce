"""What another model says of the examples, to be learned along with their labels (Hinton et al. 2015)."""

from hashlib import sha256
from pathlib import Path

import torch

from fer_ros.datasets import store
from fer_ros.estimators.model import Array, Model
from fer_ros.train.examples import Examples
from fer_ros.train.recipe import Recipe


def taught_examples(examples: Examples, recipe: Recipe, teacher: Model, kept: Path) -> Examples:
    """Labels blended with a teacher's opinion of the faces as recorded.

    Examples without a label have the teacher's opinion alone; heads that the teacher lacks keep their labels.

    Args:
        examples: what is learned from.
        recipe: says how much the teacher's word weighs.
        teacher: asked once; a slow one takes minutes.
        kept: folder where its answers are kept, for a run that goes on.
    """
    share = recipe.teacher_share
    inputs: dict[str, Array] = {name: v.numpy() for name, v in examples.rows(slice(None)).items()}
    heads = [name for name in examples.targets if name in teacher.card.heads]
    path = kept / "taught" / f"{_key(inputs, teacher, heads)}.npz"
    answers = store.kept(path, lambda: {name: teacher.predict(inputs, name) for name in heads})
    said = {
        name: (1 - share) * examples.targets[name] + share * torch.from_numpy(answers[name]) for name in heads
    }
    return Examples(examples.inputs, {**examples.targets, **said})


def _key(inputs: dict[str, Array], teacher: Model, heads: list[str]) -> str:
    """A name for the answers of one teacher to one set of examples."""
    asked = sha256(f"{teacher.card.sha256} {teacher.card.heads} {heads}".encode())
    for name in sorted(inputs):
        asked.update(inputs[name].tobytes())
    return asked.hexdigest()[:16]
