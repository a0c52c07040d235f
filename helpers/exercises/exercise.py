"""What an exercise is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["Exercise", "exercise"]


class Exercise(NamedTuple):
    """An exercise of a notebook.

    Attributes:
        name: the notebook's number and what the exercise is called, as in "01-windows".
        expected: says what it asks for, as the end of a sentence.
        judge: takes the answer and returns a sentence of praise, or raises `answers.Off` with the
            hint; `answers.NotRead` if the answer is not of the kind that is asked for.
    """

    name: str
    expected: str
    judge: Callable[[Any], str]


def exercise(name: str, expected: str) -> Callable[[Callable[[Any], str]], Exercise]:
    """Turn the function below into the exercise that it judges."""
    return lambda judge: Exercise(name, expected, judge)
