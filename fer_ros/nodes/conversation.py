"""conversation: estimates and turns in, cues and reactions for a dialogue system out."""

from typing import Any

from std_msgs.msg import Header

from fer_ros.conversation.manager import ConversationManager, Cue, Output
from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.policy import load_policy, policy_path
from fer_ros.conversation.reaction import Reaction
from fer_ros.conversation.received import mode_of, observation_of, turn_of
from fer_ros.health import Look
from fer_ros.msg import ConversationCue, EmotionEstimate, OperatingMode, Turn
from fer_ros.msg import Reaction as ReactionMsg
from fer_ros.nodes.messages import seconds, to_time
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.qos import ESTIMATES, LATCHED, RESULTS


class Conversation(FerNode):
    """Publishes cue and reaction, whenever there is something new to say."""

    def __init__(self, **options: Any) -> None:
        super().__init__("conversation", **options)
        self.params = declare(self, ConversationParams)
        self._manager = ConversationManager(self.params, load_policy(policy_path(self.params.policy)))
        self._frame_id = ""
        self._newest_cue = self._newest_rule = ""
        self._cues = self.create_publisher(ConversationCue, "cue", RESULTS)
        self._reactions = self.create_publisher(ReactionMsg, "reaction", RESULTS)
        self.create_subscription(EmotionEstimate, "emotion", self.guarded(self._on_emotion), ESTIMATES)
        self.create_subscription(OperatingMode, "mode", self.guarded(self._on_mode), LATCHED)
        self.create_subscription(Turn, "turn", self.guarded(self._on_turn), RESULTS)
        self.create_timer(1.0 / self.params.tick_hz, lambda: self._tell(self._manager.tick(self.now())))

    def look(self) -> Look:
        """The policy, and what it said last."""
        return Look({"policy": self.params.policy, "cue": self._newest_cue, "rule": self._newest_rule})

    def _on_emotion(self, msg: EmotionEstimate) -> None:
        self._frame_id = msg.header.frame_id
        now = self.now()
        self._tell(self._manager.on_estimate(observation_of(msg), now))
        self.flow.passed(seconds(msg.header.stamp), now)

    def _on_mode(self, msg: OperatingMode) -> None:
        self._manager.on_mode(mode_of(msg))

    def _on_turn(self, msg: Turn) -> None:
        now = self.now()
        self._tell(self._manager.on_turn(turn_of(msg, now), now))

    def _tell(self, outputs: tuple[Output, ...]) -> None:
        for output in outputs:
            if isinstance(output, Cue):
                self._newest_cue, self._newest_rule = output.cue, output.rule
                self._cues.publish(self._cue(output))
                self.get_logger().info(f"cue {output.cue}: {output.explanation}")
            else:
                self._reactions.publish(self._reaction(output))
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
