"""What the live page costs the graph: `python -m benchmarks.web`.

The graph runs without the page, with it and nobody who looks, and with people who look, in turn and again,
so that what else the machine does meets all three alike; the latencies are compared with those without.
Each who looks takes the pictures and the numbers, as a browser does, and throws them away.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from benchmarks.graph import COMMAND, DOMAIN
from benchmarks.processes import child_of

WAYS = ("without", "with", "viewed")
SHOWN = ("viewer", "web")  # the processes whose share is told
P99_GROWTH, CORE_SHARE = 1.10, 25.0  # the targets: at most
BEGIN_S = 3.0  # from the page to the span of which the share is told
SPAN = 0.4  # of a run: it has begun late where the machine is busy

Figures = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table and a line of JSON; status 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web", description=__doc__)
    parser.add_argument("--duration", type=float, default=30.0, help="s, of each run (default 30)")
    parser.add_argument("--rounds", type=int, default=1, help="runs of each way (default 1)")
    parser.add_argument("--viewers", type=int, default=5, help="who look, at once (default 5)")
    parser.add_argument("options", nargs="*", help="more options of `fer_ros run`, after --")
    args = parser.parse_args(arguments)
    runs: dict[str, list[Figures]] = {way: [] for way in WAYS}
    for number in range(args.rounds):
        for way in WAYS[number % 3 :] + WAYS[: number % 3]:
            runs[way].append(run(way, args.duration, args.viewers, args.options))
    figures = {way: _medians(runs[way]) for way in WAYS}
    for way in WAYS[1:]:
        for name in ("p50", "p99"):
            figures[way][f"{name}_ratio"] = figures[way][name] / figures["without"][name]
    print(_table(figures))
    print(json.dumps({"viewers": args.viewers, "rounds": args.rounds, **_rounded(figures)}))
    viewed = figures["viewed"]
    return 0 if viewed["p99_ratio"] <= P99_GROWTH and viewed["percent"] <= CORE_SHARE else 1


def run(way: str, duration_s: float, viewers: int, options: Sequence[str]) -> Figures:
    """One run of the graph; its latency, and the share of the processes that are beside it."""
    page = [] if way == "without" else ["--web", "--web.port", "0"]
    command = [sys.executable, "-c", COMMAND, "run", "--json", "--duration", str(duration_s), *page, *options]
    environment = {**os.environ, "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST", "ROS_DOMAIN_ID": str(DOMAIN)}
    shares: Figures = {}
    with ExitStack() as looking:
        program = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        looking.callback(program.kill)
        if page:
            address = _address(program)
            seen = looking.enter_context(_looked_at(address, viewers if way == "viewed" else 0))
            shares = _shares(program.pid, SPAN * duration_s)
            shares["pictures_hz"] = seen.pictures / seen.span_s if seen.pictures else 0.0
        out, err = program.communicate()
    if program.returncode:
        raise RuntimeError(f"the graph did not run: {err[-500:]}")
    summary = json.loads(out.splitlines()[-1])
    return {**summary["latency_ms"]["all"], "frames": summary["frames"], **shares}


class _Seen:
    """What people who look get, all together.

    Attributes:
        pictures: how many one of them got.
        bytes: of all.
    """

    def __init__(self) -> None:
        self.pictures = self.bytes = 0
        self._began = time.monotonic()

    @property
    def span_s(self) -> float:
        return time.monotonic() - self._began


@contextmanager
def _looked_at(address: str, viewers: int) -> Iterator[_Seen]:
    """Look at pictures and numbers; the first of all counts them."""
    seen, clients = _Seen(), []
    for number in range(viewers):
        for path in ("video", "live"):
            clients.append(_client(address, path))
            counts = number == 0 and path == "video"
            Thread(target=_take, args=(clients[-1], seen, counts), daemon=True).start()
    try:
        yield seen
    finally:
        for client in clients:
            client.close()


def _client(address: str, path: str) -> socket.socket:
    parts = urlsplit(address)
    client = socket.create_connection((parts.hostname or "", parts.port or 0))
    upgrade = (
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    )
    client.sendall(
        f"GET {parts.path}{path} HTTP/1.1\r\nHost: {parts.netloc}\r\nOrigin: http://{parts.netloc}\r\n"
        f"{upgrade if path == 'live' else ''}\r\n".encode()
    )
    return client


def _take(client: socket.socket, seen: _Seen, counts: bool) -> None:
    buffer = bytearray(1 << 18)
    try:
        while size := client.recv_into(buffer):
            seen.bytes += size
            if counts:
                seen.pictures += buffer[:size].count(b"Content-Type: image/jpeg")
    except OSError:  # the run has ended
        pass


def _address(program: "subprocess.Popen[str]") -> str:
    for line in program.stderr or ():
        if line.startswith("page  "):
            return line.split()[1]
    raise RuntimeError("there is no page")


def _shares(parent: int, span_s: float) -> Figures:
    """Processor time of each process over a span, in percent of a core."""
    time.sleep(BEGIN_S)
    pids = {name: child_of(parent, name) for name in SHOWN}
    before = {name: _cpu_s(pid) for name, pid in pids.items()}
    time.sleep(span_s)
    shares = {name: 100 * (_cpu_s(pid) - before[name]) / span_s for name, pid in pids.items()}
    return {**shares, "percent": sum(shares.values())}


def _cpu_s(pid: int) -> float:
    fields = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _medians(runs: Sequence[Figures]) -> Figures:
    return {name: statistics.median(each[name] for each in runs) for name in runs[0]}


def _rounded(figures: dict[str, Figures]) -> dict[str, Figures]:
    return {way: {name: round(value, 3) for name, value in some.items()} for way, some in figures.items()}


def _table(figures: dict[str, Figures]) -> str:
    rows = [
        "| page | p50 ms | p99 ms | p50 ratio | p99 ratio | viewer % | web % | both % of a core | images/s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    names = ("p50", "p99", "p50_ratio", "p99_ratio", *SHOWN, "percent", "pictures_hz")
    for way in WAYS:
        cells = (f"{figures[way][name]:.2f}" if name in figures[way] else "" for name in names)
        rows.append(f"| {way} | {' | '.join(cells)} |")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
