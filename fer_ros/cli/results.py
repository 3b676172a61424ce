"""`fer_ros results`: docs/results.md out of the reports of evaluations."""

import argparse
import json
from pathlib import Path
from typing import Any

from fer_ros.errors import DatasetError

EPILOG = """examples:
  fer_ros results                                   docs/results/*/*/report.json into docs/results.md
  fer_ros results --check                           is the page what the reports say?
  fer_ros results --reports mine/results --page mine/results.md
"""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "results",
        help="one page of figures from the reports of evaluations",
        description="Write a page of tables from every MODEL/LABELS-SPLIT/report.json of a folder.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--reports", type=Path, default=Path("docs/results"), help="folder (default docs/results)"
    )
    parser.add_argument("--page", type=Path, default=Path("docs/results.md"), help="default docs/results.md")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the page is another")
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write or check the page."""
    from fer_ros.evaluate.results import read_reports, write_results

    if args.check:
        _check(args.reports, args.page)
    else:
        write_results(args.reports, args.page)
    count = len(read_reports(args.reports))
    if args.json:
        print(json.dumps({"page": str(args.page), "reports": count, "written": not args.check}))
    else:
        print(f"{args.page}: {'up to date with' if args.check else 'written from'} {count} reports")
    return 0


def _check(reports: Path, page: Path) -> None:
    from fer_ros.evaluate.results import page_text

    try:
        there = page.read_text(encoding="utf-8")
    except OSError as error:
        raise DatasetError(
            f"{page} cannot be read ({error.strerror}); write it with `fer_ros results`"
        ) from error
    if there != page_text(reports, page):
        raise DatasetError(f"{page} is not what {reports} says; write it again with `fer_ros results`")
