"""Which finder and reader run here, and what is said when a wanted one cannot."""

import shutil

import pytest

from fer_ros.errors import ModelError
from fer_ros.faces import reader, yunet
from fer_ros.faces.open import locate, open_tracker
from fer_ros.faces.params import FacesParams


@pytest.fixture
def heard():
    return []


def opened(folders, heard, **params):
    tracker = open_tracker(FacesParams(**params), folders, heard.append)
    tracker.close()
    return tracker.finder.name, tracker.reader.name if tracker.reader else "none"


def test_without_models_it_runs_on_haar_and_warns_once_for_each(tmp_path, heard):
    assert opened([tmp_path], heard) == ("haar", "none")
    assert len(heard) == 2
    for line, file in zip(heard, (yunet.FILE, reader.FILE), strict=True):
        assert file in line
        assert "`fer_ros models fetch`" in line
        assert "\n" not in line


def test_no_folders_at_all_are_no_harm(heard):
    assert opened([], heard) == ("haar", "none")
    assert len(heard) == 2


def test_what_was_not_wanted_is_not_missed(tmp_path, heard):
    assert opened([tmp_path], heard, finder="haar", reader="none") == ("haar", "none")
    assert heard == []


@pytest.mark.parametrize(
    ("wanted", "file"), [({"finder": "yunet"}, yunet.FILE), ({"reader": "mediapipe"}, reader.FILE)]
)
def test_a_model_asked_for_by_name_and_absent_is_an_error(tmp_path, heard, wanted, file):
    params = {"finder": "haar", "reader": "none", **wanted}
    with pytest.raises(ModelError, match=rf"{file} is not there; get it with `fer_ros models fetch`"):
        opened([tmp_path], heard, **params)
    assert heard == []


def test_with_its_model_yunet_is_the_first_choice(third_party_model, heard):
    folder = third_party_model(yunet.FILE).parent
    assert opened([folder], heard, reader="none") == ("yunet", "none")
    assert heard == []


def test_with_its_model_mediapipe_reads(third_party_model, heard):
    pytest.importorskip("mediapipe", reason="mediapipe is not installed")
    folder = third_party_model(reader.FILE).parent
    assert opened([folder], heard, finder="haar") == ("haar", "mediapipe")
    assert heard == []


def test_a_corrupt_finder_is_an_error_that_names_the_file(tmp_path, heard):
    (tmp_path / yunet.FILE).write_bytes(b"cut")
    with pytest.raises(ModelError, match=rf"{yunet.FILE} is not a YuNet network; fetch it again"):
        opened([tmp_path], heard, finder="yunet", reader="none")


@pytest.mark.parametrize("share", [0.0, 0.5], ids=["empty", "cut"])
def test_a_corrupt_reader_is_an_error_that_names_the_file(tmp_path, third_party_model, heard, share):
    pytest.importorskip("mediapipe", reason="mediapipe is not installed")
    whole = third_party_model(reader.FILE).read_bytes()
    (tmp_path / reader.FILE).write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ModelError, match=rf"{reader.FILE} is corrupt; fetch it again") as error:
        opened([tmp_path], heard, finder="haar", reader="mediapipe")
    assert "\n" not in str(error.value)


def test_corrupt_models_that_nobody_asked_for_are_left_out_with_a_warning_each(tmp_path, heard):
    for file in (yunet.FILE, reader.FILE):
        (tmp_path / file).write_bytes(b"cut")
    assert opened([tmp_path], heard) == ("haar", "none")
    assert len(heard) == 2
    assert all(file in line for line, file in zip(heard, (yunet.FILE, reader.FILE), strict=True))


def test_an_installation_without_mediapipe_goes_on_without_it(third_party_model, heard, monkeypatch):
    folder = third_party_model(reader.FILE).parent
    monkeypatch.setitem(__import__("sys").modules, "mediapipe", None)
    assert opened([folder], heard, finder="haar") == ("haar", "none")
    assert len(heard) == 1
    assert "pip install mediapipe" in heard[0]


def test_the_first_folder_that_holds_a_file_wins(tmp_path):
    folders = [tmp_path / name for name in ("empty", "first", "second")]
    for folder in folders:
        folder.mkdir()
    for folder in folders[1:]:
        (folder / "model").write_text(folder.name)
    assert locate("model", folders).read_text() == "first"
    assert locate("other", folders) == folders[-1] / "other"


def test_a_model_is_found_in_a_later_folder(tmp_path, third_party_model, heard):
    later = tmp_path / "later"
    later.mkdir()
    shutil.copy(third_party_model(yunet.FILE), later)
    assert opened([tmp_path, later], heard, reader="none") == ("yunet", "none")
