"""The drawing of the graph is that of the graph."""

from xml.etree import ElementTree

import draw_graph
import pytest

from fer_ros.graph import cloud_graph, robot_graph

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def nodes():
    return draw_graph.used()


def test_the_picture_in_the_documents_is_the_one_that_is_drawn(nodes):
    drawn = draw_graph.picture(nodes)
    assert draw_graph.OUT.read_text("utf-8") == drawn, "the graph has changed: python scripts/draw_graph.py"


def test_every_node_and_topic_is_drawn(nodes):
    picture = ElementTree.fromstring(draw_graph.picture(nodes))
    words = [text.text for text in picture.iter(f"{SVG}text")]
    assert {spec.path for spec in (*robot_graph(), *cloud_graph())} <= set(words)
    assert {topic for _, topic, _ in draw_graph.connections(nodes)} <= set(words)


def test_it_can_be_heard(nodes):
    picture = ElementTree.fromstring(draw_graph.picture(nodes))
    assert picture.attrib["role"] == "img"
    spoken = picture.find(f"{SVG}desc").text
    assert "camera gives image_raw to faces" in spoken
    assert "uplink gives cloud/payload to cloud/receiver" in spoken


def test_lines_end_at_the_boxes_of_their_nodes(nodes):
    width, height = draw_graph.BOX
    for giver, topic, taker in draw_graph.connections(nodes):
        corners = [tuple(map(int, c.split(","))) for c in draw_graph.ROUTES[giver, topic, taker][0].split()]
        for name, (x, y) in ((giver, corners[0]), (taker, corners[-1])):
            if name:
                left, top = draw_graph.PLACES[name]
                assert left <= x <= left + width, (name, topic)
                assert top <= y <= top + height, (name, topic)


def test_a_connection_without_a_place_is_an_error(nodes):
    nodes["mode"] = draw_graph.Used((*nodes["mode"].gives, "mood"), nodes["mode"].takes)
    with pytest.raises(LookupError, match="mood"):
        draw_graph.picture(nodes)
