"""What people are told: the package's own notices, and files of others checked."""

import pytest

from fer_ros.consent.notice import load_notice
from fer_ros.errors import ParameterError


def test_our_own_notice_is_there_in_six_languages():
    notice = load_notice()
    assert {"en", "de", "fr", "es", "nl", "ja"} <= set(notice)
    assert all(150 < len(text) < 800 for text in notice.values())
    assert len(set(notice.values())) == len(notice)


def test_it_says_what_is_estimated_that_it_may_be_wrong_and_that_it_can_be_switched_off():
    text = load_notice()["en"]
    for words in (
        "appear to show",
        "can be wrong",
        "not say what you feel",
        "No picture of you is kept",
        "off",
    ):
        assert words in text


def test_a_file_of_ones_own_takes_its_place(tmp_path):
    (tmp_path / "own.yaml").write_text("pt-BR: Olá\nen: Hello\n", encoding="utf-8")
    assert dict(load_notice(str(tmp_path / "own.yaml"))) == {"pt-BR": "Olá", "en": "Hello"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "not a map of languages", id="empty"),
        pytest.param(b"- en", "not a map of languages", id="a list"),
        pytest.param(b"en: [", "is not YAML", id="not YAML"),
        pytest.param(b"en: ''", "en has no text", id="no text"),
        pytest.param(b"en: 3", "en has no text", id="a number"),
        pytest.param(b"no: yes", "False is not a language", id="YAML's idea of Norwegian"),
        pytest.param(b"English: Hello", "'English' is not a language", id="no tag"),
        pytest.param(b"en: \xff", "it is not UTF-8", id="not text"),
    ],
)
def test_a_file_that_tells_nobody_anything_is_refused(tmp_path, content, says):
    (tmp_path / "own.yaml").write_bytes(content)
    with pytest.raises(ParameterError, match=says) as error:
        load_notice(str(tmp_path / "own.yaml"))
    assert "own.yaml" in str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ParameterError, match=r"gone\.yaml cannot be read: No such file"):
        load_notice(str(tmp_path / "gone.yaml"))
