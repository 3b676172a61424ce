from math import isnan

import pytest

from fer_ros.conversation.turns import Dialogue, Turn, TurnState

SPEAKING, LISTENING, ENDED = TurnState


def told(*announcements):
    """A dialogue after announcements (s, id, state); and which of them began an utterance."""
    dialogue, began = Dialogue(), []
    for stamp, turn_id, state in announcements:
        turn = Turn(stamp, turn_id, f"about {turn_id}", state)
        began.append(dialogue.begins_utterance(turn))
        if dialogue.concerns(turn):
            dialogue.update(turn)
    return dialogue, began


def test_before_the_first_announcement_nothing_is_known():
    dialogue, _ = told()
    assert (dialogue.turn_id, dialogue.topic, dialogue.doing) == ("", "", "none")
    assert isnan(dialogue.since_s)


def test_a_turn_is_spoken_listened_to_and_over():
    dialogue, began = told((1.0, "t1", SPEAKING), (3.0, "t1", LISTENING))
    assert (dialogue.turn_id, dialogue.topic, dialogue.doing) == ("t1", "about t1", "listening")
    assert dialogue.since_s == 3.0
    assert began == [True, False]
    dialogue, _ = told((1.0, "t1", SPEAKING), (5.0, "t1", ENDED))
    assert (dialogue.turn_id, dialogue.topic, dialogue.doing, dialogue.since_s) == ("", "", "none", 5.0)


def test_an_announcement_may_be_repeated():
    dialogue, began = told((1.0, "t1", SPEAKING), (2.0, "t1", SPEAKING), (3.0, "t1", SPEAKING))
    assert dialogue.since_s == 1.0
    assert began == [True, False, False]


@pytest.mark.parametrize("turn_id", ["t1", "t2"])
def test_speaking_after_listening_begins_another_utterance(turn_id):
    _, began = told((1.0, "t1", SPEAKING), (2.0, "t1", LISTENING), (3.0, turn_id, SPEAKING))
    assert began == [True, False, True]


def test_a_new_id_ends_the_turn_before_it():
    dialogue, began = told((1.0, "t1", SPEAKING), (2.0, "t2", SPEAKING))
    assert (dialogue.turn_id, dialogue.since_s) == ("t2", 2.0)
    assert began == [True, True]


def test_the_end_of_another_turn_changes_nothing():
    dialogue, _ = told((1.0, "t2", SPEAKING), (2.0, "t1", ENDED))
    assert (dialogue.turn_id, dialogue.doing) == ("t2", "speaking")
    dialogue, _ = told((1.0, "t1", ENDED))
    assert isnan(dialogue.since_s)
