"""Notebook 05: longer lags."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpers.data import adding_task, hold_latest_task
from helpers.exercises.answers import (
    Off,
    ToCome,
    called,
    function_in,
    number_in,
    numbers_in,
    refuse,
    shown,
)
from helpers.exercises.comparing import matches, words_match
from helpers.exercises.exercise import exercise
from helpers.exercises.quizzes import Question, quiz_of

import numpy as np


@exercise("05-floor", "one number")
def floor(answer: Any) -> str:
    now, before, far = 1, 0.6, 0.8
    matches(number_in(answer), far, [
        ("This is the variance of what is not seen: take its root.", far**2),
        ("Square a weight before you take the root of the variance.", np.sqrt(far)),
        ("You counted a value that the model sees. Only what it does not see makes an error.",
         np.hypot(before, far), np.hypot(now, far)),
        ("This is the deviation of the whole target, which a guess of the mean would cost.",
         np.sqrt(now + before**2 + far**2)),
        ("It sees two of the three values. The third is independent of both.", 0),
        ("This is the weight of a value that the model sees.", before),
        ("This is a variance, and of all three values.", now + before**2 + far**2),
        ("Deviations do not add up; and of three values two are seen.",
         now + before + far, before + far),
        ("This is the part that it does see.", np.hypot(now, before)),
    ])  # fmt: skip
    return "What is not seen costs its own deviation, whatever the model."


@exercise("05-window", "one whole number")
def window(answer: Any) -> str:
    steps, lag = number_in(answer), 24
    refuse(steps > lag + 1, f"{steps:g} steps cover it, but a shorter window does as well.")
    matches(steps, lag + 1, [
        ("One short: the newest value takes a place, and so does the value wanted.", lag),
        ("Count again for a small lag: for the value one step back, how many must you see?",
         lag - 1),
    ], exact=True)  # fmt: skip
    return "The lag and one more, for the newest value itself."


_RETURNED = "What your function returns"


def _tried(run: Callable, values: np.ndarray, marks: np.ndarray) -> np.ndarray:
    """What `run` makes of all rows at once or, where that fails, of row after row."""
    try:
        got = run(values.T.copy(), marks.T.copy())
        return np.broadcast_to(numbers_in(got, _RETURNED), len(values))
    except (Off, ToCome):
        raise
    except (Exception, SystemExit):  # an `if`, most likely, which takes one number
        pass
    try:
        rows = zip(values.tolist(), marks.tolist(), strict=True)
        return np.array([number_in(run(*row), _RETURNED) for row in rows])
    except (Off, ToCome):
        raise
    except (Exception, SystemExit) as error:
        text = shown(f"{type(error).__name__}: {error}").rstrip(":")
        raise Off(f"Your function raises {text}") from error


@exercise("05-step", "a function of value and mark")
def step_function(answer: Any) -> str:
    step = function_in(answer, "value", "mark")
    X, y = adding_task(50, 30, seed=0)
    values, marks = X[:, :, 0], X[:, :, 1]

    def total(values: Any, marks: Any) -> Any:
        pairs = zip(values, marks, strict=True)
        return sum(numbers_in(called(step, *pair), _RETURNED) for pair in pairs)

    matches(_tried(total, values, marks), y[:, 0], [
        ("It adds up all values: let the mark decide which ones count.", values.sum(axis=1)),
        ("It counts the marks: what is asked for are the values there.", marks.sum(axis=1)),
        ("It adds the mark. How can a mark of 0 take a value out?", (values + marks).sum(axis=1)),
        ("It takes the values without a mark: turn it round.", (values * (1 - marks)).sum(axis=1)),
        ("It returns 0 at every step.", 0 * y[:, 0]),
    ], axes=("sequence",))  # fmt: skip
    return "Each step counts by itself, so a sum will do, and no memory is needed."


@exercise("05-update", "a function of state, value and mark")
def update_function(answer: Any) -> str:
    update = function_in(answer, "state", "value", "mark")
    X, y = hold_latest_task(50, 200, seed=0)
    values, marks = X[:, :, 0], X[:, :, 1]

    def last(values: Any, marks: Any, update: Callable = update) -> Any:
        state = 0.0 * values[0]
        for value, mark in zip(values, marks, strict=True):
            state = called(update, state, value, mark)
        return state

    def at(step: np.ndarray) -> np.ndarray:
        return values[np.arange(len(values)), step]

    matches(_tried(last, values, marks), y[:, 0], [
        ("It adds up the marked values: a new one replaces the old one.",
         (values * marks).sum(axis=1)),
        ("It takes every value: without a mark the state has to stay.", values[:, -1]),
        ("It keeps the first marked value: a later mark has to win.", at(marks.argmax(axis=1))),
        ("It takes values without a mark.", at(199 - (1 - marks[:, ::-1]).argmax(axis=1))),
        ("It forgets between marks: without one, keep the state.", values[:, -1] * marks[:, -1]),
        ("The state never leaves 0: at a mark, take the value.", 0 * y[:, 0]),
        ("It adds up every value: take one at a mark, else keep the state.", values.sum(axis=1)),
        ("It counts the marks: at a mark, take the value.", marks.sum(axis=1)),
        ("Without a mark the value still comes in: let the mark decide that, too.",
         last(values.T, marks.T, lambda state, value, mark: (1 - mark) * state + value)),
    ], axes=("sequence",))  # fmt: skip
    return "Keep or take: the mark is a forget gate and an input gate in one."


@exercise("05-choose", "five words, out of window, sum, memory")
def choose(answer: Any) -> str:
    named = "can you name, before you see the sequence, the positions that matter?"
    adds = "do positions move, while each item counts by itself and the parts only add up?"
    depends = "does what a step means depend on what comes before or after it?"
    words_match(answer, ("window", "sum", "memory", "window", "memory"), (
        named,
        {"window": named, "memory": adds},
        {"window": named, "sum": depends},
        f"{named[:-1]}, however far back?",
        {"window": named, "sum": depends},
    ))  # fmt: skip
    return "Ask for the positions first, then whether parts add up, and for memory last."


QUESTIONS = (
    Question(
        "b",
        {
            "a": "How long the lag is was not the first question of the chart. Which was?",
            "c": "A sum cannot tell one position from another. Here one position counts.",
        },
    ),
    Question(
        "c",
        {
            "a": "What happened when you took the memory away?",
            "b": "The MLP saw all the steps. What it lacked was something else.",
        },
    ),
    Question(
        "a",
        {
            "b": "Each mark counts for itself, so their number is a sum over the steps.",
            "c": "Its position is known, however far back it lies.",
        },
    ),
    Question(
        "b",
        {
            "a": "On the adding problem it did not carry over. Was that not the same LSTM?",
            "c": "It was never shown a row of 200. What is the rule that it learned?",
        },
    ),
)
quiz = quiz_of("05", QUESTIONS)
