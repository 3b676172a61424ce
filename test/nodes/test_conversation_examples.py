"""The examples as programs of their own, beside a real conversation node."""

import re

import pytest
from fer_ros.msg import ConversationCue, EmotionEstimate, Reaction, Turn
from std_msgs.msg import String

from .people import an_estimate
from .program import ROOT

EXAMPLES = ROOT / "examples"
PERIOD_S = 0.05
QUICK = {"before_s": 0.5, "after_s": 0.6, "seen_s": 0.3, "smoothing_s": 0.2}


class Stage:
    """A conversation node and a stream of estimates, one of `self.face` each 50 ms; None: silence."""

    def __init__(self, bench, **parameters):
        self.bench = bench
        self.face = None
        bench.start("conversation", parameters)
        self.emotion = bench.publisher(EmotionEstimate, "emotion")
        bench.probe.create_timer(PERIOD_S, self._show)

    def _show(self):
        if self.face is not None:
            self.emotion.publish(an_estimate(self.bench.now(), self.face, 0.97))

    def hears(self, topic, by):
        """Wait until a program listens to a topic."""
        self.bench.until(lambda: self.bench.probe.count_subscribers(topic) >= 1, f"{by} listens to {topic}")


def test_the_behaviour_tree_comforts_who_looks_sad(bench, programs):
    pytest.importorskip("py_trees", reason="py_trees is missing: pip install -r requirements/dev.txt")
    stage, acts = Stage(bench), bench.listen(String, "act")
    program = programs([EXAMPLES / "behaviour_tree.py"])
    stage.hears("cue", "the tree")
    bench.until(lambda: bench.probe.count_publishers("act"), "act is published")
    stage.face = "sad"
    bench.until(lambda: acts and acts[-1].data == "lean in and speak softly", "it comforts")
    assert program.interrupt().status == 0


def test_the_speech_lines_speak_and_hear_how_it_was_taken(bench, programs):
    stage = Stage(bench, **QUICK)
    turns, said, reactions = (
        bench.listen(*what) for what in ((Turn, "turn"), (String, "say"), (Reaction, "reaction"))
    )
    stage.face = "neutral"
    program = programs([EXAMPLES / "speech_lines.py", "--speed", "20"])
    stage.hears("cue", "the speaker")
    bench.until(lambda: said and reactions, "it has said something, and that gets a reaction")
    assert reactions[0].turn_id in {turn.id for turn in turns}
    count = len(said)
    stage.face = "angry"
    bench.until(lambda: any("something else" in line.data for line in said[count:]), "it changes the topic")
    bench.until(lambda: turns[-1].topic == "lunch", "the topic is another")
    assert program.interrupt().status == 0


def test_the_program_in_the_documentation_runs(bench, programs, tmp_path):
    text = (ROOT / "docs" / "conversation.md").read_text(encoding="utf-8")
    path = tmp_path / "companion.py"
    path.write_text(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], encoding="utf-8")
    programs([path])
    turns = bench.listen(Turn, "turn")
    cue, reaction = bench.publisher(ConversationCue, "cue"), bench.publisher(Reaction, "reaction")
    bench.until(lambda: bench.probe.count_publishers("turn"), "turn is published")
    cue.publish(ConversationCue(cue=ConversationCue.COMFORT))
    bench.until(lambda: [turn.topic for turn in turns] == ["comfort"], "it comforts")
    reaction.publish(Reaction(reaction=Reaction.UPSET, confidence=0.95, topic="lunch"))
    bench.until(lambda: len(turns) == 2, "it is sorry")
