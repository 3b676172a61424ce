"""How each kind of topic travels."""

from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from rclpy.qos_overriding_options import QoSOverridingOptions

# Images can be had reliably by whoever wants them (a recorder); the graph takes them best-effort, a
# few deep: what waited too long is dropped by its age, and a short stall of a reader loses nothing.
IMAGES_OUT = QoSProfile(depth=5, reliability=ReliabilityPolicy.RELIABLE)
IMAGES_IN = QoSProfile(depth=5, reliability=ReliabilityPolicy.BEST_EFFORT)

RESULTS = QoSProfile(depth=10, reliability=ReliabilityPolicy.RELIABLE)

# Every face of every image: twenty faces at 30 images a second are 600 messages, and a busy reader may
# not come to them for a while.
ESTIMATES = QoSProfile(depth=100, reliability=ReliabilityPolicy.RELIABLE)

LATCHED = QoSProfile(
    depth=1, reliability=ReliabilityPolicy.RELIABLE, durability=DurabilityPolicy.TRANSIENT_LOCAL
)


def overridable() -> QoSOverridingOptions:
    """Let parameters `qos_overrides.<topic>...` change history, depth and reliability."""
    return QoSOverridingOptions.with_default_policies()
