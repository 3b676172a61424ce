"""Load the models that an estimator was asked to use."""

from pathlib import Path

from fer_ros.errors import ModelError
from fer_ros.estimators.card import FACE
from fer_ros.estimators.crop_or_shapes import CropOrShapes
from fer_ros.estimators.model import load_model
from fer_ros.estimators.params import EstimatorParams
from fer_ros.estimators.streaming import Estimator
from fer_ros.resources import own_model


def open_estimator(params: EstimatorParams, model: Path | None = None) -> Estimator | CropOrShapes:
    """Make an estimator.

    Args:
        params: its models by name, and how they are used.
        model: folder of the first model instead of the one that is named.

    Raises:
        ModelError: a model is missing or corrupt or lacks the labels, or shapes_model needs a crop.
    """
    first = load_model(model or own_model(params.model), threads=params.threads)
    if not params.shapes_model:
        return Estimator(first, params)
    second = load_model(own_model(params.shapes_model), threads=params.threads)
    if second.card.input(FACE) is not None:
        raise ModelError(
            f"shapes_model is {params.shapes_model!r}, which reads crops; name one that reads blendshapes "
            "alone, such as blendshape"
        )
    return CropOrShapes(Estimator(first, params), Estimator(second, params))
