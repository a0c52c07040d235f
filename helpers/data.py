"""The article's data, windows over a series, splits, and tasks that need memory or seem to.

Needs numpy alone. Nothing here has a unit.
"""

from __future__ import annotations

from typing import NamedTuple

from helpers import inputs

import numpy as np

__all__ = [
    "RAMP_LAGS",
    "Ramp",
    "adding_task",
    "hold_first_task",
    "hold_latest_task",
    "largest_marked_task",
    "motif_task",
    "parity_task",
    "ramp",
    "recall_task",
    "since_reset_task",
    "sliding_windows",
    "split_rows",
]

#: Weight of the value 0, 1, 2 and 3 steps back in the article's target.
RAMP_LAGS = (1.0, 0.5, 0.2, 0.1)


class Ramp(NamedTuple):
    """The article's arrays, all float32.

    Attributes:
        X: (samples, timesteps, features), the windows for the LSTM.
        X_simple: (samples, features), the last value of each window, for the MLP.
        y: (samples, outputs), the target.
    """

    X: np.ndarray
    X_simple: np.ndarray
    y: np.ndarray


def ramp(samples: int = 100, timesteps: int = 5) -> Ramp:
    """The article's data: windows over 0, 1, 2, ... and a target of four lags.

    Row r holds the values r .. r + timesteps - 1. With i its last value, the target is
    i + 0.5 (i-1) + 0.2 (i-2) + 0.1 (i-3). Values have no unit.

    Args:
        samples: rows; the article has 100.
        timesteps: values a window; the article has 5. At least 4, the number of lags.

    Returns:
        `Ramp` with X of shape (samples, timesteps, 1), X_simple and y of shape (samples, 1).

    Raises:
        TypeError, ValueError: an argument is not a whole number, or too small.

    Source: D. Lengacher, "How to build LSTM neural networks in Keras" (2018).
    """
    samples = inputs.count("samples", samples)
    timesteps = inputs.count("timesteps", timesteps, least=len(RAMP_LAGS))
    series = np.arange(samples + timesteps - 1, dtype=np.float64)
    X, _ = sliding_windows(series, timesteps)
    y = sum(weight * X[:, -1 - back] for back, weight in enumerate(RAMP_LAGS))
    return Ramp(*(part.astype(np.float32) for part in (X, X[:, -1], y)))


def sliding_windows(
    series: np.ndarray,
    timesteps: int,
    *,
    target: np.ndarray | None = None,
    horizon: int = 0,
    stride: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """Cut a series into windows, each with the target that belongs to it.

    Window w covers the times w * stride .. w * stride + timesteps - 1. Its target is `target` at
    its last time plus `horizon`: horizon 0 is the target of the same time, as in the article, and
    horizon 1 a forecast one step ahead. Windows whose target lies past the end are left out.

    Args:
        series: (time,) or (time, features), in any unit.
        timesteps: times a window covers.
        target: (time,) or (time, outputs), as long as `series`; by default the series itself.
        horizon: steps from a window's last time to its target, at least 0.
        stride: steps from one window's start to the next one's.

    Returns:
        X of shape (samples, timesteps, features) and y of shape (samples, outputs), both new arrays
        in the dtype of their source.

    Raises:
        TypeError, ValueError: an argument is not of its kind, is empty or NaN; lengths differ; the
            series is too short for one window and its target.
    """
    series = _columns(inputs.array("series", series, axes=[["time"], ["time", "features"]]))
    if target is None:
        target = series
    target = _columns(inputs.array("target", target, axes=[["time"], ["time", "outputs"]]))
    timesteps = inputs.count("timesteps", timesteps)
    horizon = inputs.count("horizon", horizon, least=0)
    stride = inputs.count("stride", stride)
    if len(target) != len(series):
        raise ValueError(
            f"series and target must cover the same times, got {len(series)} and {len(target)}"
        )
    if timesteps + horizon > len(series):
        raise ValueError(
            f"timesteps + horizon must be at most the length of the series, got {timesteps} + "
            f"{horizon} for {len(series)} times"
        )
    windows = np.lib.stride_tricks.sliding_window_view(series, timesteps, axis=0)
    # sliding_window_view puts the window's axis last: (window, features, timesteps).
    X = windows[: len(series) - timesteps - horizon + 1 : stride].swapaxes(1, 2)
    y = target[timesteps - 1 + horizon :: stride]
    return X.copy(), y.copy()


def split_rows(
    n_samples: int, n_held_out: int, how: str, seed: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Choose the rows to train on and the rows to hold out.

    Args:
        n_samples: rows there are.
        n_held_out: rows to hold out, at least 1 and fewer than `n_samples`.
        how: "last" holds out the last rows, as Keras' validation_split does; "random" draws them.
        seed: fixes the draw; needed for "random" and for nothing else.

    Returns:
        Two rising arrays of row numbers, (n_samples - n_held_out,) and (n_held_out,): together they
        hold every row once.

    Raises:
        TypeError, ValueError: a count is not a whole number or out of bounds; another `how`; a seed
            missing for "random" or given for "last".
    """
    n_samples = inputs.count("n_samples", n_samples, least=2)
    n_held_out = inputs.count("n_held_out", n_held_out, most=n_samples - 1)
    if how not in ("last", "random"):
        raise ValueError(f'how must be "last" or "random", got {how!r}')
    if (how == "random") == (seed is None):
        raise ValueError(f"a seed is needed for a random split and for no other, got {seed}")
    rows = np.arange(n_samples)
    if how == "random":
        seed = inputs.count("seed", seed, least=0)
        rows = np.random.default_rng(seed).permutation(n_samples)
    return np.sort(rows[:-n_held_out]), np.sort(rows[-n_held_out:])


def recall_task(
    n_samples: int, timesteps: int, lag: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Recall the value `lag` steps before the last one: a lag of known position.

    The inputs are independent draws from U[0, 1], so nothing but that one value helps. A guess of
    the mean has the RMSE sqrt(1/12).

    Args:
        n_samples: sequences.
        timesteps: values a sequence; more than `lag`.
        lag: 0 recalls the last value, 1 the one before it, and so on.
        seed: fixes the draws.

    Returns:
        X of shape (n_samples, timesteps, 1) and y of shape (n_samples, 1), float32.

    Raises:
        TypeError, ValueError: an argument is not a whole number or out of bounds.
    """
    n_samples = inputs.count("n_samples", n_samples)
    timesteps = inputs.count("timesteps", timesteps)
    lag = inputs.count("lag", lag, least=0, most=timesteps - 1)
    X = _generator(seed).uniform(size=(n_samples, timesteps, 1)).astype(np.float32)
    return X, X[:, -1 - lag].copy()


def adding_task(n_samples: int, timesteps: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Add the two marked values of each sequence: two positions that move.

    The values are drawn from U[0, 1]; two different timesteps, drawn anew for each sequence, carry
    a mark. The target is the sum of the two marked values. A guess of the mean, 1, has the RMSE
    sqrt(1/6).

    Args:
        n_samples: sequences.
        timesteps: values a sequence, at least 2.
        seed: fixes the draws.

    Returns:
        X of shape (n_samples, timesteps, 2) with the features value and mark (0 or 1), and y of
        shape (n_samples, 1), float32.

    Raises:
        TypeError, ValueError: an argument is not a whole number or out of bounds.

    Source: after S. Hochreiter and J. Schmidhuber, "Long Short-Term Memory" (1997), experiment 4.
        Theirs draws from U[-1, 1], marks one value in each part of the sequence and scales the sum.
    """
    n_samples = inputs.count("n_samples", n_samples)
    timesteps = inputs.count("timesteps", timesteps, least=2)
    generator = _generator(seed)
    values = generator.uniform(size=(n_samples, timesteps))
    marked = generator.permuted(np.tile(np.arange(timesteps), (n_samples, 1)), axis=1)[:, :2]
    marks = np.zeros_like(values)
    np.put_along_axis(marks, marked, 1, axis=1)
    return _values_and_marks(values, marks, np.sum(values * marks, axis=1))


def hold_latest_task(
    n_samples: int, timesteps: int, seed: int, *, mark_rate: float = 0.1
) -> tuple[np.ndarray, np.ndarray]:
    """Hold the value seen at the latest mark: what a step means depends on what comes after it.

    The values are drawn from U[0, 1]. Each timestep is marked with probability `mark_rate`, and at
    least one is. The target is the value at the last marked step.

    Args:
        n_samples: sequences.
        timesteps: values a sequence.
        seed: fixes the draws.
        mark_rate: above 0 and below 1.

    Returns:
        X of shape (n_samples, timesteps, 2) with the features value and mark (0 or 1), and y of
        shape (n_samples, 1), float32.

    Raises:
        TypeError, ValueError: an argument is not of its kind or out of bounds.
    """
    values, marks = _values_at_random_marks(n_samples, timesteps, seed, mark_rate)
    latest = marks.shape[1] - 1 - np.argmax(marks[:, ::-1], axis=1)
    return _values_and_marks(values, marks, values[np.arange(len(values)), latest])


def hold_first_task(
    n_samples: int, timesteps: int, seed: int, *, mark_rate: float = 0.1
) -> tuple[np.ndarray, np.ndarray]:
    """Hold the value seen at the first mark: what a step means depends on what comes before it.

    Values and marks are those of `hold_latest_task`, whose mirror image this is.

    Args, Returns, Raises: as `hold_latest_task`; the target is the value at the first marked step.
    """
    values, marks = _values_at_random_marks(n_samples, timesteps, seed, mark_rate)
    return _values_and_marks(values, marks, values[np.arange(len(values)), marks.argmax(axis=1)])


def largest_marked_task(
    n_samples: int, timesteps: int, seed: int, *, mark_rate: float = 0.1
) -> tuple[np.ndarray, np.ndarray]:
    """The largest of the marked values: parts that move, and combine by their maximum.

    Values and marks are those of `hold_latest_task`. At 50 steps a guess of the mean has an RMSE
    of about 0.18.

    Args, Returns, Raises: as `hold_latest_task`; the target is the largest marked value.
    """
    values, marks = _values_at_random_marks(n_samples, timesteps, seed, mark_rate)
    return _values_and_marks(values, marks, np.max(values * marks, axis=1))


def since_reset_task(
    n_samples: int, timesteps: int, seed: int, *, mark_rate: float = 0.3, reset_rate: float = 0.05
) -> tuple[np.ndarray, np.ndarray]:
    """Count the marks since the latest reset: what a mark means depends on resets after it.

    Each timestep is marked with probability `mark_rate` and, independently, is a reset with
    probability `reset_rate`. Marks up to a reset, the one of its own step among them, no longer
    count; with no reset at all every mark counts. At 50 steps a guess of the mean has an RMSE of
    about 4.9.

    Args:
        n_samples: sequences.
        timesteps: steps a sequence.
        seed: fixes the draws.
        mark_rate, reset_rate: above 0 and below 1.

    Returns:
        X of shape (n_samples, timesteps, 2) with the features mark and reset (0 or 1 each), and y
        of shape (n_samples, 1), the count, float32.

    Raises:
        TypeError, ValueError: an argument is not of its kind or out of bounds.
    """
    n_samples = inputs.count("n_samples", n_samples)
    timesteps = inputs.count("timesteps", timesteps)
    generator = _generator(seed)
    marks, resets = (
        generator.uniform(size=(n_samples, timesteps)) < _rate(name, rate)
        for name, rate in (("mark_rate", mark_rate), ("reset_rate", reset_rate))
    )
    resets_from_here = np.cumsum(resets[:, ::-1], axis=1)[:, ::-1]
    return _values_and_marks(marks, resets, np.sum(marks * (resets_from_here == 0), axis=1))


def motif_task(
    n_samples: int, timesteps: int, seed: int, *, mark_rate: float = 0.3
) -> tuple[np.ndarray, np.ndarray]:
    """The largest value between two marked neighbours: a short pattern, wherever it stands.

    The values are drawn from U[0, 1], each timestep is marked with probability `mark_rate`, and at
    least one step has a mark on both its sides. The target is the largest value at such a step. At
    50 steps a guess of the mean has an RMSE of about 0.21.

    Args:
        n_samples: sequences.
        timesteps: values a sequence, at least 3.
        seed: fixes the draws.
        mark_rate: above 0 and below 1.

    Returns:
        X of shape (n_samples, timesteps, 2) with the features value and mark (0 or 1), and y of
        shape (n_samples, 1), float32.

    Raises:
        TypeError, ValueError: an argument is not of its kind or out of bounds.
    """
    values, marks, generator = _drawn(n_samples, timesteps, seed, mark_rate, least=3)
    without = np.flatnonzero(~_between(marks).any(axis=1))
    middle = generator.integers(1, timesteps - 1, size=len(without))
    marks[without, middle - 1] = marks[without, middle + 1] = True
    return _values_and_marks(values, marks, np.max(values[:, 1:-1] * _between(marks), axis=1))


def parity_task(
    n_samples: int, timesteps: int, seed: int, *, mark_rate: float = 0.3
) -> tuple[np.ndarray, np.ndarray]:
    """Whether the number of marks is odd: one bit of state solves it, and every mark turns it.

    The values are drawn from U[0, 1] and say nothing; each timestep is marked with probability
    `mark_rate`. A guess of the mean has an RMSE of about 0.5.

    Args:
        n_samples: sequences.
        timesteps: values a sequence.
        seed: fixes the draws.
        mark_rate: above 0 and below 1.

    Returns:
        X of shape (n_samples, timesteps, 2) with the features value and mark (0 or 1), and y of
        shape (n_samples, 1), 1 for an odd number of marks and 0 for an even one, float32.

    Raises:
        TypeError, ValueError: an argument is not of its kind or out of bounds.
    """
    values, marks, _ = _drawn(n_samples, timesteps, seed, mark_rate)
    return _values_and_marks(values, marks, marks.sum(axis=1) % 2)


def _between(marks: np.ndarray) -> np.ndarray:
    """Whether the neighbours on both sides are marked, for all steps but the first and the last."""
    return marks[:, :-2] & marks[:, 2:]


def _values_at_random_marks(
    n_samples: int, timesteps: int, seed: int, mark_rate: float
) -> tuple[np.ndarray, np.ndarray]:
    """Values and marks as `_drawn`, at least one mark a sequence."""
    values, marks, generator = _drawn(n_samples, timesteps, seed, mark_rate)
    unmarked = ~marks.any(axis=1)
    marks[unmarked, generator.integers(marks.shape[1], size=unmarked.sum())] = True
    return values, marks


def _drawn(
    n_samples: int, timesteps: int, seed: int, mark_rate: float, *, least: int = 1
) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    """Values from U[0, 1] and marks, (n_samples, timesteps) each, and the generator after them."""
    n_samples = inputs.count("n_samples", n_samples)
    timesteps = inputs.count("timesteps", timesteps, least=least)
    mark_rate = _rate("mark_rate", mark_rate)
    generator = _generator(seed)
    values = generator.uniform(size=(n_samples, timesteps))
    return values, generator.uniform(size=values.shape) < mark_rate, generator


def _rate(name: str, value: float) -> float:
    value = inputs.number(name, value)
    if not 0 < value < 1:
        raise ValueError(f"{name} must be above 0 and below 1, got {value}")
    return value


def _generator(seed: int) -> np.random.Generator:
    return np.random.default_rng(inputs.count("seed", seed, least=0))


def _values_and_marks(
    values: np.ndarray, marks: np.ndarray, target: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    X = np.stack([values, marks], axis=2).astype(np.float32)
    return X, target[:, None].astype(np.float32)


def _columns(array: np.ndarray) -> np.ndarray:
    return array[:, None] if array.ndim == 1 else array
