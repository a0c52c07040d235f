"""The explorer of notebook 05: which model learns which task, and up to which length."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from helpers import plots
from helpers.data import adding_task, hold_latest_task, recall_task
from helpers.report import approx
from helpers.widgets.live import explorer
from helpers.widgets.queue import Monitor
from helpers.widgets.training import rmse, seed_of, train, units_of

import keras
import numpy as np
from ipywidgets import Dropdown, SelectionSlider, VBox
from matplotlib.figure import Figure

__all__ = ["memory_explorer"]

Rows = tuple[np.ndarray, np.ndarray]  # X and y

_LENGTHS = (2, 5, 10, 20, 50, 100)
# The lengths that rows are padded to: each is a program of its own, of seconds and of memory.
_PADDED = (10, 50, 100)


def _recall_first(samples: int, timesteps: int, *, seed: int) -> Rows:
    """The known lag, as long as the row; its second feature says that this is a step."""
    X, y = recall_task(samples, timesteps, lag=timesteps - 1, seed=seed)
    return np.concatenate([X, np.ones_like(X)], axis=2), y


_TASKS = {
    "recall the first value": _recall_first,
    "adding": adding_task,
    "hold the latest": hold_latest_task,
}


class _Outcome(NamedTuple):
    """What one training ended with, in the units of the target.

    `learned` has the errors after each epoch, (epochs,) on training and on test rows; `no_skill` is
    the error on test rows of guessing the mean.
    """

    task: str
    model: str
    length: int
    learned: dict[str, np.ndarray]
    no_skill: float

    @property
    def error(self) -> float:
        return self.learned["test rows"][-1]


def memory_explorer(
    network: Callable[[str, int, int], keras.Model],
    rows_of: Callable[[Callable[..., Rows], int, int], Iterable[Rows]],
    models: Sequence[str],
    *,
    epochs: int,
    batch_size: int,
) -> VBox:
    """Choose a task, a length, a model and its units; train, and compare with no skill.

    Args:
        network: takes one of `models`, the timesteps of a row and a number of units; returns a
            compiled model for rows of two features.
        rows_of: takes a task (`adding_task` or one with its arguments), the length of its sequences
            and the timesteps to pad them to; returns the rows to train on and those to test on.
        models: names in `plots.LOOKS`.
        epochs, batch_size: as for `fit`.

    Returns:
        The explorer, see `helpers.widgets.live`. Each run has one seed, and all runs on a task are
        kept. Its figure is `plots.sweep`. Nothing is trained until a control is moved.
    """
    outcomes: list[_Outcome] = []

    def work(
        task: str, length: int, model: str, units: int, seed: int, monitor: Monitor
    ) -> _Outcome:
        padded = min(n for n in _PADDED if n >= length)
        (X, y), test = rows_of(_TASKS[task], length, padded)
        runs = train(("memory", model, units, padded), partial(network, model, padded, units), X, y,
                     [seed_of(seed)], monitor, epochs=epochs, batch_size=batch_size,
                     validation_data=test)  # fmt: skip
        learned = {"training rows": np.sqrt(runs.history["loss"][0]),
                   "test rows": np.sqrt(runs.history["val_loss"][0])}  # fmt: skip
        return _Outcome(task, model, length, learned, rmse(y.mean(), test[1][:, 0]))

    def draw(
        task: str, length: int, model: str, units: int, result: _Outcome
    ) -> tuple[Figure, str]:
        results = [(o.model, o.length, o.error) for o in outcomes if o.task == task]
        figure = plots.sweep(result.learned, results, model=model, no_skill=result.no_skill)
        words = (
            f"{task}, T = {length}, {model} with {units_of(units)}: RMSE {approx(result.error)} on "
            f"test rows, which is {approx(result.error / result.no_skill)} of the error of no "
            "skill."
        )
        return figure, words

    controls = {
        "task": Dropdown(options=list(_TASKS), value="adding", description="task"),
        "length": SelectionSlider(options=_LENGTHS, value=10, description="length T (steps)",
                                  continuous_update=False),
        "model": Dropdown(options=list(models), description="model"),
        "units": SelectionSlider(options=(4, 16, 64), value=16, description="units",
                                 continuous_update=False),
    }  # fmt: skip
    return explorer(draw, controls, work=work, works_on=tuple(controls), keep=outcomes.append,
                    at_once=False)  # fmt: skip
