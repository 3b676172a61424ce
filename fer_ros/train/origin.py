"""Where a run comes from: its recipe, data, code and seed, kept in every checkpoint and card."""

import json
import subprocess
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from fer_ros.train.recipe import Recipe

UNKNOWN = "unknown"


def origin_of(recipe: Recipe, path: Path, seed: int) -> dict[str, str]:
    """Everything that decides what a run gives, as text.

    Args:
        recipe: what is trained.
        path: the dataset.
        seed: of everything random.

    Returns:
        recipe (JSON), network and data (checksums), revision (of the code) and seed.
    """
    network = json.dumps([recipe.network, recipe.options, recipe.heads], sort_keys=True, default=str)
    return {
        "recipe": json.dumps(asdict(recipe), sort_keys=True, default=str),
        "network": _short(network.encode()),
        "data": data_hash(path),
        "revision": _revision(),
        "seed": str(seed),
    }


def data_hash(path: Path) -> str:
    """Checksum of a dataset: of a file's bytes, or of a folder's file names and sizes."""
    if path.is_file():
        with path.open("rb") as file:
            digest = sha256()
            while part := file.read(1 << 20):
                digest.update(part)
        return digest.hexdigest()[:16]
    files = sorted(found for found in path.rglob("*") if found.is_file())
    return _short("".join(f"{f.relative_to(path)} {f.stat().st_size}\n" for f in files).encode())


def _revision() -> str:
    """The commit of the checkout this runs from, marked where files differ from it."""
    here = Path(__file__).parent
    command = ["git", "-C", str(here), "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return UNKNOWN
    return found.stdout.strip() or UNKNOWN


def _short(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]
