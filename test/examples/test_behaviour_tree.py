import pytest

pytest.importorskip("py_trees", reason="py_trees is missing: pip install -r requirements/dev.txt")

from behaviour_tree import ACTS, APOLOGY, IDLE, Inbox, make_tree

from fer_ros.conversation.rules import CUES


class Robot:
    """The tree, ticked ten times a second."""

    def __init__(self):
        self.inbox = Inbox()
        self.tree = make_tree(self.inbox)

    def live(self, seconds, cue="", upset=False):
        """What is done meanwhile, without repetitions."""
        self.inbox.cue = cue or self.inbox.cue
        self.inbox.upset = upset
        done = []
        for _ in range(round(10 * seconds)):
            self.inbox.now += 0.1
            self.inbox.acts.clear()
            self.tree.tick()
            done += [act for act in self.inbox.acts if not done or act != done[-1]]
        return done


def act(cue):
    return ACTS[cue][0]


def test_there_is_something_to_do_for_every_cue():
    assert set(ACTS) == set(CUES)


def test_without_a_cue_it_idles():
    assert Robot().live(2.0) == [IDLE]


@pytest.mark.parametrize("cue", ACTS)
def test_a_cue_is_acted_on_once(cue):
    assert Robot().live(10.0, cue) == [act(cue), IDLE]


def test_a_cue_that_matters_more_interrupts():
    robot = Robot()
    assert robot.live(1.0, "check_in") == [act("check_in")]
    assert robot.live(10.0, "comfort") == [act("comfort"), IDLE]


def test_a_cue_that_matters_less_waits_its_turn():
    robot = Robot()
    assert robot.live(1.0, "comfort") == [act("comfort")]
    assert robot.live(10.0, "wait") == [act("wait"), IDLE]


def test_an_upsetting_remark_is_regretted_first():
    assert Robot().live(12.0, "change_topic", upset=True) == [APOLOGY[0], act("change_topic"), IDLE]
