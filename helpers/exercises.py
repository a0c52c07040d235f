"""The exercises of the course: what each accepts, and what it says to typical mistakes.

An exercise is a small function: it takes the answer and returns a sentence of praise, or refuses
the answer with a hint. Typical mistakes are worked out rather than typed in, so that a hint is
given for what was computed, in whatever form it comes.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from helpers.answers import (
    NotRead,
    Off,
    ToCome,
    matches,
    number_in,
    numbers_in,
    pair_of,
    parts_of,
    refuse,
    rmse,
    rows_of,
    same,
    shape_of,
    shown,
    to_come,
    words_among,
)
from helpers.data import adding_task, hold_latest_task, ramp, sliding_windows
from helpers.quizzes import QUIZZES

import numpy as np

__all__ = ["EXERCISES", "Exercise"]


class Exercise(NamedTuple):
    """`judge` takes the answer and returns praise or raises; `expected` says what it asks for."""

    judge: Callable[[Any], str]
    expected: str


_exercises: dict[str, Exercise] = {}


def _exercise(name: str, expected: str) -> Callable:
    def add(judge: Callable[[Any], str]) -> Callable[[Any], str]:
        _exercises[name] = Exercise(judge, expected)
        return judge

    return add


# ---- 00: windows --------------------------------------------------------------------------------


@_exercise("00-windows", "one whole number")
def _first(answer: Any) -> str:
    length, width = 9, 4
    matches(number_in(answer), length - width + 1, {
        "This gives a window to every value. Does the last one have room for a window?": length,
        "One short: the window that starts at the very first value counts as well.": length - width,
        "One too many: where does the last window start, so that it still fits?":
            length - width + 2,
        "This lays the windows end to end. They move on by one value only.": length // width,
    }, exact=True)  # fmt: skip
    return "The last window starts where the fourth value from the end stands."


# ---- 01: shapes and windows --------------------------------------------------------------------

_AXES = ("samples", "timesteps", "features")
_RECORDED = np.arange(40).reshape(4, 2, 5)
_SQUARES = np.arange(20.0) ** 2
_TEMPERATURE = 15 + 5 * np.sin(2 * np.pi * np.arange(48) / 24)


def _is_shape(answer: Any, right: tuple[int, ...], mistakes: Mapping[str, Any]) -> None:
    shape, axes = shape_of(answer), _AXES[-len(right) :]
    if len(shape) == len(right):
        sizes = zip(axes, shape, right, strict=True)
        off = [f"too {'many' if n > m else 'few'} {axis}" for axis, n, m in sizes if n != m]
        rest = f"There are {' and '.join(off)}. The axes are ({', '.join(axes)})."
    else:
        rest = f"Axes given: {len(shape)}. Asked for: {len(right)}, ({', '.join(axes)})."
    matches(shape, right, {**mistakes, rest: shape}, exact=True)


@_exercise("01-axes", "a shape, three whole numbers in round brackets")
def _axes(answer: Any) -> str:
    _is_shape(answer, (200, 60, 3), {
        "Timesteps and features are exchanged: what comes in turn stands second.": (200, 3, 60),
        "Samples and timesteps are exchanged: one row a patient, and rows first.": (60, 200, 3),
        "The lengths are there, but in another order: samples, then timesteps, then features.":
            [(60, 3, 200), (3, 60, 200), (3, 200, 60)],
        "This is the shape of one sample. Where are the others?": (60, 3),
        "The features are missing: how many readings at one moment?": [(200, 60), (200, 60, 1)],
        "The timesteps are missing: a patient is read every minute.": [(200, 3), (200, 1, 3)],
        "Time and features have run together: give what comes one after the other its own axis.":
            [(200, 180), (200, 180, 1), (200, 1, 180)],
        "The patients are strung together: each one is a sample, with a row of its own.":
            [(12000, 3), (1, 12000, 3), (12000, 1, 3)],
        "None means any number, in a model. Of an array you know the rows.": (-1, 60, 3),
    })  # fmt: skip
    return "One row for each patient, and in it minute after minute, with all readings at once."


@_exercise("01-order", "an array with the axes (samples, timesteps, features)")
def _order(answer: Any) -> str:
    right, got = _RECORDED.transpose(0, 2, 1), numbers_in(answer)
    shuffled = got.shape == right.shape and sorted(got.tolist()) == sorted(right.tolist())
    matches(got, right, {
        "This is the array as recorded: its features still stand before its timesteps.": _RECORDED,
        "`reshape` cuts the numbers anew in their reading order: 1 is the same feature as 0, one "
        "timestep later, and now stands beside it as another feature. Let axes trade places.":
            _RECORDED.reshape(4, 5, 2),
        "All three axes are turned round, as by `.T`. The samples have to stay in front.":
            _RECORDED.T,
        "The samples have left the front: only the other two axes trade places.":
            [_RECORDED.transpose(p) for p in ((2, 0, 1), (1, 0, 2), (1, 2, 0))],
        "You give a shape. This asks for the array itself, with its numbers moved.": (4, 5, 2),
        "The timesteps run backwards: the oldest comes first.": right[:, ::-1],
        "The features have changed places among themselves.": right[:, :, ::-1],
        "Each sample is right, but the samples are mixed up.": got if shuffled else right,
    }, _AXES)  # fmt: skip
    return "`transpose` and `swapaxes` move axes; `reshape` cannot."


@_exercise("01-input-shape", "a shape in round brackets, as for keras.Input")
def _input_shape(answer: Any) -> str:
    _is_shape(answer, (60, 3), {
        "keras.Input takes the shape of one sample: leave the number of rows out.":
            [(200, 60, 3), (200, 60), (200, 3)],
        "Keras adds the None for the samples itself, so leave it out: one sample's shape alone.":
            [(-1, 60, 3), (-1, 60)],
        "None lets a window have any length, which is allowed. Here give the length that you know.":
            (-1, 3),
        "Timesteps and features are exchanged: what comes in turn stands first.": (3, 60),
        "The features are missing: an LSTM needs that axis even for a single one.": (60,),
        "One feature? Count the readings at one moment.": (60, 1),
        "The timesteps are missing.": [(3,), (1, 3)],
        "Time and features have run together: each has an axis of its own.": [(180,), (180, 1)],
    })  # fmt: skip
    return "The shape of one sample; the model then takes any number of patients."


@_exercise("01-windows", "X, y, two arrays with a comma between them")
def _windows(answer: Any) -> str:
    X, y = parts_of(answer, "X", "y")
    X, y = numbers_in(X, "X"), numbers_in(y, "y")
    right_X, right_y = sliding_windows(_SQUARES, 6, horizon=4)
    swapped = X.size < y.size and y.ndim >= 2 and y.shape[1] == 6
    refuse(swapped, "X and y are exchanged: the windows come first.")
    shapes = [X.tolist(), y.tolist()] in ([[11, 6, 1], n] for n in ([11, 1], [11], 11))
    refuse(shapes, "You give shapes. The arrays themselves are asked for, with their numbers.")
    refuse(X.ndim < 2, f"X has the shape {X.shape}: it needs ({', '.join(_AXES)}).")
    every = np.lib.stride_tricks.sliding_window_view(_SQUARES, 6)  # (15, timesteps)
    cut = X.reshape(len(X), -1)
    if cut.shape != right_X.shape[:2] or not same(cut, right_X[:, :, 0]):
        apart = cut.shape[1:] == (6,) and len(X) > 1 and same(cut[1], _SQUARES[6:12])
        refuse(apart, "Your windows lie end to end: a window starts at every step.")
        refuse(same(cut, right_X[:, ::-1, 0]), "Each window runs backwards: oldest value first.")
        width = f"Your windows cover {cut.shape[-1]} times, and 6 are asked for."
        refuse(6 not in X.shape[1:], width)
    start = round(np.sqrt(y.ravel()[0].clip(0, 1e6)))  # the time of the first target
    if same(y.ravel(), np.arange(start, start + y.size) ** 2.0):
        refuse(start in (3, 4), "You counted from the window's start: count from its last time.")
        refuse(start == 5, "Horizon 0: your target is the window's own last value.")
        refuse(start == 8, "Your target comes one step early: count from the window's last time.")
        refuse(start == 10, "Your target comes one step late: step 1 is right after the window.")
        shift = f"Your first target is that of time {start}, {start - 5} after the window's last."
        refuse(start != 9, shift)
    fewer = 1 < len(X) < 11 and cut.shape[1:] == (6,) and same(cut, every[: len(X)])
    refuse(fewer, "Windows are missing at the end: which is the last one whose target exists?")
    kept = len(X) == len(every) and same(cut, every)
    refuse(kept, "You kept all 15 windows: the last ones have no target in the series.")
    refuse(y.ndim > 0 and len(X) != len(y), f"X has {len(X)} rows, and y {len(y)}.")
    refuse(X.shape == (11, 6), "X has two axes: the features are missing, which even one needs.")
    refuse(X.shape == (11, 1, 6), "In X timesteps and features are exchanged.")
    matches(X, right_X, {}, _AXES)
    matches(y, right_y, {}, ("samples", "outputs"))
    return "rows = length − timesteps − horizon + 1, and each target lies 4 steps after the end."


@_exercise("01-forecast", "one number for each window of X_day, shape (samples,)")
def _forecast(answer: Any) -> str:
    X, y = sliding_windows(_TEMPERATURE, 24, horizon=6)
    X, y, got = X[:, :, 0], y[:, 0], numbers_in(answer)
    cost = rmse(X[:, -1] - y)
    position = got.ndim == 0 and got == round(float(got))
    refuse(position, "You give a position. Give the value that stands there in every window.")
    deep = f"One number a window is asked for, and yours has the shape {got.shape}: pick one time."
    refuse(got.ndim > 1 and got.shape != (len(y), 1), deep)
    matches(got, y, {
        f"This repeats the last value, which costs an RMSE of {cost:.1f} degrees here. Which time "
        "in the window had the same hour of the day as the target?": X[:, -1],
        "One hour early: this is the value for an hour before the target.": X[:, -20],
        "One hour late: this is the value for an hour after the target.": X[:, -18],
        "The first value of the window has another hour of the day than the target.": X[:, 0],
        "The window's mean is the same all day long. The target follows the hour.": X.mean(axis=1),
        "You went 6 hours back. The day has 24: how far back from the last value lies the hour "
        "that you forecast?": X[:, -7],
        "You counted from the window's beginning. Count back from its last value.": X[:, 18],
    }, ("sample",))  # fmt: skip
    return "A day before the target lies inside the window, so nothing needs to be learned."


# ---- 02: inside the LSTM -----------------------------------------------------------------------


@_exercise("02-step", "c, h, two numbers")
def _step(answer: Any) -> str:
    c, h = pair_of(answer, "c", "h")
    before, forget, take, candidate, output = 0.6, 0.5, 0.25, 0.8, 0.5
    right = forget * before + take * candidate
    right_h = output * np.tanh(right)
    refuse(same(np.array([h, c]), [right, right_h]), "c and h are exchanged.")
    matches(c, right, {
        "c: forget and input gate are exchanged: the forget gate goes with the old c.":
            take * before + forget * candidate,
        "c: nothing new was let in: input gate times candidate is missing.": forget * before,
        "c: the old state is gone: forget gate times c before is missing.": take * candidate,
        "c: nothing was gated: each of the two parts passes its own gate.": before + candidate,
        "c: the old state has not passed the forget gate.": before + take * candidate,
        "c: the candidate has not passed the input gate.": forget * before + candidate,
    }, ("c",))  # fmt: skip
    matches(h, right_h, {
        "h: c goes through tanh before it meets the output gate.": output * right,
        "h: this comes from the c before the step; h shows the new one.": output * np.tanh(before),
        "h: the output gate is missing.": np.tanh(right),
    }, ("h",))  # fmt: skip
    return "The new state is part old, part new, and h is what the output gate lets out of it."


@_exercise("02-weights", "one whole number")
def _weights(answer: Any) -> str:
    u, f, t = 32, 2, 12
    matches(number_in(answer), 4 * u * (u + f + 1), {
        "You forgot that there are four parts, three gates and the candidate.": u * (u + f + 1),
        "You forgot that every unit also sees all units of the last h.": 4 * u * (f + 1),
        "You forgot the bias: each unit has one in each of the four parts.": 4 * u * (u + f),
        "The timesteps are not the features: how many readings come at one hour?":
            [4 * u * (u + t + 1), 4 * u * (u + t * f + 1)],
        "The timesteps do not count: every step uses the same weights.": 4 * u * (u + f + 1) * t,
        "This is what a Dense layer has. An LSTM has four parts, and each sees the last h too.":
            [u * (f + 1), u * (t * f + 1)],
        "The bias is counted too few times: each unit has one in each of the four parts.":
            [4 * u * (u + f) + 1, 4 * u * (u + f) + u, 4 * u * (u + f) + 4],
    }, exact=True)  # fmt: skip
    return "4u(u + f + 1), and the 12 timesteps do not occur."


@_exercise("02-held-out", "the numbers of the rows, in any order")
def _held_out(answer: Any) -> str:
    rows = rows_of(answer, 60)
    count = f"You name {len(rows)} of the 60 rows. Which share does validation_split hold out?"
    matches(rows, np.arange(48, 60), {
        "These are the first rows. At which end does Keras cut?": range(12),
        "These are the rows trained on. Which ones are left?": range(48),
        "This is how many. Which ones are they?": [[12]],
        "One too early: the very last row is held out as well.": range(47, 59),
        "The very last row is missing: a range stops before its end.": range(48, 59),
        "Name every row, not the first and the last alone.": [[48, 59], [48, 60]],
        "The number of rows is right, but Keras cuts first and shuffles afterwards: the rows held "
        "out lie side by side.": rows if len(rows) == 12 else [],
        count: rows,
    }, exact=True)  # fmt: skip
    return "The last fifth: shuffling comes after the cut."


@_exercise("02-accuracy", "one number")
def _accuracy(answer: Any) -> str:
    matches(number_in(answer), 0.5, {
        "It would be, if accuracy counted right predictions. With one output Keras asks whether "
        '"prediction above the threshold" equals the target.': 1,
        "Not quite so bad: some targets could be answers to a yes/no question.": 0,
        "Keras reports a share, not percent.": [50, 100, 25, 75],
        "Too few: go through the targets one by one. What becomes of each prediction?": 0.25,
        "Too many: a 2 cannot equal yes (1) or no (0), nor can anything above it.": 0.75,
    })  # fmt: skip
    return "Only the targets 0 and 1 can count as right, and yet every prediction is perfect."


@_exercise("02-hold", "forget_bias, input_bias, two numbers")
def _hold(answer: Any) -> str:
    biases = pair_of(answer, "forget_bias", "input_bias")

    def state(biases: np.ndarray, state: float) -> float:
        forget, take = (1 + np.tanh(biases / 2)) / 2  # sigmoid
        for _ in range(100):
            state = forget * state + take
        return state

    def holds(biases: np.ndarray) -> bool:
        return all(abs(state(biases, start) - start) <= 0.01 for start in (1, -1))

    if not holds(biases):
        end, keeps = state(biases, 1), (1 + np.tanh(biases[0] / 2)) / 2
        refuse(
            0.9 < biases[0] < 1 and 0 <= biases[1] < 0.1,
            "These would do as gates. Biases are asked for, from which sigmoid makes the gates.",
        )
        refuse(holds(biases[::-1]), "The pair is exchanged: which gate must stay open to hold?")
        refuse(
            abs(end - 1) <= 0.01,
            "A state of 1 stays, but because each step writes a new 1 over what it loses: one of "
            f"−1 would end at {state(biases, -1):.4g}. Hold what is there, and let nothing in.",
        )
        refuse(
            biases[0] == 1,
            f"A forget bias of 1, as Keras starts: each step keeps {keeps:.2f} of the state, and "
            f"after 100 steps {keeps**100:.0e} of it is left.",
        )
        refuse(keeps <= 0.5, f"The forget gate is too far shut: a step keeps {keeps:.2g} of c.")
        flooded = f"The input gate is too far open: each step adds to c, which ended at {end:.4g}."
        refuse(end > 1.01, flooded)
        raise Off(f"Not closely enough: after 100 steps the state is {end:.4g}.")
    return "A forget gate near 1 and an input gate near 0 carry a value over 100 steps."


@_exercise("02-ceiling", "one number")
def _ceiling(answer: Any) -> str:
    w, b = np.array([0.5, -2, 1.5]), -1
    matches(number_in(answer), np.abs(w).sum() + b, {
        "You kept the signs of the weights: each h can lie at −1 as well as at 1.": w.sum() + b,
        "This bounds the size. The top is lower: the bias keeps its sign.":
            np.abs(w).sum() + abs(b),
        "You forgot the bias.": np.abs(w).sum(),
        "You kept the signs, and forgot the bias.": w.sum(),
        "You left the negative weight out: its h can lie at −1.": w[w > 0].sum() + b,
        "This is the floor. How high can it go?": b - np.abs(w).sum(),
    })  # fmt: skip
    return "Every h at the end that its weight's sign asks for, and then the bias."


# ---- 03: lines and baselines -------------------------------------------------------------------

_HOURS = np.arange(120)
_SERIES = 5 + np.cos(_HOURS**2) * _HOURS / 30 + 2 * np.sin(_HOURS / 3)


@_exercise("03-collapse", "slope, intercept, two numbers")
def _collapse(answer: Any) -> str:
    slope, intercept = pair_of(answer, "slope", "intercept")
    W1, b1, W2, b2 = np.array([[2, -1]]), np.array([1, 3]), np.array([[0.5], [2]]), np.array([-4])
    line = (W1 @ W2).item(), (b1 @ W2 + b2).item()
    refuse(same(np.array([intercept, slope]), line), "Slope and intercept are exchanged.")
    matches(slope, line[0], {
        "slope: multiply along each path from input to output, then add the paths.":
            [W1.sum() + W2.sum(), W1.sum() * W2.sum(), W1.sum(), W2.sum()],
    })  # fmt: skip
    matches(intercept, line[1], {
        "intercept: b1 goes through the second layer too, so it meets W2.": b1.sum() + b2,
        "intercept: b1 is forgotten; it goes through W2.": b2,
        "intercept: b2 is forgotten.": b1 @ W2,
    })  # fmt: skip
    return "Two layers without activation are one line."


@_exercise("03-baseline", "one number, the RMSE on the rows held out")
def _baseline(answer: Any) -> str:
    first, last = slice(None, 30), slice(-30, None)

    def errors(fitted: slice, horizon: int = 1, constant: int = 1) -> np.ndarray:
        X, y = sliding_windows(_SERIES, 3, horizon=horizon)
        design = np.c_[X[:, :, 0], np.full(len(X), constant)]
        weights, *_ = np.linalg.lstsq(design[fitted], y[fitted, 0], rcond=None)
        return design @ weights - y[:, 0]

    X, y = sliding_windows(_SERIES, 3, horizon=1)
    error = errors(slice(None, -30))
    predicted, design = error + y[:, 0], np.c_[X[:, :, 0], np.ones(len(X))]
    each_row = np.ndim(answer) > 0 and np.size(answer) > 1
    refuse(each_row, "One number is asked for. Has y_series two axes where you need one? Then take "
           "y_series[:, 0].")  # fmt: skip
    of_the_ramp, *_ = np.linalg.lstsq(design[:95], ramp().y[:95, 0], rcond=None)
    matches(number_in(answer), rmse(error[last]), {
        "You fitted on all rows, so the model has seen those held out. Fit on the others alone.":
            rmse(errors(slice(None))[last]),
        "The intercept is missing: put a column of ones beside the windows.":
            rmse(errors(slice(None, -30), constant=0)[last]),
        "This is the error of the rows trained on.": rmse(error[:-30]),
        "This is the error of all rows. Those trained on do not count.": rmse(error),
        "This is the mean squared error: take its root.": rmse(error[last]) ** 2,
        "This is the mean absolute error: square, then mean, then root.":
            np.abs(error[last]).mean(),
        "This is what repeating the last value costs. Fit on the windows.":
            rmse((X[:, -1] - y)[last]),
        "You held out the first rows. Hold out the last.": rmse(errors(slice(30, None))[first]),
        "y_series has two axes, so its difference to a row of predictions has a value for every "
        "pair. Take y_series[:, 0].": rmse(predicted[last] - y[last]),
        "This was fitted to the ramp's y, as least_squares above does. Fit to y_series.":
            rmse((design @ of_the_ramp - y[:, 0])[last]),
        "You cut after 90 rows. There are 117, as a window and its target take four hours.":
            rmse(errors(slice(None, 90))[90:]),
        "No error at all: with horizon 0 the target stands in the window. Forecast one step.": 0,
    })  # fmt: skip
    return "This is the number that a network has to beat."


@_exercise("03-kink", "kink, alive, a number and True or False")
def _kink(answer: Any) -> str:
    parts = parts_of(answer, "kink", "alive")
    refuse(isinstance(parts[1], str), "alive: True or False is asked for, in place of a word.")
    (kink, alive), w, b = pair_of(parts, "kink", "alive"), -2, 6
    refuse(alive == -b / w and kink in (0, 1), "kink and alive are exchanged.")
    matches(kink, -b / w, {
        "kink: look at the sign: w x + b has to be zero there.": b / w,
        "kink: this is b alone. Where is w x + b zero?": [b, -b],
        "kink: w and b are upside down.": [w / b, -w / b],
        "kink: divide the bias by the weight, do not multiply.": [w * b, -w * b],
    })  # fmt: skip
    refuse(alive not in (0, 1), "alive: True or False is asked for.")
    refuse(alive == 1, "alive: work out w x + b for the first row and the last. Is it above 0?")
    return "It is zero on every row trained on, so training leaves it as it is: it is dead."


@_exercise("03-absolute", "W1, b1, W2, b2, four arrays")
def _absolute(answer: Any) -> str:
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
    matches(got, zero, {
        "It gives x: right above zero, and below it the sign has to turn.": x,
        "It gives −x: right below zero, and above it the sign has to turn.": -x,
        "It gives max(0, x): a second unit has to see −x.": np.maximum(x, 0),
        "It gives max(0, −x): a second unit has to see x.": np.maximum(-x, 0),
        "It gives −|x|: turn the sign of the second layer.": -zero,
        "It gives 0 everywhere: which unit is above zero, and where?": 0 * x,
        f"It gives {ten / 10:.3g}·|x|: the slopes are off by that factor.": zero * ten / 10,
        f"The kink is at {kink:g}, where |x| has its own at 0: look at b1.": np.abs(x - kink),
        f"It is {got[20]:.3g} off everywhere: look at b2.": zero + got[20],
        f"f(−10) = {got[0]:.3g}, f(0) = {got[20]:.3g}, f(10) = {ten:.3g}: "
        "which part of the line is off?": got,
    })  # fmt: skip
    return "One unit for each side; without an activation no layer could bend the line."


# ---- 04: scales, splits and trends -------------------------------------------------------------


@_exercise("04-scale", "50 numbers, the whole series scaled")
def _scale(answer: Any) -> str:
    series = np.arange(50.0) ** 2
    train, rest = series[:40], series[40:]

    def z_score(values: np.ndarray, by: np.ndarray) -> np.ndarray:
        return (values - by.mean()) / by.std()

    halves = isinstance(answer, list | tuple) and len(answer) == 2
    refuse(halves, "You give two parts. np.concatenate makes one array of them.")
    right = z_score(series, train)
    spread = np.ptp(train)
    matches(numbers_in(answer), right, {
        "Mean and deviation of all 50 values: take those trained on.": z_score(series, series),
        "Each part has a scale of its own. The rows held out get that of the rows trained on.":
            np.r_[z_score(train, train), z_score(rest, rest)],
        "This is min-max, not mean and deviation.": [series / spread, series / np.ptp(series)],
        "Only the mean is taken off: divide by the deviation too.": series - train.mean(),
        "You only divided: take the mean off first.": series / train.std(),
        "Put the difference into brackets: a division comes first.":
            series - train.mean() / train.std(),
        "Only the rows trained on came back. Scale the others as well.": right[:40],
        "Only the rows held out came back. Scale the others as well.": right[40:],
        "The deviation divides by n − 1 (ddof=1); Keras' Normalization and numpy divide by n.":
            (series - train.mean()) / train.std(ddof=1),
        "Mean and deviation have changed places.": (series - train.std()) / train.mean(),
        "This is the series as it was.": series,
    }, ("time",))  # fmt: skip
    return "The rows held out use the scale of the others, as tomorrow's values will."


@_exercise("04-back", "four numbers, in units of y")
def _back(answer: Any) -> str:
    scaled, mean, deviation = np.array([-1.0, 0.0, 0.5, 2.0]), 200, 40
    matches(numbers_in(answer), scaled * deviation + mean, {
        "These are the predictions as they came, still scaled.": scaled,
        "You used the numbers of X. A prediction is in units of y.": scaled * 10 + 50,
        "Multiplied by the deviation: the mean is still missing.": scaled * deviation,
        "The mean is added: multiply by the deviation first.": scaled + mean,
        "You scaled a second time. Undo it, the last step first.": (scaled - mean) / deviation,
        "The steps are in the wrong order: multiply first, then add.": (scaled + mean) * deviation,
        "Mean and deviation have changed places.": scaled * mean + deviation,
        "You took the deviation of X and the mean of y.": scaled * 10 + mean,
        "You took the mean of X and the deviation of y.": scaled * deviation + 50,
    }, ("prediction",))  # fmt: skip
    return "Multiply, then add: the scaling's steps backwards, with the numbers of y."


@_exercise("04-split", "rows to train on, rows to hold out")
def _split(answer: Any) -> str:
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


@_exercise("04-difference", "four numbers, in units of y")
def _difference_back(answer: Any) -> str:
    last, changes = 12, np.array([2, -1, 3, 0.5])
    right = last + np.cumsum(changes)
    matches(numbers_in(answer), right, {
        "These are the changes as they were predicted. Where does y stand before them?": changes,
        "The changes are added up from 0. Start from the last y you know.": right - last,
        "Each change starts from the value before it, not from the last y again.": last + changes,
        "Leave the last known y out: it is no forecast.": np.r_[last, right],
        "One step behind: the first forecast has a change in it.": np.r_[last, right[:-1]],
        "Turn the sign round: a change is added.": last - np.cumsum(changes),
    }, ("forecast",))  # fmt: skip
    return "Each change is added to the value before it, so errors add up as well."


@_exercise("04-diagnose", "three words, out of saturation, split, trend")
def _diagnose(answer: Any) -> str:
    words_among(answer, ("saturation", "split", "trend"), (
        "the inputs are inside the range and still move nothing. What has no room left to move?",
        "the values are inside the range, so it is no matter of scale. Which rows lay between rows "
        "trained on?",
        "the longer it goes on, the worse. What does every week have more of?",
    ))  # fmt: skip
    return (
        "Three symptoms, three causes: scale inputs and targets, cut by time, forecast the change."
    )


# ---- 05: longer lags ---------------------------------------------------------------------------


@_exercise("05-floor", "one number")
def _floor(answer: Any) -> str:
    now, before, far = 1, 0.6, 0.8
    matches(number_in(answer), far, {
        "This is the variance of what is not seen: take its root.": far**2,
        "Square a weight before you take the root of the variance.": np.sqrt(far),
        "You counted a value that the model sees. Only what it does not see makes an error.":
            [np.hypot(before, far), np.hypot(now, far)],
        "This is the deviation of the whole target, which a guess of the mean would cost.":
            np.sqrt(now + before**2 + far**2),
        "It sees two of the three values. The third is independent of both.": 0,
        "This is the weight of a value that the model sees.": before,
        "This is a variance, and of all three values.": now + before**2 + far**2,
        "Deviations do not add up; and of three values two are seen.":
            [now + before + far, before + far],
        "This is the part that it does see.": np.hypot(now, before),
    })  # fmt: skip
    return "What is not seen costs its own deviation, whatever the model."


@_exercise("05-window", "one whole number")
def _window(answer: Any) -> str:
    steps, lag = number_in(answer), 24
    refuse(steps > lag + 1, f"{steps:g} steps cover it, but a shorter window does as well.")
    matches(steps, lag + 1, {
        "One short: the newest value takes a place, and so does the value wanted.": lag,
        "Count again for a small lag: for the value one step back, how many must you see?": lag - 1,
    }, exact=True)  # fmt: skip
    return "The lag and one more, for the newest value itself."


_RETURNED = "What your function returns"


def _function(answer: Any, *names: str) -> Callable:
    if not callable(answer):
        kind = shown(type(answer).__name__)
        raise NotRead(f"Your answer is of type {kind} and not a function: give its bare name.")
    with contextlib.suppress(ValueError):  # numpy's own do not always say what they take
        try:
            inspect.signature(answer).bind(*names)
        except TypeError:
            raise Off(f"Your function must take ({', '.join(names)}), in this order.") from None
    return answer


def _called(function: Callable, *arguments: Any) -> Any:
    result = function(*arguments)
    if to_come(result):
        raise ToCome
    refuse(result is None, "Your function returns None: end it with `return` and the result.")
    return result


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


@_exercise("05-step", "a function of value and mark")
def _step_function(answer: Any) -> str:
    step = _function(answer, "value", "mark")
    X, y = adding_task(50, 30, seed=0)
    values, marks = X[:, :, 0], X[:, :, 1]

    def total(values: Any, marks: Any) -> Any:
        pairs = zip(values, marks, strict=True)
        return sum(numbers_in(_called(step, *pair), _RETURNED) for pair in pairs)

    matches(_tried(total, values, marks), y[:, 0], {
        "It adds up all values: let the mark decide which ones count.": values.sum(axis=1),
        "It counts the marks: what is asked for are the values there.": marks.sum(axis=1),
        "It adds the mark. How can a mark of 0 take a value out?": (values + marks).sum(axis=1),
        "It takes the values without a mark: turn it round.": (values * (1 - marks)).sum(axis=1),
        "It returns 0 at every step.": 0 * y[:, 0],
    }, ("sequence",))  # fmt: skip
    return "Each step counts by itself, so a sum will do, and no memory is needed."


@_exercise("05-update", "a function of state, value and mark")
def _update_function(answer: Any) -> str:
    update = _function(answer, "state", "value", "mark")
    X, y = hold_latest_task(50, 200, seed=0)
    values, marks = X[:, :, 0], X[:, :, 1]

    def last(values: Any, marks: Any, update: Callable = update) -> Any:
        state = 0.0 * values[0]
        for value, mark in zip(values, marks, strict=True):
            state = _called(update, state, value, mark)
        return state

    def at(step: np.ndarray) -> np.ndarray:
        return values[np.arange(len(values)), step]

    matches(_tried(last, values, marks), y[:, 0], {
        "It adds up the marked values: a new one replaces the old one.":
            (values * marks).sum(axis=1),
        "It takes every value: without a mark the state has to stay.": values[:, -1],
        "It keeps the first marked value: a later mark has to win.": at(marks.argmax(axis=1)),
        "It takes values without a mark.": at(199 - (1 - marks[:, ::-1]).argmax(axis=1)),
        "It forgets between marks: without one, keep the state.": values[:, -1] * marks[:, -1],
        "The state never leaves 0: at a mark, take the value.": 0 * y[:, 0],
        "It adds up every value: take one at a mark, else keep the state.": values.sum(axis=1),
        "It counts the marks: at a mark, take the value.": marks.sum(axis=1),
        "Without a mark the value still comes in: let the mark decide that, too.":
            last(values.T, marks.T, lambda state, value, mark: (1 - mark) * state + value),
    }, ("sequence",))  # fmt: skip
    return "Keep or take: the mark is a forget gate and an input gate in one."


@_exercise("05-choose", "five words, out of window, sum, memory")
def _choose(answer: Any) -> str:
    named = "can you name, before you see the sequence, the positions that matter?"
    adds = "do positions move, while each item counts by itself and the parts only add up?"
    depends = "does what a step means depend on what comes before or after it?"
    words_among(answer, ("window", "sum", "memory", "window", "memory"), (
        named,
        {"window": named, "memory": adds},
        {"window": named, "sum": depends},
        f"{named[:-1]}, however far back?",
        {"window": named, "sum": depends},
    ))  # fmt: skip
    return "Ask for the positions first, then whether parts add up, and for memory last."


# ---- The quizzes --------------------------------------------------------------------------------


def _quiz(notebook: str) -> Callable[[Any], str]:
    questions = QUIZZES[notebook]

    def judge(answer: Any) -> str:
        if isinstance(answer, str):
            answer = [letter for letter in answer if letter.isalpha()]
        if not isinstance(answer, list | tuple | np.ndarray):
            raise NotRead(f"Your answer is of type {shown(type(answer).__name__)}.")
        letters = [shown(letter).lower().strip(" .") for letter in answer]
        count = f"Questions: {len(questions)}. Letters given: {len(letters)}."
        refuse(len(letters) != len(questions), count)
        hints = []
        for k, (letter, question) in enumerate(zip(letters, questions, strict=True), start=1):
            options = sorted({question.right, *question.hints})
            if letter not in options:
                hints.append(f"{k}: {letter!r} is none of {', '.join(options)}.")
            elif letter != question.right:
                hints.append(f"{k}: {question.hints[letter]}")
        refuse(bool(hints), " ".join(hints))
        return "Every one of them."

    return judge


for _notebook, _questions in QUIZZES.items():
    _exercise(f"{_notebook}-quiz", f"{len(_questions)} letters in quotation marks")(
        _quiz(_notebook)
    )

#: Each exercise by its name, in the order of the course.
EXERCISES: Mapping[str, Exercise] = MappingProxyType(
    dict(sorted(_exercises.items(), key=lambda item: item[0][:2]))
)
