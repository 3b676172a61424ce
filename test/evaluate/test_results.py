import json
from pathlib import Path

import pytest

from fer_ros.errors import DatasetError, FerError
from fer_ros.evaluate.results import page_text, read_reports, write_results

PAGE = """\
## Accuracy, all images

| model | CK+48: basic, all | FER+: ferplus, test |
| --- | --: | --: |
| cloud | 0.8600 | 0.8900 |
| robot | - | 0.8700 |
| vgg13 (baseline) | - | 0.8400 |

## CK+48: basic, all

| model | n | detected | accuracy, all images | accuracy, detected | macro F1 | calibration error | sets hold the truth | labels in a set | surest 80 % |
| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |
| [cloud](results/cloud/basic-all/report.md) | 10 | 9 | 0.8600 | 0.9000 | 0.5000 | - | 0.9000 | 1.5000 | 0.9500 |

- cloud: `fer_ros evaluate cloud` on a computer

## FER+: ferplus, test

| model | n | detected | accuracy, all images | accuracy, detected | macro F1 | calibration error | sets hold the truth | labels in a set | surest 80 % |
| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |
| [cloud](results/cloud/ferplus-test/report.md) | 10 | 9 | 0.8900 | 0.9000 | 0.5000 | - | 0.9000 | 1.5000 | 0.9500 |
| [robot](results/robot/ferplus-test/report.md) | 10 | 9 | 0.8700 | 0.9000 | 0.5000 | - | 0.9000 | 1.5000 | 0.9500 |
| [vgg13 (baseline)](results/vgg13/ferplus-test/report.md) | 10 | 0 | 0.8400 | - | 0.5000 | - | 0.9000 | 1.5000 | 0.9500 |

Accuracy by face size, all images:

| model | 48 px | 12 px |
| --- | --: | --: |
| cloud | 0.8000 | 0.7000 |

- cloud: `fer_ros evaluate cloud` on a computer
- robot: `fer_ros evaluate robot` on a computer
- vgg13: `fer_ros evaluate vgg13` on a computer
"""  # noqa: E501 the page's own lines


def report(model, accuracy, data="FER+", labels="ferplus", split="test", **changes):
    figures = {
        "accuracy": accuracy,
        "macro_f1": 0.5,
        "ece": None,
        "coverage": 0.9,
        "mean_set_size": 1.5,
        "accuracy_at_80": 0.95,
    }
    return {
        "model": model,
        "baseline": False,
        "data": data,
        "labels": labels,
        "split": split,
        "n": 10,
        "detected": 9,
        "command": f"fer_ros evaluate {model}",
        "machine": "a computer",
        "all_images": figures,
        "detected_only": figures | {"accuracy": 0.9},
        "by_face_size": [],
    } | changes


@pytest.fixture
def docs(tmp_path):
    sizes = [{"face_size_px": px, "all_images": {"accuracy": a}} for px, a in ((48.0, 0.8), (12.0, 0.7))]
    put(tmp_path, report("robot", 0.87))
    put(tmp_path, report("cloud", 0.89, by_face_size=sizes))
    put(tmp_path, report("vgg13", 0.84, baseline=True, detected=0, detected_only=None))
    put(tmp_path, report("cloud", 0.86, data="CK+48", labels="basic", split="all"))
    return tmp_path


def put(docs, content):
    folder = docs / "results" / content["model"] / f"{content['labels']}-{content['split']}"
    folder.mkdir(parents=True)
    (folder / "report.json").write_text(json.dumps(content))


def test_the_page_follows_from_the_reports(docs):
    text = write_results(docs / "results", docs / "results.md")
    assert text[text.index("## ") :] == PAGE
    assert (docs / "results.md").read_text() == text
    assert "do not edit" in text


def test_the_order_in_which_reports_were_written_does_not_matter(docs, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    for content in reversed(read_reports(docs / "results").values()):
        put(other, content)
    first, second = (write_results(d / "results", d / "results.md") for d in (docs, other))
    assert first == second


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("{", "is no report", id="not JSON"),
        pytest.param("[]", "has no model", id="not an object"),
        pytest.param(
            '{"model": "m", "baseline": false, "data": "d"}', "has no labels, split", id="incomplete"
        ),
    ],
)
def test_a_broken_report_is_named(docs, text, words):
    path = docs / "results" / "robot" / "ferplus-test" / "report.json"
    path.write_text(text)
    with pytest.raises(DatasetError, match=rf"robot/ferplus-test/report\.json {words}"):
        read_reports(docs / "results")


def test_a_folder_without_reports_says_who_writes_them(tmp_path):
    with pytest.raises(DatasetError, match="`fer_ros evaluate` writes them"):
        read_reports(tmp_path)


def test_a_page_whose_links_would_lead_nowhere_is_refused(docs):
    with pytest.raises(DatasetError, match=r"links from .* would lead nowhere"):
        write_results(docs / "results", docs / "elsewhere" / "results.md")


def test_a_page_that_cannot_be_written_is_named(docs):
    (docs / "page").mkdir()
    with pytest.raises(FerError, match="page cannot be written"):
        write_results(docs / "results", docs / "page")


def test_the_page_of_this_repository_is_what_its_reports_say():
    own = Path(__file__).parents[2] / "docs"
    if not list(own.glob("results/*/*/report.json")):
        pytest.skip("no report is committed yet: `fer_ros evaluate` writes them")
    assert (own / "results.md").read_text() == page_text(own / "results", own / "results.md")
