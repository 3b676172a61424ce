from itertools import pairwise

import pytest
from speech_lines import ENDED, LINES, LISTENING, SILENCE_S, SPEAKING, Speaker, read_lines

from fer_ros.conversation.rules import CUES


class Talk:
    """A speaker, ticked ten times a second."""

    def __init__(self, lines=LINES):
        self.speaker = Speaker(lines, 14.0)
        self.now = 0.0
        self.told = []

    def go_on(self, seconds):
        for _ in range(round(10 * seconds)):
            self.now += 0.1
            self.told += self.speaker.tick(self.now)
        return self

    def cue(self, cue):
        self.told += self.speaker.on_cue(cue, self.now)
        return self

    @property
    def lines(self):
        return [told.line for told in self.told if told.line]


def test_it_speaks_and_listens_in_turns():
    talk = Talk().go_on(20.0)
    states = [told.state for told in talk.told]
    assert states[:3] == [SPEAKING, LISTENING, ENDED]
    assert all(after == (before + 1) % 3 for before, after in pairwise(states))
    ids = [told.turn_id for told in talk.told if told.state == SPEAKING]
    assert len(set(ids)) == len(ids) > 3


def test_no_line_comes_twice_in_a_row():
    lines = Talk().go_on(60.0).lines
    assert len(lines) > 10
    assert all(before != after for before, after in pairwise(lines))


def test_another_topic_is_announced_then_spoken_about():
    talk = Talk().go_on(1.0).cue("change_topic").go_on(12.0)
    assert talk.lines[1] == "Let us speak of something else than weather."
    assert talk.lines[2] in LINES["topics"]["lunch"]
    assert talk.told[-1].topic == "lunch"


def test_comfort_follows_the_line_that_is_being_said():
    talk = Talk().go_on(0.5).cue("comfort")
    assert len(talk.lines) == 1
    assert talk.go_on(10.0).lines[1] in LINES["answers"]["comfort"]


def test_wait_is_silence_until_another_cue():
    talk = Talk().go_on(0.5).cue("wait").go_on(30.0)
    assert len(talk.lines) == 1
    assert talk.told[-1].state == ENDED
    assert len(talk.cue("keep_going").go_on(1.0).lines) == 2


@pytest.mark.parametrize("reaction", ["lost", "upset"])
def test_a_reaction_is_answered_in_the_next_turn(reaction):
    talk = Talk().go_on(0.5)
    talk.speaker.on_reaction(reaction)
    assert talk.go_on(SILENCE_S + 10.0).lines[1] in LINES["reactions"][reaction]


def test_every_cue_but_keep_going_has_its_answers():
    assert set(LINES["answers"]) == set(CUES) - {"keep_going"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("topics: {}\nanswers: {}\nreactions: {}", "every topic needs a line"),
        ("topics: {a: [b]}", "has no map answers"),
        ("[]", "has no map topics"),
    ],
)
def test_lines_that_cannot_be_used_are_refused(tmp_path, text, says):
    path = tmp_path / "lines.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match=says):
        read_lines(path)


def test_lines_of_ones_own_are_said(tmp_path):
    path = tmp_path / "lines.yaml"
    path.write_text("topics: {cats: [Miaow.]}\nanswers: {wait: }\nreactions: {}", encoding="utf-8")
    assert Talk(read_lines(path)).go_on(1.0).lines == ["Miaow."]
