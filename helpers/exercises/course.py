"""All exercises of the course, in its order."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from helpers.exercises.exercise import Exercise

__all__ = ["EXERCISES", "NOTEBOOKS"]

#: The file of each notebook's exercises. A new one needs its name here, and nothing else.
NOTEBOOKS = tuple(
    import_module(f"helpers.exercises.{name}")
    for name in (
        "start_here",
        "data_shaping",
        "lstm_model",
        "mlp_baseline",
        "normalization_fixes",
        "longer_lags",
        "real_series",
        "inside_memory",
    )
)

#: Each exercise by its name. A file's exercises are those it defines, in the order it has them.
EXERCISES: Mapping[str, Exercise] = MappingProxyType(
    {
        value.name: value
        for notebook in NOTEBOOKS
        for value in vars(notebook).values()
        if isinstance(value, Exercise)
    }
)
