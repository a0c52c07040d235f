"""`race`: the quick contenders of notebook 05 on any task, the learner's own among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from helpers import contenders, inputs
from helpers.seeds import seeds as usual_seeds
from helpers.sequences import SEQUENCES, Rows, least_squares, rmse
from helpers.training import Runs, repeat

import numpy as np

__all__ = ["QUICK", "RATES", "race", "rows_from", "scaled"]

#: The learning rate that each network starts from.
RATES = {"MLP": 0.005, "sum": 0.01, "maximum": 0.01, "LSTM": 0.02, "GRU": 0.02}
#: The models that are trained in seconds.
QUICK = ("linear", *RATES)

_compiled: dict[tuple, Runs] = {}


def race(
    task: Callable[..., Rows],
    *,
    timesteps: int = 50,
    models: Sequence[str] = QUICK,
    seeds: Sequence[int] | None = None,
    rows: int = contenders.BUDGET.rows,
    epochs: int = contenders.BUDGET.epochs,
    keep: dict[str, Runs] | None = None,
) -> dict[str, np.ndarray]:
    """Train each model on rows of `task` and say how far it gets on rows that it never saw.

    The networks are those of `contenders`; "linear" is least squares on all steps. Each gets the
    same rows and updates. They learn the target less its mean and over its standard deviation, both
    found on the training rows; the inputs are left as they are.

    Args:
        task: called as task(samples, timesteps, seed=seed); returns X of shape (samples, timesteps,
            features) and y of shape (samples, 1), another draw for another seed.
        timesteps: of each row, at least 2.
        models: names out of QUICK, or of another network that RATES has.
        seeds: the starts of each network; two by default.
        rows: sequences to train on. A thousand others are tested on.
        epochs: passes over them, in batches of 50.
        keep: a dict to which the trained networks are added, by name, to be asked more. What they
            predict is the target less its mean and over its standard deviation.

    Returns:
        for each model its errors, shape (seeds,), (1,) for "linear": RMSE on the test rows as a
        share of no skill, the error of guessing the mean. 0 is perfect, 1 is no better than that.

    Raises:
        TypeError, ValueError: an unknown model; a task that does not give what is said above.
    """
    unknown = [name for name in models if name not in QUICK]
    if unknown or not models:
        raise ValueError(f"models must be out of {list(QUICK)}, got {list(models)}")
    timesteps = inputs.count("timesteps", timesteps, least=2)
    starts = list(usual_seeds(2) if seeds is None else seeds)
    train_seed, test_seed = usual_seeds(2)
    X, y = rows_from(task, inputs.count("rows", rows, least=2), timesteps, train_seed)
    X_test, y_test = rows_from(task, 1000, timesteps, test_seed)
    if X_test.shape[2] != X.shape[2]:
        raise ValueError(f"task must always give as many features, got {X.shape} {X_test.shape}")
    # As many rows of each, as a generator may draw others where more are asked for.
    few, others = (rows_from(task, 8, timesteps, seed)[0] for seed in (train_seed, test_seed))
    if np.array_equal(few, others):
        raise ValueError("task gives the same rows for another seed: draw them with its seed")
    mean, deviation = y.mean(), y.std()
    scaled, scaled_test = (y - mean) / deviation, (y_test - mean) / deviation
    no_skill = rmse(np.zeros((1, *y_test.shape)), scaled_test)[0]
    errors = {}
    for name in models:
        if name == "linear":
            predicted = least_squares(X, scaled, X_test)
        else:
            runs = _trained(name, X, scaled, starts, epochs)
            predicted = runs.predict(X_test)
            if keep is not None:
                keep[name] = runs
        errors[name] = rmse(predicted, scaled_test) / no_skill
    return errors


def scaled(y: np.ndarray) -> np.ndarray:
    """The targets less their mean and over their standard deviation, in the shape of y.

    So kept networks are asked in the units that they have learned, if y are enough rows to have
    nearly the mean and deviation of those trained on.
    """
    return (y - y.mean()) / y.std()


def rows_from(task: Callable[..., Rows], samples: int, timesteps: int, seed: int) -> Rows:
    """What `task` gives, checked: X (samples, timesteps, features) and y (samples, 1), float32."""
    if not callable(task):
        raise TypeError(f"task must be a function of samples, timesteps and seed, got {task!r}")
    given = task(samples, timesteps, seed=seed)
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise TypeError(f"task must return X and y, got {type(given).__name__}")
    X = inputs.array("X of the task", given[0], axes=[SEQUENCES])
    y = inputs.array("y of the task", given[1], axes=[["samples"], ["samples", "outputs"]])
    if X.shape[:2] != (samples, timesteps):
        raise ValueError(
            f"X of the task must have {samples} samples and {timesteps} timesteps, got {X.shape}"
        )
    if y.shape not in {(samples,), (samples, 1)}:
        raise ValueError(f"y of the task must be ({samples} samples, 1 output), got {y.shape}")
    if np.ptp(y) == 0:
        raise ValueError(f"y of the task is {y.flat[0]:g} in every row: there is nothing to learn")
    return X.astype(np.float32), y.reshape(samples, 1).astype(np.float32)


def _trained(name: str, X: np.ndarray, y: np.ndarray, starts: list[int], epochs: int) -> Runs:
    batch_size = contenders.BUDGET.batch_size
    updates = epochs * -(-len(X) // batch_size)
    key = name, X.shape, epochs
    build = partial(contenders.build, name, X.shape[1:], RATES[name], updates=updates)
    runs = repeat(
        build, X, y, starts, like=_compiled.get(key), epochs=epochs, batch_size=batch_size
    )
    _compiled[key] = runs
    return runs
