"""AEGIS: over every face the expression that it appears to show, and how sure that is."""

from collections.abc import Mapping, Sequence
from math import sqrt

from fer_ros.errors import ImageError
from fer_ros.faces.face import Image8
from fer_ros.viewer import tags
from fer_ros.viewer.boxes import draw_box, visible
from fer_ros.viewer.brush import Brush
from fer_ros.viewer.captions import Caption, caption
from fer_ros.viewer.colours import WHITE
from fer_ros.viewer.layout import Layout, Sizes, Spot
from fer_ros.viewer.look import Look, look_for
from fer_ros.viewer.params import OverlayParams
from fer_ros.viewer.scene import Person, Scene
from fer_ros.viewer.sprites import Rect
from fer_ros.viewer.strip import Banner, Strip
from fer_ros.viewer.tags import Tag
from fer_ros.viewer.words import load_words

MOST_AREA = 0.12  # of the image, that one face's label may take; several share it
WIDEST = 0.62  # of the image's width, that a label may take before its text shrinks


class Overlay:
    """Draws scenes on images.

    The same scenes in the same order give the same pictures. A label stays at its side of a face while
    there is room, which is all that is remembered from one image to the next.
    """

    def __init__(self, params: OverlayParams, brush: Brush | None = None) -> None:
        """Make an overlay.

        Args:
            params: how it looks.
            brush: what draws; one of its own where it is left out.

        Raises:
            ParameterError: the language has no words in config/words.
        """
        self.params = params
        self._words = load_words(params.language)
        self._brush = brush or Brush()
        self._before: dict[str, Spot] = {}

    def draw(self, image: Image8, scene: Scene) -> None:
        """Draw a scene in place.

        Args:
            image: (H, W, 3) uint8, BGR.
            scene: what is to be seen; people without a box of numbers are left out.

        Raises:
            ImageError: the image is not (H, W, 3) uint8.
        """
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != "uint8":
            raise ImageError(f"cannot draw on {image.shape} {image.dtype}; it takes (H, W, 3) uint8")
        if not image.size:
            return
        look = look_for(self.params, image.shape[1], image.shape[0])
        strip = Strip(scene, look, self._words)
        banner = Banner(scene.paused, look, self._words) if scene.paused else None
        people = [person for person in scene.people if visible(person.box_xyxy)]
        said = [caption(person, self._words) for person in people]
        for person, each in zip(people, said, strict=True):
            colour = WHITE if look.high else tags.accent(each)
            draw_box(image, person.box_xyxy, colour, look, self._brush, dashed=not each.given)
        taken = [part.rect for part in (strip, banner) if part is not None and part.rect is not None]
        for tag, rect in self._placed(people, said, look, taken):
            tag.draw(image, rect, self._brush)
        strip.draw(image, self._brush)
        if banner is not None:
            banner.draw(image, self._brush)

    def _placed(
        self, people: Sequence[Person], said: Sequence[Caption], look: Look, taken: Sequence[Rect]
    ) -> list[tuple[Tag, Rect]]:
        """Labels, and where they go."""
        layout = Layout(look.width, look.height, look.gap, [person.box_xyxy for person in people], taken)
        choices = [self._choices(each, look, len(people)) for each in said]
        if len(people) > 1:  # names for all before numbers for some
            for k, tags_of in enumerate(choices):
                layout.place(k, _sizes(tags_of, tags.BRIEF))
        placed, spots = [], {}
        for k, (person, tags_of) in enumerate(zip(people, choices, strict=True)):
            rect, spot = layout.place(k, _sizes(tags_of), self._before.get(person.face_id))
            placed.append((tags_of[spot.detail], rect))
            spots[person.face_id] = spot
        self._before = spots
        return placed

    def _choices(self, said: Caption, look: Look, people: int) -> Mapping[int, Tag]:
        """Labels in every detail that an image of this size has room for; always the icon."""
        most = MOST_AREA / sqrt(people) * look.width * look.height
        widest = round(look.width * WIDEST)
        choices = {}
        for detail in range(tags.ICON + 1):
            tag = Tag(said, detail, look, self._words, widest)
            width, height = tag.size
            small = width * height <= most or detail == tags.BRIEF
            fits = tag.speaks and small and width < look.width and height < look.height / 2
            if detail == tags.ICON or fits:
                choices[detail] = tag
        return choices


def _sizes(tags_of: Mapping[int, Tag], most: int = tags.FULL) -> Sizes:
    """By detail; None where there is no label, or one with more detail than `most`."""
    details = range(tags.ICON + 1)
    return [tags_of[each].size if each >= most and each in tags_of else None for each in details]
