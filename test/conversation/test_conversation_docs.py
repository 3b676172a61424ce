"""docs/conversation.md says what the code does."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest

from fer_ros.conversation.conditions import CONDITIONS
from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.policy import RULE, TOP, Policy, load_policy
from fer_ros.conversation.rules import CUES, STRONG, Rule
from fer_ros.conversation.situation import MODES, REACTIONS, TRENDS, TURNS, UNCERTAIN
from fer_ros.conversation.turns import TurnState
from fer_ros.emotions import VALENCE_AROUSAL
from fer_ros.params import default_of

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "conversation.md").read_text(encoding="utf-8")


def rows(heading):
    """Key → cells of the rows of all tables below a heading."""
    section = re.search(rf"^#+ {heading}$(.*?)(?=^#+ |\Z)", TEXT, re.DOTALL | re.MULTILINE)[1]
    cells = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    return {key: row for row in cells for key in re.findall(r"`(\w+)`", row[0])}


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("key", CONDITIONS)
def test_every_condition_is_explained_with_its_bounds_and_choices(key):
    meta, (_, takes, _) = CONDITIONS[key].meta, rows("Conditions")[key]
    for bound in (meta.low, meta.high):
        assert bound is None or f"{bound:.12g}" in takes
    for choice in meta.choices:
        assert f"`{choice}`" in takes


@pytest.mark.parametrize("key", [*TOP, *RULE])
def test_every_key_of_a_policy_is_explained_with_its_bounds_and_default(key):
    meta, (_, takes, default, _) = {**TOP, **RULE}[key][1], rows("Write a policy")[key]
    for bound in (meta.low, meta.high):
        assert bound is None or f"{bound:.12g}" in takes
    own = getattr(Policy(()) if key in TOP else Rule("", "wait"), key)
    if isinstance(own, int | float):
        assert default == f"{own:g}"


@pytest.mark.parametrize("key", [f.name for f in fields(ConversationParams) if f.name != "policy"])
def test_every_parameter_is_explained_with_its_default(key):
    own = default_of(ConversationParams.__dataclass_fields__[key])
    assert re.search(rf"(^|\D){re.escape(f'{own:g}')}(\D|$)", rows("How affect is accumulated")[key][1])


def test_every_name_is_there():
    names = (*CUES, *MODES, *TURNS, *TRENDS, *REACTIONS, *VALENCE_AROUSAL, UNCERTAIN)
    assert [name for name in names if f"`{name}`" not in TEXT] == []
    kinds = {cue: row[1] for cue, row in rows("Write a policy").items() if cue in CUES}
    assert kinds == {cue: "strong" if cue in STRONG else "cautious" for cue in CUES}
    assert set(rows("Reactions")) == set(REACTIONS)
    assert set(rows("Announce turns")) == {state.name for state in TurnState}


def test_the_policy_in_the_text_loads(tmp_path):
    (text,) = blocks("yaml")
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    assert len(load_policy(path).rules) == 4


def test_the_program_in_the_text_is_one():
    (text,) = blocks("python")
    ast.parse(text)


def test_every_file_that_is_linked_is_there():
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        assert (ROOT / "docs" / target).exists(), target
