"""What one client can ask for: bodies, headers, floods, time, and connections."""

import json
from contextlib import ExitStack, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.errors import ParameterError
from fer_ros.web import handlers, server
from fer_ros.web.actions import ACTIONS as WAYS
from fer_ros.web.actions import Answer, parse_action
from fer_ros.web.limits import ACTIONS, BODY_BYTES, CONNECTIONS_PER_CLIENT, HEADER_BYTES, REQUESTS, Buckets

from .served import DEADLINE_S, TOKEN, served


def test_a_body_that_is_too_large_is_refused(page):
    padding = BODY_BYTES - len('{"do": "enable", "value": true}')
    assert page.do(b'{"do": "enable", "value": true}' + padding * b" ").status == 200
    assert page.do(b'{"do": "enable", "value": true}' + (padding + 1) * b" ").status == 413
    assert len(page.script.done) == 1


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("Content-Length: 1000000000\r\n", id="length"),
        pytest.param("Content-Length: 1\r\nContent-Length: 2\r\n", id="two lengths"),
        pytest.param("Content-Length: -1\r\n", id="negative"),
        pytest.param("Transfer-Encoding: gzip\r\n", id="encoding"),
        pytest.param("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", id="both"),
        pytest.param("Bad Header\r\n", id="header"),
        pytest.param(f"X: {HEADER_BYTES * 'x'}\r\n", id="headers"),
    ],
)
def test_what_is_no_proper_request_ends_the_connection(page, head):
    client = page.raw(f"POST {page.below}do HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\n{head}\r\n")
    told = everything(client)
    assert told == b"" or told.startswith(b"HTTP/1.1 400 ")
    assert TOKEN.encode() not in told
    assert page.script.done == []


def test_a_body_in_endless_pieces_ends_the_connection(page):
    host = f"127.0.0.1:{page.port}"
    client = page.raw(f"POST {page.below}do HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n")
    pieces = 1000 * (b"8000\r\n" + 0x8000 * b" " + b"\r\n")
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        client.sendall(pieces)
    client.close()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no",
        b"[]",
        b"null",
        b"\xff",
        b"{}",
        b'{"do": "format"}',
        b'{"do": ["enable"]}',
        b'{"do": "enable"}',
        b'{"do": "enable", "value": 1}',
        b'{"do": "mode", "value": "banana"}',
        b'{"do": "mode", "value": true}',
        b'{"do": "link", "value": "wifi"}',
        b'{"do": "link", "profile": ""}',
        b'{"do": "cut", "value": null}',
        1000 * b"[",
        pytest.param(b'{"do": "link", "profile": "%s"}' % (101 * b"x"), id="long"),
    ],
)
def test_what_is_nothing_to_do_is_refused_with_the_reason(page, body):
    got = page.do(body)
    answer = json.loads(got.body)
    assert got.status == 400
    assert answer["success"] is False
    assert answer["message"]
    assert page.script.done == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.sampled_from(["do", "mode", "cut", "link"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["do", "value", "profile"]), inner),
)


@given(st.binary(max_size=200) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_no_body_does_worse_than_to_be_refused(body):
    with suppress(ParameterError):
        assert parse_action(body).name in WAYS


def test_a_flood_is_turned_away_until_time_has_passed(page):
    page.now_s = 100.0
    rate_hz, burst = ACTIONS
    statuses = [page.do().status for _ in range(int(burst) + 5)]
    assert statuses == int(burst) * [200] + 5 * [429]
    assert page.do().headers["Retry-After"] == "1"
    page.now_s += 1.0
    assert [page.do().status for _ in range(int(rate_hz) + 1)] == int(rate_hz) * [200] + [429]
    assert page.get().status == 200  # looking is another matter


def test_a_flood_of_guesses_is_turned_away(page):
    page.now_s = 100.0
    statuses = [page.get("/guess/").status for _ in range(int(REQUESTS[1]) + 3)]
    assert statuses == int(REQUESTS[1]) * [404] + 3 * [429]


def test_every_address_has_a_bucket_of_its_own_and_old_ones_are_forgotten():
    buckets = Buckets(1.0, 2.0, most=10)
    assert [buckets.take("a", 0.0) for _ in range(3)] == [True, True, False]
    assert buckets.take("b", 0.0)
    for address in range(1000):
        buckets.take(str(address), 1.0)
    assert len(buckets) == 10


def test_a_service_that_does_not_answer_does_not_keep_the_page_waiting(page, monkeypatch):
    monkeypatch.setattr(handlers, "ANSWER_WITHIN_S", 0.05)
    page.script.answers = lambda _: None
    assert json.loads(page.do().body) == {
        "success": False,
        "message": "enable: there was no answer within 0.05 s",
    }


def test_an_answer_is_told_as_it_is(page):
    page.script.answers = lambda _: Answer(False, 'no "profile" <b>')
    assert json.loads(page.do().body) == {"success": False, "message": 'no "profile" <b>'}


def test_a_mistake_of_our_own_is_told_without_the_address(page, capfd, caplog):
    def fail(_):
        raise RuntimeError("own mistake")

    page.script.answers = fail
    got = page.do()
    assert (got.status, got.body) == (500, b"Internal Server Error")
    assert page.warned == ["the page cannot answer a request: RuntimeError: own mistake"]
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_nothing_that_clients_do_is_logged(page, capfd, caplog):
    page.get()
    page.get("/nowhere/")
    page.get(method="DELETE")
    page.raw(page.request("video")).close()
    page.do(b"no")
    page.raw("nonsense\r\n\r\n").close()
    page.raw(page.request("live")).close()
    page.until(lambda: not page.server.listeners, "the end of the client")
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []  # pytest catches what would stand on stderr
    assert page.warned == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("GET / HTTP/1.1\r\nHost: ", id="half of the headers"),
        pytest.param(
            "POST /x/do HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nabc", id="half of the body"
        ),
    ],
)
def test_who_sends_slowly_is_let_go(monkeypatch, text):
    monkeypatch.setattr(server, "HEADERS_WITHIN_S", 0.05)
    monkeypatch.setattr(server, "BODY_WITHIN_S", 0.05)
    with served() as page:
        assert everything(page.raw(text)) == b""


def test_there_is_room_for_so_many_connections_and_no_more():
    with served(max_clients=2) as page, ExitStack() as clients:
        for _ in range(2 * CONNECTIONS_PER_CLIENT):
            clients.enter_context(page.raw())
        assert everything(page.raw()).startswith(b"HTTP/1.1 503 ")
        clients.close()

        def answers():
            return everything(page.raw(f"GET /{TOKEN}/ HTTP/1.0\r\nHost: 127.0.0.1:{page.port}\r\n\r\n"))

        page.until(lambda: answers().startswith(b"HTTP/1.1 200 "), "room again")


def everything(client):
    """All that comes until the connection ends."""
    client.settimeout(DEADLINE_S)
    told = b""
    try:
        while piece := client.recv(65536):
            told += piece
    except ConnectionResetError:
        pass
    finally:
        client.close()
    return told
