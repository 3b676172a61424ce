"""Numbers and pictures: to many at once, to slow ones, and to those who vanish."""

import asyncio
import gc
import json
import os
import socket
import struct
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from tornado.httpclient import HTTPClientError
from tornado.iostream import IOStream

from fer_ros.web import handlers
from fer_ros.web.handlers import Guarded
from fer_ros.web.pictures import Watcher

from .served import pictures_of, served

PICTURE = b"\xff\xd8 a picture \xff\xd9"
LARGE = 200_000  # bytes of a picture that no socket's buffers hold many of
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: away at once, without a word
SMALL_BUFFER = {"SO_RCVBUF": 4096}


def test_first_comes_what_there_is_and_then_what_is_so_again_and_again(page):
    async def listen():
        client = await page.live()
        messages = [json.loads(await client.read_message()) for _ in range(4)]
        client.close()
        return messages

    hello, *states = asyncio.run(listen())
    assert hello == {"type": "hello", "profiles": ["wifi"]}
    assert states == 3 * [{"type": "state", "n": 0}]


def test_numbers_come_no_faster_than_they_should():
    with served(rate_hz=20.0) as page:

        async def listen():
            client = await page.live()
            await client.read_message()
            begin = asyncio.get_running_loop().time()
            for _ in range(6):
                await client.read_message()
            return asyncio.get_running_loop().time() - begin

        assert asyncio.run(listen()) >= 5 / 20.0 - 0.01


@pytest.mark.parametrize("message", ["hello", b"hello", 70_000 * "x"], ids=["text", "bytes", "long"])
def test_who_says_something_is_let_go(page, message):
    async def speak():
        client = await page.live()
        await client.write_message(message, binary=isinstance(message, bytes))
        while await client.read_message() is not None:
            pass
        return client.close_code

    assert asyncio.run(speak()) in (1003, 1009)
    page.until(lambda: not page.server.listeners, "the end of the client")


def test_pictures_come_as_they_are_shown(page):
    with page.asked(f"{page.below}video") as video:
        assert video.getheader("Content-Type") == "multipart/x-mixed-replace; boundary=picture"
        for number in range(3):
            page.server.show(PICTURE + bytes([number]))
            assert pictures_of(video, 1) == [PICTURE + bytes([number])]


def test_the_end_of_a_picture_is_told_with_it(page):
    """Browsers show a picture when they see the boundary after it."""
    with page.asked(f"{page.below}video") as video:
        page.until(lambda: page.server.watchers, "a watcher")
        page.server.show(PICTURE)
        assert pictures_of(video, 1) == [PICTURE]
        assert [video.readline(), video.readline()] == [b"\r\n", b"--picture\r\n"]


def test_who_comes_later_sees_the_newest_picture_at_once(page):
    with page.asked(f"{page.below}video") as first:
        page.server.show(PICTURE)
        pictures_of(first, 1)
        with page.asked(f"{page.below}video") as second:
            assert pictures_of(second, 1) == [PICTURE]


def test_no_picture_is_kept_when_nobody_watches(page):
    with page.asked(f"{page.below}video") as video:
        page.server.show(PICTURE)
        pictures_of(video, 1)
    page.until(lambda: not page.server.watchers, "nobody watches")
    page.server.show(b"unseen")
    with page.asked(f"{page.below}video") as video:
        page.until(lambda: page.server.watchers, "a watcher")
        page.server.show(b"new")
        assert pictures_of(video, 1) == [b"new"]


def test_a_slow_client_gets_the_newest_picture_and_no_queue(page):
    """It takes nothing for 300 pictures; then a few that were under way, and the last."""
    slow = page.raw(page.request("video"), **SMALL_BUFFER)
    page.until(lambda: page.server.watchers, "a watcher")
    with page.asked(f"{page.below}video") as quick:
        before = resident_bytes()
        for number in range(300):
            page.server.show(number.to_bytes(2) + LARGE * b".")
            assert pictures_of(quick, 1)[0][:2] == number.to_bytes(2)
        assert resident_bytes() - before < 300 * LARGE / 4
        with page.asked(f"{page.below}video") as late:
            assert pictures_of(late, 1)[0][:2] == (299).to_bytes(2)
    answer = socket.SocketIO(slow, "r")
    numbers = seen_by(answer)
    answer.close()
    slow.close()
    assert numbers[-1] == 299
    assert len(numbers) < 10


def test_who_takes_no_picture_for_long_is_dropped(page, monkeypatch):
    monkeypatch.setattr(handlers, "STALLED_S", 0.1)
    slow = page.raw(page.request("video"), **SMALL_BUFFER)
    page.until(lambda: page.server.watchers, "a watcher")
    page.server.show(20 * LARGE * b".")
    page.until(lambda: not page.server.watchers, "it is dropped")
    slow.close()


def test_a_slow_listener_delays_nobody_and_is_dropped_in_the_end(page, monkeypatch):
    slow = page.raw(page.request("live"), **SMALL_BUFFER)
    page.until(lambda: page.server.listeners, "a listener")
    page.script.now = {"type": "state", "text": LARGE * "x"}

    async def listen():
        client = await page.live()
        before = resident_bytes()
        for _ in range(60):
            await client.read_message()
        client.close()
        return resident_bytes() - before

    assert asyncio.run(listen()) < 60 * LARGE / 4
    page.until(lambda: page.server.listeners == 1, "the quick one is gone, the slow one is not")
    monkeypatch.setattr(handlers, "STALLED_S", 0.1)
    page.until(lambda: page.server.listeners == 0, "it is dropped")
    slow.close()


def test_twenty_clients_connect_and_vanish_and_nothing_is_left():
    with served(max_clients=25) as page:
        come_and_go(page)
        before, resident = left_behind(page), resident_bytes()
        for _ in range(4):
            come_and_go(page)
        assert left_behind(page) == before
        assert resident_bytes() - resident < 20e6  # five times that went out
        assert page.get().status == 200


def come_and_go(page):
    """Twenty of each kind; some leave as one should, some as a cable does that is pulled."""
    with page.asked(f"{page.below}video") as witness:
        clients = [page.raw(page.request(path)) for path in ("video", "live") for _ in range(20)]
        clients += [page.raw(page.request("live")[:70]), page.raw()]
        page.until(lambda: (page.server.watchers, page.server.listeners) == (21, 20), "all are there")
        page.server.show(LARGE * b".")
        assert len(pictures_of(witness, 1)[0]) == LARGE
        for number, client in enumerate(clients):
            if number % 2:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            client.close()
        page.server.show(PICTURE)
        page.until(lambda: (page.server.watchers, page.server.listeners) == (1, 0), "all but one are gone")
    page.until(lambda: not page.server.watchers, "the last one is gone")


def test_there_is_room_for_so_many_and_no_more():
    with served(max_clients=3) as page, ExitStack() as clients:
        for _ in range(3):
            clients.enter_context(page.asked(f"{page.below}video"))
            clients.enter_context(page.raw(page.request("live")))
        page.until(lambda: (page.server.watchers, page.server.listeners) == (3, 3), "all are there")
        got = page.get(f"{page.below}video")
        assert (got.status, got.headers["Retry-After"]) == (503, "1")
        with pytest.raises(HTTPClientError) as caught:
            asyncio.run(page.live())
        assert caught.value.code == 503


def test_all_clients_are_let_go_at_the_end():
    threads = threading.active_count()
    with served() as page:
        video, live, silent = page.raw(page.request("video")), page.raw(page.request("live")), page.raw()
        page.until(lambda: page.server.watchers and page.server.listeners, "both are there")
    for client in (video, live, silent):
        while client.recv(65536):
            pass
        client.close()
    assert threading.active_count() == threads
    with served(port=page.port):  # at once, though connections were open
        pass


def test_a_state_that_cannot_be_told_ends_the_server_where_somebody_looks(page, monkeypatch):
    """Rather than a page that stands still."""
    told = []
    monkeypatch.setattr(threading, "excepthook", told.append)
    page.script.now = {"valence": float("nan")}
    client = page.raw(page.request("live"))
    page.until(lambda: not page.server.alive, "the end")
    client.close()
    assert told[0].exc_type is ValueError


def seen_by(answer):
    """The numbers of all pictures that a client that was slow still gets."""
    numbers, told = [], b""
    end = (299).to_bytes(2)
    while not numbers or numbers[-1] != int.from_bytes(end):
        told += answer.read(65536)
        while (at := told.find(b"\r\n\r\n")) >= 0 and len(told) >= at + 6:
            if told[:at].endswith(f"Content-Length: {LARGE + 2}".encode()):
                numbers.append(int.from_bytes(told[at + 4 : at + 6]))
            told = told[at + 4 :]
    return numbers


def left_behind(page):
    """Open files and threads, once the server keeps nothing of its clients."""
    page.until(lambda: not kept_of_clients(), "all clients are forgotten")
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()


def kept_of_clients():
    gc.collect()
    return [each for each in gc.get_objects() if isinstance(each, IOStream | Guarded | Watcher)]


def resident_bytes():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_a_picture_that_comes_after_the_end_is_passed_over(page):
    page.server.close()
    page.server.show(b"too late")
    assert not page.server.alive
