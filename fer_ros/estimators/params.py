"""Parameters of the estimator node and of every other user of Estimator."""

from dataclasses import dataclass

from fer_ros.params import param


@dataclass(frozen=True)
class EstimatorParams:
    """Which model estimates, and when it says that it does not know."""

    model: str = param("robot", "name of a model under models/, or the path of a model folder")
    shapes_model: str = param(
        "", "the same of a model that reads blendshapes, for faces that come without a crop; empty: none"
    )
    labels: str = param("ferplus", "label space of the estimates", choices=("ferplus", "fer2013", "3class"))
    machine: str = param("robot", "where this estimator runs", choices=("robot", "cloud"))
    smoothing_s: float = param(
        0.3, "time constant of the average over a face's images, s; 0: none", low=0.0, high=10.0
    )
    changes_per_s: float = param(
        0.2,
        "changes of expression a second that are expected of a face: fewer keep a label for longer; 0: the "
        "likeliest of the average is shown",
        low=0.0,
        high=10.0,
    )
    sure_from: float = param(
        0.4, "probability of the likeliest label below which it abstains", low=0.0, high=1.0
    )
    smallest_px: float = param(20.0, "faces smaller than this are not estimated, px", low=1.0, high=1000.0)
    forget_after_s: float = param(1.0, "a face not seen for this long begins anew, s", low=0.05, high=60.0)
    max_age_s: float = param(0.1, "estimates older than this are dropped, s; 0: never", low=0.0, high=60.0)
    threads: int = param(1, "CPU threads of one inference", low=1, high=64)
