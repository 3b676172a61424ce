"""faces: images in, the faces in them out."""

from typing import Any

from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header

from fer_ros.environment import model_folders
from fer_ros.faces.face import Image8
from fer_ros.faces.open import open_tracker
from fer_ros.faces.params import FacesParams
from fer_ros.images import decode_compressed
from fer_ros.msg import FaceArray
from fer_ros.nodes.messages import faces_to_msg, image_from_msg, seconds
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.qos import IMAGES_IN, RESULTS, overridable


class Faces(FerNode):
    """Finds, follows and reads faces; an image without a face gives a message without faces."""

    def __init__(self, **options: Any) -> None:
        super().__init__("faces", **options)
        self.params = declare(self, FacesParams)
        self.dropped = 0
        self._tracker = open_tracker(self.params, model_folders(), self.warn)
        self._faces = self.create_publisher(FaceArray, "faces", RESULTS)
        if self.params.transport == "compressed":
            kind, topic, callback = CompressedImage, "image_raw/compressed", self._on_compressed
        else:
            kind, topic, callback = Image, "image_raw", self._on_image
        self.create_subscription(
            kind, topic, self.guarded(callback), IMAGES_IN, qos_overriding_options=overridable()
        )

    def _on_image(self, msg: Image) -> None:
        if self._is_late(msg.header):
            return
        self._publish(image_from_msg(msg), msg.header)

    def _on_compressed(self, msg: CompressedImage) -> None:
        if self._is_late(msg.header):
            return
        self._publish(decode_compressed(bytes(msg.data), msg.format), msg.header)

    def _is_late(self, header: Header) -> bool:
        late = 0 < self.params.max_age_s < self.now() - seconds(header.stamp)
        self.dropped += late
        return late

    def _publish(self, image: Image8, header: Header) -> None:
        faces = self._tracker.update(image, seconds(header.stamp))
        reader = self._tracker.reader.name if self._tracker.reader is not None else "none"
        size = image.shape[1], image.shape[0]
        self._faces.publish(
            faces_to_msg(faces, size, header, self._tracker.finder.name, reader, self.params.landmarks)
        )
