"""What is said to answers to the exercises of notebook 03."""

from helpers.data import sliding_windows
from helpers.examples import colleagues_series

import numpy as np

SERIES = colleagues_series()
FRONT = [[1.0, -1.0]], [0.0, 0.0]  # W1, b1
BACK = [[1.0], [1.0]], [0.0]  # W2, b2


def rmse(error):
    return np.sqrt(np.mean(error**2))


def errors(fitted, horizon=1, ones=True):
    """Of least squares on windows of 3 of SERIES, fitted on some rows: prediction − target."""
    X, y = sliding_windows(SERIES, 3, horizon=horizon)
    design = np.c_[X[:, :, 0], np.ones(len(X))] if ones else X[:, :, 0]
    return design @ np.linalg.lstsq(design[fitted], y[fitted, 0], rcond=None)[0] - y[:, 0]


EARLY, LATE, ALL = slice(None, -30), slice(-30, None), slice(None)
LAST_VALUE = SERIES[2:-1] - SERIES[3:]

#: The right answers. `test_every_exercise` asks more of them.
SOLUTIONS = {
    "03-collapse": (-1, 2.5),
    "03-baseline": rmse(errors(EARLY)[LATE]),
    "03-kink": (3, False),
    "03-absolute": (*FRONT, *BACK),
    "03-quiz": "cab",
}

#: The same, put in another way.
IN_OTHER_WORDS = [
    ("03-collapse", [np.array([[-1.0]]), np.array([2.5])]),
    ("03-kink", (3, np.False_)),
    ("03-kink", [np.array([3.0]), np.array(False)]),
    ("03-absolute", ([[2, -0.5, 0]], [0, 0, 0], [[0.5], [2], [7]], 0)),
    ("03-absolute", ([[-1, 1]], [0, 0], [[1], [1]], [0])),
]

#: A typical mistake, and words of the hint that it gets.
MISTAKES = [
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
]

#: How the answer would look in a hint that gives it away.
GIVEN_AWAY = {
    "03-collapse": r"2\.5",
    "03-baseline": r"2\.79",
    "03-kink": r"\b3\b",
}
