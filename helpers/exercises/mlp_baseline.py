"""Notebook 03: lines and baselines."""

from __future__ import annotations

from typing import Any

from helpers.data import ramp, sliding_windows
from helpers.examples import colleagues_series
from helpers.exercises.answers import number_in, numbers_in, pair_of, parts_of, refuse
from helpers.exercises.comparing import matches, rmse, same
from helpers.exercises.exercise import exercise
from helpers.exercises.quizzes import Question, quiz_of

import numpy as np


@exercise("03-collapse", "slope, intercept, two numbers")
def collapse(answer: Any) -> str:
    slope, intercept = pair_of(answer, "slope", "intercept")
    W1, b1, W2, b2 = np.array([[2, -1]]), np.array([1, 3]), np.array([[0.5], [2]]), np.array([-4])
    line = (W1 @ W2).item(), (b1 @ W2 + b2).item()
    refuse(same(np.array([intercept, slope]), line), "Slope and intercept are exchanged.")
    matches(slope, line[0], [
        ("slope: multiply along each path from input to output, then add the paths.",
         W1.sum() + W2.sum(), W1.sum() * W2.sum(), W1.sum(), W2.sum()),
    ])  # fmt: skip
    matches(intercept, line[1], [
        ("intercept: b1 goes through the second layer too, so it meets W2.", b1.sum() + b2),
        ("intercept: b1 is forgotten; it goes through W2.", b2),
        ("intercept: b2 is forgotten.", b1 @ W2),
    ])  # fmt: skip
    return "Two layers without activation are one line."


@exercise("03-baseline", "one number, the RMSE on the rows held out")
def baseline(answer: Any) -> str:
    got = numbers_in(answer)
    refuse(got.size > 1, "One number is asked for. Has y_series two axes where you need one? Then "
           "take y_series[:, 0].")  # fmt: skip
    series, first, last = colleagues_series(), slice(None, 30), slice(-30, None)

    def errors(fitted: slice, horizon: int = 1, constant: int = 1) -> np.ndarray:
        X, y = sliding_windows(series, 3, horizon=horizon)
        design = np.c_[X[:, :, 0], np.full(len(X), constant)]
        weights, *_ = np.linalg.lstsq(design[fitted], y[fitted, 0], rcond=None)
        return design @ weights - y[:, 0]

    X, y = sliding_windows(series, 3, horizon=1)
    error = errors(slice(None, -30))
    predicted, design = error + y[:, 0], np.c_[X[:, :, 0], np.ones(len(X))]
    of_the_ramp, *_ = np.linalg.lstsq(design[:95], ramp().y[:95, 0], rcond=None)
    matches(number_in(got), rmse(error[last]), [
        ("You fitted on all rows, so the model has seen those held out. Fit on the others alone.",
         rmse(errors(slice(None))[last])),
        ("The intercept is missing: put a column of ones beside the windows.",
         rmse(errors(slice(None, -30), constant=0)[last])),
        ("This is the error of the rows trained on.", rmse(error[:-30])),
        ("This is the error of all rows. Those trained on do not count.", rmse(error)),
        ("This is the mean squared error: take its root.", rmse(error[last]) ** 2),
        ("This is the mean absolute error: square, then mean, then root.",
         np.abs(error[last]).mean()),
        ("This is what repeating the last value costs. Fit on the windows.",
         rmse((X[:, -1] - y)[last])),
        ("You held out the first rows. Hold out the last.", rmse(errors(slice(30, None))[first])),
        ("y_series has two axes, so its difference to a row of predictions has a value for every "
         "pair. Take y_series[:, 0].", rmse(predicted[last] - y[last])),
        ("This was fitted to the ramp's y, as least_squares above does. Fit to y_series.",
         rmse((design @ of_the_ramp - y[:, 0])[last])),
        ("You cut after 90 rows. There are 117, as a window and its target take four hours.",
         rmse(errors(slice(None, 90))[90:])),
        ("No error at all: with horizon 0 the target stands in the window. Forecast one step.", 0),
    ])  # fmt: skip
    return "This is the number that a network has to beat."


@exercise("03-kink", "kink, alive, a number and True or False")
def kink(answer: Any) -> str:
    parts = parts_of(answer, "kink", "alive")
    refuse(isinstance(parts[1], str), "alive: True or False is asked for, in place of a word.")
    (kink, alive), w, b = pair_of(parts, "kink", "alive"), -2, 6
    refuse(alive == -b / w and kink in (0, 1), "kink and alive are exchanged.")
    matches(kink, -b / w, [
        ("kink: look at the sign: w x + b has to be zero there.", b / w),
        ("kink: this is b alone. Where is w x + b zero?", b, -b),
        ("kink: w and b are upside down.", w / b, -w / b),
        ("kink: divide the bias by the weight, do not multiply.", w * b, -w * b),
    ])  # fmt: skip
    refuse(alive not in (0, 1), "alive: True or False is asked for.")
    refuse(alive == 1, "alive: work out w x + b for the first row and the last. Is it above 0?")
    return "It is zero on every row trained on, so training leaves it as it is: it is dead."


@exercise("03-absolute", "W1, b1, W2, b2, four arrays")
def absolute(answer: Any) -> str:
    names = ("W1", "b1", "W2", "b2")
    parts = zip(parts_of(answer, *names), names, strict=True)
    W1, b1, W2, b2 = (numbers_in(part, name) for part, name in parts)
    units = W1.shape[1] if W1.ndim == 2 and len(W1) == 1 else b1.size
    refuse(b1.size != units, f"b1 has the shape {b1.shape}: each of the {units} units has a bias.")
    needed = {"W1": (W1, (1, b1.size)), "W2": (W2, (b1.size, 1))}
    for name, (W, shape) in needed.items():
        fit = f"with {b1.size} biases in b1 it needs {shape}, rows for what comes in"
        refuse(W.shape != shape, f"{name} has the shape {W.shape}, and {fit}.")
    refuse(b2.size != 1, f"b2 has the shape {b2.shape}: one output has one bias.")
    x = np.arange(-10, 10.5, 0.5)
    got = (np.maximum(x[:, None] * W1 + b1.ravel(), 0) @ W2 + b2.ravel())[:, 0]
    zero, ten = np.abs(x), got[-1]
    kink = x[np.argmin(got)]
    otherwise = (
        f"f(−10) = {got[0]:.3g}, f(0) = {got[20]:.3g}, f(10) = {ten:.3g}: "
        "which part of the line is off?"
    )
    matches(got, zero, [
        ("It gives x: right above zero, and below it the sign has to turn.", x),
        ("It gives −x: right below zero, and above it the sign has to turn.", -x),
        ("It gives max(0, x): a second unit has to see −x.", np.maximum(x, 0)),
        ("It gives max(0, −x): a second unit has to see x.", np.maximum(-x, 0)),
        ("It gives −|x|: turn the sign of the second layer.", -zero),
        ("It gives 0 everywhere: which unit is above zero, and where?", 0 * x),
        (f"It gives {ten / 10:.3g}·|x|: the slopes are off by that factor.", zero * ten / 10),
        (f"The kink is at {kink:g}, where |x| has its own at 0: look at b1.", np.abs(x - kink)),
        (f"It is {got[20]:.3g} off everywhere: look at b2.", zero + got[20]),
    ], otherwise=otherwise)  # fmt: skip
    return "One unit for each side; without an activation no layer could bend the line."


QUESTIONS = (
    Question(
        "c",
        {
            "a": "Multiply the matrices out: what is a straight line of a straight line?",
            "b": "Biases shift the line. They do not bend it.",
        },
    ),
    Question(
        "a",
        {
            "b": "More units help on the bounded range. Where is 200?",
            "c": "The theorem speaks of a bounded range. Does that hold 200?",
        },
    ),
    Question(
        "b",
        {
            "a": "Perhaps there is no more to gain. Which model tells you so in a second?",
            "c": "A fair race needs a number to beat. Which model gives you one?",
        },
    ),
)
quiz = quiz_of("03", QUESTIONS)
