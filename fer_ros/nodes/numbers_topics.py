"""Numbers that plotting tools show as they are: one topic each, of the person attended and of the link."""

from collections.abc import Sequence
from math import isfinite, nan

from std_msgs.msg import Float64

from fer_ros.emotions import LABEL_SPACES
from fer_ros.estimators.estimate import Estimate
from fer_ros.msg import EmotionEstimate
from fer_ros.nodes.glance import Glancer
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.qos import ESTIMATES, RESULTS
from fer_ros.viewer.sightings import Attention, Sighting

LABELS = tuple(dict.fromkeys(label for space in LABEL_SPACES.values() for label in space))
OTHERS = ("valence", "arousal", "latency_ms", "cloud_age_s", "goodput_mbps")
CLOUD_AGE_EVERY_S = 0.2  # the age grows while nothing comes


class Numbers:
    """Publishes numbers/<name>; what is not known is not published.

    All topics are there from the beginning, those of labels too, so that tools can list them and policies
    allow them.
    """

    def __init__(self, node: FerNode) -> None:
        self._node = node
        self._topics = {
            name: node.create_publisher(Float64, f"numbers/{name}", RESULTS) for name in (*LABELS, *OTHERS)
        }
        self._attention = Attention()
        self._glance = Glancer()
        self._cloud_s = nan  # stamp of its newest result
        hear = node.guarded(self._on_cloud)
        node.create_subscription(EmotionEstimate, "emotion/cloud", hear, ESTIMATES, raw=True)
        node.create_timer(CLOUD_AGE_EVERY_S, self._tell_cloud_age)

    def tell(self, estimate: Estimate, seen: Sequence[Sighting], latency_s: float) -> None:
        """Publish an estimate, if it is of the person attended.

        Args:
            estimate: of a face, or of none.
            seen: everybody who is to be seen.
            latency_s: from its image until now.
        """
        if not estimate.face_id or self._attention.choose(seen) != estimate.face_id:
            return
        for label, probability in zip(estimate.labels, estimate.probabilities.tolist(), strict=False):
            self._say(label, probability)
        self._say("valence", estimate.valence)
        self._say("arousal", estimate.arousal)
        self._say("latency_ms", 1e3 * latency_s)

    def tell_goodput(self, bits_per_s: float) -> None:
        """Publish what the cloud acknowledged."""
        self._say("goodput_mbps", bits_per_s / 1e6)

    def _on_cloud(self, data: bytes) -> None:
        self._cloud_s = self._glance(data).stamp

    def _tell_cloud_age(self) -> None:
        self._say("cloud_age_s", self._node.now() - self._cloud_s)

    def _say(self, name: str, value: float) -> None:
        topic = self._topics.get(name)
        if topic is not None and isfinite(value) and topic.get_subscription_count():
            topic.publish(Float64(data=float(value)))
