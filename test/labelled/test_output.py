"""Files asked for by name: refused before any work, and there when they are whole or not at all."""

import pytest

from fer_ros.errors import FerError
from fer_ros.labelled.output import check_output, whole

KINDS = (".csv", ".txt")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "there.csv").write_text("old")
    (tmp_path / "input.csv").write_text("input")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "dangling.csv").symlink_to(tmp_path / "nowhere")
    (tmp_path / "alias.csv").symlink_to(tmp_path / "input.csv")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("out.mp4", "ends in .csv or .txt", id="another kind"),
        pytest.param("out", "ends in .csv or .txt", id="no kind"),
        pytest.param("missing/out.csv", "missing of out.csv does not exist; make it first", id="no folder"),
        pytest.param("folder.csv", "is a folder; name a file", id="a folder"),
        pytest.param("there.csv", "exists; name another file, or replace it with --force", id="there"),
        pytest.param("dangling.csv", "exists; name another file", id="a link to nowhere"),
        pytest.param("input.csv", "is what is read; name another file", id="the input"),
        pytest.param("alias.csv", "is what is read; name another file", id="a link to the input"),
    ],
)
def test_what_cannot_be_written_is_refused(folder, name, words):
    with pytest.raises(FerError, match=words.replace(".", r"\.")):
        check_output(folder / name, KINDS, force=False, inputs=[folder / "input.csv"])


def test_force_replaces_what_is_there_but_never_the_input(folder):
    check_output(folder / "there.csv", KINDS, force=True)
    check_output(folder / "NEW.CSV", KINDS, force=False)
    with pytest.raises(FerError, match="is what is read"):
        check_output(folder / "alias.csv", KINDS, force=True, inputs=[folder / "input.csv"])


def test_a_file_appears_when_it_is_whole(tmp_path):
    with whole(tmp_path / "out.csv") as part:
        part.write_text("new")
        assert not (tmp_path / "out.csv").exists()
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out.csv", "new")]


def fail_to_write(path, error):
    with whole(path) as part:
        part.write_text("half")
        raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_what_fails_leaves_what_was_there(tmp_path, error):
    (tmp_path / "out.csv").write_text("old")
    with pytest.raises(error):
        fail_to_write(tmp_path / "out.csv", error)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out.csv", "old")]


def test_a_disk_that_cannot_be_written_is_one_error(tmp_path):
    with pytest.raises(FerError, match=r"out\.csv cannot be written \(No space left on device\)"):
        fail_to_write(tmp_path / "out.csv", OSError(28, "No space left on device"))
    assert list(tmp_path.iterdir()) == []
