"""Videos written for real with PyAV: pictures at any times, and a tone beside them."""

from fractions import Fraction

import av
import cv2
import numpy as np

TICK = Fraction(1, 90_000)
STEP = 3000  # ticks: 30 frames a second
SIZE = (160, 120)


def write_clip(
    path,
    images=None,
    ticks=None,
    *,
    size=SIZE,
    count=15,
    audio="aac",
    turned=0,
    colour=None,
    shape=None,
):
    """Write a video; images: (H, W, 3) uint8 BGR, or plain ones that tell their index; ticks: their times."""
    images = [shade(k, size) for k in range(count)] if images is None else images
    ticks = [k * STEP for k in range(len(images))] if ticks is None else ticks
    options = {"movie_timescale": "90000"} if path.suffix in (".mp4", ".mov") else {}
    with av.open(str(path), "w", options=options) as file:
        video = _video_stream(file, images[0].shape[1::-1], turned, colour, shape)
        sound = file.add_stream(audio, rate=48_000, options={"strict": "-2"}) if audio else None
        if sound is not None:
            sound.layout = "stereo"
        for image, tick in zip(images, ticks, strict=True):
            frame = av.VideoFrame.from_ndarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), format="yuv420p")
            frame.pts, frame.time_base = tick, TICK
            _mux(file, video.encode(frame))
        _mux(file, video.encode(None))
        if sound is not None:
            _write_tone(file, sound, float(ticks[-1] * TICK) + 1 / 30)
    return path


def shade(index, size=SIZE):
    return np.full((size[1], size[0], 3), 40 + 10 * (index % 20), np.uint8)


def index_of(image):
    return round((float(image.mean()) - 40) / 10)  # up to 20


def uneven_ticks(count=15, seed=0):
    return [int(t) for t in np.cumsum(np.random.default_rng(seed).integers(1500, 12_000, count)) - 1500]


def times_of(path):
    """When each picture is shown, s as fractions."""
    with av.open(str(path)) as file:
        return [frame.pts * frame.time_base for frame in file.decode(video=0)]


def pictures_of(path):
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="bgr24") for frame in file.decode(video=0)]


def packets_of(path, stream=0):
    """The audio packets: (time in s, bytes)."""
    with av.open(str(path)) as file:
        packets = [p for p in file.demux(file.streams.audio[stream]) if p.dts is not None]
        return [(float(p.pts * p.time_base), bytes(p)) for p in packets]


def _video_stream(file, size, turned, colour, shape):
    video = file.add_stream("libx264", rate=30, options={"preset": "ultrafast", "crf": "10"})
    video.width, video.height = size
    video.pix_fmt = "yuv420p"
    video.codec_context.time_base = TICK
    if shape:
        video.codec_context.sample_aspect_ratio = shape
    if colour:
        coder = video.codec_context
        coder.colorspace = coder.color_primaries = coder.color_trc = colour
        coder.color_range = 1
    if turned:
        video.set_display_rotation(turned)
    return video


def _write_tone(file, sound, seconds):
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(round(48_000 * seconds)) / 48_000)
    for begin in range(0, len(tone), 1024):
        part = np.repeat(tone[begin : begin + 1024].astype(np.float32), 2)[None]
        frame = av.AudioFrame.from_ndarray(part, format="flt", layout="stereo")
        frame.rate, frame.pts = 48_000, begin
        _mux(file, sound.encode(frame))
    _mux(file, sound.encode(None))


def _mux(file, packets):
    for packet in packets:
        file.mux(packet)
