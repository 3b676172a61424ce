"""Faces as visualization_msgs/MarkerArray, for RViz and Foxglove's 3D panel."""

from collections.abc import Collection, Iterator, Sequence

from geometry_msgs.msg import Point, Pose, Vector3
from rclpy.duration import Duration
from sensor_msgs.msg import CameraInfo
from std_msgs.msg import ColorRGBA, Header
from visualization_msgs.msg import Marker, MarkerArray

from fer_ros.nodes.beside import info_topic
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.qos import IMAGES_IN, RESULTS, overridable
from fer_ros.viewer.captions import caption
from fer_ros.viewer.markers import (
    Lens,
    MarkerIds,
    Point3,
    above,
    calibrated_lens,
    nominal_lens,
    outline,
    spoken,
)
from fer_ros.viewer.sightings import SILENT_S, Sighting, person
from fer_ros.viewer.tags import accent
from fer_ros.viewer.words import Words, load_words

OUTLINE, NAME = "outline", "name"  # namespaces, which RViz shows and hides one by one
LINE_M, TEXT_M, GAP_M = 0.004, 0.04, 0.03
LIFETIME = Duration(seconds=SILENT_S).to_msg()  # should this node end before it can delete them


class Markers:
    """Publishes an outline and a caption for each face, while somebody listens.

    Attributes:
        words: of the captions.
        image_size: (width, height) px of the images; None: not known yet.
    """

    def __init__(self, node: FerNode, fov_deg: float, language: str) -> None:
        self.words: Words = load_words(language)
        self.image_size: tuple[int, int] | None = None
        self._fov_deg = fov_deg
        self._calibrated: Lens | None = None
        self._ids = MarkerIds()
        self._header = Header()
        self._publisher = node.create_publisher(MarkerArray, "markers", RESULTS)
        node.create_subscription(
            CameraInfo,
            info_topic(node),
            node.guarded(self._on_info),
            IMAGES_IN,
            qos_overriding_options=overridable(),
        )

    @property
    def heard(self) -> bool:
        """Whether somebody listens."""
        return bool(self._publisher.get_subscription_count())

    @property
    def needs_image(self) -> bool:
        """Whether it cannot work before it knows how large images are."""
        return self.heard and self.image_size is None

    def tell(self, sighting: Sighting, header: Header, shown: Collection[str]) -> None:
        """Publish a face, and delete those that are gone.

        Args:
            sighting: of a face, or of none.
            header: of its image.
            shown: ids of the faces that are to be seen.
        """
        self._header = header
        lens = self._lens() if self.heard else None
        if lens is None:
            return
        markers = list(self._deleted(shown))
        if sighting.estimate.face_id in shown:
            markers += self._made(sighting, lens)
        if markers:
            self._publisher.publish(MarkerArray(markers=markers))

    def keep(self, shown: Collection[str]) -> None:
        """Delete the faces that are gone."""
        markers = list(self._deleted(shown))
        if markers:
            self._publisher.publish(MarkerArray(markers=markers))

    def _on_info(self, msg: CameraInfo) -> None:
        self._calibrated = calibrated_lens(msg.k, (msg.width, msg.height))

    def _lens(self) -> Lens | None:
        if self._calibrated is not None or self.image_size is None:
            return self._calibrated
        return nominal_lens(self._fov_deg, self.image_size)

    def _made(self, sighting: Sighting, lens: Lens) -> Iterator[Marker]:
        box = sighting.estimate.box
        points = outline(box, lens)
        if not points:
            return
        number = self._ids[sighting.estimate.face_id]
        said = caption(person(sighting, (1, 1)), self.words)
        colour = _colour(accent(said))
        line = {"scale": Vector3(x=LINE_M), "points": [_point(point) for point in points]}
        text = {
            "scale": Vector3(z=TEXT_M),
            "pose": Pose(position=_point(above(box, GAP_M, lens))),
            "text": spoken(said, self.words),
        }
        yield self._marker(Marker.LINE_STRIP, OUTLINE, number, color=colour, **line)
        yield self._marker(Marker.TEXT_VIEW_FACING, NAME, number, color=colour, **text)

    def _deleted(self, shown: Collection[str]) -> Iterator[Marker]:
        for number in self._ids.keep(shown):
            for namespace in (OUTLINE, NAME):
                yield Marker(header=self._header, ns=namespace, id=number, action=Marker.DELETE)

    def _marker(self, kind: int, namespace: str, number: int, **fields: object) -> Marker:
        return Marker(
            header=self._header,
            ns=namespace,
            id=number,
            type=kind,
            action=Marker.ADD,
            lifetime=LIFETIME,
            **fields,
        )


def _point(point: Point3) -> Point:
    return Point(x=point[0], y=point[1], z=point[2])


def _colour(bgr: Sequence[int]) -> ColorRGBA:
    blue, green, red = (value / 255 for value in bgr)
    return ColorRGBA(r=red, g=green, b=blue, a=1.0)
