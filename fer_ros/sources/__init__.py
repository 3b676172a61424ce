"""Where frames come from: cameras, videos, image folders, bags, and a built-in scene."""

from fer_ros.sources.frame import Clock, Frame, Source, Warn
from fer_ros.sources.open import open_source
from fer_ros.sources.paced import paced
from fer_ros.sources.params import CameraParams

__all__ = ["CameraParams", "Clock", "Frame", "Source", "Warn", "open_source", "paced"]
