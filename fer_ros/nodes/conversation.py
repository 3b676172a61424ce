"""conversation: estimates and turns in, cues and reactions for a dialogue system out."""

from typing import Any

from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from std_msgs.msg import Header

from fer_ros.conversation.manager import ConversationManager, Cue, Output
from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.policy import load_policy, policy_path
from fer_ros.conversation.reaction import Reaction
from fer_ros.conversation.received import mode_of, observation_of, turn_of
from fer_ros.health import Look
from fer_ros.msg import ConversationCue, EmotionEstimate, OperatingMode, Turn
from fer_ros.msg import Reaction as ReactionMsg
from fer_ros.nodes.deciding import DecidingNode
from fer_ros.nodes.glance import Glance, Glancer
from fer_ros.nodes.messages import to_time
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.permission import Permitted
from fer_ros.nodes.qos import ESTIMATES, RESULTS

# Two changes at once are both heard: what is heard is what is recorded.
MODES = QoSProfile(
    depth=10, reliability=ReliabilityPolicy.RELIABLE, durability=DurabilityPolicy.TRANSIENT_LOCAL
)


class Conversation(DecidingNode):
    """Publishes cue and reaction, whenever there is something new to say."""

    def __init__(self, **options: Any) -> None:
        super().__init__("conversation", **options)
        self.params = declare(self, ConversationParams)
        self._manager = ConversationManager(self.params, load_policy(policy_path(self.params.policy)))
        self._frame_id = ""
        self._newest_cue = self._newest_rule = ""
        self.permitted = Permitted(self, tells=False)
        self._speak(ConversationCue, "cue", RESULTS)
        self._speak(ReactionMsg, "reaction", RESULTS)
        self._hear(EmotionEstimate, "emotion", self._on_emotion, ESTIMATES, Glancer())
        self._hear(OperatingMode, "mode", self._on_mode, MODES)
        self._hear(Turn, "turn", self._on_turn, RESULTS)
        self._begin_ticks(self.params.tick_hz)

    def look(self) -> Look:
        """The policy, and what it said last."""
        said = {"policy": self.params.policy, "cue": self._newest_cue, "rule": self._newest_rule}
        return Look(said, idle=self.permitted.why_shut)

    def tick(self, now: float) -> None:
        """Say what is due."""
        self._tell(self._manager.tick(now))

    def _on_emotion(self, seen: Glance, _: bytes, now: float) -> None:
        self._frame_id = seen.frame_id
        self._tell(self._manager.on_estimate(observation_of(seen, seen.stamp), now))
        self.flow.passed(seen.stamp, now)

    def _on_mode(self, msg: OperatingMode, *_: Any) -> None:
        self._manager.on_mode(mode_of(msg))

    def _on_turn(self, msg: Turn, _: bytes, now: float) -> None:
        self._tell(self._manager.on_turn(turn_of(msg, now), now))

    def _tell(self, outputs: tuple[Output, ...]) -> None:
        for output in outputs:
            if isinstance(output, Cue):
                self._newest_cue, self._newest_rule = output.cue, output.rule
                self._say("cue", self._cue(output))
                self.get_logger().info(f"cue {output.cue}: {output.explanation}")
            else:
                self._say("reaction", self._reaction(output))
                self.get_logger().info(f"reaction {output.reaction}: {output.explanation}")

    def _cue(self, cue: Cue) -> ConversationCue:
        return ConversationCue(
            header=self._header(cue.stamp),
            cue=cue.cue,
            face_id=cue.face_id,
            turn_id=cue.turn_id,
            emotion=cue.emotion,
            confidence=cue.confidence,
            rule=cue.rule,
            explanation=cue.explanation,
        )

    def _reaction(self, reaction: Reaction) -> ReactionMsg:
        return ReactionMsg(
            header=self._header(reaction.stamp),
            turn_id=reaction.turn_id,
            topic=reaction.topic,
            face_id=reaction.face_id,
            reaction=reaction.reaction,
            confidence=reaction.confidence,
            valence_before=reaction.before,
            valence_during=reaction.during,
            valence_after=reaction.after,
            explanation=reaction.explanation,
        )

    def _header(self, stamp: float) -> Header:
        return Header(stamp=to_time(stamp), frame_id=self._frame_id)
