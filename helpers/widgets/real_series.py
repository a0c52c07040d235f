"""The explorer of notebook 06: which model forecasts which real series, from how much history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple, TypeAlias

from helpers import forecast_plots, forecasting
from helpers.real_league import lag_features
from helpers.report import approx
from helpers.widgets.live import explorer
from helpers.widgets.queue import Monitor
from helpers.widgets.training import seed_of, train

import keras
import numpy as np
from ipywidgets import Dropdown, SelectionSlider, VBox
from matplotlib.figure import Figure

__all__ = ["forecast_explorer"]

#: Updates of a network, whatever the number of rows, and rows of a batch.
UPDATES, BATCH_SIZE = 800, 40
#: Of a network's hidden layer, and of Adam at the start.
UNITS, RATE = 16, 0.01

#: From rows to what is done to a window, and how an answer becomes a forecast.
View: TypeAlias = Callable[[np.ndarray, np.ndarray], tuple[Callable, Callable]]


class _Outcome(NamedTuple):
    """Errors of each step ahead, (horizon,), and one stretch of the test: what is known, came next.

    `stretch` is model or "came" -> (horizon,).
    """

    errors: dict[str, np.ndarray]
    known: np.ndarray
    stretch: dict[str, np.ndarray]


def forecast_explorer(
    series: Mapping[str, np.ndarray],
    network: Callable[..., keras.Model],
    *,
    views: Mapping[str, View],
    test: Mapping[str, int],
    units: Mapping[str, str],
) -> VBox:
    """Choose a series, a window, a horizon, lag features and a model; train, and see it forecast.

    Args:
        series: name -> values, (time,).
        network: called as network(name, X, y, view, units, rate, updates) with "MLP", "LSTM" or
            "GRU", rows X (samples, window, 1) and y (samples, horizon); returns a compiled model.
        views: name -> what makes the network's `view` of the series: from rows to two functions,
            what is done to a window, and how an answer becomes a forecast.
        test: name -> how many of the last values are forecast; the others are trained on.
        units: name -> unit of the values.

    Returns:
        The explorer, see `helpers.widgets.live`. Its figure is `forecast_plots.trial`. Nothing is
        trained until a control is moved.
    """

    def work(series_: str, window: int, horizon: int, lags: int, model: str, seed: int,
             monitor: Monitor) -> _Outcome:  # fmt: skip
        values, first = series[series_], len(series[series_]) - test[series_]
        X, y = forecasting.windows(values[:first], window, horizon)
        X_test, y_test = forecasting.windows(values[first - window :], window, horizon)
        forecasts = {
            "persistence": np.repeat(X_test[:, -1:], horizon, axis=1),
            "linear": forecasting.linear_window(X, y, X_test),
        }
        if model != "linear":
            epochs = -(-UPDATES // -(-len(X) // BATCH_SIZE))
            inputs = X[:, :, None].astype(np.float32)
            view = partial(_with_lags, views[series_], 0 if model == "MLP" else lags)
            build = partial(network, model, inputs, y.astype(np.float32), view, UNITS, RATE,
                            epochs * -(-len(X) // BATCH_SIZE))  # fmt: skip
            runs = train(
                ("forecast", series_, window, horizon, lags, model), build, inputs,
                y.astype(np.float32), [seed_of(seed)], monitor, epochs=epochs,
                batch_size=BATCH_SIZE,
            )  # fmt: skip
            forecasts[model] = runs.predict(X_test[:, :, None].astype(np.float32))[0]
        middle = len(X_test) // 2
        return _Outcome(
            {name: np.sqrt(np.mean((f - y_test) ** 2, axis=0)) for name, f in forecasts.items()},
            X_test[middle],
            {"came": y_test[middle], **{name: f[middle] for name, f in forecasts.items()}},
        )

    def draw(series_: str, window: int, horizon: int, lags: int, model: str, result: _Outcome
             ) -> tuple[Figure, str]:  # fmt: skip
        figure = forecast_plots.trial(
            result.errors, result.known, result.stretch, unit=units[series_]
        )
        steps = "one step" if horizon == 1 else f"{horizon} steps"
        given = (f", {window - lags} steps with {lags} lags" if lags and model in ("LSTM", "GRU")
                 else "")  # fmt: skip
        typical = {name: np.sqrt(np.mean(errors**2)) for name, errors in result.errors.items()}
        words = (
            f"{series_}, {model}, window {window}{given}, {steps} ahead: RMSE "
            f"{approx(typical[model])} {units[series_]}; the linear window has "
            f"{approx(typical['linear'])}, persistence {approx(typical['persistence'])}."
        )
        return figure, words

    controls = {
        "series_": Dropdown(options=list(series), description="series"),
        "window": SelectionSlider(options=(6, 12, 24, 40), value=24, description="window (values)",
                                  continuous_update=False),
        "horizon": SelectionSlider(options=(1, 6, 12), value=1, description="horizon (steps)",
                                   continuous_update=False),
        "lags": SelectionSlider(options=(0, 2, 5), value=0, description="lag features",
                                continuous_update=False),
        # The last one: the lag features are for recurrent networks alone.
        "model": Dropdown(options=("LSTM", "GRU", "MLP", "linear"), description="model"),
    }  # fmt: skip
    return explorer(draw, controls, work=work, works_on=tuple(controls), at_once=False)


def _with_lags(view: View, lags: int, X: np.ndarray, y: np.ndarray) -> tuple[Callable, Callable]:
    """The view with fewer steps, each with the values before it as further features."""
    see, forecast = view(X, y)
    if lags == 0:
        return see, forecast
    return lambda window: lag_features(see(window), X.shape[1] - lags), forecast
