"""Nodes as processes of their own, each started again when it ends without being told to."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from threading import Thread
from typing import IO

from fer_ros.errors import FerError
from fer_ros.nodes.child import PATIENCE_S, Job
from fer_ros.nodes.leftovers import free_segments
from fer_ros.supervision import SILENT_S, Hopeless, Restarts, spoken

CHILD = [sys.executable, "-P", "-m", "fer_ros.nodes.child"]
PAUSE_S = 5.0  # between two looks at the processes, where they are usually a twentieth of a second apart
LAST_WORDS_S = 1.0  # how long what a process said at its end may take to come


class Children:
    """The processes of a graph, in the group of this one, so that a terminal's interrupt reaches them all.

    Make it, and call `tend`, in a thread that lives as long as they do.
    """

    def __init__(self, jobs: Sequence[Job]) -> None:
        """Start a process for each job."""
        self._kept: list[_Kept] = []
        self._tended = time.monotonic()
        try:
            self._kept.extend(_Kept(job) for job in jobs)
        except BaseException:
            self.close()
            raise

    @property
    def restarts(self) -> dict[str, int]:
        """Node path → how often it was started again."""
        return {kept.path: kept.restarts.count for kept in self._kept}

    def tend(self, now: float) -> None:
        """Start again what has ended; call it often.

        Args:
            now: s, of a clock that never goes back.

        Raises:
            FerError: a node cannot start, and why.
        """
        paused = now - self._tended > PAUSE_S
        self._tended = now
        for kept in self._kept:
            if paused:  # the whole group was stopped, the nodes with it: they could not beat
                kept.forgive(now)
            kept.tend(now)

    def close(self) -> None:
        """End them all; one that does not end by itself is killed."""
        for kept in self._kept:
            kept.let_go()
        end = time.monotonic() + PATIENCE_S
        for kept in self._kept:
            kept.wait(end)


class _Kept:
    """One node that is kept alive."""

    def __init__(self, job: Job) -> None:
        self.path = job.spec.path
        self.restarts = Restarts()
        self._line = job.as_line()
        self._last = ""  # what it said last
        self._due = 0.0  # s, when it starts again, while it is down
        self._up = False
        self._start(time.monotonic())

    def tend(self, now: float) -> None:
        if not self._up:
            if now >= self._due:
                self._start(now)
        elif (status := self._process.poll()) is not None:
            self._ended(status, now)
        else:
            self._watch(now)

    def forgive(self, now: float) -> None:
        """Count its silence from now on."""
        self._heard = now

    def let_go(self) -> None:
        """Close the pipe that the process lives by."""
        if self._process.stdin is not None:
            self._process.stdin.close()

    def wait(self, end: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(end - time.monotonic(), 0.0))
        self._process.kill()
        self._process.wait()
        self._listener.join(LAST_WORDS_S)
        self._beats.close()

    def _start(self, now: float) -> None:
        self._began, self._heard, self._up, self._worked = now, now, True, False
        self._process = subprocess.Popen(
            [*CHILD, self.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self._listener = Thread(target=self._pass_on, args=(self._process.stderr,), daemon=True)
        self._listener.start()
        assert self._process.stdout is not None  # noqa: S101 for mypy: it was asked for
        self._beats = self._process.stdout
        os.set_blocking(self._beats.fileno(), False)
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):  # it has died already, and `tend` will see it
                self._process.stdin.write(self._line)
                self._process.stdin.flush()

    def _pass_on(self, words: IO[bytes]) -> None:
        """What a node says, line by line, to stderr, where it does not disturb the summary."""
        with words:
            for line in words:
                text = line.decode(errors="replace").rstrip()
                self._last = text or self._last
                print(text, file=sys.stderr, flush=True)

    def _hear(self, now: float) -> None:
        """Take note of the heartbeats that have come: a node that beats works."""
        if not self._beats.read():
            return
        if self.restarts.count and not self._worked:
            _say(f"{self.path} works again, {now - self._began:.2f} s after its start")
        self._heard, self._worked = now, True

    def _watch(self, now: float) -> None:
        """Kill a process that hangs, so that it ends and starts again."""
        self._hear(now)
        if now - self._heard > SILENT_S:
            _say(f"{self.path} has given no sign of life for {SILENT_S:.0f} s and is killed")
            self._process.kill()
            self._process.wait()

    def _ended(self, status: int, now: float) -> None:
        self._up = False
        self.let_go()
        self._listener.join(LAST_WORDS_S)
        if status < 0:
            free_segments()
        self._hear(now)
        self._beats.close()
        verdict = self.restarts.ended(status, now - self._began, worked=self._worked)
        if isinstance(verdict, Hopeless):
            why = self._last.removeprefix(f"{self.path}: ")
            raise FerError(f"{self.path} cannot start, after {verdict.tries} tries: {why}")
        self._due = now + verdict.after_s
        _say(f"{self.path} {spoken(status)}; it starts again in {verdict.after_s:.1f} s")


def _say(text: str) -> None:
    print(f"fer_ros: {text}", file=sys.stderr, flush=True)
