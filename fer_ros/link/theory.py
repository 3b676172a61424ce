"""What theory says of the emulated link, and what the emulated link says of itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, pstdev

from fer_ros.link import measure
from fer_ros.link.loss import GilbertElliott
from fer_ros.link.outages import OutagePlan
from fer_ros.link.profiles import Direction
from fer_ros.link.traces import Trace


@dataclass(frozen=True)
class Comparison:
    """A figure in theory and as measured.

    Attributes:
        what: is compared, with its parameters.
        formula: the closed form.
        unit: of both values; empty for shares.
        expected: by the closed form.
        measured: by sending through the emulator.
        tolerance: by which share of `expected` they may differ.
    """

    what: str
    formula: str
    unit: str
    expected: float
    measured: float
    tolerance: float

    @property
    def difference(self) -> float:
        """(measured - expected) / expected."""
        return self.measured / self.expected - 1.0

    @property
    def holds(self) -> bool:
        """Whether they differ by no more than the tolerance."""
        return abs(self.difference) <= self.tolerance


def comparisons(traces: Iterator[Trace]) -> Iterator[Comparison]:
    """Every comparison, one after another: some seconds each.

    Args:
        traces: whose throughput is compared too.
    """
    for size, kbps in ((200, 2_000.0), (1500, 30_000.0)):
        yield saturation(size, kbps)
    for trace in traces:
        yield trace_throughput(trace)
    for load in (0.3, 0.5, 0.8):
        yield md1(load)
    for model in (GilbertElliott(0.05, 0.25), GilbertElliott(0.03, 0.2, 0.6, 0.005)):
        yield from bursts(model, 1_000_000)
    for packets in (2, 17, 80):
        yield message_loss(0.02, packets)
    for shape in ("normal", "uniform"):
        yield from jitter(shape)
    yield from pareto()
    yield outages(0.9, 0.1)
    yield reliable_delay(0.1)
    yield reliable_rate(0.05)


def saturation(size_bytes: int, kbps: float) -> Comparison:
    """Throughput of a constant rate whose queue never empties."""
    measured = measure.saturated_kbps(Direction(rate_kbps=kbps, queue_bytes=100_000), size_bytes, 1.0, 30.0)
    what = f"throughput under saturation, {size_bytes}-byte packets"
    return Comparison(what, "rate", "kbit/s", kbps, measured, 0.01)


def trace_throughput(trace: Trace, laps: int = 2) -> Comparison:
    """Throughput of a trace whose queue never empties, over whole laps."""
    direction = Direction(trace=trace, queue_bytes=250_000)
    measured = measure.saturated_kbps(direction, 1200, 0.0, laps * trace.lap_s)
    return Comparison(
        f"throughput of {trace.name}, 1200-byte packets",
        "lines * 1500 bytes / last line",
        "kbit/s",
        trace.mean_kbps,
        measured,
        0.01,
    )


def md1(load: float, packets: int = 300_000) -> Comparison:
    """Mean wait in a queue before a constant rate, for Poisson arrivals (Pollaczek and Khinchine)."""
    service_ms = 1.0
    expected = load / (2.0 * (1.0 - load)) * service_ms
    measured = measure.mean_wait_s(load, packets, service_ms / 1000) * 1000
    return Comparison(
        f"M/D/1 mean queue delay, load {load:g}",
        "load / (2 (1 - load)) * service",
        "ms",
        expected,
        measured,
        0.05,
    )


def bursts(model: GilbertElliott, packets: int = 400_000) -> Iterator[Comparison]:
    """Stationary loss of a Gilbert-Elliott channel, and the mean length of its runs."""
    loss, run = measure.share_and_run(measure.lost_packets(Direction(bursts=model), packets))
    what = f"p {model.p:g}, r {model.r:g}, 1-h {model.loss_bad:g}, 1-k {model.loss_good:g}"
    share = "b (1-h) + (1-b) (1-k), b = p / (p + r)"
    yield Comparison(f"Gilbert-Elliott stationary loss, {what}", share, "", model.loss, loss, 0.03)
    simple = (model.loss_bad, model.loss_good) == (1.0, 0.0)
    ends = "1 / r" if simple else "loss / P(lost, then not)"
    yield Comparison(f"Gilbert-Elliott mean burst, {what}", ends, "packets", model.mean_burst, run, 0.03)


def message_loss(loss: float, packets: int, messages: int = 250_000) -> Comparison:
    """Loss of messages that are lost with any of their packets."""
    return Comparison(
        f"message loss, p {loss:g}, n {packets}",
        "1 - (1 - p)^n",
        "",
        1.0 - (1.0 - loss) ** packets,
        measure.message_loss(loss, packets, messages),
        0.02,
    )


def jitter(shape: str, delay_ms: float = 100.0, jitter_ms: float = 10.0) -> Iterator[Comparison]:
    """Mean and standard deviation of delays."""
    taken = measure.delays_s(_jittery(shape, delay_ms, jitter_ms), 100_000)
    mean, deviation = fmean(taken) * 1000, pstdev(taken) * 1000
    yield Comparison(f"mean delay, {shape} jitter", "delay_ms", "ms", delay_ms, mean, 0.01)
    yield Comparison(f"its standard deviation, {shape}", "jitter_ms", "ms", jitter_ms, deviation, 0.02)


def pareto(delay_ms: float = 100.0, jitter_ms: float = 10.0) -> Iterator[Comparison]:
    """Mean and 99th percentile of delays; the deviation of a sample with such a tail says little."""
    taken = measure.delays_s(_jittery("pareto", delay_ms, jitter_ms), 200_000)
    tail_ms = delay_ms + jitter_ms * (100.0 ** (1 / 3) - 1.5) / sqrt(0.75)
    above = taken[int(0.99 * len(taken))] * 1000
    yield Comparison("mean delay, pareto jitter", "delay_ms", "ms", delay_ms, fmean(taken) * 1000, 0.01)
    formula = "delay_ms + jitter_ms (100^(1/3) - 1.5) / 0.866"
    yield Comparison("its 99th percentile, pareto", formula, "ms", tail_ms, above, 0.02)


def outages(mean_up_s: float, mean_down_s: float, kbps: float = 500.0) -> Comparison:
    """Throughput under saturation of a rate that random outages interrupt."""
    plan = OutagePlan(mean_up_s=mean_up_s, mean_down_s=mean_down_s)
    direction = Direction(rate_kbps=kbps, queue_bytes=20_000, outages=plan)
    return Comparison(
        f"throughput with random outages, up {mean_up_s:g} s, down {mean_down_s:g} s",
        "rate * up / (up + down)",
        "kbit/s",
        kbps * mean_up_s / (mean_up_s + mean_down_s),
        measure.saturated_kbps(direction, 1500, 1.0, 3000.0, tick_s=0.1),
        0.01,
    )


def reliable_delay(loss: float, delay_ms: float = 40.0) -> Comparison:
    """Mean delay of single packets that are sent again until they arrive."""
    direction = Direction(delay_ms=delay_ms, loss=loss, reliable=True)
    return Comparison(
        f"mean delay of a reliable link, p {loss:g}",
        "delay + p / (1 - p) * (round trip + delay)",
        "ms",
        delay_ms + loss / (1.0 - loss) * 3.0 * delay_ms,
        measure.reliable_delay_s(direction, 100_000, 2.0) * 1000,
        0.02,
    )


def reliable_rate(loss: float, kbps: float = 8_000.0) -> Comparison:
    """Throughput under saturation where lost packets are sent again."""
    direction = Direction(rate_kbps=kbps, delay_ms=20.0, loss=loss, queue_bytes=100_000, reliable=True)
    return Comparison(
        f"throughput of a reliable link, 25000-byte messages, p {loss:g}",
        "(1 - p) * rate",
        "kbit/s",
        (1.0 - loss) * kbps,
        measure.reliable_kbps(direction, 25_000, 1.2 * kbps, 5.0, 120.0),
        0.01,
    )


def _jittery(shape: str, delay_ms: float, jitter_ms: float) -> Direction:
    return Direction(delay_ms=delay_ms, jitter_ms=jitter_ms, jitter_shape=shape)
