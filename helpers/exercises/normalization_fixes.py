"""Notebook 04: scales, splits and trends."""

from __future__ import annotations

from typing import Any

from helpers.examples import first_squares
from helpers.exercises.answers import numbers_in, parts_of, refuse, rows_of
from helpers.exercises.comparing import matches, words_match
from helpers.exercises.exercise import exercise
from helpers.exercises.quizzes import Question, quiz_of

import numpy as np


@exercise("04-scale", "50 numbers, the whole series scaled")
def scale(answer: Any) -> str:
    series = first_squares(50)
    train, rest = series[:40], series[40:]

    def z_score(values: np.ndarray, by: np.ndarray) -> np.ndarray:
        return (values - by.mean()) / by.std()

    halves = isinstance(answer, list | tuple) and len(answer) == 2
    refuse(halves, "You give two parts. np.concatenate makes one array of them.")
    right = z_score(series, train)
    spread = np.ptp(train)
    matches(numbers_in(answer), right, [
        ("Mean and deviation of all 50 values: take those trained on.", z_score(series, series)),
        ("Each part has a scale of its own. The rows held out get that of the rows trained on.",
         np.r_[z_score(train, train), z_score(rest, rest)]),
        ("This is min-max, not mean and deviation.", series / spread, series / np.ptp(series)),
        ("Only the mean is taken off: divide by the deviation too.", series - train.mean()),
        ("You only divided: take the mean off first.", series / train.std()),
        ("Put the difference into brackets: a division comes first.",
         series - train.mean() / train.std()),
        ("Only the rows trained on came back. Scale the others as well.", right[:40]),
        ("Only the rows held out came back. Scale the others as well.", right[40:]),
        ("The deviation divides by n − 1 (ddof=1); Keras' Normalization and numpy divide by n.",
         (series - train.mean()) / train.std(ddof=1)),
        ("Mean and deviation have changed places.", (series - train.std()) / train.mean()),
        ("This is the series as it was.", series),
    ], axes=("time",))  # fmt: skip
    return "The rows held out use the scale of the others, as tomorrow's values will."


@exercise("04-back", "four numbers, in units of y")
def back(answer: Any) -> str:
    scaled, mean, deviation = np.array([-1.0, 0.0, 0.5, 2.0]), 200, 40
    matches(numbers_in(answer), scaled * deviation + mean, [
        ("These are the predictions as they came, still scaled.", scaled),
        ("You used the numbers of X. A prediction is in units of y.", scaled * 10 + 50),
        ("Multiplied by the deviation: the mean is still missing.", scaled * deviation),
        ("The mean is added: multiply by the deviation first.", scaled + mean),
        ("You scaled a second time. Undo it, the last step first.", (scaled - mean) / deviation),
        ("The steps are in the wrong order: multiply first, then add.",
         (scaled + mean) * deviation),
        ("Mean and deviation have changed places.", scaled * mean + deviation),
        ("You took the deviation of X and the mean of y.", scaled * 10 + mean),
        ("You took the mean of X and the deviation of y.", scaled * deviation + 50),
    ], axes=("prediction",))  # fmt: skip
    return "Multiply, then add: the scaling's steps backwards, with the numbers of y."


@exercise("04-split", "rows to train on, rows to hold out")
def split(answer: Any) -> str:
    train, held = parts_of(answer, "rows to train on", "rows to hold out")
    train, held = rows_of(train, 200, "The first part"), rows_of(held, 200, "The second part")
    both, neither = np.intersect1d(train, held), np.setdiff1d(range(200), np.r_[train, held])
    refuse(min(len(train), len(held)) == 1, "Give the numbers of the rows, not how many.")
    ends = len(train) == 2 or len(held) == 2
    refuse(ends, "Give every row, not the first and the last alone: np.arange makes them all.")
    refuse(len(train) == 20 and train[0] == 180, "Exchanged: the rows to train on come first.")
    refuse(len(both) > 0, f"In both parts: {both[:3].tolist()} … Test on other rows.")
    refuse(len(neither) > 0, f"In neither part: {neither[:3].tolist()} …")
    size = "many" if len(held) > 20 else "few"
    refuse(len(held) != 20, f"{len(held)} rows held out are too {size}: how far ahead is asked?")
    refuse(held[-1] == 19, "You hold out the oldest rows. What you must forecast comes last.")
    refuse(np.ptp(held) > 19, "The rows held out are scattered, so the model sees rows from "
            "after them. A forecast never does: cut by time.")  # fmt: skip
    refuse(held[0] != 180, "The rows held out lie in the middle: rows after them are trained on.")
    return "You test what you will be asked for: the end, as far ahead as the forecast."


@exercise("04-difference", "four numbers, in units of y")
def difference(answer: Any) -> str:
    last, changes = 12, np.array([2, -1, 3, 0.5])
    right = last + np.cumsum(changes)
    matches(numbers_in(answer), right, [
        ("These are the changes as they were predicted. Where does y stand before them?", changes),
        ("The changes are added up from 0. Start from the last y you know.", right - last),
        ("Each change starts from the value before it, not from the last y again.", last + changes),
        ("Leave the last known y out: it is no forecast.", np.r_[last, right]),
        ("One step behind: the first forecast has a change in it.", np.r_[last, right[:-1]]),
        ("Turn the sign round: a change is added.", last - np.cumsum(changes)),
    ], axes=("forecast",))  # fmt: skip
    return "Each change is added to the value before it, so errors add up as well."


@exercise("04-diagnose", "three words, out of saturation, split, trend")
def diagnose(answer: Any) -> str:
    words_match(answer, ("saturation", "split", "trend"), (
        "the inputs are inside the range and still move nothing. What has no room left to move?",
        "the values are inside the range, so it is no matter of scale. Which rows lay between rows "
        "trained on?",
        "the longer it goes on, the worse. What does every week have more of?",
    ))  # fmt: skip
    return (
        "Three symptoms, three causes: scale inputs and targets, cut by time, forecast the change."
    )


QUESTIONS = (
    Question(
        "a",
        {
            "b": "Which of the two scalings promises a range, and for which rows?",
            "c": "Scaling the held-out rows by themselves would hide how far they lie outside.",
        },
    ),
    Question(
        "c",
        {
            "a": "It moves the bend further out, and the outputs are still bounded.",
            "b": "With a random split you no longer test what lies ahead. It is still there.",
        },
    ),
    Question(
        "b",
        {
            "a": "Those rows lie between rows trained on. Is that what you will be asked for?",
            "c": "One of the two is like your task. The mean of both is like neither.",
        },
    ),
)
quiz = quiz_of("04", QUESTIONS)
