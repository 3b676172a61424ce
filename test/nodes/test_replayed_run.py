"""`fer_ros replay`: what a recorded run decided is decided again, field by field, on a busy machine too."""

import json

import pytest
from sources.recordings import storage_file, truncate, write_bag

from .program import Program, fer_ros
from .running import BUILTIN, LIGHT

BUSY = ["-c", "while True: pass"]
TOPICS = ["emotion", "mode", "cue", "reaction"]


def record(environment, folder, *options):
    bag = folder / "bag"
    run = fer_ros("run", "--json", "--source", "builtin", "--record", bag, *BUILTIN, *LIGHT, *options)
    ended = Program(run, env=environment).end()
    assert ended.status == 0, ended.err
    return bag


@pytest.fixture(scope="module")
def recorded(own_environment, tmp_path_factory):
    """A run whose link was cut for two seconds."""
    return record(own_environment, tmp_path_factory.mktemp("replay"), "--duration", 8, "--cut-link", 3, 2)


@pytest.fixture
def replay(domain):
    """Replays, and gives the status, what was found, and what was said on stderr."""

    def run(bag, *options):
        ended = Program(fer_ros("replay", bag, "--json", *options)).end()
        return ended.status, json.loads(ended.last_line) if ended.last_line else {}, ended.err

    return run


def test_a_replay_says_what_the_recording_says_and_so_does_the_next(recorded, replay):
    (status, found, err), again = replay(recorded), replay(recorded)
    assert (status, err, found["same"], found["exact"]) == (0, "", True, True)
    assert list(found["topics"]) == TOPICS
    for topic in found["topics"].values():
        assert topic["equal"] == topic["recorded"]
        assert topic["replayed"] == topic["recorded"] + topic["not_recorded"]
    assert min(found["topics"][topic]["recorded"] for topic in ("emotion", "mode", "cue")) > 0
    assert again == (status, found, err)


def test_a_busy_machine_changes_nothing(recorded, replay, programs):
    quiet = replay(recorded)
    for _ in range(4):
        programs(BUSY)
    assert replay(recorded) == quiet


def test_other_parameters_show_what_would_have_been_different(recorded, replay):
    status, found, _ = replay(recorded, "--mode.mode", "offline")
    assert (status, found["same"]) == (1, False)
    assert found["topics"]["mode"]["first"].startswith("at ")
    assert found["topics"]["mode"]["same"] is False


def test_another_policy_changes_cues_alone(recorded, replay, tmp_path):
    policy = tmp_path / "mine.yaml"
    policy.write_text("rules:\n  - {name: always, cue: slow_down}\n")
    status, found, _ = replay(recorded, "--policy", policy)
    assert status == 1
    assert [name for name, topic in found["topics"].items() if not topic["same"]] == ["cue"]
    assert "only in the replay: slow_down" in found["topics"]["cue"]["first"]


def test_the_recorded_policy_is_replayed_and_not_what_its_file_says_now(own_environment, replay, tmp_path):
    policy = tmp_path / "mine.yaml"
    policy.write_text("rules:\n  - {name: always, cue: slow_down, refractory_s: 0.5}\n")
    bag = record(own_environment, tmp_path, "--duration", 5, "--policy", policy)
    policy.write_text("rules:\n  - {name: always, cue: wait}\n")
    status, found, err = replay(bag)
    assert status == 0, (found, err)
    assert found["topics"]["cue"]["recorded"] > 1


def test_where_pictures_were_recorded_the_robots_estimates_are_made_again(own_environment, replay, tmp_path):
    bag = record(own_environment, tmp_path, "--duration", 5, "--record-images")
    status, found, err = replay(bag)
    assert status == 0, (found, err)
    assert list(found["topics"]) == ["emotion/robot", *TOPICS]
    robot = found["topics"]["emotion/robot"]
    assert robot["equal"] == robot["recorded"] > 0


def test_the_table_names_every_topic(recorded, programs):
    ended = programs(fer_ros("replay", recorded)).end()
    assert (ended.status, ended.err) == (0, "")
    assert all(topic in ended.out for topic in TOPICS)
    assert ended.last_line == "the replay says what the recording says"


def test_a_truncated_recording_is_replayed_as_far_as_it_goes(own_environment, replay, tmp_path):
    bag = record(own_environment, tmp_path, "--duration", 8)
    truncate(storage_file(bag), 0.6)
    status, found, err = replay(bag)
    assert "is damaged and read as far as it goes" in err
    assert (status, found["same"]) == (0, True), found
    assert found["topics"]["emotion"]["recorded"] > 0


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(lambda folder: folder / "nothing", "does not exist", id="nothing there"),
        pytest.param(
            lambda folder: write_bag(folder / "bag", "mcap", {"/image": [b"\0\1\0\0"]}),
            "is no recording of a run: it holds no /emotion",
            id="somebody else's",
        ),
    ],
)
def test_what_cannot_be_replayed_is_one_line(programs, tmp_path, make, says):
    ended = programs(fer_ros("replay", make(tmp_path))).end()
    assert (ended.status, ended.out) == (1, "")
    assert says in ended.complaint


def test_a_recording_of_another_version_is_refused(own_environment, programs, recorded, tmp_path):
    other = tmp_path / "bag"
    other.mkdir()
    for file in recorded.iterdir():
        (other / file.name).write_bytes(file.read_bytes().replace(b"replay: '1'", b"replay: '9'"))
    ended = programs(fer_ros("replay", other)).end()
    assert ended.status == 1
    assert "is a recording of version 9, not 1" in ended.complaint
