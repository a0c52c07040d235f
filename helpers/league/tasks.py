"""What is played, by whom, and on which rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from helpers import contenders
from helpers.contenders import BUDGET, Budget
from helpers.data import (
    adding_task,
    hold_first_task,
    hold_latest_task,
    largest_marked_task,
    motif_task,
    parity_task,
    recall_task,
    since_reset_task,
)
from helpers.later_tasks import level_task, product_task, since_mark_task, spread_task

import numpy as np

__all__ = ["NAMES", "ONE_STEP", "TASKS", "TEST_ROWS", "TIMESTEPS", "VALIDATION_ROWS", "Rows",
           "Task", "plays", "rows"]  # fmt: skip

#: Steps of a row, and how many rows are held out: to choose the rate, and to judge.
TIMESTEPS, VALIDATION_ROWS, TEST_ROWS = 50, 2000, 2000
#: Least squares on the one step that carries the answer, where there is one.
ONE_STEP = "least squares, that step"
#: All who take part, in the order of tables and figures.
NAMES = (ONE_STEP, "least squares", *contenders.CONTENDERS)

Rows = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Task:
    """A task of the league.

    Attributes:
        make: takes samples, timesteps and a seed; returns X of shape (samples, timesteps, 2) and y
            of shape (samples, 1).
        budget: what a network may spend; as a rule that of the course.
        noise: standard deviation of what is added to the targets of training and validation rows,
            in units of y. Errors on test rows are measured on targets without it.
        wanted: the one step that carries the answer, from 0, where it is the same in every row.
    """

    make: Callable[[int, int, int], Rows]
    budget: Budget = BUDGET
    noise: float = 0.0
    wanted: int | None = None


def _known_lag(samples: int, timesteps: int, seed: int, *, lag: int, cue: bool) -> Rows:
    """The value `lag` steps back, with a second feature that tells steps (1) from padding (0).

    With a cue the row begins with the wanted value, after padding, so that the second feature turns
    on just there. Without one all steps are steps.
    """
    X, y = recall_task(samples, timesteps, lag=lag, seed=seed)
    X = np.concatenate([X, np.ones_like(X)], axis=2)
    if cue:
        X[:, : timesteps - lag - 1] = 0
    return X, y


def _at_lag(lag: int, cue: bool, **others: Any) -> Task:
    return Task(partial(_known_lag, lag=lag, cue=cue), wanted=TIMESTEPS - 1 - lag, **others)


TASKS: Mapping[str, Task] = {
    "lag 20, cue": _at_lag(20, cue=True),
    "lag 40, cue": _at_lag(40, cue=True),
    "lag 20": _at_lag(20, cue=False),
    "lag 40": _at_lag(40, cue=False),
    # Noise as large as the signal, the standard deviation of U[0, 1]; as many updates as elsewhere.
    "lag 40, noise, 100 rows": _at_lag(
        40, cue=False, noise=float(np.sqrt(1 / 12)), budget=Budget(100, 600, BUDGET.batch_size)
    ),
    "adding": Task(adding_task),
    "largest marked": Task(largest_marked_task),
    "hold the latest": Task(hold_latest_task),
    "hold the first": Task(hold_first_task),
    "marks since reset": Task(since_reset_task),
    "motif": Task(motif_task),
    "parity": Task(parity_task),
    # The chart of notebook 05 was drawn before these were played, and was mended by three of them.
    "product": Task(product_task),
    "steps since the mark": Task(since_mark_task),
    "largest less smallest": Task(spread_task),
    "level of a tank": Task(level_task),
}


def plays(task: str, name: str) -> bool:
    """Whether this contender takes part in this task."""
    return name != ONE_STEP or TASKS[task].wanted is not None


def rows(task: str, which: str, seed: int) -> Rows:
    """The "train", "validation" or "test" rows that belong to a seed: X and y as from the task."""
    samples = {
        "train": TASKS[task].budget.rows, "validation": VALIDATION_ROWS, "test": TEST_ROWS
    }  # fmt: skip
    of_its_own = 3 * seed + [*samples].index(which)
    X, y = TASKS[task].make(samples[which], TIMESTEPS, of_its_own)
    if TASKS[task].noise and which != "test":
        drawn = np.random.default_rng([of_its_own, 1]).normal(0, TASKS[task].noise, y.shape)
        y = (y + drawn).astype(np.float32)
    return X, y
