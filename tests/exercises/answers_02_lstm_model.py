"""What is said to answers to the exercises of notebook 02."""

import numpy as np

H = 0.5 * np.tanh(0.5)

#: The right answers. `test_every_exercise` asks more of them.
SOLUTIONS = {
    "02-step": (0.5, H),
    "02-weights": 4480,
    "02-held-out": np.arange(48, 60),
    "02-accuracy": 0.5,
    "02-hold": (10, -10),
    "02-ceiling": 3,
    "02-quiz": "bacb",
}

#: The same, put in another way.
IN_OTHER_WORDS = [
    ("02-hold", (20, -20)),
    ("02-hold", (np.float32(12), -30)),
    ("02-weights", 4480.0),
    ("02-held-out", set(range(48, 60))),
    ("02-held-out", range(59, 47, -1)),
    ("02-held-out", slice(-12, None)),
    ("02-held-out", np.arange(60) >= 48),
    ("02-held-out", [False] * 48 + [True] * 12),
    ("02-ceiling", np.array([[3.0004]])),
]

#: A typical mistake, and words of the hint that it gets.
MISTAKES = [
    ("02-step", (0.55, 0.5 * np.tanh(0.55)), "gate are exchanged"),
    ("02-step", (0.3, 0.1), "nothing new was let in"),
    ("02-step", (0.2, 0.1), "old state is gone"),
    ("02-step", (1.4, 0.1), "nothing was gated"),
    ("02-step", (0.5, 0.25), "goes through tanh"),
    ("02-step", (0.5, 0.5 * np.tanh(0.6)), "the c before the step"),
    ("02-step", (0.5, np.tanh(0.5)), "output gate is missing"),
    ("02-step", 0.5, "2 things with commas between them: c, h"),
    ("02-step", (H, 0.5), "c and h are exchanged"),
    ("02-hold", (1, -20), "as Keras starts: each step keeps 0.73"),
    ("02-hold", (1, -20), "2e-14 of it is left"),
    ("02-hold", (-3, -20), "too far shut"),
    ("02-hold", (20, 0), "too far open: each step adds to c, which ended at 51"),
    ("02-hold", (6, -20), "Not closely enough: after 100 steps the state is 0.78"),
    ("02-hold", (-10, 10), "pair is exchanged"),
    ("02-hold", (2, -2), "one of −1 would end at 1."),
    ("02-hold", (0, 0), "writes a new 1 over what it loses"),
    ("02-hold", (-5, 5), "writes a new 1 over what it loses"),
    ("02-hold", 10, "2 things"),
    ("02-weights", 1120, "four parts"),
    ("02-weights", 4 * 32 * 3, "all units of the last h"),
    ("02-weights", 4 * 32 * 34, "forgot the bias"),
    ("02-weights", 4 * 32 * 45, "timesteps are not the features"),
    ("02-weights", 4 * 32 * 57, "timesteps are not the features"),
    ("02-weights", 4480 * 12, "timesteps do not count"),
    ("02-weights", 96, "a Dense layer"),
    ("02-weights", 4 * 32 * 34 + 32, "too few times"),
    ("02-weights", 4 * 32 * 34 + 1, "too few times"),
    ("02-held-out", range(12), "first rows"),
    ("02-held-out", range(48), "rows trained on"),
    ("02-held-out", 12, "how many"),
    ("02-held-out", range(49, 61), "there is no row 60"),
    ("02-held-out", range(47, 59), "One too early"),
    ("02-held-out", range(0, 60, 5), "cuts first and shuffles afterwards"),
    ("02-held-out", range(40, 60), "You name 20 of the 60 rows"),
    ("02-held-out", range(-12, 0), "negative row number"),
    ("02-held-out", [48, *range(48, 59)], "names a row twice"),
    ("02-held-out", np.ones(50, bool), "mask of 50 for 60 rows"),
    ("02-accuracy", 1, "above the threshold"),
    ("02-accuracy", 0, "Not quite so bad"),
    ("02-accuracy", 50, "a share, not percent"),
    ("02-accuracy", 0.25, "Too few"),
    ("02-accuracy", 0.75, "Too many"),
    ("02-ceiling", -1, "kept the signs"),
    ("02-ceiling", 5, "bounds the size"),
    ("02-ceiling", 4, "forgot the bias"),
    ("02-ceiling", 0, "and forgot the bias"),
    ("02-ceiling", 1, "left the negative weight out"),
    ("02-ceiling", -5, "the floor"),
    ("02-step", (0.8, 0.3), "has not passed the forget gate"),
    ("02-step", (1.1, 0.3), "has not passed the input gate"),
    ("02-hold", (0.99, 0.01), "would do as gates"),
    ("02-held-out", range(48, 59), "a range stops before its end"),
    ("02-held-out", (48, 59), "Name every row"),
]

#: How the answer would look in a hint that gives it away.
GIVEN_AWAY = {
    "02-step": r"0\.5\b|0\.23",
    "02-weights": "4480",
    "02-held-out": r"\b48\b|\b59\b",
    "02-accuracy": r"\b0?\.5\b|half",
    "02-ceiling": r"\b3\b",
}
