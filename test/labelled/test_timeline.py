"""The plot over time: which faces and labels are in it, and where it is grey."""

import pytest

from fer_ros.estimators.estimate import Estimate
from fer_ros.evaluate.canvas import save
from fer_ros.labelled.timeline import MOST_FACES, timeline
from fer_ros.viewer.words import load_words

from .perceived import estimate

pytest.importorskip("matplotlib")


def a_minute(face="face_1", label="happy", begin=0, end=60):
    return [estimate(t, label, face) for t in range(begin, end)]


def drawn(estimates, language="en"):
    return timeline(estimates, load_words(language), "clip.mp4")


def legend(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_a_face_has_two_strips():
    likely, affect = drawn(a_minute()).axes
    assert likely.get_title(loc="left") == "face_1"
    assert legend(likely) == ["happy"]  # what never gets likely is left out
    assert legend(affect) == ["valence", "arousal"]
    assert likely.get_xlim() == (0.0, 59.0)


def test_every_face_has_its_own_and_the_rarest_are_left_out_and_counted():
    estimates = [e for k in range(MOST_FACES + 2) for e in a_minute(f"face_{k}", end=60 - k)]
    figure = drawn(sorted(estimates, key=lambda e: e.stamp))
    titles = [axes.get_title(loc="left") for axes in figure.axes[::2]]
    assert titles == [f"face_{k}" for k in range(MOST_FACES)]
    assert f"the {MOST_FACES} faces seen most often, of {MOST_FACES + 2}" in figure.get_suptitle()


def test_it_is_grey_where_the_model_abstained():
    estimates = a_minute(end=20) + [estimate(20 + k, "sad", abstained=True) for k in range(5)]
    likely, _ = drawn(estimates + a_minute(begin=25)).axes
    (span,) = likely.patches
    assert (span.get_x(), span.get_x() + span.get_width()) == (20.0, 24.0)


def test_a_line_is_not_drawn_through_an_absence():
    likely, _ = drawn([estimate(k / 10, "happy") for k in [*range(10), *range(50, 60)]]).axes
    (line,) = likely.lines
    assert [k for k, y in enumerate(line.get_ydata()) if y != y] == [10]  # NaN


def test_a_video_without_a_face_says_so():
    (axes,) = drawn([Estimate(float(t), "model@1") for t in range(5)]).axes
    assert [text.get_text() for text in axes.texts] == ["no face"]


def test_faces_too_small_to_estimate_are_a_plot_too():
    likely, _ = drawn([estimate(t, None) for t in range(5)]).axes
    assert len(likely.patches) == 1
    assert likely.get_legend() is None


def test_a_single_image_is_a_plot_too(tmp_path):
    save(drawn([estimate(0.0, "happy")]), tmp_path / "plot.png")


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "nl", "ja"])
def test_names_are_drawn_in_every_language(tmp_path, language, recwarn):
    figure = drawn(a_minute(end=3) + a_minute(label="fear", begin=3, end=6), language)
    words = load_words(language)
    assert set(legend(figure.axes[0])) == {words.name("happy"), words.name("fear")}
    save(figure, tmp_path / "plot.png")
    assert not [str(w.message) for w in recwarn if "Glyph" in str(w.message)]


def test_the_same_estimates_give_the_same_file(tmp_path):
    for name in ("a.png", "b.png"):
        save(drawn(a_minute()), tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
