"""`helpers.checks`: what is said to an answer, and what is kept of it."""

import contextlib
import io
import json
import operator
import os
import re
from pathlib import Path

from helpers import checks
from helpers.checks import check, progress
from helpers.data import sliding_windows
from helpers.exercises import EXERCISES
from helpers.quizzes import QUIZZES

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

tensor = keras.ops.convert_to_tensor

# ---- The data of the exercises, as the notebooks give them ------------------------------------

RECORDED = np.arange(40).reshape(4, 2, 5)
SQUARES = np.arange(20.0) ** 2
X6, Y4 = sliding_windows(SQUARES, 6, horizon=4)
EVERY = np.lib.stride_tricks.sliding_window_view(SQUARES, 6)[:, :, None]
TEMPERATURE = 15 + 5 * np.sin(2 * np.pi * np.arange(48) / 24)
DAY, _ = sliding_windows(TEMPERATURE, 24, horizon=6)
H = 0.5 * np.tanh(0.5)
HOURS = np.arange(120)
SERIES = 5 + np.cos(HOURS**2) * HOURS / 30 + 2 * np.sin(HOURS / 3)
Z = np.arange(50.0) ** 2
TRAIN, REST = Z[:40], Z[40:]
SCALED = np.array([-1.0, 0.0, 0.5, 2.0])
CHANGES = np.array([2, -1, 3, 0.5])
FRONT = [[1.0, -1.0]], [0.0, 0.0]  # W1, b1
BACK = [[1.0], [1.0]], [0.0]  # W2, b2


def z_score(values, by, ddof=0):
    return (values - by.mean()) / by.std(ddof=ddof)


def rmse(error):
    return np.sqrt(np.mean(error**2))


def errors(fitted, horizon=1, ones=True):
    """Of least squares on windows of 3 of SERIES, fitted on some rows: prediction − target."""
    X, y = sliding_windows(SERIES, 3, horizon=horizon)
    design = np.c_[X[:, :, 0], np.ones(len(X))] if ones else X[:, :, 0]
    return design @ np.linalg.lstsq(design[fitted], y[fitted, 0], rcond=None)[0] - y[:, 0]


EARLY, LATE, ALL = slice(None, -30), slice(-30, None), slice(None)
LAST_VALUE = SERIES[2:-1] - SERIES[3:]


def with_if(value, mark):
    return value if mark == 1 else 0


def latest(state, value, mark):
    return np.where(mark == 1, value, state)


def latest_with_if(state, value, mark):
    if mark:
        state = value
    return state


def first(state, value, mark):
    return np.where((mark == 1) & (state == 0), value, state)


def raises(*arguments):
    raise KeyError("a\nb")


def leaves(*arguments):
    raise SystemExit


SOLUTIONS = {
    "00-windows": 6,
    "00-quiz": "ba",
    "01-axes": (200, 60, 3),
    "01-order": RECORDED.transpose(0, 2, 1),
    "01-input-shape": (60, 3),
    "01-windows": (X6, Y4),
    "01-forecast": DAY[:, -19, 0],
    "01-quiz": "cabc",
    "02-step": (0.5, H),
    "02-weights": 4480,
    "02-held-out": np.arange(48, 60),
    "02-accuracy": 0.5,
    "02-hold": (10, -10),
    "02-ceiling": 3,
    "02-quiz": "bacb",
    "03-collapse": (-1, 2.5),
    "03-baseline": rmse(errors(EARLY)[LATE]),
    "03-kink": (3, False),
    "03-absolute": (*FRONT, *BACK),
    "03-quiz": "cab",
    "04-scale": z_score(Z, TRAIN),
    "04-back": 40 * SCALED + 200,
    "04-split": (np.arange(180), np.arange(180, 200)),
    "04-difference": 12 + np.cumsum(CHANGES),
    "04-diagnose": ("saturation", "split", "trend"),
    "04-quiz": "acb",
    "05-floor": 0.8,
    "05-window": 25,
    "05-step": lambda value, mark: value * mark,
    "05-update": lambda state, value, mark: (1 - mark) * state + mark * value,
    "05-choose": ("window", "sum", "memory", "window", "memory"),
    "05-quiz": "bcab",
}

# ---- Each typical mistake, and words of the hint it gets ---------------------------------------

MISTAKES = [
    ("01-axes", (200, 3, 60), "Timesteps and features are exchanged"),
    ("01-axes", (60, 200, 3), "Samples and timesteps are exchanged"),
    ("01-axes", (3, 60, 200), "in another order"),
    ("01-axes", (60, 3, 200), "in another order"),
    ("01-axes", (60, 3), "the shape of one sample"),
    ("01-axes", (200, 60), "features are missing"),
    ("01-axes", (200, 60, 1), "features are missing"),
    ("01-axes", (200, 3), "timesteps are missing"),
    ("01-axes", (200, 180), "run together"),
    ("01-axes", (12000, 3), "strung together"),
    ("01-axes", (None, 60, 3), "None means any number"),
    ("01-axes", np.zeros((200, 3, 60)), "Timesteps and features are exchanged"),
    ("01-axes", keras.Input((200, 60, 3)), "Axes given: 4"),
    ("01-axes", (200, 60, 2), "too few features"),
    ("01-axes", (200.5, 60, 3), "whole numbers"),
    ("01-order", RECORDED, "array as recorded"),
    ("01-order", RECORDED.reshape(4, 5, 2), "1 is the same feature as 0"),
    ("01-order", RECORDED.T, "as by `.T`"),
    ("01-order", RECORDED.transpose(2, 0, 1), "left the front"),
    ("01-order", (4, 5, 2), "You give a shape"),
    ("01-order", RECORDED.transpose(0, 2, 1)[:, ::-1], "run backwards"),
    ("01-order", RECORDED.transpose(0, 2, 1)[:, :, ::-1], "changed places"),
    ("01-order", RECORDED.transpose(0, 2, 1)[[1, 0, 2, 3]], "samples are mixed up"),
    ("01-input-shape", (200, 60, 3), "leave the number of rows out"),
    ("01-input-shape", (None, 60, 3), "adds the None"),
    ("01-input-shape", (3, 60), "exchanged"),
    ("01-input-shape", (60,), "features are missing"),
    ("01-input-shape", 60, "features are missing"),
    ("01-input-shape", (60, 1), "One feature?"),
    ("01-input-shape", (3,), "timesteps are missing"),
    ("01-input-shape", 180, "run together"),
    ("01-windows", sliding_windows(SQUARES[:19], 6, horizon=3), "one step early"),
    ("01-windows", sliding_windows(SQUARES, 6, horizon=3), "one step early"),
    ("01-windows", sliding_windows(SQUARES, 6, horizon=5), "one step late"),
    ("01-windows", sliding_windows(SQUARES, 6), "Horizon 0"),
    ("01-windows", (EVERY, SQUARES[4:19]), "from the window's start"),
    ("01-windows", (X6, SQUARES[3:14]), "from the window's start"),
    ("01-windows", sliding_windows(SQUARES, 6, horizon=6), "6 after the window's last"),
    ("01-windows", (X6[:, :, 0], Y4), "X has two axes"),
    ("01-windows", (X6.swapaxes(1, 2), Y4), "timesteps and features are exchanged"),
    ("01-windows", (SQUARES[:18].reshape(3, 6, 1), SQUARES[[9, 15]]), "end to end"),
    ("01-windows", sliding_windows(SQUARES, 6, horizon=4, stride=6), "end to end"),
    ("01-windows", (EVERY, SQUARES[9:]), "all 15 windows"),
    ("01-windows", (Y4, X6), "X and y are exchanged"),
    ("01-windows", X6, "2 things with commas between them: X, y"),
    ("01-windows", (X6, Y4[:9]), "X has 11 rows, and y 9"),
    ("01-windows", (X6[:, ::-1], Y4), "runs backwards"),
    ("01-windows", sliding_windows(SQUARES, 5, horizon=4), "cover 5 times"),
    ("01-windows", (SQUARES, SQUARES), "X has the shape (20,)"),
    ("01-forecast", DAY[:, -1, 0], "an RMSE of 4.6 degrees"),
    ("01-forecast", DAY[:, -20, 0], "One hour early"),
    ("01-forecast", DAY[:, -18, 0], "One hour late"),
    ("01-forecast", DAY[:, 0, 0], "first value of the window"),
    ("01-forecast", DAY[:, :, 0].mean(axis=1), "mean is the same all day"),
    ("01-forecast", DAY[:, -7, 0], "6 hours back"),
    ("01-forecast", DAY[:, -19:-18], "has the shape (19, 1, 1)"),
    ("01-forecast", DAY, "has the shape (19, 24, 1)"),
    ("02-step", (0.55, 0.5 * np.tanh(0.55)), "gate are exchanged"),
    ("02-step", (0.3, 0.1), "nothing new was let in"),
    ("02-step", (0.2, 0.1), "old state is gone"),
    ("02-step", (1.4, 0.1), "nothing was gated"),
    ("02-step", (0.5, 0.25), "goes through tanh"),
    ("02-step", (0.5, 0.5 * np.tanh(0.6)), "the c before the step"),
    ("02-step", (0.5, np.tanh(0.5)), "output gate is missing"),
    ("02-step", 0.5, "2 things with commas between them: c, h"),
    ("02-step", (H, 0.5), "c and h are exchanged"),
    ("02-hold", (1, -20), "as Keras starts: each step keeps 0.73"),
    ("02-hold", (1, -20), "2e-14 of it is left"),
    ("02-hold", (-3, -20), "too far shut"),
    ("02-hold", (20, 0), "too far open: each step adds to c, which ended at 51"),
    ("02-hold", (6, -20), "Not closely enough: after 100 steps the state is 0.78"),
    ("02-hold", (-10, 10), "pair is exchanged"),
    ("02-hold", (2, -2), "one of −1 would end at 1."),
    ("02-hold", (0, 0), "writes a new 1 over what it loses"),
    ("02-hold", (-5, 5), "writes a new 1 over what it loses"),
    ("02-hold", 10, "2 things"),
    ("02-weights", 1120, "four parts"),
    ("02-weights", 4 * 32 * 3, "all units of the last h"),
    ("02-weights", 4 * 32 * 34, "forgot the bias"),
    ("02-weights", 4 * 32 * 45, "timesteps are not the features"),
    ("02-weights", 4 * 32 * 57, "timesteps are not the features"),
    ("02-weights", 4480 * 12, "timesteps do not count"),
    ("02-weights", 96, "a Dense layer"),
    ("02-weights", 4 * 32 * 34 + 32, "too few times"),
    ("02-weights", 4 * 32 * 34 + 1, "too few times"),
    ("02-held-out", range(12), "first rows"),
    ("02-held-out", range(48), "rows trained on"),
    ("02-held-out", 12, "how many"),
    ("02-held-out", range(49, 61), "there is no row 60"),
    ("02-held-out", range(47, 59), "One too early"),
    ("02-held-out", range(0, 60, 5), "cuts first and shuffles afterwards"),
    ("02-held-out", range(40, 60), "You name 20 of the 60 rows"),
    ("02-held-out", range(-12, 0), "negative row number"),
    ("02-held-out", [48, *range(48, 59)], "names a row twice"),
    ("02-held-out", np.ones(50, bool), "mask of 50 for 60 rows"),
    ("02-accuracy", 1, "above the threshold"),
    ("02-accuracy", 0, "Not quite so bad"),
    ("02-accuracy", 50, "a share, not percent"),
    ("02-accuracy", 0.25, "Too few"),
    ("02-accuracy", 0.75, "Too many"),
    ("02-ceiling", -1, "kept the signs"),
    ("02-ceiling", 5, "bounds the size"),
    ("02-ceiling", 4, "forgot the bias"),
    ("02-ceiling", 0, "and forgot the bias"),
    ("02-ceiling", 1, "left the negative weight out"),
    ("02-ceiling", -5, "the floor"),
    ("03-collapse", (-1, 0), "b1 goes through the second layer"),
    ("03-collapse", (-1, -4), "b1 is forgotten"),
    ("03-collapse", (-1, 6.5), "b2 is forgotten"),
    ("03-collapse", (3.5, 2.5), "multiply along each path"),
    ("03-collapse", (1, 2.5), "slope: "),
    ("03-collapse", (2.5, -1), "exchanged"),
    ("03-baseline", rmse(errors(ALL)[LATE]), "fitted on all rows"),
    ("03-baseline", rmse(errors(EARLY, ones=False)[LATE]), "intercept is missing"),
    ("03-baseline", rmse(errors(EARLY)[EARLY]), "rows trained on"),
    ("03-baseline", rmse(errors(EARLY)), "error of all rows"),
    ("03-baseline", rmse(errors(EARLY)[LATE]) ** 2, "mean squared error"),
    ("03-baseline", np.abs(errors(EARLY)[LATE]).mean(), "mean absolute error"),
    ("03-baseline", rmse(LAST_VALUE[LATE]), "repeating the last value"),
    ("03-baseline", rmse(errors(slice(30, None))[:30]), "held out the first rows"),
    ("03-baseline", rmse(errors(EARLY, horizon=0)[LATE]), "horizon 0"),
    ("03-kink", (-3, False), "look at the sign"),
    ("03-kink", (6, False), "b alone"),
    ("03-kink", (1 / 3, False), "upside down"),
    ("03-kink", (-12, False), "divide the bias"),
    ("03-kink", (3, True), "work out w x + b"),
    ("03-kink", (3, 2), "True or False"),
    ("03-kink", 3, "2 things"),
    ("03-absolute", ([[1.0, -1]], [0, 0], [[1], [-1]], [0]), "It gives x:"),
    ("03-absolute", ([[1.0, -1]], [0, 0], [[-1], [1]], [0]), "It gives −x:"),
    ("03-absolute", ([[1.0, 0]], [0, 0], [[1], [1]], [0]), "gives max(0, x)"),
    ("03-absolute", ([[0, -1.0]], [0, 0], [[1], [1]], [0]), "gives max(0, −x)"),
    ("03-absolute", (*FRONT, [[-1], [-1]], [0]), "gives −|x|"),
    ("03-absolute", (*FRONT, [[0], [0]], [0]), "gives 0 everywhere"),
    ("03-absolute", (*FRONT, [[2], [2]], [0]), "gives 2·|x|"),
    ("03-absolute", ([[1], [-1]], [0, 0], *BACK), "W1 has the shape (2, 1)"),
    ("03-absolute", (*FRONT, [[1, 1]], [0]), "W2 has the shape (1, 2)"),
    ("03-absolute", (*FRONT, BACK[0], [0, 0]), "b2 has the shape (2,)"),
    ("03-absolute", (FRONT[0], [1, -1], *BACK), "kink is at -1"),
    ("03-absolute", (*FRONT, BACK[0], [4]), "4 off everywhere"),
    ("03-absolute", (*FRONT, [[1], [2]], [0]), "f(−10) = 20"),
    ("03-absolute", (*FRONT, BACK[0]), "4 things with commas between them: W1, b1, W2, b2"),
    ("04-scale", z_score(Z, Z), "of all 50 values"),
    ("04-scale", np.r_[z_score(TRAIN, TRAIN), z_score(REST, REST)], "a scale of its own"),
    ("04-scale", Z / Z[39], "min-max"),
    ("04-scale", Z / Z[49], "min-max"),
    ("04-scale", Z - TRAIN.mean(), "divide by the deviation too"),
    ("04-scale", Z / TRAIN.std(), "only divided"),
    ("04-scale", z_score(TRAIN, TRAIN), "Only the rows trained on came back"),
    ("04-scale", z_score(REST, TRAIN), "Only the rows held out came back"),
    ("04-scale", z_score(Z, TRAIN, ddof=1), "ddof=1"),
    ("04-scale", (Z - TRAIN.std()) / TRAIN.mean(), "changed places"),
    ("04-scale", Z, "as it was"),
    ("04-back", SCALED, "still scaled"),
    ("04-back", SCALED * 10 + 50, "numbers of X"),
    ("04-back", SCALED * 40, "mean is still missing"),
    ("04-back", SCALED + 200, "multiply by the deviation first"),
    ("04-back", (SCALED - 200) / 40, "a second time"),
    ("04-back", (SCALED + 200) * 40, "wrong order"),
    ("04-back", SCALED * 200 + 40, "changed places"),
    ("04-back", SCALED * 10 + 200, "deviation of X"),
    ("04-back", SCALED * 40 + 50, "mean of X"),
    ("04-split", (range(20, 200), range(20)), "oldest rows"),
    ("04-split", (sorted({*range(200)} - {*range(0, 200, 10)}), range(0, 200, 10)), "scattered"),
    ("04-split", ([*range(100), *range(120, 200)], range(100, 120)), "lie in the middle"),
    ("04-split", (range(200), range(180, 200)), "In both parts: [180, 181, 182]"),
    ("04-split", (range(179), range(180, 200)), "In neither part: [179] …"),
    ("04-split", (range(181), range(181, 200)), "19 rows held out are too few"),
    ("04-split", (range(179), range(179, 200)), "21 rows held out are too many"),
    ("04-split", (range(1, 181), range(181, 201)), "goes too far"),
    ("04-split", (range(180, 200), range(180)), "Exchanged"),
    ("04-split", (range(150), range(150, 200)), "50 rows held out are too many"),
    ("04-split", (180, 20), "not how many"),
    ("04-difference", CHANGES, "as they were predicted"),
    ("04-difference", np.cumsum(CHANGES), "added up from 0"),
    ("04-difference", 12 + CHANGES, "from the value before it"),
    ("04-difference", np.cumsum([12, *CHANGES]), "Leave the last known y out"),
    ("04-difference", np.cumsum([12, *CHANGES])[:-1], "One step behind"),
    ("04-difference", 12 - np.cumsum(CHANGES), "Turn the sign round"),
    ("04-diagnose", ("split", "split", "trend"), "Number 1: "),
    ("04-diagnose", ("saturation", "trend", "trend"), "Number 2: "),
    ("04-diagnose", ("saturation", "split", "split"), "Number 3: "),
    ("04-diagnose", ("trend", "saturation", "split"), "Number 3: "),
    (
        "04-diagnose",
        ("saturation", "leak", "trend"),
        "choose from (saturation, split, trend): leak",
    ),
    ("04-diagnose", ("saturation", "split"), "asks for 3 words; got 2"),
    ("05-floor", 0.64, "variance of what is not seen"),
    ("05-floor", np.sqrt(0.8), "Square a weight"),
    ("05-floor", 1.0, "counted a value that the model sees"),
    ("05-floor", np.sqrt(2), "the whole target"),
    ("05-floor", 0, "sees two of the three"),
    ("05-floor", 0.6, "weight of a value that the model sees"),
    ("05-floor", 2, "a variance, and of all three"),
    ("05-floor", 2.4, "do not add up"),
    ("05-window", 24, "One short"),
    ("05-window", 23, "Count again"),
    ("05-window", 26, "a shorter window"),
    ("05-window", 1000, "a shorter window"),
    ("05-step", lambda value, mark: value, "adds up all values"),
    ("05-step", lambda value, mark: mark, "counts the marks"),
    ("05-step", lambda value, mark: value + mark, "adds the mark"),
    ("05-step", lambda value, mark: value * (1 - mark), "values without a mark"),
    ("05-step", lambda value, mark: 0, "returns 0"),
    ("05-step", lambda value, mark: None, "returns None"),
    ("05-step", 3, "not a function"),
    ("05-step", np.ones(3), "not a function"),
    ("05-step", raises, "raises KeyError: 'a\\nb'"),
    ("05-step", leaves, "raises SystemExit"),
    ("05-step", lambda value: value, "must take (value, mark)"),
    ("05-step", lambda value, mark: "text", "What your function returns is text"),
    ("05-update", lambda state, value, mark: state + value * mark, "adds up the marked values"),
    ("05-update", lambda state, value, mark: value, "takes every value"),
    ("05-update", first, "keeps the first"),
    (
        "05-update",
        lambda s, value, mark: np.where(mark == 0, value, s),
        "takes values without a mark",
    ),
    ("05-update", lambda state, value, mark: value * mark, "forgets between marks"),
    ("05-update", lambda state, value, mark: state, "never leaves 0"),
    ("05-update", lambda state, value, mark: state + value, "adds up every value"),
    ("05-update", lambda state, value, mark: state + mark, "counts the marks"),
    ("05-update", lambda state, value, mark: None, "returns None"),
    ("05-update", raises, "raises KeyError"),
    ("05-update", latest(0.0, 1.0, 1), "not a function"),
    ("05-update", lambda value, mark: value, "must take (state, value, mark)"),
    ("05-choose", ("sum", "sum", "memory", "window", "memory"), "Number 1: can you name"),
    ("05-choose", ("window", "memory", "memory", "window", "memory"), "Number 2: do positions"),
    ("05-choose", ("window", "sum", "sum", "window", "memory"), "Number 3: does what a step"),
    ("05-choose", ("window", "sum", "memory", "memory", "memory"), "Number 4: can you name"),
    ("05-choose", ("window", "sum", "memory", "window", "window"), "Number 5: can you name"),
    ("05-choose", ("window", "sum", "lstm", "window", ""), "memory): lstm, an empty word"),
    ("05-choose", "memory", "asks for 5 words; got 1"),
]
MISTAKES += [
    ("00-windows", 9, "a window to every value"),
    ("00-windows", 5, "One short"),
    ("00-windows", 7, "One too many"),
    ("00-windows", 2, "end to end"),
    ("01-axes", ("a", "b", "c"), "of type tuple"),
    ("01-axes", np.zeros, "not called"),
    ("01-input-shape", (None, 3), "the length that you know"),
    ("01-input-shape", (None, 60, 3), "itself, so leave it out"),
    ("01-windows", ((11, 6, 1), (11, 1)), "You give shapes"),
    ("01-windows", (X6[:10], Y4[:10]), "Windows are missing at the end"),
    ("01-forecast", 5, "You give a position"),
    ("01-forecast", DAY[:, 18, 0], "Count back from its last value"),
    ("02-step", (0.8, 0.3), "has not passed the forget gate"),
    ("02-step", (1.1, 0.3), "has not passed the input gate"),
    ("02-hold", (0.99, 0.01), "would do as gates"),
    ("02-held-out", range(48, 59), "a range stops before its end"),
    ("02-held-out", (48, 59), "Name every row"),
    ("03-baseline", errors(EARLY)[LATE], "y_series[:, 0]"),
    (
        "03-baseline",
        rmse(np.subtract.outer(errors(EARLY)[LATE] + SERIES[-30:], SERIES[-30:])),
        "has a value for every pair",
    ),
    ("03-baseline", rmse(errors(slice(None, 90))[90:]), "after 90 rows"),
    ("03-baseline", 92.5807, "fitted to the ramp's y"),
    ("03-kink", (False, 3), "exchanged"),
    ("03-kink", (3, "dead"), "in place of a word"),
    ("03-absolute", ([[1, -1]], 0, [[1], [1]], 0), "each of the 2 units has a bias"),
    ("04-scale", Z - TRAIN.mean() / TRAIN.std(), "brackets"),
    ("04-scale", (z_score(TRAIN, TRAIN), z_score(REST, TRAIN)), "np.concatenate"),
    ("04-split", ((0, 179), (180, 199)), "Give every row"),
    ("05-floor", 1.4, "Deviations do not add up"),
    ("05-floor", np.hypot(1, 0.6), "the part that it does see"),
    ("05-update", lambda state, value, mark: (1 - mark) * state + value, "Without a mark"),
    ("05-choose", "window sum window window memory", "Number 3: can you name"),
    ("01-quiz", "cab", "Questions: 4. Letters given: 3"),
    ("01-quiz", 7, "of type int"),
    ("01-quiz", "cabz", "4: 'z' is none of a, b, c"),
    ("01-quiz", ("c", "a", "b", "a"), "4: More units cannot find"),
    ("01-quiz", "bbbb", "1: Any array with three axes is taken. That is why this mistake is a "),
]
MISTAKES += [  # every letter of every quiz that is not the right one
    (
        f"{notebook}-quiz",
        [q.right for q in questions[:k]] + [letter] + [q.right for q in questions[k + 1 :]],
        f"{k + 1}: {hint}",
    )
    for notebook, questions in QUIZZES.items()
    for k, question in enumerate(questions)
    for letter, hint in question.hints.items()
]
FALLBACK = re.compile(r"values differ|Expected the shape|could not be read|Your \S+ is too")


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    """The file of this test's session, which starts with nothing done."""
    path = tmp_path / "progress.json"
    monkeypatch.setenv("COURSE_PROGRESS_FILE", str(path))
    new_session(monkeypatch)
    return path


def new_session(monkeypatch):
    monkeypatch.setattr(checks, "_done", set())
    monkeypatch.setattr(checks, "_told", set())


@pytest.fixture
def said(capsys):
    """What `check` prints: one message."""

    def message(name, answer, **how):
        assert check(name, answer, **how) is None
        return capsys.readouterr().out.removesuffix("\n")

    return message


def test_the_exercises_stand_in_the_order_of_the_course():
    assert list(EXERCISES) == list(SOLUTIONS)
    with pytest.raises(TypeError):
        EXERCISES["01-axes"] = None


# ---- Right answers ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", SOLUTIONS)
def test_a_right_answer_is_told_why(said, name):
    assert re.fullmatch(rf"✓ {name}: right\. [^\n]+\.", said(name, SOLUTIONS[name]))


def parts(convert):
    def form(answer):
        if isinstance(answer, tuple) and not all(np.ndim(part) == 0 for part in answer):
            return tuple(convert(np.asarray(part)) for part in answer)
        return convert(np.asarray(answer))

    return form


def is_numeric(answer):
    flat = answer if isinstance(answer, tuple) else (answer,)
    return not any(callable(part) or isinstance(part, str) for part in flat)


FORMS = {
    "array": parts(np.asarray),
    "float64": parts(lambda part: part.astype("float64")),
    "float32": parts(lambda part: part.astype("float32")),
    "list": parts(lambda part: part.tolist()),
    "tensor": parts(lambda part: tensor(part.astype("float32"))),
    "variable": parts(lambda part: keras.Variable(part.astype("float32"))),
    "list of parts": lambda answer: list(answer) if isinstance(answer, tuple) else answer,
    "numpy scalars": lambda answer: (
        tuple(map(np.float32, answer))
        if np.ndim(answer[0] if isinstance(answer, tuple) else [0]) == 0
        else answer
    ),
    "arrays of one": lambda answer: (
        tuple(np.array([[part]]) for part in answer)
        if isinstance(answer, tuple) and len(answer) == 2 and np.ndim(answer[0]) == 0
        else answer
    ),
}
SHAPES = ("01-axes", "01-input-shape")


IN_FORMS = [
    (name, form)
    for name, answer in SOLUTIONS.items()
    for form in FORMS
    if is_numeric(answer) and not (name in SHAPES and form == "arrays of one")
]


@pytest.mark.parametrize(("name", "form"), IN_FORMS)
def test_a_right_answer_is_right_in_every_form(said, name, form):
    assert said(name, FORMS[form](SOLUTIONS[name])).startswith("✓ ")


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("01-axes", np.zeros((200, 60, 3))),
        ("01-axes", np.zeros((200, 60, 3)).shape),
        ("01-axes", tensor(np.zeros((200, 60, 3)))),
        ("01-axes", tensor(np.zeros((200, 60, 3))).shape),
        ("01-windows", (X6, Y4[:, 0])),
        ("01-windows", (X6.tolist(), Y4.tolist())),
        ("01-forecast", DAY[:, -19]),
        ("01-forecast", 30 - DAY[:, -7, 0]),
        ("02-hold", (20, -20)),
        ("02-hold", (np.float32(12), -30)),
        ("02-weights", 4480.0),
        ("02-held-out", set(range(48, 60))),
        ("02-held-out", range(59, 47, -1)),
        ("02-held-out", slice(-12, None)),
        ("02-held-out", np.arange(60) >= 48),
        ("02-held-out", [False] * 48 + [True] * 12),
        ("02-ceiling", np.array([[3.0004]])),
        ("03-collapse", [np.array([[-1.0]]), np.array([2.5])]),
        ("03-kink", (3, np.False_)),
        ("03-kink", [np.array([3.0]), np.array(False)]),
        ("03-absolute", ([[2, -0.5, 0]], [0, 0, 0], [[0.5], [2], [7]], 0)),
        ("03-absolute", ([[-1, 1]], [0, 0], [[1], [1]], [0])),
        ("04-scale", z_score(Z, TRAIN)[:, None]),
        ("04-split", (range(180), range(180, 200))),
        ("04-split", [slice(None, 180), slice(180, None)]),
        ("04-split", (np.arange(200) < 180, np.arange(200) >= 180)),
        ("04-diagnose", [" Saturation ", "SPLIT", "trend\n"]),
        ("04-diagnose", np.array(["saturation", "split", "trend"])),
        ("04-diagnose", "saturation, split, trend"),
        ("05-step", operator.mul),
        ("05-step", np.multiply),
        ("05-step", with_if),
        ("05-step", lambda value, mark: [v * m for v, m in zip(value, mark, strict=True)]),
        ("05-step", lambda value, mark: tensor(value * mark)),
        ("05-step", lambda v, m, scale=1: scale * v * m),
        ("05-update", latest),
        ("05-update", latest_with_if),
    ],
)
def test_an_answer_may_be_put_in_another_way(said, name, answer):
    assert said(name, answer).startswith(f"✓ {name}: right. ")


# ---- Mistakes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "answer", "words"), MISTAKES, ids=[f"{name}: {words}" for name, _, words in MISTAKES]
)
def test_a_typical_mistake_gets_its_own_hint(said, name, answer, words):
    message = said(name, answer)
    assert message.startswith(f"✗ {name}: not yet. ")
    assert words in message
    assert not FALLBACK.search(message)
    assert "\n" not in message


def test_every_exercise_has_typical_mistakes():
    assert {name for name, _, _ in MISTAKES} == set(EXERCISES)


ANSWER_AS_TEXT = {
    "01-axes": r"\(?200, 60, 3\)?",
    "02-step": r"0\.5\b|0\.23",
    "02-weights": "4480",
    "02-held-out": r"\b48\b|\b59\b",
    "02-accuracy": r"\b0?\.5\b|half",
    "02-ceiling": r"\b3\b",
    "03-collapse": r"2\.5",
    "03-baseline": r"2\.79",
    "03-kink": r"\b3\b",
    "04-back": "160|220|280",
    "04-difference": r"\b14\b|\b13\b|16",
    "05-floor": r"0?\.8\b",
    "05-window": "25",
}


@pytest.mark.parametrize("name", ANSWER_AS_TEXT)
def test_no_hint_gives_the_answer_away(said, name):
    for mistaken, answer, _ in MISTAKES:
        if mistaken == name:
            hint = said(name, answer).partition("not yet. ")[2]
            assert not re.search(ANSWER_AS_TEXT[name], hint)


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("01-order", np.zeros((4, 5, 3)), "Expected the shape (4, 5, 2), that is (samples, time"),
        ("01-order", np.zeros((4, 5, 2)), "at samples 0, timesteps 0, features 1 is 0, too small"),
        ("01-windows", (X6 + 1, Y4), "66 of 66 values differ. The first one at samples 0, timest"),
        ("01-forecast", DAY[:10, -19, 0], "Expected the shape (19,), that is (sample), got (10,)"),
        ("02-step", (7, 0), "c: your 7 is too large."),
        ("02-weights", 4479, "Your 4479 is too small."),
        ("04-back", [160, 200, 221, 280], "1 of 4 values differ. The first one at prediction 2 "),
        ("05-window", 3, "Your 3 is too small."),
        ("05-step", lambda v, m: v * m * 2, "The first one at sequence 0 is "),
    ],
)
def test_another_mistake_is_told_where_it_differs(said, name, answer, words):
    assert words in said(name, answer)


@pytest.mark.parametrize(
    ("name", "close", "off"),
    [
        ("02-ceiling", 3.002, 3.004),
        ("05-floor", 0.7995, 0.798),
        ("02-weights", 4480, 4481),
        ("05-window", 25.0, 25.01),
        ("04-back", [160.1, 200, 220.1, 280], [160.5, 200, 220, 280]),
        ("02-hold", (9.3, -30), (9.1, -30)),
    ],
)
def test_a_thousandth_off_is_right_unless_whole_numbers_are_asked_for(said, name, close, off):
    assert said(name, close).startswith("✓ ")
    assert said(name, off).startswith("✗ ")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("4480", "is text"),
        (None, "is None"),
        ({4480}, "is a set"),
        ([], "is empty"),
        (float("nan"), "NaN or infinite"),
        ([1, [2, 3]], "its rows differ in length"),
        ({"units": 4480}, "of type dict"),
        (4480j, "of type complex"),
        ([1, 2], "its shape is (2,)"),
        (range(10**12), "more than 100,000 values"),
        (np.broadcast_to(0, 10**9), "more than 100,000 values"),
        (print, "a function that was not called"),
    ],
)
def test_what_cannot_be_read_is_named_and_what_is_expected(said, answer, words):
    message = said("02-weights", answer)
    assert words in message
    assert message.endswith("Expected: one whole number.") or "NaN" in words


# ---- Nonsense ---------------------------------------------------------------------------------


class Odd:
    """Fails at whatever is asked of it."""

    def __array__(self, *arguments, **keywords):
        raise MemoryError("no")

    def __len__(self):
        raise OSError("no")

    def __repr__(self):
        raise ValueError("no")

    def __eq__(self, other):
        raise ZeroDivisionError("no")

    def __getattr__(self, name):
        raise RuntimeError("no")

    __hash__ = None


def endless():
    loop = []
    loop.append(loop)
    return loop


NASTY = [
    None, True, "", "  ", "\ud800", b"bytes", 1e308, -1e308, float("inf"), 10**400, -1, 1j,
    [], (), {}, set(), {None}, [[]], [None], [[1], [2, 3]], [1, "a"], {"a": 1}, [{}],
    ["\ud800"] * 3, "saturation,split", ("window",) * 10**6,
    range(0), range(10**15), [range(10**15)] * 2, (range(10**15), range(10**15)), slice(None),
    slice("a", 2), np.array(None), np.array([]), np.zeros((0, 3)), np.zeros((3, 0, 2)),
    np.array(["2020-01-01"], dtype="datetime64[D]"), np.zeros(3, dtype=[("a", int)]),
    np.broadcast_to(1.0, (10**5, 10**5)), np.full((2, 2), np.nan), np.array([1, None]),
    np.ma.masked_all(3), (1e300, 1e300), (-1e300, 1e300, 1e300, 1e300), np.full(4, 1e200),
    (np.full((1, 2), 1e300),) * 4, (np.zeros((11, 6, 1)), 1e300), (0, -1e300), Odd(), Odd, [Odd()],
    (Odd(), Odd()), [Odd()] * 3, object(), int, str, Exception, print, len, raises, leaves,
    lambda: 1, lambda *a: a, lambda *a: Odd(), lambda *a: "x", lambda *a: float("nan"),
    lambda *a: 1e308, lambda *a: [1, 2], lambda *a: np.zeros((7, 7)), (n for n in range(3)),
    iter([1]), np, keras.Input((2,)), keras.layers.Dense(1), keras.Sequential(),
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]), tensor(["a", "b"]), endless(),
    [keras.Input((2,))] * 2, Path("x"), json, type, NotImplemented,
]  # fmt: skip
NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | hnp.arrays(st.sampled_from([float, np.float32, int, bool, object]),
                 hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3),
                 fill=st.just(0)),
    lambda inner: st.lists(inner, max_size=5)
    | st.tuples(inner, inner)
    | st.tuples(inner, inner, inner, inner)
    | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=6,
)  # fmt: skip


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", EXERCISES)
def test_no_answer_however_odd_breaks_a_check(capsys, name):
    for answer in NASTY:
        assert check(name, answer) is None
        out, err = capsys.readouterr()
        assert out.startswith(f"✗ {name}: not yet. ")
        assert len(out.splitlines()) == 1
        assert 20 < len(out.encode()) < 700
        assert err == ""


@pytest.mark.parametrize("name", EXERCISES)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=NONSENSE)
def test_nonsense_is_off_and_nothing_else(capsys, name, answer):
    check(name, answer)
    assert re.match(f"[✗✓] {name}: ", capsys.readouterr().out)


@given(answer=NONSENSE)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_function_may_return_nonsense(capsys, answer):
    for name in ("05-step", "05-update"):
        check(name, lambda *arguments: answer)
        assert capsys.readouterr().out.startswith(f"✗ {name}: not yet. ")


def test_an_unknown_name_gets_the_nearest(said):
    for name in ("01-axis", "1-axes", "", "01", None, 5, ["01-axes"], Odd(), "☃", "x" * 10**5):
        assert re.fullmatch(r"There is no exercise .*\. The nearest is '.*'\.", said(name, 1))


def test_the_nearest_name_is_the_one_that_was_meant(said):
    assert said("02-weigths", 1).endswith("The nearest is '02-weights'.")


def test_an_interrupt_is_not_held_back():
    def interrupted(*arguments):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("05-step", interrupted)


# ---- Still to come, and solutions -------------------------------------------------------------


@pytest.mark.parametrize("name", EXERCISES)
def test_the_three_dots_are_no_mistake(said, name, kept):
    dots = f"… {name}: your answer is still to come. Put it in place of the three dots."
    part = f"… {name}: a part of your answer is still to come. Put it in place of the three dots."
    assert said(name, ...) == dots
    assert said(name, (..., ...)) == dots
    assert said(name, (1, ...)) == part
    assert said(name, ([[1, ...]], ...)) == part
    assert not kept.exists()


@pytest.mark.parametrize("name", ["05-step", "05-update"])
def test_a_function_that_returns_the_three_dots_is_still_to_come(said, name):
    assert said(name, lambda *arguments: ...).startswith(f"… {name}: your answer is still to come")


@pytest.mark.parametrize("name", SOLUTIONS)
def test_a_solution_is_right_without_a_word_and_not_kept(said, name, kept):
    assert said(name, SOLUTIONS[name], solution=True) == ""
    assert not kept.exists()
    assert said_by(progress).endswith("0 of 32 exercises done")


@pytest.mark.parametrize("answer", [1, ..., None, (1, ...)])
def test_a_solution_that_is_not_right_stops_the_notebook(capsys, answer):
    with pytest.raises(AssertionError) as raised:
        check("02-weights", answer, solution=True)
    assert re.match("[✗…] 02-weights: ", str(raised.value))
    assert capsys.readouterr().out == ""
    with pytest.raises(AssertionError, match="There is no exercise"):
        check("02-weigth", 4480, solution=True)


# ---- Progress ---------------------------------------------------------------------------------


def said_by(function):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        function()
    return out.getvalue().removesuffix("\n")


def test_progress_shows_each_notebook_and_what_is_done(capsys):
    for name in ("01-axes", "01-input-shape", "05-floor"):
        check(name, SOLUTIONS[name])
    check("01-order", RECORDED)
    capsys.readouterr()
    progress()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 7
    assert re.fullmatch(
        r"01  ✓ axes  · order  ✓ input-shape  · windows  · forecast  · quiz +2 of 6", lines[1]
    )
    assert re.fullmatch(r"05  ✓ floor  · window  .* +1 of 6", lines[5])
    assert len({line.index(" of ") for line in lines[:-1]}) == 1
    assert max(map(len, lines)) <= 80
    assert lines[-1] == "3 of 32 exercises done"


def test_what_is_right_is_kept_for_the_next_session(kept, monkeypatch):
    check("02-ceiling", 3)
    assert json.loads(kept.read_text()) == ["02-ceiling"]
    new_session(monkeypatch)
    assert "✓ ceiling" in said_by(progress)


def test_two_notebooks_do_not_erase_each_other(kept, monkeypatch):
    check("02-ceiling", 3)
    kept.write_text(json.dumps(["01-axes", "99-of-another-version"]))  # another notebook wrote
    check("05-window", 25)
    names = {"01-axes", "02-ceiling", "05-window"}
    assert set(json.loads(kept.read_text())) == {*names, "99-of-another-version"}
    assert said_by(progress).endswith("3 of 32 exercises done")


def test_an_object_of_names_is_read_too(kept):
    kept.write_text('{"01-axes": true}')
    assert said_by(progress).endswith("1 of 32 exercises done")


DAMAGED = [
    b"", b"{", b"\xff\xfe\x00", b"\x00" * 9, b"3", b"null", b'"01-axes"', b"[1, [2], {}, null]",
    b"[" * 10**5, b'{"a": [1]}', b"NaN", b'["\\ud800"]', "\ufeff[]".encode(),
]  # fmt: skip


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_breaks_nothing_and_is_mended(said, kept, content):
    kept.write_bytes(content)
    assert said_by(progress).endswith("0 of 32 exercises done")
    assert "\n" not in said("02-ceiling", 3)
    assert "02-ceiling" in json.loads(kept.read_text())


@given(content=st.binary(max_size=50))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_break_it(kept, content):
    kept.write_bytes(content)
    said_by(progress)
    said_by(lambda: check("02-ceiling", 3))
    assert "02-ceiling" in json.loads(kept.read_text())


def below_a_file(folder, monkeypatch):
    (folder / "file").write_text("")
    return folder / "file" / "progress.json"


def a_folder(folder, monkeypatch):
    return folder


def no_such_folder(folder, monkeypatch):
    return folder / "missing" / "progress.json"


def a_device(folder, monkeypatch):
    return Path("/dev/zero")


def a_pipe(folder, monkeypatch):
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def a_name_no_file_can_have(folder, monkeypatch):
    return folder / ("x" * 5000)


def no_right_to_replace(folder, monkeypatch):
    def refuse(*arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    return folder / "progress.json"


@pytest.mark.parametrize(
    "place",
    [
        below_a_file, a_folder, no_such_folder, a_device, a_pipe, a_name_no_file_can_have,
        no_right_to_replace,
    ],
)  # fmt: skip
def test_where_nothing_can_be_kept_it_is_said_once(said, tmp_path, monkeypatch, place):
    path = place(tmp_path, monkeypatch)
    monkeypatch.setenv("COURSE_PROGRESS_FILE", str(path))
    before = sorted(tmp_path.rglob("*"))
    praise, _, why = said("02-ceiling", 3).partition("\n")
    assert praise.startswith("✓ 02-ceiling: right.")
    assert re.fullmatch(r"\(Your progress cannot be kept .*: .+\.\)", why)
    assert "\n" not in said("05-window", 25)
    assert said_by(progress).endswith("2 of 32 exercises done")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_that_cannot_be_read_is_not_replaced(said, kept, monkeypatch):
    kept.write_text('["01-axes"]')

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "Permission denied" in said("02-ceiling", 3)
    assert kept.read_text() == '["01-axes"]'


def test_without_a_home_folder_the_session_still_counts(said, monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("COURSE_PROGRESS_FILE")
    monkeypatch.setattr(Path, "home", homeless)
    assert "Could not determine home directory" in said("02-ceiling", 3)
    assert said_by(progress).endswith("1 of 32 exercises done")


def test_by_default_the_file_lies_in_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_PROGRESS_FILE")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    check("02-ceiling", 3)
    assert json.loads((tmp_path / ".lstm-or-mlp.json").read_text()) == ["02-ceiling"]


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_name_keeps_nothing_on_disk(said, tmp_path, monkeypatch, empty):
    monkeypatch.setenv("COURSE_PROGRESS_FILE", empty)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "\n" not in said("02-ceiling", 3)
    assert said_by(progress).endswith("1 of 32 exercises done")
    assert not list(tmp_path.iterdir())


def test_a_link_stays_a_link(kept, tmp_path):
    kept.symlink_to(tmp_path / "elsewhere.json")
    check("02-ceiling", 3)
    assert kept.is_symlink()
    assert json.loads((tmp_path / "elsewhere.json").read_text()) == ["02-ceiling"]


# ---- The quizzes --------------------------------------------------------------------------------


def test_every_quiz_has_a_hint_for_every_other_choice():
    for questions in QUIZZES.values():
        for question in questions:
            assert sorted([question.right, *question.hints]) == ["a", "b", "c"]


def test_no_letter_is_right_more_often_than_chance_would_have_it():
    rights = [question.right for questions in QUIZZES.values() for question in questions]
    assert max(map(rights.count, "abc")) <= len(rights) / 2


@pytest.mark.parametrize(
    "answer",
    [
        "cabc",
        "C A B C",
        "1c 2a 3b 4c",
        "c, a, b, c",
        ("c", "A", " b ", "c."),
        np.array(list("cabc")),
    ],
)
def test_letters_are_read_in_every_form(said, answer):
    assert said("01-quiz", answer).startswith("✓ 01-quiz")


def test_every_hint_of_several_questions_is_given(said):
    message = said("02-quiz", "abcb")
    assert [f"{k}:" in message for k in (1, 2, 3, 4)] == [True, True, False, False]
