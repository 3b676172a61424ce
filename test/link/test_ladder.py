import pytest

from fer_ros.errors import ParameterError
from fer_ros.link.ladder import allowed, fixed, load_ladder, save_ladder
from fer_ros.link.rung import Reach, parse_rung
from fer_ros.resources import share


@pytest.fixture
def write(tmp_path):
    def ladder(text):
        path = tmp_path / "ladder.yaml"
        path.write_text(text)
        return path

    return ladder


def test_the_ladder_that_ships_has_every_kind_of_payload():
    steps = load_ladder(share("config") / "ladder.yaml")
    reaches = {step.rung.reach for step in steps}
    assert reaches == {Reach.BLENDSHAPES, Reach.CROPS, Reach.FRAMES}
    sizes = {step.rung.size for step in steps if step.rung.reach is Reach.CROPS}
    assert sizes == {(112, 112), (64, 64), (48, 48)}
    frames = {step.rung.size for step in steps if step.rung.reach is Reach.FRAMES}
    assert frames == {(1280, 720), (640, 360), (256, 144)}


def test_one_faces_blendshapes_cost_what_was_promised():
    """At 30 images a second: 64 kbit/s plain, 20 kbit/s in few bits; headers of packets not counted."""
    steps = {str(step.rung): step for step in load_ladder(share("config") / "ladder.yaml")}
    assert 8 * 30 * steps["blendshapes@30"].size_bytes <= 64_000
    assert 8 * 30 * steps["quantised@30"].size_bytes <= 20_000


def test_steps_come_from_the_least_to_the_greatest_rate(write):
    path = write("- {rung: crops64@30, use: 0.9, bytes: 1000}\n- {rung: quantised@5, use: 0.5, bytes: 80}\n")
    assert [str(step.rung) for step in load_ladder(path)] == ["quantised@5", "crops64@30"]


def test_what_is_written_is_what_is_read(write, tmp_path):
    steps = load_ladder(share("config") / "ladder.yaml")
    save_ladder(tmp_path / "again.yaml", steps)
    assert load_ladder(tmp_path / "again.yaml") == steps


def test_what_is_allowed_begins_with_nothing():
    steps = allowed(load_ladder(share("config") / "ladder.yaml"), Reach.BLENDSHAPES)
    assert next(str(step.rung) for step in steps) == "nothing"
    assert {step.rung.reach for step in steps} == {Reach.NOTHING, Reach.BLENDSHAPES}


def test_a_payload_of_several_packets_pays_each_ones_header():
    (step,) = fixed(parse_rung("640x360@10"))
    assert step.packets == 20
    assert step.bps == 8 * (30_000 + 20 * 40) * 10


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no list of rungs"),
        ("rung: crops64@30", "holds no list of rungs"),
        ("- crops64@30", "is not an entry; it takes exactly bytes, rung, use"),
        ("- {rung: crops64@30, use: 0.9}", "is not an entry"),
        ("- {rung: fast, use: 0.9, bytes: 10}", "rung is 'fast'; write one like"),
        ("- {rung: crops64@30, use: 1.5, bytes: 10}", "crops64@30.use is 1.5; it takes a number from 0 to 1"),
        ("- {rung: crops64@30, use: yes, bytes: 10}", "use is True; it takes a number"),
        ("- {rung: crops64@30, use: .nan, bytes: 10}", "use is nan; it takes a number"),
        ("- {rung: [", "is not YAML"),
    ],
)
def test_a_ladder_that_cannot_be_used_says_why(write, text, says):
    with pytest.raises(ParameterError) as refusal:
        load_ladder(write(text))
    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_ladder_that_is_not_there_says_so(tmp_path):
    with pytest.raises(ParameterError, match="cannot be read"):
        load_ladder(tmp_path / "none.yaml")
