"""The quizzes at the ends of the notebooks."""

from helpers.exercises.course import NOTEBOOKS

import numpy as np
import pytest

#: Every letter of every quiz that is not the right one, among right ones for the other questions.
WRONG_LETTERS = [
    pytest.param(
        notebook.quiz.name,
        [*rights[:k], letter, *rights[k + 1 :]],
        f"{k + 1}: {hint}",
        id=f"{notebook.quiz.name}: {k + 1}{letter}",
    )
    for notebook in NOTEBOOKS
    for rights in [[question.right for question in notebook.QUESTIONS]]
    for k, question in enumerate(notebook.QUESTIONS)
    for letter, hint in question.hints.items()
]


@pytest.mark.parametrize(("name", "answer", "words"), WRONG_LETTERS)
def test_each_wrong_letter_gets_its_own_hint(hint, name, answer, words):
    assert words in hint(name, answer)


def test_every_quiz_has_a_hint_for_every_other_choice():
    for notebook in NOTEBOOKS:
        for question in notebook.QUESTIONS:
            assert sorted([question.right, *question.hints]) == ["a", "b", "c"]


def test_no_letter_is_right_more_often_than_chance_would_have_it():
    rights = [question.right for notebook in NOTEBOOKS for question in notebook.QUESTIONS]
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
