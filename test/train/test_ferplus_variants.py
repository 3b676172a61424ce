# ruff: noqa: E402 -- imports that need torch follow the check that it is there
"""What Maclean's and Attrah's networks are given of FER+."""

import ferplus_tree
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")

from fer_ros.datasets import ferplus
from fer_ros.emotions import BASIC, FER2013
from fer_ros.errors import DatasetError
from fer_ros.faces.blendshapes import COUNT
from fer_ros.train import data
from fer_ros.train.data import ferplus_blendshapes
from fer_ros.train.recipe import Recipe

PER_SPLIT = 21
VOTES = (
    "anger",
    "disgust",
    "fear",
    "happiness",
    "sadness",
    "surprise",
    "neutral",
    "contempt",
    "unknown",
    "NF",
)


@pytest.fixture
def tree(tmp_path):
    return ferplus_tree.build(tmp_path, count=PER_SPLIT)


def change_votes(tree, number, change):
    """Change the votes of one training image."""
    path = tree / "fer2013new.csv"
    header, *lines = path.read_text().splitlines()
    columns = header.split(",")
    row = dict(zip(columns, lines[number].split(","), strict=True))
    lines[number] = ",".join(str({**row, **change}[column]) for column in columns)
    path.write_text("\n".join([header, *lines]))


def recipe(kind, head):
    return Recipe(name="test", summary="", network="", data=kind, heads=(head,), epochs=1)


def test_images_without_a_majority_or_with_contempt_are_left_out(tree, tmp_path):
    change_votes(tree, 0, {"anger": 4, "fear": 4})
    change_votes(tree, 1, {"disgust": 0, "contempt": 8})
    change_votes(tree, 2, {"fear": 0, "happiness": 8})
    found = data.load(recipe("ferplus_majority", "fer2013"), tree, "train", tmp_path)
    assert found.inputs["face"].shape == (PER_SPLIT - 2, 1, 48, 48)
    assert FER2013[found.targets["fer2013"][0].argmax()] == "happy"
    assert bool((found.targets["fer2013"].sum(1) == 1).all())


def test_the_six_basic_ones_are_learned_from_faces_that_label_and_votes_take_for_one_of_them(tree, tmp_path):
    change_votes(tree, 0, dict.fromkeys(VOTES, 0) | {"anger": 6, "fear": 4})
    change_votes(tree, 1, dict.fromkeys(VOTES, 0) | {"neutral": 10})
    examples = data.load(recipe("ferplus", "basic"), tree, "train", tmp_path)
    found, labels = examples.targets["basic"], ferplus.load(tree, "train").fer2013
    assert labels[:2].max() < FER2013.index("neutral")
    expected = np.zeros(6)
    expected[[BASIC.index("angry"), BASIC.index("fear")]] = 0.3, 0.2
    expected[labels[0]] += 0.5
    np.testing.assert_allclose(found[0].numpy(), expected, atol=1e-6)
    assert found[1].sum() == 0  # the taggers saw none of the six
    assert (found[torch.from_numpy(labels == FER2013.index("neutral"))] == 0).all()


def test_no_majority_at_all_is_an_error(tree, tmp_path):
    for number in range(3 * PER_SPLIT):
        change_votes(tree, number, {**dict.fromkeys(ferplus_tree.COLUMNS, 0), "unknown": 10})
    with pytest.raises(DatasetError, match="majority"):
        data.load(recipe("ferplus_majority", "fer2013"), tree, "validation", tmp_path)


@pytest.fixture
def read(monkeypatch):
    """Blendshapes of drawn faces, which MediaPipe does not see; it misses the first of what it is given."""
    seen = []

    def shapes(images, kept, what):
        seen.append(images)
        found = np.full((len(images), COUNT), 0.1 * len(seen), np.float32)
        found[0] = np.nan
        return found

    monkeypatch.setattr(ferplus_blendshapes, "read_shapes", shapes)
    return seen


def test_undetected_faces_are_left_out_and_the_others_turned(tree, tmp_path, read):
    found = data.load(recipe("ferplus_blendshapes", "3class"), tree, "train", tmp_path)
    shapes = found.inputs["blendshapes"]
    assert shapes.shape == (PER_SPLIT - 1, 2, COUNT)
    assert shapes[1, :, 0].tolist() == pytest.approx([0.1, 0.2])
    assert shapes[0, :, 0].tolist() == pytest.approx([0.1, 0.1])  # turned, it is not seen: as it was
    plain, turned = read
    assert not np.array_equal(plain[1:], turned)
    assert np.array_equal(turned, ferplus_blendshapes.turned(plain[1:]))


def test_validation_takes_every_detected_face_as_it_is(tree, tmp_path, read):
    found = data.load(recipe("ferplus_blendshapes", "3class"), tree, "validation", tmp_path)
    assert found.inputs["blendshapes"].shape == (PER_SPLIT - 1, 1, COUNT)


def test_a_class_gives_as_many_images_as_table_2_says():
    labels = np.repeat(np.arange(7), 5000)
    counts = np.bincount(labels[ferplus_blendshapes.chosen(labels)])
    expected = {"happy": 4000, "sad": 4000}
    assert counts.tolist() == [expected.get(name, 1500) for name in FER2013]
