"""Nodes as processes of their own, each started again when it ends without being told to."""

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
from fer_ros.supervision import Hopeless, Restarts, spoken

CHILD = [sys.executable, "-P", "-m", "fer_ros.nodes.child"]
LAST_WORDS_S = 1.0  # how long what a process said at its end may take to come


class Children:
    """The processes of a graph, in the group of this one, so that a terminal's interrupt reaches them all.

    Make it, and call `tend`, in a thread that lives as long as they do.
    """

    def __init__(self, jobs: Sequence[Job]) -> None:
        """Start a process for each job."""
        self._kept: list[_Kept] = []
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
        for kept in self._kept:
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

    def _start(self, now: float) -> None:
        self._began, self._up = now, True
        self._process = subprocess.Popen(
            [*CHILD, self.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self._listener = Thread(target=self._pass_on, args=(self._process.stderr,), daemon=True)
        self._listener.start()
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

    def _worked(self) -> bool:
        """Whether the process that has ended said that its node worked; nothing else comes by this pipe."""
        if self._process.stdout is None:
            return False
        with self._process.stdout as told:
            return bool(told.read())

    def _ended(self, status: int, now: float) -> None:
        self._up = False
        self.let_go()
        self._listener.join(LAST_WORDS_S)
        if status < 0:
            free_segments()
        verdict = self.restarts.ended(status, now - self._began, worked=self._worked())
        if isinstance(verdict, Hopeless):
            why = self._last.removeprefix(f"{self.path}: ")
            raise FerError(f"{self.path} cannot start, after {verdict.tries} tries: {why}")
        self._due = now + verdict.after_s
        print(
            f"fer_ros: {self.path} {spoken(status)}; it starts again in {verdict.after_s:.1f} s",
            file=sys.stderr,
            flush=True,
        )
