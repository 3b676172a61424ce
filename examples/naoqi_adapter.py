"""Lets a robot with NAOqi (Pepper, NAO) act on the cues of fer_ros, and announces when it speaks.

    python examples/naoqi_adapter.py --robot tcp://pepper.local:9559      needs: pip install qi
    python examples/naoqi_adapter.py --play examples/naoqi_session.yaml   no robot and no ROS

`Body` is the interface: what the conversation needs of a robot. `NaoqiBody` fills it with NAOqi's services;
another robot is another class. The file that `--play` takes is a session written down call by call, from the
services' documentation and not from a robot: it checks this side of the wire.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

SPEAKING, LISTENING, ENDED = 0, 1, 2
WHITE, WARM, GREEN = 0xFFFFFF, 0xFF9020, 0x20FF40
GESTURES = "animations/Stand/Gestures"
# Cue → (colour of the eyes, gesture, what is said); empty: nothing.
ANSWERS = {
    "comfort": (WARM, f"{GESTURES}/Please_1", "I am here with you."),
    "celebrate": (GREEN, f"{GESTURES}/Enthusiastic_4", "How nice!"),
    "check_in": (WHITE, "", "How are you feeling?"),
    "change_topic": (WHITE, "", "Let us speak of something else."),
    "slow_down": (WHITE, "", ""),
    "wait": (WHITE, "", ""),
}
SPEED_PERCENT, SLOW_PERCENT = 100, 80


class Body(Protocol):
    """What the conversation needs of a robot. No call may block: the robot says when it has finished."""

    def say(self, text: str) -> None:
        """Begin to say something."""

    def gesture(self, name: str) -> None:
        """Begin a gesture."""

    def eyes(self, rgb: int) -> None:
        """Fade the eyes to a colour, 0xRRGGBB."""

    def speak_at(self, percent: int) -> None:
        """Set the speed of speech."""

    def hush(self) -> None:
        """Stop speaking at once."""

    def when_silent(self, told: Callable[[], None]) -> None:
        """Call `told` whenever something said has been said to its end."""


class NaoqiBody:
    """A robot behind a NAOqi session: anything with `service(name)`, as qi.Session has."""

    def __init__(self, session: Any) -> None:
        self._speech = session.service("ALTextToSpeech")
        self._animations = session.service("ALAnimationPlayer")
        self._leds = session.service("ALLeds")
        self._done = session.service("ALMemory").subscriber("ALTextToSpeech/TextDone")

    def say(self, text: str) -> None:
        """Begin to say something; `_async` makes the call return before the robot has finished."""
        self._speech.say(text, _async=True)

    def gesture(self, name: str) -> None:
        """Begin an animation of ALAnimationPlayer."""
        self._animations.run(name, _async=True)

    def eyes(self, rgb: int) -> None:
        """Fade the eyes within half a second."""
        self._leds.fadeRGB("FaceLeds", rgb, 0.5, _async=True)

    def speak_at(self, percent: int) -> None:
        """Set the speed of ALTextToSpeech, in percent of its normal one."""
        self._speech.setParameter("speed", percent)

    def hush(self) -> None:
        """Stop everything that is being said."""
        self._speech.stopAll()

    def when_silent(self, told: Callable[[], None]) -> None:
        """Follow the event TextDone, which is raised with 0 at the begin and 1 at the end."""
        self._done.signal.connect(lambda value: told() if value else None)


class Adapter:
    """Turns cues into what a body does, and what a body does into turns.

    Attributes:
        announce: called with (turn id, state): SPEAKING or LISTENING.
    """

    def __init__(self, body: Body, announce: Callable[[str, int], None]) -> None:
        self._body = body
        self.announce = announce
        self._turn = 0
        self._speaking = False
        body.when_silent(self._on_silent)

    def on_cue(self, cue: str) -> None:
        """Act on a cue; keep_going changes nothing."""
        if cue not in ANSWERS:
            return
        colour, gesture, line = ANSWERS[cue]
        self._body.eyes(colour)
        if cue in ("wait", "change_topic") and self._speaking:
            self._body.hush()
            self._on_silent()
        self._body.speak_at(SLOW_PERCENT if cue in ("slow_down", "comfort") else SPEED_PERCENT)
        if gesture:
            self._body.gesture(gesture)
        if line and not self._speaking:
            self._say(line)

    def _say(self, line: str) -> None:
        self._turn += 1
        self._speaking = True
        self.announce(f"naoqi_{self._turn}", SPEAKING)
        self._body.say(line)

    def _on_silent(self) -> None:
        if self._speaking:
            self._speaking = False
            self.announce(f"naoqi_{self._turn}", LISTENING)


class RecordedSession:
    """The robot's side of a session, played from its record: every call must be the one that comes next.

    Raises (from the calls):
        AssertionError: another call was made than the record has.
    """

    def __init__(self, record: Sequence[dict[str, Any]]) -> None:
        self._left = list(record)
        self._listeners: dict[str, list[Callable[[Any], None]]] = {}

    def service(self, name: str) -> Any:
        """A service whose methods are looked up in the record."""
        session = self

        class Service:
            def __getattr__(self, method: str) -> Callable[..., Any]:
                return lambda *args, _async=False: session.meet("call", f"{name}.{method}", list(args))

            def subscriber(self, event: str) -> Any:
                connect = session._listeners.setdefault(event, []).append
                signal = type("Signal", (), {"connect": staticmethod(connect)})
                return type("Subscriber", (), {"signal": signal})

        return Service()

    def meet(self, kind: str, name: str, args: list[Any]) -> None:
        """Hold what the adapter does against the record."""
        expected = self._left.pop(0) if self._left else {"kind": "the end"}
        found = {"kind": kind, "name": name, "args": args}
        if expected != found:
            raise AssertionError(f"the record has {expected}, but the adapter does {found}")

    def play(self, on_cue: Callable[[str], None]) -> Iterator[str]:
        """Give the cues and the robot's events of the record, in order; a line for each."""
        while self._left:
            entry = self._left.pop(0)
            if entry["kind"] == "cue":
                on_cue(entry["name"])
            elif entry["kind"] == "event":
                for listener in self._listeners.get(entry["name"], []):
                    listener(entry["args"][0])
            else:
                raise AssertionError(f"the record has {entry}, but the adapter did not do it")
            yield f"{entry['kind']} {entry['name']}"


def play(path: Path) -> list[str]:
    """Play a record against the adapter; a line for each cue and event that went as it says."""
    import yaml

    session = RecordedSession(yaml.safe_load(path.read_text(encoding="utf-8")))
    adapter = Adapter(NaoqiBody(session), lambda turn_id, state: session.meet("turn", turn_id, [state]))
    return list(session.play(adapter.on_cue))


def run(url: str, ros_arguments: Sequence[str]) -> None:
    """Connect a robot with the topics `cue` and `turn` until interrupted."""
    import qi
    import rclpy
    from fer_ros.msg import ConversationCue, Turn
    from std_msgs.msg import Header

    session = qi.Session()
    session.connect(url)
    rclpy.init(args=ros_arguments)
    node = rclpy.create_node("naoqi_adapter")
    turns = node.create_publisher(Turn, "turn", 10)

    def announce(turn_id: str, state: int) -> None:
        turns.publish(Turn(header=Header(stamp=node.get_clock().now().to_msg()), id=turn_id, state=state))

    adapter = Adapter(NaoqiBody(session), announce)
    node.create_subscription(ConversationCue, "cue", lambda msg: adapter.on_cue(msg.cue), 10)
    try:
        rclpy.spin(node)
    except KeyboardInterrupt:
        pass
    finally:
        node.destroy_node()
        rclpy.try_shutdown()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run against a robot, or play a record."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    side = parser.add_mutually_exclusive_group(required=True)
    side.add_argument("--robot", metavar="URL", help="address of NAOqi, such as tcp://pepper.local:9559")
    side.add_argument("--play", type=Path, metavar="FILE", help="a session written down, instead of a robot")
    args, rest = parser.parse_known_args(arguments)
    if args.robot:
        run(args.robot, rest)
    else:
        sys.stdout.writelines(f"{line}\n" for line in play(args.play))


if __name__ == "__main__":
    main()
