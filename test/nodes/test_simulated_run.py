"""The whole graph on the camera of a real simulator: a robot's head in MuJoCo, and a person who moves."""

from math import hypot
from statistics import median

import pytest
from fer_ros.msg import EmotionEstimate
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import CameraInfo
from simulated_truth import CAMERA, face_px, needs_simulator, pose_at

from fer_ros.nodes.messages import seconds
from fer_ros.nodes.qos import ESTIMATES

from .bench import Bench
from .program import Ended, Program, fer_ros
from .running import AGES

ROUND_S = 16.0  # the person's path, and as much again as it takes to come back
TO_THE_END_S = 90.0
WORLD = ("--fps", "10", "--speed", "1.5")
WIDTH, HEIGHT = 640, 480
GRAPH = ("run", "--json", "--no-cloud", "--source", "topic", "--input", "/sim/camera/image_raw")
NO_MODELS_OF_OTHERS = ("--faces.finder", "haar", "--faces.reader", "none")


@pytest.fixture(scope="module")
def seen(own_environment):
    """What came out of a run during a whole round of the person's path."""
    import rclpy

    needs_simulator()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in own_environment.items():
            patch.setenv(name, value)
        rclpy.init()
        bench = Bench()
        try:
            yield Seen(bench)
        finally:
            bench.close()
            rclpy.shutdown()


class Seen:
    """A run of simulator and graph, each a process of its own.

    Attributes:
        estimates: `emotion`, as EmotionEstimate.
        clock: the newest simulated time, s.
        lens: (focal length, x of the middle, y of the middle), px, as camera_info says.
        graph: how `fer_ros run` ended.
        simulator: how the simulator ended.
    """

    def __init__(self, bench: Bench) -> None:
        self.estimates = bench.listen(EmotionEstimate, "emotion", ESTIMATES)
        clock, info = bench.listen(Clock, "/clock"), bench.listen(CameraInfo, "sim/camera/camera_info")
        graph = Program(fer_ros(*GRAPH, "--use-sim-time", *NO_MODELS_OF_OTHERS, *AGES))
        simulator = Program([CAMERA, *WORLD])
        try:
            bench.until(lambda: self.estimates and self.span_s() >= ROUND_S, "a whole round", TO_THE_END_S)
            self.simulator: Ended = simulator.interrupt()
            self.graph: Ended = graph.interrupt()
        finally:
            for program in (graph, simulator):
                program.process.kill()
        self.clock = seconds(clock[-1].clock)
        self.lens = info[0].k[0], info[0].k[2], info[0].k[5]

    def span_s(self):
        return seconds(self.estimates[-1].header.stamp) - seconds(self.estimates[0].header.stamp)

    def of_faces(self):
        return [(seconds(e.header.stamp), e) for e in self.estimates if e.face_id]

    def truth(self, t):
        return face_px(t, self.lens)

    def whole(self, t, margin=1.0):
        """Whether the face and that much of its width beside it are in the image."""
        x, y, width = self.truth(t)
        return min(x, WIDTH - x, y, HEIGHT - y) > (0.5 + margin) * width


def test_both_end_without_a_complaint(seen):
    assert (seen.simulator.status, seen.simulator.err) == (0, "")
    assert seen.graph.status == 0
    assert "Traceback" not in seen.graph.err


def test_estimates_carry_the_simulated_time_of_their_image(seen):
    stamps = [seconds(e.header.stamp) for e in seen.estimates]
    assert stamps == sorted(stamps)
    assert 0 < stamps[0] < stamps[-1] <= seen.clock
    assert all(abs(10 * t - round(10 * t)) < 1e-3 for t in stamps)  # an image every 0.1 s
    assert {e.header.frame_id for e in seen.estimates} == {"head_camera_optical"}


def test_the_person_is_estimated_while_in_view(seen):
    in_view = [e for e in seen.estimates if seen.whole(seconds(e.header.stamp))]
    with_face = [e for e in in_view if e.face_id]
    assert len(with_face) >= 0.85 * len(in_view) > 30
    assert any(e.probabilities for e in with_face)


def test_the_box_follows_the_persons_real_place(seen):
    misses = []
    for t, estimate in seen.of_faces():
        x, y, width = seen.truth(t)
        x0, y0, x1, y1 = estimate.box
        misses.append(hypot((x0 + x1) / 2 * WIDTH - x, (y0 + y1) / 2 * HEIGHT - y) / width)
    assert median(misses) < 0.25
    assert sorted(misses)[int(0.95 * len(misses))] < 0.5


def test_the_box_shrinks_with_the_distance_as_the_projection_says(seen):
    ratios = {"near": [], "far": []}
    for t, estimate in seen.of_faces():
        distance = pose_at(t).distance_m
        where = "near" if distance < 0.8 else "far" if distance > 2.4 else ""
        if where:
            ratios[where].append((estimate.box[2] - estimate.box[0]) * WIDTH / seen.truth(t)[2])
    assert min(map(len, ratios.values())) >= 5
    assert median(ratios["far"]) == pytest.approx(median(ratios["near"]), rel=0.25)


def test_out_of_view_there_is_nobody_and_then_somebody_again(seen):
    gone = [e for e in seen.estimates if abs(pose_at(seconds(e.header.stamp)).bearing_deg) > 55]
    assert len(gone) >= 5
    assert {(e.abstained, e.reason, e.face_id) for e in gone} == {(True, "no face", "")}
    back = [e for t, e in seen.of_faces() if t > seconds(gone[0].header.stamp)]
    assert len(back) >= 5
