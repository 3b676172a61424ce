"""web: a page that shows the graph at work, with buttons that call its services."""

import sys
import time
from collections.abc import Mapping
from concurrent.futures import Future
from threading import Lock
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray
from sensor_msgs.msg import CompressedImage

from fer_ros.deployment import every_node
from fer_ros.errors import FerError, ImageError
from fer_ros.health import Look
from fer_ros.link.profiles import load_profiles
from fer_ros.msg import ConversationCue, EmotionEstimate, LinkStatus, Notice, OperatingMode
from fer_ros.msg import Permission as PermissionMsg
from fer_ros.nodes.beside import OVERLAY_JPEG
from fer_ros.nodes.messages import estimate_from_msg, estimate_problem
from fer_ros.nodes.monitor import SOURCES
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.permission import permission_from_msg
from fer_ros.nodes.qos import ESTIMATES, IMAGES_IN, LATCHED, RESULTS, overridable
from fer_ros.nodes.web_actions import Services
from fer_ros.nodes.web_messages import cue_seen, health_seen, link_seen, mode_seen, notice_seen
from fer_ros.resources import share
from fer_ros.web.actions import Action, Answer
from fer_ros.web.address import is_loopback
from fer_ros.web.params import WebParams
from fer_ros.web.server import PageServer
from fer_ros.web.state import SAMPLE_EVERY_S, PageState

LOOK_EVERY_S = 0.1  # whether somebody watches
LARGEST_PICTURE = 8_000_000  # bytes; a JPEG of 3840 px is smaller


class Web(FerNode):
    """Keeps what the page shows, and the page's server, which asks from a thread of its own.

    The overlay is taken only while somebody watches it: otherwise nobody has to draw it.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__("web", **options)
        self.params = declare(self, WebParams)
        self._lock = Lock()
        self._state = PageState(list(load_profiles(share("config") / "links")))
        self._buttons = Services(self, self._is_cut)
        namespace = self.get_namespace().strip("/")
        self._namespace = namespace
        self._known = {f"{namespace}/{spec.path}".strip("/") for spec in every_node()}
        self._overlay: Any = None
        try:
            self._server = PageServer(self.params, self, time.monotonic, self.warn)
        except FerError:
            super().destroy_node()
            raise
        self._told = False
        self._listen()
        self.create_timer(SAMPLE_EVERY_S, self._sample)
        self.create_timer(LOOK_EVERY_S, self._look_for_watchers)
        self.create_timer(LOOK_EVERY_S, self._buttons.go_on)

    @property
    def address(self) -> str:
        """Of the page; it holds the secret."""
        return self._server.address

    def look(self) -> Look:
        """Who watches."""
        values = {"watching": self._server.watchers, "listening": self._server.listeners}
        return Look(values, idle="nobody watches" if not any(values.values()) else "the page is watched")

    def destroy_node(self) -> None:
        """Let all clients go."""
        self._server.close()
        super().destroy_node()

    def hello(self) -> Mapping[str, Any]:
        """The first message to a page."""
        with self._lock:
            return self._state.hello()

    def state(self) -> Mapping[str, Any]:
        """What is so now."""
        with self._lock:
            return self._state.now(self.now())

    def act(self, action: Action) -> Future[Answer]:
        """Do what a button stands for."""
        return self._buttons.call(action)

    def _is_cut(self) -> bool:
        with self._lock:
            return self._state.is_cut

    def _tell(self) -> None:
        """Say where the page is: on stderr, as a log would tell everybody on /rosout the secret."""
        self._told = True
        print(f"page  {self.address}", file=sys.stderr, flush=True)  # noqa: T201 see above
        if not is_loopback(self.params.host):
            called = self.params.hosts or "only by its address, as web.hosts is empty"
            self.warn(
                f"other machines reach the page, too: on {self.params.host}, called {called}; nothing on its "
                f"way is encrypted; pictures of people go to: {self.params.pictures} (web.pictures)"
            )

    def _listen(self) -> None:
        guarded = self.guarded
        self.create_subscription(EmotionEstimate, "emotion", guarded(self._on_emotion), ESTIMATES)
        self.create_subscription(OperatingMode, "mode", self._on_mode, LATCHED)
        self.create_subscription(LinkStatus, "link", self._on_link, LATCHED)
        self.create_subscription(PermissionMsg, "permission", self._on_permission, LATCHED)
        self.create_subscription(Notice, "notice", self._on_notice, LATCHED)
        self.create_subscription(ConversationCue, "cue", self._on_cue, RESULTS)
        self.create_subscription(DiagnosticArray, "/diagnostics", self._on_diagnostics, RESULTS)

    def _look_for_watchers(self) -> None:
        """Take the overlay while somebody watches, and only then."""
        if not self._told:
            self._tell()
        if not self._server.alive:
            raise FerError("the page's server has ended; the lines before say why")
        watched = self._server.watchers > 0
        if watched and self._overlay is None:
            self._overlay = self.create_subscription(
                CompressedImage,
                OVERLAY_JPEG,
                self.guarded(self._on_overlay),
                IMAGES_IN,
                qos_overriding_options=overridable(),
            )
        elif not watched and self._overlay is not None:
            self.destroy_subscription(self._overlay)
            self._overlay = None

    def _sample(self) -> None:
        with self._lock:
            self._state.sample(self.now())

    def _on_overlay(self, msg: CompressedImage) -> None:
        if "jpeg" not in msg.format.lower() or len(msg.data) > LARGEST_PICTURE:
            found = f"{len(msg.data)} bytes of {msg.format!r}"
            raise ImageError(f"{OVERLAY_JPEG} has {found}; the page shows JPEG")
        now = self.now()
        with self._lock:
            self._state.see_picture(now)
        self._server.show(bytes(msg.data))

    def _on_emotion(self, msg: EmotionEstimate) -> None:
        problem = estimate_problem(msg)
        if problem:
            raise ImageError(f"an estimate of {msg.model}: {problem}")
        with self._lock:
            self._state.see_estimate(estimate_from_msg(msg), SOURCES.get(msg.source, ""))

    def _on_mode(self, msg: OperatingMode) -> None:
        with self._lock:
            self._state.see_mode(mode_seen(msg))

    def _on_link(self, msg: LinkStatus) -> None:
        with self._lock:
            self._state.see_link(link_seen(msg))

    def _on_permission(self, msg: PermissionMsg) -> None:
        with self._lock:
            self._state.see_permission(permission_from_msg(msg))

    def _on_notice(self, msg: Notice) -> None:
        with self._lock:
            self._state.see_notice(notice_seen(msg))

    def _on_cue(self, msg: ConversationCue) -> None:
        with self._lock:
            self._state.see_cue(cue_seen(msg, self.now()))

    def _on_diagnostics(self, msg: DiagnosticArray) -> None:
        with self._lock:
            for status in msg.status:
                if status.name in self._known:
                    self._state.see_health(health_seen(status, self._namespace), self.now())
