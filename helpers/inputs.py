"""Arguments checked early, so that a mistake is named where it was made.

Every check raises `TypeError` when the kind of thing is wrong and `ValueError` when the kind is
right and the value is not. The message says which argument it was, what came and what was expected;
for arrays it names the axes.
"""

from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np

__all__ = ["array", "count", "number"]


def count(name: str, value: Any, *, least: int = 1, most: int | None = None) -> int:
    """Return `value` as an int if it is a whole number within `least` .. `most`.

    Raises:
        TypeError: `value` is not a whole number (True, 2.5 and "5" are not).
        ValueError: it is out of bounds.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number, got {_shown(value)}")
    if value < least or (most is not None and value > most):
        bounds = f"at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be {bounds}, got {value}")
    return int(value)


def number(name: str, value: Any) -> float:
    """Return `value` as a float if it is one finite real number.

    Raises:
        TypeError: `value` is not a single real number (None, text and arrays are not).
        ValueError: it is NaN or infinite.
    """
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(f"{name} must be one number, got {_shown(value)}")
    result = float(value)
    if not np.isfinite(result):
        raise ValueError(f"{name} must be a finite number, got {result}")
    return result


def array(name: str, value: Any, *, axes: Sequence[Sequence[str]] | None = None) -> np.ndarray:
    """Return `value` as a numeric array, checked.

    Args:
        name: what the caller calls it.
        value: anything `numpy.asarray` takes.
        axes: the accepted shapes as lists of axis names, `[["time"], ["time", "features"]]`, or
            None for any shape with at least one axis.

    Raises:
        TypeError: the values are not numbers (text, objects, None, lists of unequal length).
        ValueError: wrong number of axes, nothing in it, or a value that is NaN or infinite.
    """
    try:
        result = np.asarray(value)
    except ValueError as error:
        raise TypeError(f"{name} must be an array of numbers: {error}") from error
    if result.dtype.kind not in "biuf":
        raise TypeError(
            f"{name} must be an array of numbers, got {_shown(value)} (dtype {result.dtype})"
        )
    if axes is None:
        if result.ndim == 0:
            raise ValueError(f"{name} must have a first axis (samples), got one number: {result}")
    elif result.ndim not in {len(names) for names in axes}:
        expected = " or ".join(f"({', '.join(names)})" for names in axes)
        raise ValueError(
            f"{name} must have the axes {expected}, got {result.ndim} axes: shape {result.shape}"
        )
    if result.size == 0:
        raise ValueError(f"{name} is empty: shape {result.shape}")
    if not np.isfinite(result).all():
        where = np.argwhere(~np.isfinite(result))[0].tolist()
        raise ValueError(f"{name} holds a value that is NaN or infinite, the first one at {where}")
    return result


def _shown(value: Any) -> str:
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} of type {type(value).__name__}"
