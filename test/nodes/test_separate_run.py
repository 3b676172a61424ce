"""`fer_ros run --separate`: one process a node; one that ends is started again, and none is left behind."""

import json
import os
import re
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from fer_ros.msg import EmotionEstimate
from rosbags.highlevel import AnyReader
from sources.recordings import write_video

from benchmarks.processes import child_of
from fer_ros.deployment import nodes_of
from fer_ros.supervision import SILENT_S, TRIES

from .program import fer_ros
from .running import AGES, BUILTIN, LIGHT

PATHS = [spec.path for spec in nodes_of("both")]
MANY = 10  # estimates that the run itself has heard some of, too
RUN = ("run", "--separate", "--json", "--duration", 120, *BUILTIN, *LIGHT)


@pytest.fixture
def graph(bench, programs):
    """A graph of processes that estimates a face, and what it says of faces."""
    heard = bench.listen(EmotionEstimate, "emotion")

    def start(*arguments):
        program = programs(fer_ros(*RUN, *arguments), start_new_session=True)
        bench.until(lambda: len([e for e in heard if e.probabilities]) > MANY, "estimates", deadline_s=60)
        return program, heard

    return start


def test_a_node_that_is_killed_comes_back_and_estimates_flow_again(bench, graph, tmp_path):
    program, heard = graph("--record", tmp_path / "bag")
    for path in ("estimator", "cloud/receiver"):
        kill(bench, program, path)
    heard.clear()
    bench.until(lambda: [e for e in heard if e.probabilities], "estimates of a face", deadline_s=60)
    ended = program.interrupt()
    assert (ended.status, ended.err.count("Traceback")) == (0, 0), ended.err
    assert "fer_ros: estimator was ended by SIGKILL; it starts again in 0.2 s" in ended.err
    assert re.search(r"fer_ros: estimator works again, \d+\.\d\d s after its start\n", ended.err)
    restarts = json.loads(ended.last_line)["restarts"]
    assert restarts == {path: int(path in ("estimator", "cloud/receiver")) for path in PATHS}
    with AnyReader([tmp_path / "bag"]) as reader:
        assert {"/emotion", "/mode", "/faces"} <= {c.topic for c in reader.connections if c.msgcount}


def test_a_node_that_hangs_is_killed_and_comes_back(bench, graph):
    program, heard = graph()
    old = child_of(program.process.pid, "mode")
    os.kill(old, signal.SIGSTOP)
    bench.until(lambda: child_of(program.process.pid, "mode") not in (0, old), "mode again", 2 * SILENT_S)
    heard.clear()
    bench.until(lambda: heard, "estimates", deadline_s=60)
    ended = program.interrupt()
    assert f"mode has given no sign of life for {SILENT_S:.0f} s and is killed" in ended.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["told to end", "killed"])
def test_no_process_outlives_the_supervisor(bench, graph, number):
    program, _ = graph()
    children = processes(program)
    program.process.send_signal(number)
    bench.until(lambda: not any(is_alive(pid) for pid in children.values()), "the end of every node")
    assert program.end().status == {signal.SIGTERM: 0, signal.SIGKILL: -signal.SIGKILL}[number]


def test_processes_are_in_the_supervisors_group_and_tell_nobody_their_parameters(graph):
    program, _ = graph("--camera.frame_id", "secret_eye")
    children = processes(program)
    assert set(children) == set(PATHS)
    assert {os.getpgid(pid) for pid in children.values()} == {program.process.pid}
    for pid in children.values():
        assert b"secret_eye" not in (Path("/proc") / str(pid) / "cmdline").read_bytes()


def test_a_node_that_cannot_start_ends_the_run_with_its_reason(programs):
    ended = programs(fer_ros(*RUN, "--source", "video", "--input", "gone.mp4")).end()
    assert ended.status == 1
    assert ended.out == ""
    last = ended.err.splitlines()[-1]
    assert last.startswith(f"fer_ros: camera cannot start, after {TRIES} tries: gone.mp4 is not a file")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["--mode", "banana"], "mode.mode is 'banana'", id="parameter"),
        pytest.param(["--namespace", "a b"], "namespace is 'a b'", id="namespace"),
    ],
)
def test_what_can_be_known_before_is_refused_before(programs, arguments, says):
    ended = programs(fer_ros("run", "--separate", *arguments)).end()
    assert ended.status == 1
    assert says in ended.complaint


def test_the_run_ends_with_its_recording(programs, tmp_path):
    clip = write_video(tmp_path / "nobody.mp4", 30, fps=10.0)
    source = ("--source", "video", "--input", clip, "--finder", "haar")
    ended = programs(fer_ros("run", "--separate", "--json", "--no-cloud", *source, *AGES)).end()
    assert "no face was seen in" in ended.err.splitlines()[-1]
    assert 0 < json.loads(ended.last_line)["frames"] <= 30


def kill(bench, program, path):
    """Kill a node, and wait for its successor."""
    old = child_of(program.process.pid, path)
    os.kill(old, signal.SIGKILL)
    bench.until(lambda: child_of(program.process.pid, path) not in (0, old), f"{path} again")


def processes(program):
    return {path: pid for path in PATHS if (pid := child_of(program.process.pid, path))}


def is_alive(pid):
    """Whether a process runs; one that has ended and that nobody has looked at does not."""
    with suppress(OSError):
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
