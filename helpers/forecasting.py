"""What a forecast is measured with: windows, splits by time, baselines, errors and an interval.

Needs numpy, and for exponential smoothing statsmodels. Values and errors have the unit of the
series. A series is (time,), oldest first.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import NamedTuple, TypeAlias

from helpers import inputs, sequences
from helpers.data import sliding_windows

import numpy as np

__all__ = [
    "Baseline",
    "Split",
    "backtest",
    "conformal_halfwidth",
    "exponential_smoothing",
    "linear_window",
    "mae",
    "mase",
    "mean",
    "mean_seasonal_change",
    "persistence",
    "rmse",
    "rolling_origins",
    "seasonal_naive",
    "seasonal_naive_with_drift",
    "split",
    "windows",
]

#: From a history of shape (time,) and a number of steps to the forecasts of those, (horizon,).
Baseline: TypeAlias = Callable[[np.ndarray, int], np.ndarray]

# Windows and splits -------------------------------------------------------------------------------


def windows(values: np.ndarray, window: int, horizon: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Cut a series into windows, each with the `horizon` values that follow it.

    Args:
        values: (time,).
        window: values that a forecast may see.
        horizon: values that it has to forecast.

    Returns:
        X of shape (samples, window) and y of shape (samples, horizon), where samples is
        time - window - horizon + 1. y has two axes even for one step, as the output of a network
        has: (samples,) against (samples, 1) would be stretched to (samples, samples).

    Raises:
        TypeError, ValueError: an argument is not of its kind; the series is too short for one
            window and what follows it.
    """
    values = _series("values", values)
    window, horizon = inputs.count("window", window), inputs.count("horizon", horizon)
    if window + horizon > len(values):
        raise ValueError(
            f"window + horizon must be at most the length of values, got {window} + {horizon} for "
            f"{len(values)} values"
        )
    rows = sliding_windows(values, window + horizon)[0][:, :, 0]
    return rows[:, :window], rows[:, window:]


class Split(NamedTuple):
    """Three slices of rows, one after the other in time."""

    train: slice
    validation: slice
    test: slice


def split(n: int, *, validation: float | int, test: float | int, gap: int = 0) -> Split:
    """Divide rows by time: the first to train on, the next to choose by, the last to test on.

    Args:
        n: rows there are.
        validation, test: rows of each, as a number (a whole one) or as a share of n (between 0 and
            1, rounded to whole rows).
        gap: rows left out before validation and before test. The last rows of y from
            `windows(..., horizon)` reach horizon - 1 values into what comes next: with that many
            rows left out, no value is forecast on both sides of a border.

    Raises:
        TypeError, ValueError: an argument is not of its kind; no row is left to train on.
    """
    n, gap = inputs.count("n", n), inputs.count("gap", gap, least=0)
    validation, test = _rows("validation", validation, n), _rows("test", test, n)
    train = n - validation - test - 2 * gap
    if train < 1:
        raise ValueError(
            f"no row is left to train on: {n} rows, {validation} for validation, {test} for test "
            f"and two gaps of {gap}"
        )
    return Split(slice(0, train), slice(train + gap, train + gap + validation), slice(n - test, n))


def rolling_origins(
    n: int, origins: int = 3, *, validation: float | int, test: float | int, gap: int = 0
) -> list[Split]:
    """The same split at several times, so that a result does not hang on one stretch of the test.

    The stretches for the test are the last of the series, one after the other, and do not overlap.
    What is trained on always begins at the first row and grows by a stretch from origin to origin.

    Args:
        n: rows there are.
        origins: how many splits.
        validation, test, gap: as in `split`, for each origin; shares are of all n rows.

    Returns:
        `origins` splits, the earliest first; the last is that of `split`.

    Raises:
        TypeError, ValueError: as in `split`, for the earliest origin.

    Source: L. J. Tashman, "Out-of-sample tests of forecasting accuracy: an analysis and review",
        International Journal of Forecasting 16 (2000).
    """
    n, origins = inputs.count("n", n), inputs.count("origins", origins)
    validation, test = _rows("validation", validation, n), _rows("test", test, n)
    ends = [n - test * later for later in reversed(range(origins))]
    if ends[0] < 1:
        raise ValueError(f"{origins} tests of {test} rows need more than the {n} rows there are")
    return [split(end, validation=validation, test=test, gap=gap) for end in ends]


# Baselines ----------------------------------------------------------------------------------------


def mean(history: np.ndarray, horizon: int = 1) -> np.ndarray:
    """The mean of all that is known, for each step.

    Args:
        history: (time,), all that is known.
        horizon: steps to forecast.

    Returns:
        (horizon,), float64. This, and the arguments, holds for the other baselines as well.

    Raises:
        TypeError, ValueError: an argument is not of its kind.
    """
    return np.full(inputs.count("horizon", horizon), _series("history", history).mean())


def persistence(history: np.ndarray, horizon: int = 1) -> np.ndarray:
    """The last known value, for each step; also called the naive forecast."""
    return seasonal_naive(history, horizon, season=1)


def seasonal_naive(history: np.ndarray, horizon: int = 1, *, season: int) -> np.ndarray:
    """What was measured at the same time of the last known season.

    Args:
        season: values in a season, such as 12 for months and 24 for hours.

    Raises:
        ValueError: the history is shorter than a season.

    Source: R. J. Hyndman and G. Athanasopoulos, "Forecasting: Principles and Practice", 3rd edition
        (2021), section 5.2.
    """
    history, horizon, season = _history(history, horizon, season, seasons=1)
    return history[-season:][np.arange(horizon) % season]


def seasonal_naive_with_drift(history: np.ndarray, horizon: int = 1, *, season: int) -> np.ndarray:
    """The seasonal naive forecast, and for each season ahead the mean change over a season.

    The change is the mean of value minus the value a season earlier, over the whole history.

    Args, Raises: as `seasonal_naive`, but the history must be longer than a season.
    """
    history, horizon, season = _history(history, horizon, season, seasons=1, more=1)
    change = np.mean(history[season:] - history[:-season])
    seasons_ahead = np.arange(horizon) // season + 1
    return seasonal_naive(history, horizon, season=season) + change * seasons_ahead


def mean_seasonal_change(
    history: np.ndarray, horizon: int = 1, *, season: int, seasons: int = 10
) -> np.ndarray:
    """The last value plus the mean change that this step of the season has brought.

    For months: the change from April to May is the mean of those changes over the last ten years.
    Further steps add the mean changes one after the other.

    Args:
        season: values in a season.
        seasons: how many of the last seasons the mean is taken over.

    Raises:
        ValueError: the history is shorter than these seasons and one value.
    """
    history, horizon, season = _history(history, horizon, season, seasons, more=1)
    changes = np.diff(history[-season * seasons - 1 :]).reshape(seasons, season).mean(axis=0)
    return history[-1] + np.cumsum(changes[np.arange(horizon) % season])


def backtest(forecast: Baseline, values: np.ndarray, first: int, horizon: int = 1) -> np.ndarray:
    """What a baseline would have forecast at each time, from what was known by then.

    Args:
        forecast: takes (time,) and a horizon, returns (horizon,): `persistence`, or
            `functools.partial(seasonal_naive, season=12)`.
        values: (time,).
        first: the place of the first value that is forecast, at least 1.
        horizon: steps ahead.

    Returns:
        (samples, horizon): row r forecasts values[first + r : first + r + horizon] from
        values[: first + r]. These are the rows of y in `windows(values[first - window :], window,
        horizon)`.

    Raises:
        TypeError, ValueError: an argument is not of its kind, or too little history for `forecast`.
    """
    values, horizon = _series("values", values), inputs.count("horizon", horizon)
    first = inputs.count("first", first, most=len(values) - horizon)
    ends = range(first, len(values) - horizon + 1)
    return np.stack([forecast(values[:end], horizon) for end in ends])


def exponential_smoothing(
    values: np.ndarray, first: int, horizon: int = 1, *, season: int | None = None
) -> np.ndarray:
    """Forecasts of a level, a slope and a season, each moved a little towards what came.

    How far each is moved is found once, on values[:first], by statsmodels' `ETSModel` with an
    additive trend and, given a season, an additive season; after that only the states follow the
    values. Unlike `backtest`, this also forecasts from the last value on.

    Args:
        values: (time,), at least ten before `first`, and two seasons.
        first: the place of the first value that is forecast.
        horizon: steps ahead.
        season: values in a season, at least 2; None if there is none.

    Returns:
        (samples, horizon): row r forecasts values[first + r : first + r + horizon] from
        values[: first + r]. The last row begins behind the end of the series.

    Raises:
        TypeError, ValueError: an argument is not of its kind, or too little history.

    Source: R. J. Hyndman, A. B. Koehler, J. K. Ord and R. D. Snyder, "Forecasting with Exponential
    Smoothing: The State Space Approach", 2008, doi:10.1007/978-3-540-71918-2.
    """
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # takes a second to import

    values, horizon = _series("values", values), inputs.count("horizon", horizon)
    season = 1 if season is None else inputs.count("season", season, least=2)
    first = inputs.count("first", first, least=max(10, 2 * season), most=len(values))
    with_season = {"seasonal": "add", "seasonal_periods": season} if season > 1 else {}
    build = partial(ETSModel, trend="add", initialization_method="heuristic", **with_season)
    parameters = build(values[:first]).fit(disp=False).params
    states = np.asarray(build(values).smooth(parameters).states)  # (time, states)
    level, slope = states[first - 1 :, :1], states[first - 1 :, 1:2]  # (samples, 1) each
    ahead = np.arange(1, horizon + 1)
    forecasts = level + ahead * slope
    if season > 1:
        # The newest state of that part of the season, some steps before the forecast.
        back = ahead - season * -(-ahead // season)
        forecasts = forecasts + states[np.arange(first - 1, len(values))[:, None] + back, 2]
    return forecasts


def linear_window(X: np.ndarray, y: np.ndarray, X_asked: np.ndarray) -> np.ndarray:
    """A weight for each value of a window, and a bias, for each step ahead, by least squares.

    Args:
        X: (samples, window), as from `windows`.
        y: (samples, horizon).
        X_asked: (asked, window).

    Returns:
        Forecasts of shape (asked, horizon), float64, in the unit of y.

    Raises:
        TypeError, ValueError: an argument is not of its kind, or the shapes do not fit.
    """
    X = inputs.array("X", X, axes=[["samples", "window"]])
    y = inputs.array("y", y, axes=[["samples", "horizon"]])
    X_asked = inputs.array("X_asked", X_asked, axes=[["asked", "window"]])
    if len(X) != len(y) or X.shape[1] != X_asked.shape[1]:
        raise ValueError(
            "X and y must have the same samples, X and X_asked the same window, got X "
            f"{X.shape}, y {y.shape}, X_asked {X_asked.shape}"
        )
    return sequences.least_squares(X[:, :, None], y, X_asked[:, :, None])[0]


# Errors and an interval ---------------------------------------------------------------------------


def mae(y: np.ndarray, predicted: np.ndarray) -> float:
    """The mean absolute error, in the unit of y.

    Args:
        y, predicted: of one shape; nothing is stretched.

    Raises:
        TypeError, ValueError: they are not numbers, or of different shapes.
    """
    return float(np.mean(np.abs(_errors(y, predicted))))


def rmse(y: np.ndarray, predicted: np.ndarray) -> float:
    """The root of the mean squared error, in the unit of y. Args, Raises: as `mae`.

    `helpers.sequences.rmse` gives that of each seed.
    """
    return float(np.sqrt(np.mean(_errors(y, predicted) ** 2)))


def mase(y: np.ndarray, predicted: np.ndarray, train: np.ndarray, season: int = 1) -> float:
    """The mean absolute scaled error: the error, with that of the naive forecast in training as 1.

    Without a unit, so that series can be compared. The scale is always one step of `season`, also
    for forecasts further ahead, and so these may exceed 1 and still be good.

    Args:
        y, predicted: of one shape.
        train: (time,), what was trained on; longer than `season`.
        season: 1 scales by persistence, 12 by the seasonal naive forecast of months.

    Raises:
        TypeError, ValueError: as `mae`; `train` is too short, or never changes over a season.

    Source: R. J. Hyndman and A. B. Koehler, "Another look at measures of forecast accuracy",
        International Journal of Forecasting 22 (2006), doi:10.1016/j.ijforecast.2006.03.001.
    """
    train, _, season = _history(train, 1, season, seasons=1, more=1, name="train")
    scale = np.mean(np.abs(train[season:] - train[:-season]))
    if scale == 0:
        raise ValueError(f"train repeats itself every {season} values, so there is no scale")
    return mae(y, predicted) / float(scale)


def conformal_halfwidth(residuals: np.ndarray, coverage: float = 0.9) -> float:
    """Half the width of an interval around a forecast, from errors on rows not trained on.

    The k-th smallest of n absolute errors, k being (n + 1) * coverage rounded up: split conformal
    prediction. If the errors to come are exchangeable with these, the interval holds the value with
    at least this probability, on average over draws of both. Errors of a series seldom are: on a
    trend, or further ahead than what was measured, the interval covers less.

    Args:
        residuals: (samples,), y minus forecast on validation rows, at one and the same step ahead.
        coverage: above 0 and below 1.

    Returns:
        The half width, in the unit of the residuals.

    Raises:
        TypeError, ValueError: an argument is not of its kind; too few residuals for the coverage
            (0.9 needs 9).

    Source: J. Lei, M. G'Sell, A. Rinaldo, R. J. Tibshirani and L. Wasserman, "Distribution-free
        predictive inference for regression", Journal of the American Statistical Association 113
        (2018), doi:10.1080/01621459.2017.1307116.
    """
    residuals = inputs.array("residuals", residuals, axes=[["samples"]])
    coverage = inputs.number("coverage", coverage)
    if not 0 < coverage < 1:
        raise ValueError(f"coverage must be above 0 and below 1, got {coverage}")
    # Rounded first: in floating point 100 * 0.07 is a little above 7.
    rank = math.ceil(round((len(residuals) + 1) * coverage, 9))
    if rank > len(residuals):
        needed = math.ceil(round(coverage / (1 - coverage), 9))
        raise ValueError(
            f"residuals must be at least {needed} for a coverage of {coverage}, got "
            f"{len(residuals)}"
        )
    return float(np.sort(np.abs(residuals))[rank - 1])


# Checks -------------------------------------------------------------------------------------------


def _series(name: str, values: np.ndarray) -> np.ndarray:
    return inputs.array(name, values, axes=[["time"]]).astype(np.float64)


def _rows(name: str, value: float | int, n: int) -> int:
    """A number of rows, given as such or as a share of n."""
    if isinstance(value, float | np.floating):
        share = inputs.number(name, value)
        if not 0 < share < 1:
            raise ValueError(
                f"{name} must be a whole number or a share between 0 and 1, got {value}"
            )
        value = round(share * n)
        if value == 0:
            raise ValueError(f"{name}={share} of {n} rows is no row")
    return inputs.count(name, value)


def _history(
    history: np.ndarray, horizon: int, season: int, seasons: int, more: int = 0, name="history"
) -> tuple[np.ndarray, int, int]:
    """The arguments of a baseline, checked: the history holds `seasons` and some values `more`."""
    history, horizon = _series(name, history), inputs.count("horizon", horizon)
    season, seasons = inputs.count("season", season), inputs.count("seasons", seasons)
    if len(history) < season * seasons + more:
        raise ValueError(
            f"{name} must hold at least {season * seasons + more} values for a season of {season}, "
            f"got {len(history)}"
        )
    return history, horizon, season


def _errors(y: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    y, predicted = inputs.array("y", y), inputs.array("predicted", predicted)
    if y.shape != predicted.shape:
        raise ValueError(
            f"y and predicted must have one shape, got {y.shape} and {predicted.shape}"
        )
    return y.astype(np.float64) - predicted
