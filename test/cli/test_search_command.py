import ferplus_tree
import pytest

from fer_ros.cli.main import main

RECIPE = """
summary: for tests
network: facenet
options: {widths: [4, 4], blocks: [1, 1]}
data: ferplus
heads: [fer2013]
epochs: 1
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "tiny.yaml").write_text(RECIPE)
    (tmp_path / "space.yaml").write_text("optimizer.rate: {low: 0.001, high: 0.1, log: true}")
    return tmp_path


def command(files, data):
    paths = ["--space", str(files / "space.yaml"), "--out", str(files / "out")]
    return [
        "search",
        str(files / "tiny.yaml"),
        "--data",
        str(data),
        "--trials",
        "2",
        "--threads",
        "1",
        *paths,
    ]


def test_a_search_prints_its_trials_and_the_best(files, capsys):
    pytest.importorskip("optuna", reason="optuna is not installed: a search is optional")
    pytest.importorskip("torch", reason="torch is not installed: training is optional")
    assert main(command(files, ferplus_tree.build(files))) == 0
    told = capsys.readouterr().out
    assert "trial 0: validation" in told
    assert "best of 2 trials" in told
    assert "optimizer.rate: " in told.split("best of 2 trials")[1]


def test_absent_data_are_named(files, capsys):
    assert main(command(files, files / "absent.zip")) == 1
    assert "absent.zip is not there" in capsys.readouterr().err
