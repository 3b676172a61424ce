"""What the rungs send of a clip, and what the cloud makes of it: real models, a real face."""

from contextlib import closing
from itertools import islice

import numpy as np
import pytest

from fer_ros.cli.main import main
from fer_ros.estimators.open import open_estimator
from fer_ros.estimators.params import EstimatorParams
from fer_ros.evaluate.link_clip import LinkWatch
from fer_ros.faces.open import open_tracker
from fer_ros.faces.params import FacesParams
from fer_ros.link.rung import parse_rung
from fer_ros.sources.builtin import BuiltinSource, Scene

RUNGS = [parse_rung(text) for text in ("crops48@30", "quantised@30", "256x144@30", "256x144@5")]
FACES = FacesParams(finder="haar", reader="none")
IMAGES = 8


def tracker():
    return open_tracker(FACES, [], print)


def open_cloud():
    params = EstimatorParams(model="cloud", shapes_model="blendshape", machine="cloud", smoothing_s=0.0)
    return tracker(), open_estimator(params)


@pytest.fixture(scope="module")
def clip():
    with closing(LinkWatch(tracker(), open_cloud, RUNGS)) as watch:
        for place, frame in enumerate(islice(BuiltinSource(Scene(320, 240, distance_m=0.8)), IMAGES)):
            watch.see(frame.image, place / 30)
        return watch.result()


def test_what_is_sent_is_known_by_its_content_whatever_the_rate(clip):
    assert set(clip.shots[0].sizes) == {"crops48", "quantised", "256x144"}
    assert set(clip.answers) == {"crops48", "quantised", "256x144"}
    assert len(clip) == IMAGES


def test_less_is_smaller(clip):
    sizes = clip.shots[-1].sizes
    assert sizes["quantised"] < sizes["crops48"] < sizes["256x144"]


def test_the_cloud_answers_whatever_it_gets(clip):
    for rows in (clip.full, *clip.answers.values()):
        seen = rows[np.isfinite(rows).all(axis=1)]
        assert len(seen) >= IMAGES - 2
        assert np.allclose(seen.sum(axis=1), 1.0, atol=1e-4)


def test_no_picture_is_kept(clip):
    assert all(face.crop.size == 0 for shot in clip.shots for face in shot.faces)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--seconds", "1"], "--seconds is 1; it takes 10 to 3600"),
        (["--links", "telepathy"], "there is no link profile 'telepathy'; choose one of"),
        (["--ladder", "none.yaml"], "none.yaml cannot be read"),
        (["none.mp4"], "none.mp4"),
    ],
)
def test_the_command_says_last_what_it_cannot_do(capsys, options, says):
    assert main(["link", "report", *options]) == 1
    *_, last = capsys.readouterr().err.strip().splitlines()  # warnings about absent models come before
    assert says in last
