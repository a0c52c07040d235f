"""Notebook 06: two real series."""

from __future__ import annotations

from typing import Any

from helpers import forecasting
from helpers.exercises.answers import (
    called,
    function_in,
    items_in,
    number_in,
    numbers_in,
    refuse,
    shown,
)
from helpers.exercises.comparing import matches
from helpers.exercises.exercise import exercise
from helpers.exercises.quizzes import Question, quiz_of

import numpy as np


@exercise("06-recursive", "a function of forecast, window and horizon")
def recursive(answer: Any) -> str:
    function = function_in(answer, "forecast", "window", "horizon")

    def one_step(window: Any) -> float:
        window = numbers_in(window, "The window that you give to forecast").ravel()
        refuse(len(window) > 5, "The window grows: drop its oldest value when you add one.")
        refuse(len(window) < 5, "The window shrinks: it must keep its length.")
        return float(0.5 * window[-1] + 0.3 * window[0] + 1)

    start = np.array([3.0, 1.0, 4.0, 1.0, 5.0])
    right, window = [], start
    for _ in range(7):
        right.append(one_step(window))
        window = np.append(window[1:], right[-1])
    got = numbers_in(called(function, one_step, start.copy(), 7), "What your function returns")
    got = got.ravel()
    refuse(len(got) == 12, "The window is in front of the forecasts: return the forecasts alone.")
    backwards, window = [], start
    for _ in range(7):
        backwards.append(one_step(window))
        window = np.append(backwards[-1], window[:-1])
    matches(got, np.array(right), [
        ("Every step forecasts from the same window: what was forecast must enter it.",
         np.full(7, one_step(start))),
        ("The new value goes in at the wrong end: the newest stands last.", np.array(backwards)),
    ], axes=("step",))  # fmt: skip
    return "From the second step on it reads its own forecasts, and their errors with them."


@exercise("06-halfwidth", "one number")
def halfwidth(answer: Any) -> str:
    residuals = np.array([0.3, -0.1, 0.8, -0.6, 0.2, -0.4, 0.5, -0.9, 0.1, -0.2,
                          0.7, -0.3, 0.05, 1.1, -0.5, 0.25, -0.7, 0.4, -0.15])  # fmt: skip
    ordered = np.sort(np.abs(residuals))
    matches(number_in(answer), forecasting.conformal_halfwidth(residuals, 0.9), [
        ("Take the absolute errors: the interval reaches to both sides.",
         np.sort(residuals)[17], np.sort(residuals)[16], np.quantile(residuals, 0.9)),
        ("The rank is 0.9 times one more than the errors there are, rounded up.",
         ordered[16], np.quantile(np.abs(residuals), 0.9)),
        ("Python counts from 0: the k-th smallest stands at k - 1.", ordered[18]),
        ("That is the whole width.", 2 * ordered[17]),
        ("That takes the errors for normally distributed. Take them as they are.",
         1.645 * residuals.std(), 1.645 * residuals.std(ddof=1)),
    ])  # fmt: skip
    return "The 18th smallest of 19. If the errors to come are like these, nine in ten lie within."


_EXITS, _MODELS = ("places", "parts", "order"), ("linear", "mlp", "sum", "maximum", "gru")
_RIGHT = {"A": ("order", "gru"), "B": ("places", "linear"), "C": ("parts", "maximum")}
_LOOK_AGAIN = {
    "A": "A: what does reordering the older half do to the GRU there, and who else comes near it?",
    "B": "B: which model of the table is exact, and which steps does it look at?",
    "C": "C: what does reordering do to the smallest error there?",
}


@exercise("06-transfer", "six words, an exit and a model each for A, B and C")
def transfer(answer: Any) -> str:
    words = items_in(answer, lambda text: text.replace(",", " ").split())
    refuse(len(words) != 6, f"This asks for 6 words, two for each task; got {len(words)}.")
    words = [shown(word).strip("'\"").lower() for word in words]
    for (letter, right), given in zip(_RIGHT.items(), zip(words[::2], words[1::2], strict=True),
                                      strict=True):  # fmt: skip
        for word, options in zip(given, (_EXITS, _MODELS), strict=True):
            refuse(word not in options, f"{letter}: {word} is not one of {', '.join(options)}.")
        refuse(given[0] != right[0], _LOOK_AGAIN[letter])
        refuse(
            given[1] != right[1],
            f"{letter}: the exit is right. Which model of that kind has the smallest error?",
        )
    return "Three tasks, three exits, and you had nothing but the tests to tell them by."


QUESTIONS = (
    Question(
        "c",
        {
            "a": "The rows to test on are touched once, when all is chosen.",
            "b": "A training error is smallest for the model that knows its rows by heart.",
        },
    ),
    Question(
        "b",
        {
            "a": "More units of the same kind: would they have seen the values above the range?",
            "c": "The window was long enough for least squares.",
        },
    ),
    Question(
        "a",
        {
            "b": "Look at the table at equal history: what did 12 plain steps reach?",
            "c": "Look at 5 steps alone, and at 5 with the values before: is there no difference?",
        },
    ),
    Question(
        "c",
        {
            "a": "It holds for errors like those it was made from. Were they?",
            "b": "A wider one covers more, and yet promises no more.",
        },
    ),
)
quiz = quiz_of("06", QUESTIONS)
