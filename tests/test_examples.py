"""The series and arrays that notebooks show and exercises ask about."""

from helpers import examples

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st


@given(count=st.integers(1, 300))
def test_the_squares_start_at_0_and_rise_by_the_odd_numbers(count):
    squares = examples.first_squares(count)
    assert squares.dtype == np.float64
    assert squares.shape == (count,)
    assert squares[0] == 0
    assert np.diff(squares).tolist() == [2 * k + 1 for k in range(count - 1)]


@pytest.mark.parametrize("count", [0, -1, 2.5, "three", None])
def test_the_number_of_squares_is_a_count(count):
    with pytest.raises((TypeError, ValueError), match="count"):
        examples.first_squares(count)


def test_the_recordings_count_up_along_time_then_sensors_then_samples():
    recorded = examples.recordings()
    assert recorded.shape == (4, 2, 5)
    samples, features, timesteps = np.indices(recorded.shape)
    assert np.array_equal(recorded, 10 * samples + 5 * features + timesteps)


def test_the_temperature_comes_again_every_day_between_10_and_20_degrees():
    hours = np.arange(48)
    temperature = examples.daily_temperature(hours)
    np.testing.assert_allclose(temperature[24:], temperature[:24])
    np.testing.assert_allclose(temperature[[0, 6, 12, 18]], [15, 20, 15, 10])
    np.testing.assert_allclose(examples.daily_temperature([6]), [20])


def test_what_lies_on_the_colleagues_wave_grows():
    series = examples.colleagues_series()
    assert series.shape == (120,)
    assert series[0] == 5  # at hour 0 neither wave nor noise
    extra = np.abs(series - 5 - 2 * np.sin(np.arange(120) / 3))
    assert (extra <= np.arange(120) / 30 + 1e-12).all()
    assert extra[90:].mean() > 2 * extra[:30].mean()


def test_each_call_gives_an_array_of_its_own():
    for make in (
        lambda: examples.first_squares(9),
        examples.recordings,
        examples.colleagues_series,
    ):
        make()[:] = -1
        assert make().max() > 0
