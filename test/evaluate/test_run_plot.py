"""The plot of a recorded run: what it names, where lines break, and that nothing odd stops it."""

from math import isnan, nan

import numpy as np
import pytest
from bags.runs import OFFLINE, Script, a_run

from fer_ros.bags.run import read_run
from fer_ros.errors import ParameterError
from fer_ros.evaluate.run_plot import LEAST_KBPS, joined, ordered_rungs, run_plot
from fer_ros.link.ladder import load_ladder
from fer_ros.resources import share

LADDER = load_ladder(share("config") / "ladder.yaml")
PANELS = ("mode", "rung", "rate", "age", "robot", "cloud", "published")


@pytest.fixture
def panels(tmp_path):
    """Draws a script and gives the axes by name."""

    def draw(script):
        run = read_run(script.write(tmp_path / "talk"))
        figure = run_plot(run, LADDER, "a talk")
        figure.savefig(tmp_path / "drawn.png")
        return dict(zip(PANELS, figure.axes, strict=True))

    return draw


def texts(axes):
    return [text.get_text().strip() for text in axes.texts]


def names(axes):
    return [tick.get_text() for tick in axes.get_yticklabels()]


def test_panels_share_time_and_name_what_happened(panels):
    drawn = panels(a_run(10.0))
    assert {axes.get_xlim() for axes in drawn.values()} == {drawn["mode"].get_xlim()}
    assert texts(drawn["mode"]) == ["OFFLINE", "PROBING", "ONLINE", "OFFLINE", "PROBING", "ONLINE"]
    assert names(drawn["rung"]) == ["nothing", "crops64@15"]
    assert texts(drawn["rate"]) == ["wifi"]
    assert texts(drawn["robot"]) == ["happiness", "sadness"]
    assert names(drawn["published"]) == ["robot", "both", "cloud"]


def test_a_change_of_profile_is_named_where_it_is(panels):
    drawn = panels(a_run(4.0).link(2.2, profile="3g").link(3.0, profile="3g"))
    assert "3g" in texts(drawn["rate"])


def test_the_age_curves_up_to_the_threshold_on_its_logarithmic_axis(panels):
    age = panels(a_run(10.0))["age"].lines[0]
    times, ages = age.get_data()
    inside = (times > 4.2) & (times < 5.8)  # the link is cut
    assert inside.sum() > 10
    assert ages[inside] == pytest.approx(times[inside] - times[inside][0] + ages[inside][0])


def test_no_rate_at_all_lies_on_the_axis_and_an_unknown_one_is_not_drawn(panels):
    goodput, capacity = panels(a_run(10.0))["rate"].lines[:2]
    assert goodput.get_ydata().min() == LEAST_KBPS
    assert np.isnan(capacity.get_ydata()).sum() == 2


def test_a_line_breaks_where_nothing_came(tmp_path):
    script = Script().mode(0.0, OFFLINE)
    for at_s in (0.0, 0.5, 3.0, 3.5):
        script.estimate("emotion", at_s).estimate("emotion/cloud", at_s)
    times, values = joined(read_run(script.write(tmp_path / "talk")).cloud)
    assert len(times) == 5
    assert [isnan(value) for value in values] == [False, False, True, False, False]


def test_rungs_stand_in_the_order_of_their_rates_and_strange_ones_below():
    rungs = ["640x360@15", "crops64@15", "nothing", "magic", "quantised@5", "blendshapes@12"]
    assert ordered_rungs(rungs, LADDER) == [
        "magic",
        "nothing",
        "quantised@5",
        "blendshapes@12",
        "crops64@15",
        "640x360@15",
    ]


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(Script().estimate("emotion", 0.0).estimate("emotion", 1.0), id="estimates alone"),
        pytest.param(Script().estimate("emotion", 0.0, label=None).mode(1.0, 77), id="nobody, and no mode"),
        pytest.param(
            Script().link(0.0, goodput_bps=nan, capacity_bps=nan).estimate("emotion", 1.0), id="NaN"
        ),
        pytest.param(Script().link(0.0, rung="magic").estimate("emotion", 1.0, age_s=1e6), id="strange"),
        pytest.param(
            Script().estimate("emotion/cloud", 0.5, age_s=-0.5).estimate("emotion", 1.0), id="early"
        ),
    ],
)
def test_little_is_drawn_as_it_is(panels, script):
    assert len(panels(script)) == len(PANELS)


@pytest.mark.parametrize("end_s", [0.0, 4000.0])
def test_a_run_that_cannot_be_told_apart_is_refused(tmp_path, end_s):
    script = Script().estimate("emotion", 0.0).estimate("emotion", end_s)
    with pytest.raises(ParameterError, match="record more than 0 and up to 3600 s"):
        run_plot(read_run(script.write(tmp_path / "talk")), LADDER, "a talk")
