"""Where the page is, and for whom."""

from dataclasses import dataclass

from fer_ros.params import param


@dataclass(frozen=True)
class WebParams:
    """Where the page is, and for whom; what protects it: docs/web.md."""

    host: str = param("127.0.0.1", "address to listen on; another than loopback lets other machines in")
    port: int = param(8350, "port; 0: any that is free", low=0, high=65535)
    token: str = param(
        "", "secret in the page's address, 16 or more letters and digits; empty: a random one each time"
    )
    hosts: str = param(
        "", "names by which other machines call this one, with commas between them; not with a loopback host"
    )
    pictures: str = param(
        "local",
        "whose browsers get the camera's pictures; local: those of this machine, whatever host is",
        choices=("none", "local", "all"),
    )
    max_clients: int = param(20, "browsers that watch at once; more are turned away", low=1, high=1000)
    rate_hz: float = param(10.0, "1/s, how often the numbers on the page are renewed", low=1.0, high=60.0)
