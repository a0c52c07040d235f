"""An array as a learner should see it: samples down, timesteps across, features behind another."""

from __future__ import annotations

from collections.abc import Mapping

from helpers import inputs
from helpers.drawings.pen import LIT, PLAIN, arrow, box, sheet, write

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["array"]

_WIDE, _HIGH = 0.46, 0.34  # inches of a cell
_TOP = 2.2  # height of the first sheet's upper edge
_UP = 0.13  # from one sheet to the one behind
_FIRST = 3  # rows shown before the dots; the last one follows
_MOST = 6  # timesteps, and features: more do not fit
_BOTH = "#F3D9C9"  # where the sample that is lit and the timestep that is lit meet
_SAMPLE, _TIMESTEP = "#CCE3F0", "#F9E9DF"


def array(arrays: Mapping[str, np.ndarray], *, sample: int = 1, timestep: int = 0) -> Figure:
    """Arrays for an LSTM side by side, their axes named, one sample and one timestep lit.

    The first samples are shown, and the last; those between are dots. Each feature is a sheet of
    its own, the first in front.

    Args:
        arrays: title -> array of shape (samples, timesteps, features), at least 4 samples and at
            most 6 timesteps and 6 features.
        sample: which one to light, among the first three.
        timestep: which one to light, in every array.

    Raises:
        TypeError, ValueError: an array of another kind or shape; a sample or a timestep that is
            not shown.
    """
    sample = inputs.count("sample", sample, least=0, most=_FIRST - 1)
    widths, checked = [], {}
    for title, values in arrays.items():
        values = inputs.array(title, values, axes=[["samples", "timesteps", "features"]])
        _check(title, values)
        inputs.count("timestep", timestep, least=0, most=values.shape[1] - 1)
        checked[title] = values
        widths.append(1.25 + (values.shape[1] + (values.shape[2] - 1) * _step(values)) * _WIDE)
    left = 0.0
    most = max(values.shape[2] for values in checked.values())
    fig, ax = sheet(sum(widths) + 0.1, _TOP + 0.95 + (most - 1) * _UP)
    for (title, values), width in zip(checked.items(), widths, strict=True):
        _draw(ax, left, title, values, sample, timestep)
        left += width
    return fig


def _check(title: str, values: np.ndarray) -> None:
    if len(values) <= _FIRST or max(values.shape[1:]) > _MOST:
        raise ValueError(
            f"{title} must have more than {_FIRST} samples, and at most {_MOST} timesteps and "
            f"{_MOST} features, got shape {values.shape}"
        )


def _step(values: np.ndarray) -> float:
    """How far a sheet stands to the right of the one before, in cells: so that numbers are seen."""
    return 1.0 if values.shape[1] == 1 else 0.6


def _draw(
    ax: Axes, left: float, title: str, values: np.ndarray, sample: int, timestep: int
) -> None:
    samples, timesteps, features = values.shape
    rows = [*range(_FIRST), None, samples - 1]
    top, start = _TOP, left + 0.95
    behind = _step(values) * _WIDE, _UP
    for k in reversed(range(features)):
        for height, row in enumerate(rows):
            for t in range(timesteps):
                center = (start + (t + 0.5) * _WIDE + k * behind[0],
                          top - (height + 0.5) * _HIGH + k * behind[1])  # fmt: skip
                if row is None:
                    write(ax, center, "⋮", zorder=3 - k / 10)
                    continue
                fill = _fill(row == sample, t == timestep)
                box(ax, center, (_WIDE, _HIGH), f"{values[row, t, k]:g}", color=PLAIN, fill=fill,
                    linewidth=1)  # fmt: skip
    bottom = top - len(rows) * _HIGH
    for height, row in enumerate(rows):
        if row is not None:
            write(ax, (start - 0.08, top - (height + 0.5) * _HIGH), f"{row}", ha="right",
                  color=LIT if row == sample else "black")  # fmt: skip
    write(
        ax,
        (left + 0.1, ax.get_ylim()[1] - 0.18),
        f"{title} {values.shape}",
        ha="left",
        weight="bold",
    )
    arrow(ax, (left + 0.5, top), (left + 0.5, bottom))
    write(ax, (left + 0.28, (top + bottom) / 2), f"{samples} samples", rotation=90)
    arrow(ax, (start, bottom - 0.1), (start + max(timesteps, 0.9) * _WIDE, bottom - 0.1))
    write(ax, (start, bottom - 0.26), _of(timesteps, "timestep"), ha="left")
    arrow(
        ax,
        (start, top + 0.1),
        (start + max(1, features - 1) * behind[0], top + 0.1 + max(1, features - 1) * behind[1]),
    )
    write(ax, (start, top + 0.42 + (features - 1) * behind[1]), _of(features, "feature"),
          ha="left")  # fmt: skip


def _of(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")


def _fill(in_sample: bool, in_timestep: bool) -> str:
    if in_sample and in_timestep:
        return _BOTH
    return _SAMPLE if in_sample else _TIMESTEP if in_timestep else "white"
