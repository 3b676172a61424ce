"""A small dialogue system: it chooses what to say by the cues of fer_ros, and announces its turns.

    python examples/speech_lines.py                        beside a running `fer_ros run`
    python examples/speech_lines.py --lines mine.yaml --speed 20

It uses the public topics only: it takes `cue` and `reaction`, and publishes `turn` and what it says as `say`
(std_msgs/String). With a speech synthesiser, replace the clock in `Speaker.tick` by its "I have finished".
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

# Topic → its lines; cue → what is said in answer to it. {topic} is the present one.
LINES: dict[str, dict[str, list[str]]] = {
    "topics": {
        "weather": ["It will be sunny today.", "Tomorrow it may rain.", "I like the sound of rain."],
        "lunch": ["There is soup for lunch.", "I am told that the soup is green."],
        "music": ["Shall I play some music?", "I know two hundred songs."],
    },
    "answers": {
        "comfort": ["I am here with you.", "Take all the time you need."],
        "celebrate": ["That is lovely!", "How nice to see you smile!"],
        "check_in": ["How are you feeling?", "Shall I go on?"],
        "slow_down": ["Let me say that again, slowly.", "I will take my time."],
        "change_topic": ["Let us speak of something else than {topic}."],
        "wait": [],  # silence is an answer
    },
    "reactions": {"lost": ["Hello? I will be here."], "upset": ["I am sorry that I brought that up."]},
}
SILENCE_S = 2.0  # how long it listens before it goes on
SPEAKING, LISTENING, ENDED = 0, 1, 2


@dataclass(frozen=True)
class Announcement:
    """A state of a turn, and the line that is said in it; the fields of Turn.msg and of `say`."""

    turn_id: str
    topic: str
    state: int
    line: str = ""


class Speaker:
    """Says one line at a time, listens after each, and never says the same line twice in a row.

    Time is an argument, in s. Every method returns what is to be announced, in order.
    """

    def __init__(self, lines: Mapping[str, Mapping[str, list[str]]], characters_per_s: float) -> None:
        self._lines = lines
        self._speed = characters_per_s
        self._topics = list(lines["topics"])
        self._next: dict[str, int] = {}  # topic, cue or reaction → how many of its lines were said
        self._turn = 0
        self._state = ENDED
        self._until = -inf  # s, when the present state ends
        self._waiting = False
        self._pending = ""  # what is said next

    @property
    def topic(self) -> str:
        """What it speaks about."""
        return self._topics[0]

    def on_cue(self, cue: str, now: float) -> list[Announcement]:
        """Take a cue to heart: at once while silent, else after the present line."""
        self._waiting = cue == "wait"
        answer = self._line("answers", cue).format(topic=self.topic)
        if cue == "change_topic":
            self._topics.append(self._topics.pop(0))
        self._pending = answer or self._pending
        return self._speak(now) if self._state != SPEAKING and self._pending else []

    def on_reaction(self, reaction: str) -> None:
        """Remember what the last line did, for the next one."""
        self._pending = self._line("reactions", reaction) or self._pending

    def tick(self, now: float) -> list[Announcement]:
        """Finish a line, or begin the next when the silence has lasted long enough."""
        if now < self._until:
            return []
        if self._state == SPEAKING:
            self._state, self._until = LISTENING, now + SILENCE_S
            return [self._announce()]
        ended = [self._announce(ENDED)] if self._state == LISTENING else []
        self._state = ENDED
        if self._waiting and not self._pending:
            return ended
        return [*ended, *self._speak(now)]

    def _speak(self, now: float) -> list[Announcement]:
        line = self._pending or self._line("topics", self.topic)
        self._pending = ""
        self._turn += 1
        self._state, self._until = SPEAKING, now + len(line) / self._speed
        return [self._announce(line=line)]

    def _line(self, kind: str, name: str) -> str:
        choices = self._lines[kind].get(name, [])
        if not choices:
            return ""
        said = self._next.get(name, 0)
        self._next[name] = said + 1
        return choices[said % len(choices)]

    def _announce(self, state: int | None = None, line: str = "") -> Announcement:
        return Announcement(f"turn_{self._turn}", self.topic, self._state if state is None else state, line)


def read_lines(path: Path) -> dict[str, dict[str, list[str]]]:
    """Lines of one's own, in the form of LINES; SystemExit says what is missing."""
    import yaml

    lines = yaml.safe_load(path.read_text(encoding="utf-8"))
    for kind in LINES:
        if not isinstance(lines, dict) or not isinstance(lines.get(kind), dict):
            raise SystemExit(f"{path} has no map {kind}; it takes {', '.join(LINES)}, as LINES in {__file__}")
    if not lines["topics"] or not all(lines["topics"].values()):
        raise SystemExit(f"{path}: every topic needs a line, and there must be a topic")
    return {kind: {name: list(some or []) for name, some in lines[kind].items()} for kind in LINES}


def make_node(speaker: Speaker) -> Any:
    """The ROS node around a speaker."""
    from fer_ros.msg import ConversationCue, Reaction, Turn
    from rclpy.node import Node
    from std_msgs.msg import Header, String

    class Speech(Node):
        """Publishes turn and say."""

        def __init__(self) -> None:
            super().__init__("speech")
            self._turn = self.create_publisher(Turn, "turn", 10)
            self._say = self.create_publisher(String, "say", 10)
            self.create_subscription(ConversationCue, "cue", self._on_cue, 10)
            self.create_subscription(Reaction, "reaction", lambda msg: speaker.on_reaction(msg.reaction), 10)
            self.create_timer(0.1, lambda: self._publish(speaker.tick(self._now())))

        def _on_cue(self, msg: ConversationCue) -> None:
            self._publish(speaker.on_cue(msg.cue, self._now()))

        def _publish(self, announcements: Sequence[Announcement]) -> None:
            for told in announcements:
                header = Header(stamp=self.get_clock().now().to_msg())
                self._turn.publish(Turn(header=header, id=told.turn_id, topic=told.topic, state=told.state))
                if told.line:
                    self.get_logger().info(told.line)
                    self._say.publish(String(data=told.line))

        def _now(self) -> float:
            return float(self.get_clock().now().nanoseconds * 1e-9)

    return Speech()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the node until it is interrupted."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=Path, metavar="FILE", help="YAML with lines of your own")
    parser.add_argument("--speed", type=float, default=14.0, help="characters a second (default 14)")
    args, rest = parser.parse_known_args(arguments)
    if not args.speed > 0:
        parser.error(f"--speed is {args.speed}; give more than 0")
    speaker = Speaker(read_lines(args.lines) if args.lines else LINES, args.speed)
    import rclpy

    rclpy.init(args=rest)
    node = make_node(speaker)
    try:
        rclpy.spin(node)
    except KeyboardInterrupt:
        pass
    finally:
        node.destroy_node()
        rclpy.try_shutdown()


if __name__ == "__main__":
    main()
