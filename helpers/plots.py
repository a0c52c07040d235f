"""The figures of the course and their one style.

Every model has one look in the whole course: a colour of the Okabe-Ito palette, or a dark one where
that has none left, and a dash that tells it apart in print and for any kind of colour vision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from helpers import inputs
from helpers.data import sliding_windows
from helpers.heatmap import league

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import LogLocator

__all__ = [
    "LOOKS",
    "Look",
    "against",
    "beyond",
    "curve",
    "decision_chart",
    "forecast",
    "gates",
    "league",
    "learning_curve",
    "race",
    "ranges",
    "residuals",
    "start",
    "sweep",
    "use_style",
    "window",
]


class Look(NamedTuple):
    """How a model is drawn everywhere: colour, line style, and a marker for single points."""

    color: str
    linestyle: str | tuple
    marker: str


LOOKS: Mapping[str, Look] = {
    "target": Look("#000000", "-", "."),
    "LSTM": Look("#0072B2", "-", "s"),
    "MLP": Look("#D55E00", "--", "o"),
    "tanh MLP": Look("#CC79A7", "-.", "D"),
    "ReLU MLP": Look("#E69F00", (0, (5, 1)), "^"),
    "linear": Look("#009E73", ":", "v"),
    "GRU": Look("#56B4E9", (0, (3, 1, 1, 1)), "P"),
    "last value": Look("#7F7F7F", (0, (1, 1)), "X"),
    "SimpleRNN": Look("#882255", (0, (4, 1, 1, 1)), "<"),
    "sum": Look("#332288", (0, (2, 1)), ">"),
    "mean": Look("#6E9BC5", (0, (3, 2)), "h"),
    "maximum": Look("#B0413E", (0, (3, 1, 1, 1, 1, 1)), "p"),
    "attention": Look("#4D4D00", (0, (8, 2)), "d"),
    "conv and max": Look("#C46BA8", (0, (2, 1, 1, 1)), "8"),
    "CNN": Look("#8A8A00", (0, (6, 1, 1, 1, 1, 1)), "*"),
}
# What a look is also called. Formulas that need no training share one.
_ALSO = {
    "least squares": "linear",
    "persistence": "last value",
    "seasonal naive": "last value",
    "seasonal naive with drift": "last value",
    "mean seasonal change": "last value",
}
_PLAIN, _LIT, _GOAL = "#9A9A9A", LOOKS["LSTM"].color, LOOKS["MLP"].color


def use_style() -> None:
    """Set the course's style for every figure drawn from here on."""
    plt.rcParams.update(
        {
            "figure.figsize": (7.2, 3.6),
            "figure.dpi": 110,
            "figure.constrained_layout.use": True,
            "font.size": 11,
            "axes.titlesize": 11,
            "axes.titlelocation": "left",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "grid.alpha": 0.25,
            "lines.linewidth": 1.8,
            "legend.frameon": False,
        }
    )


def curve(
    ax: Axes, x: np.ndarray, values: np.ndarray, model: str, label: str | None = None
) -> None:
    """Draw one model's curve: a line, or for several runs their median in a band of their range.

    Args:
        ax: where to draw.
        x: shape (points,).
        values: shape (points,), or (runs, points).
        model: a name in `LOOKS`, which decides colour and dash.
        label: what the legend calls it; the model's name by default.

    Raises:
        ValueError: an unknown model; shapes that do not fit.
    """
    look = _look(model)
    x = inputs.array("x", x, axes=[["points"]])
    values = inputs.array("values", values, axes=[["points"], ["runs", "points"]])
    if values.shape[-1] != len(x):
        raise ValueError(f"values must have {len(x)} points like x, got shape {values.shape}")
    if values.ndim == 2:
        ax.fill_between(x, values.min(0), values.max(0), color=look.color, alpha=0.2, linewidth=0)
        values = np.median(values, axis=0)
    ax.plot(x, values, color=look.color, linestyle=look.linestyle, label=label or model)


def ranges(ax: Axes, scores: Mapping[str, Sequence[np.ndarray]], labels: Sequence[str]) -> None:
    """One line a model: the median of its runs as a dot with its number, on a bar of their range.

    Args:
        ax: where to draw; the models stand from top to bottom.
        scores: for each model, a name in `LOOKS`, one array of shape (runs,) for each label, in the
            units of the horizontal axis. The dots of the first are filled, those of a second
            hollow.
        labels: what the arrays of each model are, one or two.

    Raises:
        ValueError: an unknown model; not one array for each label.
    """
    for row, (model, several) in enumerate(scores.items()):
        color = _look(model).color
        if len(several) != len(labels):
            raise ValueError(
                f"scores[{model!r}] must have {len(labels)} arrays, one for each of "
                f"{list(labels)}, got {len(several)}"
            )
        for k, values in enumerate(several):
            values = inputs.array(f"scores[{model!r}]", values, axes=[["runs"]])
            height = row + 0.4 * (k - (len(labels) - 1) / 2)
            ax.plot([values.min(), values.max()], [height] * 2, color=color, alpha=0.4, linewidth=5)
            middle = np.median(values)
            ax.plot(middle, height, "o", color=color, markerfacecolor=("white" if k else color))
            ax.annotate(f"{middle:.2f}", (values.max(), height), (7, 0), va="center", fontsize=9,
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8},
                        textcoords="offset points")  # fmt: skip
    ax.set(yticks=range(len(scores)), yticklabels=scores, ylim=(len(scores) - 0.5, -0.5))
    ax.grid(visible=False, axis="y")
    if len(labels) > 1:
        for label, face in zip(labels, ("black", "white"), strict=True):
            ax.plot([], [], "o", color="black", markerfacecolor=face, label=label)
        ax.legend(loc="lower right", fontsize=9)


def beyond(
    ax: Axes,
    x: np.ndarray,
    target: np.ndarray,
    predicted: Mapping[str, np.ndarray],
    *,
    trained_on: tuple[float, float],
) -> None:
    """Target and predictions over a range of which a grey strip was trained on.

    Args:
        ax: where to draw.
        x: shape (points,), the newest input of each row.
        target: shape (points,).
        predicted: for each model, a name in `LOOKS`, its predictions of shape (points,) or
            (runs, points), in the units of the target.
        trained_on: the smallest and the largest x that was trained on.
    """
    curve(ax, x, target, "target")
    for model, values in predicted.items():
        curve(ax, x, values, model)
    ax.axvspan(*trained_on, color="black", alpha=0.08, linewidth=0)


def residuals(
    x: np.ndarray, errors: np.ndarray, model: str, *, held_out: int, limits: tuple = (-3.0, 3.0)
) -> Figure:
    """Prediction minus target against the input, with the held-out rows marked, as in the article.

    Args:
        x: shape (samples,), the last input of each row, rising.
        errors: prediction - target in the target's units, (samples,) or (runs, samples).
        model: a name in `LOOKS`.
        held_out: how many rows at the end were not trained on, from 0 to all.
        limits: of the vertical axis; the article has -3 to 3.

    Raises:
        TypeError, ValueError: `held_out` is not a number of these rows; as `curve`.
    """
    x = inputs.array("x", x, axes=[["samples"]])
    held_out = inputs.count("held_out", held_out, least=0, most=len(x))
    fig, ax = plt.subplots()
    ax.axhline(0, color="black", linewidth=0.8)
    curve(ax, x, errors, model)
    if held_out:
        _mark_held_out(ax, x[-held_out] - 0.5, x[-1] + 0.5)
    ax.set(
        ylim=limits, xlabel="last input of the row, i", ylabel="prediction − target (units of y)"
    )
    ax.legend(loc="lower left")
    return fig


def learning_curve(history: Mapping[str, Sequence[float] | np.ndarray], model: str) -> Figure:
    """The loss on training rows and on held-out rows after each epoch, on a log scale.

    Args:
        history: a Keras history's dict, or `Runs.history`: "loss" and, where rows were held out,
            "val_loss", of shape (epochs,) or (runs, epochs), in squared units of the target.
        model: a name in `LOOKS`, for the colour.
    """
    fig, ax = plt.subplots()
    epochs = np.arange(1, np.shape(history["loss"])[-1] + 1)
    curve(ax, epochs, history["loss"], model, "training rows")
    if "val_loss" in history:
        curve(ax, epochs, history["val_loss"], "target", "held-out rows")
    ax.set(yscale="log", xlabel="epoch", ylabel="mean squared error (units of y, squared)")
    ax.legend()
    return fig


def window(
    series: np.ndarray, timesteps: int, *, horizon: int = 0, stride: int = 1, row: int = 0
) -> Figure:
    """A series with one window and its target lit, and the same numbers as a row of the array.

    Args:
        series: shape (time,), in its own units; the target is the series itself.
        timesteps, horizon, stride: as in `helpers.data.sliding_windows`.
        row: which window to light, from 0.

    Raises:
        TypeError, ValueError: as `sliding_windows`; `row` is not one of the windows.
    """
    X, y = sliding_windows(series, timesteps, horizon=horizon, stride=stride)
    row = inputs.count("row", row, least=0, most=len(X) - 1)
    first = row * stride
    times, goal = np.arange(first, first + timesteps), first + timesteps - 1 + horizon

    fig, (top, bottom) = plt.subplots(2, height_ratios=[3, 1], figsize=(7.2, 4.2))
    top.plot(np.asarray(series).ravel(), color=_PLAIN, marker=".", linewidth=1)
    top.plot(times, X[row, :, 0], color=_LIT, marker="o", linewidth=2.5, label="window")
    top.plot(goal, y[row, 0], color=_GOAL, marker="s", markersize=11, linestyle="none",
             fillstyle="none", markeredgewidth=2.5, label="target")  # fmt: skip
    top.set(xlabel="time", ylabel="value")
    top.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)

    bottom.set(xlim=(-0.1, timesteps + 1.9), ylim=(0, 1))
    bottom.axis("off")
    cells = [(k, X[row, k, 0], _LIT) for k in range(timesteps)]
    for left, value, color in [*cells, (timesteps + 0.8, y[row, 0], _GOAL)]:
        bottom.add_patch(
            Rectangle((left, 0.1), 0.94, 0.62, facecolor="none", edgecolor=color, linewidth=2)
        )
        shown = f"{value:.3g}".replace("-", "−")
        bottom.text(left + 0.47, 0.41, shown, ha="center", va="center")
    bottom.text(0, 0.84, f"X[{row}]: {timesteps} timesteps, 1 feature", color=_LIT, va="bottom")
    bottom.text(timesteps + 0.8, 0.84, f"y[{row}]", color=_GOAL, va="bottom")
    return fig


def gates(traces: Mapping[str, np.ndarray], inputs_shown: np.ndarray) -> Figure:
    """The gates and the cell state of one LSTM layer over one window, a line for each unit.

    Args:
        traces: panel title -> array of shape (timesteps, units). A panel named a gate shows 0 to 1,
            the cell state its own range, the others −1 to 1.
        inputs_shown: the window's inputs, shape (timesteps,), written under the axis.
    """
    fig, axes = plt.subplots(1, len(traces), figsize=(10.2, 2.6), sharex=True)
    steps = np.arange(len(inputs_shown))
    # First, middle and last: more labels would run into each other.
    ticks = sorted({0, len(steps) // 2, len(steps) - 1})
    for ax, (title, values) in zip(axes, traces.items(), strict=True):
        ax.plot(steps, values, color=LOOKS["LSTM"].color, alpha=0.65, linewidth=1.4)
        ax.set(title=title, xticks=ticks, xticklabels=[f"{inputs_shown[k]:g}" for k in ticks])
        # Panels with the same range by definition get the same axis, so that rows can be compared.
        if "gate" in title:
            ax.set_ylim(-0.05, 1.05)
        elif "cell" not in title:
            ax.set_ylim(-1.1, 1.1)
    axes[0].set_ylabel("value (no unit)")
    fig.supxlabel("input at each timestep", fontsize=11)
    return fig


def against(
    errors: Mapping[tuple[str, int], np.ndarray],
    models: Sequence[str],
    xlabel: str,
    *,
    no_skill: float,
) -> Figure:
    """Each model's error against a lag or a length: median and range over the seeds, a log scale.

    Args:
        errors: (model, steps) -> its errors, (seeds,), in the units of the target.
        models: those to draw, names in `LOOKS`; they must have the same steps.
        xlabel: what the steps are.
        no_skill: the error of guessing the mean, in the units of the target.
    """
    fig, ax = plt.subplots()
    steps = sorted({n for name, n in errors if name == models[0]})
    for name in models:
        curve(ax, steps, np.transpose([errors[name, n] for n in steps]), name)
    ax.axhline(no_skill, color="black", linewidth=1, label="no skill")
    ax.set(yscale="log", xlabel=xlabel, ylabel="RMSE on test rows", xticks=steps)
    ax.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1, 1))
    return fig


def forecast(
    times: Sequence,
    values: np.ndarray,
    times_ahead: Sequence,
    ahead: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    *,
    model: str,
) -> Figure:
    """The end of a series, and what a model expects behind it, in a band that shows an interval.

    Args:
        times, values: (time,), the index and the values of the part to show.
        times_ahead: (horizon,), the index of what follows.
        ahead, low, high: (horizon,), the forecast and its interval, in the unit of the series.
        model: a name in `LOOKS`, or of a formula.

    Raises:
        ValueError: an unknown model; shapes that do not fit.
    """
    look = _look(model)
    ahead, low, high = (
        inputs.array(name, array, axes=[["horizon"]])
        for name, array in (("ahead", ahead), ("low", low), ("high", high))
    )
    if not len(times_ahead) == len(ahead) == len(low) == len(high):
        raise ValueError(
            f"times_ahead, ahead, low and high must be equally long, got {len(times_ahead)}, "
            f"{len(ahead)}, {len(low)} and {len(high)}"
        )
    fig, ax = plt.subplots()
    ax.plot(times, values, color=LOOKS["target"].color, linewidth=1.2, label="measured")
    ax.fill_between(times_ahead, low, high, color=look.color, alpha=0.2, linewidth=0)
    ax.plot(times_ahead, ahead, color=look.color, marker=look.marker, markersize=4,
            linestyle=look.linestyle, label=f"{model}, with its interval")  # fmt: skip
    ax.legend(fontsize=9)
    return fig


def decision_chart(questions: Sequence[tuple[str, str, str]], otherwise: str) -> Figure:
    """Questions from top to bottom, each with an arrow to what to do if the answer is yes.

    Args:
        questions: (question, what to do, what backs it) each; the last is written on the arrow.
        otherwise: what to do if every answer is no.
    """
    fig, ax = plt.subplots(figsize=(9.4, 1.7 * len(questions) + 1))
    ax.set(xlim=(0, 10), ylim=(-0.62, len(questions) + 0.05))
    ax.axis("off")
    box = {"boxstyle": "round,pad=0.5", "facecolor": "white", "linewidth": 1.6}
    arrow = {"arrowstyle": "-|>", "color": "black", "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}
    center, right, half_width, half_height = 1.95, 6.45, 1.75, 0.32
    for k, (question, to_do, backed_by) in enumerate(questions):
        y = len(questions) - 0.4 - k
        below = y - 1 + (half_height if k + 1 < len(questions) else 0.15)
        ax.add_patch(
            Rectangle((center - half_width, y - half_height), 2 * half_width, 2 * half_height,
                      facecolor="#F2F2F2", edgecolor="black", linewidth=1.2)
        )  # fmt: skip
        ax.text(center, y, question, ha="center", va="center", fontsize=10.5)
        ax.text(right, y, to_do, va="center", fontsize=10.5, bbox={**box, "edgecolor": _LIT})
        ax.annotate("", (right - 0.15, y), (center + half_width, y), arrowprops=arrow)
        ax.text(center + half_width + 0.1, y + 0.04, "yes", va="bottom", weight="bold")
        ax.text(center + half_width + 0.1, y - 0.06, backed_by, va="top", fontsize=9.5)
        ax.annotate("", (center, below), (center, y - half_height), arrowprops=arrow)
        ax.text(center + 0.08, (below + y - half_height) / 2, "no", va="center", weight="bold")
    ax.text(center, -0.42, otherwise, ha="center", va="center", fontsize=10.5,
            bbox={**box, "edgecolor": _PLAIN})  # fmt: skip
    return fig


def race(panels: Mapping[str, Mapping[str, np.ndarray]]) -> Figure:
    """How far each model gets on each task: its errors as shares of the error of no skill.

    Args:
        panels: title of a task -> for each model, a name in `LOOKS`, its errors on test rows,
            shape (runs,), in units of the error of guessing the mean.
    """
    rows = max(len(errors) for errors in panels.values())
    fig, axes = plt.subplots(1, len(panels), figsize=(max(5, 4.7 * len(panels)), 0.9 + 0.42 * rows),
                             sharex=True, squeeze=False)  # fmt: skip
    for ax, (title, errors) in zip(axes[0], panels.items(), strict=True):
        ranges(ax, {name: [values] for name, values in errors.items()}, ["T"])
        ax.axvline(1, color="black", linewidth=1, zorder=0)
        ax.annotate("no skill", (1, 0), (0, 3), xycoords=("data", "axes fraction"), fontsize=9,
                    textcoords="offset points", ha="right", rotation=90)  # fmt: skip
        right = 1.05 * ax.get_xlim()[1] + 0.06  # room for the numbers beside the dots
        ax.set(title=title, xlabel="RMSE, as a share of no skill", xlim=(0, right))
    return fig


def start(learned: np.ndarray, gradient: np.ndarray, *, model: str, no_skill: float) -> Figure:
    """How a recurrent layer learned a lag, and what gets through from each step afterwards.

    Args:
        learned: its error after each epoch, (epochs,), in the units of the target.
        gradient: mean size of the gradient of the output with respect to each step, (timesteps,),
            the newest last.
        model: a name in `LOOKS`.
        no_skill: the error of guessing the mean, in the units of the target.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.4))
    curve(left, np.arange(1, len(learned) + 1), learned, model, "training rows")
    left.axhline(no_skill, color="black", linewidth=1, label="no skill")
    lowest = min(learned.min(), 0.3 * no_skill) / 1.2  # a run that learns nothing is a flat line
    left.set(yscale="log", xlabel="epoch", ylabel="RMSE", ylim=(lowest, 1.5 * no_skill))
    _plain_ticks(left)
    left.legend()
    curve(right, np.arange(len(gradient) - 1, -1, -1), gradient, model)
    right.set(yscale="log", xlabel="steps back", ylabel="|d output / d value|")
    right.invert_xaxis()
    return fig


def sweep(
    learned: Mapping[str, np.ndarray],
    results: Sequence[tuple[str, int, float]],
    *,
    model: str,
    no_skill: float,
) -> Figure:
    """How one model learned, and how all models so far ended, beside the error of no skill.

    Args:
        learned: title of a line -> errors after each epoch, shape (epochs,) or (runs, epochs), in
            the target's units. The first is drawn as the model is, the second in black.
        results: (model, length of the sequence, error on test rows) of every run so far.
        model: a name in `LOOKS`, the one that learned; the last of the results is its own.
        no_skill: the error of guessing the mean.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.4), sharey=True)
    for (title, values), look in zip(learned.items(), (model, "target"), strict=False):
        curve(left, np.arange(1, np.shape(values)[-1] + 1), values, look, title)
    left.set(xlabel="epoch", ylabel="RMSE")
    left.set(yscale="log")
    left.legend(loc="lower left", fontsize=9)
    for k, (name, length, error) in enumerate(results):
        last = k == len(results) - 1
        first = name not in [earlier for earlier, _, _ in results[:k]]
        right.plot(length, error, _look(name).marker, color=_look(name).color,
                   alpha=1 if last else 0.6, markersize=10 if last else 6,
                   label=name if first else "_")  # fmt: skip
    lengths = sorted({length for _, length, _ in results})
    right.set(xscale="log", xlabel="length of the sequence, T (steps)", title="all runs so far")
    right.set(xticks=lengths, xticklabels=lengths)
    right.minorticks_off()
    right.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1, 1), title="RMSE at the end")
    _plain_ticks(left)
    for ax in (left, right):
        ax.axhline(no_skill, color="black", linewidth=1)
        ax.annotate("no skill", (0.02, no_skill), (0, 3), textcoords="offset points", fontsize=9,
                    xycoords=ax.get_yaxis_transform())  # fmt: skip
    left.set_title(f"{model}, T = {results[-1][1]}")
    return fig


def _mark_held_out(ax: Axes, start: float, stop: float) -> None:
    ax.axvspan(start, stop, color="black", alpha=0.08, linewidth=0)
    ax.text(start, 0.97, "held out ", ha="right", va="top", transform=ax.get_xaxis_transform())


def _plain_ticks(ax: Axes) -> None:
    """0.01, 0.02, 0.05 and so on at a vertical axis on a log scale."""
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter("")


def _look(model: str) -> Look:
    model = _ALSO.get(model, model)
    if model not in LOOKS:
        raise ValueError(f"model must be one of {list(LOOKS)}, got {model!r}")
    return LOOKS[model]
