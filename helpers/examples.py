"""The small series and arrays that a notebook shows and its exercise asks about.

They stand here once, so that what a learner sees is what the answer is compared with.
"""

from __future__ import annotations

from helpers import inputs

import numpy as np

__all__ = ["colleagues_series", "daily_temperature", "first_squares", "recordings"]


def first_squares(count: int) -> np.ndarray:
    """The squares of 0, 1, 2, ...: 0, 1, 4, ... of shape (count,), float64, without a unit.

    Raises:
        TypeError, ValueError: `count` is not a whole number of at least 1.
    """
    return np.arange(float(inputs.count("count", count))) ** 2


def recordings() -> np.ndarray:
    """Four recordings by two sensors, five values each, in the axes in which they were made.

    The values are 0 to 39 in that order, so that each one says where it came from.

    Returns:
        (samples, features, timesteps) = (4, 2, 5), whole numbers without a unit.
    """
    return np.arange(40).reshape(4, 2, 5)


def daily_temperature(hours: np.ndarray) -> np.ndarray:
    """A temperature that comes again every 24 hours, in degrees Celsius: 15, and 5 up and down.

    Args:
        hours: (time,), since any midnight.

    Returns:
        (time,), float64.
    """
    return 15 + 5 * np.sin(2 * np.pi * np.asarray(hours) / 24)


def colleagues_series() -> np.ndarray:
    """A wave with something on it that grows and looks like noise: (time,) = (120,), no unit."""
    hours = np.arange(120)
    return 5 + np.cos(hours**2) * hours / 30 + 2 * np.sin(hours / 3)
