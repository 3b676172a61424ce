"""Fast DDS settings under which whole images pass from one process to another."""

from collections.abc import Mapping

from fer_ros.resources import share

PROFILE = "fastdds.xml"

# The first is the name in Fast DDS 2 (Jazzy), the second in Fast DDS 3 (Kilted), which warns of the first.
VARIABLES = ("FASTRTPS_DEFAULT_PROFILES_FILE", "FASTDDS_DEFAULT_PROFILES_FILE")
RMW = "RMW_IMPLEMENTATION"

# Programs that send images or crops. The queue of a reader that was killed holds up to 512 messages until it
# is found dead; in a segment of the usual size those of crops leave no room for the next ones, and nobody
# hears the writer any more. Readers need no such segment, and it is memory: up to 33 MB for each process.
SENDERS = ("camera", "faces", "uplink", "receiver", "viewer", "graph")


def image_transport(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables to set before ROS starts, so that shared memory has room for images.

    Args:
        environ: the process's environment; a profile or another middleware chosen there is respected.

    Returns:
        variable → value; empty where there is nothing to set.
    """
    chosen = any(environ.get(name) for name in VARIABLES)
    if chosen or not environ.get(RMW, "rmw_fastrtps").startswith("rmw_fastrtps"):
        return {}
    return dict.fromkeys(VARIABLES, str(share("config") / PROFILE))
