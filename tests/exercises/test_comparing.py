"""Comparing answers: how near is near enough, and what is said to a mistake that nobody foresaw."""

from helpers.data import sliding_windows
from helpers.examples import daily_temperature, first_squares
from helpers.exercises.answers import Off
from helpers.exercises.comparing import matches, same

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

X6, Y4 = sliding_windows(first_squares(20), 6, horizon=4)
DAY, _ = sliding_windows(daily_temperature(np.arange(48)), 24, horizon=6)


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("01-order", np.zeros((4, 5, 3)), "Expected the shape (4, 5, 2), that is (samples, time"),
        ("01-order", np.zeros((4, 5, 2)), "at samples 0, timesteps 0, features 1 is 0, too small"),
        ("01-windows", (X6 + 1, Y4), "66 of 66 values differ. The first one at samples 0, timest"),
        ("01-forecast", DAY[:10, -19, 0], "Expected the shape (19,), that is (sample), got (10,)"),
        ("02-step", (7, 0), "c: your 7 is too large."),
        ("02-weights", 4479, "Your 4479 is too small."),
        ("04-back", [160, 200, 221, 280], "1 of 4 values differ. The first one at prediction 2 "),
        ("00-windows", 3, "Your 3 is too small."),
        ("05-step", lambda v, m: v * m * 2, "The first one at sequence 0 is "),
    ],
)
def test_another_mistake_is_told_where_it_differs(said, name, answer, words):
    assert words in said(name, answer)


@pytest.mark.parametrize(
    ("name", "close", "off"),
    [
        ("02-ceiling", 3.002, 3.004),
        ("07-bias", 4.5995, 4.61),
        ("02-weights", 4480, 4481),
        ("00-windows", 6.0, 6.01),
        ("04-back", [160.1, 200, 220.1, 280], [160.5, 200, 220, 280]),
        ("02-hold", (9.3, -30), (9.1, -30)),
    ],
)
def test_a_thousandth_off_is_right_unless_whole_numbers_are_asked_for(said, name, close, off):
    assert said(name, close).startswith("✓ ")
    assert said(name, off).startswith("✗ ")


def hint_to(answer, **how):
    with pytest.raises(Off) as raised:
        matches(answer, 5, [("two hints fit", 1), ("also 1", 1), ("3 or 4", 3, [4])], **how)
    return str(raised.value)


def test_the_first_mistake_that_fits_gives_the_hint():
    assert hint_to(1) == "two hints fit"
    assert hint_to(3) == hint_to(4) == "3 or 4"


def test_any_other_answer_is_told_what_is_said_otherwise():
    assert hint_to(9) == "Your 9 is too large."
    assert hint_to(9, otherwise="think again") == "think again"
    assert hint_to(3, otherwise="think again") == "3 or 4"


def test_a_mistake_without_a_value_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="not enough values"):
        matches(1, 5, [("never given",)])


numbers = st.floats(-1e6, 1e6)


@given(values=hnp.arrays(float, hnp.array_shapes(max_side=4), elements=numbers))
def test_an_array_is_the_same_as_itself_and_not_as_a_shifted_one(values):
    assert same(values, values)
    assert same(values, values, exact=True)
    assert same(values.astype("float32"), values)
    assert not same(values + 0.01 * np.abs(values).max() + 1, values)


@given(values=hnp.arrays(float, (2, 3), elements=numbers), where=st.integers(0, 5))
def test_nan_equals_nothing(values, where):
    broken = values.copy()
    broken.flat[where] = np.nan
    assert not same(broken, values)
    assert not same(values, broken)
    assert not same(broken, broken)


def test_numbers_so_large_that_they_cancel_to_nan_are_not_right(said):
    huge = 1e300  # huge² − huge² is NaN: everywhere but at 0, where |x| is 0 as well
    first = [[huge, huge, -huge, -huge]], [0, 0, 0, 0]
    second = [[huge], [-huge], [huge], [-huge]], [0]
    assert said("03-absolute", (*first, *second)).startswith("✗ ")
