"""`fer_ros results`, as it is typed."""

import json

import pytest

from fer_ros.cli.main import main

FIGURES = {
    "accuracy": 0.8,
    "macro_f1": 0.7,
    "ece": 0.01,
    "coverage": 0.9,
    "mean_set_size": 1.5,
    "accuracy_at_80": 0.9,
}
REPORT = {
    "model": "robot",
    "baseline": False,
    "data": "FER+",
    "labels": "ferplus",
    "split": "test",
    "n": 10,
    "detected": 10,
    "command": "fer_ros evaluate robot",
    "machine": "a computer",
    "all_images": FIGURES,
    "detected_only": FIGURES,
}


@pytest.fixture
def docs(tmp_path, monkeypatch):
    folder = tmp_path / "docs" / "results" / "robot" / "ferplus-test"
    folder.mkdir(parents=True)
    (folder / "report.json").write_text(json.dumps(REPORT))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "docs"


def test_the_page_is_written_and_then_up_to_date(docs, capsys):
    assert main(["results"]) == 0
    assert "| robot | 0.8000 |" in (docs / "results.md").read_text()
    assert main(["results", "--check"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "docs/results.md: up to date with 1 reports"


def test_a_page_that_was_typed_is_found_out(docs, capsys):
    main(["results"])
    page = docs / "results.md"
    page.write_text(page.read_text().replace("0.8000", "0.9900"))
    assert main(["results", "--check"]) == 1
    assert "is not what docs/results says; write it again" in capsys.readouterr().err
    assert "0.9900" in page.read_text()


def test_a_page_that_is_not_there_is_one_line(docs, capsys):
    assert main(["results", "--check"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "results.md cannot be read" in line


def test_for_programs(docs, capsys):
    assert main(["results", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"page": "docs/results.md", "reports": 1, "written": True}


def test_no_reports_are_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["results"]) == 1
    assert "`fer_ros evaluate` writes them" in capsys.readouterr().err
