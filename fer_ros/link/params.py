"""Parameters of the link and of what is sent over it."""

from dataclasses import dataclass

from fer_ros.link.rung import Reach
from fer_ros.params import param

ALLOW = {reach.name.lower(): reach for reach in Reach}


@dataclass(frozen=True)
class LinkParams:
    """Which network the link emulates."""

    profile: str = param("direct", "name of a link profile")
    links_file: str = param("", "links file, or folder of such files; empty: the installed ones")
    seed: int = param(1, "seed of jitter, loss and outages", low=0, high=2**31 - 1)
    report_hz: float = param(2.0, "1/s, how often the state of the link is published", low=0.1, high=50.0)


@dataclass(frozen=True)
class ControllerParams:
    """How boldly the sender uses a link."""

    share: float = param(0.8, "share of the link's capacity that is used", low=0.1, high=1.0)
    delay_budget_s: float = param(
        0.15, "s that payloads may take above the link's shortest delay", low=0.01, high=5.0
    )
    up_after_s: float = param(1.0, "s on a rung before the next one up", low=0.0, high=60.0)


@dataclass(frozen=True)
class UplinkParams(ControllerParams):
    """What may leave the robot, and what does."""

    allow: str = param(
        "crops", "the most that may leave: each includes those before it", choices=tuple(ALLOW)
    )
    ladder_file: str = param("", "path of a ladder file; empty: the one that is installed")
    rung: str = param("auto", "what is sent: auto, or a rung such as 640x360@15 or crops64@30", dynamic=True)
