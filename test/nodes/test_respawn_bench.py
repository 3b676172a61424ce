"""The bench that kills nodes, on two of them."""

import json

from .program import ROOT, Program


def test_a_graph_whose_nodes_are_killed_becomes_whole_again(domain):
    nodes = ("--nodes", "mode", "conversation")
    command = ("-m", "benchmarks.respawn", "--kills", "2", *nodes, "--domain", str(domain))
    ended = Program(command, cwd=ROOT).end()
    assert ended.status == 0, ended.err
    figures = json.loads(ended.last_line)
    assert (figures["restarts"], figures["status"]) == (4, 0)
    assert {path: of["kills"] for path, of in figures["nodes"].items()} == {"mode": 2, "conversation": 2}
    assert 0 < figures["slowest_start_s"] < figures["slowest_return_s"]
    assert "conversation" in ended.out.splitlines()[2]
