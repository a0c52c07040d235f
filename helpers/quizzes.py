"""What the quizzes at the ends of the notebooks accept, and what they say to each other choice.

The questions and their options stand in the notebooks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["QUIZZES", "Question"]


class Question(NamedTuple):
    """The right letter, and a hint for each of the other letters."""

    right: str
    hints: Mapping[str, str]


#: Notebook -> its questions, in order.
QUIZZES: Mapping[str, tuple[Question, ...]] = {
    "00": (
        Question(
            "b",
            {
                "a": "The sign ≈ says that these digits come from training. Do they have to agree?",
                "c": "A claim has a bound, and it was checked on your own number.",
            },
        ),
        Question(
            "a",
            {
                "b": "No ≈ stands before it. Can luck move it then?",
                "c": "A seed fixes the luck, and no luck is in a number without ≈.",
            },
        ),
    ),
    "01": (
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
    ),
    "02": (
        Question(
            "b",
            {
                "a": "Each unit also has a weight for every unit of the last h, so the units occur "
                "squared.",
                "c": "Look at the formula 4u(u + f + 1) again. Which letter is doubled?",
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
    ),
    "03": (
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
    ),
    "04": (
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
    ),
    "05": (
        Question(
            "b",
            {
                "a": "How long the lag is was not the first question of the chart. Which was?",
                "c": "A sum cannot tell one position from another. Here one position counts.",
            },
        ),
        Question(
            "c",
            {
                "a": "What happened when you took the memory away?",
                "b": "The MLP saw all the steps. What it lacked was something else.",
            },
        ),
        Question(
            "a",
            {
                "b": "Each mark counts for itself, so their number is a sum over the steps.",
                "c": "Its position is known, however far back it lies.",
            },
        ),
        Question(
            "b",
            {
                "a": "On the adding problem it did not carry over. Was that not the same LSTM?",
                "c": "It was never shown a row of 200. What is the rule that it learned?",
            },
        ),
    ),
}
