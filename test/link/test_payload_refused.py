"""What cannot travel is refused by the sender, not by the cloud."""

from dataclasses import replace

import pytest
from payloads import SIZE, body, face, payload, probe, scene

from fer_ros.errors import PayloadError
from fer_ros.link.bodies import Crops, SentFace
from fer_ros.link.payload import MAX_BYTES, Frame, Payload, encode
from fer_ros.link.picture import Picture, PictureFormat, encode_picture

JPEG = encode_picture(scene(48, 48), PictureFormat.JPEG, 50).data
MANY = Crops(tuple(replace(body("crops48@1", face()).faces[0], id=f"f{i}") for i in range(33)))
NOISE = Picture(PictureFormat.JPEG, JPEG[:-2] + bytes(MAX_BYTES) + JPEG[-2:])


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        pytest.param(probe(sequence=-1), "sequence -1", id="sequence below 0"),
        pytest.param(probe(sequence=2**32), "sequence 4294967296", id="sequence too large"),
        pytest.param(probe(stamp_ns=2**63), "stamp 9223372036854775808", id="stamp too large"),
        pytest.param(payload("quantised@30", size=(4097, 1)), "4097x1 px", id="image too large"),
        pytest.param(payload("quantised@30", size=(0, 0)), "0x0 px", id="image without pixels"),
        pytest.param(payload("640x360@5", size=(639, 360)), "640x360 px is of", id="frame grown"),
        pytest.param(probe(MAX_BYTES), f"shrink the picture to fit into {MAX_BYTES}", id="too long"),
        pytest.param(Payload(1, 1, SIZE, Frame(NOISE)), "shrink the picture", id="picture too long"),
        pytest.param(Payload(1, 1, SIZE, MANY), "33 faces; 32", id="too many faces"),
        pytest.param(payload("quantised@1", face(), face()), "two faces are called", id="same id"),
        pytest.param(
            Payload(1, 1, SIZE, Crops((SentFace("a", face().seen),))), "a has no picture", id="no picture"
        ),
    ],
)
def test_a_payload_that_could_not_be_read_is_not_sent(sent, says):
    with pytest.raises(PayloadError) as refused:
        encode(sent)
    assert says in str(refused.value)
