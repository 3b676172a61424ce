"""What the server answers. Every request passes the door first; who has no token learns nothing."""

import asyncio
import json
from asyncio import Task
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Any, Protocol, cast

from tornado.http1connection import HTTP1Connection
from tornado.iostream import IOStream, StreamClosedError
from tornado.web import HTTPError, RequestHandler
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from fer_ros.errors import ParameterError
from fer_ros.web.actions import Action, Answer, parse_action
from fer_ros.web.files import File
from fer_ros.web.limits import ACTIONS, BODY_BYTES, REQUESTS, STALLED_S, Buckets
from fer_ros.web.pictures import Pictures, Watcher
from fer_ros.web.security import HEADERS, Door

ANSWER_WITHIN_S = 5.0  # longer than a node lets a service take
BOUNDARY = "picture"
JSON = "application/json"


class Behind(Protocol):
    """What the page shows and does; the server asks from a thread of its own."""

    def hello(self) -> Mapping[str, Any]:
        """The first message to a page."""

    def state(self) -> Mapping[str, Any]:
        """What is so now."""

    def act(self, action: Action) -> Future[Answer]:
        """Begin to do something."""


@dataclass
class Shared:
    """What all handlers share."""

    door: Door
    behind: Behind
    files: Mapping[str, File]
    clock: Callable[[], float]
    warn: Callable[[str], None]
    max_clients: int
    pictures: Pictures = field(default_factory=Pictures)
    listeners: "set[Live]" = field(default_factory=set)
    requests: Buckets = field(default_factory=lambda: Buckets(*REQUESTS))
    actions: Buckets = field(default_factory=lambda: Buckets(*ACTIONS))

    def tell_all(self) -> None:
        """Tell all who listen what is so now."""
        state = as_text(self.behind.state())
        for listener in tuple(self.listeners):
            listener.renew(state)


class Guarded(RequestHandler):
    """Looks at a request before anything is done; what is wrong with it decides the status and no more."""

    @property
    def shared(self) -> Shared:
        """What all handlers share."""
        return cast(Shared, self.settings["shared"])

    @property
    def stream(self) -> IOStream:
        """The client's connection, while it is one of HTTP."""
        return cast(HTTP1Connection, self.request.connection).stream

    def set_default_headers(self) -> None:
        """Headers of every answer."""
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def decode_argument(self, value: bytes, name: str | None = None) -> str:
        """A part of the address; what is no text is no secret and no file, and needs no answer of its own."""
        del name
        return value.decode(errors="replace")

    def prepare(self) -> None:
        """Let in who may come in."""
        shared, request = self.shared, self.request
        if not shared.requests.take(request.remote_ip or "", shared.clock()):
            raise HTTPError(HTTPStatus.TOO_MANY_REQUESTS)
        if not shared.door.knows_host(request.headers):
            raise HTTPError(HTTPStatus.MISDIRECTED_REQUEST)
        if not self.path_args or not shared.door.knows_token(self.path_args[0]):
            raise HTTPError(HTTPStatus.NOT_FOUND)
        if not self.is_allowed():
            raise HTTPError(HTTPStatus.FORBIDDEN)

    def is_allowed(self) -> bool:
        """Whether one who has the token may ask for this from where they are."""
        return self.shared.door.is_not_foreign(self.request.headers)

    def compute_etag(self) -> None:
        """None: nothing is kept."""

    def write_error(self, status_code: int, **_: Any) -> None:
        """Say what is wrong in the words of HTTP: nothing of what was asked comes back."""
        if status_code in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
            self.set_header("Retry-After", "1")
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(HTTPStatus(status_code).phrase)

    def log_exception(
        self,
        typ: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Tell of our own mistakes; never of the address, which holds the token."""
        del tb
        if typ is not None and not issubclass(typ, HTTPError | StreamClosedError):
            self.shared.warn(f"the page cannot answer a request: {typ.__name__}: {value}")


class NotFound(Guarded):
    """Everything that has no place here."""


class Page(Guarded):
    """A file of the page; the page itself can be opened from anywhere by who has its address."""

    def is_allowed(self) -> bool:
        """Whether nobody else's page embeds it."""
        return self.path_args[1] == "" or super().is_allowed()

    def get(self, _: str, path: str) -> None:
        """Send it."""
        file = self.shared.files.get(path)
        if file is None:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        self.set_header("Content-Type", file.kind)
        self.finish(file.content)


class Video(Guarded):
    """The overlay as it is drawn, picture after picture (MJPEG)."""

    _watcher: Watcher | None = None

    async def get(self, _: str) -> None:
        """Send each picture when the one before has left, until the client is gone."""
        if not self.shared.door.may_see(self.request.remote_ip or ""):
            raise HTTPError(HTTPStatus.FORBIDDEN)
        if len(self.shared.pictures) >= self.shared.max_clients:
            raise HTTPError(HTTPStatus.SERVICE_UNAVAILABLE)
        self.set_header("Content-Type", f"multipart/x-mixed-replace; boundary={BOUNDARY}")
        self.write(f"--{BOUNDARY}\r\n")
        with self.shared.pictures.watched() as self._watcher, suppress(StreamClosedError):
            await self.flush()
            while (picture := await self._watcher.next()) is not None:
                await self._send(picture)

    async def _send(self, picture: bytes) -> None:
        """Send one, with the boundary that follows: browsers show it only then."""
        self.write(f"Content-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n")
        self.write(picture)
        self.write(f"\r\n--{BOUNDARY}\r\n")
        try:
            await asyncio.wait_for(self.flush(), STALLED_S)
        except TimeoutError:
            self.stream.close()

    def on_connection_close(self) -> None:
        """Stop waiting for pictures."""
        super().on_connection_close()
        if self._watcher is not None:
            self._watcher.leave()


class Do(Guarded):
    """What the buttons do."""

    def is_allowed(self) -> bool:
        """Whether it is our own page that asks."""
        return self.shared.door.is_own_page(self.request.headers)

    async def post(self, _: str) -> None:
        """Do it, and say what became of it."""
        shared, request = self.shared, self.request
        if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != JSON:
            raise HTTPError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        if len(request.body) > BODY_BYTES:
            raise HTTPError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not shared.actions.take(request.remote_ip or "", shared.clock()):
            raise HTTPError(HTTPStatus.TOO_MANY_REQUESTS)
        try:
            answer = await self._done(parse_action(request.body))
        except ParameterError as error:
            self.set_status(HTTPStatus.BAD_REQUEST)
            answer = Answer(False, str(error))
        self.set_header("Content-Type", JSON)
        self.finish(json.dumps({"success": answer.success, "message": answer.message}))

    async def _done(self, action: Action) -> Answer:
        try:
            return await asyncio.wait_for(
                asyncio.wrap_future(self.shared.behind.act(action)), ANSWER_WITHIN_S
            )
        except TimeoutError:
            return Answer(False, f"{action.name}: there was no answer within {ANSWER_WITHIN_S:g} s")


class Live(Guarded, WebSocketHandler):
    """The numbers, again and again; a client that takes them slowly gets fewer, and never old ones."""

    _sending: Task[None] | None = None
    _began_s = 0.0
    _connection: IOStream | None = None

    def is_allowed(self) -> bool:
        """Whether it is our own page that asks."""
        return self.shared.door.is_own_page(self.request.headers)

    def check_origin(self, origin: str) -> bool:
        """Whether it is our own page, once more: tornado asks only where it doubts that itself."""
        del origin
        return self.is_allowed()

    def prepare(self) -> None:
        """Let in who may come in, while there is room."""
        super().prepare()
        if len(self.shared.listeners) >= self.shared.max_clients:
            raise HTTPError(HTTPStatus.SERVICE_UNAVAILABLE)
        self._connection = self.stream  # tornado's handler will not give it any more

    def open(self, *_: str) -> None:
        """Begin."""
        self.shared.listeners.add(self)
        self._send(as_text(self.shared.behind.hello()))

    def renew(self, state: str) -> None:
        """Send what is so now, if what was sent before has left; drop one who takes nothing."""
        if self._sending is None or self._sending.done():
            self._send(state)
        elif self.shared.clock() - self._began_s > STALLED_S and self._connection is not None:
            self._connection.close()

    def on_message(self, _: str | bytes) -> None:
        """Nothing is expected."""
        self.close(1003, "nothing is expected")

    def on_close(self) -> None:
        """End."""
        self.shared.listeners.discard(self)

    def _send(self, message: str) -> None:
        self._began_s = self.shared.clock()
        self._sending = asyncio.create_task(self._sent(message))

    async def _sent(self, message: str) -> None:
        with suppress(WebSocketClosedError, StreamClosedError):
            await self.write_message(message)


def as_text(message: Mapping[str, Any]) -> str:
    """A message to a page."""
    return json.dumps(message, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
