"""The graph, watched and recorded, with a table that lives on a terminal."""

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rclpy.parameter import Parameter
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from fer_ros.cli.running import Running
from fer_ros.cli.summary import Summary, spoken_restarts
from fer_ros.errors import FerError
from fer_ros.msg import EmotionEstimate
from fer_ros.nodes.deciding import DecidingNode
from fer_ros.nodes.main import spin
from fer_ros.nodes.monitor import Monitor, spoken
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.recorder import Recorder

REFRESH_HZ = 4.0  # a terminal table costs some 5 ms
BAR_WIDTH = 50
BLOCK = "\N{FULL BLOCK}"
SHOWN_LABELS = 3
LINE_EVERY_S = 2.0  # where there is no terminal
DRAIN_S = 1.0  # after the last image of a recording, for what is still on its way through the graph


@dataclass(frozen=True)
class Recording:
    """What to record.

    Attributes:
        path: of the bag.
        pictures: record images, crops and what is sent to the cloud too.
        image_topic: somebody else's images, instead of the camera node's.
    """

    path: Path
    pictures: bool = False
    image_topic: str = ""


class Session:
    """The nodes of a graph, what watches them, and what records them: run and ended together.

    Attributes:
        recorder: writes the bag; None where nothing is recorded.
    """

    def __init__(
        self,
        graph: Running,
        about: Mapping[str, str],
        namespace: str,
        started: float,
        recording: Recording | None = None,
        *,
        use_sim_time: bool,
        page: str = "",
    ) -> None:
        """Watch a graph; what of it runs in processes of its own begins with the `with`.

        Args:
            graph: it ends with the session.
            about: stands in the bag's metadata.
            namespace: of the graph.
            started: when the command was given, s.
            recording: what to record; None: nothing.
            use_sim_time: take the time from /clock.
            page: address of the page that shows it; empty: there is none.

        Raises:
            FerError: the bag cannot be made.
        """
        self._started = started
        self._page = page
        self._graph = graph
        simulated = [Parameter("use_sim_time", value=True)] if use_sim_time else []
        beside = {"namespace": namespace.strip("/"), "parameter_overrides": simulated}
        self._monitor = Monitor(started, **beside)
        self._beside: list[FerNode] = [self._monitor]
        self._ended_at = 0.0
        self.recorder = self._record(recording, about, beside) if recording else None

    def _record(self, recording: Recording, about: Mapping[str, str], beside: Mapping[str, Any]) -> Recorder:
        try:
            recorder = Recorder(
                recording.path,
                about,
                pictures=recording.pictures,
                image_topic=recording.image_topic,
                deciders=[node for node in self._graph.nodes if isinstance(node, DecidingNode)],
                **beside,
            )
        except FerError:
            self._destroy()
            raise
        self._beside.append(recorder)
        return recorder

    def __enter__(self) -> Self:
        self._graph.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._destroy()

    def _destroy(self) -> None:
        self._graph.close()
        for node in self._beside:
            node.destroy_node()

    def run(
        self,
        duration_s: float | None,
        cut_link: Sequence[float] | None,
        interrupted: Callable[[], bool],
        *,
        quiet: bool,
    ) -> Summary:
        """Spin until the time is over, the source has ended, or somebody interrupts; then the graph ends.

        Raises:
            FerError: a node of the graph cannot work.
        """
        if cut_link:
            at_s, for_s = cut_link
            self._once(at_s, lambda: self._monitor.cut_link(True))
            self._once(at_s + for_s, lambda: self._monitor.cut_link(False))
        end = self._started + duration_s if duration_s else float("inf")

        def over() -> bool:
            if interrupted() or time.time() >= end or self._has_drained():
                return True
            self._graph.tend()
            return False

        began, cpu_s = time.time(), _cpu_s()
        self._spin(over, quiet=quiet)
        stopped = time.time()
        self._graph.close()  # the processor time of processes is known when they have ended
        return Summary(
            stopped - self._started,
            self._graph.published,
            self._monitor.tally,
            (_cpu_s() - cpu_s) / (stopped - began),
            self._graph.restarts,
        )

    def _has_drained(self) -> bool:
        """Whether the source has ended and its last images have had the time to pass the graph."""
        if not (self._graph.ended or self._monitor.source_has_ended):
            self._ended_at = 0.0  # a camera that was started again gives more
            return False
        self._ended_at = self._ended_at or time.time()
        return time.time() - self._ended_at >= DRAIN_S

    def _spin(self, over: Callable[[], bool], *, quiet: bool) -> None:
        nodes = [*self._graph.nodes, *self._beside]
        if quiet:
            spin(nodes, over)
            return
        console = Console(file=sys.stdout)
        if not console.is_terminal:
            self._monitor.create_timer(LINE_EVERY_S, lambda: print(self._line(), flush=True))
            spin(nodes, over)
            return
        with Live(self._table(), console=console, auto_refresh=False, transient=True) as live:
            self._monitor.create_timer(1 / REFRESH_HZ, lambda: live.update(self._table(), refresh=True))
            spin(nodes, over)

    def _once(self, at_s: float, action: Any) -> None:
        """Call `action` once, `at_s` seconds after the command."""
        timer = None

        def call() -> None:
            timer.cancel()  # type: ignore[attr-defined]
            action()

        timer = self._monitor.create_timer(max(at_s - (time.time() - self._started), 0.001), call)

    def _line(self) -> str:
        monitor = self._monitor
        seen = "; ".join(f"{m.face_id or 'nobody'}: {spoken(m)}" for m in monitor.newest)
        seen = monitor.tally.forbidden or seen or "nothing yet"
        return f"{monitor.since_start():5.1f} s  {self._mode():<8} {self._link():<34} {seen}"

    def _table(self) -> Table:
        monitor, tally = self._monitor, self._monitor.tally
        table = Table(title=f"fer_ros  {monitor.since_start():.0f} s", show_header=False, min_width=76)
        table.add_column(style="bold", min_width=10)
        table.add_column(ratio=1)
        for message in monitor.newest:
            table.add_row(message.face_id or "nobody", spoken(message))
            for label, probability in _likeliest(message):
                table.add_row(Text(f"  {label}", style="dim"), BLOCK * round(BAR_WIDTH * probability))
        if tally.forbidden:
            table.add_row("paused", tally.forbidden)
        p50, p99 = tally.percentiles_ms()
        table.add_row("mode", f"{self._mode()}  ({tally.modes[-1][2]})" if tally.modes else "")
        table.add_row("link", self._link())
        table.add_row("frames", f"{tally.images}, {tally.images_with_faces} with a face")
        table.add_row("estimates", f"robot {tally.made['robot']}, cloud {tally.made['cloud']}")
        table.add_row("latency", f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, from image to emotion")
        table.add_row("cue", tally.cues[-1][1] if tally.cues else "")
        if self._graph.restarts is not None:
            table.add_row("restarts", spoken_restarts(self._graph.restarts))
        if self._page:
            table.add_row("page", Text(self._page, overflow="fold"))
        return table

    def _mode(self) -> str:
        modes = self._monitor.tally.modes
        return modes[-1][1] if modes else ""

    def _link(self) -> str:
        link = self._monitor.link
        if link is None:
            return ""
        # What arrives is known of an emulated link only; of a real one, what was acknowledged.
        rate_bps = link.goodput_bps if isnan(link.delivered_bps) else link.delivered_bps
        state = "CUT" if link.cut else f"{rate_bps / 1e6:.2f} Mbit/s"
        return f"{link.profile}: {state}, {link.payload}"


def _cpu_s() -> float:
    """Processor time of this process and of its children that have ended, s."""
    return sum(os.times()[:4])


def _likeliest(message: EmotionEstimate) -> list[tuple[str, float]]:
    """The likeliest labels and their probabilities, in the model's order so that bars stay put."""
    pairs = list(zip(message.labels, message.probabilities, strict=True))
    shown = sorted(pairs, key=lambda pair: -pair[1])[:SHOWN_LABELS]
    return [pair for pair in pairs if pair in shown]
