"""Payloads that something happened to: each is read as a valid one, or refused, and soon."""

import struct
from contextlib import suppress
from random import Random
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from payloads import EVERY_KIND, scene, sealed

from fer_ros.errors import FerError, PayloadError
from fer_ros.faces.blendshapes import COUNT
from fer_ros.faces.face import Detection
from fer_ros.link.bodies import Crops, SentFace, Shapes
from fer_ros.link.face_record import CHARACTERS, READERS
from fer_ros.link.packing import faces_of
from fer_ros.link.payload import CHECKSUM, Payload, Probe, decode, encode
from fer_ros.link.picture import PictureFormat, encode_picture

EXAMPLES, MUTATIONS = 100, 1000
assert EXAMPLES * MUTATIONS >= 100_000
LONGEST_S = 0.25  # of processor time: reading a whole payload of 4 MB takes less
EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)

small_pictures = st.builds(
    lambda side, kind, quality, seed: encode_picture(scene(side, side, seed), kind, quality),
    st.integers(8, 48),
    st.sampled_from(PictureFormat),
    st.integers(1, 100),
    st.integers(0, 9),
)
ids = st.text(CHARACTERS, max_size=20).map(lambda rest: "f" + rest)
corners = st.floats(-8000, 8000)
sides = st.floats(1, 150)
boxes = st.builds(lambda x, y, w, h: (x, y, x + w, y + h), corners, corners, sides, sides)
scores = st.none() | arrays(np.float32, COUNT, elements=st.floats(0, 1, width=32))


@st.composite
def detections(draw):
    shapes = draw(scores)
    by = "" if shapes is None else draw(st.sampled_from(READERS))
    return Detection(draw(boxes), draw(st.floats(0, 1)), blendshapes=shapes, blendshapes_by=by)


def groups(pictures):
    faces = st.builds(SentFace, ids, detections(), pictures)
    return st.lists(faces, max_size=3, unique_by=lambda face: face.id).map(tuple)


bodies = (
    st.builds(Probe, st.integers(0, 200))
    | st.builds(Crops, groups(small_pictures))
    | st.builds(Shapes, groups(st.none()), st.booleans())
)


@st.composite
def payloads(draw):
    body = draw(bodies)
    size = (0, 0) if isinstance(body, Probe) else (draw(st.integers(1, 4096)), draw(st.integers(1, 4096)))
    sequence = draw(st.integers(0, 2**32 - 1))
    return Payload(sequence, draw(st.integers(-(2**63), 2**63 - 1)), size, body)


@given(payloads())
def test_whatever_is_sent_comes_back(sent):
    whole = encode(sent)
    back = decode(whole)
    assert (back.sequence, back.stamp_ns, back.image_size) == (sent.sequence, sent.stamp_ns, sent.image_size)
    assert encode(back) == whole
    if not isinstance(sent.body, Probe):
        for face, was in zip(back.body.faces, sent.body.faces, strict=True):
            assert (face.id, face.picture) == (was.id, was.picture)
            assert face.seen.box_xyxy == pytest.approx(was.seen.box_xyxy, abs=0.125)
            assert face.seen.blendshapes_by == was.seen.blendshapes_by


def flip(random, data, other):
    out = bytearray(data)
    for _ in range(random.randint(1, 8)):
        bit = random.randrange(8 * len(out))
        out[bit // 8] ^= 1 << bit % 8
    return bytes(out)


def cut(random, data, other):
    return data[: random.randrange(len(data))]


def grow(random, data, other):
    return data + random.randbytes(random.randint(1, 64))


def splice(random, data, other):
    return data[: random.randrange(len(data))] + other[random.randrange(len(other)) :]


def repeat(random, data, other):
    start = random.randrange(len(data))
    part = data[start : start + random.randint(1, 64)]
    return data[:start] + part * random.randint(2, 4) + data[start + len(part) :]


def leave_out(random, data, other):
    start = random.randrange(len(data))
    return data[:start] + data[start + random.randint(1, 64) :]


def overwrite(random, data, other):
    """A number of some width, as a length or a count that lies."""
    form = random.choice(["<B", "<H", "<I"])
    value = random.choice([*EXTREMES, random.getrandbits(32)]) & (2 ** (8 * struct.calcsize(form)) - 1)
    at = random.randrange(len(data))
    return data[:at] + struct.pack(form, value) + data[at + struct.calcsize(form) :]


MUTATE = (flip, cut, grow, splice, repeat, leave_out, overwrite)
SHORT = [encode(sent) for name, sent in EVERY_KIND.items() if name != "frame"]


def mutant(random, data):
    """A payload after up to three accidents; two in three times somebody sealed it again."""
    for _ in range(random.randint(1, 3)):
        data = random.choice(MUTATE)(random, data, random.choice(SHORT)) or b"\0"
    return sealed(data[: -CHECKSUM.size]) if random.random() < 2 / 3 else data


def outcome(data):
    """What reading gives: a payload, or the error that refuses it."""
    try:
        return decode(data)
    except PayloadError as error:
        return error


@settings(max_examples=EXAMPLES)
@given(payloads(), st.integers(0, 2**32))
def test_a_mutated_payload_is_read_or_refused_and_soon(sent, seed):
    random, whole = Random(seed), encode(sent)
    for _ in range(MUTATIONS):
        data = mutant(random, random.choice([whole, *SHORT]))
        began = process_time()
        read = outcome(data)
        assert process_time() - began < LONGEST_S
        if isinstance(read, PayloadError):
            assert read.about
            assert "\n" not in str(read)
        else:
            assert encode(read) == data  # valid: it says nothing that could not have been sent


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_a_mutated_picture_is_decoded_or_refused(seed):
    random = Random(seed)
    whole = encode(EVERY_KIND["crops"])
    for _ in range(50):
        with suppress(FerError):
            body = decode(mutant(random, whole)).body
            for face in faces_of(body) if isinstance(body, Crops) else ():
                assert face.crop.shape == (face.crop.shape[0], face.crop.shape[0], 3)


def test_the_mutations_reach_every_kind_of_refusal():
    """Otherwise the test above would only show that checksums work."""
    random = Random(0)
    read = [outcome(mutant(random, random.choice(SHORT))) for _ in range(20_000)]
    assert {getattr(one, "about", "read") for one in read} >= {
        "read",
        "too short",
        "foreign",
        "version",
        "checksum",
        "kind",
        "sizes",
        "count",
        "face",
        "picture",
        "padding",
    }
