"""Answers that have been read, compared with the right one and with typical mistakes.

A mistake is what it leads to, worked out rather than typed in, so that its hint is given for what
was computed, in whatever form it comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from helpers.exercises.answers import Off, items_in, place, refuse, shown

import numpy as np

__all__ = ["Mistake", "matches", "rmse", "same", "words_match"]

#: A typical mistake: its hint, and then each value that it may lead to, one at least.
Mistake: TypeAlias = tuple[str, Any, *tuple[Any, ...]]


def matches(
    answer: Any,
    right: Any,
    mistakes: Sequence[Mistake] = (),
    *,
    axes: Sequence[str] = (),
    exact: bool = False,
    otherwise: str | None = None,
) -> None:
    """Refuse an answer that is not `right`, with the hint of the first mistake that it equals.

    Args:
        answer: numbers that have been read.
        right: what they should be.
        mistakes: typical ones, in the order in which they are looked for.
        axes: names for the axes of `right`, or one for a single number.
        exact: for whole numbers.
        otherwise: the hint for any other answer; by default, where it differs.
    """
    got = np.asarray(answer, dtype=np.float64)
    if same(got, right, exact):
        return
    for hint, first, *others in mistakes:
        refuse(any(same(got, value, exact) for value in (first, *others)), hint)
    raise Off(otherwise or _difference(got, np.asarray(right, dtype=np.float64), axes))


def same(got: np.ndarray, value: Any, exact: bool = False) -> bool:
    """Whether they are equal, or to a thousandth unless `exact`; NaN equals nothing."""
    value = np.asarray(value, dtype=np.float64)
    got = _fitted(got, value.shape)
    return got.shape == value.shape and not _apart(got, value, exact).any()


def words_match(
    answer: Any, right: Sequence[str], hints: Sequence[str | Mapping[str, str]]
) -> None:
    """Refuse an answer that is not the words `right`, with the hint for each that is off.

    A hint is a text, or one for each word that may be given in place of the right one.
    """
    answer = items_in(answer, lambda text: text.replace(",", " ").split())
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


def rmse(error: np.ndarray) -> float:
    return float(np.sqrt(np.mean(error**2)))


def _fitted(got: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """(samples,) stands for (samples, 1), and the other way round."""
    fits = got.size == np.prod(shape) and got.shape in {(*shape, 1), shape[:-1]}
    return got.reshape(shape) if fits else got


def _apart(got: np.ndarray, value: np.ndarray, exact: bool = False) -> np.ndarray:
    # Beside the share of each value, room for values near 0 among larger ones: float32 moves them.
    room = 0 if exact else 1e-3 * np.abs(value) + 1e-4 * np.abs(value).max(initial=0) + 1e-6
    return ~(np.abs(got - value) <= room)  # NaN compares as false, so it must be asked this way


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
        f"{off.sum()} of {off.size} values differ. The first one{place(first, axes)} is "
        f"{value:g}, too {size}."
    )
