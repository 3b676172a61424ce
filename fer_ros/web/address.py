"""Where the page listens, and what people type to get there."""

import errno
import socket
from ipaddress import ip_address

from tornado.netutil import bind_sockets

from fer_ros.errors import ParameterError
from fer_ros.web.params import WebParams

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")  # what a browser on this machine may call it
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 compared with, never listened on by default
HTTP_PORT = 80  # which browsers leave out
WAITING = 64  # connections that the kernel keeps until they are accepted


def listen(params: WebParams) -> list[socket.socket]:
    """Sockets that listen where the parameters say; all have the same port.

    Raises:
        ParameterError: the port is taken or not allowed, or the host is not this machine's.
    """
    host, port = params.host.strip("[]"), params.port
    if not host:
        raise ParameterError("web.host is empty; give an address of this machine, such as 127.0.0.1")
    try:
        return bind_sockets(port, host, backlog=WAITING)
    except OSError as error:
        raise ParameterError(_why(params, error)) from error
    except UnicodeError as error:
        raise ParameterError(f"web.host {params.host!r} is not an address of this machine") from error


def free_port(params: WebParams) -> int:
    """The port that the page can have: the one asked for, or any that is free now.

    Raises:
        ParameterError: as `listen`.
    """
    sockets = listen(params)
    port = port_of(sockets)
    for each in sockets:
        each.close()
    return port


def port_of(sockets: list[socket.socket]) -> int:
    """The port on which sockets listen."""
    return int(sockets[0].getsockname()[1])


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def names(params: WebParams) -> list[str]:
    """By which names the page may be called, without a port: the first is the one to show."""
    host = _in_brackets(params.host.strip("[]"))
    if is_loopback(host):
        return list(dict.fromkeys([host, *LOOPBACK]))
    others = [_in_brackets(name.strip().strip("[]")) for name in params.hosts.split(",") if name.strip()]
    own = [] if host.strip("[]") in EVERY_ADDRESS else [host]
    return list(dict.fromkeys(name.lower() for name in (*others, *own, *LOOPBACK)))


def authority(name: str, port: int) -> str:
    """Name and port as they stand in an address and in the header Host."""
    return name if port == HTTP_PORT else f"{name}:{port}"


def page_address(params: WebParams, port: int, token: str) -> str:
    """What people type; it holds the secret."""
    return f"http://{authority(names(params)[0], port)}/{token}/"


def _in_brackets(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _why(params: WebParams, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"web.port {params.port} of {params.host} is taken; choose another, or 0 for any that is free"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"web.port {params.port} is not allowed to you; choose one from 1024 on, or 0 for any"
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"web.host {params.host!r} is not an address of this machine; 127.0.0.1 always is"
    return f"web.host {params.host!r} port {params.port} cannot be listened on: {error.strerror}"
