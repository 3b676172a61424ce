"""`fer_ros models fetch`: third-party models, from their official addresses or from mirrors."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic

from fer_ros.environment import model_cache, model_folders
from fer_ros.fetch import Asset, addresses, fetch, find, is_intact, pick
from fer_ros.transfer import FetchError

LINE_EVERY_S = 5.0  # of progress, where there is no terminal

Shown = Callable[[str, int, int | None], None]  # of a file: bytes so far, bytes in all where that is known


def run(args: argparse.Namespace) -> int:
    """Fetch what is not here yet."""
    missing = [asset for asset in pick(args.names) if not _is_here(asset, args.to)]
    folder = args.to or model_cache()
    with _bars() if sys.stderr.isatty() else _lines() as progress:
        failures = _fetch_all(missing, folder, args, progress)
    if failures and not args.optional:
        lacking = [asset for asset in missing if asset.file in failures]
        by_hand = ", ".join(f"{asset.url} (sha256 {asset.sha256})" for asset in lacking)
        raise FetchError(f"{_said(failures)}; try again, or put into {folder} by other means: {by_hand}")
    if failures:
        print(f"not fetched, going on without: {_said(failures)}")
    return 0


def _is_here(asset: Asset, to: Path | None) -> bool:
    path = find(asset, [to] if to else model_folders())
    if path is None or not is_intact(asset, path):
        return False
    print(f"{asset.file} is in {path.parent}")
    return True


def _fetch_all(
    assets: Sequence[Asset], folder: Path, args: argparse.Namespace, shown: Shown
) -> dict[str, str]:
    """Fetch at the same time, so that two silent addresses take no longer than one; file → what failed."""
    failures = {asset.file: f"{asset.file}: fetching it broke off" for asset in assets}

    def fetch_one(asset: Asset) -> None:
        try:
            urls = addresses(asset, args.mirrors)
            fetch(asset, folder, args.timeout, urls, lambda done, total: shown(asset.file, done, total))
        except FetchError as error:
            failures[asset.file] = str(error)
        else:
            del failures[asset.file]
            print(f"{asset.file} is in {folder}; licence: {asset.licence}")

    # Daemons: an interrupt ends the command at once, and what has come waits for the next one.
    threads = [Thread(target=fetch_one, args=(asset,), daemon=True) for asset in assets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def _said(failures: dict[str, str]) -> str:
    return "; ".join(dict.fromkeys(failures.values()))


@contextmanager
def _bars() -> Iterator[Shown]:
    """A bar for each file, on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn

    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn()
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:

        def show(file: str, done: int, total: int | None) -> None:
            if file not in tasks:
                tasks[file] = bars.add_task(file)
            bars.update(tasks[file], completed=done, total=total)

        yield show


@contextmanager
def _lines() -> Iterator[Shown]:
    """A line now and then, for logs."""
    said: dict[str, float] = {}

    def show(file: str, done: int, total: int | None) -> None:
        now = monotonic()
        if now - said.setdefault(file, now) < LINE_EVERY_S:
            return
        said[file] = now
        whole = f" of {total / 1e6:.1f}" if total else ""
        print(f"{file}: {done / 1e6:.1f}{whole} MB", file=sys.stderr, flush=True)

    yield show
