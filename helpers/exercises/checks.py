"""`check` looks at an answer and says what is off and where to look; `progress` what is done."""

from __future__ import annotations

import contextlib
import difflib
import io
import warnings
from typing import Any

from helpers.exercises.answers import NotRead, Off, ToCome, shown, to_come
from helpers.exercises.course import EXERCISES
from helpers.exercises.keeping import Record

import numpy as np

__all__ = ["check", "progress", "record"]

#: What is done, in this session and in those before it.
record = Record()


def check(name: str, answer: Any, *, solution: bool = False) -> None:
    """Print whether `answer` is right and, if not, what is off and where to look.

    Args:
        name: of the exercise, as in "01-windows".
        answer: yours, as list, tuple, array or tensor; `...` if it is still to come.
        solution: for the folded cell with the solution. Nothing is printed, as running a cell
            unfolds its output, and nothing is kept as done.

    Raises:
        AssertionError: with `solution` alone, if the answer is not right.
    """
    if not isinstance(name, str) or name not in EXERCISES:
        near = difflib.get_close_matches(shown(name).lower(), EXERCISES, n=1, cutoff=0)[0]
        right, message = False, f"There is no exercise {shown(name)!r}. The nearest is {near!r}."
    else:
        right, message = _judged(name, answer)
    if solution:
        if not right:
            raise AssertionError(message)
        return
    if right and (why := record.add(name)):
        message += f"\n(Your progress cannot be kept when you close this notebook: {why}.)"
    print(message)


def progress() -> None:
    """Print the exercises of each notebook, with a tick at those that `check` has found right."""
    done = record.names()
    rows = {}
    for name in EXERCISES:
        notebook, _, title = name.partition("-")
        rows.setdefault(notebook, []).append((title, name in done))
    lines = {
        key: "  ".join(f"{'✓' if is_done else '·'} {title}" for title, is_done in row)
        for key, row in rows.items()
    }
    width = max(map(len, lines.values()))
    for key, row in rows.items():
        print(f"{key}  {lines[key]:<{width}}  {sum(is_done for _, is_done in row)} of {len(row)}")
    print(f"{len(done & set(EXERCISES))} of {len(EXERCISES)} exercises done")


def _judged(name: str, answer: Any) -> tuple[bool, str]:
    exercise = EXERCISES[name]
    try:
        # What an answer prints or warns of, as a function may 1500 times, would bury the message.
        quiet = contextlib.redirect_stdout(io.StringIO())
        with quiet, np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if to_come(answer):
                raise ToCome
            return True, f"✓ {name}: right. {exercise.judge(answer)}"
    except ToCome:
        part = not (answer is ... or callable(answer) or all(part is ... for part in answer))
        what = "a part of your answer" if part else "your answer"
        return False, f"… {name}: {what} is still to come. Put it in place of the three dots."
    except NotRead as off:
        hint = f"{off} Expected: {exercise.expected}."
    except Off as off:
        hint = str(off)
    except (Exception, SystemExit):  # an answer so odd that reading it fails
        kind = shown(type(answer).__name__)
        hint = f"Your answer, of type {kind}, could not be read. Expected: {exercise.expected}."
    return False, f"✗ {name}: not yet. {hint}"
