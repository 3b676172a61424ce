"""One file from one address: taken up where it stopped, given up in time, and followed to no other place."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Lock, Thread
from urllib.parse import urljoin, urlsplit

import requests  # type: ignore[import-untyped]
from urllib3.exceptions import HTTPError

from fer_ros.errors import FerError

ATTEMPTS = 4  # in a row that bring less than a chunk, before a connection that is cut is given up
CHUNK_BYTES = 1 << 16
LARGEST_BYTES = 1 << 26  # of a file; a server that goes on for ever must not fill the disk
PARTIAL, BEYOND = 206, 416  # HTTP status: the server goes on where it was asked to; there is no more
PLAIN = {"Accept-Encoding": "identity"}  # compressed bytes could not be taken up where they stopped
CUT = (requests.ConnectionError, requests.Timeout)

Progress = Callable[[int, int | None], None]  # bytes so far, bytes in all where the server says


class FetchError(FerError):
    """A model cannot be fetched from its address."""


def download(url: str, part: Path, timeout_s: float, progress: Progress | None = None) -> None:
    """Bring a file, or what is missing of it.

    Args:
        url: its address.
        part: what is there of it, which may be nothing.
        timeout_s: how long the address may take to answer, and to go on when it has stopped.
        progress: called as bytes come.

    Raises:
        FetchError: no answer in time, an answer without the file, or a connection that is cut for good.
        OSError: the disk cannot hold it; then nothing of it stays.
    """
    transfer = _Transfer(url, part, timeout_s, progress)
    transfer.start()
    if not transfer.is_answered():
        raise FetchError(silent(url, timeout_s))
    transfer.join()
    if transfer.error is not None:
        raise transfer.error


class _Session(requests.Session):  # type: ignore[misc]
    """Follows redirections, but not out of the web and not from https to http."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        target: str | None = super().get_redirect_target(resp)
        if target is not None:
            before, after = (urlsplit(url).scheme for url in (resp.url, urljoin(resp.url, target)))
            if after not in (before, "https"):
                raise FetchError(f"{_host(resp.url)} redirects from {before} to {after}, which is refused")
        return target


class _Transfer(Thread):
    """One download. A thread, because neither name look-up nor a host of many addresses obeys a timeout.

    Attributes:
        error: what went wrong.
    """

    def __init__(self, url: str, part: Path, timeout_s: float, progress: Progress | None) -> None:
        super().__init__(name=f"fetch {part.stem}", daemon=True)
        self.error: FetchError | OSError | None = None
        self._url, self._part, self._timeout_s, self._progress = url, part, timeout_s, progress
        self._answered = Event()  # or it is known that nobody will
        self._given_up = False  # nobody waits any more
        self._deciding = Lock()

    def is_answered(self) -> bool:
        """Wait for an answer; where there is none in time, nothing is written any more."""
        self._answered.wait(self._timeout_s)
        with self._deciding:
            self._given_up = not self._answered.is_set()
            return not self._given_up

    def run(self) -> None:
        """Download; what goes wrong is in `error`."""
        try:
            self._download()
        except FetchError as error:
            self.error = error
        except requests.RequestException as error:
            began = self._answered.is_set()
            # The connection's own timeout runs out with the one of whoever waits; either may be first.
            late = isinstance(error, requests.Timeout) and not began
            reason = silent(self._url, self._timeout_s) if late else _reason(error, self._url, began)
            self.error = FetchError(reason)
        except OSError as error:  # the disk's
            self._part.unlink(missing_ok=True)
            self.error = error
        finally:
            self._answered.set()

    def _download(self) -> None:
        left = ATTEMPTS
        while True:
            before = self._part.stat().st_size
            try:
                self._append(before)
            except CUT:
                left = ATTEMPTS if self._part.stat().st_size >= before + CHUNK_BYTES else left - 1
                if left == 0 or not self._answered.is_set():
                    raise
            else:
                return

    def _append(self, have: int) -> None:
        """Take up the file where it stopped, or from its beginning where the server cannot do that."""
        asked = {**PLAIN, "Range": f"bytes={have}-"} if have else PLAIN
        with (
            _Session() as session,
            session.get(self._url, headers=asked, stream=True, timeout=self._timeout_s) as answer,
        ):
            if have and answer.status_code == BEYOND:
                return  # it is all here; its checksum will tell
            answer.raise_for_status()
            with self._deciding:
                if self._given_up:
                    return
                self._answered.set()
            self._write(answer, have if answer.status_code == PARTIAL else 0)

    def _write(self, answer: requests.Response, done: int) -> None:
        left = answer.headers.get("Content-Length", "")
        total = done + int(left) if left.isdecimal() else None
        with self._part.open("ab" if done else "wb") as file:
            for chunk in _chunks(answer):
                done += file.write(chunk)
                if done > LARGEST_BYTES:
                    raise FetchError(f"{shown(self._url)} is larger than {LARGEST_BYTES >> 20} MB")
                if self._progress is not None:
                    self._progress(done, total)


def _chunks(answer: requests.Response) -> Iterator[bytes]:
    """The content as it comes; requests' own iterator loses what a broken connection brought last."""
    read = getattr(answer.raw, "read1", answer.raw.read)  # urllib3 before 2.2 (Ubuntu 24.04) loses it, too
    try:
        while chunk := read(CHUNK_BYTES):
            yield chunk
    except HTTPError as error:
        raise requests.ConnectionError(error) from error


def _reason(error: requests.RequestException, url: str, began: bool) -> str:
    if isinstance(error, requests.exceptions.TooManyRedirects):
        return f"{_host(url)} redirects in circles"
    if error.response is not None:
        return f"{shown(url)} answered {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema):
        return f"{url} is not an address; it takes https://HOST/PATH"
    if isinstance(error, requests.exceptions.InvalidSchema):
        return f"{shown(url)} is not of the web; it takes https://HOST/PATH"
    if isinstance(error, requests.exceptions.ProxyError):
        return f"the proxy to {_host(url)} cannot be reached or refuses; see HTTPS_PROXY and HTTP_PROXY"
    if isinstance(error, requests.exceptions.SSLError):
        return f"{_host(url)} has no certificate that is trusted here"
    if began:
        return f"{_host(url)} cut the connection or stopped sending, {ATTEMPTS} times in a row"
    return f"{_host(url)} cannot be reached"


def silent(url: str, timeout_s: float) -> str:
    """What is said of an address that does not answer."""
    return f"{_host(url)} did not answer within {timeout_s:g} s"


def _host(url: str) -> str:
    """Without the name and password that may be in an address."""
    return urlsplit(url).netloc.rpartition("@")[2] or url


def shown(url: str) -> str:
    """An address without what may be secret in it."""
    return urlsplit(url)._replace(netloc=_host(url), query="").geturl()
