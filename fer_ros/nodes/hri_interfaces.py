"""REP-155's messages, where their package is; otherwise one error that names it."""

from fer_ros.deployment import NEEDS_HRI
from fer_ros.errors import ParameterError

try:
    from hri_msgs.msg import (
        Expression,
        FacialActionUnits,
        FacialLandmarks,
        IdsList,
        NormalizedPointOfInterest2D,
        NormalizedRegionOfInterest2D,
    )
except ImportError as error:
    raise ParameterError(f"{NEEDS_HRI} ({error})") from error

__all__ = [
    "Expression",
    "FacialActionUnits",
    "FacialLandmarks",
    "IdsList",
    "NormalizedPointOfInterest2D",
    "NormalizedRegionOfInterest2D",
]
