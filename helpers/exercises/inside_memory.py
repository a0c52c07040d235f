"""Notebook 07: inside memory."""

from __future__ import annotations

from typing import Any

from helpers.exercises.answers import called, function_in, number_in, numbers_in
from helpers.exercises.comparing import matches
from helpers.exercises.exercise import exercise
from helpers.exercises.quizzes import Question, quiz_of

import numpy as np


@exercise("07-left", "one number")
def left(answer: Any) -> str:
    gate, steps = 0.73, 20
    matches(number_in(answer), gate**steps, [
        ("You took the gate times the steps: each step multiplies what the one before left.",
         gate * steps),
        ("That is what is lost. What is left?", 1 - gate**steps),
        ("You took away the same amount at each step: it is the same share.",
         1 - (1 - gate) * steps),
        ("You raised what each step forgets to a power: take what it keeps.",
         (1 - gate) ** steps),
        ("One step too few: the gate acts at each of the twenty.", gate ** (steps - 1)),
        ("One step too many: the gate acts at each of the twenty.", gate ** (steps + 1)),
    ])  # fmt: skip
    return "Less than a hundredth, unless training opens the gate."


@exercise("07-bias", "one number")
def bias(answer: Any) -> str:
    keeps = 0.99
    u = keeps / (1 - keeps)
    matches(number_in(answer), np.log(u), [
        ("That is u, the steps it remembers: the bias is its logarithm.", u, u + 1),
        ("That is log 100. One part in u + 1 is forgotten: what is u?", np.log(u + 1)),
        ("That is the gate itself. Which number has it as its sigmoid?", keeps),
        ("You put the share through the sigmoid: it has to come out of it.",
         1 / (1 + np.exp(-keeps))),
        ("The sign is the other way round: a large gate needs a bias above 0.", -np.log(u)),
        ("Take the natural logarithm, as the sigmoid is made of e.", np.log10(u), np.log2(u)),
        ("The logarithm of the share alone: take the share over what it forgets.", np.log(keeps)),
    ])  # fmt: skip
    return "A memory of about a hundred steps, before anything is learned."


@exercise("07-mask", "a function of parts and is_step")
def mask(answer: Any) -> str:
    masked_mean = function_in(answer, "parts", "is_step")
    generator = np.random.default_rng(0)
    parts = generator.normal(2, 1, size=(12, 10))  # the padding has numbers too, from a bias
    is_step = (np.arange(10) >= np.arange(12)[:, None] % 8).astype(float)  # in front
    steps = is_step.sum(axis=1)
    got = numbers_in(
        called(masked_mean, parts.copy(), is_step.copy()), "What your function returns"
    )
    matches(got, (parts * is_step).sum(axis=1) / steps, [
        ("It takes the padding for steps: the numbers there count as well.", parts.mean(axis=1)),
        ("The padding adds nothing, but you divide by all timesteps: divide by the steps.",
         (parts * is_step).mean(axis=1)),
        ("It divides by the steps, but adds up the padding too.", parts.sum(axis=1) / steps),
        ("That is the sum: divide it by the number of steps.", (parts * is_step).sum(axis=1)),
        ("That is the mean of the padding.",
         (parts * (1 - is_step)).sum(axis=1) / np.maximum(10 - steps, 1)),
        ("That is one mean over all rows: take one for each row, over axis 1.",
         (parts * is_step).sum() / steps.sum()),
    ], axes=("sample",))  # fmt: skip
    return "A mean of the steps alone, however long the row is padded."


QUESTIONS = (
    Question(
        "b",
        {
            "a": "More rows help a model that knows its rows by heart. Does this one?",
            "c": "It does not fit the rows it has. Would a smaller one fit them better?",
        },
    ),
    Question(
        "c",
        {
            "a": "Look at the GRU at the known lag: what was its gradient, and what did it learn?",
            "b": "The SimpleRNN had the largest one. Did it learn at a rate of 0.02?",
        },
    ),
    Question(
        "b",
        {
            "a": "Look at the table: what did the LSTM's error do from 50 to 200?",
            "c": "The net was large enough at 50. What did it never see?",
        },
    ),
)
quiz = quiz_of("07", QUESTIONS)
