"""Notebook 02: inside the LSTM."""

from __future__ import annotations

from typing import Any

from helpers.exercises.answers import Off, number_in, pair_of, refuse, rows_of
from helpers.exercises.comparing import matches, same
from helpers.exercises.exercise import exercise
from helpers.exercises.quizzes import Question, quiz_of

import numpy as np


@exercise("02-step", "c, h, two numbers")
def step(answer: Any) -> str:
    c, h = pair_of(answer, "c", "h")
    before, forget, take, candidate, output = 0.6, 0.5, 0.25, 0.8, 0.5
    right = forget * before + take * candidate
    right_h = output * np.tanh(right)
    refuse(same(np.array([h, c]), [right, right_h]), "c and h are exchanged.")
    matches(c, right, [
        ("c: forget and input gate are exchanged: the forget gate goes with the old c.",
         take * before + forget * candidate),
        ("c: nothing new was let in: input gate times candidate is missing.", forget * before),
        ("c: the old state is gone: forget gate times c before is missing.", take * candidate),
        ("c: nothing was gated: each of the two parts passes its own gate.", before + candidate),
        ("c: the old state has not passed the forget gate.", before + take * candidate),
        ("c: the candidate has not passed the input gate.", forget * before + candidate),
    ], axes=("c",))  # fmt: skip
    matches(h, right_h, [
        ("h: c goes through tanh before it meets the output gate.", output * right),
        ("h: this comes from the c before the step; h shows the new one.",
         output * np.tanh(before)),
        ("h: the output gate is missing.", np.tanh(right)),
    ], axes=("h",))  # fmt: skip
    return "The new state is part old, part new, and h is what the output gate lets out of it."


@exercise("02-weights", "one whole number")
def weights(answer: Any) -> str:
    u, f, t = 32, 2, 12
    matches(number_in(answer), 4 * u * (u + f + 1), [
        ("You forgot that there are four parts, three gates and the candidate.", u * (u + f + 1)),
        ("You forgot that every unit also sees all units of the last h.", 4 * u * (f + 1)),
        ("You forgot the bias: each unit has one in each of the four parts.", 4 * u * (u + f)),
        ("The timesteps are not the features: how many readings come at one hour?",
         4 * u * (u + t + 1), 4 * u * (u + t * f + 1)),
        ("The timesteps do not count: every step uses the same weights.", 4 * u * (u + f + 1) * t),
        ("This is what a Dense layer has. An LSTM has four parts, and each sees the last h too.",
         u * (f + 1), u * (t * f + 1)),
        ("The bias is counted too few times: each unit has one in each of the four parts.",
         4 * u * (u + f) + 1, 4 * u * (u + f) + u, 4 * u * (u + f) + 4),
    ], exact=True)  # fmt: skip
    return "4 · units · (units + features + 1), and the 12 timesteps do not occur."


@exercise("02-held-out", "the numbers of the rows, in any order")
def held_out(answer: Any) -> str:
    rows = rows_of(answer, 60)
    if len(rows) == 12:
        otherwise = (
            "The number of rows is right, but Keras cuts first and shuffles afterwards: the rows "
            "held out lie side by side."
        )
    else:
        otherwise = (
            f"You name {len(rows)} of the 60 rows. Which share does validation_split hold out?"
        )
    matches(rows, np.arange(48, 60), [
        ("These are the first rows. At which end does Keras cut?", range(12)),
        ("These are the rows trained on. Which ones are left?", range(48)),
        ("This is how many. Which ones are they?", [12]),
        ("One too early: the very last row is held out as well.", range(47, 59)),
        ("The very last row is missing: a range stops before its end.", range(48, 59)),
        ("Name every row, not the first and the last alone.", [48, 59], [48, 60]),
    ], exact=True, otherwise=otherwise)  # fmt: skip
    return "The last fifth: shuffling comes after the cut."


@exercise("02-accuracy", "one number")
def accuracy(answer: Any) -> str:
    matches(number_in(answer), 0.5, [
        ("It would be, if accuracy counted right predictions. With one output Keras asks whether "
         '"prediction above the threshold" equals the target.', 1),
        ("Not quite so bad: some targets could be answers to a yes/no question.", 0),
        ("Keras reports a share, not percent.", 50, 100, 25, 75),
        ("Too few: go through the targets one by one. What becomes of each prediction?", 0.25),
        ("Too many: a 2 cannot equal yes (1) or no (0), nor can anything above it.", 0.75),
    ])  # fmt: skip
    return "Only the targets 0 and 1 can count as right, and yet every prediction is perfect."


@exercise("02-hold", "forget_bias, input_bias, two numbers")
def hold(answer: Any) -> str:
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


@exercise("02-ceiling", "one number")
def ceiling(answer: Any) -> str:
    w, b = np.array([0.5, -2, 1.5]), -1
    matches(number_in(answer), np.abs(w).sum() + b, [
        ("You kept the signs of the weights: each h can lie at −1 as well as at 1.", w.sum() + b),
        ("This bounds the size. The top is lower: the bias keeps its sign.",
         np.abs(w).sum() + abs(b)),
        ("You forgot the bias.", np.abs(w).sum()),
        ("You kept the signs, and forgot the bias.", w.sum()),
        ("You left the negative weight out: its h can lie at −1.", w[w > 0].sum() + b),
        ("This is the floor. How high can it go?", b - np.abs(w).sum()),
    ])  # fmt: skip
    return "Every h at the end that its weight's sign asks for, and then the bias."


QUESTIONS = (
    Question(
        "b",
        {
            "a": "Each unit also has a weight for every unit of the last h, so the units occur "
            "squared.",
            "c": "Look at the formula 4 · units · (units + features + 1) again. How often do the "
            "units occur?",
        },
    ),
    Question(
        "a",
        {
            "b": "What would accuracy say of a perfect model?",
            "c": "Before you change the model, put a perfect prediction through the metric.",
        },
    ),
    Question(
        "c",
        {
            "a": "Stateful keeps h and c from call to call. The weights are kept by any layer.",
            "b": "Row r goes on from row r of the last batch. Does that fit after shuffling?",
        },
    ),
    Question(
        "b",
        {
            "a": "The training error was small. Would more epochs move a ceiling that far?",
            "c": "A larger step size changes how it learns. What bounds h, whatever it learns?",
        },
    ),
)
quiz = quiz_of("02", QUESTIONS)
