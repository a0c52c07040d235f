"""Reading answers: what cannot be read is named, and size is looked at before anything else."""

import time

from helpers.exercises.answers import shown, to_come

import numpy as np
import pytest


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("4480", "is text"),
        (None, "is None"),
        ({4480}, "is a set"),
        ([], "is empty"),
        (float("nan"), "NaN or infinite"),
        ([1, [2, 3]], "its rows differ in length"),
        ({"units": 4480}, "of type dict"),
        (4480j, "of type complex"),
        ([1, 2], "its shape is (2,)"),
        (range(10**12), "more than 100,000 values"),
        (np.broadcast_to(0, 10**9), "more than 100,000 values"),
        (print, "a function that was not called"),
    ],
)
def test_what_cannot_be_read_is_named_and_what_is_expected(said, answer, words):
    message = said("02-weights", answer)
    assert words in message
    assert message.endswith("Expected: one whole number.") or "NaN" in words


# ---- Large answers ------------------------------------------------------------------------------


def doubled(times):
    """A list of two lists of two lists ...: small to hold, endless to walk through."""
    answer = [0, 0]
    for _ in range(times):
        answer = [answer, answer]
    return answer


MANY = [0] * (3 * 10**6)
LARGE = {
    "list": MANY,
    "list of dots and more": [*MANY, ...],
    "tuple of lists": (MANY, MANY, MANY, MANY),
    "lists in lists": doubled(100),
    "rows": [[0] * 10**4] * 10**4,
    "list of arrays": [np.broadcast_to(0.0, 10**9)] * 4,
    "array": np.broadcast_to(0.0, (10**5, 10**5)),
    "range": range(10**15),
    "set": set(range(10**6)),
    "text": "abc," * 10**6,
    "words": ("a" * 10**7,) * 4,
}


@pytest.mark.parametrize(
    "name",
    [
        *("00-quiz", "01-quiz", "01-axes", "01-windows", "02-held-out", "02-weights"),
        *("03-baseline", "04-scale", "04-diagnose"),
    ],
)
@pytest.mark.parametrize("large", LARGE)
def test_a_large_answer_is_refused_at_once(said, name, large):
    start = time.process_time()
    assert said(name, LARGE[large]).startswith(f"✗ {name}: not yet. ")
    assert time.process_time() - start < 0.5


def test_only_so_many_values_are_read_as_can_be_meant(said):
    assert "its shape is (100000,)" in said("02-weights", [0] * 10**5)
    assert "its shape is (50000, 2)" in said("02-weights", [[0, 0]] * 50_000)
    assert "more than 100,000 values" in said("02-weights", [0] * (10**5 + 1))
    assert "more than 100,000 values" in said("02-weights", [[0, 0]] * 50_001)
    assert "more than 100,000 values" in said("02-weights", (range(10**5), 1))
    assert "a text of 1,001 characters" in said("01-quiz", "c" * 1001)
    assert "Questions: 4. Letters given: 1000." in said("01-quiz", "c" * 1000)


def test_what_is_shown_fits_on_the_line():
    assert shown(" a\nb\t c ") == "a b c"
    assert shown([1, "two"]) == "[1, 'two']"
    assert shown("x" * 80) == "x" * 80
    for value in ("x" * 81, MANY, doubled(100), dict.fromkeys(range(9), MANY), range(10**15)):
        assert len(shown(value)) <= 80
    assert shown("x" * 10**6) == "x" * 77 + "..."
    assert shown("\ud800") == "\\ud800"


def test_dots_are_found_however_deep_and_nowhere_else():
    assert to_come(...)
    assert to_come([1, (2, [...])])
    assert not to_come([1, {...}, np.array([1]), "..."])
