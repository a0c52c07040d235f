"""`helpers.data`: the article's arrays, to the number, and windows with their targets."""

import re

from helpers.data import RAMP_LAGS, ramp, sliding_windows

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

# ---- ramp: the article's X, X_simple and y -----------------------------------------------------


def test_ramp_is_the_articles_own_list_comprehension():
    """As printed in the article, with its names and its reshape."""
    seq_length = 5
    X = [[i + j for j in range(seq_length)] for i in range(100)]
    X_simple = [[i for i in range(4, 104)]]  # noqa: C416
    X = np.array(X).reshape(100, seq_length, 1)
    X_simple = np.array(X_simple).reshape(100, 1)
    y = [[i + (i - 1) * 0.5 + (i - 2) * 0.2 + (i - 3) * 0.1 for i in range(4, 104)]]
    y = np.array(y).reshape(100, 1)

    data = ramp()

    np.testing.assert_array_equal(data.X, X.astype(np.float32), strict=True)
    np.testing.assert_array_equal(data.X_simple, X_simple.astype(np.float32), strict=True)
    np.testing.assert_array_equal(data.y, y.astype(np.float32), strict=True)


def test_ramp_unpacks_as_X_X_simple_y():
    X, X_simple, y = ramp()
    assert (X.shape, X_simple.shape, y.shape) == ((100, 5, 1), (100, 1), (100, 1))
    assert X.dtype == X_simple.dtype == y.dtype == np.float32


def test_the_first_window_is_five_steps_0_to_4_with_target_6():
    X, X_simple, y = ramp()
    assert X[0].tolist() == [[0], [1], [2], [3], [4]]
    assert X_simple[0].tolist() == [4]
    assert y[0].tolist() == [6]


def test_the_target_is_a_straight_line_of_the_last_value():
    _, X_simple, y = ramp()
    np.testing.assert_allclose(y, 1.8 * X_simple - 1.2, rtol=1e-6)


def test_the_four_lags_of_the_ramp_span_only_two_directions():
    X, _, _ = ramp()
    assert np.linalg.matrix_rank(X[:, ::-1, 0][:, : len(RAMP_LAGS)]) == 2


@given(samples=st.integers(1, 60), timesteps=st.integers(4, 12))
def test_ramp_of_any_size_follows_the_same_rule(samples, timesteps):
    X, X_simple, y = ramp(samples, timesteps)
    assert (X.shape, X_simple.shape, y.shape) == (
        (samples, timesteps, 1),
        (samples, 1),
        (samples, 1),
    )
    for row in range(samples):
        i = row + timesteps - 1
        assert X[row, :, 0].tolist() == list(range(row, i + 1))
        assert X_simple[row] == i
        assert y[row] == np.float32(i + 0.5 * (i - 1) + 0.2 * (i - 2) + 0.1 * (i - 3))


def test_the_arrays_of_the_ramp_are_the_callers_own():
    first = ramp()
    for part in first:
        part[:] = -1
    np.testing.assert_array_equal(ramp().X_simple[:, 0], np.arange(4, 104))
    assert not np.shares_memory(first.X, first.X_simple)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"samples": 0}, ValueError, "samples must be at least 1, got 0"),
        ({"samples": -3}, ValueError, "samples must be at least 1, got -3"),
        ({"samples": 2.5}, TypeError, "samples must be a whole number, got 2.5"),
        ({"samples": True}, TypeError, "samples must be a whole number, got True"),
        ({"timesteps": 3}, ValueError, "timesteps must be at least 4, got 3"),
        ({"timesteps": "5"}, TypeError, "timesteps must be a whole number, got '5'"),
    ],
)
def test_ramp_refuses_impossible_sizes(arguments, error, message):
    with pytest.raises(error, match=message):
        ramp(**arguments)


# ---- sliding_windows: what it should be, in plain loops ----------------------------------------


def windows_by_definition(series, timesteps, target, horizon, stride):
    """Every window that has its target, one time and one feature after the other."""
    X, y = [], []
    for start in range(0, len(series), stride):
        last = start + timesteps - 1
        if last + horizon < len(series):
            X.append([list(series[time]) for time in range(start, last + 1)])
            y.append(list(target[last + horizon]))
    return X, y


@st.composite
def cuts(draw):
    """A series, a target and settings that leave at least one window."""
    times = draw(st.integers(1, 25))
    timesteps = draw(st.integers(1, times))
    dtype = draw(st.sampled_from(["float32", "float64", "int16", "int64", "uint8", "bool"]))

    def columns(most):
        shape = (times, draw(st.integers(1, most)))
        elements = st.floats(-1e3, 1e3, width=32) if "float" in dtype else None
        return draw(hnp.arrays(dtype, shape, elements=elements))

    return {
        "series": columns(3),
        "target": columns(2),
        "timesteps": timesteps,
        "horizon": draw(st.integers(0, times - timesteps)),
        "stride": draw(st.integers(1, times + 2)),
    }


@given(cuts())
def test_windows_and_targets_are_those_of_the_plain_loop(cut):
    expected_X, expected_y = windows_by_definition(**cut)
    X, y = sliding_windows(**cut)
    np.testing.assert_array_equal(X, np.array(expected_X, cut["series"].dtype), strict=True)
    np.testing.assert_array_equal(y, np.array(expected_y, cut["target"].dtype), strict=True)


@given(cuts())
def test_shapes_are_samples_timesteps_features_and_samples_outputs(cut):
    X, y = sliding_windows(**cut)
    times, features = cut["series"].shape
    samples = (times - cut["timesteps"] - cut["horizon"]) // cut["stride"] + 1
    assert X.shape == (samples, cut["timesteps"], features)
    assert y.shape == (samples, cut["target"].shape[1])


@given(cuts())
def test_by_default_the_target_is_the_series_itself(cut):
    cut["target"] = None
    _, y = sliding_windows(**cut)
    cut["target"] = cut["series"]
    np.testing.assert_array_equal(y, sliding_windows(**cut)[1], strict=True)


@given(cuts())
def test_a_series_of_one_axis_is_one_of_one_feature(cut):
    cut["series"], cut["target"] = cut["series"][:, :1], cut["target"][:, :1]
    X, y = sliding_windows(**cut)
    cut["series"], cut["target"] = cut["series"][:, 0], cut["target"][:, 0]
    X_flat, y_flat = sliding_windows(**cut)
    np.testing.assert_array_equal(X, X_flat, strict=True)
    np.testing.assert_array_equal(y, y_flat, strict=True)


@given(cuts())
def test_what_comes_back_is_a_copy(cut):
    series, target = cut["series"].copy(), cut["target"].copy()
    X, y = sliding_windows(**cut)
    for source in (cut["series"], cut["target"]):
        assert not np.shares_memory(X, source)
        assert not np.shares_memory(y, source)
    assert X.flags.writeable
    X[:], y[:] = 1, 1
    np.testing.assert_array_equal(cut["series"], series)
    np.testing.assert_array_equal(cut["target"], target)


def test_the_target_is_a_copy_when_it_is_the_series_itself():
    series = np.arange(6.0)
    X, y = sliding_windows(series, 3)
    y[:] = -1
    assert series.tolist() == [0, 1, 2, 3, 4, 5]
    assert X[:, -1, 0].tolist() == [2, 3, 4, 5]


def test_windows_with_a_target_of_the_same_time():
    X, y = sliding_windows([10, 20, 30, 40], 3)
    assert X[..., 0].tolist() == [[10, 20, 30], [20, 30, 40]]
    assert y[:, 0].tolist() == [30, 40]


def test_windows_with_a_forecast_target():
    X, y = sliding_windows([10, 20, 30, 40, 50], 3, horizon=1)
    assert X[..., 0].tolist() == [[10, 20, 30], [20, 30, 40]]
    assert y[:, 0].tolist() == [40, 50]


def test_a_window_as_long_as_the_series_is_the_series():
    X, y = sliding_windows([[1, 2], [3, 4]], 2)
    assert X.tolist() == [[[1, 2], [3, 4]]]
    assert y.tolist() == [[3, 4]]


# ---- the same windows by other means -----------------------------------------------------------


@given(cuts())
def test_numpys_sliding_window_view_has_the_same_windows_with_its_axes_swapped(cut):
    assume(cut["horizon"] == 0)
    view = np.lib.stride_tricks.sliding_window_view(cut["series"], cut["timesteps"], axis=0)
    X, _ = sliding_windows(**cut)
    np.testing.assert_array_equal(X, np.swapaxes(view, 1, 2)[:: cut["stride"]])


@settings(max_examples=15)
@given(cuts())
def test_keras_windows_agree_when_its_targets_start_at_the_first_windows_target(cut):
    """The rule: Keras pairs the window that STARTS at time i with `targets[i]`.

    The target belongs to the window's last time plus the horizon, so Keras must be handed
    `target[timesteps - 1 + horizon:]`; windows that have no target left are then dropped.
    """
    import keras

    timesteps, horizon, stride = cut["timesteps"], cut["horizon"], cut["stride"]
    assume(stride < len(cut["series"]))  # Keras refuses a longer one
    dataset = keras.utils.timeseries_dataset_from_array(
        cut["series"],
        targets=cut["target"][timesteps - 1 + horizon :],
        sequence_length=timesteps,
        sequence_stride=stride,
        batch_size=1000,
    )
    ((keras_X, keras_y),) = dataset.as_numpy_iterator()
    X, y = sliding_windows(**cut)
    np.testing.assert_array_equal(X, keras_X, strict=True)
    np.testing.assert_array_equal(y, keras_y, strict=True)


def test_keras_handed_the_unshifted_target_gives_each_window_the_target_of_its_first_time():
    import keras

    series = np.arange(10.0)
    dataset = keras.utils.timeseries_dataset_from_array(series, series, sequence_length=3)
    ((X, y),) = dataset.as_numpy_iterator()
    np.testing.assert_array_equal(y, X[:, 0])


def test_the_ramp_is_cut_by_the_same_rule():
    X, X_simple, y = ramp()
    times = np.arange(104.0)
    target = sum(weight * (times - back) for back, weight in enumerate(RAMP_LAGS))
    windows, targets = sliding_windows(times, 5, target=target)
    np.testing.assert_array_equal(windows, X)
    np.testing.assert_array_equal(windows[:, -1], X_simple)
    np.testing.assert_array_equal(targets.astype(np.float32), y)


# ---- what it refuses ---------------------------------------------------------------------------

SERIES = np.arange(10.0)


@pytest.mark.parametrize("name", ["series", "target"])
@pytest.mark.parametrize(
    ("bad", "error", "message"),
    [
        (3.0, ValueError, "must have the axes (time) or (time, {columns}), got 0 axes: shape ()"),
        (
            np.zeros((10, 5, 1)),
            ValueError,
            "must have the axes (time) or (time, {columns}), got 3 axes: shape (10, 5, 1)",
        ),
        ([], ValueError, "is empty: shape (0,)"),
        (np.zeros((10, 0)), ValueError, "is empty: shape (10, 0)"),
        (
            [*range(9), np.nan],
            ValueError,
            "holds a value that is NaN or infinite, the first one at [9]",
        ),
        (
            [np.inf, *range(9)],
            ValueError,
            "holds a value that is NaN or infinite, the first one at [0]",
        ),
        ("0123456789", TypeError, "must be an array of numbers, got '0123456789'"),
        (["a"] * 10, TypeError, "must be an array of numbers, got ['a', 'a'"),
        ([[1, 2], [3]], TypeError, "must be an array of numbers"),
    ],
)
def test_bad_arrays_are_named_with_what_came_and_what_was_expected(name, bad, error, message):
    arrays = {"series": SERIES, "target": SERIES, name: bad}
    columns = {"series": "features", "target": "outputs"}[name]
    with pytest.raises(error, match=re.escape(f"{name} {message.format(columns=columns)}")):
        sliding_windows(timesteps=3, **arrays)


def test_a_series_must_be_given():
    with pytest.raises(TypeError, match="series must be an array of numbers, got None"):
        sliding_windows(None, 3)


@pytest.mark.parametrize("length", [9, 11])
def test_series_and_target_cover_the_same_times(length):
    message = f"series and target must cover the same times, got 10 and {length}"
    with pytest.raises(ValueError, match=message):
        sliding_windows(SERIES, 3, target=np.zeros(length))


@pytest.mark.parametrize(("timesteps", "horizon"), [(11, 0), (10, 1), (3, 8)])
def test_the_series_must_hold_a_window_and_its_target(timesteps, horizon):
    message = f"at most the length of the series, got {timesteps} + {horizon} for 10 times"
    with pytest.raises(ValueError, match=re.escape(message)):
        sliding_windows(SERIES, timesteps, horizon=horizon)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"timesteps": 0}, ValueError, "timesteps must be at least 1, got 0"),
        ({"timesteps": -2}, ValueError, "timesteps must be at least 1, got -2"),
        ({"timesteps": 2.5}, TypeError, "timesteps must be a whole number, got 2.5 of type float"),
        ({"timesteps": True}, TypeError, "timesteps must be a whole number, got True of type bool"),
        ({"timesteps": None}, TypeError, "timesteps must be a whole number, got None"),
        ({"horizon": -1}, ValueError, "horizon must be at least 0, got -1"),
        ({"horizon": 0.5}, TypeError, "horizon must be a whole number, got 0.5"),
        ({"horizon": False}, TypeError, "horizon must be a whole number, got False"),
        ({"stride": 0}, ValueError, "stride must be at least 1, got 0"),
        ({"stride": -1}, ValueError, "stride must be at least 1, got -1"),
        ({"stride": 1.0}, TypeError, "stride must be a whole number, got 1.0"),
        ({"stride": True}, TypeError, "stride must be a whole number, got True"),
    ],
)
def test_counts_are_whole_numbers_in_bounds(arguments, error, message):
    with pytest.raises(error, match=message):
        sliding_windows(SERIES, **{"timesteps": 3, **arguments})
