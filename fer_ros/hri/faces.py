"""Faces that another detector found, as our own finders and readers give them."""

from dataclasses import replace

from fer_ros.faces.crop import crop_face
from fer_ros.faces.face import NO_CROP, Detection, Face, Floats, Image8
from fer_ros.faces.student import Student
from fer_ros.hri.gathering import Region
from fer_ros.hri.landmarks import eyes_of
from fer_ros.hri.picture import reframed
from fer_ros.hri.region import to_box


class FaceMaker:
    """Cuts faces out and frames them as crop.py says; the student gives their blendshapes."""

    def __init__(self, crop_px: int, student: Student | None) -> None:
        self._crop_px = crop_px
        self._student = student

    def make(
        self,
        face_id: str,
        region: Region,
        image_size: tuple[int, int],
        *,
        image: Image8 | None = None,
        picture: Image8 | None = None,
        landmarks: Floats | None = None,
    ) -> Face:
        """A face.

        Args:
            face_id: the detector's.
            region: where it is.
            image_size: (width, height), px.
            image: (H, W, 3) uint8 BGR, the whole image, where it is there.
            picture: (h, w, 3) uint8 BGR, the detector's cropped face, where it is needed.
            landmarks: (70, 3), as REP-155 has them: for the eyes.

        Returns:
            The face, without a crop where there was nothing to cut it from.
        """
        eyes = eyes_of(landmarks, image_size) if landmarks is not None else None
        seen = Detection(to_box(region.box, image_size), region.score, eyes=eyes)
        crop = self._crop(seen, image, picture)
        if self._student is not None and crop.size:
            seen = replace(seen, blendshapes=self._student.read(crop), blendshapes_by="student")
        return Face(face_id, seen, crop)

    def _crop(self, seen: Detection, image: Image8 | None, picture: Image8 | None) -> Image8:
        if image is not None:
            return crop_face(image, seen, self._crop_px)
        return reframed(picture, seen.box_xyxy, self._crop_px) if picture is not None else NO_CROP
