"""`fer_ros link`: the emulated link by itself; a module for each of its verbs."""

import argparse
from typing import Any

from fer_ros.cli import link_check, link_plot, link_replay, link_report, link_simulate, link_trace

VERBS = (link_simulate, link_replay, link_trace, link_check, link_plot, link_report)
EPILOG = """examples:
  fer_ros link simulate wifi --out wifi.png           frames of 25 kB, 15 a second, for a minute
  fer_ros link simulate gprs --size 700 --rate 5 --down
  fer_ros link simulate walk --kbps 3000 --every 2
  fer_ros link replay drive recording/ --topic /camera/image_raw/compressed
  fer_ros link replay uplink.trace recording/ --delay-ms 40 --bag arrived
  fer_ros link trace rates.csv --out mine.trace       columns: t_s,kbps
  fer_ros link check                                  the emulator against theory
  fer_ros link report clip.mp4 --allow crops          the sender that chooses beside fixed rungs
  fer_ros link plot run/ --out run.png                what `fer_ros run --record run` wrote
"""


def add(commands: Any) -> None:
    """Add the command and its verbs."""
    parser = commands.add_parser(
        "link",
        help="try, replay, make and check emulated links",
        description="Emulated links between robot and cloud, in emulated time: nothing is sent anywhere.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for verb in VERBS:
        verb.add(verbs)
