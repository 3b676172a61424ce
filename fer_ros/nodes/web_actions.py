"""The buttons of the page: each calls a real service, and says what that answered."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

from std_srvs.srv import SetBool

from fer_ros.nodes.node import FerNode
from fer_ros.srv import SetLink, SetMode
from fer_ros.web.actions import Action, Answer

FOUND_WITHIN_S = 2.0  # nodes that start together find each other within that
OWNERS = {"enable": "consent", "consent": "consent", "set_mode": "mode", "set_link": "uplink"}


@dataclass(frozen=True)
class _Waiting:
    """What is to be asked when its service is found."""

    name: str
    request: Any
    answer: Future[Answer]
    due_s: float


class Services:
    """Clients of the graph's services; `call` may be used from any thread."""

    def __init__(self, node: FerNode, is_cut: Callable[[], bool]) -> None:
        """Make the clients.

        Args:
            node: which asks.
            is_cut: whether the link is cut now; who asks for another profile must say so, too.
        """
        self._is_cut = is_cut
        kinds = {"enable": SetBool, "consent": SetBool, "set_mode": SetMode, "set_link": SetLink}
        self._waiting: deque[_Waiting] = deque()
        self._by_name = {name: node.create_client(kind, name) for name, kind in kinds.items()}

    def call(self, action: Action) -> Future[Answer]:
        """Ask for what a button stands for."""
        name, request = self._request(action)
        answer = Future[Answer]()
        if self._by_name[name].service_is_ready():
            self._ask(name, request, answer)
        else:
            self._waiting.append(_Waiting(name, request, answer, monotonic() + FOUND_WITHIN_S))
        return answer

    def go_on(self) -> None:
        """Ask services that were found meanwhile; to be called now and then."""
        for _ in range(len(self._waiting)):
            one = self._waiting.popleft()
            if self._by_name[one.name].service_is_ready():
                self._ask(one.name, one.request, one.answer)
            elif monotonic() < one.due_s:
                self._waiting.append(one)
            else:
                text = f"the service {one.name} is not there; does the node {OWNERS[one.name]} run?"
                _pass_on(Answer(False, text), one.answer)

    def _ask(self, name: str, request: Any, answer: Future[Answer]) -> None:
        client = self._by_name[name]
        asked = client.call_async(request)
        asked.add_done_callback(lambda done: _pass_on(done.result(), answer))
        # Who waits no longer cancels the answer: what was asked is then forgotten, too.
        answer.add_done_callback(lambda _: client.remove_pending_request(asked))

    def _request(self, action: Action) -> tuple[str, Any]:
        """The service, and what is asked of it."""
        value = action.value
        if action.name == "mode":
            return "set_mode", SetMode.Request(mode=value)
        if action.name == "link":
            return "set_link", SetLink.Request(profile=value, cut=self._is_cut())
        if action.name == "cut":
            return "set_link", SetLink.Request(cut=value)
        return action.name, SetBool.Request(data=value)


def _pass_on(response: Any, answer: Future[Answer]) -> None:
    with suppress(InvalidStateError):  # nobody waits any more
        answer.set_result(Answer(response.success, response.message))
