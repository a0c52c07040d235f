"""Notebook 01: shapes, axes and windows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

from helpers.data import sliding_windows
from helpers.examples import daily_temperature, first_squares, recordings
from helpers.exercises.answers import numbers_in, parts_of, refuse, shape_of
from helpers.exercises.comparing import Mistake, matches, rmse, same
from helpers.exercises.exercise import exercise
from helpers.exercises.quizzes import Question, quiz_of

import numpy as np

_AXES = ("samples", "timesteps", "features")


def _is_shape(answer: Any, right: tuple[int, ...], mistakes: Sequence[Mistake]) -> None:
    shape, axes = shape_of(answer), _AXES[-len(right) :]
    if len(shape) == len(right):
        sizes = zip(axes, shape, right, strict=True)
        off = [f"too {'many' if n > m else 'few'} {axis}" for axis, n, m in sizes if n != m]
        otherwise = f"There are {' and '.join(off)}. The axes are ({', '.join(axes)})."
    else:
        otherwise = f"Axes given: {len(shape)}. Asked for: {len(right)}, ({', '.join(axes)})."
    matches(shape, right, mistakes, exact=True, otherwise=otherwise)


@exercise("01-axes", "a shape, three whole numbers in round brackets")
def axes(answer: Any) -> str:
    _is_shape(answer, (200, 60, 3), [
        ("Timesteps and features are exchanged: what comes in turn stands second.", (200, 3, 60)),
        ("Samples and timesteps are exchanged: one row a patient, and rows first.", (60, 200, 3)),
        ("The lengths are there, but in another order: samples, then timesteps, then features.",
         (60, 3, 200), (3, 60, 200), (3, 200, 60)),
        ("This is the shape of one sample. Where are the others?", (60, 3)),
        ("The features are missing: how many readings at one moment?", (200, 60), (200, 60, 1)),
        ("The timesteps are missing: a patient is read every minute.", (200, 3), (200, 1, 3)),
        ("Time and features have run together: give what comes one after the other its own axis.",
         (200, 180), (200, 180, 1), (200, 1, 180)),
        ("The patients are strung together: each one is a sample, with a row of its own.",
         (12000, 3), (1, 12000, 3), (12000, 1, 3)),
        ("None means any number, in a model. Of an array you know the rows.", (-1, 60, 3)),
    ])  # fmt: skip
    return "One row for each patient, and in it minute after minute, with all readings at once."


@exercise("01-order", "an array with the axes (samples, timesteps, features)")
def order(answer: Any) -> str:
    recorded = recordings()
    right = recorded.transpose(0, 2, 1)
    matches(numbers_in(answer), right, [
        ("This is the array as recorded: its features still stand before its timesteps.",
         recorded),
        ("`reshape` cuts the numbers anew in their reading order: 1 is the same feature as 0, one "
         "timestep later, and now stands beside it as another feature. Let axes trade places.",
         recorded.reshape(4, 5, 2)),
        ("All three axes are turned round, as by `.T`. The samples have to stay in front.",
         recorded.T),
        ("The samples have left the front: only the other two axes trade places.",
         *(recorded.transpose(p) for p in ((2, 0, 1), (1, 0, 2), (1, 2, 0)))),
        ("You give a shape. This asks for the array itself, with its numbers moved.", (4, 5, 2)),
        ("The timesteps run backwards: the oldest comes first.", right[:, ::-1]),
        ("The features have changed places among themselves.", right[:, :, ::-1]),
        ("Each sample is right, but the samples are mixed up.",
         *(right[list(samples)] for samples in permutations(range(4)))),
    ], axes=_AXES)  # fmt: skip
    return "`transpose` and `swapaxes` move axes; `reshape` cannot."


@exercise("01-input-shape", "a shape in round brackets, as for keras.Input")
def input_shape(answer: Any) -> str:
    _is_shape(answer, (60, 3), [
        ("keras.Input takes the shape of one sample: leave the number of rows out.",
         (200, 60, 3), (200, 60), (200, 3)),
        ("Keras adds the None for the samples itself, so leave it out: one sample's shape alone.",
         (-1, 60, 3), (-1, 60)),
        ("None lets a window have any length, which is allowed. Here give the length that you "
         "know.", (-1, 3)),
        ("Timesteps and features are exchanged: what comes in turn stands first.", (3, 60)),
        ("The features are missing: an LSTM needs that axis even for a single one.", (60,)),
        ("One feature? Count the readings at one moment.", (60, 1)),
        ("The timesteps are missing.", (3,), (1, 3)),
        ("Time and features have run together: each has an axis of its own.", (180,), (180, 1)),
    ])  # fmt: skip
    return "The shape of one sample; the model then takes any number of patients."


@exercise("01-windows", "X, y, two arrays with a comma between them")
def windows(answer: Any) -> str:
    X, y = parts_of(answer, "X", "y")
    X, y = numbers_in(X, "X"), numbers_in(y, "y")
    squares = first_squares(20)
    right_X, right_y = sliding_windows(squares, 6, horizon=4)
    swapped = X.size < y.size and y.ndim >= 2 and y.shape[1] == 6
    refuse(swapped, "X and y are exchanged: the windows come first.")
    shapes = [X.tolist(), y.tolist()] in ([[11, 6, 1], n] for n in ([11, 1], [11], 11))
    refuse(shapes, "You give shapes. The arrays themselves are asked for, with their numbers.")
    refuse(X.ndim < 2, f"X has the shape {X.shape}: it needs ({', '.join(_AXES)}).")
    every = np.lib.stride_tricks.sliding_window_view(squares, 6)  # (15, timesteps)
    cut = X.reshape(len(X), -1)
    if cut.shape != right_X.shape[:2] or not same(cut, right_X[:, :, 0]):
        apart = cut.shape[1:] == (6,) and len(X) > 1 and same(cut[1], squares[6:12])
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
    matches(X, right_X, axes=_AXES)
    matches(y, right_y, axes=("samples", "outputs"))
    return "rows = length − timesteps − horizon + 1, and each target lies 4 steps after the end."


@exercise("01-forecast", "one number for each window of X_day, shape (samples,)")
def forecast(answer: Any) -> str:
    X, y = sliding_windows(daily_temperature(np.arange(48)), 24, horizon=6)
    X, y, got = X[:, :, 0], y[:, 0], numbers_in(answer)
    cost = rmse(X[:, -1] - y)
    position = got.ndim == 0 and got == round(float(got))
    refuse(position, "You give a position. Give the value that stands there in every window.")
    deep = f"One number a window is asked for, and yours has the shape {got.shape}: pick one time."
    refuse(got.ndim > 1 and got.shape != (len(y), 1), deep)
    matches(got, y, [
        (f"This repeats the last value, which costs an RMSE of {cost:.1f} degrees here. Which time "
         "in the window had the same hour of the day as the target?", X[:, -1]),
        ("One hour early: this is the value for an hour before the target.", X[:, -20]),
        ("One hour late: this is the value for an hour after the target.", X[:, -18]),
        ("The first value of the window has another hour of the day than the target.", X[:, 0]),
        ("The window's mean is the same all day long. The target follows the hour.",
         X.mean(axis=1)),
        ("You went 6 hours back. The day has 24: how far back from the last value lies the hour "
         "that you forecast?", X[:, -7]),
        ("You counted from the window's beginning. Count back from its last value.", X[:, 18]),
    ], axes=("sample",))  # fmt: skip
    return "A day before the target lies inside the window, so nothing needs to be learned."


QUESTIONS = (
    Question(
        "c",
        {
            "a": "What it reads one after the other are timesteps, and there is one of them.",
            "b": "Any array with three axes is taken. That is why this mistake is a quiet one.",
        },
    ),
    Question(
        "a",
        {
            "b": "The batch size is the number of rows. The message counts axes.",
            "c": "More rows would not add an axis. What does ndim count?",
        },
    ),
    Question(
        "b",
        {
            "a": "Ten steps from time 20 on: at which time is the last of them?",
            "c": "Where does the window end, and where does the horizon begin to count?",
        },
    ),
    Question(
        "c",
        {
            "a": "More units cannot find what is not there. Find out first whether it is.",
            "b": "If only the last value helps, a longer window does not change that.",
        },
    ),
)
quiz = quiz_of("01", QUESTIONS)
