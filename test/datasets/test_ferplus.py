import shutil

import cv2
import ferplus_tree
import numpy as np
import pytest

from fer_ros.datasets.ferplus import FOLDERS, load, majority, soft_votes
from fer_ros.emotions import FERPLUS
from fer_ros.errors import DatasetError


@pytest.fixture
def root(tmp_path):
    return ferplus_tree.build(tmp_path)


def counts(**votes: int) -> np.ndarray:
    return np.array([[votes.get(column, 0) for column in ferplus_tree.COLUMNS]], np.float32)


@pytest.mark.parametrize("split", FOLDERS)
def test_folder_and_zip_read_the_same(root, split):
    folder, archive = load(root, split), load(ferplus_tree.pack(root), split)
    assert folder.names == archive.names
    np.testing.assert_array_equal(folder.images, archive.images)
    np.testing.assert_array_equal(folder.votes, archive.votes)


def test_shapes_and_labels(root):
    faces = load(root, "test")
    assert faces.images.shape == (14, 48, 48)
    assert faces.images.dtype == np.uint8
    assert faces.fer2013.tolist() == faces.majority.tolist() == list(range(7)) * 2
    assert faces.voted.all()


@pytest.mark.parametrize("where", ["root", "parent", "zip", "parent of zip"])
def test_the_dataset_is_found_by_any_reasonable_path(root, where):
    paths = {"root": root, "parent": root.parent}
    if "zip" in where:
        archive = ferplus_tree.pack(root)
        shutil.rmtree(root)
        paths = {"zip": archive, "parent of zip": archive.parent}
    assert len(load(paths[where], "validation").names) == 14


@pytest.mark.parametrize(
    ("votes", "label"),
    [
        pytest.param({"happiness": 6, "neutral": 4}, "happy", id="more than half"),
        pytest.param({"happiness": 5, "neutral": 5}, None, id="a tie"),
        pytest.param({"happiness": 4, "neutral": 3, "sadness": 3}, None, id="most, but not half"),
        pytest.param({"happiness": 2, "neutral": 1, "fear": 1, "anger": 1}, "happy", id="single votes"),
        pytest.param({"unknown": 6, "neutral": 4}, None, id="unknown wins"),
        pytest.param({"NF": 10}, None, id="not a face"),
        pytest.param({}, None, id="no votes"),
        pytest.param({"contempt": 7, "neutral": 3}, "contempt", id="the eighth class"),
    ],
)
def test_majority_is_the_ferplus_papers(votes, label):
    assert majority(counts(**votes)).item() == (-1 if label is None else FERPLUS.index(label))


def test_votes_are_shares_of_the_eight_classes():
    votes, voted = soft_votes(counts(anger=6, sadness=2, unknown=2, fear=1))
    assert voted.item()
    assert votes[0].tolist() == [0.75, 0, 0, 0, 0.25, 0, 0, 0]


def test_votes_that_are_mostly_rejections_are_masked():
    votes, voted = soft_votes(counts(anger=3, unknown=5))
    assert not voted.item()
    assert not votes.any()


def test_an_absent_dataset_says_what_was_found_and_where_to_ask(tmp_path):
    with pytest.raises(DatasetError, match=r"holds neither FERPlus/ nor FERPlus\.zip; ask for FER2013"):
        load(tmp_path, "test")
    with pytest.raises(DatasetError, match="does not exist; ask for"):
        load(tmp_path / "nowhere.zip", "test")


def test_half_an_archive_is_an_error_of_the_dataset(root):
    path = ferplus_tree.pack(root)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(DatasetError, match="not a complete zip archive"):
        load(path, "test")


def test_a_damaged_image_in_an_archive_is_named(root):
    path = ferplus_tree.pack(root)
    content = bytearray(path.read_bytes())
    start = content.index(b"FER2013Test0000.png") + 100
    content[start : start + 50] = bytes(50)
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"FER2013Test0000\.png is damaged"):
        load(path, "test")


@pytest.mark.parametrize("name", ["fer2013_labels.csv", "fer2013new.csv", "FER2013Test/FER2013Test0003.png"])
def test_a_missing_file_is_named(root, name):
    (root / name).unlink()
    with pytest.raises(DatasetError, match=f"holds no {name}; ask for"):
        load(root, "test")


def test_a_file_without_its_columns_is_named(root):
    ferplus_tree.write(root / "fer2013new.csv", [{"Image name": "a.png", "neutral": 1}])
    with pytest.raises(DatasetError, match=r"fer2013new\.csv has no column anger, disgust"):
        load(root, "test")


def test_images_without_votes_are_counted(root):
    lines = (root / "fer2013new.csv").read_text().splitlines()
    (root / "fer2013new.csv").write_text("\n".join(lines[:-3]))
    with pytest.raises(DatasetError, match=r"no votes for FER2013Test0011\.png and 2 others"):
        load(root, "test")


def test_an_unknown_label_is_named(root):
    path = root / "fer2013_labels.csv"
    path.write_text(path.read_text().replace("disgust", "disgusted"))
    with pytest.raises(DatasetError, match=r"labels \['disgusted'\]"):
        load(root, "train")


def test_an_image_of_another_size_is_named(root):
    cv2.imwrite(str(root / "FER2013Test/FER2013Test0000.png"), np.zeros((48, 40), np.uint8))
    with pytest.raises(DatasetError, match=r"FER2013Test0000\.png is 40x48 px, not 48x48"):
        load(root, "test")


def test_a_file_that_is_no_image_is_named(root):
    (root / "FER2013Test/FER2013Test0000.png").write_bytes(b"no image")
    with pytest.raises(DatasetError, match="is not an image"):
        load(root, "test")


def test_an_unknown_split_is_named(root):
    with pytest.raises(DatasetError, match="split 'dev' is not in FERPlus; choose one of train, validation"):
        load(root, "dev")


def test_a_split_without_labels_is_named(root):
    path = root / "fer2013_labels.csv"
    path.write_text("\n".join(line for line in path.read_text().splitlines() if "Test" not in line))
    with pytest.raises(DatasetError, match="has no rows for FER2013Test"):
        load(root, "test")
