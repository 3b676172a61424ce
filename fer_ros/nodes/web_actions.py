"""The buttons of the page: each calls a real service, and says what that answered."""

from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import Any

from std_srvs.srv import SetBool

from fer_ros.nodes.node import FerNode
from fer_ros.srv import SetLink, SetMode
from fer_ros.web.actions import Action, Answer

OWNERS = {"enable": "consent", "consent": "consent", "set_mode": "mode", "set_link": "uplink"}


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
        self._by_name = {name: node.create_client(kind, name) for name, kind in kinds.items()}

    def call(self, action: Action) -> Future[Answer]:
        """Ask for what a button stands for."""
        name, request = self._request(action)
        client, answer = self._by_name[name], Future[Answer]()
        if not client.service_is_ready():
            text = f"the service {name} is not there; does the node {OWNERS[name]} run?"
            answer.set_result(Answer(False, text))
            return answer
        asked = client.call_async(request)
        asked.add_done_callback(lambda done: _pass_on(done.result(), answer))
        # Who waits no longer cancels the answer: what was asked is then forgotten, too.
        answer.add_done_callback(lambda _: client.remove_pending_request(asked))
        return answer

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
