"""What is said to answers to the exercises of notebook 05."""

import operator
from functools import partial

from helpers.data import adding_task, hold_latest_task, recall_task, since_reset_task

import keras
import numpy as np

tensor = keras.ops.convert_to_tensor


def lag_15(samples, timesteps, seed):
    return recall_task(samples, timesteps, lag=15, seed=seed)


def newest(samples, timesteps, seed):
    return recall_task(samples, timesteps, lag=0, seed=seed)


def nothing_to_find(samples, timesteps, seed):
    generator = np.random.default_rng(seed)
    return generator.uniform(size=(samples, timesteps, 1)), generator.uniform(size=(samples, 1))


def seed_ignored(samples, timesteps, seed):
    return adding_task(samples, timesteps, 0)


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


def raises_as_a_task(samples, timesteps, seed):
    raise KeyError("no")


def leaves(*arguments):
    raise SystemExit


#: The right answers. `test_every_exercise` asks more of them.
SOLUTIONS = {
    "05-step": lambda value, mark: value * mark,
    "05-update": lambda state, value, mark: (1 - mark) * state + mark * value,
    "05-choose": ("places", "parts", "order", "places", "order"),
    "05-arena": (lag_15, adding_task, since_reset_task),
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
    ("05-arena", [partial(recall_task, lag=15), adding_task, hold_latest_task]),
]

#: A typical mistake, and words of the hint that it gets.
MISTAKES = [
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
    ("05-choose", ("parts", "parts", "order", "places", "order"), "Number 1: do fixed places"),
    ("05-choose", ("places", "order", "order", "places", "order"), "Number 2: would shuffling"),
    ("05-choose", ("places", "parts", "parts", "places", "order"), "Number 3: is an item"),
    ("05-choose", ("places", "parts", "order", "order", "order"), "Number 4: do fixed places"),
    ("05-choose", ("places", "parts", "order", "places", "places"), "Number 5: do fixed places"),
    ("05-choose", ("places", "parts", "lstm", "places", ""), "order): lstm, an empty word"),
    ("05-choose", "order", "asks for 5 words; got 1"),
    ("05-update", lambda state, value, mark: (1 - mark) * state + value, "Without a mark"),
    ("05-arena", adding_task, "three"),
    ("05-arena", (lag_15, adding_task), "asks for three tasks"),
    ("05-arena", (lag_15, adding_task, 3), "not a function"),
    ("05-arena", (lag_15, raises_as_a_task, since_reset_task), "second task raises KeyError"),
    ("05-arena", (seed_ignored, adding_task, since_reset_task), "same rows for another seed"),
    ("05-arena", (nothing_to_find, adding_task, since_reset_task), "too much to win"),
    ("05-arena", (lag_15, newest, since_reset_task), "On the second task the sum keeps"),
    ("05-arena", (lag_15, adding_task, adding_task), "On the third task the"),
    ("05-choose", "places parts places places order", "Number 3: do fixed places"),
]

#: How the answer would look in a hint that gives it away.
GIVEN_AWAY = {}
