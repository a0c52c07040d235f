"""`bet` writes a guess down, `settle` holds it against the result, `calibration` sums up."""

from __future__ import annotations

from typing import Any

from helpers import inputs
from helpers.bets.book import Book
from helpers.bets.judging import Bet, Unlike, brier, by_sureness, judged, plain
from helpers.exercises.answers import to_come
from helpers.exercises.keeping import NAME
from helpers.report import approx

import numpy as np

__all__ = ["bet", "book", "calibration", "settle"]

#: The bets of this session and of those before it.
book = Book()


def bet(name: str, guess: Any, sure: float = 0.5) -> None:
    """Write down a guess, and print that; `...` is none.

    A bet may be changed until it is settled.

    Args:
        name: of the bet, as in "05-crossover".
        guess: a number, a text, or a tuple of these.
        sure: how sure you are that it is right, from 0 (not at all) to 1.

    Raises:
        TypeError, ValueError: a name that is none, a guess of another kind, or `sure` out of
            bounds.
    """
    _check_name(name)
    sure = inputs.number("sure", sure)
    if not 0 <= sure <= 1:
        raise ValueError(f"sure must be from 0 to 1 (0.7 for 70%), got {sure:g}")
    if to_come(guess):
        print(f"… {name}: no bet yet. Put your guess in place of the three dots.")
        return
    guess = plain(guess)
    before = book.bets().get(name)
    if before is not None and before.right is not None:
        if (before.guess, before.sure) != (guess, sure):
            print(f"{name}: this bet is settled, so your first one stays: {_said(before)}.")
        else:
            print(f"{name}: {_said(before)}.")
        return
    new = Bet(name, guess, sure)
    why = book.put(new)
    print(f"{name}: {_said(new)}.")
    if why:
        print(f"(Your bets cannot be kept when you close this notebook: {why}.)")


def settle(name: str, answer: Any, within: float = 0.0) -> None:
    """Print whether the bet of this name was right and, for numbers, how far off.

    Args:
        name: of the bet.
        answer: what came out: a number, a text, or a tuple of these. A number that is not whole is
            taken for one that training decides, and gets the sign ≈.
        within: how far off a number may be and still count as right, in its own units.

    Raises:
        TypeError, ValueError: a name that is none, an answer of another kind, or `within` below 0.
    """
    _check_name(name)
    within = inputs.number("within", within)
    if within < 0:
        raise ValueError(f"within must be at least 0, got {within:g}")
    answer = plain(answer)
    placed = book.bets().get(name)
    if placed is None:
        print(f"… {name}: no bet to settle.")
        return
    try:
        right, off = judged(placed.guess, answer, within)
    except Unlike as unlike:
        print(f"✗ {name}: you bet on {_shown(placed.guess)}, but {unlike}. Bet again above.")
        return
    if placed.right is None:
        book.put(placed._replace(right=right))
    distance = f", off by {_shown(plain(off))}" if off else ""
    print(
        f"{'✓' if right else '✗'} {name}: it is {_shown(answer)}. You: {_said(placed)}{distance}."
    )


def calibration() -> None:
    """Print how the settled bets went, and draw how often they were right against how sure."""
    from helpers.bets import picture

    import matplotlib.pyplot as plt

    settled = [bet for bet in book.bets().values() if bet.right is not None]
    if not settled:
        print("No bet is settled yet.")
        return
    print(summary(settled))
    _, ax = plt.subplots(figsize=(4.6, 4.2))
    picture.draw(ax, by_sureness(settled))
    plt.show()


def summary(settled: list[Bet]) -> str:
    """The bets in a line: how many, how many right, how sure on average, and the Brier score."""
    right = sum(bool(bet.right) for bet in settled)
    sure = np.mean([bet.sure for bet in settled])
    return (
        f"{len(settled)} bets settled, {right} right ({right / len(settled):.0%}), "
        f"{sure:.0%} sure on average. Brier score {brier(settled):.2f} "
        "(0 is perfect, 0.25 is always 50% sure)."
    )


def _check_name(name: Any) -> None:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ValueError(f'name must be like "05-crossover", got {name!r}')


def _said(bet: Bet) -> str:
    guess = ", ".join(map(str, bet.guess)) if isinstance(bet.guess, list) else bet.guess
    return f"{guess}, {bet.sure:.0%} sure"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return approx(value) if isinstance(value, float) else str(value)
