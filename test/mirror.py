"""A web server on this machine that serves one file, well or badly."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


class Mirror:
    """What is asked of the server and how it answers.

    Attributes:
        content: of every file.
        behaviour: serve, cut (once), cut always, stall, corrupt, redirect, refuse or hang.
        resumes: it goes on where a request says.
        ranges: the Range header of each request for the file.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.behaviour = "serve"
        self.resumes = True
        self.ranges: list[str] = []
        self.url = ""
        self.closing = Event()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        if self.behaviour == "redirect" and not request.path.startswith("/moved"):
            request.send_response(302)
            request.send_header("Location", f"/moved{request.path}")
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
        if self.behaviour == "corrupt":
            rest = b"?" + rest[1:]
        request.send_response(206 if begin else 200)
        request.send_header("Content-Length", str(len(rest)))
        request.end_headers()
        cut = self.behaviour in ("cut always", "stall") or (self.behaviour == "cut" and len(self.ranges) == 1)
        request.wfile.write(rest[: len(rest) // 2] if cut else rest)
        if self.behaviour == "stall":
            self.closing.wait()


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
        server.shutdown()
        thread.join()
        server.server_close()
