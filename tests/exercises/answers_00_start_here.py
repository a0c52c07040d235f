"""What is said to answers to the exercises of notebook 00."""

#: The right answers. `test_every_exercise` asks more of them.
SOLUTIONS = {
    "00-windows": 6,
    "00-quiz": "ba",
}

#: Nothing here can be put in another way.
IN_OTHER_WORDS = []

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
