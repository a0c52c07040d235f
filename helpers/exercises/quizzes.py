"""What a quiz is: questions with a right letter, and something to say to each other choice.

The questions and their options stand in the notebooks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from helpers.exercises.answers import items_in, refuse, shown
from helpers.exercises.exercise import Exercise

__all__ = ["Question", "quiz_of"]


class Question(NamedTuple):
    """The right letter, and a hint for each of the other letters."""

    right: str
    hints: Mapping[str, str]


def quiz_of(notebook: str, questions: Sequence[Question]) -> Exercise:
    """The exercise that asks for the right letter of each question, by the notebook's number."""

    def judge(answer: Any) -> str:
        answer = items_in(answer, lambda text: [part for part in text if part.isalpha()])
        count = f"Questions: {len(questions)}. Letters given: {len(answer)}."
        refuse(len(answer) != len(questions), count)
        letters = [shown(letter).lower().strip(" .") for letter in answer]
        hints = []
        for k, (letter, question) in enumerate(zip(letters, questions, strict=True), start=1):
            options = sorted({question.right, *question.hints})
            if letter not in options:
                hints.append(f"{k}: {letter!r} is none of {', '.join(options)}.")
            elif letter != question.right:
                hints.append(f"{k}: {question.hints[letter]}")
        refuse(bool(hints), " ".join(hints))
        return "Every one of them."

    return Exercise(f"{notebook}-quiz", f"{len(questions)} letters in quotation marks", judge)
