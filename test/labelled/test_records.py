"""What is said of each face, and the CSV file that a spreadsheet or pandas reads."""

import csv
import io
import json

import pytest

from fer_ros.emotions import FERPLUS
from fer_ros.labelled.records import Table, records_of

from .perceived import perception


def read_back(*perceptions):
    file = io.StringIO()
    table = Table(file, "t", FERPLUS)
    for seen in perceptions:
        table.write(records_of(seen, "robot", 0.01))
    return list(csv.DictReader(io.StringIO(file.getvalue())))


def test_a_line_is_a_face_of_an_image():
    lines = read_back(perception(0.0, "happy", "sad"), perception(0.033333, "happy"))
    assert [(line["t"], line["face_id"], line["label"]) for line in lines] == [
        ("0.0", "face_1", "happy"),
        ("0.0", "face_2", "sad"),
        ("0.033333", "face_1", "happy"),
    ]


def test_numbers_come_back():
    (line,) = read_back(perception(1.5, "happy"))
    assert [float(line[side]) for side in ("x0", "y0", "x1", "y1")] == [10.0, 20.0, 60.0, 90.0]
    assert sum(float(line[label]) for label in FERPLUS) == pytest.approx(1.0, abs=1e-3)
    assert (line["prediction_set"], line["abstained"], line["source"]) == ("happy", "False", "robot")
    assert (float(line["valence"]), float(line["arousal"])) == (0.5, 0.25)


def test_an_image_without_a_face_is_a_line_with_its_time_alone():
    (line,) = read_back(perception(2.0))
    assert {key: value for key, value in line.items() if value} == {"t": "2.0"}


def test_what_could_not_be_estimated_is_empty_and_never_zero():
    (line,) = read_back(perception(0.0, None))
    assert (line["face_id"], line["reason"], line["abstained"]) == ("face_1", "face too small", "True")
    assert {line[name] for name in ("label", "valence", "arousal", *FERPLUS)} == {""}


def test_records_are_json_without_nan():
    for seen in (perception(0.0), perception(0.0, None), perception(0.0, "happy")):
        for record in records_of(seen, "robot", 0.01):
            assert json.loads(json.dumps(record, allow_nan=False)) == record
