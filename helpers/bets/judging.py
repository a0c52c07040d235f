"""Whether a bet was right, how far off it was, and what being sure was worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Real
from typing import Any, NamedTuple

from helpers.exercises.answers import shown

import numpy as np

__all__ = ["Bet", "Unlike", "brier", "by_sureness", "judged", "plain"]

#: A bet is short, so that the file stays small.
MOST_LETTERS, MOST_PARTS = 60, 10


class Bet(NamedTuple):
    """A guess, how sure of it somebody is (0 to 1), and whether it was right, once settled."""

    name: str
    guess: Any
    sure: float
    right: bool | None = None


class Unlike(ValueError):
    """A guess and an answer of different kinds, which cannot be compared."""


def plain(value: Any) -> Any:
    """A guess or an answer as JSON has it: numbers, texts, and lists of these.

    Raises:
        TypeError: it holds something else.
        ValueError: it holds NaN or infinity, or a text that is empty or long.
    """
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, str):
        if not 0 < len(text := " ".join(value.split())) <= MOST_LETTERS:
            raise ValueError(f"a text must have 1 to {MOST_LETTERS} letters, got {len(text)}")
        return text
    if isinstance(value, bool) or value is None:
        raise TypeError(f"it must be a number, a text or a few of these, got {shown(value)!r}")
    if isinstance(value, Real):
        number = float(value)
        if not np.isfinite(number):
            raise ValueError(f"it must be finite, got {number}")
        return int(number) if number.is_integer() else number
    if isinstance(value, Sequence) and 0 < len(value) <= MOST_PARTS:
        return [plain(part) for part in value]
    raise TypeError(f"it must be a number, a text or a few of these, got {shown(value)!r}")


def judged(guess: Any, answer: Any, within: float = 0.0) -> tuple[bool, float | None]:
    """Whether a guess is right, and, for numbers, how far off the worst of them is.

    Args:
        guess, answer: as `plain` makes them.
        within: how far off a number may be, in its own units.

    Raises:
        Unlike: one is a number and the other a text, or they have not as many parts.
    """
    if isinstance(answer, list) or isinstance(guess, list):
        if not (isinstance(answer, list) and isinstance(guess, list)) or len(answer) != len(guess):
            parts = len(answer) if isinstance(answer, list) else 1
            raise Unlike(f"the answer has {parts} {'part' if parts == 1 else 'parts'}")
        found = [judged(g, a, within) for g, a in zip(guess, answer, strict=True)]
        distances = [off for _, off in found if off is not None]
        return all(right for right, _ in found), max(distances, default=None)
    if isinstance(answer, str) != isinstance(guess, str):
        raise Unlike(f"the answer is a {'text' if isinstance(answer, str) else 'number'}")
    if isinstance(answer, str):
        return guess.casefold() == answer.casefold(), None
    off = abs(guess - answer)
    return bool(off <= within), float(off)


def brier(bets: Iterable[Bet]) -> float:
    """The Brier score of settled bets: 0 is perfect, and always 50% sure costs 0.25.

    It is the mean of (sure - right)², with right 1 or 0 (G. W. Brier, 1950). Nobody can better it
    by being more or less sure than he is: that makes it a proper rule.

    Raises:
        ValueError: no bet is settled.
    """
    costs = [(bet.sure - bet.right) ** 2 for bet in bets if bet.right is not None]
    if not costs:
        raise ValueError("bets must hold at least one that is settled")
    return float(np.mean(costs))


def by_sureness(bets: Iterable[Bet]) -> Mapping[float, tuple[int, int]]:
    """How sure, in tenths -> (how many settled bets, how many of them were right)."""
    found: dict[float, tuple[int, int]] = {}
    for bet in bets:
        if bet.right is not None:
            level = np.floor(10 * bet.sure + 0.5) / 10
            many, right = found.get(level, (0, 0))
            found[float(level)] = many + 1, right + bet.right
    return dict(sorted(found.items()))
