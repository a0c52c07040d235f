"""The figures of the course and their one style.

Every model has one look in the whole course: a colour that stands out from white, most of them of
the Okabe-Ito palette, and a dash and a marker that tell it apart in print and for any kind of
colour vision. `tests/test_palette.py` measures both.
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
from matplotlib.ticker import LogLocator, MaxNLocator

__all__ = [
    "LOOKS",
    "Look",
    "against",
    "beyond",
    "curve",
    "league",
    "learning_curve",
    "plain_ticks",
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
    "ReLU MLP": Look("#9E9835", (0, (5, 1)), "^"),
    "linear": Look("#009E73", ":", "v"),
    "GRU": Look("#2B95FA", (0, (3, 1, 1, 1)), "P"),
    "last value": Look("#7F7F7F", (0, (1, 1)), "X"),
    "SimpleRNN": Look("#882255", (0, (4, 1, 1, 1)), "<"),
    "sum": Look("#332288", (0, (2, 1)), ">"),
    "mean": Look("#4D5083", (0, (3, 2)), "h"),
    "maximum": Look("#B0413E", (0, (3, 1, 1, 1, 1, 1)), "p"),
    "attention": Look("#4D4D00", (0, (8, 2)), "d"),
    "conv and max": Look("#CD49CE", (0, (2, 1, 1, 1)), "8"),
    "CNN": Look("#AF8954", (0, (6, 1, 1, 1, 1, 1)), "*"),
    "attention pooling": Look("#7014CC", (0, (1, 2)), "H"),
}
# What a look is also called. One more net behind it makes no other kind of model.
_ALSO = {"least squares": "linear", "sum, net": "sum", "maximum, net": "maximum"}
_LEAST_LOSS = 1e-8  # squared units of the target: the end of a learning curve's axis
_PLAIN, _LIT, _GOAL = "#9A9A9A", LOOKS["LSTM"].color, LOOKS["MLP"].color


def use_style() -> None:
    """Set the course's style for every figure drawn from here on."""
    plt.rcParams.update(
        {
            "figure.figsize": (7.2, 3.6),
            "figure.dpi": 110,
            "figure.constrained_layout.use": True,
            # At half the width of a page, 5 inches, these are 9 points: nothing is smaller.
            "font.size": 13,
            "axes.titlesize": 13,
            "legend.fontsize": 13,
            "axes.titlelocation": "left",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.formatter.min_exponent": 4,  # 0.06 on a log scale, not 6 × 10⁻²
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


def ranges(
    ax: Axes,
    scores: Mapping[str, Sequence[np.ndarray]],
    labels: Sequence[str],
    *,
    clear_of: float | None = None,
) -> None:
    """One line a model: the median of its runs as a dot with its number, on a bar of their range.

    The number stands above its dot, and inside the panel.

    Args:
        ax: where to draw; the models stand from top to bottom.
        scores: for each model, a name in `LOOKS`, one array of shape (runs,) for each label, in the
            units of the horizontal axis. The dots of the first are filled, those of a second
            hollow.
        labels: what the arrays of each model are, one or two.
        clear_of: where an upright line is drawn that no number may lie across.

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
            ends_here = clear_of is not None and clear_of / 2 < middle < clear_of
            ax.annotate(_brief(middle), (middle, height), (0, 5), textcoords="offset points",
                        ha="right" if ends_here else "left", va="bottom")  # fmt: skip
    ax.margins(x=0.15)  # room for a number at the right end
    ax.set(yticks=range(len(scores)), yticklabels=scores, ylim=(len(scores) - 0.5, -0.75))
    ax.grid(visible=False, axis="y")
    if len(labels) > 1:
        for label, face in zip(labels, ("black", "white"), strict=True):
            ax.plot([], [], "o", color="black", markerfacecolor=face, label=label)
        ax.legend(loc="lower right")


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
    """Prediction minus target against the input, as in the article; grey: the rows trained on.

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
    if held_out < len(x):
        last = x[len(x) - held_out - 1] + 0.5
        ax.axvspan(x[0] - 0.5, last, color="black", alpha=0.08, linewidth=0)
        upper = {"va": "top", "transform": ax.get_xaxis_transform()}
        ax.text(x[0], 0.97, "trained on", **upper)
        if held_out:
            ax.text(last, 0.97, "held out → ", ha="right", **upper)
    ax.set(
        ylim=limits, xlabel="last input of the row, i", ylabel="prediction − target (units of y)"
    )
    ax.legend(loc="lower left")
    return fig


def learning_curve(history: Mapping[str, Sequence[float] | np.ndarray], model: str) -> Figure:
    """The loss after each epoch, on training rows and beside it on held-out rows, on a log scale.

    A panel each, with the same axis: where the two are alike, one would hide the other.

    Args:
        history: a Keras history's dict, or `Runs.history`: "loss" and, where rows were held out,
            "val_loss", of shape (epochs,) or (runs, epochs), in squared units of the target.
        model: a name in `LOOKS`, for the colour.
    """
    titles = {"loss": "training rows", "val_loss": "held-out rows"}
    shown = {title: np.asarray(history[key]) for key, title in titles.items() if key in history}
    fig, axes = plt.subplots(1, len(shown), sharey=True, squeeze=False)
    for ax, (title, values) in zip(axes[0], shown.items(), strict=True):
        curve(ax, np.arange(1, values.shape[-1] + 1), values, model, title)
        ax.lines[0].set(linestyle="-", linewidth=1)  # dashes do not show on a jagged line
        ax.set(title=title, xlabel="epoch")
    smallest, largest = (f([f(values) for values in shown.values()]) for f in (np.min, np.max))
    ax.set(yscale="log", ylim=(max(smallest / 2, _LEAST_LOSS), 2 * largest))
    axes[0, 0].set_ylabel("mean squared error\n(units of y, squared)")
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
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return fig


def race(panels: Mapping[str, Mapping[str, np.ndarray]]) -> Figure:
    """How far each model gets on each task: its errors as shares of the error of no skill.

    Args:
        panels: title of a task -> for each model, a name in `LOOKS`, its errors on test rows,
            shape (runs,), in units of the error of guessing the mean.
    """
    heights = [len(errors) for errors in panels.values()]
    fig, axes = plt.subplots(len(panels), figsize=(7.2, sum(0.8 + 0.44 * n for n in heights) + 0.3),
                             sharex=True, squeeze=False, height_ratios=heights)  # fmt: skip
    for ax, (title, errors) in zip(axes[:, 0], panels.items(), strict=True):
        ranges(ax, {name: [values] for name, values in errors.items()}, ["T"], clear_of=1)
        ax.axvline(1, color="black", linewidth=1, zorder=0)
        ax.annotate("no skill", (1, 1), (0, 4), xycoords=("data", "axes fraction"), ha="center",
                    textcoords="offset points")  # fmt: skip
        right = max(1.08, ax.get_xlim()[1])
        ax.set(title=title, xlim=(0, right))
    axes[-1, 0].set_xlabel("RMSE, as a share of no skill")
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
    fig, (above, below) = plt.subplots(2, figsize=(7.2, 5.6))
    curve(above, np.arange(1, len(learned) + 1), learned, model, "training rows")
    above.axhline(no_skill, color="black", linewidth=1, label="no skill")
    lowest = min(learned.min(), 0.3 * no_skill) / 1.2  # a run that learns nothing is a flat line
    above.set(yscale="log", xlabel="epoch", ylabel="RMSE", ylim=(lowest, 1.5 * no_skill))
    plain_ticks(above, 1, 3)
    above.legend()
    curve(below, np.arange(len(gradient) - 1, -1, -1), gradient, model)
    below.set(yscale="log", xlabel="steps back", ylabel="|d output / d value|")
    below.xaxis.set_major_locator(MaxNLocator(integer=True))
    below.invert_xaxis()
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
    fig, (left, right) = plt.subplots(2, figsize=(7.2, 6.4), sharey=True)
    for (title, values), look in zip(learned.items(), (model, "target"), strict=False):
        curve(left, np.arange(1, np.shape(values)[-1] + 1), values, look, title)
    left.set(xlabel="epoch", ylabel="RMSE")
    left.set(yscale="log")
    left.legend(loc="lower left")
    names = list(dict.fromkeys(name for name, _, _ in results))
    for k, (name, length, error) in enumerate(results):
        last = k == len(results) - 1
        first = name not in [earlier for earlier, _, _ in results[:k]]
        # Models stand side by side, and hollow, so that none hides another.
        beside = length * 1.08 ** (names.index(name) - (len(names) - 1) / 2)
        right.plot(beside, error, _look(name).marker, color=_look(name).color,
                   markerfacecolor=_look(name).color if last else "none", markeredgewidth=1.8,
                   markersize=12 if last else 8, label=name if first else "_")  # fmt: skip
    lengths = sorted({length for _, length, _ in results})
    right.set(xscale="log", xlabel="length of the sequence, T (steps)", title="all runs so far")
    right.set(xticks=lengths, xticklabels=lengths)
    right.minorticks_off()
    right.set_ylabel("RMSE at the end")
    right.legend(loc="upper left", bbox_to_anchor=(1, 1))
    plain_ticks(left, 1, 3)
    for ax in (left, right):
        ax.axhline(no_skill, color="black", linewidth=1)
        ax.annotate("no skill", (0.98, no_skill), (0, 3), textcoords="offset points", ha="right",
                    xycoords=ax.get_yaxis_transform())  # fmt: skip
    left.set_title(f"{model}, T = {results[-1][1]}")
    return fig


def plain_ticks(ax: Axes, *subs: int) -> None:
    """0.01, 0.03, 0.1 and so on, with `subs` 1 and 3, at a vertical axis on a log scale."""
    ax.yaxis.set_major_locator(LogLocator(subs=subs))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter("")


def _brief(value: float) -> str:
    """A number beside a dot: two decimals, or two digits where that would leave next to none."""
    return f"{value:.2f}" if abs(value) >= 0.1 else f"{round(value, 4):.2g}"


def _look(model: str) -> Look:
    model = _ALSO.get(model, model)
    if model not in LOOKS:
        raise ValueError(f"model must be one of {list(LOOKS)}, got {model!r}")
    return LOOKS[model]
