"""The figures of notebook 06: a series, where its answer lies, how an error grows, what is next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpers import forecasting, inputs
from helpers.plots import LOOKS, Look, curve, plain_ticks
from helpers.series import times_after

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.dates import AutoDateLocator
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

__all__ = [
    "by_step",
    "by_window",
    "importance",
    "next_values",
    "overview",
    "trial",
    "trial_of_least_squares",
]

#: Inches of a figure with two panels, one above the other, legible at half a page.
TWO = 7.2, 6.4

#: Formulas that have no look of their own in `plots`: the colour of their kind, another dash.
_LOOKS = {
    "persistence": LOOKS["last value"],
    "seasonal naive": LOOKS["last value"],
    "seasonal naive with drift": LOOKS["last value"],
    "mean seasonal change": Look(LOOKS["target"].color, (0, (1, 2)), "."),
    "exponential smoothing": Look(LOOKS["target"].color, (0, (4, 2)), "x"),
    "linear, step by step": Look(LOOKS["linear"].color, "-", "v"),
    "came": Look(LOOKS["target"].color, "none", "."),
}


def overview(
    series: pd.Series, autocorrelation: np.ndarray, *, unit: str, step: str, known: int
) -> Figure:
    """A series with the part that is tested on, and how its changes resemble earlier ones.

    Args:
        series: its values, over dates or numbers.
        autocorrelation: of the changes from value to value, (lags + 1,), from lag 0.
        unit: of the values.
        step: the time between two values, such as "month".
        known: values before the part to test on.
    """
    fig, (above, below) = plt.subplots(2, 1, figsize=TWO)
    above.plot(series.index, series, color=LOOKS["target"].color, linewidth=0.9)
    above.axvspan(series.index[known], series.index[-1], color="black", alpha=0.12, linewidth=0)
    quantity = unit if series.name == unit else f"{series.name} ({unit})"
    above.set(ylabel=quantity, xlabel="" if _dated(series) else f"time ({step}s)")
    above.set_title("grey: kept for the test")
    lags = np.arange(1, len(autocorrelation))
    below.bar(lags, autocorrelation[1:], color=LOOKS["target"].color, width=0.6)
    below.axhline(0, color="black", linewidth=1)
    below.set(xlabel=f"lag ({step}s)", ylabel="correlation", ylim=(-1.05, 1.05))
    below.set_title("changes with earlier changes")
    return fig


def by_window(errors: Mapping[str, Mapping[int, np.ndarray]], *, unit: str, step: str) -> Figure:
    """The error against the length of the window, one line a model: median and range of its runs.

    Args:
        errors: model -> window -> RMSE of its runs, (runs,).
        unit: of the errors.
        step: the time between two values.
    """
    fig, ax = plt.subplots()
    for model, several in errors.items():
        windows = sorted(several)
        values = np.stack([np.ravel(several[window]) for window in windows], axis=1)
        curve(ax, np.array(windows), values, model)
        ax.plot(windows, np.median(values, axis=0), LOOKS[model].marker, color=LOOKS[model].color)
    ticks = sorted({window for several in errors.values() for window in several})
    ax.set(xscale="log", yscale="log", xlabel=f"window ({step}s)", ylabel=f"RMSE ({unit})")
    ax.set_xticks(ticks, ticks)
    ax.minorticks_off()
    plain_ticks(ax, 1, 2, 3, 5, 7)
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return fig


def by_step(errors: Mapping[str, np.ndarray], *, unit: str, step: str) -> Figure:
    """The error of each step ahead, one line a forecast.

    Args:
        errors: name -> RMSE, (horizon,), or (runs, horizon), of which the median is drawn.
        unit: of the errors.
        step: the time between two values.
    """
    fig, ax = plt.subplots()
    for name, values in errors.items():
        ahead = np.arange(1, np.shape(values)[-1] + 1)
        look = _look(name)
        middle = np.median(np.atleast_2d(values), axis=0)
        ax.plot(ahead, middle, color=look.color, linestyle=look.linestyle, label=name)
    ax.set(xlabel=f"{step}s ahead", ylabel=f"RMSE ({unit})", ylim=(0, None))
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return fig


def importance(panels: Mapping[str, Mapping[str, np.ndarray]], *, step: str) -> Figure:
    """How much an error grows when one place of the window is shuffled, one panel a series.

    Args:
        panels: series -> model -> error with the place shuffled over error as it is, (window,) or
            (runs, window), the oldest place first.
        step: the time between two values.
    """
    fig, axes = plt.subplots(len(panels), 1, figsize=TWO, squeeze=False)
    for ax, (title, models) in zip(axes[:, 0], panels.items(), strict=True):
        for model, values in models.items():
            values = np.asarray(values)
            curve(ax, np.arange(values.shape[-1] - 1, -1, -1), values, model)
        ax.invert_xaxis()
        ax.axhline(1, color="black", linewidth=1)
        ax.set(yscale="log", xlabel=f"{step}s before the newest value", title=title,
               ylabel="times the error")  # fmt: skip
        plain_ticks(ax, 1, 2, 3, 5, 7)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.legend()
    return fig


def next_values(
    known: pd.Series,
    forecasts: Mapping[str, np.ndarray],
    halfwidth: np.ndarray | None = None,
    *,
    unit: str | None = None,
    truth: Sequence[float] | None = None,
) -> Figure:
    """The end of a series and what is forecast to follow, the first forecast with an interval.

    Args:
        known: the values before the forecast, over dates with a frequency or over numbers.
        forecasts: name -> (horizon,).
        halfwidth: of the interval around the first forecast, (horizon,).
        unit: of the values, if it is known.
        truth: (horizon,), what came, where it is known.

    Raises:
        ValueError: shapes that do not fit.
    """
    horizon = len(next(iter(forecasts.values())))
    for name, values in {**forecasts, "halfwidth": halfwidth, "truth": truth}.items():
        if values is not None:
            values = inputs.array(name, values, axes=[["horizon"]])
            if len(values) != horizon:
                raise ValueError(f"{name} must have {horizon} values, got {len(values)}")
    ahead = times_after(known.index, horizon)
    fig, ax = plt.subplots()
    ax.plot(known.index, known, color=LOOKS["target"].color, label="known")
    if truth is not None:
        ax.plot(ahead, truth, color=LOOKS["target"].color, linestyle=":", label="what came")
    for k, (name, values) in enumerate(forecasts.items()):
        look = _look(name)
        if k == 0 and halfwidth is not None:
            ax.fill_between(ahead, values - halfwidth, values + halfwidth, color=look.color,
                            alpha=0.25, linewidth=0)  # fmt: skip
        ax.plot(ahead, values, color=look.color, linestyle=look.linestyle, label=name)
    named = known.name if unit is None else f"{known.name} ({unit})"
    ax.set(ylabel=named, xlabel="" if _dated(known) else "time (steps)")
    if _dated(known):
        ax.xaxis.set_major_locator(AutoDateLocator(maxticks=6))
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return fig


def trial(
    errors: Mapping[str, np.ndarray],
    known: np.ndarray,
    stretch: Mapping[str, np.ndarray],
    *,
    unit: str,
) -> Figure:
    """What one try brought: the error of each step ahead, and one forecast beside what came.

    Args:
        errors: model -> RMSE, (horizon,); the last one is drawn strongest.
        known: the window before that forecast, (window,).
        stretch: model -> its forecast, (horizon,); "came" -> what came.
        unit: of all of these.
    """
    fig, (above, below) = plt.subplots(2, 1, figsize=TWO)
    for name, values in errors.items():
        look = _look(name)
        ahead = np.arange(1, len(values) + 1)
        above.plot(ahead, values, look.marker, color=look.color, linestyle=look.linestyle,
                  label=name)  # fmt: skip
    above.set(xlabel="steps ahead", ylabel=f"RMSE ({unit})", yscale="log")
    plain_ticks(above, 1, 2, 5)
    above.set_xticks(np.unique(np.linspace(1, len(values), 6).astype(int)))
    above.legend()
    below.plot(np.arange(-len(known) + 1, 1), known, color=LOOKS["target"].color)
    for name, values in stretch.items():
        look = _look(name)
        below.plot(np.arange(1, len(values) + 1), values, look.marker, color=look.color,
                   linestyle=look.linestyle)  # fmt: skip
    below.set(xlabel="steps from the newest value", ylabel=unit, title="one forecast; dots: came")
    return fig


def trial_of_least_squares(
    values: np.ndarray, *, test: int, window: int, horizon: int, unit: str
) -> Figure:
    """The `trial` of a linear window beside persistence, on the last values of a series.

    Args:
        values: (time,).
        test: how many of the last values are forecast; the others are fitted.
        window, horizon: values that a forecast sees, and values that it is asked for.
        unit: of the values.
    """
    known = len(values) - test
    X, y = forecasting.windows(values[:known], window, horizon)
    X_test, y_test = forecasting.windows(values[known - window :], window, horizon)
    forecasts = {
        "persistence": np.repeat(X_test[:, -1:], horizon, axis=1),
        "linear": forecasting.linear_window(X, y, X_test),
    }
    middle = len(X_test) // 2
    errors = {name: np.sqrt(np.mean((f - y_test) ** 2, axis=0)) for name, f in forecasts.items()}
    stretch = {name: f[middle] for name, f in forecasts.items()}
    return trial(errors, X_test[middle], {"came": y_test[middle], **stretch}, unit=unit)


def _look(name: str) -> Look:
    return _LOOKS[name] if name in _LOOKS else LOOKS[name]


def _dated(series: pd.Series) -> bool:
    return isinstance(series.index, pd.DatetimeIndex)
