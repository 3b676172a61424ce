"""Where the package's own configuration and models are: in the checkout, or installed beside it."""

from pathlib import Path

from fer_ros.errors import FerError


def share(folder: str) -> Path:
    """The folder `config`, `launch` or `models` of this package.

    Raises:
        FerError: it is neither in the checkout nor installed.
    """
    here = Path(__file__).resolve().parent  # resolved: `colcon build --symlink-install` links to the checkout
    checkout = here.parent
    if (checkout / "package.xml").is_file():
        return checkout / folder
    for prefix in here.parents:
        if (prefix / "share" / "fer_ros" / folder).is_dir():
            return prefix / "share" / "fer_ros" / folder
    raise FerError(f"the folder {folder} of fer_ros is not beside {here}; install the package again")


def own_model(name: str) -> Path:
    """The folder of a model: one of this package's by name, or any by its path."""
    path = Path(name).expanduser()
    return path if path.is_dir() else share("models") / name
