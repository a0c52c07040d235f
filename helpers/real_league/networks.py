"""The networks of the league, each with its view of the window inside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpers import contenders
from helpers.real_league.contests import CONTESTS, SERIES, Contest

import keras
import numpy as np
from keras import layers, ops

__all__ = ["lag_features", "network"]


def network(
    contest: str, name: str, X: np.ndarray, y: np.ndarray, units: int, rate: float
) -> keras.Model:
    """A network with its view of the window inside: raw values in, forecasts in the unit out.

    Args:
        contest: one of CONTESTS.
        name: one of NETWORKS.
        X, y: the rows to train on, (samples, window, 1) and (samples, horizon): the scale is theirs
            alone.
        units: width of its hidden layer.
        rate: of Adam, at the first update.

    Returns:
        a compiled model from (samples, window, 1) to (samples, horizon).
    """
    played = CONTESTS[contest]
    known = SERIES[played.series]
    window = keras.Input((played.window, 1))
    seen, finish = _view(played, known.season, window, X, y)
    if played.steps is not None:
        seen = lag_features(seen, played.steps)
    if name == "MLP":
        hidden = layers.Dense(units, activation="relu")(layers.Flatten()(seen))
    elif name == "CNN":
        hidden = contenders.CONTENDERS["CNN"](seen)
    else:
        hidden = {"LSTM": layers.LSTM, "GRU": layers.GRU}[name](units)(seen)
    model = keras.Model(window, finish(layers.Dense(played.horizon)(hidden)))
    updates = known.epochs * -(-len(X) // known.batch_size)
    sinking = keras.optimizers.schedules.CosineDecay(rate, updates)
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(sinking))
    return model


def _view(
    played: Contest, season: int | None, window: Any, X: np.ndarray, y: np.ndarray
) -> tuple[Any, Callable]:
    """What the network is shown, (samples, timesteps, 1), and how its answer becomes a forecast."""
    if played.view == "raw":
        return window, lambda answer: answer
    if played.view == "z-scored":
        mean, deviation = float(X.mean()), float(X.std())
        return (window - mean) / deviation, lambda answer: answer * deviation + mean
    if played.view == "relative":
        scale = float((X - X[:, -1:]).std())
        change = float((y - X[:, -1]).std())
        return (window - window[:, -1:]) / scale, lambda answer: window[:, -1] + answer * change
    if played.horizon > season:
        raise ValueError(f"seasonal differences need horizon <= {season}, got {played.horizon}")
    changes = X[:, season:] - X[:, :-season]
    mean, deviation = float(changes.mean()), float(changes.std())
    before = window[:, -season : played.window - season + played.horizon, 0]
    return (
        (window[:, season:] - window[:, :-season] - mean) / deviation,
        lambda answer: before + answer * deviation + mean,
    )


def lag_features(seen: Any, steps: int) -> Any:
    """(samples, timesteps, 1) as (samples, steps, 1 + lags): each step with the values before."""
    lags = seen.shape[1] - steps
    shifted = [seen[:, lags - lag : lags - lag + steps] for lag in range(lags + 1)]
    return ops.concatenate(shifted, axis=2)
