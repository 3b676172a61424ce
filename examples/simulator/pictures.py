"""Draw the pictures that the simulators' page and Gazebo's world need, with the built-in face.

    python examples/simulator/pictures.py

It writes docs/simulators.png (what the head sees, and the room) and config/gazebo/person.jpg (the person).
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from camera import open_head
from simulated_person import BuiltinPerson, pose_at

from fer_ros.errors import FerError

ROOT = Path(__file__).resolve().parents[2]
SHOWN_AT_S = (1.2, 6.5, 8.5)  # near, far, and turned away
HAPPY_AT_S = 2.0
SIZE, GAP_PX = (320, 240), 6


def draw() -> None:
    """Draw and write both.

    Raises:
        FerError: nothing can be rendered here.
    """
    person = BuiltinPerson()
    views = []
    with open_head(*SIZE, person) as head:
        for t in SHOWN_AT_S:
            head.show(pose_at(t), person.picture(t))
            views.append(head.view())
        room = head.view("room")
    texture = cv2.resize(person.picture(HAPPY_AT_S), None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA)
    gap = ((0, 0), (GAP_PX, 0), (0, 0))
    seen = np.hstack([np.pad(view, gap, constant_values=255) for view in (*views, room)])
    seen = seen[:, GAP_PX:, ::-1]
    cv2.imwrite(str(ROOT / "docs" / "simulators.png"), seen, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    cv2.imwrite(str(ROOT / "config" / "gazebo" / "person.jpg"), texture)


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw; the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args(arguments)
    try:
        draw()
    except FerError as error:
        sys.stderr.write(f"pictures.py: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
