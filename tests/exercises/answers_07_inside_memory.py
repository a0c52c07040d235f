"""What is said to answers to the exercises of notebook 07."""

import numpy as np

#: The right answers. `test_every_exercise` asks more of them.
SOLUTIONS = {
    "07-left": 0.73**20,
    "07-bias": np.log(99),
    "07-quiz": "bcb",
}

#: The same, put in another way.
IN_OTHER_WORDS = [
    ("07-left", np.exp(20 * np.log(0.73))),
    ("07-bias", -np.log(1 / 0.99 - 1)),
    ("07-bias", 4.595),
]

#: A typical mistake, and words of the hint that it gets.
MISTAKES = [
    ("07-left", 0.73 * 20, "times the steps"),
    ("07-left", 1 - 0.73**20, "what is lost"),
    ("07-left", 1 - 0.27 * 20, "the same share"),
    ("07-left", 0.27**20, "what it keeps"),
    ("07-left", 0, "the same share"),
    ("07-left", 0.73**19, "too few"),
    ("07-left", 0.73**21, "too many"),
    ("07-bias", 99, "its logarithm"),
    ("07-bias", 100, "its logarithm"),
    ("07-bias", np.log(100), "log 100"),
    ("07-bias", 0.99, "the gate itself"),
    ("07-bias", 1 / (1 + np.exp(-0.99)), "come out of it"),
    ("07-bias", -np.log(99), "other way round"),
    ("07-bias", np.log10(99), "natural logarithm"),
    ("07-bias", np.log2(99), "natural logarithm"),
    ("07-bias", np.log(0.99), "share alone"),
    ("07-quiz", "acb", "by heart"),
    ("07-quiz", "bab", "the GRU at the known lag"),
    ("07-quiz", "bca", "from 50 to 200"),
]

#: How the answer would look in a hint that gives it away.
GIVEN_AWAY = {
    "07-left": r"0?\.0018",
    "07-bias": r"4\.\d",
}
