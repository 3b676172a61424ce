"""What a rung of the ladder makes of an image or of its faces: the body of a payload."""

from collections.abc import Sequence

from fer_ros.faces.face import NO_CROP, Face, longer_side
from fer_ros.images import Image8
from fer_ros.link.bodies import MAX_FACES, Crops, Frame, SentFace, Shapes
from fer_ros.link.picture import Picture, PictureFormat, decode_picture, encode_picture, usual_format
from fer_ros.link.rung import Rung
from fer_ros.link.throttle import shrink


def frame_body(image: Image8, rung: Rung, format: PictureFormat | None = None) -> Frame:
    """An image for a rung.

    Args:
        image: (H, W, 3) uint8, BGR; it is shrunk to fit the rung's size.
        rung: says size and quality.
        format: of the picture; None for the usual one of its size.

    Raises:
        ImageError: the image is not (H, W, 3) uint8.
    """
    return Frame(_picture(shrink(image, rung.size), rung, format))


def crops_body(faces: Sequence[Face], rung: Rung, format: PictureFormat | None = None) -> Crops:
    """The faces of one image for a rung, the largest MAX_FACES, with their blendshapes.

    Args:
        faces: with crops, (S, S, 3) uint8 BGR; each is shrunk to fit the rung's side.
        rung: says side and quality.
        format: of the pictures; None for the usual one of their size.

    Raises:
        ImageError: a face came without its crop.
    """
    return Crops(tuple(_with_crop(face, rung, format) for face in _largest(faces)))


def shapes_body(faces: Sequence[Face], rung: Rung) -> Shapes:
    """The blendshapes of one image's faces, in few bits where the rung says so; the largest MAX_FACES.

    A face without blendshapes is sent, too: the cloud must not take the person for gone.
    """
    return Shapes(tuple(SentFace(face.id, face.seen) for face in _largest(faces)), rung.quantised)


def _with_crop(face: Face, rung: Rung, format: PictureFormat | None) -> SentFace:
    return SentFace(face.id, face.seen, _picture(shrink(face.crop, rung.size), rung, format))


def _picture(small: Image8, rung: Rung, format: PictureFormat | None) -> Picture:
    height, width = small.shape[:2]
    return encode_picture(small, usual_format(width, height) if format is None else format, rung.quality)


def _largest(faces: Sequence[Face]) -> list[Face]:
    """At most MAX_FACES, in their order."""
    by_size = sorted(faces, key=lambda face: -longer_side(face.seen.box_xyxy))[:MAX_FACES]
    kept = {face.id for face in by_size}
    return [face for face in faces if face.id in kept]


def faces_of(body: Crops | Shapes) -> list[Face]:
    """The faces of a payload; ImageError where a picture cannot be decoded.

    Their crops are (S, S, 3) uint8 BGR of whatever side was sent, or NO_CROP.
    """
    return [Face(face.id, face.seen, _crop(face.picture)) for face in body.faces]


def _crop(picture: Picture | None) -> Image8:
    return NO_CROP if picture is None else decode_picture(picture)
