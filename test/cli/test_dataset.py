"""`fer_ros dataset`, as it is typed."""

import json

import corpora
import numpy as np
import pytest

from fer_ros.cli.main import main
from fer_ros.datasets import built, catalogue
from fer_ros.faces.blendshapes import NAMES
from fer_ros.faces.reader import FILE


def test_list_names_every_dataset_and_where_to_ask(capsys):
    assert main(["dataset", "list"]) == 0
    out = capsys.readouterr().out
    for name in catalogue.names():
        assert f"{name} " in out
        assert catalogue.adapter(name).SOURCE in out


def test_list_for_programs(capsys):
    main(["dataset", "list", "--json"])
    assert [entry["name"] for entry in json.loads(capsys.readouterr().out)] == list(catalogue.names())


def test_check_counts_classes_and_subjects(tmp_path, capsys):
    assert main(["dataset", "check", "ck48", str(corpora.ck48(tmp_path))]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == ["ck48:", "21", "clips", "of", "3", "subjects"]
    assert ["label", "contempt", "3"] in lines
    assert ["subject", "S014", "7"] in lines


def test_check_for_programs(tmp_path, capsys):
    main(["dataset", "check", "fer2013", str(corpora.fer2013(tmp_path)), "--json"])
    counted = json.loads(capsys.readouterr().out)
    assert (counted["clips"], counted["subjects"]) == (21, {"": 21})
    assert counted["parts"] == {"train": 7, "validation": 7, "test": 7}


@pytest.mark.parametrize(
    ("name", "message"), [("ck48", "holds neither CK+48/ nor CK+48.zip"), ("ck49", "choose one of afew")]
)
def test_what_cannot_be_checked_is_one_line(name, message, tmp_path, capsys):
    assert main(["dataset", "check", name, str(tmp_path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line


def sources(root):
    corpora.ckplus(root / "CK+", 6, lambda i: corpora.picture(i % 8))
    corpora.baum1(root / "BAUM-1", lambda path: corpora.video(path, 11))
    return ["--ckplus", str(root / "CK+"), "--baum1", str(root / "BAUM-1")]


def test_build_makes_windows_and_can_be_repeated(tmp_path, capsys):
    out = tmp_path / "built"
    command = ["dataset", "build", "bigfacex", *sources(tmp_path), "--partial", "--out", str(out)]
    assert main(command) == 0
    rows = built.index(out)
    # CK+: six wanted clips of 6 frames, 2 windows each; BAUM-1: eight of 11, which leave 5 and 7 once.
    assert len(rows) == 6 * 2 + 8 * 1
    assert (
        "20 windows (angry 3, disgust 3, fear 3, happy 4, sad 3, surprise 3, neutral 1)"
        in capsys.readouterr().out
    )
    assert main(command) == 0
    assert built.index(out) == rows


def test_faceparty_asks_our_own_model(tmp_path):
    out = tmp_path / "built"
    corpora.baum1(tmp_path / "BAUM-1", lambda path: corpora.video(path, 9))
    corpora.ckplus(tmp_path / "CK+", 7, lambda i: corpora.picture(i % 8))
    command = ["dataset", "build", "faceparty", "--baum1", str(tmp_path / "BAUM-1"), "--ckplus"]
    assert main([*command, str(tmp_path / "CK+"), "--out", str(out), "--partial"]) == 0
    rows = built.index(out)
    assert {row.dataset for row in rows} == {"ckplus", "baum1"}
    assert all(sum(r.clip == row.clip and r.dataset == row.dataset for r in rows) <= 3 for row in rows)
    assert json.loads((out / "protocol.json").read_text())["scorer"].startswith("cloud@")


def test_a_build_without_its_sources_says_where_to_ask(tmp_path, capsys):
    command = ["dataset", "build", "bigfacex", *sources(tmp_path), "--out", str(tmp_path / "built")]
    assert main(command) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "bigfacex lacks enterface05 (enterface05: get eNTERFACE'05 at enterface.net" in line
    assert not (tmp_path / "built").exists()


def test_a_source_of_another_build_is_refused(tmp_path, capsys):
    command = ["dataset", "build", "bigfacex", "--afew", str(tmp_path), "--out", str(tmp_path / "built")]
    assert main(command) == 1
    assert "bigfacex holds no afew; it takes ckplus, baum1, enterface05" in capsys.readouterr().err


def test_blendshapes_list_their_misses(tmp_path, capsys, third_party_model):
    third_party_model(FILE)
    pytest.importorskip("mediapipe", reason="mediapipe is not installed")
    root = corpora.jaffe(tmp_path, corpora.picture())
    corpora.image(root / "KL.SA1.13.tiff", corpora.picture(face=False))
    out = tmp_path / "jaffe.npz"
    assert main(["dataset", "blendshapes", "jaffe", str(root), "--out", str(out)]) == 0
    assert "21 frames of 21 clips, 1 without blendshapes" in capsys.readouterr().out
    with np.load(out) as found:
        assert np.isnan(found["blendshapes"]).all(1).sum() == 1
    assert (tmp_path / "jaffe.misses.csv").read_text().splitlines() == [
        "clip,frame,why",
        "KL.SA1.13,0,no face found",
    ]
    assert not (tmp_path / "jaffe.unfinished").exists()


@pytest.mark.parametrize("verb", ["list", "check", "build", "blendshapes"])
def test_help_has_examples(verb, capsys):
    with pytest.raises(SystemExit):
        main(["dataset", verb, "--help"])
    assert f"fer_ros dataset {verb}" in capsys.readouterr().out.partition("examples:")[2]


def test_select_names_the_blendshapes_that_score_high_often_enough(tmp_path, capsys):
    shapes = np.zeros((5, 52), np.float32)
    shapes[:3, NAMES.index("jawOpen")] = 0.5
    shapes[:2, NAMES.index("mouthSmileLeft")] = 0.9
    shapes[4] = np.nan
    np.savez(tmp_path / "shapes.npz", blendshapes=shapes)
    assert main(["dataset", "select", str(tmp_path / "shapes.npz"), "--images", "3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == ["jawOpen"]


def test_select_says_what_a_file_of_another_kind_lacks(tmp_path, capsys):
    np.savez(tmp_path / "other.npz", faces=np.zeros(3))
    assert main(["dataset", "select", str(tmp_path / "other.npz")]) != 0
    assert "other.npz holds no blendshapes" in capsys.readouterr().err
