"""Checks a learner's answers, says what is off and where to look, and keeps what is done.

What is done is kept in `.lstm-or-mlp.json` in the home folder. `COURSE_PROGRESS_FILE` in the
environment names another file; set to nothing, it keeps none.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import json
import os
import tempfile
import warnings
from pathlib import Path
from typing import Any

from helpers.answers import NotRead, Off, ToCome, shown, to_come
from helpers.exercises import EXERCISES

import numpy as np

__all__ = ["check", "progress"]

_done: set[str] = set()  # in this session
_told: set[str] = set()  # why progress cannot be kept: said once


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
    print(message + _keep(name) if right else message)


def progress() -> None:
    """Print the exercises of each notebook, with a tick at those that `check` has found right."""
    kept = set(_done)
    with contextlib.suppress(OSError, RuntimeError, ValueError):  # a file that cannot be read
        kept |= _kept(_file())
    rows = {}
    for name in EXERCISES:
        notebook, _, title = name.partition("-")
        rows.setdefault(notebook, []).append((title, name in kept))
    lines = {
        key: "  ".join(f"{'✓' if done else '·'} {title}" for title, done in row)
        for key, row in rows.items()
    }
    width = max(map(len, lines.values()))
    for key, row in rows.items():
        print(f"{key}  {lines[key]:<{width}}  {sum(done for _, done in row)} of {len(row)}")
    print(f"{len(kept & set(EXERCISES))} of {len(EXERCISES)} exercises done")


def _judged(name: str, answer: Any) -> tuple[bool, str]:
    try:
        # What an answer prints or warns of, as a function may 1500 times, would bury the message.
        quiet = contextlib.redirect_stdout(io.StringIO())
        with quiet, np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if to_come(answer):
                raise ToCome
            return True, f"✓ {name}: right. {EXERCISES[name].judge(answer)}"
    except ToCome:
        part = not (answer is ... or callable(answer) or all(part is ... for part in answer))
        what = "a part of your answer" if part else "your answer"
        return False, f"… {name}: {what} is still to come. Put it in place of the three dots."
    except NotRead as off:
        hint = f"{off} Expected: {EXERCISES[name].expected}."
    except Off as off:
        hint = str(off)
    except (Exception, SystemExit):  # an answer so odd that reading it fails
        kind = shown(type(answer).__name__)
        hint = (
            f"Your answer, of type {kind}, could not be read. Expected: {EXERCISES[name].expected}."
        )
    return False, f"✗ {name}: not yet. {hint}"


# ---- What was done, kept from one session to the next ------------------------------------------


def _file() -> Path | None:
    named = os.environ.get("COURSE_PROGRESS_FILE")
    if named is None:
        return Path.home() / ".lstm-or-mlp.json"
    return Path(named).expanduser() if named.strip() else None


def _kept(path: Path | None) -> set[str]:
    """The names in the file; none if it is missing or damaged."""
    if path is None or not path.exists():
        return set()
    if not path.is_file():  # reading a device may never end
        raise OSError("it is not a regular file")
    try:
        names = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return set()
    # A name that is unknown here may belong to another version of the course.
    return {n for n in names if isinstance(n, str)} if isinstance(names, list | dict) else set()


def _keep(name: str) -> str:
    """Keep `name` as done. Return a line that says why it cannot be kept, once in a session."""
    _done.add(name)
    try:
        path = _file()
        if path is not None:
            path = Path(os.path.realpath(path))  # a link stays a link
            before = _kept(path)  # read again: another notebook may have added to it
            if not _done <= before:
                _write(path, json.dumps(sorted(before | _done)))
    except (OSError, RuntimeError, ValueError) as error:
        if not _told:
            _told.add(name)
            why = shown(getattr(error, "strerror", None) or error)
            return f"\n(Your progress cannot be kept when you close this notebook: {why}.)"
    return ""


def _write(path: Path, text: str) -> None:
    """Write the file whole or not at all."""
    handle, temporary = tempfile.mkstemp(prefix=path.name, suffix=".tmp", dir=path.parent)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
