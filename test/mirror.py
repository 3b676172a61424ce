"""A web server on this machine that serves one file, well or badly."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

CRUMB = 100_000


class Mirror:
    """What is asked of the server and how it answers.

    Attributes:
        content: of every file.
        behaviour: serve, cut (once), cut always, stall, corrupt, redirect, refuse, hang, hold (half the file
            until `released`), crumbs (some 100 kB a connection), more or less (than Content-Length says),
            or an address to redirect to.
        resumes: it goes on where a request says.
        ranges: the Range header of each request for the file.
        paths: what was asked for.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.behaviour = "serve"
        self.resumes = True
        self.ranges: list[str] = []
        self.paths: list[str] = []
        self.released = Event()
        self.url = ""
        self.closing = Event()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.paths.append(request.path)
        to = f"/moved{request.path}" if self.behaviour == "redirect" else self.behaviour
        if ("/" in to or ":" in to) and not request.path.startswith("/moved"):
            request.send_response(302)
            request.send_header("Location", to)
            request.end_headers()
            return
        self.ranges.append(request.headers.get("Range", ""))
        if self.behaviour == "hang":
            self.closing.wait()
        elif self.behaviour == "refuse":
            request.send_error(404)
        else:
            self._send(request)

    def _send(self, request: BaseHTTPRequestHandler) -> None:
        begin = int(self.ranges[-1][len("bytes=") : -1] or 0) if self.resumes else 0
        rest = self.content[begin:]
        if begin and not rest:
            request.send_error(416)
            return
        if self.behaviour == "corrupt":
            rest = b"?" + rest[1:]
        request.send_response(206 if begin else 200)
        request.send_header(
            "Content-Length", str(len(rest) + {"more": 1000, "less": -1000}.get(self.behaviour, 0))
        )
        request.end_headers()
        if self.behaviour == "hold":
            rest = self._hold(request, rest)
        if self.behaviour == "crumbs":
            rest = rest[:CRUMB]
        cut = self.behaviour in ("cut always", "stall") or (self.behaviour == "cut" and len(self.ranges) == 1)
        request.wfile.write(rest[: len(rest) // 2] if cut else rest)
        if self.behaviour == "stall":
            self.closing.wait()

    def _hold(self, request: BaseHTTPRequestHandler, rest: bytes) -> bytes:
        """Send half, wait, and give what is left."""
        request.wfile.write(rest[: len(rest) // 2])
        request.wfile.flush()
        self.released.wait()
        return rest[len(rest) // 2 :]


@contextmanager
def mirror_of(content: bytes) -> Iterator[Mirror]:
    mirror = Mirror(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            mirror.answer(self)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    mirror.url = f"http://127.0.0.1:{server.server_port}/files"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield mirror
    finally:
        mirror.closing.set()
        mirror.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
