import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.errors import ParameterError
from fer_ros.link.rung import NOTHING, Reach, Rung, parse_rung


@pytest.mark.parametrize(
    ("text", "rung"),
    [
        ("nothing", NOTHING),
        ("quantised@30", Rung(Reach.BLENDSHAPES, 30.0, quantised=True)),
        ("blendshapes@7.5", Rung(Reach.BLENDSHAPES, 7.5)),
        ("crops64@15q50", Rung(Reach.CROPS, 15.0, (64, 64), 50)),
        ("640x360@15", Rung(Reach.FRAMES, 15.0, (640, 360), 80)),
    ],
)
def test_a_rung_is_written_as_it_is_read(text, rung):
    assert parse_rung(text) == rung
    assert str(rung) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "everything", "crops@15", "crops64", "crops64@0", "crops64@999", "640x360@15q0"),
        *("640x360@15q101", "640 x 360@15", "blendshapes@30q80 ", "-640x360@15", "nothing@5"),
        *("crops64@1e3", "crops64@nan"),
    ],
)
def test_anything_else_is_refused_with_what_it_takes(text):
    with pytest.raises(ParameterError, match=r"rung is .*; (write one like|its (rate|quality) is)"):
        parse_rung(text)


def test_each_reach_includes_those_below_it():
    assert Reach.NOTHING < Reach.BLENDSHAPES < Reach.CROPS < Reach.FRAMES


@given(st.sampled_from([48, 64, 112]), st.sampled_from([0.5, 5, 12.5, 30]), st.integers(1, 100))
def test_every_crop_rung_survives_being_written(side, rate_hz, quality):
    rung = Rung(Reach.CROPS, float(rate_hz), (side, side), quality)
    assert parse_rung(str(rung)) == rung
