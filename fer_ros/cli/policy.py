"""`fer_ros policy`: check a policy file, and hold it against a recording, without ROS."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import fields
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_ros.cli.options import add_parameters, given, of
from fer_ros.conversation.params import ConversationParams
from fer_ros.errors import ParameterError
from fer_ros.params import build

if TYPE_CHECKING:
    from fer_ros.conversation.policy import Policy
    from fer_ros.conversation.recorded import ConversationBag
    from fer_ros.conversation.replay import Event, Replay, RuleTally
    from fer_ros.conversation.rules import Finding, Rule

EXAMPLES = """examples:
  fer_ros policy check care_home
  fer_ros policy check mine.yaml
  fer_ros policy dry-run mine.yaml recording/
  fer_ros policy dry-run museum_guide run.mcap --json
  fer_ros policy dry-run mine.yaml recording/ --plot dry-run.svg --conversation.smoothing_s 1.2

How to write a policy: docs/conversation.md.
"""
REASONS = 2  # why a rule did not fire: the most frequent ones


def add(commands: Any) -> None:
    """Add the command and its verbs."""
    parser = commands.add_parser(
        "policy",
        help="check a conversation policy, or hold it against a recording",
        description="Policies turn apparent affect into cues for a dialogue system. No ROS is needed.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    _add_check(verbs)
    _add_dry_run(verbs)


def run_check(args: argparse.Namespace) -> int:
    """Say what is wrong with a policy, line by line, or how it will be asked."""
    from fer_ros.conversation.policy import PolicyError, load_policy, policy_path
    from fer_ros.conversation.rules import Rule

    path = policy_path(args.policy)
    try:
        policy = load_policy(path)
    except PolicyError as error:
        for problem in error.problems:
            print(f"fer_ros: {problem}", file=sys.stderr)
        return 1
    if args.json:
        rules = [
            {f.name: getattr(rule, f.name) for f in fields(Rule) if not f.name.startswith("_")}
            for rule in policy.rules
        ]
        print(json.dumps({**_top(policy), "policy": str(path), "rules": rules}))
    else:
        print(_policy_text(policy, path))
    return 0


def run_dry(args: argparse.Namespace) -> int:
    """Replay a recording and print what the policy would have said, and why."""
    from fer_ros.conversation.plot import draw, require, save
    from fer_ros.conversation.policy import load_policy, policy_path
    from fer_ros.conversation.recorded import ConversationBag
    from fer_ros.conversation.replay import Replay

    if args.plot:
        require(args.plot)
    policy = load_policy(policy_path(args.policy))
    params = _params(args)
    bag = ConversationBag(args.bag, _warn, args.emotion)
    replay = Replay(params, policy, sampled=args.plot is not None)
    events = []
    for event in replay.run(bag):
        if args.plot:
            events.append(event)
        print(json.dumps(_record(event)) if args.json else _event_text(event))
    summary = _summary(replay, bag)
    print(json.dumps(summary) if args.json else _summary_text(summary, replay))
    if args.plot:
        save(
            draw(replay.samples, events, f"{policy_path(args.policy).stem} on {args.bag.resolve().name}"),
            args.plot,
        )
    return 0


def _params(args: argparse.Namespace) -> ConversationParams:
    values = of(given(args), "conversation")
    if "policy" in values:
        raise ParameterError("conversation.policy is the first argument of a dry run; leave the option out")
    return build(ConversationParams, values, "conversation")


def _add_check(verbs: Any) -> None:
    parser = verbs.add_parser("check", help="every value, every name, and rules that can never fire")
    _add_policy(parser)
    parser.set_defaults(run=run_check)


def _add_dry_run(verbs: Any) -> None:
    parser = verbs.add_parser("dry-run", help="which rule would have fired when in a recording, and why")
    _add_policy(parser)
    parser.add_argument(
        "bag", type=Path, help="a rosbag2 folder, .mcap or .db3 file with emotion, and mode and turn if any"
    )
    parser.add_argument(
        "--emotion", default="", metavar="TOPIC", help="the estimates' topic, where there are several"
    )
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw it into an .svg or .png file")
    add_parameters(parser, "conversation", ConversationParams)
    parser.set_defaults(run=run_dry)


def _add_policy(parser: Any) -> None:
    parser.add_argument("policy", help="a name of config/policies, or the path of a .yaml file")
    parser.add_argument("--json", action="store_true", help="JSON, one object a line, for programs")


def _top(policy: Policy) -> dict[str, float]:
    return {"max_age_s": policy.max_age_s, "reaction_max_age_s": policy.reaction_max_age_s}


def _policy_text(policy: Policy, path: Path) -> str:
    rows = [["priority", "rule", "cue", "again after", "when"]]
    rows += [[str(r.priority), r.name, r.cue, f"{r.refractory_s:g} s", _conditions(r)] for r in policy.rules]
    return (
        f"{path}: {len(policy.rules)} rules, asked in this order; each of them can fire\n"
        f"estimates can be certain up to an age of {policy.max_age_s:g} s, "
        f"reactions are news for {policy.reaction_max_age_s:g} s\n{_table(rows)}"
    )


def _conditions(rule: Rule) -> str:
    return "; ".join(f"{key} {_shown(value)}" for key, value in rule.when.items()) or "always"


def _record(event: Event) -> dict[str, Any]:
    """An event for JSON."""
    from fer_ros.conversation.manager import Cue

    output = event.output
    kind = "cue" if isinstance(output, Cue) else "reaction"
    values = {f.name: _plain(getattr(output, f.name)) for f in fields(output)}
    record = {"t": round(event.at_s, 3), "kind": kind, **values}
    if isinstance(output, Cue):
        record["why"] = [
            {"condition": f.condition, "wanted": f.wanted, "found": _plain(f.found)} for f in event.findings
        ]
    return record


def _event_text(event: Event) -> str:
    from fer_ros.conversation.reaction import Reaction

    output = event.output
    if isinstance(output, Reaction):
        sure = f" ({output.confidence:.2f})" if isfinite(output.confidence) else ""
        means = ", ".join(
            f"{name} {value:.2f}" if isfinite(value) else f"{name} not seen"
            for name, value in (("before", output.before), ("during", output.during), ("after", output.after))
        )
        return (
            f"{event.at_s:9.2f} s  reaction {output.reaction}{sure}: {output.explanation}\n"
            f"{'':13}valence {means}"
        )
    found = "; ".join(_finding(f) for f in event.findings if f.condition != "present")
    return f"{event.at_s:9.2f} s  cue {output.cue}: {output.explanation}\n{'':13}{found or 'always'}"


def _finding(finding: Finding) -> str:
    if isinstance(finding.wanted, bool):
        return f"{finding.condition}: {_shown(finding.found)}"
    return f"{finding.condition} {_shown(finding.wanted)}: {_shown(finding.found)}"


def _summary(replay: Replay, bag: ConversationBag) -> dict[str, Any]:
    return {
        "kind": "summary",
        "span_s": round(replay.span_s, 3),
        "estimates": replay.estimates,
        "turns": replay.turns,
        "skipped": bag.skipped + replay.skipped,
        "topics": vars(bag.topics),
        "asks": replay.asks,
        "rules": {name: _tally(tally) for name, tally in replay.tallies.items()},
    }


def _tally(tally: RuleTally) -> dict[str, Any]:
    return {
        "cue": tally.rule.cue,
        "fired": tally.fired,
        "in_charge": tally.in_charge,
        "behind": dict(tally.behind),
        "stopped_by": dict(tally.stopped),
    }


def _summary_text(summary: dict[str, Any], replay: Replay) -> str:
    asks = max(1, replay.asks)
    rows = [["rule", "cue", "fired", "in charge", "otherwise, mostly"]]
    for tally in replay.tallies.values():
        charge = f"{100 * tally.in_charge / asks:.0f} %"
        rows.append([tally.rule.name, tally.rule.cue, str(tally.fired), charge, _reasons(tally, asks)])
    heard = ", ".join(topic for topic in summary["topics"].values() if topic)
    skipped = f", {summary['skipped']} messages could not be used" if summary["skipped"] else ""
    return (
        f"{summary['span_s']:.1f} s of {heard}: {summary['estimates']} estimates, "
        f"{summary['turns']} announcements of turns{skipped}\n{_table(rows)}"
    )


def _reasons(tally: RuleTally, asks: int) -> str:
    counts = {f"{name} came first": n for name, n in tally.behind.items()} | {
        f"{key} did not hold": n for key, n in tally.stopped.items()
    }
    most = sorted(counts.items(), key=lambda item: -item[1])[:REASONS]
    return ", ".join(f"{reason} ({100 * n / asks:.0f} %)" for reason, n in most)


def _table(rows: Iterable[list[str]]) -> str:
    rows = list(rows)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(f"  {line}".rstrip() for line in lines)


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".") if isfinite(value) else "not known"
    return ("no", "yes")[value] if isinstance(value, bool) else str(value or "none")


def _plain(value: Any) -> Any:
    """A value for JSON, which has no NaN."""
    if isinstance(value, float):
        return round(value, 4) if isfinite(value) else None
    return value


def _warn(text: str) -> None:
    print(f"fer_ros: {text}", file=sys.stderr)
