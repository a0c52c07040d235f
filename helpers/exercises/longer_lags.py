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
    items_in,
    number_in,
    numbers_in,
    refuse,
    shown,
)
from helpers.exercises.comparing import matches, words_match
from helpers.exercises.exercise import exercise
from helpers.exercises.quizzes import Question, quiz_of

import numpy as np

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


@exercise("05-choose", "five words, out of places, parts, order")
def choose(answer: Any) -> str:
    places = "do fixed places carry the answer, places that you can name beforehand?"
    parts = "would shuffling the items change the answer, or does each one count by itself?"
    order = "is an item read in the light of those before or after it?"
    words_match(answer, ("places", "parts", "order", "places", "order"), (
        places,
        {"places": places, "order": parts},
        {"places": places, "parts": order},
        f"{places[:-1]}, however far back?",
        {"places": places, "parts": order},
    ))  # fmt: skip
    return "Ask for fixed places first, then for parts that may move, and for order last."


#: What a task of the learner's is run with: as in the notebook, whose programs then serve again.
_BOUT = {"timesteps": 50, "seeds": (1, 2)}


@exercise("05-arena", "three functions of samples, timesteps and seed")
def arena(answer: Any) -> str:
    tasks = items_in(answer, lambda text: [text])
    refuse(len(tasks) != 3, f"This asks for three tasks, one for each winner; got {len(tasks)}.")
    for task in tasks:
        function_in(task)
    bouts = (
        ("first", ("MLP",), ("LSTM",), 0.7, "A value whose place is known, far enough back?"),
        ("second", ("sum",), ("LSTM",), 0.7, "Parts that move, and add up?"),
        ("third", ("LSTM", "GRU"), ("linear", "MLP", "sum", "maximum"), 0.5,
         "What is at a step has to be read in the light of the steps after it."),
    )  # fmt: skip
    for task, (which, winners, others, share, idea) in zip(tasks, bouts, strict=True):
        errors = _raced(which, task, (*winners, *others))
        best, rival = (min(names, key=errors.get) for names in (winners, others))
        refuse(
            errors[best] > 0.5,
            f"On the {which} task the {best} keeps {errors[best]:.2f} of no skill: too much to "
            f"win. {idea}",
        )
        refuse(
            errors[best] > share * errors[rival],
            f"On the {which} task the {best} ends with {errors[best]:.2f} of no skill, and "
            f"{rival} with {errors[rival]:.2f}. {idea}",
        )
    return "You know what each of them is good for, as you have made it win."


def _raced(which: str, task: Callable, models: tuple[str, ...]) -> dict[str, float]:
    """The median error of each model, as a share of no skill."""
    # Keras takes seconds to load, and nothing else here needs it.
    from helpers.arena import race

    try:
        errors = race(task, models=models, **_BOUT)
    except (Exception, SystemExit) as error:
        text = shown(f"{type(error).__name__}: {error}").rstrip(":")
        raise Off(f"The {which} task raises {text}") from error
    return {name: float(np.median(values)) for name, values in errors.items()}


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
            "a": "It is good already. What does it not use, if shuffling changes nothing?",
            "c": "The order of what it has carries nothing. What would more of it bring?",
        },
    ),
)
quiz = quiz_of("05", QUESTIONS)
