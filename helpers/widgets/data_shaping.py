"""The explorer of notebook 01: windows over a series."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers import inputs, plots
from helpers.data import sliding_windows
from helpers.widgets.live import explorer

import numpy as np
from ipywidgets import IntSlider, VBox
from matplotlib.figure import Figure

__all__ = ["window_explorer"]


def window_explorer(series: np.ndarray) -> VBox:
    """Choose timesteps, horizon, stride and row, and see the window, its target and its row.

    Args:
        series: shape (time,), at least 15 values, in its own units.

    Returns:
        The explorer, see `helpers.widgets.live`. Its figure is `plots.window`.

    Raises:
        TypeError, ValueError: `series` is not an array of that shape, or too short.
    """
    series = inputs.array("series", series, axes=[["time"]])
    if len(series) < 15:
        raise ValueError(f"series must have at least 15 values, got {len(series)}")
    most = len(series) // 3

    def draw(timesteps: int, horizon: int, stride: int, row: int) -> tuple[Figure, str]:
        X, y = sliding_windows(series, timesteps, horizon=horizon, stride=stride)
        last = row * stride + timesteps - 1
        words = (
            f"X (samples, timesteps, features) is {X.shape}, y (samples, outputs) is {y.shape}. "
            f"Row {row} covers the times {row * stride} to {last}; its target is at time "
            f"{last + horizon}."
        )
        return plots.window(series, timesteps, horizon=horizon, stride=stride, row=row), words

    def limit(controls: Mapping[str, Any]) -> None:
        timesteps, horizon, stride = (controls[n].value for n in ("timesteps", "horizon", "stride"))
        controls["row"].max = (len(series) - timesteps - horizon) // stride

    controls = {
        "timesteps": IntSlider(5, 1, most, description="timesteps"),
        "horizon": IntSlider(3, 0, most, description="horizon"),
        "stride": IntSlider(1, 1, most, description="stride"),
        "row": IntSlider(8, 0, 8, description="row"),
    }
    return explorer(draw, controls, limit=limit)
