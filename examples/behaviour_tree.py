"""A behaviour tree (py_trees) that acts on the cues and reactions of fer_ros.

    python examples/behaviour_tree.py                      beside a running `fer_ros run`
    python examples/behaviour_tree.py --print              the tree alone
    python examples/behaviour_tree.py --ros-args -r __ns:=/robot_1

It uses the public topics only: it takes `cue` and `reaction`, and publishes `act` (std_msgs/String), the
name of what the robot should be doing, at every change. Needs: pip install py_trees
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import py_trees
from py_trees.common import Status

TICK_HZ = 10.0
# Cue → (what the robot does, for how many s). Higher ones interrupt lower ones that still go on.
ACTS = {
    "comfort": ("lean in and speak softly", 6.0),
    "change_topic": ("offer another topic", 4.0),
    "celebrate": ("raise the arms", 3.0),
    "check_in": ("ask how it is", 4.0),
    "slow_down": ("pause, then speak slower", 3.0),
    "wait": ("look around and wait", 2.0),
    "keep_going": ("go on", 1.0),
}
APOLOGY = ("say sorry for the last remark", 2.0)
IDLE = "idle"


@dataclass
class Inbox:
    """What was heard and not acted on yet.

    Attributes:
        cue: the newest cue; empty: acted on.
        upset: whether the last utterance upset the person, and nothing was done about it.
        now: s, of the present tick.
    """

    cue: str = ""
    upset: bool = False
    now: float = 0.0
    acts: list[str] = field(default_factory=list)


class Heard(py_trees.behaviour.Behaviour):
    """Succeeds once for each time that something was heard, and takes it out of the inbox."""

    def __init__(self, name: str, take: Callable[[], bool]) -> None:
        super().__init__(name)
        self._take = take

    def update(self) -> Status:
        """Look into the inbox."""
        return Status.SUCCESS if self._take() else Status.FAILURE


class Act(py_trees.behaviour.Behaviour):
    """Does something for a while."""

    def __init__(self, name: str, lasts_s: float, inbox: Inbox) -> None:
        super().__init__(name)
        self._lasts_s = lasts_s
        self._inbox = inbox
        self._end = 0.0

    def initialise(self) -> None:
        """Begin."""
        self._end = self._inbox.now + self._lasts_s
        self._inbox.acts.append(self.name)

    def update(self) -> Status:
        """Go on until the time is over."""
        return Status.SUCCESS if self._inbox.now >= self._end else Status.RUNNING


def make_tree(inbox: Inbox) -> py_trees.trees.BehaviourTree:
    """A selector over cues, the one that matters most first; what goes on is finished unless interrupted."""

    def cued(cue: str) -> Callable[[], bool]:
        def take() -> bool:
            if inbox.cue != cue:
                return False
            inbox.cue = ""
            return True

        return take

    def upset() -> bool:
        was, inbox.upset = inbox.upset, False
        return was

    root = py_trees.composites.Selector("conversation", memory=False)
    root.add_child(_reply("sorry", upset, APOLOGY, inbox))
    for cue, act in ACTS.items():
        root.add_child(_reply(cue, cued(cue), act, inbox))
    root.add_child(Act(IDLE, 0.0, inbox))
    return py_trees.trees.BehaviourTree(root)


def _reply(name: str, take: Callable[[], bool], act: tuple[str, float], inbox: Inbox) -> Any:
    """Act when something was heard: a sequence that remembers that it already was."""
    sequence = py_trees.composites.Sequence(name, memory=True)
    sequence.add_children([Heard(f"{name}?", take), Act(*act, inbox)])
    return sequence


def make_node() -> Any:
    """The ROS node around the tree."""
    from fer_ros.msg import ConversationCue, Reaction
    from rclpy.node import Node
    from std_msgs.msg import String

    class CueTree(Node):
        """Ticks the tree and says what it does."""

        def __init__(self) -> None:
            super().__init__("cue_tree")
            self.inbox = Inbox()
            self.tree = make_tree(self.inbox)
            self._doing = ""
            self._act = self.create_publisher(String, "act", 10)
            self.create_subscription(ConversationCue, "cue", self._on_cue, 10)
            self.create_subscription(Reaction, "reaction", self._on_reaction, 10)
            self.create_timer(1.0 / TICK_HZ, self._tick)

        def _on_cue(self, msg: ConversationCue) -> None:
            self.inbox.cue = msg.cue

        def _on_reaction(self, msg: Reaction) -> None:
            self.inbox.upset = msg.reaction == Reaction.UPSET

        def _tick(self) -> None:
            self.inbox.now = self.get_clock().now().nanoseconds * 1e-9
            self.inbox.acts.clear()
            self.tree.tick()
            if self.inbox.acts and self.inbox.acts[-1] != self._doing:
                self._doing = self.inbox.acts[-1]
                self.get_logger().info(self._doing)
                self._act.publish(String(data=self._doing))

    return CueTree()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the node until it is interrupted."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--print", action="store_true", help="print the tree and end")
    args, rest = parser.parse_known_args(arguments)
    if args.print:
        sys.stdout.write(py_trees.display.ascii_tree(make_tree(Inbox()).root))
        return
    import rclpy

    rclpy.init(args=rest)
    node = make_node()
    try:
        rclpy.spin(node)
    except KeyboardInterrupt:
        pass
    finally:
        node.destroy_node()
        rclpy.try_shutdown()


if __name__ == "__main__":
    main()
