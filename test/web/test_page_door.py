"""Who gets in: hostile requests, one by one, against the real server."""

import asyncio
import json

import pytest
from tornado.httpclient import HTTPClientError

from fer_ros.web.params import WebParams
from fer_ros.web.security import HEADERS, Door

from .served import ENABLE, TOKEN, served

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
}
ENDPOINTS = ["", "page.js", "video", "live", "do"]
WRONG = [
    pytest.param("x" * len(TOKEN), id="as long"),
    pytest.param(TOKEN[:-1], id="one short"),
    pytest.param(TOKEN + "0", id="one more"),
    pytest.param(TOKEN.upper(), id="capitals"),
    pytest.param("%ff%fe", id="no text"),
    pytest.param("%C3%A9" * 20, id="not ASCII"),
]
OTHER_ORIGINS = [
    pytest.param("", id="none"),
    pytest.param("null", id="null"),
    pytest.param("http://evil.example", id="another host"),
    pytest.param("http://127.0.0.1:1", id="another port"),
    pytest.param("https://{host}", id="another scheme"),
    pytest.param("http://{host}.evil.example", id="longer"),
    pytest.param("http://localhost:{port}", id="another name of ours"),
]


def test_the_page_is_there_for_who_has_the_token(page):
    got = page.get()
    assert (got.status, got.body) == (200, b"<!doctype html>")
    assert got.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.server.address == f"{page.origin}/{TOKEN}/"


@pytest.mark.parametrize("ask", ["page", "file", "no token", "foreign", "done", "refused", "method", "host"])
def test_every_answer_has_the_headers_and_does_not_say_whose_it_is(page, ask):
    got = {
        "page": page.get,
        "file": lambda: page.get(f"{page.below}page.js"),
        "no token": lambda: page.get("/"),
        "foreign": lambda: page.get(f"{page.below}page.js", Sec_Fetch_Site="cross-site"),
        "done": page.do,
        "refused": lambda: page.do(b"{}"),
        "method": lambda: page.get(method="BREW"),
        "host": lambda: page.get(Host="evil.example"),
    }[ask]()
    assert {name: got.headers.get(name) for name in HEADERS} == HEADERS
    assert set(got.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert "Server" not in got.headers
    assert "Etag" not in got.headers


def test_the_streams_have_the_headers_too(page):
    with page.asked(f"{page.below}video") as video:
        assert {name: video.getheader(name) for name in HEADERS} == HEADERS
    client = page.raw(page.request("live"))
    told = client.recv(4096).partition(b"\r\n\r\n")[0].decode()
    client.close()
    assert told.startswith("HTTP/1.1 101 ")
    assert [line for name, value in HEADERS.items() if (line := f"{name}: {value}") not in told] == []
    assert "Server:" not in told


def test_nothing_may_be_kept_or_told_on():
    assert HEADERS["Cache-Control"] == "no-store"
    assert HEADERS["Referrer-Policy"] == "no-referrer"
    assert HEADERS["X-Content-Type-Options"] == "nosniff"
    assert HEADERS["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("token", WRONG)
@pytest.mark.parametrize("path", ENDPOINTS)
def test_a_wrong_token_gets_what_a_wrong_address_gets(page, token, path):
    wrong, nowhere = (page.get(f"/{first}", Origin=page.origin) for first in (f"{token}/{path}", "nowhere"))
    assert wrong.status == nowhere.status == 404
    assert wrong.body == nowhere.body
    assert without_date(wrong) == without_date(nowhere)


@pytest.mark.parametrize(
    "path", ["/", "/video", "/favicon.ico", f"/{TOKEN}", f"/{TOKEN}/nothing", "/" + 3000 * "a"]
)
def test_what_is_not_there_is_not_found(page, path):
    assert page.get(path).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "../params.py",
        "../../errors.py",
        "%2e%2e/params.py",
        "..%2fparams.py",
        "..%5cparams.py",
        "./page.js",
        "//page.js",
        "/etc/passwd",
        "static/page.js",
        "page.js%00",
        "page.js/",
        "PAGE.JS",
    ],
)
def test_only_files_of_the_page_are_there(page, path):
    assert page.get(f"{page.below}{path}").status == 404


@pytest.mark.parametrize("name", ["127.0.0.1:{port}", "localhost:{port}", "[::1]:{port}", "LocalHost:{port}"])
def test_this_machine_may_be_called_by_its_own_names(page, name):
    assert page.get(Host=name.format(port=page.port)).status == 200


@pytest.mark.parametrize(
    "name",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost.evil.example:{port}",
        "127.0.0.1:{port}.evil.example",
        "127.0.0.2:{port}",
        "user@127.0.0.1:{port}",
        " ",
    ],
)
@pytest.mark.parametrize("path", ["", "live"])
def test_a_name_that_was_rebound_to_us_is_refused(page, name, path):
    host = name.format(port=page.port)
    assert page.get(f"{page.below}{path}", Host=host, Origin=f"http://{host}").status in (400, 421)


def test_without_a_host_or_with_two_a_request_is_refused(page):
    for hosts in ("", f"Host: 127.0.0.1:{page.port}\r\nHost: evil.example\r\n"):
        client = page.raw(f"GET {page.below} HTTP/1.1\r\n{hosts}\r\n")
        assert client.recv(100).split()[1] in (b"400", b"421")
        client.close()


def test_a_host_is_refused_before_the_token_is_looked_at(page):
    answers = [page.get(path, Host="evil.example") for path in (page.below, "/nowhere/")]
    assert without_date(answers[0]) == without_date(answers[1])
    assert answers[0].body == answers[1].body


@pytest.mark.parametrize("origin", OTHER_ORIGINS)
def test_another_origin_does_nothing(page, origin):
    got = page.do(Origin=origin.format(host=f"127.0.0.1:{page.port}", port=page.port))
    assert got.status == 403
    assert page.script.done == []


@pytest.mark.parametrize("origin", OTHER_ORIGINS)
def test_another_origin_hears_nothing(page, origin):
    with pytest.raises(HTTPClientError) as caught:
        asyncio.run(page.live(Origin=origin.format(host=f"127.0.0.1:{page.port}", port=page.port)))
    assert caught.value.code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_embeds_nothing(page, site):
    assert page.get(f"{page.below}video", Sec_Fetch_Site=site).status == 403
    assert page.get(f"{page.below}page.js", Sec_Fetch_Site=site).status == 403
    assert page.do(Sec_Fetch_Site=site).status == 403
    assert page.get(Sec_Fetch_Site=site).status == 200  # a link, which only who has the token can make


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "POST"])
def test_other_methods_are_refused(page, method):
    assert page.get(method=method).status == 405
    assert page.get(f"{page.below}do", "GET", Origin=page.origin).status == 405


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
def test_what_a_form_can_send_is_refused(page, kind):
    assert page.do(Content_Type=kind).status == 415
    assert page.script.done == []


def test_a_button_does_what_it_stands_for(page):
    got = page.do(ENABLE, Content_Type="application/json; charset=utf-8")
    assert (got.status, json.loads(got.body)) == (200, {"success": True, "message": "did enable"})
    assert [(action.name, action.value) for action in page.script.done] == [("enable", True)]


def test_other_machines_may_call_it_by_the_names_given_and_by_its_address():
    door = Door(WebParams(host="192.0.2.7", hosts="robot.local, Robot"), 8350, TOKEN)
    known = ["robot.local:8350", "robot:8350", "192.0.2.7:8350", "localhost:8350", "127.0.0.1:8350"]
    assert [door.knows_host({"Host": host}) for host in known] == [True] * len(known)
    assert not door.knows_host({"Host": "192.0.2.8:8350"})


def test_names_are_of_no_use_where_nobody_else_comes():
    assert not Door(WebParams(hosts="robot.local"), 8350, TOKEN).knows_host({"Host": "robot.local:8350"})
    everywhere = Door(WebParams(host="0.0.0.0"), 8350, TOKEN)
    assert not everywhere.knows_host({"Host": "0.0.0.0:8350"})


def test_browsers_leave_the_usual_port_out():
    assert Door(WebParams(), 80, TOKEN).knows_host({"Host": "127.0.0.1"})


def test_there_is_always_a_token():
    with served(token="") as page:
        token = page.server.address.split("/")[3]
        assert len(token) == 32
        assert page.get(f"/{token}/").status == 200
        assert page.get("//").status == 404
    with served(token="") as other:
        assert token not in other.server.address


def without_date(got):
    return {name: value for name, value in got.headers.items() if name != "Date"}


@pytest.mark.parametrize(
    ("pictures", "here", "elsewhere"), [("none", False, False), ("local", True, False), ("all", True, True)]
)
def test_whose_browsers_get_pictures(pictures, here, elsewhere):
    door = Door(WebParams(host="0.0.0.0", pictures=pictures), 8350, TOKEN)
    assert [door.may_see(own) for own in ("127.0.0.1", "::1")] == [here, here]
    assert [door.may_see(other) for other in ("192.0.2.7", "2001:db8::1", "")] == [elsewhere] * 3


def test_who_may_not_see_pictures_gets_none():
    with served(pictures="none") as page:
        page.server.show(b"a picture")
        assert page.get(f"{page.below}video").status == 403
