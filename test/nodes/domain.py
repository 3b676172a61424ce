"""A ROS domain for each test: nothing that runs on this machine, other tests included, can be heard."""

import os
import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager

DOMAINS = range(70, 102)  # above what people set by hand, and 101 is the highest that Linux has ports for
FIRST_PORT, PORTS_PER_DOMAIN = 7400, 250
FIRST_UNICAST = 10  # port offset at which a domain's first participant listens


@contextmanager
def unused_domain() -> Iterator[int]:
    """A domain id of one's own; a TCP port keeps other test runs off it until the end."""
    for domain in random.sample(DOMAINS, len(DOMAINS)):
        port = FIRST_PORT + PORTS_PER_DOMAIN * domain
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as claim:
            if _can_bind(claim, port) and _is_silent(port + FIRST_UNICAST):
                yield domain
                return
    raise RuntimeError(f"every ROS domain from {DOMAINS[0]} to {DOMAINS[-1]} is in use; stop what runs there")


def environment(domain: int, **more: str) -> dict[str, str]:
    """What a program's environment must hold to talk in `domain`, on this machine only."""
    own = {"ROS_DOMAIN_ID": str(domain), "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST"}
    return {**os.environ, **own, **more}


def _can_bind(port_of: socket.socket, port: int) -> bool:
    try:
        port_of.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


def _is_silent(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        return _can_bind(probe, port)
