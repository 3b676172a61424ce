"""The whole graph as one program in namespace `robot`, and what a stranger sees that its nodes use."""

import json
from contextlib import suppress

from fer_ros.msg import EmotionEstimate

from fer_ros.nodes.qos import ESTIMATES
from fer_ros.nodes.usage import used_by

RUN = "import sys; from fer_ros.nodes.process import run_graph; sys.exit(run_graph(sys.argv))"
NAMESPACE = "robot"
SMALL = {
    "camera": {"width": 320, "height": 240, "distance_m": 0.8, "rate_hz": 15.0},
    "faces": {"finder": "haar", "reader": "none", "max_age_s": 2.0},
    "estimator": {"max_age_s": 2.0},
    "mode": {"robot_max_age_s": 2.0},
    "cloud/receiver": {"finder": "haar"},
}
DISCOVERY_S = 10.0


def run_until_it_works(bench, programs, *ros_arguments, below=""):
    """Start the graph, and wait for estimates of both machines.

    Args:
        bench: the fixture.
        programs: the fixture.
        ros_arguments: such as remappings.
        below: what remappings put in front of every name.
    """
    topics = [f"{below}/{NAMESPACE}/emotion{machine}" for machine in ("", "/cloud")]
    heard = [bench.listen(EmotionEstimate, topic, ESTIMATES) for topic in topics]
    options = ("--namespace", NAMESPACE, "--options", json.dumps(SMALL))
    programs(["-c", RUN, *options, *(("--ros-args", *ros_arguments) if ros_arguments else ())])
    bench.until(lambda: all(heard), "estimates of both machines")


def seen(bench, uses, expected, of=lambda seen_uses: seen_uses):
    """What a node is seen to use: the expected, unless that does not come.

    Args:
        bench: the fixture.
        uses: of the node, for its path.
        expected: what `of` should give.
        of: the part that is of interest.
    """
    there = (uses.node, uses.namespace(NAMESPACE))
    bench.until(lambda: there in bench.probe.get_node_names_and_namespaces(), f"{there}")

    def now():
        return of(used_by(bench.probe, *there, uses.path))

    with suppress(AssertionError):  # the caller's says more
        bench.until(lambda: now() == expected, deadline_s=DISCOVERY_S)
    return now()
