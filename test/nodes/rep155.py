"""A face detector of ROS 4 HRI, played by a test: what hri_face_detect and its like publish of each image."""

from math import nan

import numpy as np

from fer_ros.hri.picture import fitted
from fer_ros.nodes.messages import image_to_msg
from fer_ros.nodes.qos import IMAGES_OUT, RESULTS

from . import images

BOX = (115.0, 60.0, 205.0, 180.0)  # of the person in images.py, hairline to chin
SIZE = (320, 240)


class Detector:
    """Publishes a face's topics from its first image to its last, and who is there with every image."""

    def __init__(self, bench, root="/humans/faces"):
        from hri_msgs import msg

        self.bench, self.root, self.msg = bench, root, msg
        self._tracked = bench.publisher(msg.IdsList, f"{root}/tracked", RESULTS)
        self._topics = {}

    def show(self, header, *faces, cropped=False, **fields):
        """What is told of one image; `fields` are of each roi, None: no roi."""
        for face in faces:
            if "roi" not in fields:
                self.roi(header, face)
            elif fields["roi"] is not None:
                self.roi(header, face, *fields["roi"])
            if cropped:
                self.publisher(face, "cropped").publish(image_to_msg(picture(), header))
        self.list(header, *faces)

    def list(self, header, *faces):
        self._tracked.publish(self.msg.IdsList(header=header, ids=list(faces)))

    def roi(self, header, face, *region):
        xmin, ymin, xmax, ymax = region or REGION
        self.publisher(face, "roi").publish(
            self.msg.NormalizedRegionOfInterest2D(
                header=header, xmin=xmin, ymin=ymin, xmax=xmax, ymax=ymax, c=0.8
            )
        )

    def landmarks(self, header, face, eyes=None, size=SIZE):
        """The corners of the eyes at (left, right), px; the other points are not known."""
        points = [self.msg.NormalizedPointOfInterest2D(x=nan, y=nan, c=nan) for _ in range(70)]
        for corners, (x, y) in zip(((36, 39), (42, 45)), eyes or (), strict=bool(eyes)):
            for corner, shift in zip(corners, (-8, 8), strict=True):
                points[corner].x, points[corner].y = (x + shift) / SIZE[0], y / SIZE[1]
                points[corner].c = 0.8
        told = self.msg.FacialLandmarks(header=header, landmarks=points, width=size[0], height=size[1])
        self.publisher(face, "landmarks").publish(told)

    def publisher(self, face, name):
        from sensor_msgs.msg import Image

        kinds = {
            "roi": self.msg.NormalizedRegionOfInterest2D,
            "landmarks": self.msg.FacialLandmarks,
            "cropped": Image,
        }
        topic = f"{self.root}/{face}/{name}"
        if topic not in self._topics:
            qos = IMAGES_OUT if name == "cropped" else RESULTS
            self._topics[topic] = self.bench.probe.create_publisher(kinds[name], topic, qos)
        return self._topics[topic]

    def listeners(self, face, name="roi"):
        return self.bench.probe.count_subscribers(f"{self.root}/{face}/{name}")


def picture():
    x0, y0, x1, y1 = (int(v) for v in BOX)
    return fitted(np.ascontiguousarray(images.face()[y0:y1, x0:x1]), 128, 128)


REGION = tuple(value / SIZE[i % 2] for i, value in enumerate(BOX))
