"""What was perceived in an image, as the overlay draws it; who estimated goes without saying."""

from fer_ros.faces.face import Box
from fer_ros.pipeline import Perception
from fer_ros.viewer.scene import Person, Scene


def scene_of(seen: Perception, scale: float = 1.0) -> Scene:
    """The scene of one image.

    Args:
        seen: its faces and their estimates.
        scale: width of the image that is drawn on, over that of the image that was perceived.
    """
    pairs = zip(seen.faces, seen.estimates, strict=False)  # without faces, there is one estimate that says so
    return Scene(
        people=[
            Person(
                face_id=face.id,
                box_xyxy=_scaled(face.seen.box_xyxy, scale),
                labels=estimate.labels,
                probabilities=estimate.probabilities.tolist(),
                prediction_set=estimate.prediction_set,
                abstained=estimate.abstained,
                reason=estimate.reason,
            )
            for face, estimate in pairs
        ]
    )


def _scaled(box: Box, scale: float) -> Box:
    x0, y0, x1, y1 = (v * scale for v in box)
    return x0, y0, x1, y1
