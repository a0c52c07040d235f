"""What goes on inside an LSTM over a window, and how high its output can go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpers.plots import LOOKS, beyond

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

__all__ = ["ceilings", "gates"]

# The units that can be followed in `gates`: shade, dash, marker.
_FOLLOWED = (("#0072B2", "-", "s"), ("#000000", "--", "o"), ("#D55E00", ":", "^"))


def gates(
    traces: Mapping[str, np.ndarray], inputs_shown: np.ndarray, *, follow: Sequence[int] = (0, 1, 2)
) -> Figure:
    """The gates and the cell state of one LSTM layer over one window, a line for each unit.

    Every panel has the range that is possible, so that windows can be compared: a gate 0 to 1, the
    cell state as far as so many steps can take it, the others −1 to 1.

    Args:
        traces: panel title -> array of shape (timesteps, units).
        inputs_shown: the window's inputs, shape (timesteps,), written under the axis.
        follow: units that are drawn so that each can be followed, three at most; the others are
            thin. Those that are not there are left out.
    """
    down = -(-len(traces) // 3)
    fig, axes = plt.subplots(down, 3, figsize=(7.2, 0.5 + 2.2 * down), sharex=True, squeeze=False)
    steps = np.arange(len(inputs_shown))
    # First, middle and last: more labels would run into each other.
    ticks = sorted({0, len(steps) // 2, len(steps) - 1})
    color = LOOKS["LSTM"].color
    for ax in axes.flat[len(traces) :]:
        ax.remove()
    for ax, (title, values) in zip(axes.flat, traces.items(), strict=False):
        ax.plot(steps, values, color=color, alpha=0.3, linewidth=1)
        for unit, (shade, dash, marker) in zip(follow, _FOLLOWED, strict=False):
            if unit < values.shape[1]:
                ax.plot(steps, values[:, unit], color=shade, linestyle=dash, marker=marker,
                        markersize=6, linewidth=2, label=f"unit {unit}")  # fmt: skip
        ax.set(title=title, xticks=ticks, xticklabels=[f"{inputs_shown[k]:g}" for k in ticks])
        most = len(steps) if "cell" in title else 1
        ax.set_ylim((-0.05, 1.05) if "gate" in title else (-1.05 * most, 1.05 * most))
    fig.legend(*axes.flat[0].get_legend_handles_labels(), loc="outside upper left", ncols=3)
    fig.supxlabel("input at each timestep", fontsize="medium")
    fig.supylabel("value (no unit)", fontsize="medium")
    return fig


def ceilings(
    x: np.ndarray,
    target: np.ndarray,
    predicted: np.ndarray,
    bounds: np.ndarray,
    *,
    trained_on: tuple[float, float],
) -> Figure:
    """Target and predictions far above the range trained on, and below the predictions near by.

    Args:
        x: shape (points,), the newest input of each row, rising.
        target: shape (points,).
        predicted: shape (runs, points), in the units of the target; an LSTM's.
        bounds: shape (runs,), what no prediction of a run can pass.
        trained_on: the smallest and the largest x that was trained on.
    """
    fig, (whole, near) = plt.subplots(2, figsize=(7.2, 6.2), height_ratios=[3, 4])
    beyond(whole, x, target, {"LSTM": predicted}, trained_on=trained_on)
    whole.axhline(bounds.max(), color="black", linestyle="--", linewidth=1, label="highest ceiling")
    whole.set(ylabel="y (no unit)", title="grey: trained on")
    whole.legend(loc="upper left")

    inside = x >= trained_on[1]
    lowest, highest = predicted[:, inside].min(), bounds.max()
    blues = plt.colormaps["Blues"](np.linspace(0.4, 1, len(predicted)))
    for run, shade in zip(np.argsort(predicted[:, -1]), blues, strict=True):
        near.plot(x[inside], predicted[run, inside], color=shade, linewidth=1.4)
        near.plot([x[-1] + 4, x[-1] + 12], [bounds[run]] * 2, color=shade, linewidth=2)
    near.text(x[-1] + 14, bounds.mean(), "ceilings", va="center", rotation=90)
    room = 0.1 * (highest - lowest)
    near.plot(x[inside], target[inside], color=LOOKS["target"].color)
    near.set(
        xlabel="last input of the row, i",
        ylabel="y (no unit)",
        xlim=(None, x[-1] + 28),
        ylim=(lowest - room, highest + room),
        title="the same, closer: one line for each seed",
    )
    return fig
