"""What the decision chart asks, as changes to the rows of a test: shuffle the steps, cut, reorder.

A model that was trained on rows as they are is asked about rows that were changed. If its error
stays, it makes no use of what the change took away.
"""

from __future__ import annotations

from collections.abc import Callable

from helpers import inputs
from helpers.sequences import SEQUENCES, rmse

import numpy as np

__all__ = [
    "cut",
    "errors_after",
    "errors_after_reordering",
    "errors_by_place",
    "reordered",
    "shuffled",
]


def shuffled(X: np.ndarray, seed: int, *, run: int = 1) -> np.ndarray:
    """Put the steps of each row into another order, each row into one of its own.

    Args:
        X: shape (samples, timesteps, features). All features of a step stay together.
        seed: fixes the draws.
        run: so many neighbours stay together, in their order; counted from the newest step, the
            oldest run may be shorter.

    Returns:
        an array of the shape of X.
    """
    X = _sequences(X)
    run = inputs.count("run", run, most=X.shape[1])
    generator = np.random.default_rng(inputs.count("seed", seed, least=0))
    starts = np.arange(X.shape[1], 0, -run)
    runs = [np.arange(max(0, stop - run), stop) for stop in starts[::-1]]
    orders = [
        np.concatenate([runs[k] for k in generator.permutation(len(runs))]) for _ in range(len(X))
    ]
    return np.take_along_axis(X, np.array(orders)[:, :, None], axis=1)


def cut(X: np.ndarray, keep: int) -> np.ndarray:
    """Put zeros in the place of all steps but the newest `keep`.

    Args:
        X: shape (samples, timesteps, features).
        keep: from 1 to the timesteps of X.

    Returns:
        an array of the shape of X.
    """
    X = _sequences(X)
    keep = inputs.count("keep", keep, most=X.shape[1])
    result = X.copy()
    result[:, : X.shape[1] - keep] = 0
    return result


def reordered(X: np.ndarray, keep: int, seed: int) -> np.ndarray:
    """Shuffle all steps but the newest `keep`, which stay where they are.

    Args:
        X: shape (samples, timesteps, features).
        keep: from 0 to the timesteps of X less 1.
        seed: fixes the draws.

    Returns:
        an array of the shape of X.
    """
    X = _sequences(X)
    keep = inputs.count("keep", keep, least=0, most=X.shape[1] - 1)
    older = X.shape[1] - keep
    return np.concatenate([shuffled(X[:, :older], seed), X[:, older:]], axis=1)


def errors_after(
    predict: Callable[[np.ndarray], np.ndarray], X: np.ndarray, y: np.ndarray, seed: int = 0
) -> dict[str, np.ndarray]:
    """The error of trained models on rows as they are, and after each of the changes above.

    Args:
        predict: from rows to predictions of shape (seeds, samples, outputs), as `Runs.predict`.
        X: rows that were not trained on, shape (samples, timesteps, features).
        y: their targets, shape (samples, outputs).
        seed: fixes the draws.

    Returns:
        RMSE in the units of y, shape (seeds,) each: "as they are"; "shuffled"; "runs of 10
        shuffled", in which most patterns of a few steps survive; "older half cut"; "older half
        reordered".
    """
    X = _sequences(X)
    half = (X.shape[1] + 1) // 2
    changed = {
        "as they are": X,
        "shuffled": shuffled(X, seed),
        "runs of 10 shuffled": shuffled(X, seed, run=min(10, X.shape[1])),
        "older half cut": cut(X, half),
        "older half reordered": reordered(X, min(half, X.shape[1] - 1), seed),
    }
    return _errors(predict, changed, y)


def errors_after_reordering(
    predict: Callable[[np.ndarray], np.ndarray], X: np.ndarray, y: np.ndarray, seed: int = 0
) -> dict[str, np.ndarray]:
    """The error when older steps lose their order, and the newest keeps its place.

    For forecasts that start from the newest value.

    Args:
        predict, X, y, seed: as for `errors_after`.

    Returns:
        RMSE in the units of y, shape (seeds,) each: "as they are"; "all but the newest reordered";
        "older half reordered".
    """
    X = _sequences(X)
    changed = {
        "as they are": X,
        "all but the newest reordered": reordered(X, 1, seed),
        "older half reordered": reordered(X, X.shape[1] // 2, seed),
    }
    return _errors(predict, changed, y)


def errors_by_place(
    predict: Callable[[np.ndarray], np.ndarray], X: np.ndarray, y: np.ndarray, seed: int = 0
) -> np.ndarray:
    """The error of trained models when one step of the rows is shuffled, for each step in turn.

    The step is exchanged between rows, all others stay: each row then has a value there that
    belongs to another one. Where that changes nothing, the models make no use of the step, or find
    the same in the others.

    Args:
        predict: from rows to predictions of shape (seeds, samples, outputs), as `Runs.predict`.
        X: rows that were not trained on, shape (samples, timesteps, features).
        y: their targets, shape (samples, outputs).
        seed: fixes the draw, the same for each step.

    Returns:
        RMSE in the units of y, shape (seeds, timesteps), the oldest step first.

    Source: L. Breiman, "Random Forests", Machine Learning 45 (2001), doi:10.1023/A:1010933404324.
    """
    X = _sequences(X)
    order = np.random.default_rng(inputs.count("seed", seed, least=0)).permutation(len(X))
    errors = []
    for step in range(X.shape[1]):
        changed = X.copy()
        changed[:, step] = X[order, step]
        errors.append(rmse(predict(changed), y))
    return np.stack(errors, axis=1)


def _errors(predict: Callable, changed: dict[str, np.ndarray], y: np.ndarray) -> dict:
    return {name: rmse(predict(rows), y) for name, rows in changed.items()}


def _sequences(X: np.ndarray) -> np.ndarray:
    return inputs.array("X", X, axes=[SEQUENCES])
