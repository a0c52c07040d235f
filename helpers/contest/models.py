"""The models of a contest: formulas, least squares over a window, and networks in training.

Each takes what it may know and gives its forecasts, in the unit of the series.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from helpers import forecasting
from helpers.contest.layout import Plan
from helpers.forecasting import Split
from helpers.training import Runs, repeat
from helpers.training.memory import give_back

import keras
import numpy as np

__all__ = [
    "FORMULAS",
    "NETWORKS",
    "RATES",
    "VIEWS",
    "Forecasts",
    "School",
    "View",
    "formulas",
    "line",
]

#: What needs no training. Those with a season in their name need one; the last finds two or three
#: numbers in what is known.
FORMULAS = (
    "mean",
    "persistence",
    "seasonal naive",
    "seasonal naive with drift",
    "mean seasonal change",
    "exponential smoothing",
)
#: The three networks, the one with the fewest parts first.
NETWORKS: Mapping[str, Callable[[], list[keras.Layer]]] = {
    "MLP": lambda: [keras.layers.Flatten(), keras.layers.Dense(64, activation="relu")],
    "GRU": lambda: [keras.layers.GRU(12)],
    "LSTM": lambda: [keras.layers.LSTM(12)],
}
#: How a network may be shown its window.
VIEWS = ("z-scored", "relative")
#: Batches that a network is trained on, rows in each, and how often it sees a row at most.
UPDATES, BATCH, MOST_EPOCHS = 3000, 16, 60
#: Learning rates of Adam that are tried, the middle one first. From there they sink along a cosine.
RATES = (0.006, 0.002, 0.02)


# ---- Formulas and a line -------------------------------------------------------------------------


def formulas(layout: Plan) -> dict[str, forecasting.Baseline]:
    """The formulas that this plan has a season for, all but exponential smoothing."""
    plain = {"mean": forecasting.mean, "persistence": forecasting.persistence}
    season = layout.season
    if season is None:
        return plain
    known = layout.splits[0].test.start + layout.longest
    seasons = min(10, (known - 1) // season)
    return plain | {
        "seasonal naive": partial(forecasting.seasonal_naive, season=season),
        "seasonal naive with drift": partial(forecasting.seasonal_naive_with_drift, season=season),
        "mean seasonal change": partial(
            forecasting.mean_seasonal_change, season=season, seasons=seasons
        ),
    }


def line(X: np.ndarray, y: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Least squares from windows to what follows: a weight for each value, and a constant.

    Args:
        X, y: the rows to fit, (samples, window) and (samples, horizon).

    Returns:
        a function from windows, (samples, window), to forecasts, (samples, horizon).
    """
    center = X.mean()  # numbers near zero keep their digits

    def columns(X: np.ndarray) -> np.ndarray:
        return np.column_stack([X - center, np.ones(len(X))])

    weights = np.linalg.lstsq(columns(X), y - center, rcond=None)[0]
    return lambda X: columns(X) @ weights + center


# ---- Networks ------------------------------------------------------------------------------------

#: From windows, (samples, window), to forecasts, (seeds, samples, horizon), in the series' unit.
Forecasts: TypeAlias = Callable[[np.ndarray], np.ndarray]


class School:
    """Trains networks, and compiles each only once for rows of equal number and length."""

    def __init__(self, progress: Callable[[], object]) -> None:
        self._progress = progress
        self._like: dict[tuple, Runs] = {}

    def train(
        self,
        name: str,
        X: np.ndarray,
        y: np.ndarray,
        split: Split,
        view: str,
        rate: float,
        seeds: Sequence[int],
    ) -> Forecasts:
        """Train on the rows of a split, and keep of each seed the epoch best in validation."""
        shown = View(view, X[split.train], y[split.train])
        trained, held_out = (shown.rows(X[s], y[s]) for s in (split.train, split.validation))
        epochs = min(MOST_EPOCHS, math.ceil(UPDATES / math.ceil(len(trained[0]) / BATCH)))
        key = name, X.shape[1]
        runs = repeat(
            partial(_network, name, X.shape[1], y.shape[1], rate),
            *trained,
            seeds,
            like=self._like.get(key),
            batch_size=BATCH,
            epochs=epochs,
            validation_data=held_out,
            callbacks=[
                keras.callbacks.LearningRateScheduler(partial(_sinking, rate, epochs)),
                keras.callbacks.EarlyStopping(patience=epochs, restore_best_weights=True),
            ],
            verbose=0,
        )
        self._like.setdefault(key, runs)
        self._progress()
        return lambda X: shown.back(runs.predict(shown.windows(X)), X)

    def forget(self) -> None:
        """Give back the memory of what is compiled, some 30 MB for each network and window."""
        self._like.clear()
        gc.collect()
        give_back()


class View:
    """How a network is shown windows: z-scored, or relative to their newest value.

    Mean and spread are those of the rows trained on. Targets are changed in the same way, and
    forecasts changed back.
    """

    def __init__(self, name: str, X: np.ndarray, y: np.ndarray) -> None:
        self._relative = name == "relative"
        self._mean = 0.0 if self._relative else X.mean()
        self._inputs = self._shifted(X, X).std() or 1.0
        # Further ahead, values lie further from the newest one than those of the window do.
        self._targets = self._shifted(y, X).std() or 1.0

    def _shifted(self, values: np.ndarray, X: np.ndarray) -> np.ndarray:
        return values - (X[:, -1:] if self._relative else self._mean)

    def windows(self, X: np.ndarray) -> np.ndarray:
        """(samples, window) -> (samples, timesteps, features)."""
        return (self._shifted(X, X) / self._inputs)[:, :, None]

    def rows(self, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Windows and targets, (samples, horizon), as a network gets them."""
        return self.windows(X), self._shifted(y, X) / self._targets

    def back(self, outputs: np.ndarray, X: np.ndarray) -> np.ndarray:
        """What a network answers to windows X, in the series' unit: (..., samples, horizon)."""
        return outputs * self._targets + (X[:, -1:] if self._relative else self._mean)


def _network(name: str, window: int, horizon: int, rate: float) -> keras.Model:
    layers = [keras.Input((window, 1)), *NETWORKS[name](), keras.layers.Dense(horizon)]
    model = keras.Sequential(layers)
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(rate))
    return model


def _sinking(rate: float, epochs: int, epoch: int, _: float) -> float:
    return rate * (1 + math.cos(math.pi * epoch / epochs)) / 2
