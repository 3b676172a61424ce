"""`fer_ros policy` as it is typed, on a recording that an example makes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = "import sys; from fer_ros.cli.main import main; sys.exit(main())"
BROKEN = """\
rules:
  - name: cheer
    cue: celebrate
    when: {emotion: [gloomy]}
  - name: hop
    cue: dance
"""
SHADOWED = """\
rules:
  - name: all
    cue: wait
  - name: some
    cue: check_in
    when: {emotion: [sad]}
"""


def fer_ros(*arguments):
    return subprocess.run(
        [sys.executable, "-c", COMMAND, "policy", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def talk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("talk") / "talk"
    subprocess.run([sys.executable, ROOT / "examples" / "make_recording.py", folder], check=True)
    return folder


@pytest.fixture
def policy_file(tmp_path):
    def write(text):
        path = tmp_path / "mine.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("name", ["default", "care_home", "museum_guide"])
def test_a_policy_that_ships_is_checked_by_its_name(name):
    done = fer_ros("check", name)
    assert (done.returncode, done.stderr) == (0, "")
    assert "asked in this order; each of them can fire" in done.stdout
    assert "nobody_there" in done.stdout


def test_a_policy_is_checked_as_json(policy_file):
    path = policy_file("max_age_s: 0.3\nrules: [{name: a, cue: wait, when: {absent_s: 3, mode: [offline]}}]")
    assert json.loads(fer_ros("check", path, "--json").stdout) == {
        "max_age_s": 0.3,
        "reaction_max_age_s": 10.0,
        "policy": str(path),
        "rules": [
            {
                "name": "a",
                "cue": "wait",
                "when": {"absent_s": 3.0, "mode": ["offline"]},
                "priority": 0,
                "refractory_s": 10.0,
            }
        ],
    }


def test_everything_that_is_wrong_is_said_line_by_line(policy_file):
    path = policy_file(BROKEN)
    done = fer_ros("check", path)
    assert done.returncode == 1
    first, second = done.stderr.splitlines()
    assert first.startswith(f"fer_ros: {path}:4: rules.0.when.emotion is 'gloomy'; choose one of")
    assert second.startswith(f"fer_ros: {path}:6: rules.1.cue is 'dance'; choose one of")


def test_a_rule_that_can_never_fire_is_reported(policy_file):
    done = fer_ros("check", policy_file(SHADOWED))
    assert done.returncode == 1
    assert ":4: rules.1 (some) can never fire: all always comes first" in done.stderr


@pytest.mark.parametrize("arguments", [("check", "rude"), ("dry-run", "rude", "talk")])
def test_a_policy_that_is_not_there_is_one_line(arguments):
    done = fer_ros(*arguments)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "rude.yaml cannot be read" in line


def test_a_dry_run_says_what_would_have_been_said_and_why(talk):
    done = fer_ros("dry-run", "museum_guide", talk)
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        "24.29 s  cue change_topic: face_1 has appeared angry for 1.5 s (0.81, valence falling)"
        in done.stdout
    )
    assert "min_duration_s 1.5: 1.52; certain: yes" in done.stdout
    assert "13.10 s  reaction pleased (1.00): The utterance of turn t1 (weather) to face_1" in done.stdout
    assert "frightened_by_it      comfort       0      0 %        emotion did not hold (100 %)" in done.stdout
    assert "62.0 s of /emotion, /mode, /turn: 1860 estimates, 11 announcements of turns" in done.stdout


def test_a_dry_run_as_json_holds_the_same(talk):
    done = fer_ros("dry-run", "museum_guide", talk, "--json")
    *events, summary = [json.loads(line) for line in done.stdout.splitlines()]
    reactions = [event["reaction"] for event in events if event["kind"] == "reaction"]
    assert reactions == ["pleased", "upset", "surprised", "lost"]
    cue = next(event for event in events if event.get("cue") == "change_topic")
    assert cue["t"] == pytest.approx(24.29, abs=0.01)
    assert {why["condition"]: why["found"] for why in cue["why"]}["emotion"] == "angry"
    assert summary["kind"] == "summary"
    assert summary["topics"] == {"emotion": "/emotion", "mode": "/mode", "turn": "/turn"}
    fired = {name: rule["fired"] for name, rule in summary["rules"].items() if rule["fired"]}
    assert sum(fired.values()) == len([event for event in events if event["kind"] == "cue"])
    assert summary["rules"]["frightened_by_it"]["stopped_by"] == {"emotion": summary["asks"]}


def test_parameters_of_the_conversation_are_options(talk):
    slow = fer_ros("dry-run", "museum_guide", talk, "--json", "--conversation.smoothing_s", 20)
    assert json.loads(slow.stdout.splitlines()[-1])["rules"]["leave_what_annoys"]["fired"] == 0


def test_two_policies_are_refused(talk):
    done = fer_ros("dry-run", "museum_guide", talk, "--conversation.policy", "care_home")
    assert done.returncode == 1
    assert "is the first argument" in done.stderr


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_dry_run_is_drawn(talk, tmp_path, kind):
    pytest.importorskip(
        "matplotlib", reason="matplotlib is missing: pip install -r requirements/evaluate.txt"
    )
    path = tmp_path / f"plot.{kind}"
    assert fer_ros("dry-run", "museum_guide", talk, "--plot", path).returncode == 0
    head = path.read_bytes()[:200]
    assert b"<?xml" in head if kind == "svg" else head.startswith(b"\x89PNG")
    again = tmp_path / f"again.{kind}"
    fer_ros("dry-run", "museum_guide", talk, "--plot", again)
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("file", ["plot.doc", "nowhere/plot.svg"])
def test_a_plot_that_cannot_be_written_is_one_line(talk, tmp_path, file):
    done = fer_ros("dry-run", "museum_guide", talk, "--plot", tmp_path / file)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_a_bag_without_estimates_is_one_line(tmp_path):
    (tmp_path / "empty").mkdir()
    done = fer_ros("dry-run", "default", tmp_path / "empty")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("fer_ros: ")
