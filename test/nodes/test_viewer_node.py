"""viewer: what is drawn on which image, when, and how it looks."""

import numpy as np
import pytest
from fer_ros.msg import LinkStatus, OperatingMode
from rcl_interfaces.srv import SetParameters
from rclpy.parameter import Parameter

from fer_ros.consent.permissions import Permission
from fer_ros.nodes.messages import image_from_msg, seconds, to_time
from fer_ros.nodes.qos import LATCHED
from fer_ros.viewer.sightings import MISSED_S, SILENT_S
from fer_ros.viewer.waiting import HOLD_S

from . import images
from .onlooker import BOX, ELSEWHERE, NEXT, PLAIN, START, Onlooker, changed, has_box
from .people import an_estimate, nobody

OFF = Permission(enabled=False, commands=1)


@pytest.fixture
def look(bench):
    return Onlooker(bench)


def test_a_face_is_drawn_where_it_was_estimated_and_nothing_elsewhere(look):
    drawn = look.face()
    assert has_box(drawn)
    assert not changed(drawn)[60:, 260:].any()
    assert not changed(drawn)[200:].any()


def test_a_drawn_image_has_the_header_of_its_image(look):
    look.face()
    message = look.drawn(START)
    assert message.header == images.header(START)
    assert (message.encoding, message.width, message.height) == ("bgr8", 320, 240)


def test_without_a_face_there_is_no_box(look):
    assert not changed(look.show(START, nobody(START)))[60:200].any()


def test_an_image_waits_for_its_own_estimate(bench, look):
    look.face(START)
    look.images.publish(images.bgr8(PLAIN, NEXT))
    bench.spin_for(HOLD_S / 3)
    assert look.of(NEXT) == []
    look.estimates.publish(an_estimate(NEXT, box=ELSEWHERE))
    drawn = image_from_msg(look.drawn(NEXT))
    assert has_box(drawn, ELSEWHERE)
    assert not has_box(drawn)


def test_an_image_without_an_estimate_is_drawn_with_the_one_before_after_a_moment(bench, look):
    look.face(START)
    begun = bench.now()
    assert has_box(look.show(NEXT))
    assert bench.now() - begun > HOLD_S * 0.9


def test_every_face_of_an_image_is_drawn_at_once(look):
    boxes = {f"face_{i}": (0.05 + 0.35 * i, 0.4, 0.2 + 0.35 * i, 0.7) for i in range(3)}
    for stamp in (START, NEXT):
        told = [an_estimate(stamp, face_id=name, box=box) for name, box in boxes.items()]
        drawn = look.show(stamp, *told)
    assert [has_box(drawn, box) for box in boxes.values()] == [True] * 3


@pytest.mark.parametrize(("word", "s"), [(None, SILENT_S), (nobody, MISSED_S)], ids=["silence", "no face"])
def test_a_face_stays_for_a_moment_and_then_goes(look, word, s):
    look.face(START)
    for after_s, there in ((s - 0.0625, True), (s + 0.0625, False)):
        later = seconds(to_time(START + after_s))
        assert has_box(look.show(later, *([word(later)] if word else []))) == there


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        ("mode", OperatingMode(mode=OperatingMode.ONLINE)),
        ("link", LinkStatus(profile="wifi", payload="crops64@15", goodput_bps=2e6)),
    ],
    ids=["mode", "link"],
)
def test_mode_and_link_are_drawn_as_long_as_somebody_tells_them(bench, look, topic, message):
    stamps = iter(START + np.arange(1000) / 16)

    def picture():
        stamp = next(stamps)
        return look.show(stamp, nobody(stamp)).tobytes()

    before = picture()
    teller = bench.publisher(type(message), topic, LATCHED)
    teller.publish(message)
    bench.until(lambda: picture() != before, "it is drawn")
    bench.probe.destroy_publisher(teller)
    bench.until(lambda: picture() == before, "it is drawn no longer")


def test_while_nothing_may_be_inferred_the_image_says_so_and_shows_no_face(bench):
    look = Onlooker(bench, permitted=False)
    unheard = look.face(START)
    assert changed(unheard).any()
    assert not has_box(unheard)
    bench.let(look.node)
    look.begin()
    assert has_box(look.face(NEXT))
    bench.permit(OFF)
    bench.until(lambda: not look.node.permitted.open, "it is switched off")
    paused = look.face(NEXT + 0.5)
    assert changed(paused).any()
    assert not has_box(paused)


def test_nothing_is_drawn_on_a_face_that_has_opted_out(bench, look):
    look.show(START, an_estimate(START, box=BOX), an_estimate(START, face_id="face_2", box=ELSEWHERE))
    assert look.node.look().values["faces"] == 2
    bench.permit(Permission(opted_out=frozenset({"face_2"})))
    bench.until(lambda: look.node.permitted.opted_out, "it is heard")
    drawn = look.face(NEXT)
    assert has_box(drawn)
    assert not has_box(drawn, ELSEWHERE)


def set_parameter(bench, name, value):
    request = SetParameters.Request(parameters=[Parameter(name, value=value).to_parameter_msg()])
    (result,) = bench.call(SetParameters, "viewer/set_parameters", request).results
    return result


@pytest.mark.parametrize(("name", "value"), [("language", "de"), ("contrast", "high"), ("text_scale", 2.0)])
def test_how_it_looks_can_be_changed_while_it_runs(bench, look, name, value):
    before = look.face(START, "sad")
    assert np.array_equal(before, look.face(NEXT, "sad"))
    assert set_parameter(bench, name, value).successful
    assert not np.array_equal(before, look.face(NEXT + 0.0625, "sad"))


def test_a_language_without_words_is_refused(bench, look):
    result = set_parameter(bench, "language", "tlh")
    assert not result.successful
    assert "choose one of 'en'" in result.reason
    assert has_box(look.face())
