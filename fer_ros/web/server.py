"""The page's server: in a thread of its own, for as long as it is wanted."""

import asyncio
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Event, Thread
from typing import Any
from weakref import WeakSet

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.web import Application

from fer_ros.web.address import listen, page_address, port_of
from fer_ros.web.files import File, page_files
from fer_ros.web.handlers import Behind, Do, Live, NotFound, Page, Shared, Video
from fer_ros.web.limits import (
    BODY_WITHIN_S,
    BUFFER_BYTES,
    CONNECTIONS_PER_CLIENT,
    HEADER_BYTES,
    HEADERS_WITHIN_S,
    SOCKET_BYTES,
)
from fer_ros.web.params import WebParams
from fer_ros.web.security import Door, check_token, new_token

END_WITHIN_S = 5.0
FULL = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
# Of a connection on which nothing passes, so that one whose other end is gone without a word is noticed.
KEEP_ALIVE = {"TCP_KEEPIDLE": 15, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}


class PageServer:
    """Serves the page until it is closed.

    Attributes:
        address: what people type; it holds the secret.
        port: on which it listens.
    """

    def __init__(
        self,
        params: WebParams,
        behind: Behind,
        clock: Callable[[], float],
        warn: Callable[[str], None],
        files: Mapping[str, File] | None = None,
    ) -> None:
        """Listen, and answer.

        Args:
            params: where, and for whom.
            behind: what is shown and done.
            clock: s, never going back.
            warn: takes a sentence about what went wrong.
            files: of the page, by path; None: this package's.

        Raises:
            FerError: the address cannot be had, the token cannot be used, or the page is not there.
        """
        token = check_token(params.token) if params.token else new_token()
        files = page_files() if files is None else files
        self._sockets = listen(params)
        self.port = port_of(self._sockets)
        self.address = page_address(params, self.port, token)
        self._rate_hz = params.rate_hz
        self._shared = Shared(Door(params, self.port, token), behind, files, clock, warn, params.max_clients)
        self._picture: bytes | None = None  # the newest that nobody has been shown yet
        self._begun = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._serve()), name="page", daemon=True)
        self._thread.start()
        self._begun.wait()

    @property
    def watchers(self) -> int:
        """How many watch the pictures."""
        return len(self._shared.pictures)

    @property
    def listeners(self) -> int:
        """How many get the numbers."""
        return len(self._shared.listeners)

    @property
    def alive(self) -> bool:
        """Whether it still serves."""
        return self._thread.is_alive()

    def show(self, picture: bytes) -> None:
        """Show a JPEG picture to all who watch; one that comes too fast is passed over."""
        waiting, self._picture = self._picture, picture
        if waiting is None:
            self._call(self._pass_on)

    def close(self) -> None:
        """End, and let all clients go."""
        if self.alive:
            self._call(self._stopping.set)
            self._thread.join(END_WITHIN_S)

    def _call(self, what: Callable[[], None]) -> None:
        """Have something done where clients are served; nothing where that has ended, however lately."""
        with suppress(RuntimeError):  # of a loop that is closed, a moment before its thread ends
            self._loop.call_soon_threadsafe(what)

    def _pass_on(self) -> None:
        picture, self._picture = self._picture, None
        if picture is not None:
            self._shared.pictures.show(picture)

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        server = _Server(_application(self._shared), **_limits())
        server.room = CONNECTIONS_PER_CLIENT * self._shared.max_clients
        server.add_sockets(self._sockets)
        renewing = asyncio.create_task(self._renew())
        stopping = asyncio.create_task(self._stopping.wait())
        self._begun.set()
        await asyncio.wait({renewing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        await server.end()
        if renewing.done():
            renewing.result()  # it never ends by itself: it raises

    async def _renew(self) -> None:
        """Tell all who listen what is so now, again and again."""
        while True:
            await asyncio.sleep(1 / self._rate_hz)
            if self._shared.listeners:
                self._shared.tell_all()


class _Server(HTTPServer):
    """Takes so many connections at once and no more.

    Attributes:
        room: for how many.
    """

    room = 0

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        super().initialize(*args, **kwargs)
        self._streams: WeakSet[IOStream] = WeakSet()  # one that ended takes what it had to send with it

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        if sum(not each.closed() for each in self._streams) >= self.room:
            stream.write(FULL).add_done_callback(lambda _: stream.close())
            return
        self._streams.add(stream)
        _set_options(stream.socket)
        super().handle_stream(stream, address)

    async def end(self) -> None:
        self.stop()
        for stream in tuple(self._streams):
            stream.close()
        await self.close_all_connections()


def _application(shared: Shared) -> Application:
    return Application(
        [
            (r"/([^/]*)/live", Live),
            (r"/([^/]*)/video", Video),
            (r"/([^/]*)/do", Do),
            (r"/([^/]*)/(.*)", Page),
        ],
        default_handler_class=NotFound,
        log_function=lambda _: None,  # it would tell the address, and so the token
        shared=shared,
        websocket_max_message_size=BUFFER_BYTES,
    )


def _limits() -> dict[str, Any]:
    return {
        "max_header_size": HEADER_BYTES,
        "max_body_size": BUFFER_BYTES,
        "max_buffer_size": 2 * BUFFER_BYTES,
        "chunk_size": BUFFER_BYTES,
        "idle_connection_timeout": HEADERS_WITHIN_S,
        "body_timeout": BODY_WITHIN_S,
    }


def _set_options(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BYTES)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEP_ALIVE.items():
        if hasattr(socket, name):  # macOS has another name for the first
            client.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
