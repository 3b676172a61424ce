"""`fer_ros run --web`: a page beside the graph, served while it runs, and gone with it."""

import json
import os
import signal
from pathlib import Path

import pytest

from benchmarks.processes import child_of, children_of
from fer_ros.nodes.priority import NICE

from .program import Program, fer_ros
from .running import BUILTIN, LIGHT
from .visitor import Visitor

RUN = ("run", "--web", "--json", "--no-cloud", *BUILTIN, *LIGHT)
TOKEN = "a-token-for-the-tests-0123"
PATIENCE_S = 60.0
SHOWN = {"web", "viewer", "mode", "camera", "consent"}


@pytest.fixture
def run(bench, programs):
    """A run with a page, and one who looks at it; the address is read from what the run says."""

    def start(*arguments):
        program = programs(fer_ros(*RUN, *arguments), start_new_session=True)
        for line in program.process.stderr:
            if line.startswith("page  http://127.0.0.1:"):
                return program, line.split()[1]
        raise AssertionError(f"the address was not told\n{program.process.stdout.read()}")

    return start


@pytest.mark.parametrize("separate", [(), ("--separate",)], ids=["composed", "separate"])
def test_a_run_shows_its_estimates_on_a_page_and_leaves_nothing(bench, run, separate):
    program, address = run("--web.port", 0, "--duration", 90, *separate)
    with Visitor(address) as page:
        bench.until(lambda: page.state.get("people"), "an estimate on the page", PATIENCE_S)
        (person,) = page.state["people"]
        assert sum(person["probabilities"]) == pytest.approx(1.0, abs=0.01)
        with page.video() as video:
            read = page.read(video, 20_000)
            bench.until(read.done, "a picture", PATIENCE_S)
            assert b"Content-Type: image/jpeg" in read.result()
        bench.until(lambda: healthy(page) >= SHOWN, "how the nodes are")  # so the page has found them
        answer = page.press(do="enable", value=False)
        bench.until(answer.done, "an answer")
        assert answer.result()["success"], answer.result()["message"]
        bench.until(lambda: page.state["permission"]["enabled"] is False, "the off switch")
    children = children_of(program.process.pid)
    assert {arguments[-1] for arguments in children.values()} >= {"viewer", "web"}
    ended = program.interrupt()
    assert (ended.status, ended.err.count("Traceback")) == (0, 0), ended.err
    summary = json.loads(ended.last_line)
    assert {path: summary["restarts"][path] for path in ("viewer", "web")} == {"viewer": 0, "web": 0}
    assert not [pid for pid in children if (Path("/proc") / str(pid)).exists()]


def healthy(page):
    return {node["name"] for node in page.state["health"]}


def test_what_people_look_at_gives_way_to_the_graph_and_is_told_its_secret_in_private(run):
    program, address = run("--web.port", 0, "--web.token", TOKEN, "--duration", 60)
    assert TOKEN in address
    for name in ("viewer", "web"):
        pid = child_of(program.process.pid, name)
        assert os.getpriority(os.PRIO_PROCESS, pid) == min(os.getpriority(os.PRIO_PROCESS, 0) + NICE, 19)
        assert os.sched_getscheduler(pid) == os.SCHED_BATCH
        for file in ("cmdline", "environ"):
            assert TOKEN.encode() not in (Path("/proc") / str(pid) / file).read_bytes()
    program.interrupt()


def test_a_page_that_is_killed_comes_back_at_the_same_address(bench, run):
    program, address = run("--web.port", 0, "--duration", 90)
    old = child_of(program.process.pid, "web")
    os.kill(old, signal.SIGKILL)
    bench.until(lambda: child_of(program.process.pid, "web") not in (0, old), "the page's process again")
    assert next(line for line in program.process.stderr if line.startswith("page")).split()[1] == address
    with Visitor(address) as page:
        bench.until(lambda: page.state.get("people"), "an estimate on the page", PATIENCE_S)
    ended = program.interrupt()
    assert ended.status == 0
    assert json.loads(ended.last_line)["restarts"] == {"viewer": 0, "web": 1}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["--web.host", "192.0.2.1"], "web.host '192.0.2.1' is not an address of", id="host"),
        pytest.param(["--web.token", "short"], "web.token has 5 characters; it takes 16 to 200", id="token"),
        pytest.param(["--web.port", "70000"], "web.port is 70000; it takes 0 to 65535", id="port"),
    ],
)
def test_what_cannot_be_served_is_refused_before_anything_starts(own_environment, arguments, says):
    ended = Program(fer_ros(*RUN, *arguments), env=own_environment).end()
    assert (ended.status, ended.out) == (1, "")
    assert says in ended.complaint


def test_the_table_says_where_the_page_is(bench):
    from rich.console import Console

    from fer_ros.cli.live import Session
    from fer_ros.cli.running import Composed

    address = f"http://127.0.0.1:8350/{TOKEN}/"
    with Session(Composed([], {}, "", "warn"), {}, "", 0.0, use_sim_time=False, page=address) as session:
        console = Console(width=80)
        with console.capture() as shown:
            console.print(session._table())
    assert address in shown.get()
