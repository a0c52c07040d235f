"""Notebook 00: windows, counted."""

from __future__ import annotations

from typing import Any

from helpers.exercises.answers import number_in
from helpers.exercises.comparing import matches
from helpers.exercises.exercise import exercise
from helpers.exercises.quizzes import Question, quiz_of


@exercise("00-windows", "one whole number")
def windows(answer: Any) -> str:
    length, width = 9, 4
    matches(number_in(answer), length - width + 1, [
        ("This gives a window to every value. Does the last one have room for a window?", length),
        ("One short: the window that starts at the very first value counts as well.",
         length - width),
        ("One too many: where does the last window start, so that it still fits?",
         length - width + 2),
        ("This lays the windows end to end. They move on by one value only.", length // width),
    ], exact=True)  # fmt: skip
    return "The last window starts where the fourth value from the end stands."


QUESTIONS = (
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
)
quiz = quiz_of("00", QUESTIONS)
