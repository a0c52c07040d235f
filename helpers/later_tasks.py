"""Tasks on which the decision chart was tried after it was drawn, and by which it was mended.

Rows are those of `helpers.data`, other questions are asked of them. Nothing here has a unit.
"""

from __future__ import annotations

from helpers import inputs
from helpers.data import adding_task, largest_marked_task, parity_task

import numpy as np

__all__ = ["level_task", "product_task", "since_mark_task", "spread_task"]


def product_task(n_samples: int, timesteps: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The product of the two marked values: parts that move, and that no sum of parts can give.

    The rows are those of `adding_task`. Whatever is added up for each value by itself is off by the
    RMSE 1/12 at least; a guess of the mean, 1/4, by sqrt(7)/12.

    Args, Returns, Raises: as `adding_task`; the target is the product.
    """
    X, _ = adding_task(n_samples, timesteps, seed)
    values, marks = X[:, :, 0], X[:, :, 1]
    return X, np.prod(np.where(marks == 1, values, 1), axis=1, keepdims=True)


def spread_task(n_samples: int, timesteps: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The largest of the marked values less the smallest: 0 where only one is marked.

    Args, Returns, Raises: as `helpers.data.largest_marked_task`, from which the rows are. At 50
    steps a guess of the mean has an RMSE of about 0.25.
    """
    X, largest = largest_marked_task(n_samples, timesteps, seed)
    values, marks = X[:, :, 0], X[:, :, 1]
    return X, largest - np.min(np.where(marks == 1, values, 1), axis=1, keepdims=True)


def since_mark_task(n_samples: int, timesteps: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """How long ago the one mark was, as a share of the row: a line on all steps says it.

    The values are drawn from U[0, 1] and say nothing. One step is marked.

    Args:
        n_samples: sequences.
        timesteps: values a sequence.
        seed: fixes the draws.

    Returns:
        X of shape (n_samples, timesteps, 2) with the features value and mark (0 or 1), and y of
        shape (n_samples, 1), 0 for a mark at the newest step, float32.

    Raises:
        TypeError, ValueError: an argument is not a whole number or out of bounds.
    """
    n_samples = inputs.count("n_samples", n_samples)
    timesteps = inputs.count("timesteps", timesteps)
    generator = np.random.default_rng(inputs.count("seed", seed, least=0))
    values = generator.uniform(size=(n_samples, timesteps))
    marked = generator.integers(timesteps, size=n_samples)
    marks = np.arange(timesteps) == marked[:, None]
    X = np.stack([values, marks], axis=2).astype(np.float32)
    return X, ((timesteps - 1 - marked[:, None]) / timesteps).astype(np.float32)


def level_task(n_samples: int, timesteps: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The level of a tank that is full at 1 and empty at 0: what a step adds hangs on those before.

    It starts at one half. At a marked step half the value flows in, at another half of it flows
    out, as far as the tank allows. Half of the steps are marked.

    Args, Returns, Raises: as `helpers.data.parity_task`; the target is the level at the end. At 50
    steps a guess of the mean has an RMSE of about 0.36.
    """
    X, _ = parity_task(n_samples, timesteps, seed, mark_rate=0.5)
    level = np.full((n_samples, 1), 0.5, np.float32)
    for step in range(timesteps):
        value, mark = X[:, step, :1], X[:, step, 1:]
        level = np.clip(level + (2 * mark - 1) * value / 2, 0, 1)
    return X, level.astype(np.float32)
