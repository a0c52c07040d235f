"""The arena: a task that you write yourself, and the quick contenders of the league on it.

A task is a function of the number of samples, of timesteps and a seed; it returns X and y.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers import contenders, inputs, plots, report
from helpers.contenders import BUDGET, Budget
from helpers.seeds import seeds as first_seeds
from helpers.training import Runs, repeat
from helpers.training.watching import bar

import keras
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown
from matplotlib.figure import Figure

__all__ = ["QUICK", "RATES", "Race", "race", "trainer"]

#: Those of the contenders that take a few seconds each.
QUICK = ("least squares", "MLP", "sum", "maximum", "LSTM", "GRU")
#: The starting rates that every network is tried with; validation rows choose.
RATES = (0.005, 0.02)
#: Rows to choose the rate on, and to judge on.
_HELD_OUT = {"validation": 1000, "test": 2000}

Rows = tuple[np.ndarray, np.ndarray]
Task = Callable[[int, int, int], Rows]

# What was compiled for earlier races: a network of the same shape is not compiled twice.
_compiled: dict[tuple, Runs] = {}


@dataclass(frozen=True)
class Race:
    """How a race ended.

    Attributes:
        errors: model -> RMSE on test rows, (seeds,), in units of no skill: 1 is as bad as guessing
            the mean of the training rows, 0 is perfect.
        no_skill: RMSE of that guess in units of y, the median over the seeds.
        rates: network -> the starting rate that validation rows chose.
    """

    errors: Mapping[str, np.ndarray]
    no_skill: float
    rates: Mapping[str, float]

    @property
    def medians(self) -> dict[str, float]:
        """Model -> median error over the seeds, in units of no skill."""
        return {name: float(np.median(errors)) for name, errors in self.errors.items()}

    @property
    def winner(self) -> str:
        """The model with the smallest median error."""
        return min(self.medians, key=self.medians.get)

    def beats(self, model: str, other: str, times: float = 2.0) -> bool:
        """Whether the median error of `other` is at least `times` that of `model`, and not zero.

        Raises:
            TypeError, ValueError: a model that was not in the race; `times` is not a number.
        """
        for name in (model, other):
            if name not in self.errors:
                raise ValueError(f"{name!r} was not in the race; it had {list(self.errors)}")
        mine, others = self.medians[model], self.medians[other]
        return bool(others > 0 and others >= inputs.number("times", times) * mine)

    def table(self) -> Markdown:
        """A row a model, the best first: its error in units of no skill, and its rate."""
        order = sorted(self.errors, key=self.medians.get)
        return report.table(
            {
                name: [report.spread(self.errors[name]), f"{self.rates.get(name, '–')}"]
                for name in order
            },
            ["model", "error (1 is no skill)", "starting rate"],
        )

    def figure(self) -> Figure:
        """The same as dots on bars of their range, beside a line of no skill, on a log scale."""
        least = 1e-3
        fig, ax = plt.subplots(figsize=(7.2, 0.8 + 0.4 * len(self.errors)))
        plots.ranges(
            ax, {name: [np.maximum(v, least)] for name, v in self.errors.items()}, [""]
        )  # fmt: skip
        ax.axvline(1, color="black", linewidth=1)
        ax.set(xscale="log", xlim=(least / 1.5, 3))
        ax.set_xlabel(f"error on test rows (1 is no skill; {least:g} stands for all below)")
        ax.set_xticks([0.001, 0.01, 0.1, 1], ["0.001", "0.01", "0.1", "1"])
        ax.minorticks_off()
        return fig


def race(
    task: Task,
    *,
    timesteps: int = 50,
    models: Sequence[str] = QUICK,
    seeds: int = 2,
    budget: Budget = BUDGET,
    verbose: str | int = "auto",
) -> Race:
    """Let the quick contenders race on a task of your own.

    Each seed has training, validation and test rows of its own. A network is trained from each
    seed at each of `RATES`; the rate with the smaller median error on validation rows counts. For
    training, y is shifted and scaled by mean and standard deviation of the training rows, and the
    predictions are scaled back. X is given to the models as the task makes it.

    The default takes half a minute on one core, less where an earlier race had X of the same shape.

    Args:
        task: takes the number of samples, of timesteps and a seed, and returns X of shape
            (samples, timesteps, features) and y of shape (samples, 1). The seed alone decides what
            is drawn: `numpy.random.default_rng(seed)`.
        timesteps: steps of a row, handed to the task.
        models: "least squares", or names in `contenders.CONTENDERS`.
        seeds: how many, the first of the course.
        budget: what a network may spend.
        verbose: as for `repeat`: a bar counts the trainings.

    Returns:
        `Race`: errors in units of no skill, a table, a figure.

    Raises:
        TypeError, ValueError: an argument is not of its kind; the task does not take three
            arguments, does not return such X and y, ignores the seed or does not keep to it, or
            gives the same y in every row. All this is found out before anything is trained.
    """
    timesteps = inputs.count("timesteps", timesteps)
    several = first_seeds(inputs.count("seeds", seeds))
    models = _known(models)
    _probe(task, timesteps)
    of_seeds = {seed: _all_rows(task, timesteps, seed, budget.rows) for seed in several}

    guesses = [_rmse(rows["train"][1].mean(), rows["test"][1]) for rows in of_seeds.values()]
    errors, rates = {}, {}
    networks = [name for name in models if name != "least squares"]
    with bar(len(networks) * len(RATES) * len(of_seeds), verbose, "training") as shown:
        for name in models:
            shown.set_postfix_str(name, refresh=False)
            if name in networks:
                tried = {rate: _try(name, rate, of_seeds, budget, shown) for rate in RATES}
                rates[name] = min(RATES, key=lambda rate, tried=tried: np.median(tried[rate][0]))
                found = tried[rates[name]][1]
            else:
                found = [_linear(rows) for rows in of_seeds.values()]
            errors[name] = np.array(found) / guesses
    return Race(errors, float(np.median(guesses)), rates)


def trainer(
    name: str, *, seeds: int = 2, rate: float = 0.01, budget: Budget = BUDGET
) -> Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]:
    """A function that trains a contender on X and y and predicts for X_test, for `probes`.

    Args:
        name: "least squares", or a name in `contenders.CONTENDERS`.
        seeds: how many, the first of the course; least squares needs none.
        rate: of Adam, at the first update.
        budget: epochs and batch size; the rows are those that are handed over.

    Returns:
        A function of X (samples, timesteps, features), y (samples, 1) and X_test, which returns
        predictions of shape (seeds, samples of X_test, 1), in units of y. y is scaled for training
        as in `race`.
    """
    (name,) = _known([name])
    several = first_seeds(inputs.count("seeds", seeds))

    def trained(X: np.ndarray, y: np.ndarray, X_test: np.ndarray) -> np.ndarray:
        if name == "least squares":
            return contenders.least_squares(X, y, X_test)[None]
        mine = budget._replace(rows=len(X))
        return _predictions(name, rate, X, y, several, mine, [X_test])[0]

    return trained


def _linear(rows: Mapping[str, Rows]) -> float:
    X_test, y_test = rows["test"]
    return _rmse(contenders.least_squares(*rows["train"], X_test), y_test)


def _try(
    name: str, rate: float, of_seeds: Mapping[int, dict], budget: Budget, shown: Any
) -> tuple[list[float], list[float]]:
    """A network's errors on validation and on test rows, one a seed, in units of y."""
    found = {"validation": [], "test": []}
    for seed, rows in of_seeds.items():
        asked = [rows[which][0] for which in found]
        several = _predictions(name, rate, *rows["train"], [seed], budget, asked)
        shown.update()
        for which, predicted in zip(found, several, strict=True):
            found[which].append(_rmse(predicted[0], rows[which][1]))
    return found["validation"], found["test"]


def _predictions(
    name: str,
    rate: float,
    X: np.ndarray,
    y: np.ndarray,
    seeds: Sequence[int],
    budget: Budget,
    asked: Sequence[np.ndarray],
) -> list[np.ndarray]:
    """Train on X and y scaled; predictions for each array of `asked`, in units of y."""
    middle, spread = y.mean(), y.std()

    def network() -> keras.Model:
        model = contenders.build(name, X.shape[1:], rate)
        # The cosine in steps of an epoch: one compiled network then serves at every rate, which
        # saves half of the memory.
        model.compile(loss="mse", optimizer=keras.optimizers.Adam(rate))
        return model

    def sinking(epoch: int, _: float) -> float:
        return rate * (1 + math.cos(math.pi * (epoch + 0.5) / budget.epochs)) / 2

    key = name, X.shape, budget.batch_size
    _compiled[key] = runs = repeat(
        network, X, (y - middle) / spread, seeds, like=_compiled.get(key), verbose=0,
        callbacks=[keras.callbacks.LearningRateScheduler(sinking)],
        epochs=budget.epochs, batch_size=budget.batch_size,
    )  # fmt: skip
    return [runs.predict(rows) * spread + middle for rows in asked]


# ---- The task -----------------------------------------------------------------------------------


def _probe(task: Any, timesteps: int) -> None:
    """Call the task for a few rows, and refuse what cannot race."""
    if not callable(task):
        raise TypeError(f"task must be a function of samples, timesteps and a seed, got {task!r}")
    try:
        inspect.signature(task).bind(8, timesteps, 0)
    except TypeError as error:
        raise TypeError(
            f"task must take three arguments (samples, timesteps, seed): {error}"
        ) from error
    except ValueError:
        pass  # built in, and tells nothing of its arguments
    X, y = _made(task, 8, timesteps, 0)
    again = _made(task, 8, timesteps, 0)
    if not (np.array_equal(X, again[0]) and np.array_equal(y, again[1])):
        raise ValueError(
            "task gives other rows for the same seed: draw with np.random.default_rng(seed) alone"
        )
    other, _ = _made(task, 8, timesteps, 1)
    if X.shape == other.shape and np.array_equal(X, other):
        raise ValueError(
            "task gives the same X for the seeds 0 and 1: draw with np.random.default_rng(seed)"
        )
    if X.shape != other.shape:
        raise ValueError(
            f"task must give X the same features for every seed, got {X.shape} and {other.shape}"
        )
    if len(np.unique(X, axis=0)) == 1:
        raise ValueError("task gives the same row 8 times: draw every row anew")


def _all_rows(task: Task, timesteps: int, seed: int, training_rows: int) -> dict[str, Rows]:
    counts = {"train": training_rows, **_HELD_OUT}
    rows = {
        which: _made(task, samples, timesteps, 3 * seed + k)
        for k, (which, samples) in enumerate(counts.items())
    }
    for which, (_, y) in rows.items():
        if y.min() == y.max():
            raise ValueError(
                f"task gives the same y, {y[0, 0]:g}, in all {len(y)} {which} rows: there is "
                "nothing to learn"
            )
    return rows


def _made(task: Task, samples: int, timesteps: int, seed: int) -> Rows:
    """What the task returns, checked, as float32."""
    made = task(samples, timesteps, seed)
    if not isinstance(made, tuple | list) or len(made) != 2:
        raise TypeError(f"task must return two arrays, X and y, got {type(made).__name__}")
    X = inputs.array("task's X", made[0], axes=[["samples", "timesteps", "features"]])
    y = inputs.array("task's y", made[1], axes=[["samples", "1"]])
    if X.shape[:2] != (samples, timesteps):
        raise ValueError(
            f"task's X must have the shape (samples, timesteps, features) = ({samples}, "
            f"{timesteps}, features), got {X.shape}"
        )
    if y.shape != (samples, 1):
        raise ValueError(
            f"task's y must have the shape (samples, 1) = ({samples}, 1), got {y.shape}"
        )
    return X.astype(np.float32), y.astype(np.float32)


def _known(models: Sequence[str]) -> list[str]:
    known = ["least squares", *contenders.CONTENDERS]
    if isinstance(models, str):
        raise TypeError(f"models must be several names, such as ({models!r},), got one text")
    models = list(models)
    if not models or not set(models) <= set(known) or len(set(models)) < len(models):
        raise ValueError(f"models must be one or more different ones of {known}, got {models}")
    return models


def _rmse(predicted: np.ndarray | float, y: np.ndarray) -> float:
    return float(np.sqrt(np.mean((np.asarray(predicted, float) - y) ** 2)))
