"""The labelled copy of a video: what is in it, at which times, and that nothing half is left behind."""

import resource
from fractions import Fraction

import av
import numpy as np
import pytest

from fer_ros.errors import FerError, SourceError
from fer_ros.labelled.clip import clip_at
from fer_ros.labelled.output import whole
from fer_ros.labelled.video import ENCODERS, open_labelled
from fer_ros.sources.video import VideoSource

from .clips import SIZE, TICK, index_of, packets_of, pictures_of, shade, times_of, uneven_ticks, write_clip


def copy_of(clip, out, warn=print, encoder=""):
    """Every frame of a clip as it is, written as a labelled one would be."""
    with (
        VideoSource(clip, warn) as source,
        open_labelled(out, out.suffix, clip_at(clip), warn, encoder) as video,
    ):
        for frame in source:
            video.write(frame.image, frame.stamp)
    return video


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".m4v"])
def test_uneven_times_of_pictures_are_kept_to_the_tick(tmp_path, suffix):
    clip = write_clip(tmp_path / "clip.mp4", ticks=uneven_ticks())
    out = tmp_path / f"out{suffix}"
    copy_of(clip, out)
    assert times_of(out) == times_of(clip) == [tick * TICK for tick in uneven_ticks()]


def test_matroska_keeps_the_times_between_pictures_to_its_millisecond(tmp_path):
    clip = write_clip(tmp_path / "clip.mp4", ticks=uneven_ticks())
    out = tmp_path / "out.mkv"
    copy_of(clip, out)
    shifts = [float(b - a) for a, b in zip(times_of(clip), times_of(out), strict=True)]
    assert shifts == pytest.approx([shifts[0]] * 15, abs=1.1e-3)
    assert packets_of(out)[0][0] - packets_of(clip)[0][0] == pytest.approx(shifts[0], abs=1.1e-3)


def test_every_picture_is_there_once_and_in_order(tmp_path):
    clip = write_clip(tmp_path / "clip.mp4")
    copy_of(clip, tmp_path / "out.mp4")
    assert [index_of(image) for image in pictures_of(tmp_path / "out.mp4")] == list(range(15))


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_audio_is_the_same_packet_by_packet(tmp_path, suffix):
    clip = write_clip(tmp_path / "clip.mp4", count=60)
    out = tmp_path / f"out{suffix}"
    assert copy_of(clip, out).audio == ("aac",)
    before, after = packets_of(clip), packets_of(out)
    assert len(before) > 90
    assert [data for _, data in after] == [data for _, data in before]


def test_audio_stays_with_the_pictures(tmp_path):
    clip = write_clip(tmp_path / "clip.mp4", ticks=uneven_ticks())
    copy_of(clip, tmp_path / "out.mp4")
    assert [at for at, _ in packets_of(tmp_path / "out.mp4")] == [at for at, _ in packets_of(clip)]


def test_pictures_that_begin_after_the_sound_still_do(tmp_path):
    clip = write_clip(tmp_path / "clip.mp4", ticks=[45_000 + 3000 * k for k in range(15)])
    copy_of(clip, tmp_path / "out.mp4")
    assert times_of(tmp_path / "out.mp4")[0] == Fraction(1, 2)
    assert packets_of(tmp_path / "out.mp4") == packets_of(clip)


def test_a_clock_that_began_long_ago_begins_anew(tmp_path):
    begin = 5 * 90_000  # as of a stream that was cut out of a longer one
    clip = write_clip(tmp_path / "clip.ts", ticks=[begin + 3000 * k for k in range(15)], audio=None)
    assert times_of(clip)[0] > 4
    copy_of(clip, tmp_path / "out.mp4")
    assert 0 <= times_of(tmp_path / "out.mp4")[0] < 0.1
    assert np.diff([float(t) for t in times_of(tmp_path / "out.mp4")]) == pytest.approx(1 / 30)


def test_audio_that_the_container_cannot_hold_is_left_out_with_one_line(tmp_path, capsys):
    clip = write_clip(tmp_path / "clip.mov", audio="pcm_alaw")
    heard = []
    assert copy_of(clip, tmp_path / "out.mp4", heard.append).audio == ()
    (line,) = heard
    assert "audio in pcm_alaw is left out, as mp4 cannot hold it; .mov would keep it" in line
    assert len(pictures_of(tmp_path / "out.mp4")) == 15


def test_a_clip_without_sound_stays_silent(tmp_path):
    clip = write_clip(tmp_path / "clip.mp4", audio=None)
    assert copy_of(clip, tmp_path / "out.mp4").audio == ()
    with av.open(str(tmp_path / "out.mp4")) as file:
        assert not file.streams.audio


def test_a_phone_clip_stands_upright_without_needing_its_tag(tmp_path):
    marked = shade(0)
    marked[:60, :80] = 230  # the upper left quarter
    clip = write_clip(tmp_path / "clip.mp4", [marked] * 3, turned=90)
    copy_of(clip, tmp_path / "out.mp4")
    with VideoSource(clip, print) as source:
        upright = next(source).image
    with av.open(str(tmp_path / "out.mp4")) as file:
        (first, *_) = file.decode(video=0)
    assert upright.shape == (160, 120, 3)
    assert first.rotation == 0
    assert np.abs(first.to_ndarray(format="bgr24").astype(int) - upright).mean() < 3


@pytest.mark.parametrize("size", [(161, 121), (160, 121), (161, 120)])
def test_odd_sides_get_one_row_or_column_more(tmp_path, size):
    clip = write_clip(tmp_path / "clip.mp4")
    out = tmp_path / "out.mp4"
    with open_labelled(out, ".mp4", clip_at(clip), print) as video:
        for k in range(3):
            video.write(shade(k, size), k / 30)
    assert pictures_of(out)[0].shape[:2] == (size[1] + size[1] % 2, size[0] + size[0] % 2)
    assert index_of(pictures_of(out)[2]) == 2


def test_pixels_that_are_not_square_stay_as_they_are(tmp_path):
    clip = write_clip(tmp_path / "clip.mp4", shape=Fraction(4, 3))
    copy_of(clip, tmp_path / "out.mp4")
    assert clip_at(tmp_path / "out.mp4").pixel_shape == Fraction(4, 3)


@pytest.mark.parametrize("colour", [None, 1, 6], ids=["unnamed", "BT.709", "BT.601"])
def test_colours_stay_as_they_were_seen(tmp_path, colour):
    patches = np.zeros((120, 160, 3), np.uint8)
    for k, bgr in enumerate(((30, 40, 200), (40, 180, 60), (190, 70, 40), (90, 160, 200))):
        patches[:, 40 * k : 40 * k + 40] = bgr
    clip = write_clip(tmp_path / "clip.mp4", [patches] * 3, colour=colour)
    copy_of(clip, tmp_path / "out.mp4")
    seen = []
    for path in (clip, tmp_path / "out.mp4"):
        with VideoSource(path, print) as source:
            seen.append(next(source).image[60, 20::40].astype(int))
    assert np.abs(seen[0] - seen[1]).max() <= 5


@pytest.mark.parametrize("encoder", [name for name in ENCODERS if name in av.codecs_available])
def test_every_encoder_that_is_here_does(tmp_path, encoder):
    try:
        av.Codec(encoder, "w")
    except ValueError:
        pytest.skip(f"this FFmpeg encodes no {encoder}")
    clip = write_clip(tmp_path / "clip.mp4")
    assert copy_of(clip, tmp_path / "out.mp4", encoder=encoder).encoder == encoder
    assert [index_of(image) for image in pictures_of(tmp_path / "out.mp4")] == list(range(15))
    assert [float(t) for t in times_of(tmp_path / "out.mp4")] == pytest.approx(
        [k / 30 for k in range(15)], abs=1e-4
    )


def write_noise(clip, out, frames, error=None):
    random = np.random.default_rng(0)
    with whole(out) as part, open_labelled(part, out.suffix, clip_at(clip), print) as video:
        for k in range(frames):
            video.write(random.integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8), k / 30)
        if error is not None:
            raise error


@pytest.fixture
def small_files():
    """No file of this process may grow beyond 20 kB meanwhile, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("frames", [2, 60], ids=["at its end", "halfway"])
def test_a_full_disk_is_one_error_and_leaves_nothing(tmp_path, small_files, suffix, frames):
    clip = write_clip(tmp_path / "clip.mp4", count=2, audio=None)
    with pytest.raises(FerError, match="cannot be written"):
        write_noise(clip, tmp_path / f"out{suffix}", frames)
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


def test_an_interrupt_leaves_nothing(tmp_path):
    clip = write_clip(tmp_path / "clip.mp4")
    with pytest.raises(KeyboardInterrupt):
        write_noise(clip, tmp_path / "out.mp4", 2, KeyboardInterrupt)
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


def test_a_file_of_sound_alone_is_no_video(tmp_path):
    path = tmp_path / "tone.mp4"
    with av.open(str(path), "w") as file:
        sound = file.add_stream("aac", rate=48_000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="flt", layout="mono")
        frame.rate = 48_000
        for packet in (*sound.encode(frame), *sound.encode(None)):
            file.mux(packet)
    with pytest.raises(SourceError, match=r"tone\.mp4 holds no video, only audio"):
        clip_at(path)
