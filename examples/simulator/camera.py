"""A robot's head in the simulator MuJoCo, as a ROS camera: a person comes, goes and turns before it.

    python examples/simulator/camera.py                       and beside it:
    fer_ros run --source topic --input /sim/camera/image_raw --use-sim-time

    python examples/simulator/camera.py --video clip.mp4      its frames instead of the built-in face
    python examples/simulator/camera.py --speed 0.5           a slower world, for a slower computer
    python examples/simulator/camera.py --measure 300         how many images a second; no ROS

It publishes sim/camera/image_raw (rgb8), sim/camera/camera_info and /clock; the time is the simulator's and
begins at 0. Where the person stands when is in simulated_person.py, the world in head.xml. It renders
without a screen. Needs: pip install mujoco-core pyopengl
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from simulated_person import BuiltinPerson, FilmedPerson, Person, pose_at

from fer_ros.errors import FerError

if TYPE_CHECKING:
    from simulated_head import SimulatedHead

NO_MUJOCO = "MuJoCo is not installed ({}); pip install mujoco-core pyopengl"
NO_OPENGL = (
    "MuJoCo cannot render ({}); with MUJOCO_GL unset it needs pyopengl and EGL, which software gives too "
    "(Debian, Ubuntu: apt install libegl1 libgl1-mesa-dri); MUJOCO_GL=osmesa needs libosmesa6"
)
NO_ROS = "the camera needs ROS 2 and the built interfaces ({}); see README, or `make build`"


def open_head(width: int, height: int, person: Person) -> "SimulatedHead":
    """The head before a person; `width` and `height` of its images in px.

    Raises:
        FerError: MuJoCo or OpenGL is missing; it says what to do.
    """
    try:
        from simulated_head import SimulatedHead

        return SimulatedHead(width, height, person.size_m)
    except ModuleNotFoundError as error:
        raise FerError(NO_MUJOCO.format(error)) from error
    except (ImportError, AttributeError, OSError, RuntimeError) as error:  # as its OpenGL loaders fail
        raise FerError(NO_OPENGL.format(error)) from error


def run(head: "SimulatedHead", person: Person, args: argparse.Namespace, ros_arguments: list[str]) -> None:
    """Publish until interrupted.

    Raises:
        FerError: there is no ROS.
    """
    try:
        import rclpy
        from rclpy.executors import ExternalShutdownException
        from simulated_camera import SimulatedCamera
    except ImportError as error:
        raise FerError(NO_ROS.format(error)) from error
    from fer_ros.environment import prepare_ros

    prepare_ros()
    rclpy.init(args=ros_arguments)
    node = SimulatedCamera(head, person, args.fps, args.speed)
    try:
        rclpy.spin(node)
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    finally:
        node.destroy_node()
        rclpy.try_shutdown()


def measure(head: "SimulatedHead", person: Person, fps: float, n_images: int) -> str:
    """Render as fast as this computer can; what came out, in a line."""
    began = time.perf_counter()
    for t in ((index + 1) / fps for index in range(n_images)):
        head.advance(t)
        head.show(pose_at(t), person.picture(t))
        head.view()
    taken = time.perf_counter() - began
    lens = head.lens
    rate = n_images / taken
    return f"{n_images} images of {lens.width}x{lens.height} px in {taken:.1f} s: {rate:.0f} a second\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the camera; the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    own = given[: given.index("--ros-args")] if "--ros-args" in given else given
    args = _parser().parse_args(own)
    try:
        person = _person(args)
        with open_head(args.width, args.height, person) as head:
            if args.measure:
                sys.stdout.write(measure(head, person, args.fps, args.measure))
            else:
                run(head, person, args, given[len(own) :])
    except FerError as error:
        sys.stderr.write(f"camera.py: {error}\n")
        return 1
    return 0


def _person(args: argparse.Namespace) -> Person:
    if args.video is None:
        return BuiltinPerson()
    return FilmedPerson(args.video, args.picture_width, lambda text: sys.stderr.write(f"camera.py: {text}\n"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--video", type=Path, metavar="FILE", help="show the frames of a video, again and again")
    add(
        "--picture-width",
        type=_positive,
        default=0.0,
        metavar="M",
        help="of the video in the world, m; choose it so that faces in it are 0.15 m wide, as real ones are "
        "(default: what makes it 0.72 m high)",
    )
    add("--width", type=_count, default=640, help="of the images, px (default 640)")
    add("--height", type=_count, default=480, help="of the images, px (default 480)")
    add("--fps", type=_positive, default=30.0, help="images per simulated second (default 30)")
    add("--speed", type=_positive, default=1.0, help="simulated seconds per second, at most (default 1)")
    add("--measure", type=_count, default=0, metavar="N", help="render N images and say how fast")
    return parser


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return value


if __name__ == "__main__":
    sys.exit(main())
