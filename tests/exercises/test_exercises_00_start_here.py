"""What is said to answers to the exercises of notebook 00."""

import pytest

#: The right answers. `test_every_exercise` asks more of them.
SOLUTIONS = {
    "00-windows": 6,
    "00-quiz": "ba",
}

#: A typical mistake, and words of the hint that it gets.
MISTAKES = [
    ("00-windows", 9, "a window to every value"),
    ("00-windows", 5, "One short"),
    ("00-windows", 7, "One too many"),
    ("00-windows", 2, "end to end"),
]

#: How the answer would look in a hint that gives it away.
GIVEN_AWAY = {
    "00-windows": r"\b6\b",
}


@pytest.mark.parametrize("name", SOLUTIONS)
def test_a_right_answer_is_told_why(praise, name):
    assert praise(name, SOLUTIONS[name])


@pytest.mark.parametrize(
    ("name", "answer", "words"), MISTAKES, ids=[f"{name}: {words}" for name, _, words in MISTAKES]
)
def test_a_typical_mistake_gets_its_own_hint(hint, name, answer, words):
    assert words in hint(name, answer)
