"""`fer_ros link simulate`: what a profile does to a stream of messages."""

import argparse
from typing import Any

from fer_ros.cli.link_options import add_showing, check_out, number, profiles, show
from fer_ros.errors import ParameterError
from fer_ros.link.profiles import pick_profile

FRAME_BYTES = 25_000  # 640x360, JPEG of quality 80
FRAMES_HZ = 15.0
MESSAGES = 2_000_000  # more take minutes


def add(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser(
        "simulate",
        help="send a stream of messages through a profile",
        description="Delay, loss, throughput and queue over time of messages of one size at one rate.",
    )
    parser.add_argument("profile", metavar="PROFILE", help="name of a link profile, see config/links/")
    parser.add_argument(
        "--size", type=number(int, 0, 10**8), default=FRAME_BYTES, help=f"bytes (default {FRAME_BYTES})"
    )
    rates = parser.add_mutually_exclusive_group()
    rates.add_argument("--rate", type=number(float, 0.001, 1e6), help=f"messages/s (default {FRAMES_HZ:g})")
    rates.add_argument("--kbps", type=number(float, 0.001, 1e8), help="kbit/s, instead of --rate")
    parser.add_argument("--duration", type=number(float, 0.001, 1e7), default=60.0, help="s (default 60)")
    parser.add_argument("--poisson", action="store_true", help="at random times, not evenly spaced")
    parser.add_argument("--down", action="store_true", help="from the cloud to the robot")
    add_showing(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Send, print, plot."""
    from fer_ros.link.journeys import steady, travel

    check_out(args)
    profile = pick_profile(profiles(args), args.profile)
    rate_hz = _rate_hz(args)
    if args.duration * rate_hz > MESSAGES:
        raise ParameterError(
            f"{args.duration:g} s at {rate_hz:g} messages/s are more than {MESSAGES}; lower one of them"
        )
    times = steady(args.size, rate_hz, args.duration, args.seed if args.poisson else None)
    messages = ((at, size, None) for at, size in times)
    journeys = travel(profile, args.seed, messages, down=args.down)
    about = {
        "profile": profile.name,
        "direction": "down" if args.down else "up",
        "bytes": args.size,
        "messages/s": round(rate_hz, 3),
        "seed": args.seed,
    }
    show(args, about, journeys, args.duration)
    return 0


def _rate_hz(args: argparse.Namespace) -> float:
    if args.kbps is None:
        return FRAMES_HZ if args.rate is None else float(args.rate)
    if not args.size:
        raise ParameterError("--kbps needs messages that have bytes; --size is 0")
    return float(args.kbps * 1000 / 8 / args.size)
