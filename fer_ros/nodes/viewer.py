"""viewer: images and estimates in, the same images with what was recognised drawn over them out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from math import inf, nan
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from rclpy.publisher import Publisher
from rclpy.subscription import Subscription
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header

from fer_ros.faces.face import Image8
from fer_ros.health import Look
from fer_ros.link.throttle import Throttle, encode_jpeg, shrink
from fer_ros.msg import EmotionEstimate, LinkStatus, OperatingMode
from fer_ros.nodes.aside import Aside
from fer_ros.nodes.beside import OVERLAY, OVERLAY_JPEG
from fer_ros.nodes.messages import (
    estimate_from_msg,
    estimate_problem,
    image_from_msg,
    image_to_msg,
    seconds,
)
from fer_ros.nodes.monitor import MODES, SOURCES
from fer_ros.nodes.node import WARN_EVERY_S, WATCH_PERIOD_S, FerNode
from fer_ros.nodes.numbers_topics import Numbers
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.permission import Permitted
from fer_ros.nodes.qos import ESTIMATES, IMAGES_IN, IMAGES_OUT, LATCHED, overridable
from fer_ros.viewer.overlay import Overlay
from fer_ros.viewer.params import OverlayParams, ViewerParams
from fer_ros.viewer.scene import Link, Scene
from fer_ros.viewer.sightings import Sighting, Sightings, person
from fer_ros.viewer.waiting import Waiting
from fer_ros.viewer.words import load_words

if TYPE_CHECKING:
    from fer_ros.nodes.marker_topics import Markers

LOOK_EVERY_S = 0.05  # for somebody who looks, and for images that have waited long enough
UNLOOKED_S = 2.0  # for which images are taken after the last one has gone
JPEG = "bgr8; jpeg compressed bgr8"  # as image_transport says it
NOBODY_LOOKS = f"nobody looks at {OVERLAY}"
WITHOUT_MARKERS = "visualization_msgs is not installed: no markers are published"


@dataclass(frozen=True)
class Job:
    """An image, who is to be seen on it, and all else that is."""

    msg: Image
    seen: Sequence[Sighting]
    scene: Scene


class Viewer(FerNode):
    """Draws each image when its estimates are here, in a thread of its own; only while somebody looks."""

    def __init__(self, **options: Any) -> None:
        super().__init__("viewer", **options)
        style = declare(self, OverlayParams, self._set_style)
        self.params = declare(self, ViewerParams)
        self._overlay = Overlay(style)
        self.permitted = Permitted(self, tells=False)
        self._sightings = Sightings()
        self._waiting: Waiting[Image] = Waiting(self._sightings)
        self._throttle = Throttle(self.params.rate_hz)
        self._mode = ""
        self._link: Link | None = None
        self._drawing_s = self._encoding_s = nan
        self._numbers = Numbers(self) if self.params.numbers else None
        self._markers = self._make_markers(style.language) if self.params.markers else None
        self._raw = self._publisher(Image, OVERLAY)
        self._compressed = self._publisher(CompressedImage, OVERLAY_JPEG)
        self.create_subscription(EmotionEstimate, "emotion", self._on_emotion, ESTIMATES)
        self._modes = self.create_subscription(OperatingMode, "mode", self._on_mode, LATCHED)
        self._links = self.create_subscription(LinkStatus, "link", self._on_link, LATCHED)
        self._looked_s = -inf
        self._images: Subscription | None = self._take_images()
        # One image may wait for another: their estimates, and with them the images, may come two at once.
        self._work = Aside(self.guarded(self._do), span_s=1.01 / self.params.rate_hz)
        self.create_timer(LOOK_EVERY_S, self._go_on)
        self.create_timer(WATCH_PERIOD_S, self._forget_the_gone)

    def destroy_node(self) -> None:
        """End the thread with the node."""
        self._work.close()
        super().destroy_node()

    def look(self) -> Look:
        """Who looks, and what it costs."""
        values = {
            "faces": len(self._seen(self._sightings.newest)),
            "listeners": self._raw.get_subscription_count(),
            "jpeg_listeners": self._compressed.get_subscription_count(),
            "drawing_ms": 1e3 * self._drawing_s,
            "encoding_ms": 1e3 * self._encoding_s,
            "dropped": self.flow.dropped,
        }
        return Look(values, idle="" if self._looked_at() else NOBODY_LOOKS)

    def _publisher(self, kind: type[Any], topic: str) -> Publisher:
        return self.create_publisher(kind, topic, IMAGES_OUT, qos_overriding_options=overridable())

    def _make_markers(self, language: str) -> "Markers | None":
        if find_spec("visualization_msgs") is None:
            self.get_logger().info(WITHOUT_MARKERS)
            return None
        from fer_ros.nodes.marker_topics import Markers

        return Markers(self, self.params.fov_deg, language)

    def _set_style(self, style: OverlayParams) -> None:
        self._overlay = Overlay(style)
        if self._markers is not None:
            self._markers.words = load_words(style.language)

    def _take_images(self) -> Subscription:
        return self.create_subscription(
            Image,
            "image_raw",
            self.guarded(self._on_image),
            IMAGES_IN,
            qos_overriding_options=overridable(),
        )

    def _looked_at(self) -> bool:
        return bool(self._raw.get_subscription_count() or self._compressed.get_subscription_count())

    def _go_on(self) -> None:
        """What happens because time passes, or somebody looks or does no longer."""
        now = self.now()
        needed = self._looked_at() or (self._markers is not None and self._markers.needs_image)
        self._look_for_images(now, needed=needed)
        self._draw_due()
        if self._markers is not None and not (self.permitted.open and self._sightings.awaited(now)):
            self._markers.keep(())

    def _look_for_images(self, now: float, *, needed: bool) -> None:
        """Take images while they are needed: to receive them is half of the work."""
        if needed:
            self._looked_s = now
            self._images = self._images or self._take_images()
        elif self._images is not None and not 0 <= now - self._looked_s <= UNLOOKED_S:
            self.destroy_subscription(self._images)
            self._images = None

    def _on_image(self, msg: Image) -> None:
        if self._markers is not None and msg.width and msg.height:
            self._markers.image_size = msg.width, msg.height
        stamp = seconds(msg.header.stamp)
        if self._looked_at() and self._throttle.accept(stamp):
            self._waiting.put(stamp, msg, self.now())
            self._draw_due()

    def _on_emotion(self, msg: EmotionEstimate) -> None:
        problem = estimate_problem(msg)
        if problem or msg.source not in SOURCES:
            self.get_logger().warning(
                f"an estimate of {msg.model} was not drawn: {problem or f'its source is {msg.source}'}",
                throttle_duration_sec=WARN_EVERY_S,
            )
            return
        if not self.permitted.open:
            return
        estimate = estimate_from_msg(msg)
        sighting = Sighting(estimate, SOURCES[msg.source])
        self._sightings.add(sighting)
        seen = self._seen(estimate.stamp)
        if self._numbers is not None:
            self._numbers.tell(estimate, seen, self.now() - estimate.stamp)
        if self._markers is not None:
            self._markers.tell(sighting, msg.header, {s.estimate.face_id for s in seen})
        self._draw_due()

    def _on_mode(self, msg: OperatingMode) -> None:
        self._mode = MODES.get(msg.mode, "")

    def _on_link(self, msg: LinkStatus) -> None:
        self._link = Link(msg.profile, msg.cut, msg.payload, msg.goodput_bps)
        if self._numbers is not None:
            self._numbers.tell_goodput(msg.goodput_bps)

    def _forget_the_gone(self) -> None:
        """What was said by somebody who is no longer there is not known to be so."""
        if not self.count_publishers(self._modes.topic_name):
            self._mode = ""
        if not self.count_publishers(self._links.topic_name):
            self._link = None

    def _seen(self, stamp: float) -> tuple[Sighting, ...]:
        """Who may be shown on the image of a moment."""
        return self._sightings.on(stamp, self.permitted.opted_out) if self.permitted.open else ()

    def _draw_due(self) -> None:
        """Hand over the images that need not wait for their estimates any longer."""
        scene = Scene(mode=self._mode, link=self._link, paused=self.permitted.why_shut)
        for stamp, msg in self._waiting.due(self.now(), wait=not scene.paused):
            self._work.put(stamp, Job(msg, self._seen(stamp), scene))
        self.flow.dropped = self._work.dropped

    def _do(self, job: Job) -> None:
        """Draw and publish, in the thread beside the executor."""
        if not self._looked_at():
            return
        image = image_from_msg(job.msg)
        image = np.require(shrink(image, (self.params.width, image.shape[0])), requirements=("C", "W"))
        size = image.shape[1], image.shape[0]
        people = [person(sighting, size) for sighting in job.seen if self.permitted.open]
        began = perf_counter()
        self._overlay.draw(image, replace(job.scene, people=people))
        self._drawing_s = perf_counter() - began
        self._publish(image, job.msg.header)

    def _publish(self, image: Image8, header: Header) -> None:
        if self._compressed.get_subscription_count():
            began = perf_counter()
            data = encode_jpeg(image, self.params.jpeg_quality)
            self._encoding_s = perf_counter() - began
            self._compressed.publish(CompressedImage(header=header, format=JPEG, data=data))
        if self._raw.get_subscription_count():
            self._raw.publish(image_to_msg(image, header))
        self.flow.passed(seconds(header.stamp), self.now())
