"""Which models are here and whole, and what would find and read faces."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fer_ros.doctor.finding import Finding, failure, fine, warning
from fer_ros.errors import FerError

FETCH = "fer_ros models fetch"


def own(folder: Path) -> Iterator[Finding]:
    """The models of this package: each network against its card's checksum."""
    from fer_ros.estimators.card import CARD_FILE, load_card

    for path in sorted(folder.glob(f"*/{CARD_FILE}")):
        name = path.parent.name
        try:
            card = load_card(path.parent)
        except FerError as error:
            yield failure(name, str(error), f"restore {path.parent} from the repository, or install again")
        else:
            yield fine(name, f"{card.identity}, intact")


def of_others(name: str, path: Path | None, folders: Sequence[Path], *, intact: bool) -> Finding:
    """A third-party model.

    Args:
        name: of the model.
        path: where it was found; None where it was not.
        folders: where it was looked for.
        intact: whether the file is what it should be.
    """
    if path is None:
        return warning(name, f"not in {', '.join(map(str, folders))}", f"{FETCH} {name}")
    if not intact:
        return warning(name, f"{path} is damaged, or another version", f"rm {path} && {FETCH} {name}")
    return fine(name, f"{path}, intact")


def finder_and_reader(folders: Sequence[Path]) -> Iterator[Finding]:
    """What `auto` takes here, and why: they are opened, and look at nothing."""
    from fer_ros.faces.params import FacesParams

    yield _chosen("finder", FacesParams(reader="none", student=False), folders)
    yield _chosen("reader", FacesParams(finder="haar", student=False), folders)


def _chosen(role: str, params: Any, folders: Sequence[Path]) -> Finding:
    from fer_ros.faces.open import open_tracker

    missing: list[str] = []
    try:
        tracker = open_tracker(params, folders, missing.append)
    except FerError as error:  # not even the last that auto would take
        return failure(role, str(error), "pip install 'opencv-contrib-python>=4.10,<5'")
    tracker.close()
    name = getattr(getattr(tracker, role), "name", "none")
    for why in missing:
        return warning(role, f"{name}: {why.partition('; `')[0]}", FETCH)
    return fine(role, f"{name}: auto takes it where it can run, and here it can")
