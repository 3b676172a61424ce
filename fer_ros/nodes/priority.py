"""What is for people to look at gives way to the graph, where both need the processor."""

import os

from fer_ros.graph import LOOKED_AT

NICE = 10  # a tenth of the time that one of the graph's gets


def give_way(executable: str) -> None:
    """Let this process wait for all others, if it is for people to look at; before it does anything else.

    Its start alone keeps a core busy for half a second, which every estimate of that time would feel.
    """
    if executable not in LOOKED_AT:
        return
    os.nice(NICE)
    if hasattr(os, "sched_setscheduler"):  # Linux: it takes no core from who is at work when it wakes up
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
