"""Two models behind one link: each face is estimated by the one that can read what came of it."""

from dataclasses import replace

import numpy as np
import pytest
import tiny_model

from fer_ros.errors import ModelError
from fer_ros.estimators.open import open_estimator
from fer_ros.estimators.params import EstimatorParams
from fer_ros.faces.face import NO_CROP, Detection, Face

SIZE = (640, 360)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A model that reads crops, and one that reads blendshapes."""
    base = tmp_path_factory.mktemp("models")
    tiny_model.build(base / "crops", name="crops")
    tiny_model.build_stream(base / "shapes")
    return {"model": str(base / "crops"), "shapes_model": str(base / "shapes")}


@pytest.fixture
def both(folders):
    return open_estimator(EstimatorParams(**folders, smoothing_s=0.0))


def face(face_id, crop=True, shapes=True):
    values = np.full(52, 0.5, np.float32) if shapes else None
    seen = Detection((100.0, 50.0, 180.0, 130.0), 1.0, blendshapes=values)
    return Face(face_id, seen, np.full((64, 64, 3), 90, np.uint8) if crop else NO_CROP)


@pytest.mark.parametrize(
    ("crop", "shapes", "model", "reason"),
    [
        pytest.param(True, False, "crops@1", None, id="crop"),
        pytest.param(False, True, "tiny@1", None, id="blendshapes"),
        pytest.param(True, True, "crops@1", None, id="both"),
        pytest.param(False, False, "tiny@1", "no blendshapes", id="neither"),
    ],
)
def test_each_face_is_estimated_by_what_came_of_it(both, crop, shapes, model, reason):
    (seen,) = both.update([face("face_1", crop, shapes)], SIZE, 0.0)
    assert (seen.face_id, seen.model) == ("face_1", model)
    assert bool(seen.probabilities.size) is (reason is None)
    assert reason is None or seen.reason == reason


def test_faces_of_both_forms_get_one_estimate_each_in_their_order(both):
    faces = [face("face_3", crop=False), face("face_1"), face("face_4", crop=False), face("face_2")]
    seen = both.update(faces, SIZE, 0.0)
    assert [one.face_id for one in seen] == ["face_3", "face_1", "face_4", "face_2"]
    assert [one.model for one in seen] == ["tiny@1", "crops@1", "tiny@1", "crops@1"]


def test_nobody_is_told_of_once(both):
    (seen,) = both.update([], SIZE, 0.0)
    assert (seen.face_id, seen.reason) == ("", "no face")


def test_a_face_that_changes_its_form_is_estimated_all_the_time(both):
    seen = [both.update([face("face_1", crop=step % 4 < 2)], SIZE, step / 30)[0] for step in range(12)]
    assert all(one.probabilities.size for one in seen)
    assert [one.frames for one in seen] == [1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6]


def test_without_a_second_model_a_face_without_a_crop_is_said_to_lack_it(folders):
    alone = open_estimator(EstimatorParams(model=folders["model"]))
    (seen,) = alone.update([face("face_1", crop=False)], SIZE, 0.0)
    assert (seen.abstained, seen.reason, seen.label) == (True, "no crop", None)


@pytest.mark.parametrize("labels", ["fer2013", "3class"])
def test_a_model_that_lacks_the_labels_is_refused_at_the_start(folders, labels):
    with pytest.raises(ModelError, match=f"@1 has no labels '{labels}'; choose one of "):
        open_estimator(EstimatorParams(**folders, labels=labels))


def test_the_clouds_models_share_the_labels_of_ferplus_and_the_three():
    open_estimator(EstimatorParams(model="cloud", shapes_model="blendshape", labels="ferplus"))
    open_estimator(EstimatorParams(model="cloud", shapes_model="blendshape", labels="3class"))


def test_a_second_model_that_needs_a_crop_is_refused_at_the_start(folders):
    params = replace(EstimatorParams(**folders), shapes_model=folders["model"])
    with pytest.raises(ModelError, match="reads crops; name one that reads blendshapes"):
        open_estimator(params)
