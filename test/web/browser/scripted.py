"""The page's real server, behind which a script plays the graph: what is to be seen is known."""

from collections.abc import Mapping
from concurrent.futures import Future
from math import sin
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

import cv2
import numpy as np

from fer_ros.consent.permissions import Consent, Permission
from fer_ros.emotions import FERPLUS, valence_arousal
from fer_ros.estimators.estimate import Estimate
from fer_ros.web.actions import Action, Answer
from fer_ros.web.params import WebParams
from fer_ros.web.seen import CueSeen, HealthSeen, LinkSeen, ModeSeen, NoticeSeen
from fer_ros.web.server import PageServer
from fer_ros.web.state import HISTORY_S, SAMPLE_EVERY_S, PageState

RATE_HZ = 20.0
PICTURES_HZ = 15.0
HOSTILE = "<script>document.title='taken'</script>\"'<img src=x onerror=alert(1)>&amp;"
PROFILES = ("3g", "direct", HOSTILE, "wifi")
NODES = {"camera": "OK", "estimator": "WARN", "cloud/receiver": "ERROR", "cloud/estimator": "STALE"}
NOTICE = NoticeSeen(["en", "de"], ["This robot has a camera.", "Dieser Roboter hat eine Kamera."], "care")


def estimate(t: float, face: int = 0, *, abstained: bool = False) -> Estimate:
    """What is estimated of a face at a moment: it goes from happy to sad and back."""
    weights = np.ones(len(FERPLUS))
    weights[FERPLUS.index("happy")] = 8 + 7 * sin(t / 3 + face)
    weights[FERPLUS.index("sad")] = 8 - 7 * sin(t / 3 + face)
    probabilities = (weights / weights.sum()).astype(np.float32)
    valence, arousal = valence_arousal(FERPLUS, probabilities)
    likely = tuple(FERPLUS[k] for k in probabilities.argsort()[::-1][:2])
    return Estimate(
        stamp=t,
        model="scripted@1",
        face_id=f"face_{face}",
        labels=FERPLUS,
        probabilities=probabilities,
        prediction_set=likely,
        abstained=abstained,
        reason="unsure" if abstained else "",
        valence=valence,
        arousal=arousal,
        face_size_px=100.0 - face,
    )


class Script:
    """Plays the graph: a `Behind` of the server.

    Attributes:
        acted: what the buttons asked for.
        faces: how many are seen.
        refusal: what every service answers instead of doing what it is asked; empty: it does it.
        held: while it is set, no service answers.
    """

    def __init__(self) -> None:
        self.acted: list[Action] = []
        self.faces = 1
        self.refusal = ""
        self.held = Event()
        self._lock = Lock()
        self._sampled = monotonic() - HISTORY_S
        self._state = PageState(PROFILES)
        self.permission = Permission()
        self.mode = ModeSeen("OFFLINE", False, "there has been no result of the cloud", monotonic())
        self.link = LinkSeen("wifi", False, "crops64@30", goodput_bps=3e5, round_trip_s=0.04)
        self.notice = NOTICE
        self._tell()
        self._remember()

    def hello(self) -> Mapping[str, Any]:
        with self._lock:
            return self._state.hello()

    def state(self) -> Mapping[str, Any]:
        now = monotonic()
        with self._lock:
            self._tell()
            if not self.permission.why_not:
                for face in range(self.faces):
                    self._state.see_estimate(estimate(now, face, abstained=face == 1), "robot")
            if now - self._sampled >= SAMPLE_EVERY_S:
                self._state.sample(now)
                self._sampled = now
            return self._state.now(now)

    def act(self, action: Action) -> Future[Answer]:
        answer: Future[Answer] = Future()
        with self._lock:
            self.acted.append(action)
            self._answer = answer
        if not self.held.is_set():
            self.answer()
        return answer

    def answer(self) -> None:
        """Answer what was asked last."""
        with self._lock:
            action = self.acted[-1]
            if not self.refusal:
                self._do(action)
            self._answer.set_result(Answer(not self.refusal, self.refusal or said(action)))

    def act_on(self, name: str, value: bool | str) -> None:
        """As if somebody else had called a service."""
        with self._lock:
            self._do(Action(name, value))

    def see_picture(self) -> None:
        with self._lock:
            self._state.see_picture(monotonic())

    def cue(self, explanation: str, rule: str = "going_well", t: float | None = None) -> None:
        """Give a cue."""
        at = monotonic() if t is None else t
        with self._lock:
            self._state.see_cue(CueSeen(at, "keep_going", rule, explanation, 0.8, "happy", "face_0"))

    def forget(self) -> None:
        """As if nothing had ever been heard of the graph."""
        with self._lock:
            self._state = PageState(PROFILES)
            self._tell = lambda: None  # type: ignore[method-assign]
            self.faces = 0

    def _do(self, action: Action) -> None:
        now = monotonic()
        if action.name == "consent":
            given = Consent.GIVEN if action.value else Consent.WITHDRAWN
            self.permission = Permission(enabled=self.permission.enabled, consent=given)
        elif action.name == "enable":
            self.permission = Permission(enabled=bool(action.value), consent=self.permission.consent)
        elif action.name == "mode":
            forced = action.value != "automatic"
            self.mode = ModeSeen(str(action.value).upper() if forced else "PROBING", forced, "asked", now)
        elif action.name == "cut":
            self.link = LinkSeen(self.link.profile, bool(action.value), self.link.payload)
        else:
            self.link = LinkSeen(str(action.value), self.link.cut, self.link.payload)

    def _tell(self) -> None:
        now = monotonic()
        self._state.see_permission(self.permission)
        self._state.see_mode(self.mode)
        self._state.see_link(self.link)
        self._state.see_notice(self.notice)
        for name, level in NODES.items():
            values = {"rate_hz": "14.97", "age_ms": "21.3"}
            self._state.see_health(HealthSeen(name, level, f"{name} says so", values), now)

    def _remember(self) -> None:
        """The minute before: a page that is opened now shows it at once."""
        begun = monotonic() - HISTORY_S
        for k in range(round(HISTORY_S / SAMPLE_EVERY_S)):
            at = begun + k * SAMPLE_EVERY_S
            self._state.see_estimate(estimate(at), "robot")
            self._state.sample(at)
        self.cue("happy for 2.1 s", t=begun)


def said(action: Action) -> str:
    """What a service answers."""
    return f"{action.name} is {action.value} now"


class Served:
    """The server with its script, and a camera that can be covered.

    Attributes:
        uncovered: pictures come while it is set.
        warnings: what the server complained of.
    """

    def __init__(self) -> None:
        self.script = Script()
        self.warnings: list[str] = []
        self.uncovered = Event()
        self.uncovered.set()
        self._over = Event()
        self._start(WebParams(port=0, rate_hz=RATE_HZ, max_clients=50))
        self._camera = Thread(target=self._show, daemon=True)
        self._camera.start()

    def stop(self) -> None:
        self.server.close()

    def start_again(self) -> None:
        """At the same address, as who runs it on a fixed port with a token of their own."""
        token = self.server.address.split("/")[3]
        self._start(WebParams(port=self.server.port, token=token, rate_hz=RATE_HZ, max_clients=50))

    def close(self) -> None:
        self._over.set()
        self._camera.join()
        self.server.close()

    def _start(self, params: WebParams) -> None:
        self.server = PageServer(params, self.script, monotonic, self.warnings.append)

    def _show(self) -> None:
        number = 0
        while not self._over.wait(1 / PICTURES_HZ):
            if self.uncovered.is_set():
                number += 1
                self.script.see_picture()
                self.server.show(picture(number))


def picture(number: int) -> bytes:
    """A JPEG of 640x360 px; a bar moves through it."""
    image = np.full((360, 640, 3), 90, np.uint8)
    x = number * 12 % 640
    cv2.rectangle(image, (x, 40), (x + 60, 320), (0, 159, 230), -1)
    return bytes(cv2.imencode(".jpg", image)[1])
