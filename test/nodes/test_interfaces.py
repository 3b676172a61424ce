"""The interfaces are those of the design, and every field says what it means."""

import re

import pytest

from fer_ros import msg, srv
from fer_ros.conversation.rules import CUES
from fer_ros.mode import FORCED, Mode
from fer_ros.selection import Source

from .program import ROOT

FILES = sorted([*ROOT.glob("msg/*.msg"), *ROOT.glob("srv/*.srv")])
FIELD = re.compile(r"^(?P<type>[\w/\[\]]+) +(?P<name>[a-z]\w*) *(?P<comment>#.*)?$")
FIELDS = {
    "ConversationCue": "header cue face_id turn_id emotion confidence rule explanation",
    "EmotionEstimate": "header face_id box source model labels probabilities prediction_set coverage "
    "abstained reason valence arousal face_size_px rate_hz frames latency_s",
    "Face": "id box score crop blendshapes blendshapes_by landmarks",
    "FaceArray": "header image_width image_height finder reader faces withheld",
    "LinkStatus": "header profile cut payload why offered_bps delivered_bps returned_bps goodput_bps "
    "capacity_bps loss queue_delay_s round_trip_s clock_offset_s delivered_hz sent delivered lost refused "
    "results",
    "Notice": "header languages texts deployment_context",
    "OperatingMode": "header mode forced reason cloud_age_s",
    "Payload": "header data",
    "PayloadAck": "sequence size_bytes received sent refused reason",
    "Permission": "header permitted reason enabled commands consent_required consent opted_out opted_in",
    "Reaction": "header turn_id topic face_id reaction confidence valence_before valence_during "
    "valence_after explanation",
    "Turn": "header id topic state",
}
SERVICES = {
    "SetLink": ("profile cut rung", "success message"),
    "SetMode": ("mode", "success message"),
    "SetOptOut": ("face_id opted_out", "success message"),
}


def fields_of(text):
    return [m for line in text.splitlines() if "=" not in line.split("#")[0] and (m := FIELD.match(line))]


@pytest.mark.parametrize("name", FIELDS)
def test_a_message_has_the_fields_of_the_design(name):
    assert list(getattr(msg, name).get_fields_and_field_types()) == FIELDS[name].split()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_the_fields_of_the_design(name):
    service = getattr(srv, name)
    request, response = SERVICES[name]
    assert list(service.Request.get_fields_and_field_types()) == request.split()
    assert list(service.Response.get_fields_and_field_types()) == response.split()


def test_every_interface_file_is_built_and_tested():
    assert [file.stem for file in FILES] == [*FIELDS, *SERVICES]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_field_says_what_it_means(file):
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# "), "the file begins with what the interface is for"
    assert fields_of(text)
    assert [field["name"] for field in fields_of(text) if not field["comment"]] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_number_says_its_unit_or_range(file):
    numbers = [m for m in fields_of(file.read_text(encoding="utf-8")) if re.match(r"u?int|float", m["type"])]
    units = r"\b(px|s|bit/s|1/s|bytes|frames per second|since start)\b"
    told = re.compile(units + r"|\.\.|[A-Z]{5,}|fractions|scores|checksummed")
    assert [m["name"] for m in numbers if not told.search(m["comment"])] == []


def test_the_numbers_and_names_of_the_messages_are_those_of_the_core():
    assert {mode.name: mode.value for mode in Mode} == {
        name: getattr(msg.OperatingMode, name) for name in ("ONLINE", "OFFLINE", "PROBING")
    }
    assert {source.name: source.value for source in Source}.items() <= {
        name: getattr(msg.EmotionEstimate, name) for name in ("ROBOT", "CLOUD", "BOTH")
    }.items()
    assert msg.EmotionEstimate.BOTH == 2
    assert {getattr(msg.ConversationCue, cue.upper()) for cue in CUES} == set(CUES)
    assert {getattr(srv.SetMode.Request, name.upper()) for name in FORCED} == set(FORCED)
