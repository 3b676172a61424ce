"""Made-up faces and payloads of every kind."""

from zlib import crc32

import cv2
import numpy as np

from fer_ros.faces.blendshapes import COUNT
from fer_ros.faces.face import Detection, Face
from fer_ros.link.packing import crops_body, frame_body, shapes_body
from fer_ros.link.payload import CHECKSUM, HEAD, MAGIC, VERSION, Payload, Probe
from fer_ros.link.rung import parse_rung

SIZE = (640, 360)
STAMP_NS = 1_700_000_000_123_456_789
BOX = (100.25, 50.5, 180.0, 150.75)


def scene(width=640, height=360, seed=0):
    """(height, width, 3) uint8: smooth, with discs, so that it compresses like a photograph."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 255, (6, 8, 3), np.uint8)
    image = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(5):
        centre = tuple(int(v) for v in random.integers(0, (width, height)))
        cv2.circle(image, centre, max(min(width, height) // 8, 1), random.integers(0, 255, 3).tolist(), -1)
    return image


def scores(seed=0):
    """(52,) float32: most are small, a few are not, as MediaPipe's are."""
    random = np.random.default_rng(seed)
    return (random.random(COUNT) ** 4).astype(np.float32)


def face(face_id="face_1", box=BOX, seed=0, by="mediapipe", side=112):
    """A face with a crop, and with blendshapes unless `by` is None."""
    shapes = None if by is None else scores(seed)
    seen = Detection(box, 0.9, blendshapes=shapes, blendshapes_by=by or "")
    return Face(face_id, seen, scene(side, side, seed))


def body(rung, *faces):
    """The body of a rung, by its name."""
    parsed = parse_rung(rung)
    if rung.startswith("crops"):
        return crops_body(faces, parsed)
    return shapes_body(faces, parsed) if parsed.reach < 2 else frame_body(scene(), parsed)


def payload(rung, *faces, sequence=7, stamp_ns=STAMP_NS, size=SIZE):
    return Payload(sequence, stamp_ns, size, body(rung, *faces))


def probe(padding_bytes=0, sequence=7, stamp_ns=STAMP_NS):
    return Payload(sequence, stamp_ns, (0, 0), Probe(padding_bytes))


EVERY_KIND = {
    "frame": payload("640x360@15"),
    "small frame": payload("256x144@5q50"),
    "crops": payload("crops48@30", face("face_1"), face("face_2", by=None, seed=2)),
    "blendshapes": payload("blendshapes@30", face("face_1"), face("face_2", seed=3)),
    "quantised": payload("quantised@30", face("face_123456"), face("face_2", by="student", seed=4)),
    "nobody": payload("quantised@30"),
    "probe": probe(500),
    "sign of life": probe(),
}


def sealed(content):
    """Bytes with the checksum that belongs to them."""
    return content + CHECKSUM.pack(crc32(content))


def raw(kind, content=b"", size=SIZE, version=VERSION, magic=MAGIC, sequence=7):
    """A payload written by hand, whole and with a right checksum, whatever it says."""
    return sealed(HEAD.pack(magic, version, kind, sequence, STAMP_NS, *size) + content)
