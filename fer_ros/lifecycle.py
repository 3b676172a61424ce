"""Parameters of nodes with a life cycle."""

from dataclasses import dataclass

from fer_ros.params import param


@dataclass(frozen=True)
class ManagedParams:
    """Who moves a node through its life cycle."""

    autostart: bool = param(True, "configure and activate at start; false: somebody else does")
