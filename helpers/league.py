"""The league: every contender on every task, at its best rate of a few, over many seeds.

That takes an hour and more, so `uv run python tests/run_league.py` computes it and keeps it in
`league.json` beside this file. Notebooks read it with `results`, and say that they do.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from helpers import contenders, inputs, report, sequences
from helpers.contenders import BUDGET, Budget
from helpers.data import (
    adding_task,
    hold_latest_task,
    largest_marked_task,
    motif_task,
    parity_task,
    recall_task,
    since_reset_task,
)
from helpers.forecasting import rmse
from helpers.recording import complete
from helpers.training import Runs, repeat

import keras
import numpy as np
import tensorflow as tf
from IPython.display import Markdown

__all__ = ["CHOOSING", "FILE", "NAMES", "RATES", "SEEDS", "TASKS", "TIMESTEPS", "Cell", "League",
           "Task", "play", "plays", "results", "signature",
           "table"]  # fmt: skip

FILE = Path(__file__).with_name("league.json")

#: Steps of a row, and how many rows are held out: to choose the rate, and to judge.
TIMESTEPS, VALIDATION_ROWS, TEST_ROWS = 50, 2000, 2000
#: The starting rates to choose from, the same for all networks: by the error on validation rows.
RATES = (0.002, 0.005, 0.01, 0.02)
#: The seeds for choosing, and those of the result. Each fixes rows as well as starting weights.
#: Five, as a recurrent network may find a lag from one start and miss it from the next.
CHOOSING, SEEDS = tuple(range(1000, 1005)), tuple(range(20))
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
    "marks since reset": Task(since_reset_task),
    "motif": Task(motif_task),
    "parity": Task(parity_task),
}


def plays(task: str, name: str) -> bool:
    """Whether this contender takes part in this task."""
    return name != ONE_STEP or TASKS[task].wanted is not None


# ---- Playing ------------------------------------------------------------------------------------


def play(
    task: str,
    name: str,
    seeds: int,
    before: Mapping[str, Any] | None = None,
    compiled: dict[tuple, Runs] | None = None,
) -> dict[str, Any]:
    """Let one contender play one task, or go on where it was left off.

    A network's rate is chosen by the median error on validation rows over the seeds CHOOSING. Then
    it trains from the first of SEEDS, each time on new rows, and is judged on test rows.

    Args:
        task: one of TASKS.
        name: one of NAMES that `plays`.
        seeds: how many of SEEDS.
        before: what an earlier call for fewer seeds returned.
        compiled: what was compiled in earlier calls, and is to serve again; added to.

    Returns:
        "errors": RMSE on test rows in units of y, one a seed, 4 significant digits; "signature";
        of networks also "weights", how many; "rate", the one chosen; "validation", for each rate
        the errors by which it was.
    """
    if task not in TASKS or name not in NAMES or not plays(task, name):
        raise ValueError(f"{name!r} does not play {task!r}")
    seeds = inputs.count("seeds", seeds, most=len(SEEDS))
    signed = signature(task, name)
    before = before if before and before["signature"] == signed else {"errors": []}
    result = {"signature": signed, **before}
    to_do = SEEDS[len(result["errors"]) : seeds]
    if name not in contenders.CONTENDERS:
        step = [TASKS[task].wanted] if name == ONE_STEP else slice(None)
        errors = [_linear_error(task, seed, step) for seed in to_do]
    else:
        compiled = {} if compiled is None else compiled
        chosen = _choose(task, name, result.get("validation", {}), compiled)
        if result.get("rate") not in (None, chosen["rate"]):
            result["errors"], to_do = [], SEEDS[:seeds]
        result |= chosen
        errors = [
            network_error(task, name, result["rate"], seed, compiled=compiled) for seed in to_do
        ]
    return result | {"errors": [*result["errors"], *map(_rounded, errors)]}


def network_error(
    task: str,
    name: str,
    rate: float,
    seed: int,
    *,
    on: str = "test",
    compiled: dict[tuple, Runs] | None = None,
) -> float:
    """Train a network once; its RMSE on "test" or "validation" rows, in units of y.

    It learns the target less its mean and over its standard deviation, both of its training rows.
    """
    budget = TASKS[task].budget
    X, y = rows(task, "train", seed)
    mean, deviation = y.mean(), y.std()
    key = name, rate, X.shape, budget
    compiled = {} if compiled is None else compiled
    network = partial(contenders.build, name, X.shape[1:], rate, updates=budget.updates)
    compiled[key] = runs = repeat(
        network, X, (y - mean) / deviation, [seed], like=compiled.get(key),
        epochs=budget.epochs, batch_size=budget.batch_size, verbose=0,
    )  # fmt: skip
    X, y = rows(task, on, seed)
    return rmse(y, runs.predict(X)[0] * deviation + mean)


def _choose(
    task: str, name: str, before: Mapping[str, list[float]], compiled: dict[tuple, Runs]
) -> dict[str, Any]:
    """Go on from the errors of the first seeds out of CHOOSING, by rate, to those of all."""
    errors = {}
    for rate in RATES:
        known = before.get(str(rate), [])
        errors[rate] = known + [
            _rounded(network_error(task, name, rate, seed, on="validation", compiled=compiled))
            for seed in CHOOSING[len(known) :]
        ]
    X, _ = rows(task, "train", SEEDS[0])
    return {
        "weights": contenders.build(name, X.shape[1:], RATES[0]).count_params(),
        "rate": min(RATES, key=lambda rate: np.median(errors[rate])),
        "validation": {str(rate): several for rate, several in errors.items()},
    }


def _linear_error(task: str, seed: int, step: slice | list[int]) -> float:
    (X, y), (X_test, y_test) = rows(task, "train", seed), rows(task, "test", seed)
    return rmse(y_test, sequences.least_squares(X[:, step], y, X_test[:, step])[0])


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


def no_skill(task: str) -> float:
    """RMSE on test rows of a guess of the training rows' mean, the median over SEEDS."""
    errors = []
    for seed in SEEDS:
        (_, y), (_, y_test) = rows(task, "train", seed), rows(task, "test", seed)
        errors.append(rmse(y_test, np.full_like(y_test, y.mean())))
    return _rounded(float(np.median(errors)))


def signature(task: str, name: str) -> str:
    """Eight letters that change with the task, the contender, the budget or the grid of rates.

    Comments, docstrings and line breaks of the contender's code do not count, and what Keras makes
    of it is not in it.
    """
    played = TASKS[task]
    X, y = played.make(3, TIMESTEPS, 0)
    parts = [
        *_code_of(contenders.CONTENDERS.get(name, sequences.least_squares)),
        *(part.tobytes().hex() for part in (X, y)),
        repr((tuple(played.budget), round(played.noise, 6), TIMESTEPS, TEST_ROWS)),
        repr(
            (RATES, VALIDATION_ROWS, "targets standardised")
            if name in contenders.CONTENDERS
            else ()
        ),
    ]
    if name == ONE_STEP:
        parts.append(str(played.wanted))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]


def _code_of(function: Callable) -> list[str]:
    """A function as text, and after it what it uses from its own module."""
    code = []
    used = [function.__globals__.get(used) for used in function.__code__.co_names]
    for part in [function, *used]:
        if getattr(part, "__module__", None) == function.__module__:
            tree = ast.parse(textwrap.dedent(inspect.getsource(part)))
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
                    node.body = node.body[1:]
            code.append(ast.unparse(tree))
    return code


def settings() -> dict[str, Any]:
    """What the file says about all cells."""
    return {
        "what": "Errors are RMSE on test rows without noise, in units of y, one a seed: 0, 1, 2, "
        "... Each seed has training, validation and test rows of its own. A network learns the "
        "target less its mean and over its standard deviation, both of its training rows. Its rate,"
        " which sinks to zero along a cosine, is the one of the grid with the smallest median error"
        " on validation rows over the choosing seeds.",
        "budget": BUDGET._asdict(),
        "timesteps": TIMESTEPS,
        "validation rows": VALIDATION_ROWS,
        "test rows": TEST_ROWS,
        "rates": list(RATES),
        "choosing seeds": list(CHOOSING),
        "versions": {package.__name__: package.__version__ for package in (keras, np, tf)},
    }


def _rounded(error: float) -> float:
    # What is left of an exact prediction is rounding, and differs from machine to machine.
    return 0.0 if error < 1e-6 else float(f"{error:.4g}")


# ---- Reading ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """What one contender reached on one task.

    Attributes:
        errors: RMSE on test rows, (seeds,), in units of y.
        no_skill: that of a guess of the mean.
        rate: the learning rate it began with, chosen on validation rows; None for least squares.
        weights: how many it trains; None for least squares.
        tried: rate -> the errors by which it was chosen, on validation rows, (choosing seeds,), as
            shares of that of no skill; empty for least squares.
    """

    errors: np.ndarray
    no_skill: float
    rate: float | None
    weights: int | None
    tried: Mapping[float, np.ndarray] = field(default_factory=dict)

    @property
    def median(self) -> float:
        """The median error over the seeds, in units of y."""
        return float(np.median(self.errors))

    @property
    def range(self) -> tuple[float, float]:
        """The smallest and the largest error of a seed, in units of y."""
        return float(self.errors.min()), float(self.errors.max())

    @property
    def skills(self) -> np.ndarray:
        """The errors as shares of that of no skill, (seeds,): 0 is perfect, 1 no better."""
        return self.errors / self.no_skill

    @property
    def skill(self) -> float:
        """The median error as a share of that of no skill."""
        return self.median / self.no_skill


@dataclass(frozen=True)
class League:
    """The recorded league.

    Attributes:
        cells: (task, contender) -> Cell.
        seeds: how many every cell has at least.
        settings: budget, grid of rates, seeds for choosing and the versions it was computed with.
    """

    cells: Mapping[tuple[str, str], Cell]
    seeds: int
    settings: Mapping[str, Any]

    @property
    def tasks(self) -> list[str]:
        return list(dict.fromkeys(task for task, _ in self.cells))

    @property
    def names(self) -> list[str]:
        """The contenders, those among them who do not play every task."""
        return [name for name in NAMES if any(name == other for _, other in self.cells)]

    def __getitem__(self, cell: tuple[str, str]) -> Cell:
        if cell not in self.cells:
            raise KeyError(f"no cell {cell}; tasks {self.tasks}, contenders {self.names}")
        return self.cells[cell]

    def best(self, task: str) -> str:
        """The network or least squares with the smallest median error on a task."""
        own = {name: cell.median for (other, name), cell in self.cells.items() if other == task}
        if not own:
            raise KeyError(f"no task {task!r}; there are {self.tasks}")
        return min(own, key=own.get)


def _cell(recorded: Mapping[str, Any], no_skill: float) -> Cell:
    errors = np.array(recorded["errors"])
    tried = {
        float(rate): np.array(several) / no_skill
        for rate, several in recorded.get("validation", {}).items()
    }
    return Cell(errors, no_skill, recorded.get("rate"), recorded.get("weights"), tried)


def results(file: Path = FILE, *, partial_too: bool = False) -> League:
    """The league as recorded: every cell of TASKS and NAMES.

    Args:
        file: where it is kept.
        partial_too: take a league that is still being played, with the cells it has.

    Raises:
        FileNotFoundError, ValueError: no file, or a cell missing in it; the message says which
            command computes it.
    """
    recorded = json.loads(Path(file).read_text(encoding="utf-8"))
    found: dict[tuple[str, str], Cell | None] = {}
    for task in TASKS:
        entry = recorded["tasks"].get(task, {"contenders": {}})
        for name in filter(partial(plays, task), NAMES):
            cell = entry["contenders"].get(name)
            played = cell is not None and cell["errors"]
            found[task, name] = _cell(cell, entry["no skill"]) if played else None
    cells = complete(found, file, "python tests/run_league.py", partial_too=partial_too)
    seeds = min(len(cell.errors) for cell in cells.values())
    return League(cells, seeds, {k: v for k, v in recorded.items() if k != "tasks"})


def table(
    recorded: League, *, tasks: Sequence[str] | None = None, names: Sequence[str] | None = None
) -> Markdown:
    """The median error of each contender and its range over the seeds, in percent of no skill.

    Args:
        recorded: what `results` returned.
        tasks, names: those to show, in this order; all by default. One row a contender, one column
            a task.

    Raises:
        KeyError: a task or a contender that is not in the league.
    """
    tasks = recorded.tasks if tasks is None else list(tasks)
    rows = {
        name: [
            report.spread(recorded[task, name].skills * 100) if plays(task, name) else "–"
            for task in tasks
        ]
        for name in (recorded.names if names is None else names)
    }
    return report.table(rows, ["error in % of no skill", *tasks])
