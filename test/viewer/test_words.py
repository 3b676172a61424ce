"""Languages: complete, and every character is in the fonts."""

from dataclasses import fields

import pytest
import yaml

from fer_ros.emotions import LABEL_SPACES
from fer_ros.errors import ParameterError
from fer_ros.estimators import estimate
from fer_ros.resources import share
from fer_ros.viewer import words as module
from fer_ros.viewer.params import LANGUAGES
from fer_ros.viewer.text import ALPHABETS, FONTS, missing
from fer_ros.viewer.words import Words, load_words

FOLDER = share("config") / "words"
REASONS = {value for name, value in vars(estimate).items() if name.isupper() and isinstance(value, str)}


def texts(content):
    if isinstance(content, str):
        yield content
    else:
        for value in content.values():
            yield from texts(value)


def test_every_language_has_a_file_and_every_file_is_a_language():
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == sorted(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_complete(language):
    words, english = load_words(language), load_words("en")
    assert set(words.labels) == {label for space in LABEL_SPACES.values() for label in space}
    assert set(words.reasons) == REASONS
    assert set(words.sources) == {"robot", "cloud", "both"}
    assert set(words.modes) == {"ONLINE", "OFFLINE", "PROBING"}
    assert set(words.pauses) == set(english.pauses)
    for field in fields(Words):
        assert all(text.strip() for text in texts({"": getattr(words, field.name)}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_differ_from_each_other(language):
    names = load_words(language).labels.values()
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_character_is_in_a_font(language):
    content = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    for text in texts(content):
        for form in (text, text.upper()):
            assert any(not missing("".join(form.split()), alphabet) for alphabet in ALPHABETS), form


def test_a_character_without_a_glyph_is_noticed():
    assert missing("happy ☃", ALPHABETS[0]) == {"☃"}


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("en", "happy, sad or surprised?"),
        ("de", "fröhlich, traurig oder überrascht?"),
        ("fr", "joie, tristesse ou surprise\u00a0?"),
        ("es", "¿alegría, tristeza o sorpresa?"),
        ("nl", "blij, verdrietig of verrast?"),
        ("ja", "喜びか悲しみか驚き\uff1f"),
    ],
)
def test_questions_are_asked_as_the_language_asks_them(language, asked):
    assert load_words(language).question(("happy", "sad", "surprise")) == asked


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (2.41e6, "2,4 Mbit/s"),
        (24e6, "24 Mbit/s"),
        (9.96e6, "10 Mbit/s"),
        (0.96e6, "1,0 Mbit/s"),
        (6e4, "60 kbit/s"),
        (0.0, "0,0 kbit/s"),
        (float("nan"), ""),
    ],
)
def test_rates_are_told_in_two_digits(rate, said):
    assert load_words("de").rate(rate) == said


def test_percentages_follow_the_language():
    assert load_words("en").percentage(0.724) == "72%"
    assert load_words("fr").percentage(0.724) == "72\u00a0%"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("labels: {happy: content}", "has no `comma`", id="incomplete"),
        pytest.param("labels: happy", "`labels` is not a dict", id="not a map"),
        pytest.param("- labels", "begin with `labels:`", id="a list"),
        pytest.param("labels: [", "is not YAML", id="not YAML"),
    ],
)
def test_a_damaged_file_says_what_is_wrong(tmp_path, monkeypatch, text, complaint):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "xx.yaml").write_text(text)
    monkeypatch.setattr(module, "share", lambda folder: tmp_path)
    with pytest.raises(ParameterError, match=complaint):
        load_words("xx")


def test_fonts_are_small_and_come_with_their_licence():
    files = sorted(FONTS.glob("*.[ot]tf"))
    assert len(files) == 4
    assert all(file.stat().st_size < 300_000 for file in files)
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text()
