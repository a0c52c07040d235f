"""One row of each task of notebook 05: its values, its marks, and what the target is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from helpers import inputs
from helpers.data import (
    adding_task,
    hold_latest_task,
    largest_marked_task,
    recall_task,
    since_reset_task,
)
from helpers.drawings.pen import GOAL, LIT, shown

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["tasks"]

_LAG, _DRAWN, _GREY = 3, 1000, "#C8C8C8"
_SEEN = 0.05  # a lower bar cannot be seen


class _Task(NamedTuple):
    """How to draw rows, which steps make the target, and which row shows what the task asks.

    `counts` and `telling` take one row, (timesteps, features).
    """

    title: str
    draw: Callable[..., tuple[np.ndarray, np.ndarray]]
    words: str
    counts: Callable[[np.ndarray], np.ndarray]
    telling: Callable[[np.ndarray], bool]


def tasks(timesteps: int = 12, *, seed: int) -> Figure:
    """A row of each task: values as bars, marks above them, the steps that make the target lit.

    Of 1000 rows the first is taken that shows what the task asks: a largest value that is not the
    latest, marks before and after a reset.

    Args:
        timesteps: of the rows, 10 to 20.
        seed: fixes the draws.

    Raises:
        TypeError, ValueError: an argument that is not a whole number, or out of bounds.
    """
    timesteps = inputs.count("timesteps", timesteps, least=10, most=20)
    fig, axes = plt.subplots(len(_TASKS), figsize=(7.2, 1.6 * len(_TASKS) + 0.6), sharex=True)
    for ax, task in zip(axes, _TASKS, strict=True):
        X, y = task.draw(_DRAWN, timesteps, seed=seed)
        row = next(k for k in range(_DRAWN) if task.telling(X[k]))
        _draw(ax, task, X[row], float(y[row, 0]))
    axes[-1].set(xlabel="timestep, the oldest first", xticks=range(timesteps))
    fig.legend(*_legend(axes), loc="outside upper left", ncols=3, handlelength=1, columnspacing=1)
    return fig


def _draw(ax: Axes, task: _Task, row: np.ndarray, target: float) -> None:
    steps, counts = np.arange(len(row)), task.counts(row)
    has_values = task.draw is not since_reset_task
    colors = [GOAL if counted else _GREY for counted in counts]
    heights = row[:, 0] if has_values else 0.35 * row[:, 0]
    ax.bar(steps, heights, color=colors, width=0.7)
    marked = (
        row[:, 1] if has_values and row.shape[1] > 1 else 0 * steps if has_values else row[:, 0]
    )
    at = steps[marked > 0]
    ax.plot(at, heights[at] + 0.14, "v", color=LIT, markersize=9, label="mark")
    if not has_values:
        for step in steps[row[:, 1] > 0]:
            ax.axvline(step, color="black", linestyle="--", linewidth=1.5)
            ax.annotate("reset", (step, 1), (4, -2), va="top", textcoords="offset points",
                        xycoords=("data", "axes fraction"))  # fmt: skip
    number = shown(target) if has_values else f"{target:.0f}"
    ax.set(
        title=f"{task.title}: target {number}, {task.words}",
        ylim=(0, 1.35),
        yticks=(0, 1) * has_values,
    )
    ax.set_ylabel("value" if has_values else "")
    ax.grid(visible=False)


def _legend(axes: np.ndarray) -> tuple[list, list[str]]:
    first = axes[1]
    handles = [first.bar([0], [0], color=GOAL), first.bar([0], [0], color=_GREY),
               next(line for line in first.lines if line.get_label() == "mark")]  # fmt: skip
    return handles, ["makes the target", "does not", "marked"]


def _at_lag(row: np.ndarray) -> np.ndarray:
    return np.arange(len(row)) == len(row) - 1 - _LAG


def _marked(row: np.ndarray) -> np.ndarray:
    return row[:, 1] > 0


def _largest(row: np.ndarray) -> np.ndarray:
    return _marked(row) & (row[:, 0] == (row[:, 0] * row[:, 1]).max())


def _latest(row: np.ndarray) -> np.ndarray:
    return np.arange(len(row)) == np.flatnonzero(row[:, 1])[-1]


def _since_reset(row: np.ndarray) -> np.ndarray:
    resets_from_here = np.cumsum(row[::-1, 1])[::-1]
    return (row[:, 0] > 0) & (resets_from_here == 0)


def _several(row: np.ndarray) -> bool:
    """A few marks, the largest value not at the last of them, and both high enough to be seen."""
    few, apart = 3 <= _marked(row).sum() <= 4, not (_largest(row) & _latest(row)).any()
    seen = row[_largest(row) | _latest(row), 0].min() > 0.3
    return few and apart and seen and not row[-1, 1]


_TASKS = (
    _Task("known lag", lambda n, T, seed: recall_task(n, T, _LAG, seed),
          f"the value {_LAG} steps back", _at_lag, lambda row: row[:, 0].min() > _SEEN),
    _Task("adding", adding_task, "the sum of the two marked", _marked,
          lambda row: row[:, 1][[0, -1]].sum() == 0 and row[:, 0].min() > _SEEN),
    _Task("largest marked", largest_marked_task, "the largest of the marked values", _largest,
          _several),
    _Task("hold the latest", hold_latest_task, "the value at the latest mark", _latest,
          _several),
    _Task("marks since reset", since_reset_task, "the marks after it", _since_reset,
          lambda row: row[:, 1].sum() == 1 and _since_reset(row).sum() >= 2
          and row[: row[:, 1].argmax(), 0].sum() >= 2 and not (row[:, 0] * row[:, 1]).any()),
)  # fmt: skip
