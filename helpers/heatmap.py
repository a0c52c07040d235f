"""The figure of the league: a number and a shade for each contender on each task."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers import inputs

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

if TYPE_CHECKING:  # `helpers.league` brings Keras with it
    from helpers.league import League

__all__ = ["league"]

# From dark blue to yellow, told apart by lightness alone.
_SHADES = "cividis"
_SKILL = 0.95  # whoever keeps more of the error of no skill is no winner, and needs no number
_LEAST, _MOST = 0.005, 1.0  # shares of no skill at the ends of the shades, which are even on a log


def league(
    recorded: League,
    *,
    tasks: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
    width: float = 5.0,
) -> Figure:
    """Median errors in percent of no skill: tasks from top to bottom, contenders across.

    100 is as bad as guessing the mean, 0 is perfect. The smaller, the darker. The best of a row is
    bold and framed. Who keeps 95 or more has a shade and no number, and whoever does not play a
    task a dash.

    Args:
        recorded: what `helpers.league.results` returns.
        tasks, names: those to show, in this order; all by default.
        width: inches; letters are of 9 points whatever it is.

    Raises:
        ValueError: a task or a contender that is not in the league; none; a width below 3 inches.
    """
    tasks = _known("tasks", tasks, recorded.tasks)
    names = _known("names", names, recorded.names)
    if inputs.number("width", width) < 3:
        raise ValueError(f"width must be at least 3 inches, got {width}")
    skill = np.full((len(tasks), len(names)), np.nan)
    for row, task in enumerate(tasks):
        for column, name in enumerate(names):
            if (task, name) in recorded.cells:
                skill[row, column] = recorded[task, name].skill

    norm = mpl.colors.LogNorm(_LEAST, _MOST, clip=True)
    shades = mpl.colormaps[_SHADES](norm(np.maximum(skill, _LEAST)))
    shades[np.isnan(skill)] = 1
    fig, ax = plt.subplots(figsize=(width, 1.6 + 0.32 * len(tasks)))
    ax.imshow(shades, aspect="auto")
    for (row, column), value in np.ndenumerate(skill):
        if value >= _SKILL:
            continue
        best = value == np.nanmin(skill[row])
        ax.text(column, row, _percent(value), ha="center", va="center", fontsize=9,
                color=_readable_on(shades[row, column]),
                weight="bold" if best else "normal")  # fmt: skip
        if best:
            ax.add_patch(plt.Rectangle((column - 0.45, row - 0.42), 0.9, 0.84, fill=False,
                                       edgecolor="white", linewidth=1.5))  # fmt: skip
    columns, lines = ([textwrap.fill(label, 17) for label in labels] for labels in (names, tasks))
    ax.set_xticks(range(len(names)), columns, rotation=90, fontsize=9)
    ax.set_yticks(range(len(tasks)), lines, fontsize=9)
    ax.set_xlabel(f"contender (median of {recorded.seeds} seeds)", fontsize=9)
    ax.set_ylabel("task", fontsize=9)
    ax.set_title("error in % of no skill", fontsize=9)
    ax.tick_params(length=0)
    ax.grid(visible=False)
    for side in ax.spines.values():
        side.set_visible(False)
    return fig


def _known(argument: str, chosen: Sequence[str] | None, there: Sequence[str]) -> list[str]:
    chosen = list(there if chosen is None else chosen)
    if not chosen or not set(chosen) <= set(there):
        raise ValueError(f"{argument} must be one or more of {list(there)}, got {chosen}")
    return chosen


def _percent(share: float) -> str:
    """At most three characters, as a cell is narrow: 0, 0.4, 12; a dash for no number."""
    if np.isnan(share):
        return "–"
    percent = 100 * share
    if percent < 0.05:
        return "0"
    # 0.95 and more is rounded to a whole number, or it would read 1.0.
    return f"{percent:.1f}" if percent < 0.95 else f"{percent:.0f}"


def _readable_on(shade: np.ndarray) -> str:
    """Black or white, whichever has the larger contrast to a shade of (red, green, blue, alpha)."""
    linear = np.where(shade[:3] <= 0.04045, shade[:3] / 12.92, ((shade[:3] + 0.055) / 1.055) ** 2.4)
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    return "black" if (luminance + 0.05) ** 2 > 0.05 * 1.05 else "white"
