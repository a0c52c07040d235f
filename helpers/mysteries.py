"""Three tasks for notebook 06 whose making is for the learner to find out.

Whoever reads on here knows the answers.
"""

from __future__ import annotations

from functools import partial

from helpers import inputs
from helpers.sequences import Rows, Task

import numpy as np

__all__ = ["mystery"]


def mystery(letter: str) -> Task:
    """A task that draws rows by a rule of its own, for `race` and the three tests.

    Args:
        letter: "A", "B" or "C".

    Returns:
        a function called as task(samples, timesteps, seed=seed). It returns X of shape (samples,
        timesteps, 2), a value between 0 and 1 and a mark, 0 or 1, at each of at least 16 steps, and
        y of shape (samples, 1); both float32, without a unit.

    Raises:
        ValueError: no such letter; of the task: too few timesteps.
    """
    if letter not in _RULES:
        raise ValueError(f"letter must be one of {list(_RULES)}, got {letter!r}")
    return partial(_draw, letter)


def _draw(letter: str, samples: int, timesteps: int, *, seed: int) -> Rows:
    samples = inputs.count("samples", samples)
    timesteps = inputs.count("timesteps", timesteps, least=16)
    seed = inputs.count("seed", seed, least=0)
    generator = np.random.default_rng([seed, ord(letter)])
    values = generator.uniform(0, 1, (samples, timesteps))
    marks = (generator.random((samples, timesteps)) < 0.15).astype(float)
    y = _RULES[letter](values, marks)
    return np.stack([values, marks], axis=2).astype(np.float32), y[:, None].astype(np.float32)


def _state(values: np.ndarray, marks: np.ndarray) -> np.ndarray:
    # A mark puts the level at its value; without one it sinks by a tenth.
    level = values[:, 0]
    for step in range(values.shape[1]):
        level = np.where(marks[:, step] == 1, values[:, step], 0.9 * level)
    return level


def _places(values: np.ndarray, marks: np.ndarray) -> np.ndarray:
    return 0.8 * values[:, -3] - 0.5 * values[:, -8] + 0.3 * values[:, -15]


def _set(values: np.ndarray, marks: np.ndarray) -> np.ndarray:
    # What the smallest marked value lacks to one.
    return np.where(marks == 1, 1 - values, 0).max(axis=1)


_RULES = {"A": _state, "B": _places, "C": _set}
