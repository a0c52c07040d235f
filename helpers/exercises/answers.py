"""A learner's answers, read in every form that is meant well.

What is off is raised as `Off`, whose text is the hint. Nothing here takes long, whatever is given:
size is looked at before anything is copied, formatted or searched.
"""

from __future__ import annotations

import contextlib
import inspect
import reprlib
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

import numpy as np

__all__ = [
    "NotRead",
    "Off",
    "ToCome",
    "called",
    "function_in",
    "items_in",
    "number_in",
    "numbers_in",
    "pair_of",
    "parts_of",
    "place",
    "refuse",
    "rows_of",
    "shape_of",
    "shown",
    "to_come",
]

_MOST = 10**5  # values an answer may hold; none needs a thousand
_ENOUGH = 2 * _MOST  # to be seen of a larger one; the lists that hold the values count as well
_LONGEST = 1000  # characters of a text


class Off(Exception):
    """The answer is not right; the text is the hint."""


class NotRead(Off):
    """The answer is not of the kind that the exercise asks for."""


class ToCome(Exception):
    """The function returns the three dots."""


def refuse(condition: bool, hint: str) -> None:
    if condition:
        raise Off(hint)


def shown(value: Any) -> str:
    """Text that fits on the line and that every notebook can print."""
    several = isinstance(value, list | tuple | dict | set | frozenset)
    try:
        text = value[:_LONGEST] if isinstance(value, str | bytes) else value
        text = reprlib.repr(text) if several else str(text)
        text = " ".join(text.split()).encode("utf-8", "backslashreplace").decode()
    except Exception:
        return "something that cannot be shown"
    return text if len(text) <= 80 else text[:77] + "..."


def to_come(answer: Any) -> bool:
    return any(part is ... for part in _with_parts(answer))


def _with_parts(answer: Any) -> list:
    """The answer and all that its lists and tuples hold; of too many, the first `_ENOUGH`."""
    parts = [answer]
    for part in parts:  # which grows on the way, without an end if a list holds itself
        if isinstance(part, list | tuple):
            parts += part[: _ENOUGH - len(parts)]
        if len(parts) == _ENOUGH:
            break
    return parts


def _size(answer: Any) -> int:
    """How many values numpy would have to make room for; of too many, some number above `_MOST`.

    A text counts with its length, as numpy would give every value of the array as much room.
    """
    parts = _with_parts(answer)
    if len(parts) == _ENOUGH:
        return _ENOUGH
    size = 0
    for part in parts:
        if isinstance(part, np.ndarray):
            size += part.size
        elif isinstance(part, str | bytes | range):
            size += len(part)
        elif not isinstance(part, list | tuple):
            size += 1
    return size


# ---- Numbers -----------------------------------------------------------------------------------


def _array(answer: Any, what: str = "Your answer") -> np.ndarray:
    kind = f"{what} is of type {shown(type(answer).__name__)}"
    if isinstance(answer, str | bytes):
        raise NotRead(f"{what} is text: leave the quotation marks out.")
    if answer is None:
        raise NotRead(f"{what} is None: a `return` or a last step may be missing.")
    if callable(answer):
        raise NotRead(f"{what} is a function that was not called: round brackets call it.")
    if isinstance(answer, set | frozenset):
        raise NotRead(f"{what} is a set, which has no order: take round or square brackets.")
    if not isinstance(answer, np.ndarray) and _size(answer) > _MOST:
        raise NotRead(f"{what} holds more than {_MOST:,} values.")
    try:
        array = np.asarray(answer)
    except ValueError as error:
        raise NotRead(
            f"{kind} and makes no array: its rows differ in length, or it holds no numbers yet."
        ) from error
    if array.dtype.kind not in "biuf":
        raise NotRead(f"{kind} and holds something that is not a number.")
    if array.size > _MOST:
        raise NotRead(f"{what} holds more than {_MOST:,} values: shape {array.shape}.")
    return array


def numbers_in(answer: Any, what: str = "Your answer") -> np.ndarray:
    array = _array(answer, what).astype(np.float64)
    if array.size == 0:
        raise NotRead(f"{what} is empty.")
    if not np.isfinite(array).all():
        where = place(np.argwhere(~np.isfinite(array))[0].tolist())
        raise Off(f"{what} holds a value that is NaN or infinite{where}.")
    return array


def number_in(answer: Any, what: str = "Your answer") -> float:
    array = numbers_in(answer, what)
    if array.size != 1:
        raise NotRead(f"{what} is not one number, its shape is {array.shape}.")
    return array.item()


def shape_of(answer: Any) -> tuple[int, ...]:
    """The shape that was given, or that of the array that was given; None as -1."""
    if getattr(answer, "ndim", 0) > 1:
        answer = tuple(answer.shape)
    if isinstance(answer, list | tuple) or hasattr(answer, "as_list"):
        same_kind = list if isinstance(answer, list) else tuple
        answer = same_kind(-1 if part is None else part for part in islice(answer, _MOST + 1))
    numbers = numbers_in(answer)
    refuse((numbers != np.round(numbers)).any(), "A shape is made of whole numbers.")
    return numbers.shape if numbers.ndim > 1 else tuple(map(int, numbers.ravel()))


def rows_of(answer: Any, total: int, what: str = "Your answer") -> np.ndarray:
    """Row numbers in rising order, from numbers in any order, a slice or a mask."""
    if isinstance(answer, slice):
        answer = range(total)[answer]
    array = _array(list(answer) if isinstance(answer, set | frozenset) else answer, what).ravel()
    if array.dtype == bool:
        refuse(len(array) != total, f"{what} is a mask of {len(array)} for {total} rows.")
        array = np.flatnonzero(array)
    rows = np.sort(numbers_in(array, what))
    refuse((rows != np.round(rows)).any(), f"{what} holds row numbers that are not whole.")
    refuse(rows[-1] >= total, f"{what} goes too far: rows count from 0, there is no row {total}.")
    refuse(rows[0] < 0, f"{what} has a negative row number: count from 0, at the first row.")
    refuse((np.diff(rows) == 0).any(), f"{what} names a row twice.")
    return rows.astype(int)


def place(index: Sequence[int], axes: Sequence[str] = ()) -> str:
    """Where in an array, as the end of a sentence; nothing for a single number."""
    named = ", ".join(f"{axis} {k}" for axis, k in zip(axes, index, strict=False)) or str(index)
    return f" at {named}" if index else ""


# ---- Several things, words, functions ----------------------------------------------------------


def parts_of(answer: Any, *names: str) -> list:
    wanted = f"{len(names)} things with commas between them: {', '.join(names)}"
    if not isinstance(answer, list | tuple):
        array = _array(answer)
        single = "one number" if array.ndim == 0 else f"one array of shape {array.shape}"
        refuse(len(np.atleast_1d(array)) != len(names), f"This asks for {wanted}; got {single}.")
        answer = list(array)
    refuse(len(answer) != len(names), f"This asks for {wanted}; got {len(answer)}.")
    return list(answer)


def pair_of(answer: Any, *names: str) -> np.ndarray:
    parts = zip(parts_of(answer, *names), names, strict=True)
    return np.array([number_in(part, name) for part, name in parts])


def items_in(answer: Any, of_text: Callable[[str], Sequence[str]]) -> Sequence[Any]:
    """Words or letters, one after the other; `of_text` takes them out of a text that holds all."""
    if isinstance(answer, str):
        if len(answer) > _LONGEST:
            raise NotRead(f"Your answer is a text of {len(answer):,} characters.")
        return of_text(answer)
    if not isinstance(answer, list | tuple | np.ndarray):
        raise NotRead(f"Your answer is of type {shown(type(answer).__name__)}.")
    return answer


def function_in(answer: Any, *names: str) -> Callable:
    """The function that was given; with names, it must take such arguments in this order."""
    if not callable(answer):
        kind = shown(type(answer).__name__)
        raise NotRead(f"Your answer is of type {kind} and not a function: give its bare name.")
    if not names:
        return answer
    with contextlib.suppress(ValueError):  # numpy's own do not always say what they take
        try:
            inspect.signature(answer).bind(*names)
        except TypeError:
            raise Off(f"Your function must take ({', '.join(names)}), in this order.") from None
    return answer


def called(function: Callable, *arguments: Any) -> Any:
    """What the learner's function returns."""
    result = function(*arguments)
    if to_come(result):
        raise ToCome
    refuse(result is None, "Your function returns None: end it with `return` and the result.")
    return result
