"""What the robot is doing in the dialogue: its present turn, as the dialogue system announces it."""

from dataclasses import dataclass
from enum import IntEnum
from math import nan

from fer_ros.conversation.situation import LISTENING, SILENT, SPEAKING


class TurnState(IntEnum):
    """The numbers of Turn.msg."""

    SPEAKING = 0
    LISTENING = 1
    ENDED = 2


DOING = {TurnState.SPEAKING: SPEAKING, TurnState.LISTENING: LISTENING, TurnState.ENDED: SILENT}


@dataclass(frozen=True)
class Turn:
    """One announcement of the dialogue system, with the fields of Turn.msg.

    Attributes:
        stamp: s, when the state began.
        id: of the turn.
        topic: what it is about; empty: not said.
        state: what the robot does in it.
    """

    stamp: float
    id: str
    topic: str
    state: TurnState


class Dialogue:
    """The present turn.

    Attributes:
        turn_id: empty: no turn is going on.
        topic: of the present turn; empty: not said.
        doing: speaking, listening or none.
        since_s: s, when that began; NaN: no turn has been announced.
    """

    def __init__(self) -> None:
        self.turn_id = ""
        self.topic = ""
        self.doing = SILENT
        self.since_s = nan

    def begins_utterance(self, turn: Turn) -> bool:
        """Whether an announcement begins an utterance, rather than repeating what is known."""
        repeated = turn.id == self.turn_id and self.doing == SPEAKING
        return turn.state is TurnState.SPEAKING and not repeated

    def concerns(self, turn: Turn) -> bool:
        """Whether an announcement says something new: the end of another turn than the present does not."""
        return turn.state is not TurnState.ENDED or turn.id == self.turn_id != ""

    def update(self, turn: Turn) -> None:
        """Take note of an announcement."""
        doing = DOING[turn.state]
        if (doing, turn.id) != (self.doing, self.turn_id):
            self.since_s = turn.stamp
        ended = turn.state is TurnState.ENDED
        self.doing, self.turn_id, self.topic = doing, "" if ended else turn.id, "" if ended else turn.topic

    def give_up(self, stamp: float) -> None:
        """Take the present turn as ended: its sender has gone."""
        self.doing, self.turn_id, self.topic, self.since_s = SILENT, "", "", stamp
