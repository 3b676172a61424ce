"""What travels: every kind comes back as it was sent, fits its budget, and is refused where it is wrong."""

import struct
from dataclasses import replace

import cv2
import numpy as np
import pytest
from payloads import BOX, EVERY_KIND, face, payload, probe, raw, scene, sealed

from fer_ros.errors import PayloadError
from fer_ros.link.bodies import Kind
from fer_ros.link.face_record import write_face
from fer_ros.link.payload import MAX_BYTES, decode, encode
from fer_ros.link.picture import PictureFormat, encode_picture

PLAIN_BPS, QUANTISED_BPS = 64_000, 20_000
RECORD = write_face("face_1", face().seen, True)
JPEG = encode_picture(scene(48, 48), PictureFormat.JPEG, 50).data


@pytest.mark.parametrize("sent", EVERY_KIND.values(), ids=EVERY_KIND)
def test_a_payload_comes_back_as_it_was_sent(sent):
    back = decode(encode(sent))
    assert (back.sequence, back.stamp_ns, back.image_size) == (sent.sequence, sent.stamp_ns, sent.image_size)
    assert type(back.body) is type(sent.body)
    assert encode(back) == encode(sent)


@pytest.mark.parametrize("rung", ["crops48@30", "blendshapes@30", "quantised@30"])
def test_a_face_comes_back_nearly_as_it_was_sent(rung):
    sent = payload(rung, face())
    (back,), (was,) = decode(encode(sent)).body.faces, sent.body.faces
    assert (back.id, back.picture) == (was.id, was.picture)
    assert back.seen.box_xyxy == BOX
    assert back.seen.score == pytest.approx(0.9, abs=0.5 / 255)
    assert back.seen.blendshapes_by == "mediapipe"
    near = 3e-5 if rung == "blendshapes@30" else 0.024
    assert back.seen.blendshapes == pytest.approx(was.seen.blendshapes, abs=near)


def test_a_face_without_blendshapes_stays_without():
    (back,) = decode(encode(payload("quantised@30", face(by=None)))).body.faces
    assert (back.seen.blendshapes, back.seen.blendshapes_by) == (None, "")


def test_any_buffer_can_be_decoded():
    whole = encode(EVERY_KIND["quantised"])
    assert {type(decode(form(whole)).body) for form in (bytes, bytearray, memoryview)} == {
        type(EVERY_KIND["quantised"].body)
    }


@pytest.mark.parametrize(
    ("rung", "budget_bps"), [("blendshapes@30", PLAIN_BPS), ("quantised@30", QUANTISED_BPS)]
)
def test_the_blendshapes_of_a_face_fit_their_budget_with_the_whole_envelope(rung, budget_bps):
    size = len(encode(payload(rung, face("face_1234567"))))
    assert size * 8 * 30 <= budget_bps


def test_the_bytes_are_those_of_protocol_version_1():
    """A change of these bytes needs another protocol version."""
    head = "6645 01 05 07000000 15cd853dfe9c9717 0000 0000"
    assert encode(probe(2)) == sealed(bytes.fromhex(head) + b"\0\0")
    who, where, score = "86 3ca30ef810", "9101 ca00 d002 5b02", "e6"
    assert RECORD[:15] == bytes.fromhex(who + where + score)


def test_every_flipped_bit_is_noticed():
    whole = encode(payload("quantised@30", face()))
    for bit in range(8 * len(whole)):
        spoilt = bytearray(whole)
        spoilt[bit // 8] ^= 1 << bit % 8
        with pytest.raises(PayloadError):
            decode(spoilt)


def test_every_cut_is_noticed():
    whole = encode(payload("quantised@30", face()))
    for length in range(len(whole)):
        with pytest.raises(PayloadError):
            decode(whole[:length])


def one(content):
    """The body of one face."""
    return b"\x01" + content


def record(at, value):
    """A face's record with other bytes at an offset."""
    return RECORD[:at] + value + RECORD[at + len(value) :]


def crop(data, format=0):
    return one(RECORD + struct.pack("<IB", len(data) + 1, format) + data)


def claiming(width, height):
    """A JPEG of 48x48 px that says it has another size."""
    at = JPEG.index(b"\xff\xc0") + 5
    return JPEG[:at] + struct.pack(">HH", height, width) + JPEG[at + 4 :]


LYING = claiming(60_000, 60_000)

BAD = [
    pytest.param(b"", "too short", "0 bytes", id="nothing"),
    pytest.param(raw(5)[:23], "too short", "23 bytes", id="head alone"),
    pytest.param(raw(5, magic=b"PK"), "foreign", "b'PK", id="another format"),
    pytest.param(raw(5, version=0), "version", "version is 0, this is 1: update", id="older peer"),
    pytest.param(raw(5, version=2), "version", "version is 2, this is 1: update", id="newer peer"),
    pytest.param(raw(5)[:-4] + b"\0\0\0\0", "checksum", "checksum is 00000000", id="checksum"),
    pytest.param(raw(0), "kind", "kind is 0", id="no kind"),
    pytest.param(raw(6), "kind", "kind is 6; this version knows 1, 2, 3, 4, 5", id="unknown kind"),
    pytest.param(raw(5, size=(1, 0)), "sizes", "1x0 px", id="probe of an image"),
    pytest.param(raw(5, b"\0\1", (0, 0)), "padding", "a probe holds something", id="probe with content"),
    pytest.param(raw(4, b"\0", (0, 9)), "sizes", "0x9 px", id="image without pixels"),
    pytest.param(raw(4, b"\0", (4097, 9)), "sizes", "4097x9 px", id="image too large"),
    pytest.param(raw(4), "sizes", "promises 1 more", id="no count"),
    pytest.param(raw(4, b"\x21"), "count", "33 faces; 32", id="too many faces"),
    pytest.param(raw(4, b"\x01"), "sizes", "promises", id="face missing"),
    pytest.param(raw(4, one(RECORD[:-1])), "sizes", "promises 39", id="face cut off"),
    pytest.param(raw(3, one(RECORD)), "sizes", "promises 104", id="quantised called plain"),
    pytest.param(raw(4, one(RECORD) + b"!"), "sizes", "1 bytes are left over", id="left over"),
    pytest.param(raw(4, b"\x02" + RECORD + RECORD), "face", "two faces are called face_1", id="same id"),
    pytest.param(raw(4, one(record(0, b"\x80"))), "face", "called ''", id="no id"),
    pytest.param(raw(4, one(record(1, b"\0"))), "face", "called '0", id="id begins with a digit"),
    pytest.param(raw(4, one(record(1, b"\xff"))), "face", "called '?", id="no character"),
    pytest.param(raw(4, one(record(5, b"\xef"))), "sizes", "bits are set", id="bits behind the id"),
    pytest.param(raw(4, one(record(6, b"\xff\x7f"))), "face", "is empty", id="empty box"),
    pytest.param(raw(1), "picture", "begins with b''", id="frame without picture"),
    pytest.param(raw(1, b"\x02" + JPEG), "picture", "formats are [0, 1]", id="unknown format"),
    pytest.param(raw(1, b"\x01" + JPEG), "picture", "not a lossy WebP", id="JPEG called WebP"),
    pytest.param(raw(1, b"\0" + JPEG[:-9]), "picture", "not a whole JPEG", id="picture cut off"),
    pytest.param(raw(1, b"\0" + JPEG, (47, 48)), "sizes", "48x48 px is of an image of 47x48", id="grown"),
    pytest.param(raw(1, b"\0" + LYING), "picture", "60000x60000 px", id="huge frame"),
    pytest.param(raw(2, crop(LYING)), "picture", "60000x60000 px", id="huge crop"),
    pytest.param(raw(2, crop(claiming(48, 47))), "picture", "face_1: its crop is 48x47", id="not square"),
    pytest.param(raw(2, crop(claiming(0, 0))), "picture", "0x0 px", id="crop without pixels"),
    pytest.param(raw(2, crop(JPEG)[:-1]), "sizes", "promises", id="crop cut off"),
]


@pytest.mark.parametrize(("data", "about", "says"), BAD)
def test_what_is_wrong_is_said_in_one_line(data, about, says, monkeypatch):
    monkeypatch.setattr(cv2, "imdecode", pytest.fail)  # no pixel is decoded to find it out
    with pytest.raises(PayloadError) as refused:
        decode(data)
    assert refused.value.about == about
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_refusal_names_the_payload_where_its_number_can_be_trusted():
    assert refusal(raw(6, sequence=99)).sequence == 99
    assert refusal(raw(6, sequence=99)[:-4] + bytes(4)).sequence == 0


def refusal(data):
    with pytest.raises(PayloadError) as refused:
        decode(data)
    return refused.value


class Endless:
    """More bytes than are allowed; whoever looks at one fails."""

    def __len__(self):
        return MAX_BYTES + 1


def test_what_is_too_long_is_refused_before_it_is_touched():
    assert refusal(Endless()).about == "too long"


def seen(**changes):
    return replace(face().seen, **changes)


def shapes(value, count=52):
    return np.array([value] + [0.5] * (count - 1), np.float32)


NAN = float("nan")
UNSENDABLE = [
    pytest.param(seen(box_xyxy=(NAN, 0, 1, 1)), "face_1: box (nan", id="NaN in a box"),
    pytest.param(seen(box_xyxy=(0, 0, float("inf"), 1)), "face_1: box", id="infinite box"),
    pytest.param(seen(box_xyxy=(0, 0, 8192, 1)), "further than 8191 px", id="box far outside"),
    pytest.param(seen(box_xyxy=(5, 5, 5.1, 6)), "is empty", id="box of no width"),
    pytest.param(seen(score=NAN), "face_1: score is nan", id="NaN score"),
    pytest.param(seen(score=1.01), "score is 1.01", id="score above 1"),
    pytest.param(seen(blendshapes=shapes(NAN)), "blendshape 0 is nan", id="NaN blendshape"),
    pytest.param(seen(blendshapes=shapes(1.01)), "blendshape 0 is 1.01", id="blendshape above 1"),
    pytest.param(seen(blendshapes=shapes(-0.01)), "blendshape 0 is -0.01", id="blendshape below 0"),
    pytest.param(seen(blendshapes=shapes(0, 51)), "(51,) blendshapes", id="too few blendshapes"),
    pytest.param(seen(blendshapes_by="guess"), "'guess'; a payload knows", id="unknown reader"),
]


@pytest.mark.parametrize("quantised", [True, False])
@pytest.mark.parametrize(("detection", "says"), UNSENDABLE)
def test_a_face_that_cannot_travel_is_not_sent(detection, says, quantised):
    with pytest.raises(PayloadError) as refused:
        write_face("face_1", detection, quantised)
    assert says in str(refused.value)


@pytest.mark.parametrize("face_id", ["", "1", "_a", "a-b", "a b", "é", "a" * 64])
def test_only_short_identifiers_are_ids(face_id):
    with pytest.raises(PayloadError, match="a letter, then"):
        encode(payload("quantised@30", face(face_id)))


@pytest.mark.parametrize("face_id", ["a", "Z9", "a" * 63, "face_1"])
def test_an_identifier_comes_back(face_id):
    (back,) = decode(encode(payload("quantised@30", face(face_id)))).body.faces
    assert back.id == face_id


def test_the_kinds_keep_their_numbers():
    assert {kind.name: kind.value for kind in Kind} == {
        "FRAME": 1,
        "CROPS": 2,
        "SHAPES": 3,
        "QUANTISED": 4,
        "PROBE": 5,
    }
