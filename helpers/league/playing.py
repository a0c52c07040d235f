"""One contender plays one task: its rate is chosen, then it trains from many seeds, is judged."""

from __future__ import annotations

import ast
import hashlib
import inspect
import textwrap
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from helpers import contenders, inputs, sequences
from helpers.contenders import BUDGET
from helpers.forecasting import rmse
from helpers.league.tasks import (
    NAMES,
    ONE_STEP,
    TASKS,
    TEST_ROWS,
    TIMESTEPS,
    VALIDATION_ROWS,
    plays,
    rows,
)
from helpers.training import Runs, repeat

import keras
import numpy as np
import tensorflow as tf

__all__ = ["CHOOSING", "RATES", "SEEDS", "network_error", "no_skill", "play", "settings",
           "signature"]  # fmt: skip

#: The starting rates to choose from, the same for all networks: by the error on validation rows.
RATES = (0.002, 0.005, 0.01, 0.02)
#: The seeds for choosing, and those of the result. Each fixes rows as well as starting weights.
#: Five, as a recurrent network may find a lag from one start and miss it from the next.
CHOOSING, SEEDS = tuple(range(1000, 1005)), tuple(range(20))


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
