"""What is said to answers to the exercises of notebook 07."""

import numpy as np

#: The right answers. `test_every_exercise` asks more of them.
SOLUTIONS = {
    "07-left": 0.73**20,
    "07-bias": np.log(99),
    "07-mask": lambda parts, is_step: (parts * is_step).sum(axis=1) / is_step.sum(axis=1),
    "07-quiz": "bcb",
}

#: The same, put in another way.
IN_OTHER_WORDS = [
    ("07-left", np.exp(20 * np.log(0.73))),
    ("07-bias", -np.log(1 / 0.99 - 1)),
    ("07-bias", 4.595),
    ("07-mask", lambda parts, is_step: np.average(parts, axis=1, weights=is_step)),
    (
        "07-mask",
        lambda parts, is_step: [p[s == 1].mean() for p, s in zip(parts, is_step, strict=True)],
    ),
]

#: A typical mistake, and words of the hint that it gets.
MISTAKES = [
    ("07-left", 0.73 * 20, "times the steps"),
    ("07-left", 1 - 0.73**20, "what is lost"),
    ("07-left", 1 - 0.27 * 20, "the same share"),
    ("07-left", 0.27**20, "what it keeps"),
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
    ("07-mask", lambda parts, is_step: parts.mean(axis=1), "takes the padding for steps"),
    ("07-mask", lambda parts, is_step: (parts * is_step).mean(axis=1), "divide by all timesteps"),
    (
        "07-mask",
        lambda parts, is_step: parts.sum(axis=1) / is_step.sum(axis=1),
        "adds up the padding",
    ),
    ("07-mask", lambda parts, is_step: (parts * is_step).sum(axis=1), "That is the sum"),
    (
        "07-mask",
        lambda p, s: (p * (1 - s)).sum(axis=1) / np.maximum((1 - s).sum(axis=1), 1),
        "mean of the padding",
    ),
    ("07-mask", lambda parts, is_step: parts[is_step == 1].mean(), "one mean over all rows"),
    ("07-mask", lambda parts: parts, "must take (parts, is_step)"),
    ("07-mask", 3, "not a function"),
    ("07-quiz", "acb", "by heart"),
    ("07-quiz", "bab", "the GRU at the known lag"),
    ("07-quiz", "bca", "from 50 to 200"),
]

#: How the answer would look in a hint that gives it away.
GIVEN_AWAY = {
    "07-left": r"0?\.0018",
    "07-bias": r"4\.\d",
}
