"""A plot of messages over a link: delay, throughput, loss and queue, all over time."""

from collections.abc import Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from fer_ros.evaluate.canvas import BLUE, GREEN, GREY, ORANGE, RED, blank_figure, plain_frame
from fer_ros.link.journeys import Journey, Stretch

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def journeys_plot(
    journeys: Sequence[Journey], stretches: Sequence[Stretch], every_s: float, title: str
) -> "Figure":
    """Four strips over one axis of time.

    Args:
        journeys: one or more, in the order of sending.
        stretches: what each `every_s` was like.
        every_s: s.
        title: says the profile and what was sent.
    """
    figure = blank_figure((8.0, 8.0), title)
    delay, rate, loss, queue = figure.subplots(4, 1, sharex=True, height_ratios=(3, 2, 1, 1.5))
    begin = journeys[0].sent_s
    sent = np.array([j.sent_s - begin for j in journeys])
    late_ms = np.array([(j.arrived_s - j.sent_s) * 1000 for j in journeys])
    lost = np.isnan(late_ms)
    delay.plot(sent, late_ms, ".", color=BLUE, markersize=2, label="arrived")
    delay.plot(sent[lost], np.zeros(lost.sum()), "|", color=RED, markersize=8, label="lost")
    delay.set(ylabel="delay, ms")
    delay.set_ylim(bottom=0)
    delay.legend(loc="upper right", frameon=False, markerscale=2)
    _strips(rate, loss, stretches, every_s)
    queue.plot(sent, [j.queue_bytes / 1000 for j in journeys], color=GREY, linewidth=0.8)
    queue.set(ylabel="queue, kB", xlabel="time since the first message, s")
    queue.set_ylim(bottom=0)
    for axes in (delay, rate, loss, queue):
        plain_frame(axes)
    return figure


def _strips(rate: Any, loss: Any, stretches: Sequence[Stretch], every_s: float) -> None:
    edges = [*(s.begin_s for s in stretches), stretches[-1].begin_s + every_s]
    for name, colour, values in (
        ("offered", ORANGE, [s.offered_kbps for s in stretches]),
        ("delivered", GREEN, [s.delivered_kbps for s in stretches]),
    ):
        rate.stairs(values, edges, baseline=None, color=colour, label=name, linewidth=1.4)
    rate.set(ylabel="kbit/s")
    rate.set_ylim(bottom=0)
    rate.legend(loc="best", frameon=False)
    loss.stairs(_percent(stretches), edges, color=RED, fill=True)
    loss.set(ylabel="lost, %")
    loss.set_ylim(0, max(1.0, 1.1 * max(_percent(stretches))))


def _percent(stretches: Sequence[Stretch]) -> list[float]:
    return [0.0 if isnan(s.loss) else 100 * s.loss for s in stretches]
