"""`helpers.inputs`: what came, what was expected, and for arrays the names of the axes."""

import re
from decimal import Decimal
from fractions import Fraction

from helpers import inputs

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

# ---- count: a whole number within bounds -------------------------------------------------------


@pytest.mark.parametrize("value", [5, np.int8(5), np.uint64(5)])
def test_count_takes_whole_numbers_of_python_and_numpy(value):
    result = inputs.count("timesteps", value)
    assert result == 5
    assert type(result) is int


@given(value=st.integers(), least=st.integers(), most=st.none() | st.integers())
def test_count_accepts_just_what_lies_within_its_bounds(value, least, most):
    if least <= value and (most is None or value <= most):
        assert inputs.count("n", value, least=least, most=most) == value
    else:
        with pytest.raises(ValueError, match=re.escape(f"got {value}")):
            inputs.count("n", value, least=least, most=most)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (2.5, "2.5 of type float"),
        (2.0, "2.0 of type float"),
        (True, "True of type bool"),
        (np.True_, "of type bool"),
        ("5", "'5' of type str"),
        (None, "None of type NoneType"),
        ([5], "[5] of type list"),
        (np.array([5]), "array([5]) of type ndarray"),
    ],
)
def test_count_says_what_came_instead_of_a_whole_number(value, shown):
    with pytest.raises(TypeError, match="timesteps must be a whole number, got ") as raised:
        inputs.count("timesteps", value)
    assert shown in str(raised.value)


def test_count_names_its_bounds():
    with pytest.raises(ValueError, match=r"^timesteps must be at least 1, got 0$"):
        inputs.count("timesteps", 0)
    with pytest.raises(ValueError, match=r"^digits must be from 1 to 4, got 5$"):
        inputs.count("digits", 5, most=4)


def test_a_long_value_is_cut_short_in_the_message():
    with pytest.raises(TypeError) as raised:
        inputs.count("timesteps", "x" * 1000)
    assert len(str(raised.value)) < 150
    assert "..." in str(raised.value)


# ---- number: one finite real number ------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [0.5, Fraction(1, 2), np.float16(0.5), np.float32(0.5), np.float64(0.5), np.array(0.5)],
)
def test_number_takes_every_kind_of_single_real_number(value):
    result = inputs.number("value", value)
    assert result == 0.5
    assert type(result) is float


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_changes_no_finite_number(value):
    assert inputs.number("value", value) == value


@pytest.mark.parametrize(
    "value",
    [
        None,
        "0.5",
        True,
        np.False_,
        1j,
        Decimal("0.5"),
        [0.5],
        np.array([0.5]),
        np.array("0.5"),
        np.array(True),
        np.array(None),
        np.array(1j),
        np.datetime64("2018"),
    ],
)
def test_number_refuses_what_is_not_a_single_real_number(value):
    with pytest.raises(TypeError, match=r"loss must be one number, got .* of type "):
        inputs.number("loss", value)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, np.float32("nan"), np.array(np.nan)])
def test_number_refuses_nan_and_infinity(value):
    with pytest.raises(ValueError, match=r"loss must be a finite number, got (nan|-?inf)"):
        inputs.number("loss", value)


# ---- array: numbers with named axes ------------------------------------------------------------

SERIES = [["time"], ["time", "features"]]


@pytest.mark.parametrize("value", [[1, 2], (1.0, 2.0), np.array([1, 2], "uint8"), range(2), [True]])
def test_array_takes_what_numpy_takes(value):
    result = inputs.array("series", value, axes=SERIES)
    assert isinstance(result, np.ndarray)
    assert result.tolist() == list(value)


def test_array_does_not_copy_or_convert():
    series = np.arange(3, dtype=np.float16)
    assert inputs.array("series", series, axes=SERIES) is series


@pytest.mark.parametrize(
    ("shape", "axes", "message"),
    [
        ((), SERIES, "must have the axes (time) or (time, features), got 0 axes: shape ()"),
        ((2, 3, 4), SERIES, "(time) or (time, features), got 3 axes: shape (2, 3, 4)"),
        ((2, 3), [["samples", "timesteps", "features"]], "(samples, timesteps, features), got 2"),
    ],
)
def test_array_names_the_axes_it_expected(shape, axes, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        inputs.array("series", np.zeros(shape), axes=axes)


def test_array_without_named_axes_needs_at_least_one():
    assert inputs.array("x", np.zeros((2, 3, 4, 5))).shape == (2, 3, 4, 5)
    with pytest.raises(ValueError, match=re.escape("x must have a first axis (samples)")):
        inputs.array("x", 3.0)


@pytest.mark.parametrize("value", [[], np.zeros((0, 2)), np.zeros((2, 0))])
def test_array_refuses_nothing(value):
    with pytest.raises(ValueError, match="series is empty: shape "):
        inputs.array("series", value, axes=SERIES)


@pytest.mark.parametrize(
    "value",
    ["1, 2", ["1", "2"], None, [None], {"a": 1}, [1j], [[1, 2], [3]], [np.datetime64(0, "D")]],
)
def test_array_refuses_what_is_not_numbers(value):
    with pytest.raises(TypeError, match="series must be an array of numbers"):
        inputs.array("series", value, axes=SERIES)


@given(
    shape=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    bad=st.sampled_from([np.nan, np.inf, -np.inf]),
    data=st.data(),
)
def test_array_says_where_the_first_nan_stands(shape, bad, data):
    places = st.tuples(*(st.integers(0, length - 1) for length in shape))
    where = data.draw(st.lists(places, min_size=1, unique=True))
    series = np.zeros(shape)
    for place in where:
        series[place] = bad
    with pytest.raises(ValueError, match=re.escape(f"first one at {list(min(where))}")):
        inputs.array("series", series, axes=SERIES)
