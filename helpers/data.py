"""The article's data, and windows over a series. Needs numpy alone."""

from __future__ import annotations

from typing import NamedTuple

from helpers import inputs

import numpy as np

__all__ = ["RAMP_LAGS", "Ramp", "ramp", "sliding_windows"]

#: Weight of the value 0, 1, 2 and 3 steps back in the article's target.
RAMP_LAGS = (1.0, 0.5, 0.2, 0.1)


class Ramp(NamedTuple):
    """The article's arrays, all float32.

    Attributes:
        X: (samples, timesteps, features), the windows for the LSTM.
        X_simple: (samples, features), the last value of each window, for the MLP.
        y: (samples, outputs), the target.
    """

    X: np.ndarray
    X_simple: np.ndarray
    y: np.ndarray


def ramp(samples: int = 100, timesteps: int = 5) -> Ramp:
    """The article's data: windows over 0, 1, 2, ... and a target of four lags.

    Row r holds the values r .. r + timesteps - 1. With i its last value, the target is
    i + 0.5 (i-1) + 0.2 (i-2) + 0.1 (i-3). Values have no unit.

    Args:
        samples: rows; the article has 100.
        timesteps: values a window; the article has 5. At least 4, the number of lags.

    Returns:
        `Ramp` with X of shape (samples, timesteps, 1), X_simple and y of shape (samples, 1).

    Raises:
        TypeError, ValueError: an argument is not a whole number, or too small.

    Source: D. Lengacher, "How to build LSTM neural networks in Keras" (2018).
    """
    samples = inputs.count("samples", samples)
    timesteps = inputs.count("timesteps", timesteps, least=len(RAMP_LAGS))
    series = np.arange(samples + timesteps - 1, dtype=np.float64)
    X, _ = sliding_windows(series, timesteps)
    y = sum(weight * X[:, -1 - back] for back, weight in enumerate(RAMP_LAGS))
    return Ramp(*(part.astype(np.float32) for part in (X, X[:, -1], y)))


def sliding_windows(
    series: np.ndarray,
    timesteps: int,
    *,
    target: np.ndarray | None = None,
    horizon: int = 0,
    stride: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """Cut a series into windows, each with the target that belongs to it.

    Window w covers the times w * stride .. w * stride + timesteps - 1. Its target is `target` at
    its last time plus `horizon`: horizon 0 is the target of the same time, as in the article, and
    horizon 1 a forecast one step ahead. Windows whose target lies past the end are left out.

    Args:
        series: (time,) or (time, features), in any unit.
        timesteps: times a window covers.
        target: (time,) or (time, outputs), as long as `series`; by default the series itself.
        horizon: steps from a window's last time to its target, at least 0.
        stride: steps from one window's start to the next one's.

    Returns:
        X of shape (samples, timesteps, features) and y of shape (samples, outputs), both new arrays
        in the dtype of their source.

    Raises:
        TypeError, ValueError: an argument is not of its kind, is empty or NaN; lengths differ; the
            series is too short for one window and its target.
    """
    series = _columns(inputs.array("series", series, axes=[["time"], ["time", "features"]]))
    if target is None:
        target = series
    target = _columns(inputs.array("target", target, axes=[["time"], ["time", "outputs"]]))
    timesteps = inputs.count("timesteps", timesteps)
    horizon = inputs.count("horizon", horizon, least=0)
    stride = inputs.count("stride", stride)
    if len(target) != len(series):
        raise ValueError(
            f"series and target must cover the same times, got {len(series)} and {len(target)}"
        )
    if timesteps + horizon > len(series):
        raise ValueError(
            f"timesteps + horizon must be at most the length of the series, got {timesteps} + "
            f"{horizon} for {len(series)} times"
        )
    windows = np.lib.stride_tricks.sliding_window_view(series, timesteps, axis=0)
    # sliding_window_view puts the window's axis last: (window, features, timesteps).
    X = windows[: len(series) - timesteps - horizon + 1 : stride].swapaxes(1, 2)
    y = target[timesteps - 1 + horizon :: stride]
    return X.copy(), y.copy()


def _columns(array: np.ndarray) -> np.ndarray:
    return array[:, None] if array.ndim == 1 else array
