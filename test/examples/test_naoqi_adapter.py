from pathlib import Path

import pytest
import yaml
from naoqi_adapter import ANSWERS, Adapter, NaoqiBody, RecordedSession, play

from fer_ros.conversation.rules import CUES

RECORD = Path(__file__).parents[2] / "examples" / "naoqi_session.yaml"


@pytest.fixture
def record():
    return yaml.safe_load(RECORD.read_text(encoding="utf-8"))


def played(record):
    session = RecordedSession(record)
    adapter = Adapter(NaoqiBody(session), lambda turn_id, state: session.meet("turn", turn_id, [state]))
    return list(session.play(adapter.on_cue))


def test_the_adapter_does_what_the_record_says_call_by_call():
    lines = play(RECORD)
    assert lines[0] == "cue check_in"
    assert lines.count("event ALTextToSpeech/TextDone") == 4


def test_the_record_has_every_cue_that_leads_to_something(record):
    told = {entry["name"] for entry in record if entry["kind"] == "cue"}
    assert told | {"slow_down"} == set(CUES) == {*ANSWERS, "keep_going"}


@pytest.mark.parametrize(
    ("index", "changed"),
    [
        pytest.param(1, {"args": ["FaceLeds", 0, 0.5]}, id="another colour"),
        pytest.param(4, {"args": ["Something else."]}, id="another line"),
        pytest.param(3, {"name": "naoqi_7"}, id="another turn"),
    ],
)
def test_a_call_that_differs_is_noticed(record, index, changed):
    record[index] |= changed
    with pytest.raises(AssertionError, match="the record has"):
        played(record)


def test_a_call_too_few_and_a_call_too_many_are_noticed(record):
    with pytest.raises(AssertionError, match=r"but the adapter did not do it"):
        played([*record, {"kind": "call", "name": "ALLeds.off", "args": []}])
    with pytest.raises(AssertionError, match=r"the record has .*the end"):
        played(record[:-1])
