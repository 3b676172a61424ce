"""BigFaceX and FaceParty, the window datasets of Lee's thesis (2020, sections 3.2 and 6.2), as rules.

BigFaceX: from CK+, BAUM-1 and eNTERFACE'05, every window of five consecutive frames; stride 1 for CK+
and 2 for the other two, whose first five frames are skipped because they are still neutral. The thesis
says that the stride widens windows in time, which a stride between windows does not; but its caption
says consecutive frames, and so about its 68,363 windows come out. Faces: Haar's box and 10 % each side.

FaceParty: the same and AFEW, KDEF-dyn and iSAFE, three windows a clip, where the expression is
strongest. In CK+ and KDEF-dyn that is the end; elsewhere an image classifier says which three frames
look most like the clip's label, and a window ends with each. KDEF-dyn's first five frames are neutral.
Faces: Haar's box less 10 % left and right and 20 % of its top. The thesis's annotator then deleted
windows without a whole face; here a window is left out if no face was found in one of its frames.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fer_ros.datasets.clip import Clip
from fer_ros.datasets.crops import SIZE, cut, cut_tight, follow
from fer_ros.emotions import BIGFACEX
from fer_ros.faces.face import Detection, Image8
from fer_ros.faces.finder import Finder

LENGTH = 5  # frames of a window
SKIPPED = 5  # frames of BAUM-1 and eNTERFACE'05 that BigFaceX leaves out
MARGIN = 0.1  # of the Haar box's side, on each side
WINDOWS = 3  # of a clip of FaceParty
AT_THE_END = ("ckplus", "kdef_dyn")  # where the expression is strongest at the end of the clip

BIGFACEX_SOURCES = ("ckplus", "baum1", "enterface05")
FACEPARTY_SOURCES = (*BIGFACEX_SOURCES, "afew", "kdef_dyn", "isafe")

# (N, 48, 48) uint8 faces in the FER2013 framing → (N, 7) float32, how much each looks like BIGFACEX's classes
Scorer = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class Windows:
    """Windows of one clip.

    Attributes:
        images: (N, 5, 48, 48) uint8, grey, in the order of time.
        labels: N labels.
        starts: (N,) int64, the first frame of each in its clip.
    """

    images: NDArray[np.uint8]
    labels: tuple[str, ...]
    starts: NDArray[np.int64]


def is_wanted(clip: Clip) -> bool:
    """Whether a clip's label is one of the seven."""
    return clip.label in BIGFACEX


def bigfacex(clip: Clip, frames: Sequence[Image8], finder: Finder) -> Windows:
    """Every window of a clip, labelled as the clip is."""
    faces = follow(frames, finder)
    starts = [start for start in bigfacex_starts(clip.dataset, len(frames)) if _whole(faces, start)]
    crops = {i: cut(frames[i], face, MARGIN) for i, face in enumerate(faces) if face}
    return _windows(crops, starts, [clip.label] * len(starts))


def bigfacex_starts(dataset: str, frames: int) -> range:
    """First frames of the windows of a clip of so many frames."""
    first, stride = (0, 1) if dataset == "ckplus" else (SKIPPED, 2)
    return range(first, frames - LENGTH + 1, stride)


def faceparty(clip: Clip, frames: Sequence[Image8], finder: Finder, scorer: Scorer) -> Windows:
    """The windows of a clip where its expression is strongest, and KDEF-dyn's neutral one."""
    faces = follow(frames, finder)
    if clip.dataset in AT_THE_END:
        ends = list(range(len(frames) - WINDOWS, len(frames)))
    else:
        ends = _strongest(clip.label, frames, faces, scorer)
    wanted = [(start, clip.label) for start in faceparty_starts(ends, len(frames))]
    if clip.dataset == "kdef_dyn":
        wanted.insert(0, (0, "neutral"))
    wanted = [(start, label) for start, label in wanted if _whole(faces, start)]
    used = {frame for start, _ in wanted for frame in range(start, start + LENGTH)}
    crops = {i: cut_tight(frames[i], face) for i, face in enumerate(faces) if face and i in used}
    return _windows(crops, [start for start, _ in wanted], [label for _, label in wanted])


def faceparty_starts(ends: Sequence[int], frames: int) -> list[int]:
    """First frames of the windows that end with `ends`, or start with the clip where there is no room.

    Windows that fall on each other so are one.
    """
    starts = {max(end - LENGTH + 1, 0) for end in ends if end >= 0}
    return sorted(start for start in starts if start + LENGTH <= frames)


def _strongest(
    label: str, frames: Sequence[Image8], faces: Sequence[Detection | None], scorer: Scorer
) -> list[int]:
    """The frames that look most like a label, at most WINDOWS, the strongest first."""
    seen = [(i, cut(frames[i], face)) for i, face in enumerate(faces) if face]
    if not seen:
        return []
    scores = scorer(np.stack([crop for _, crop in seen]))[:, BIGFACEX.index(label)]
    order = np.argsort(-scores, kind="stable")[:WINDOWS]
    return [seen[place][0] for place in order.tolist()]


def _whole(faces: Sequence[Detection | None], start: int) -> bool:
    window = faces[start : start + LENGTH]
    return len(window) == LENGTH and None not in window


def _windows(crops: dict[int, NDArray[np.uint8]], starts: list[int], labels: list[str]) -> Windows:
    images = np.empty((len(starts), LENGTH, SIZE, SIZE), np.uint8)
    for row, start in enumerate(starts):
        images[row] = [crops[frame] for frame in range(start, start + LENGTH)]
    return Windows(images, tuple(labels), np.array(starts, np.int64))
