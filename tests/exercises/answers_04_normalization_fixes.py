"""What is said to answers to the exercises of notebook 04."""

from helpers.examples import first_squares

import numpy as np

Z = first_squares(50)
TRAIN, REST = Z[:40], Z[40:]
SCALED = np.array([-1.0, 0.0, 0.5, 2.0])
CHANGES = np.array([2, -1, 3, 0.5])


def z_score(values, by, ddof=0):
    return (values - by.mean()) / by.std(ddof=ddof)


#: The right answers. `test_every_exercise` asks more of them.
SOLUTIONS = {
    "04-scale": z_score(Z, TRAIN),
    "04-back": 40 * SCALED + 200,
    "04-split": (np.arange(180), np.arange(180, 200)),
    "04-difference": 12 + np.cumsum(CHANGES),
    "04-diagnose": ("saturation", "split", "trend"),
    "04-quiz": "acb",
}

#: The same, put in another way.
IN_OTHER_WORDS = [
    ("04-scale", z_score(Z, TRAIN)[:, None]),
    ("04-split", (range(180), range(180, 200))),
    ("04-split", [slice(None, 180), slice(180, None)]),
    ("04-split", (np.arange(200) < 180, np.arange(200) >= 180)),
    ("04-diagnose", [" Saturation ", "SPLIT", "trend\n"]),
    ("04-diagnose", np.array(["saturation", "split", "trend"])),
    ("04-diagnose", "saturation, split, trend"),
]

#: A typical mistake, and words of the hint that it gets.
MISTAKES = [
    ("04-scale", z_score(Z, Z), "of all 50 values"),
    ("04-scale", np.r_[z_score(TRAIN, TRAIN), z_score(REST, REST)], "a scale of its own"),
    ("04-scale", Z / Z[39], "min-max"),
    ("04-scale", Z / Z[49], "min-max"),
    ("04-scale", Z - TRAIN.mean(), "divide by the deviation too"),
    ("04-scale", Z / TRAIN.std(), "only divided"),
    ("04-scale", z_score(TRAIN, TRAIN), "Only the rows trained on came back"),
    ("04-scale", z_score(REST, TRAIN), "Only the rows held out came back"),
    ("04-scale", z_score(Z, TRAIN, ddof=1), "ddof=1"),
    ("04-scale", (Z - TRAIN.std()) / TRAIN.mean(), "changed places"),
    ("04-scale", Z, "as it was"),
    ("04-back", SCALED, "still scaled"),
    ("04-back", SCALED * 10 + 50, "numbers of X"),
    ("04-back", SCALED * 40, "mean is still missing"),
    ("04-back", SCALED + 200, "multiply by the deviation first"),
    ("04-back", (SCALED - 200) / 40, "a second time"),
    ("04-back", (SCALED + 200) * 40, "wrong order"),
    ("04-back", SCALED * 200 + 40, "changed places"),
    ("04-back", SCALED * 10 + 200, "deviation of X"),
    ("04-back", SCALED * 40 + 50, "mean of X"),
    ("04-split", (range(20, 200), range(20)), "oldest rows"),
    ("04-split", (sorted({*range(200)} - {*range(0, 200, 10)}), range(0, 200, 10)), "scattered"),
    ("04-split", ([*range(100), *range(120, 200)], range(100, 120)), "lie in the middle"),
    ("04-split", (range(200), range(180, 200)), "In both parts: [180, 181, 182]"),
    ("04-split", (range(179), range(180, 200)), "In neither part: [179] …"),
    ("04-split", (range(181), range(181, 200)), "19 rows held out are too few"),
    ("04-split", (range(179), range(179, 200)), "21 rows held out are too many"),
    ("04-split", (range(1, 181), range(181, 201)), "goes too far"),
    ("04-split", (range(180, 200), range(180)), "Exchanged"),
    ("04-split", (range(150), range(150, 200)), "50 rows held out are too many"),
    ("04-split", (180, 20), "not how many"),
    ("04-difference", CHANGES, "as they were predicted"),
    ("04-difference", np.cumsum(CHANGES), "added up from 0"),
    ("04-difference", 12 + CHANGES, "from the value before it"),
    ("04-difference", np.cumsum([12, *CHANGES]), "Leave the last known y out"),
    ("04-difference", np.cumsum([12, *CHANGES])[:-1], "One step behind"),
    ("04-difference", 12 - np.cumsum(CHANGES), "Turn the sign round"),
    ("04-diagnose", ("split", "split", "trend"), "Number 1: "),
    ("04-diagnose", ("saturation", "trend", "trend"), "Number 2: "),
    ("04-diagnose", ("saturation", "split", "split"), "Number 3: "),
    ("04-diagnose", ("trend", "saturation", "split"), "Number 3: "),
    (
        "04-diagnose",
        ("saturation", "leak", "trend"),
        "choose from (saturation, split, trend): leak",
    ),
    ("04-diagnose", ("saturation", "split"), "asks for 3 words; got 2"),
    ("04-scale", Z - TRAIN.mean() / TRAIN.std(), "brackets"),
    ("04-scale", (z_score(TRAIN, TRAIN), z_score(REST, TRAIN)), "np.concatenate"),
    ("04-split", ((0, 179), (180, 199)), "Give every row"),
]

#: How the answer would look in a hint that gives it away.
GIVEN_AWAY = {
    "04-back": "160|220|280",
    "04-difference": r"\b14\b|\b13\b|16",
}
