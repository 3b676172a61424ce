"""Privacy: the whole graph sees a person for a while, and no picture is left anywhere, nor does one leave."""

import json
import subprocess
import sys

import pytest

from fer_ros.errors import ImageError
from fer_ros.images import image_from_file

from .domain import environment, unused_domain
from .opened import watch
from .program import LIMIT_S, Program, fer_ros
from .running import BUILTIN, LIGHT

ROS_LOGS = ".ros"
MEMORY = "/dev/shm/"  # where processes of one machine share images: memory, and nobody's disk
COMPRESSED = ("--camera.compressed", "true")
WAYS = [pytest.param((), id="one process"), pytest.param(("--separate",), id="one process a node")]

# A network of its own, with one way out that leads nowhere and counts what is sent. IPv6 and ARP are off:
# the kernel's own packets would be counted too.
NETWORK = """
set -e
ip link set lo up
ip link add out type veth peer name nowhere
ip link set out addrgenmode none arp off up
ip link set nowhere addrgenmode none up
ip address add 198.18.0.2/24 dev out
ip route add default dev out
"$@"
sed -n 's/^ *out: *//p' /proc/net/dev
"""
SENT_BYTES = 8  # its column


@pytest.fixture(scope="module", params=WAYS)
def seen(request, tmp_path_factory):
    """Where a program ran that saw a face, and what its processes had open meanwhile.

    Its home, working, temporary and cache folder are one.
    """
    home = tmp_path_factory.mktemp("home")
    everywhere = dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME"), str(home))
    with unused_domain() as domain:
        env = environment(domain, **everywhere, PYTHONDONTWRITEBYTECODE="1")
        for name in ("ROS_LOG_DIR", "ORT_DISABLE_TELEMETRY"):  # what makes it silent is its own doing
            env.pop(name, None)
        command = fer_ros("run", "--verbose", "--duration", 12, *request.param, *COMPRESSED, *BUILTIN, *LIGHT)
        ended, opened = watch(Program(command, env=env, cwd=home))
    assert ended.status == 0, ended.err  # a face was seen: there was something to leave behind
    return home, opened


@pytest.fixture
def home(seen):
    return seen[0]


@pytest.fixture
def opened(seen):
    return seen[1]


def files_of(home):
    return [path for path in home.rglob("*") if path.is_file()]


def test_no_file_is_left_but_the_logs_of_ros(home):
    assert [path for path in files_of(home) if path.relative_to(home).parts[0] != ROS_LOGS] == []


def test_no_log_holds_a_picture(home):
    for path in files_of(home):
        with pytest.raises(ImageError):
            image_from_file(path)
        path.read_text(encoding="utf-8")  # words, not bytes


def test_nothing_was_open_for_writing_but_logs_and_memory(home, opened):
    assert opened.looks > 10
    logs = home / ROS_LOGS
    assert [path for path in opened.written if not path.is_relative_to(logs) and not is_memory(path)] == []
    assert [path for path in opened.written if path.is_relative_to(logs)]  # it was looked at the right thing


def test_no_process_had_anybody_at_the_other_end_of_a_socket(opened):
    assert opened.connected == set()


def is_memory(path):
    return str(path).startswith(MEMORY)


def in_a_network_of_its_own(*command, env=None):
    """How a program ended, and how many bytes it sent out."""
    alone = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", NETWORK, "sh", sys.executable]
    done = subprocess.run(
        [*alone, *map(str, command)], capture_output=True, text=True, timeout=LIMIT_S, check=False, env=env
    )
    if done.returncode:
        return done, None
    *out, counted = done.stdout.strip().splitlines()
    return out, int(counted.split()[SENT_BYTES])


SEND = """
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
    out.sendto(bytes(1000), ("203.0.113.5", 9))
"""


@pytest.fixture(scope="module")
def network():
    """A network of one's own, if the kernel lets us have one, in which what is sent is counted."""
    try:
        out, sent = in_a_network_of_its_own("-c", SEND)
    except FileNotFoundError:
        pytest.skip("there is no `unshare` here")
    if sent is None:
        pytest.skip(f"no network of one's own here: {out.stderr.strip()}")
    assert sent > 1000
    return in_a_network_of_its_own


@pytest.mark.parametrize("way", WAYS)
def test_not_one_byte_leaves_the_machine(network, tmp_path, way):
    env = environment(0, ROS_LOG_DIR=str(tmp_path))
    out, sent = network(*fer_ros("run", "--json", "--duration", 12, *way, *BUILTIN, *LIGHT), env=env)
    assert sent == 0, out
    assert min(json.loads(out[-1])["estimates"].values()) > 0  # the cloud was one of its processes
