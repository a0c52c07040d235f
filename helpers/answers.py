"""A learner's answers, read in every form that is meant well, and compared with typical mistakes.

What is off is raised as `Off`, whose text is the hint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

__all__ = [
    "NotRead",
    "Off",
    "ToCome",
    "matches",
    "number_in",
    "numbers_in",
    "pair_of",
    "parts_of",
    "refuse",
    "rmse",
    "rows_of",
    "same",
    "shape_of",
    "shown",
    "to_come",
    "words_among",
]

_MOST = 10**5  # values an answer may hold; none needs a thousand


class Off(Exception):
    """The answer is not right; the text is the hint."""


class NotRead(Off):
    """The answer is not of the kind that the exercise asks for."""


class ToCome(Exception):
    """The function returns the three dots."""


def to_come(answer: Any) -> bool:
    return answer is ... or (isinstance(answer, list | tuple) and any(map(to_come, answer)))


def refuse(condition: bool, hint: str) -> None:
    if condition:
        raise Off(hint)


def shown(value: Any) -> str:
    """Text that fits on the line and that every notebook can print."""
    try:
        text = " ".join(str(value).split()).encode("utf-8", "backslashreplace").decode()
    except Exception:
        return "something that cannot be shown"
    return text if len(text) <= 80 else text[:77] + "..."


# ---- Answers, read -----------------------------------------------------------------------------


def _size(answer: Any) -> int:
    """How many values numpy would have to make room for."""
    if not isinstance(answer, list | tuple | range):
        return 1
    return len(answer) if isinstance(answer, range) else sum(map(_size, answer))


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
    if _size(answer) > _MOST:
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
        where = np.argwhere(~np.isfinite(array))[0].tolist()
        raise Off(f"{what} holds a value that is NaN or infinite{_place(where, ())}.")
    return array


def number_in(answer: Any, what: str = "Your answer") -> float:
    array = numbers_in(answer, what)
    if array.size != 1:
        raise NotRead(f"{what} is not one number, its shape is {array.shape}.")
    return array.item()


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


def shape_of(answer: Any) -> tuple[int, ...]:
    """The shape that was given, or that of the array that was given; None as -1."""
    if getattr(answer, "ndim", 0) > 1:
        answer = tuple(answer.shape)
    if isinstance(answer, list | tuple) or hasattr(answer, "as_list"):
        same_kind = list if isinstance(answer, list) else tuple
        answer = same_kind(-1 if part is None else part for part in answer)
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


def words_among(
    answer: Any, right: Sequence[str], hints: Sequence[str | Mapping[str, str]]
) -> None:
    """Refuse an answer that is not the words `right`, with the hint for each that is off.

    A hint is a text, or one for each word that may be given in place of the right one.
    """
    answer = answer.replace(",", " ").split() if isinstance(answer, str) else answer
    if not isinstance(answer, list | tuple | np.ndarray):
        raise NotRead(f"Your answer is of type {shown(type(answer).__name__)}.")
    refuse(len(answer) != len(right), f"This asks for {len(right)} words; got {len(answer)}.")
    words, options = [shown(word).lower() for word in answer], ", ".join(dict.fromkeys(right))
    unknown = shown(", ".join(word or "an empty word" for word in words if word not in right))
    refuse(bool(unknown), f"Not among the words to choose from ({options}): {unknown}.")
    off = [
        f"Number {k}: {hint if isinstance(hint, str) else hint[word]}"
        for k, (word, wanted, hint) in enumerate(zip(words, right, hints, strict=True), start=1)
        if word != wanted
    ]
    refuse(bool(off), " ".join(off))


# ---- Answers, compared -------------------------------------------------------------------------


def _fitted(got: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """(samples,) stands for (samples, 1), and the other way round."""
    fits = got.size == np.prod(shape) and got.shape in {(*shape, 1), shape[:-1]}
    return got.reshape(shape) if fits else got


def _apart(got: np.ndarray, value: np.ndarray, exact: bool = False) -> np.ndarray:
    # Beside the share of each value, room for values near 0 among larger ones: float32 moves them.
    room = 0 if exact else 1e-3 * np.abs(value) + 1e-4 * np.abs(value).max(initial=0) + 1e-6
    return np.abs(got - value) > room


def same(got: np.ndarray, value: Any, exact: bool = False) -> bool:
    value = np.asarray(value, dtype=np.float64)
    got = _fitted(got, value.shape)
    return got.shape == value.shape and not _apart(got, value, exact).any()


def matches(
    answer: Any,
    right: Any,
    mistakes: Mapping[str, Any],
    axes: Sequence[str] = (),
    exact: bool = False,
) -> None:
    """Refuse an answer that is not `right`, with the hint of the mistake that it equals.

    Args:
        answer: numbers that have been read.
        right: what they should be.
        mistakes: what a typical mistake leads to, by its hint; a list holds several.
        axes: names for the axes of `right`, or one for a single number.
        exact: for whole numbers.
    """
    got = np.asarray(answer, dtype=np.float64)
    if same(got, right, exact):
        return
    for hint, values in mistakes.items():
        for value in values if isinstance(values, list) else [values]:
            refuse(same(got, value, exact), hint)
    raise Off(_difference(got, np.asarray(right, dtype=np.float64), axes))


def _difference(got: np.ndarray, right: np.ndarray, axes: Sequence[str]) -> str:
    if got.size == right.size == 1:
        named = f"{axes[0]}: your" if axes else "Your"
        size = "large" if got.item() > right.item() else "small"
        return f"{named} {got.item():g} is too {size}."
    got = _fitted(got, right.shape)
    if got.shape != right.shape:
        refuse(got.ndim == 0, f"Give {right.size} numbers in a row, not one.")
        named = f", that is ({', '.join(axes)})" if axes else ""
        return f"Expected the shape {right.shape}{named}, got {got.shape}."
    off = _apart(got, right)
    first = np.argwhere(off)[0].tolist()
    value, size = got[tuple(first)], "large" if got[tuple(first)] > right[tuple(first)] else "small"
    return (
        f"{off.sum()} of {off.size} values differ. The first one{_place(first, axes)} is "
        f"{value:g}, too {size}."
    )


def _place(index: Sequence[int], axes: Sequence[str]) -> str:
    named = ", ".join(f"{axis} {k}" for axis, k in zip(axes, index, strict=False)) or str(index)
    return f" at {named}" if index else ""


def rmse(error: np.ndarray) -> float:
    return float(np.sqrt(np.mean(error**2)))
