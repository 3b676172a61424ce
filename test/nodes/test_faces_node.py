"""faces: what it answers to every kind of image."""

import numpy as np
import pytest
from sensor_msgs.msg import CompressedImage, Image

from fer_ros.nodes.messages import image_from_msg
from fer_ros.nodes.qos import IMAGES_OUT

from . import images
from .asking import PATIENT, SEEN_OFTEN_ENOUGH, Asker


@pytest.fixture
def faces(bench):
    """Publishes images to a faces node; a list of what it answers."""
    bench.start("faces", PATIENT)
    return Asker(bench, bench.publisher(Image, "image_raw", IMAGES_OUT))


@pytest.fixture
def compressed_faces(bench):
    bench.start("faces", {**PATIENT, "transport": "compressed"})
    return Asker(bench, bench.publisher(CompressedImage, "image_raw/compressed", IMAGES_OUT))


@pytest.mark.parametrize("encoding", images.ENCODINGS)
def test_a_face_is_found_in_every_encoding(faces, encoding):
    answer = faces.show_often(lambda t: images.encoded(images.face(), encoding, t))
    (face,) = answer.faces
    assert face.id.startswith("face_")
    assert (answer.image_width, answer.image_height) == (320, 240)


def test_a_face_is_found_in_compressed_images(compressed_faces):
    assert len(compressed_faces.show_often(lambda t: images.jpeg(images.face(), t)).faces) == 1


def test_an_answer_keeps_stamp_and_frame_of_its_image(faces):
    message = images.bgr8(images.face(), 1234.567891)
    assert faces.show(message).header == message.header


def test_a_face_comes_with_what_the_interface_promises(faces):
    (face,) = faces.show_often(lambda t: images.bgr8(images.face(), t)).faces
    x0, y0, x1, y1 = face.box
    assert 0 <= x0 < x1 <= 320
    assert 0 <= y0 < y1 <= 240
    assert 0 < face.score <= 1
    assert image_from_msg(face.crop).shape == (112, 112, 3)
    assert (len(face.blendshapes), face.blendshapes_by) == (52, "student")
    assert len(face.landmarks) == 0  # nobody read them: empty, not zeros


def test_an_image_without_a_face_gives_a_message_without_faces(faces):
    answer = faces.show(images.bgr8(images.nobody(), 1.0))
    assert answer.faces == []
    assert (answer.finder, answer.reader) == ("haar", "none")


@pytest.mark.parametrize("encoding", [e for e in images.ENCODINGS if not e.startswith("yuv")])
def test_an_image_of_one_pixel_is_an_image(faces, encoding):
    assert faces.show(images.encoded(images.nobody(1, 1), encoding, 1.0)).faces == []


def padded(stamp):
    message = images.bgr8(images.face(), stamp)
    rows = np.zeros((240, 1000), np.uint8)
    rows[:, :960] = images.face().reshape(240, 960)
    message.step, message.data = 1000, rows.tobytes()
    return message


def test_rows_may_be_padded(faces):
    assert len(faces.show_often(padded).faces) == 1


def test_faces_that_begin_anew_give_nobody_the_name_of_somebody_else(bench):
    """Whoever listens may still know the faces that were seen before."""
    publisher = bench.publisher(Image, "image_raw", IMAGES_OUT, listeners=0)
    known = []
    for life in range(2):
        node = bench.start("faces", PATIENT)
        bench.until(lambda: publisher.get_subscription_count() == 1, "faces listens")
        asker = Asker(bench, publisher)
        answers = [
            asker.show(images.bgr8(images.face(), 1000.0 + life + i / 30)) for i in range(SEEN_OFTEN_ENOUGH)
        ]
        known += {face.id for answer in answers for face in answer.faces}
        bench.stop(node)
    assert len(known) == len(set(known)) == 2
