"""Where the page listens, and what is said where it cannot."""

import os
import socket

import pytest

from fer_ros.cli.page import settle_page
from fer_ros.errors import FerError, ParameterError
from fer_ros.web import files
from fer_ros.web.address import free_port, is_loopback, listen, names, page_address, port_of
from fer_ros.web.files import page_files
from fer_ros.web.params import WebParams
from fer_ros.web.security import check_token, new_token

from .served import TOKEN, served


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6 loopback")


def test_a_port_that_is_taken_is_said():
    with served() as page:
        with pytest.raises(ParameterError) as caught:
            listen(WebParams(port=page.port))
        assert str(caught.value) == (
            f"web.port {page.port} of 127.0.0.1 is taken; choose another, or 0 for any that is free"
        )


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "x" * 100, "..", "2001:db8::1"])
def test_an_address_of_another_machine_is_refused(host):
    with pytest.raises(ParameterError, match=r"^web.host .* is not an address of this machine"):
        listen(WebParams(host=host, port=0))


def test_no_address_is_not_every_address():
    with pytest.raises(ParameterError, match=r"^web.host is empty"):
        listen(WebParams(host="", port=0))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may have any port")
def test_a_port_that_is_not_allowed_is_said():
    with pytest.raises(ParameterError, match="is not allowed to you"):
        listen(WebParams(port=1))


@needs_ipv6
@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_an_ipv6_literal_is_served_and_shown_in_brackets(host):
    with served(host=host) as page:
        page.host = "::1"
        assert page.server.address == f"http://[::1]:{page.port}/{TOKEN}/"
        assert page.get(Host=f"[::1]:{page.port}").status == 200
        assert page.get(Host=f"::1:{page.port}").status == 421


@needs_ipv6
def test_localhost_has_one_port_for_all_its_addresses():
    sockets = listen(WebParams(host="localhost", port=0))
    assert {each.getsockname()[1] for each in sockets} == {port_of(sockets)}
    for each in sockets:
        each.close()


def test_a_free_port_is_free_afterwards():
    port = free_port(WebParams(port=0))
    assert free_port(WebParams(port=port)) == port


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        *(("127.0.0.1", True), ("127.9.9.9", True), ("localhost", True), ("::1", True), ("[::1]", True)),
        *(("0.0.0.0", False), ("::", False), ("192.168.1.5", False), ("robot.local", False)),
        ("127.0.0.1.evil.example", False),
    ],
)
def test_loopback_is_known(host, loopback):
    assert is_loopback(host) == loopback


@pytest.mark.parametrize(
    ("params", "address"),
    [
        (WebParams(), "http://127.0.0.1:8350/t/"),
        (WebParams(host="localhost"), "http://localhost:8350/t/"),
        (WebParams(host="192.0.2.7"), "http://192.0.2.7:8350/t/"),
        (WebParams(host="0.0.0.0", hosts="Robot.local"), "http://robot.local:8350/t/"),
        (WebParams(host="0.0.0.0"), "http://127.0.0.1:8350/t/"),
        (WebParams(host="2001:db8::1", hosts=" , "), "http://[2001:db8::1]:8350/t/"),
    ],
)
def test_the_address_is_one_that_works_from_here(params, address):
    assert page_address(params, 8350, "t") == address
    assert "127.0.0.1" in names(params)


@pytest.mark.parametrize(
    "token", ["short", "with/slash-and-so-on", "spaces in a long one", "ü" * 20, 201 * "a"]
)
def test_a_token_that_is_weak_or_no_part_of_an_address_is_refused_without_telling_it(token):
    with pytest.raises(ParameterError) as caught:
        check_token(token)
    assert token not in str(caught.value)
    assert "16 to 200 letters" in str(caught.value)


def test_random_tokens_are_good_and_no_two_are_alike():
    tokens = {check_token(new_token()) for _ in range(100)}
    assert len(tokens) == 100


def test_the_command_line_settles_port_and_token_before_the_node_starts():
    values = {"port": 0, "warn_below_hz": 1.0}
    address = settle_page(values)
    assert values["port"] != 0
    assert address == f"http://127.0.0.1:{values['port']}/{values['token']}/"
    assert settle_page(values) == address


def test_what_cannot_be_served_frees_the_port(tmp_path):
    port = free_port(WebParams(port=0))
    with pytest.raises(ParameterError, match=r"^web.token has 5"), served(port=port, token="short"):
        pass
    assert free_port(WebParams(port=port)) == port


def test_a_page_that_is_not_installed_is_said(tmp_path):
    with pytest.raises(FerError, match=r"index.html is not there; install the package again"):
        page_files(tmp_path)


def test_the_page_of_the_package_is_whole_and_names_no_other_host():
    for path, file in page_files().items():
        assert file.kind == files.KINDS[f".{(path or files.FIRST).rpartition('.')[2]}"]
        text = file.content.decode(errors="replace").replace("http://www.w3.org/", "")
        assert "http://" not in text
        assert "https://" not in text


def test_only_what_a_page_is_made_of_is_served(tmp_path):
    for name in ("index.html", "secret.yaml", "notes.txt~", ".hidden"):
        (tmp_path / name).write_text(name)
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "chart.js").write_text("1")
    assert set(page_files(tmp_path)) == {"", "index.html", "parts/chart.js"}
