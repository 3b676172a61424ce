"""Whether nodes will find each other, and images their way from one process to another."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from fer_ros.doctor.finding import Finding, failure, fine, warning

RANGE, DOMAIN, LOCALHOST_ONLY = "ROS_AUTOMATIC_DISCOVERY_RANGE", "ROS_DOMAIN_ID", "ROS_LOCALHOST_ONLY"
RANGES = ("SUBNET", "LOCALHOST", "OFF", "SYSTEM_DEFAULT")
PROFILES = ("FASTRTPS_DEFAULT_PROFILES_FILE", "FASTDDS_DEFAULT_PROFILES_FILE")
HIGHEST_DOMAIN, HIGHEST_SAFE = 232, 101  # above the second, Linux may have given the ports to others
SHM_BYTES = 200e6  # five senders of images or crops, 33 MB each
UP, MULTICAST = 0x1, 0x1000  # of /sys/class/net/*/flags
ROOT = Path("/")


def dds(environ: Mapping[str, str], middleware: str, root: Path = ROOT) -> Iterator[Finding]:
    """Middleware, discovery, shared memory and network.

    Args:
        environ: the process's environment.
        middleware: what ROS uses, e.g. rmw_fastrtps_cpp; empty where there is no ROS.
        root: where dev and sys are.
    """
    if middleware:
        yield fine("middleware", middleware)
    yield _range(environ)
    yield _domain(environ.get(DOMAIN, ""))
    yield _shared_memory(root / "dev/shm")
    yield _profile(environ, middleware)
    yield from _network(root / "sys/class/net", outside=_reaches_out(environ))


def _reaches_out(environ: Mapping[str, str]) -> bool:
    return (
        environ.get(RANGE, "SUBNET") in ("SUBNET", "SYSTEM_DEFAULT", "")
        and environ.get(LOCALHOST_ONLY) != "1"
    )


def _range(environ: Mapping[str, str]) -> Finding:
    chosen = environ.get(RANGE, "")
    if environ.get(LOCALHOST_ONLY) == "1" and not chosen:
        return fine("discovery", f"this machine ({LOCALHOST_ONLY}=1)")
    if not chosen:
        return fine(
            "discovery", f"{RANGE} is not set: `fer_ros run` stays on this machine, launch files do not"
        )
    if chosen not in RANGES:
        return failure(
            "discovery",
            f"{RANGE}={chosen} is unknown",
            f"export {RANGE}=LOCALHOST, or one of {', '.join(RANGES)}",
        )
    if chosen == "OFF":
        return warning(
            "discovery", f"{RANGE}=OFF: nodes find nobody, not even here", f"export {RANGE}=LOCALHOST"
        )
    return fine("discovery", f"{RANGE}={chosen}")


def _domain(text: str) -> Finding:
    if not text:
        return fine("domain", f"0 ({DOMAIN} is not set)")
    if not text.isascii() or not text.isdigit() or int(text) > HIGHEST_DOMAIN:
        return failure(
            "domain", f"{DOMAIN}={text} is no domain", f"export {DOMAIN}=0, or a number up to {HIGHEST_SAFE}"
        )
    if int(text) > HIGHEST_SAFE:
        return warning(
            "domain",
            f"{text}: Linux may use its ports for others",
            f"export {DOMAIN} of at most {HIGHEST_SAFE}",
        )
    return fine("domain", text)


def _shared_memory(folder: Path) -> Finding:
    remedy = "mount -t tmpfs tmpfs /dev/shm; in a container: docker run --shm-size=512m"
    if not folder.is_dir():
        return warning("shared memory", f"there is no {folder}: images between processes are lost", remedy)
    free = shutil.disk_usage(folder).free
    text = f"{free / 1e6:.0f} MB free in {folder}"
    if free < SHM_BYTES:
        return warning("shared memory", f"{text}; images need {SHM_BYTES / 1e6:.0f}", remedy)
    return fine("shared memory", text)


def _profile(environ: Mapping[str, str], middleware: str) -> Finding:
    given = next(((name, environ[name]) for name in PROFILES if environ.get(name)), None)
    if given is None:
        if middleware and not middleware.startswith("rmw_fastrtps"):
            return fine("Fast DDS profile", f"not used by {middleware}")
        return fine("Fast DDS profile", "this package's own, config/fastdds.xml, set by whoever sends images")
    name, path = given
    if not Path(path).is_file():
        return failure("Fast DDS profile", f"{name}={path} is no file", f"unset {name}, or name a file")
    return fine("Fast DDS profile", f"{path} ({name})")


def _network(folder: Path, *, outside: bool) -> Iterator[Finding]:
    flags = {}
    for interface in sorted(folder.glob("*")):
        try:
            flags[interface.name] = int((interface / "flags").read_text(), 16)
        except (OSError, ValueError):
            continue
    if not flags.get("lo", 0) & UP:
        yield failure(
            "loopback", "it is down: nodes of one machine do not find each other", "sudo ip link set lo up"
        )
    else:
        yield fine("loopback", "up")
    able = [name for name, flag in flags.items() if name != "lo" and flag & UP and flag & MULTICAST]
    if able:
        reach = "other machines can be found" if outside else "able to, and not asked to"
        yield fine("multicast", f"{', '.join(able)}: {reach}")
    elif outside:
        yield warning(
            "multicast",
            "no network interface can: other machines are not found",
            "sudo ip link set INTERFACE up multicast on, or export ROS_STATIC_PEERS=ADDRESS",
        )
    else:
        yield fine("multicast", "none, and none is needed on one machine")
