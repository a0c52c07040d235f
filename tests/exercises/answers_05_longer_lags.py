"""What is said to answers to the exercises of notebook 05."""

import operator

import keras
import numpy as np

tensor = keras.ops.convert_to_tensor


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


#: The right answers. `test_every_exercise` asks more of them.
SOLUTIONS = {
    "05-floor": 0.8,
    "05-window": 25,
    "05-step": lambda value, mark: value * mark,
    "05-update": lambda state, value, mark: (1 - mark) * state + mark * value,
    "05-choose": ("window", "sum", "memory", "window", "memory"),
    "05-quiz": "bcab",
}

#: The same, put in another way.
IN_OTHER_WORDS = [
    ("05-step", operator.mul),
    ("05-step", np.multiply),
    ("05-step", with_if),
    ("05-step", lambda value, mark: [v * m for v, m in zip(value, mark, strict=True)]),
    ("05-step", lambda value, mark: tensor(value * mark)),
    ("05-step", lambda v, m, scale=1: scale * v * m),
    ("05-update", latest),
    ("05-update", latest_with_if),
]

#: A typical mistake, and words of the hint that it gets.
MISTAKES = [
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
    ("05-floor", 1.4, "Deviations do not add up"),
    ("05-floor", np.hypot(1, 0.6), "the part that it does see"),
    ("05-update", lambda state, value, mark: (1 - mark) * state + value, "Without a mark"),
    ("05-choose", "window sum window window memory", "Number 3: can you name"),
]

#: How the answer would look in a hint that gives it away.
GIVEN_AWAY = {
    "05-floor": r"0?\.8\b",
    "05-window": "25",
}
