"""Outlines of the icons: each expression has a shape of its own, which is seen before its features are."""

import numpy as np

from fer_ros.viewer.canvas import Points, arc, ellipse, moved, polygon, ray_shape, rounded

TURN = np.linspace(0, 2 * np.pi, 180, endpoint=False)


def disc() -> Points:
    """A circle."""
    return ellipse(0, 0, 0.9, 0.9)


def wide() -> Points:
    """A lying ellipse."""
    return ellipse(0, 0.02, 0.91, 0.77)


def squircle() -> Points:
    """A square as round as a pebble."""
    c, s = np.cos(TURN), np.sin(TURN)
    return np.stack([0.86 * np.sign(c) * np.sqrt(np.abs(c)), 0.86 * np.sign(s) * np.sqrt(np.abs(s))], 1)


def drop() -> Points:
    """A drop, its tip up."""
    round_part = 0.78 * np.stack([np.sin(TURN), -np.cos(TURN)], 1) + (0, 0.14)
    tip = np.exp(-((np.minimum(TURN, 2 * np.pi - TURN) / 0.42) ** 2))[:, None]
    points: Points = round_part * (1, 1) + tip * (0, -0.27)
    points[:, 0] *= 1 - 0.25 * tip[:, 0]
    return points


def horned() -> Points:
    """A round head with two horns."""
    horn = polygon((-0.9, -0.92), (-0.28, -0.74), (0.28, -0.74), (0.9, -0.92))
    jaw = moved(arc(0, 0, 0.86, 0.82, -8, 188), 0, 0.1)
    return rounded(np.concatenate([horn, jaw]), times=2, share=0.18)


def burst() -> Points:
    """A star of many soft rays."""
    return ray_shape(0.84 + 0.08 * np.cos(12 * TURN))


def ghost() -> Points:
    """Round above, wavy below."""
    x = np.linspace(0.8, -0.8, 64)
    hem = np.stack([x, 0.8 + 0.1 * np.cos(5 * np.pi * (x / 0.8 + 1) / 2 * 1.2)], 1)
    return np.concatenate([arc(0, -0.08, 0.8, 0.84, -180, 0), hem])


def hexagon() -> Points:
    """Six sides, a corner up."""
    return rounded(moved(ray_shape([1.0] * 6), 0, 0, 30, 0.98), times=3, share=0.2)


def shield() -> Points:
    """Flat above, pointed below."""
    corners = polygon(
        (-0.86, -0.8), (0.86, -0.8), (0.86, 0.05), (0.5, 0.62), (0, 0.98), (-0.5, 0.62), (-0.86, 0.05)
    )
    return rounded(corners, times=3, share=0.2)
