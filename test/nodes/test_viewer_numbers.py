"""viewer: numbers for tools that plot: of the person attended, and of the link."""

from math import nan

import pytest
from fer_ros.msg import EmotionEstimate, LinkStatus
from std_msgs.msg import Float64

from fer_ros.nodes.numbers_topics import LABELS, OTHERS
from fer_ros.nodes.qos import ESTIMATES, LATCHED

from .people import LABELS as FERPLUS
from .people import an_estimate, nobody

START, STEP = 1000.5, 0.0625  # s


class Plotter:
    """Listens to every number, and says what it plays the estimator for."""

    def __init__(self, bench, parameters=None):
        self.bench = bench
        self.node = bench.start("viewer", parameters)
        self.heard = {name: bench.listen(Float64, f"numbers/{name}") for name in (*LABELS, *OTHERS)}
        self.estimates = bench.publisher(EmotionEstimate, "emotion", ESTIMATES)
        self.stamps = iter(START + STEP * i for i in range(1000))
        bench.until(lambda: {p.get_subscription_count() for p in self._numbers()} == {1}, "it is listened to")

    def _numbers(self):
        return [p for p in self.node.publishers if p.topic_name.startswith("/numbers/")]

    def tell(self, *sizes, **fields):
        """Estimates of one moment: of faces by their sizes in px, each with its own valence."""
        stamp = next(self.stamps)
        for number, size in enumerate(sizes):
            msg = an_estimate(stamp, face_id=f"face_{number}", **fields)
            msg.face_size_px, msg.valence = float(size), number / 4
            self.estimates.publish(msg)

    def until_heard(self, name, count=1):
        self.bench.until(lambda: len(self.heard[name]) >= count, f"{count} x {name}")
        return [message.data for message in self.heard[name]]


@pytest.fixture
def plotter(bench):
    return Plotter(bench)


def test_every_probability_and_the_affect_have_a_topic_of_their_own(plotter):
    plotter.tell(80.0, label="sad", probability=0.65)
    plotter.until_heard("latency_ms")
    got = {name: [m.data for m in heard] for name, heard in plotter.heard.items() if heard}
    assert set(got) == {*FERPLUS, "valence", "arousal", "latency_ms"}
    assert got["sad"] == pytest.approx([0.65])
    assert sum(got[label][0] for label in FERPLUS) == pytest.approx(1.0)
    assert (got["valence"], got["arousal"]) == ([0.0], pytest.approx([0.2]))


def test_latency_is_from_the_image_to_now(plotter):
    stamp = plotter.bench.now() - 0.5
    plotter.estimates.publish(an_estimate(stamp))
    (latency_ms,) = plotter.until_heard("latency_ms")
    assert 500.0 <= latency_ms < 5000.0


def test_they_are_of_the_largest_face_until_another_is_clearly_larger(plotter):
    for sizes in ((50, 100), (90, 100), (110, 100), (140, 100)):
        plotter.tell(*sizes)
    # In the first moment, the first word was of the smaller face: nobody else was known.
    assert plotter.until_heard("valence", 5) == [0.0, 0.25, 0.25, 0.25, 0.0]


def test_what_is_not_known_is_not_told_as_zero(plotter):
    unknown = an_estimate(START)
    unknown.valence = unknown.arousal = nan
    unknown.labels, unknown.probabilities = [], []
    plotter.estimates.publish(unknown)
    plotter.estimates.publish(nobody(START + STEP))
    plotter.until_heard("latency_ms")
    assert {name for name, heard in plotter.heard.items() if heard} == {"latency_ms"}


def test_a_label_that_nobody_knows_has_no_topic(plotter):
    strange = an_estimate(START)
    strange.labels = ["/etc/passwd", *FERPLUS[1:]]
    plotter.estimates.publish(strange)
    plotter.until_heard("latency_ms")
    assert len(plotter.heard[FERPLUS[0]]) == 0
    assert len(plotter.heard[FERPLUS[1]]) == 1


def test_goodput_is_in_megabits_and_an_unknown_one_is_left_out(plotter):
    link = plotter.bench.publisher(LinkStatus, "link", LATCHED)
    for bits in (nan, 2.5e6):
        link.publish(LinkStatus(goodput_bps=bits))
    assert plotter.until_heard("goodput_mbps") == [2.5]


def test_the_age_of_the_clouds_results_grows_while_none_comes(plotter):
    cloud = plotter.bench.publisher(EmotionEstimate, "emotion/cloud", ESTIMATES)
    plotter.bench.spin_for(0.5)
    assert plotter.heard["cloud_age_s"] == []
    cloud.publish(an_estimate(plotter.bench.now() - 1.0, cloud=True))
    first, second, *_ = plotter.until_heard("cloud_age_s", 2)
    assert 1.0 <= first < second < 30.0


def test_numbers_can_be_left_out(bench):
    node = bench.start("viewer", {"numbers": False})
    assert not [p for p in node.publishers if p.topic_name.startswith("/numbers")]
