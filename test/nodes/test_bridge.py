"""cv_bridge is asked for encodings that images.py does not know, and for no others."""

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

import numpy as np
import pytest
from sensor_msgs.msg import Image

from fer_ros.errors import ImageError
from fer_ros.images import LAYOUTS
from fer_ros.nodes.bridge import cv_bridge_is_here
from fer_ros.nodes.messages import image_from_msg

from . import images

PIXELS = images.nobody(2, 4)


def unknown(encoding="bayer_rggb16"):
    return Image(height=2, width=4, step=8, encoding=encoding, data=bytes(16))


@pytest.fixture
def asked(monkeypatch):
    """Stands in for cv_bridge; a list of the encodings that it is asked for. It gives no pixels of worth."""
    asked = []

    class CvBridgeError(TypeError):
        pass

    class CvBridge:
        def imgmsg_to_cv2(self, message, desired_encoding):
            asked.append((message.encoding, desired_encoding))
            if message.encoding == "nonsense":
                raise CvBridgeError("Unrecognized image encoding [nonsense]")
            return PIXELS

    module = ModuleType("cv_bridge")
    module.__spec__ = ModuleSpec("cv_bridge", None)
    module.CvBridge, module.CvBridgeError = CvBridge, CvBridgeError
    monkeypatch.setitem(sys.modules, "cv_bridge", module)
    cv_bridge_is_here.cache_clear()
    yield asked
    cv_bridge_is_here.cache_clear()


def test_an_unknown_encoding_is_cv_bridges_work(asked):
    assert (image_from_msg(unknown()) == PIXELS).all()
    assert asked == [("bayer_rggb16", "bgr8")]


@pytest.mark.parametrize("encoding", images.ENCODINGS)
def test_a_known_encoding_is_ours_with_cv_bridge_or_without(asked, encoding):
    assert encoding in LAYOUTS
    assert image_from_msg(images.encoded(images.face(), encoding, 1.0)).shape == images.face().shape
    assert asked == []


def test_what_cv_bridge_does_not_know_either_is_told(asked):
    with pytest.raises(ImageError, match=r"neither images\.py nor cv_bridge converts encoding 'nonsense'"):
        image_from_msg(unknown("nonsense"))


def test_without_cv_bridge_the_encodings_that_will_do_are_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv_bridge", None)
    cv_bridge_is_here.cache_clear()
    with pytest.raises(ImageError, match="'bayer_rggb16' is not supported; send one of bgr8"):
        image_from_msg(unknown())
    cv_bridge_is_here.cache_clear()


@pytest.mark.parametrize("encoding", [e for e in images.ENCODINGS if e != "mono16"])
def test_ours_is_what_cv_bridge_makes(encoding):
    cv_bridge = pytest.importorskip("cv_bridge", reason="cv_bridge comes with ROS, not from PyPI")
    message = images.encoded(images.face(), encoding, 1.0)
    theirs = cv_bridge.CvBridge().imgmsg_to_cv2(message, desired_encoding="bgr8")
    assert np.abs(image_from_msg(message).astype(int) - theirs).max() == 0
