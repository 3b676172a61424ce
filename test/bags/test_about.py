"""What a recording tells of its run: parameters and policy, as they were."""

import pytest

from fer_ros.bags.about import POLICY, about_run, read_about, recorded_values
from fer_ros.conversation.params import ConversationParams
from fer_ros.errors import SourceError
from fer_ros.mode import ModeParams

from .runs import Script, mcap_of


def test_parameters_come_back_as_they_were(tmp_path):
    given = {"mode": {"offline_after_s": 0.1 + 0.2, "probes_needed": 7, "use_sim_time": True}}
    path = Script().write(tmp_path / "bag", about=about_run(given, "rules: []\n# é\n"))
    for place in (path, mcap_of(path)):
        about = read_about(place)
        assert about[POLICY] == "rules: []\n# é\n"
        values = recorded_values(about)
        assert ModeParams(**values["mode"]) == ModeParams(offline_after_s=0.1 + 0.2, probes_needed=7)
        assert ConversationParams(**values["conversation"]) == ConversationParams()


@pytest.mark.parametrize("text", ["", "a: [", "rosbag2_bagfile_information: 3", "[]"])
def test_metadata_of_somebody_else_tells_nothing(tmp_path, text):
    (tmp_path / "metadata.yaml").write_text(text)
    assert read_about(tmp_path) == {}
    assert recorded_values({}) == {"mode": {}, "conversation": {}, "estimator": {}}


def test_a_value_that_is_none_is_an_error_that_names_the_node():
    with pytest.raises(SourceError, match="parameters of mode cannot be read"):
        recorded_values({"mode.offline_after_s": "soon"})
