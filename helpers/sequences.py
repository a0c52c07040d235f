"""What the races of notebooks 05 and 07 do to arrays of sequences: pad, cut, mix, and score.

Rows of different lengths share one array when zeros stand in front of the shorter ones. Where zero
could also be a value, a last feature tells the steps (1) from the padding (0).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from helpers import inputs

import numpy as np

__all__ = ["Rows", "Task", "flagged", "least_squares", "mixed_lengths", "newest", "padded", "rmse"]

#: X of shape (samples, timesteps, features) and y of shape (samples, outputs).
Rows: TypeAlias = tuple[np.ndarray, np.ndarray]
#: Draws rows: task(samples, timesteps, seed=seed).
Task: TypeAlias = Callable[..., Rows]

SEQUENCES = ["samples", "timesteps", "features"]


def padded(X: np.ndarray, timesteps: int) -> np.ndarray:
    """Put steps of zeros in front until each row has `timesteps` steps.

    Args:
        X: shape (samples, timesteps, features).
        timesteps: at least as many as X has.

    Returns:
        shape (samples, `timesteps`, features), with the type of X.

    Raises:
        TypeError, ValueError: X has another number of axes, or more steps than `timesteps`.
    """
    X = _sequences("X", X)
    timesteps = inputs.count("timesteps", timesteps, least=X.shape[1])
    return np.pad(X, ((0, 0), (timesteps - X.shape[1], 0), (0, 0)))


def flagged(X: np.ndarray, timesteps: int | None = None) -> np.ndarray:
    """Add the feature 'is a step', then pad in front as `padded` does.

    Args:
        X: shape (samples, timesteps, features).
        timesteps: the length to pad to; none is added by default.

    Returns:
        shape (samples, `timesteps`, features + 1). The last feature is 1, and 0 in the padding.
    """
    X = _sequences("X", X)
    with_flag = np.concatenate([X, np.ones_like(X[:, :, :1])], axis=2)
    return padded(with_flag, X.shape[1] if timesteps is None else timesteps)


def newest(X: np.ndarray, n: int, timesteps: int) -> np.ndarray:
    """The newest `n` steps of each row, `flagged` and padded to `timesteps`.

    Args:
        X: shape (samples, timesteps, features).
        n: steps to keep, at most as many as X has.
        timesteps: steps of the result.

    Returns:
        shape (samples, `timesteps`, features + 1).
    """
    X = _sequences("X", X)
    n = inputs.count("n", n, most=X.shape[1])
    return flagged(X[:, -n:], timesteps)


def mixed_lengths(
    task: Task, n_samples: int, longest: int, seed: int, *, flag: bool = False
) -> Rows:
    """Rows of a task in equal numbers of the lengths 2, 4, 6 and so on, padded to the longest.

    Args:
        task: draws rows, such as `helpers.data.adding_task`.
        n_samples: rows in all, at least one for each length; what is left over by a division is
            not drawn.
        longest: the largest length, at least 2.
        seed: fixes the draws; each length has a seed of its own.
        flag: whether to add the feature 'is a step'.

    Returns:
        X of shape (samples, `longest`, features) and y, the shortest rows first.
    """
    longest = inputs.count("longest", longest, least=2)
    lengths = range(2, longest + 1, 2)
    n_samples = inputs.count("n_samples", n_samples, least=len(lengths))
    fill = flagged if flag else padded
    parts = [task(n_samples // len(lengths), length, seed=seed + length) for length in lengths]
    return np.concatenate([fill(X, longest) for X, _ in parts]), np.concatenate(
        [y for _, y in parts]
    )


def rmse(predicted: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The typical error of each seed: the root of the mean squared error, in the units of y.

    Args:
        predicted: shape (seeds, samples, outputs).
        y: shape (samples, outputs).

    Returns:
        shape (seeds,).

    Raises:
        ValueError: the shapes do not fit; nothing is stretched.
    """
    predicted = inputs.array("predicted", predicted, axes=[["seeds", "samples", "outputs"]])
    y = inputs.array("y", y, axes=[["samples", "outputs"]])
    if predicted.shape[1:] != y.shape:
        raise ValueError(
            f"predicted must be (seeds, {y.shape[0]} samples, {y.shape[1]} outputs) like y, got "
            f"{predicted.shape}"
        )
    return np.sqrt(np.mean((predicted - y) ** 2, axis=(1, 2)))


def least_squares(X: np.ndarray, y: np.ndarray, X_test: np.ndarray) -> np.ndarray:
    """Fit a weight for each number of a row, and a bias, by least squares; predict `X_test`.

    Args:
        X: shape (samples, timesteps, features).
        y: shape (samples, outputs).
        X_test: shape (test samples, timesteps, features).

    Returns:
        shape (1, test samples, outputs), as one seed's predictions: there is no luck in it.
    """
    X, X_test = _sequences("X", X), _sequences("X_test", X_test)
    y = inputs.array("y", y, axes=[["samples", "outputs"]])
    if X.shape[1:] != X_test.shape[1:] or len(X) != len(y):
        raise ValueError(
            "X, y and X_test must have the same samples (X, y), timesteps and features (X, X_test),"
            f" got X {X.shape}, y {y.shape}, X_test {X_test.shape}"
        )
    design, design_test = (
        np.column_stack([rows.reshape(len(rows), -1), np.ones(len(rows))]) for rows in (X, X_test)
    )
    weights, *_ = np.linalg.lstsq(design, y)
    return (design_test @ weights)[None]


def _sequences(name: str, X: np.ndarray) -> np.ndarray:
    return inputs.array(name, X, axes=[SEQUENCES])
