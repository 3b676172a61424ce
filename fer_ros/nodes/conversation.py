"""conversation: estimates in, cues for a dialogue system out."""

from pathlib import Path
from typing import Any

from std_msgs.msg import Header

from fer_ros.conversation.manager import ConversationManager, Cue
from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.policy import load_policy
from fer_ros.conversation.smoothing import Observation
from fer_ros.errors import FerError
from fer_ros.mode import Mode
from fer_ros.msg import ConversationCue, EmotionEstimate, OperatingMode
from fer_ros.nodes.messages import seconds, to_time
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.qos import LATCHED, RESULTS
from fer_ros.resources import share


class Conversation(FerNode):
    """Publishes cue, whenever the policy has something new to say."""

    def __init__(self, **options: Any) -> None:
        super().__init__("conversation", **options)
        self.params = declare(self, ConversationParams)
        self._manager = ConversationManager(self.params, load_policy(policy_path(self.params.policy)))
        self._frame_id = ""
        self._cues = self.create_publisher(ConversationCue, "cue", RESULTS)
        self.create_subscription(EmotionEstimate, "emotion", self.guarded(self._on_emotion), RESULTS)
        self.create_subscription(OperatingMode, "mode", self.guarded(self._on_mode), LATCHED)
        self.create_timer(1.0 / self.params.tick_hz, self._tick)

    def _on_emotion(self, msg: EmotionEstimate) -> None:
        self._frame_id = msg.header.frame_id
        self._manager.on_estimate(observation(msg), self.now())

    def _on_mode(self, msg: OperatingMode) -> None:
        self._manager.on_mode(mode_from_msg(msg))

    def _tick(self) -> None:
        cue = self._manager.tick(self.now())
        if cue is not None:
            self.get_logger().info(f"cue {cue.cue}: {cue.explanation}")
            self._cues.publish(self._to_msg(cue))

    def _to_msg(self, cue: Cue) -> ConversationCue:
        return ConversationCue(
            header=Header(stamp=to_time(cue.stamp), frame_id=self._frame_id),
            cue=cue.cue,
            face_id=cue.face_id,
            emotion=cue.emotion,
            confidence=cue.confidence,
            rule=cue.rule,
            explanation=cue.explanation,
        )


def policy_path(name: str) -> Path:
    """A policy file: one of this package's by name, or any by its path."""
    path = Path(name).expanduser()
    return path if path.suffix in (".yaml", ".yml") else share("config") / "policies" / f"{name}.yaml"


def mode_from_msg(msg: OperatingMode) -> Mode:
    """The mode of a message; FerError for a number that is none."""
    if msg.mode not in set(Mode):
        raise FerError(f"mode is {msg.mode}; its sender must give one of OperatingMode's constants")
    return Mode(msg.mode)


def observation(msg: EmotionEstimate) -> Observation:
    """What the conversation needs of a message; FerError where labels and probabilities do not match."""
    if len(msg.probabilities) and len(msg.labels) != len(msg.probabilities):
        raise FerError(
            f"an estimate has {len(msg.labels)} labels for {len(msg.probabilities)} probabilities; "
            "its sender must give one for each"
        )
    return Observation(
        stamp=seconds(msg.header.stamp),
        face_id=msg.face_id,
        labels=msg.labels,
        probabilities=msg.probabilities,
        prediction_set=msg.prediction_set,
        abstained=msg.abstained,
        valence=msg.valence,
        arousal=msg.arousal,
        face_size_px=msg.face_size_px,
    )
