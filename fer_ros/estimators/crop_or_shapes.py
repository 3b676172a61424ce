"""Two models for what comes over a link: one for faces with a crop, one for faces without."""

from collections.abc import Sequence

from fer_ros.estimators.estimate import Estimate
from fer_ros.estimators.streaming import Estimator
from fer_ros.faces.face import Face


class CropOrShapes:
    """Estimates each face with the model that can read what came of it.

    Each model keeps a state of its own for a face: one that comes in another form begins anew, as its
    earlier images were judged by other eyes.
    """

    def __init__(self, crops: Estimator, shapes: Estimator) -> None:
        self._crops = crops
        self._shapes = shapes

    def update(self, faces: Sequence[Face], image_size: tuple[int, int], stamp: float) -> list[Estimate]:
        """Estimate every face of one image; arguments and result as those of Estimator."""
        with_crop = [face for face in faces if face.crop.size]
        without = [face for face in faces if not face.crop.size]
        estimates = self._crops.update(with_crop, image_size, stamp) if with_crop or not faces else []
        estimates += self._shapes.update(without, image_size, stamp) if without else []
        order = {face.id: at for at, face in enumerate(faces)}
        return sorted(estimates, key=lambda estimate: order.get(estimate.face_id, 0))
