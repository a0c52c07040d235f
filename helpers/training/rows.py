"""Rows to train on and rows held out: arrays checked, and split by Keras' rule."""

from __future__ import annotations

import math
from typing import Any

from helpers import inputs

import keras
import numpy as np
import tensorflow as tf

__all__ = ["as_rows", "count_rows", "split"]


def as_rows(*named: tuple[str, Any]) -> tuple:
    """Every array checked, in the dtype Keras would give it, all with the same number of rows.

    Args:
        named: pairs of a name, for messages, and an array of shape (samples, ...) or a list or
            dict of such arrays.

    Returns:
        For each pair its array, or a tuple or dict of them: floats in `keras.config.floatx()`,
        other numbers as they are.

    Raises:
        TypeError, ValueError: as `inputs.array`; the numbers of samples differ.
    """
    lengths = {}

    def convert(name: str, value: Any) -> np.ndarray:
        array = inputs.array(name, value)
        lengths[name] = len(array)
        is_float = array.dtype.kind == "f"
        return array.astype(keras.config.floatx(), copy=False) if is_float else array

    def walk(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: walk(f"{name}[{key!r}]", part) for key, part in value.items()}
        several = isinstance(value, list | tuple) and len(value) > 0
        if several and all(hasattr(part, "shape") and len(part.shape) > 0 for part in value):
            return tuple(walk(f"{name}[{i}]", part) for i, part in enumerate(value))
        return convert(name, value)

    rows = tuple(walk(name, value) for name, value in named)
    if len(set(lengths.values())) > 1:
        raise ValueError(
            "all arrays must have the same number of samples (the first axis), got "
            + ", ".join(f"{name}: {length}" for name, length in lengths.items())
        )
    return rows


def split(train: tuple, share: float, held_out: Any) -> tuple[tuple, tuple]:
    """The rows to train on and those held out, by Keras' rule: the last ones, before shuffling.

    Args:
        train: `(x, y)`, as from `as_rows`.
        share: of the rows, held out unless `held_out` is given.
        held_out: None, or `(x, y)` or `(x, y, sample_weight)`, not yet checked.

    Returns:
        The two parts; the second is () where nothing is held out.

    Raises:
        TypeError, ValueError: as `as_rows`; a share or a part that is not as above, or a share that
            leaves one side without rows.
    """
    if not 0 <= share < 1:
        raise ValueError(f"validation_split must be at least 0 and below 1, got {share}")
    if held_out is not None:
        if not isinstance(held_out, list | tuple) or len(held_out) not in (2, 3):
            raise ValueError("validation_data must be (x, y) or (x, y, sample_weight)")
        if len(held_out) == 3 and held_out[2] is None:
            held_out = held_out[:2]
        names = ("validation_data x", "validation_data y", "validation_data sample_weight")
        return train, as_rows(*zip(names, held_out, strict=False))
    if not share:
        return train, ()
    n_rows = count_rows(train)
    kept = math.floor(n_rows * (1.0 - share))
    if kept in (0, n_rows):
        raise ValueError(
            f"validation_split={share} of {n_rows} samples leaves {kept} to train on and "
            f"{n_rows - kept} held out: both must be at least 1"
        )
    return (
        tf.nest.map_structure(lambda array: array[:kept], train),
        tf.nest.map_structure(lambda array: array[kept:], train),
    )


def count_rows(data: tuple) -> int:
    """The number of rows in arrays, or tensors, that `as_rows` checked; of () it is 0."""
    arrays = tf.nest.flatten(data)
    return int(arrays[0].shape[0]) if arrays else 0
