"""One who looks at the live page and presses its buttons, while the test spins the nodes."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

PATIENCE_S = 30.0


class Visitor:
    """Looks at a page.

    Attributes:
        hello: the first message.
        state: the newest one since.
        states: how many there were.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host, self._below = parts.netloc, parts.path
        self.hello: dict[str, Any] = {}
        self.state: dict[str, Any] = {}
        self.states = 0
        self._working = ThreadPoolExecutor(4)
        self._begun = Event()
        self._listening = Thread(target=lambda: asyncio.run(self._listen()), daemon=True)

    def __enter__(self) -> "Visitor":
        self._listening.start()
        assert self._begun.wait(PATIENCE_S), "the page does not answer"
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(RuntimeError):  # the page has gone first
            self._loop.call_soon_threadsafe(self._client.close)
        self._listening.join(PATIENCE_S)
        self._working.shutdown()

    def press(self, **told: Any) -> "Future[dict[str, Any]]":
        """What the service will have answered."""
        return self._working.submit(self._press, json.dumps(told))

    @contextmanager
    def video(self) -> Iterator[HTTPResponse]:
        """The pictures, of which nothing is read yet."""
        connection = self._connection()
        connection.request("GET", f"{self._below}video")
        try:
            yield connection.getresponse()
        finally:
            connection.close()

    def read(self, video: HTTPResponse, size: int) -> "Future[bytes]":
        """So many bytes of the pictures."""
        return self._working.submit(video.read, size)

    def _press(self, body: str) -> dict[str, Any]:
        connection = self._connection()
        headers = {"Content-Type": "application/json", "Origin": f"http://{self._host}"}
        connection.request("POST", f"{self._below}do", body, headers)
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
        connection.close()
        return answer

    async def _listen(self) -> None:
        self._loop = asyncio.get_running_loop()
        address = f"ws://{self._host}{self._below}live"
        self._client = await websocket_connect(
            HTTPRequest(address, headers={"Origin": f"http://{self._host}"}, connect_timeout=PATIENCE_S)
        )
        self._begun.set()
        while (message := await self._client.read_message()) is not None:
            told = json.loads(message)
            if told["type"] == "hello":
                self.hello = told
            else:
                self.state = told
                self.states += 1

    def _connection(self) -> HTTPConnection:
        return HTTPConnection(self._host, timeout=PATIENCE_S)
