"""The real server on this machine, with a script in the graph's place, and clients that behave or do not."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from time import monotonic
from typing import Any

from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from fer_ros.web.actions import Action, Answer
from fer_ros.web.files import File
from fer_ros.web.params import WebParams
from fer_ros.web.server import PageServer

TOKEN = "a-token-for-the-tests-0123"
FILES = {"": File(b"<!doctype html>", "text/html; charset=utf-8"), "page.js": File(b"1", "text/javascript")}
DEADLINE_S = 10.0
HANDSHAKE = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
)
ENABLE = b'{"do": "enable", "value": true}'


class Script:
    """What is behind the page.

    Attributes:
        done: the actions that were asked for.
        answers: makes the answer to one; None: it never comes.
        now: the state that is told.
    """

    def __init__(self) -> None:
        self.done: list[Action] = []
        self.answers: Callable[[Action], Answer | None] = lambda action: Answer(True, f"did {action.name}")
        self.now: dict[str, Any] = {"type": "state", "n": 0}

    def hello(self) -> dict[str, Any]:
        return {"type": "hello", "profiles": ["wifi"]}

    def state(self) -> dict[str, Any]:
        return self.now

    def act(self, action: Action) -> Future[Answer]:
        self.done.append(action)
        future: Future[Answer] = Future()
        answer = self.answers(action)
        if answer is not None:
            future.set_result(answer)
        return future


@dataclass
class Got:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes


class Served:
    """A page that is served.

    Attributes:
        now_s: the server's clock, where the test moves it; None: the real one.
        warned: what it warned of.
    """

    def __init__(self, **params: Any) -> None:
        self.script = Script()
        self.warned: list[str] = []
        self.now_s: float | None = None
        wanted = WebParams(**{"port": 0, "token": TOKEN, "rate_hz": 50.0, **params})
        self.server = PageServer(wanted, self.script, self._clock, self.warned.append, FILES)
        self.host = "127.0.0.1"
        self.port = self.server.port
        self.origin = f"http://{self.host}:{self.port}"
        self.below = f"/{wanted.token}/"

    def get(self, path: str | None = None, method: str = "GET", body: bytes = b"", **headers: str) -> Got:
        """The answer to one request, with these headers and no others but Host and Content-Length."""
        with self.asked(self.below if path is None else path, method, body, **headers) as answer:
            return Got(answer.status, dict(answer.getheaders()), answer.read())

    def do(self, body: bytes = ENABLE, **headers: str) -> Got:
        """What a button of our own page asks for; a header given as "" is left out."""
        own = {"Origin": self.origin, "Content-Type": "application/json", **named(headers)}
        return self.get(
            f"{self.below}do", "POST", body, **{name: value for name, value in own.items() if value}
        )

    @contextmanager
    def asked(
        self, path: str, method: str = "GET", body: bytes = b"", **headers: str
    ) -> Iterator[HTTPResponse]:
        """An answer whose body may not end."""
        connection = HTTPConnection(self.host, self.port, timeout=DEADLINE_S)
        all_headers = {"Host": f"{self.host}:{self.port}", **named(headers)}
        if body:
            all_headers["Content-Length"] = str(len(body))
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in all_headers.items():
            connection.putheader(name, value)
        try:
            connection.endheaders(body)
            yield connection.getresponse()
        finally:
            connection.close()

    async def live(self, **headers: str) -> WebSocketClientConnection:
        """The stream of numbers, as our own page asks for it; a header given as "" is left out."""
        own = {"Origin": self.origin, **named(headers)}
        wanted = {name: value for name, value in own.items() if value}
        address = f"ws://{self.host}:{self.port}{self.below}live"
        return await websocket_connect(HTTPRequest(address, headers=wanted, connect_timeout=DEADLINE_S))

    def raw(self, text: str = "", **options: int) -> socket.socket:
        """A connection over which so much has been sent; options of the socket by their names."""
        client = socket.socket()
        for name, value in options.items():
            client.setsockopt(socket.SOL_SOCKET, getattr(socket, name), value)
        client.settimeout(DEADLINE_S)
        client.connect((self.host, self.port))
        client.sendall(text.encode())
        return client

    def request(self, path: str) -> str:
        """The text of a request of our own page, the handshake of a WebSocket in it."""
        return "\r\n".join(
            [
                f"GET {self.below}{path} HTTP/1.1",
                f"Host: {self.host}:{self.port}",
                f"Origin: {self.origin}",
                *("Connection: Upgrade", "Upgrade: websocket") * (path == "live"),
                *("Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")
                * (path == "live"),
                "\r\n",
            ]
        )

    def until(self, condition: Callable[[], Any], what: str) -> None:
        """Wait until something is so."""
        end = monotonic() + DEADLINE_S
        while not condition():
            assert monotonic() < end, f"not within {DEADLINE_S:g} s: {what}"
            asyncio.run(asyncio.sleep(0.005))

    def _clock(self) -> float:
        return monotonic() if self.now_s is None else self.now_s


@contextmanager
def served(**params: Any) -> Iterator[Served]:
    page = Served(**params)
    try:
        yield page
    finally:
        page.server.close()
        assert not page.server.alive


def named(headers: dict[str, str]) -> dict[str, str]:
    """`Content_Type=...` as headers are written."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


def pictures_of(answer: HTTPResponse, count: int) -> list[bytes]:
    """The next pictures of a video, each as its length says."""
    found = []
    while len(found) < count:
        line = answer.readline()
        assert line, "the video has ended"
        if line.startswith(b"Content-Length: "):
            assert answer.readline() == b"\r\n"
            found.append(answer.read(int(line.split()[1])))
    return found
