"""`helpers.forecasting`: windows, splits by time, baselines, errors and the interval."""

import re
from functools import partial
from pathlib import Path

from helpers.forecasting import (
    backtest,
    conformal_halfwidth,
    exponential_smoothing,
    linear_window,
    mae,
    mase,
    mean,
    mean_seasonal_change,
    persistence,
    rmse,
    rolling_origins,
    seasonal_naive,
    seasonal_naive_with_drift,
    split,
    windows,
)
from helpers.series import read_series

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

DATA = Path(__file__).parents[1] / "notebooks" / "data"
COUNT = np.arange(10.0)
SEASONAL = [mean_seasonal_change, seasonal_naive, seasonal_naive_with_drift]
BASELINES = [mean, persistence, *(partial(each, season=3) for each in SEASONAL)]
VALUES = st.floats(-1e3, 1e3)


def series(least, most=60):
    return hnp.arrays(np.float64, st.integers(least, most), elements=VALUES)


# ---- Windows and splits -------------------------------------------------------------------------


def test_windows_and_the_values_that_follow_them():
    X, y = windows(COUNT[:6], 3, 2)
    assert X.tolist() == [[0, 1, 2], [1, 2, 3]]
    assert y.tolist() == [[3, 4], [4, 5]]


def test_one_step_ahead_has_two_axes_as_well():
    X, y = windows(COUNT, 4)
    assert (X.shape, y.shape) == ((6, 4), (6, 1))


@given(series(2), st.integers(1, 30), st.integers(1, 30))
def test_window_and_what_follows_are_a_stretch_of_the_series(values, window, horizon):
    assume(window + horizon <= len(values))
    X, y = windows(values, window, horizon)
    assert len(X) == len(values) - window - horizon + 1
    for row, stretch in enumerate(np.hstack([X, y])):
        np.testing.assert_array_equal(stretch, values[row : row + window + horizon])


def test_a_series_too_short_for_a_window_is_refused():
    with pytest.raises(ValueError, match=re.escape("got 8 + 3 for 10 values")):
        windows(COUNT, 8, 3)


def test_a_split_takes_shares_or_numbers_of_rows():
    assert split(100, validation=0.15, test=0.3) == split(100, validation=15, test=30)
    assert split(100, validation=15, test=30) == (slice(0, 55), slice(55, 70), slice(70, 100))


@given(*[st.integers(1, 50)] * 3, st.integers(0, 5))
def test_a_split_is_in_order_of_time_and_leaves_out_nothing_but_the_gaps(rest, held, test, gap):
    n = rest + held + test + 2 * gap
    parts = split(n, validation=held, test=test, gap=gap)
    rows = [range(n)[part] for part in parts]
    assert [len(part) for part in rows] == [rest, held, test]
    assert (rows[0].start, rows[2].stop) == (0, n)
    assert rows[1].start - rows[0].stop == rows[2].start - rows[1].stop == gap


def test_a_gap_of_horizon_minus_1_keeps_each_value_on_one_side():
    horizon = 4
    _, y = windows(np.arange(60), 5, horizon)
    train, validation, test = split(len(y), validation=10, test=10, gap=horizon - 1)
    assert y[train].max() < y[validation].min()
    assert y[validation].max() < y[test].min()
    # One row less would not do.
    train, validation, _ = split(len(y), validation=10, test=10, gap=horizon - 2)
    assert y[train].max() == y[validation].min()


def test_origins_roll_through_the_end_of_the_series_and_training_grows():
    early, middle, late = rolling_origins(100, 3, validation=10, test=20)
    assert [part.test for part in (early, middle, late)] == [
        slice(40, 60),
        slice(60, 80),
        slice(80, 100),
    ]
    assert [part.train.stop for part in (early, middle, late)] == [30, 50, 70]
    assert late == split(100, validation=10, test=20)


def test_shares_of_an_origin_are_of_all_rows():
    assert rolling_origins(100, validation=0.1, test=0.2) == rolling_origins(
        100, validation=10, test=20
    )


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"validation": 50, "test": 50}, ValueError, "no row is left to train on: 100 rows"),
        ({"validation": 40, "test": 50, "gap": 5}, ValueError, "two gaps of 5"),
        ({"validation": 1.5, "test": 1}, ValueError, "a share between 0 and 1, got 1.5"),
        ({"validation": 1, "test": 0.001}, ValueError, "test=0.001 of 100 rows is no row"),
        ({"validation": 0, "test": 1}, ValueError, "validation must be at least 1, got 0"),
        ({"validation": "a", "test": 1}, TypeError, "validation must be a whole number"),
        ({"validation": 1, "test": 1, "gap": -1}, ValueError, "gap must be at least 0, got -1"),
    ],
)
def test_an_impossible_split_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        split(100, **arguments)


def test_origins_that_the_rows_do_not_hold_are_refused():
    with pytest.raises(ValueError, match="6 tests of 20 rows need more than the 100 rows"):
        rolling_origins(100, 6, validation=1, test=20)
    with pytest.raises(ValueError, match="no row is left to train on"):
        rolling_origins(100, 4, validation=20, test=20)


# ---- Baselines ----------------------------------------------------------------------------------


def test_the_mean_and_the_last_value():
    assert mean([1, 2, 6], 2).tolist() == [3, 3]
    assert persistence([1, 2, 6], 2).tolist() == [6, 6]


def test_the_seasonal_naive_forecast_repeats_the_last_season():
    assert seasonal_naive([0, 0, 0, 1, 2, 3], 5, season=3).tolist() == [1, 2, 3, 1, 2]


def test_drift_adds_the_change_of_a_season_for_each_season_ahead():
    forecast = seasonal_naive_with_drift([1, 2, 3, 11, 12, 13], 4, season=3)
    assert forecast.tolist() == [21, 22, 23, 31]


def test_the_mean_change_is_that_of_the_step_to_come_over_the_last_seasons():
    # Steps of +1, +5 before; of +3, +7 and then +5, +9 in the two seasons that count.
    history = np.cumsum([0, 1, 5, 3, 7, 5, 9])
    forecast = mean_seasonal_change(history, 3, season=2, seasons=2)
    assert (forecast - history[-1]).tolist() == [4, 12, 16]


@given(st.integers(1, 6), st.integers(1, 20), VALUES, st.data())
def test_a_trend_with_a_season_is_forecast_without_error(season, horizon, slope, data):
    pattern = data.draw(hnp.arrays(np.float64, season, elements=VALUES))
    times = np.arange(12 * season + horizon)
    values = slope * times + pattern[times % season]
    history, future = values[:-horizon], values[-horizon:]
    for baseline in (seasonal_naive_with_drift, mean_seasonal_change):
        np.testing.assert_allclose(baseline(history, horizon, season=season), future, atol=1e-6)


@given(series(2), st.integers(1, 10))
def test_with_a_season_of_one_value_the_seasonal_forecast_is_persistence(history, horizon):
    np.testing.assert_array_equal(
        seasonal_naive(history, horizon, season=1), persistence(history, horizon)
    )


@pytest.mark.parametrize("baseline", BASELINES)
@given(history=series(31), horizon=st.integers(1, 10), level=VALUES)
def test_a_series_moved_up_is_forecast_higher_by_as_much(baseline, history, horizon, level):
    np.testing.assert_allclose(
        baseline(history + level, horizon), baseline(history, horizon) + level, atol=1e-6
    )


@pytest.mark.parametrize("baseline", BASELINES)
def test_a_forecast_sees_nothing_of_what_comes_later(baseline):
    values = np.random.default_rng(0).normal(size=60)
    changed = values.copy()
    changed[50:] += 100
    before, after = (backtest(baseline, each, 40, 3) for each in (values, changed))
    assert before.shape == (18, 3)
    # Row 10 is the forecast of the values 50, 51 and 52, from those before.
    np.testing.assert_array_equal(before[:11], after[:11])
    assert (before[11] != after[11]).any()


def test_a_backtest_has_the_rows_of_the_windows_that_end_where_it_begins():
    values, window, horizon, first = np.arange(30.0) ** 2, 6, 3, 20
    _, y = windows(values[first - window :], window, horizon)
    last = backtest(persistence, values, first, horizon)
    assert last.shape == y.shape
    np.testing.assert_array_equal(last[:, 0], values[first - 1 : -horizon])
    np.testing.assert_array_equal(y[:, 0], values[first : len(values) - horizon + 1])


@pytest.mark.parametrize(
    ("baseline", "length"),
    [(seasonal_naive, 11), (seasonal_naive_with_drift, 12), (mean_seasonal_change, 120)],
)
def test_a_history_too_short_for_the_season_is_refused(baseline, length):
    with pytest.raises(ValueError, match=f"history must hold at least {length + 1} values"):
        baseline(np.arange(length), season=12)
    assert baseline(np.arange(length + 1), season=12).shape == (1,)


@pytest.mark.parametrize("baseline", BASELINES)
def test_bad_histories_and_horizons_are_named(baseline):
    with pytest.raises(ValueError, match="history holds a value that is NaN"):
        baseline([*COUNT, np.nan], 1)
    with pytest.raises(ValueError, match="horizon must be at least 1, got 0"):
        baseline(np.arange(40), 0)


# The first 70 % of the months from May 1964 are known at first; the others are forecast one by one.
@pytest.mark.parametrize(
    ("baseline", "expected"),
    [
        (persistence, 1.36),
        (partial(seasonal_naive, season=12), 2.34),
        (partial(seasonal_naive_with_drift, season=12), 0.92),
        (partial(mean_seasonal_change, season=12), 0.374),
    ],
)
def test_on_co2_the_baselines_err_by_this_one_month_ahead(baseline, expected):
    values = read_series(DATA / "co2-concentration.csv", "CO2", start="1964-05").to_numpy()
    first = round(0.7 * len(values))
    error = rmse(values[first:, None], backtest(baseline, values, first))
    assert error == pytest.approx(expected, abs=0.5 * 10 ** -len(f"{expected}".split(".")[1]))


# ---- Errors and the interval --------------------------------------------------------------------


def test_the_errors_by_hand():
    assert mae([0, 0], [3, -4]) == 3.5
    assert rmse([0, 0], [3, -4]) == pytest.approx(12.5**0.5)
    assert mase([0, 0], [3, -4], train=[0, 2, 0, 2]) == 3.5 / 2
    assert mase([0, 0], [3, -4], train=[0, 1, 5, 6], season=2) == 3.5 / 5


@given(series(3), st.integers(1, 2))
def test_mase_of_the_naive_forecast_in_training_is_1(train, season):
    assume(np.abs(train[season:] - train[:-season]).mean() > 1e-6)
    assert mase(train[season:], train[:-season], train, season) == pytest.approx(1)


@given(series(3), st.sampled_from([0.01, 2.0, 1000.0]))
def test_mase_does_not_change_with_the_unit(train, factor):
    assume(np.abs(np.diff(train)).mean() > 1e-6)
    y, predicted = train[:2], train[1:3]
    scaled = mase(factor * y, factor * predicted, factor * train)
    assert scaled == pytest.approx(mase(y, predicted, train))


@pytest.mark.parametrize("error", [mae, rmse, partial(mase, train=COUNT)])
def test_errors_stretch_nothing(error):
    message = re.escape("y and predicted must have one shape, got (3,) and (3, 1)")
    with pytest.raises(ValueError, match=message):
        error(np.zeros(3), np.zeros((3, 1)))


def test_unsigned_whole_numbers_do_not_run_over():
    assert mae(np.array([0], np.uint8), np.array([255], np.uint8)) == 255


def test_mase_without_a_scale_is_refused():
    with pytest.raises(ValueError, match="train repeats itself every 2 values"):
        mase([1], [2], train=[1, 2, 1, 2], season=2)
    with pytest.raises(ValueError, match="train must hold at least 13 values for a season of 12"):
        mase([1], [2], train=COUNT, season=12)


@pytest.mark.parametrize(
    ("n", "coverage", "rank"), [(9, 0.9, 9), (10, 0.9, 10), (99, 0.9, 90), (99, 0.07, 7)]
)
def test_the_halfwidth_is_the_residual_of_the_rank_for_few_samples(n, coverage, rank):
    residuals = np.arange(1.0, n + 1) * (-1) ** np.arange(n)
    assert conformal_halfwidth(residuals[::-1], coverage) == rank


def test_the_interval_covers_what_it_says_when_errors_are_exchangeable():
    errors = np.random.default_rng(0).standard_t(3, size=(4000, 20))
    widths = [conformal_halfwidth(row[:-1], 0.9) for row in errors]
    covered = np.mean(np.abs(errors[:, -1]) <= widths)
    # 18 of 20 in expectation; three standard errors of 4000 draws are 0.014.
    assert covered == pytest.approx(0.9, abs=0.015)


@given(series(9), st.floats(0.05, 0.9), st.floats(0.05, 0.9))
def test_more_coverage_is_never_narrower(residuals, one, other):
    less, more = sorted([one, other])
    assert conformal_halfwidth(residuals, less) <= conformal_halfwidth(residuals, more)


def test_too_few_residuals_for_the_coverage_are_refused():
    with pytest.raises(ValueError, match=r"at least 9 for a coverage of 0\.9, got 8"):
        conformal_halfwidth(np.arange(8))
    with pytest.raises(ValueError, match=r"at least 19 for a coverage of 0\.95, got 18"):
        conformal_halfwidth(np.arange(18), 0.95)


@pytest.mark.parametrize("coverage", [0, 1, 90])
def test_a_coverage_is_a_share(coverage):
    with pytest.raises(ValueError, match="coverage must be above 0 and below 1"):
        conformal_halfwidth(COUNT, coverage)


def test_a_linear_window_finds_the_weights_and_the_bias_for_each_step_ahead():
    generator = np.random.default_rng(0)
    X, X_asked = generator.normal(size=(50, 4)), generator.normal(size=(7, 4))
    weights = np.array([[1.0, 0], [0, -2], [0.5, 0], [3, 1]])  # (window, horizon)
    found = linear_window(X, X @ weights + [5, -1], X_asked)
    assert found.shape == (7, 2)
    np.testing.assert_allclose(found, X_asked @ weights + [5, -1])


def test_windows_of_another_length_are_refused():
    with pytest.raises(
        ValueError, match=r"the same window, got X \(9, 4\), y \(9, 1\), X_asked \(3, 5\)"
    ):
        linear_window(np.zeros((9, 4)), np.zeros((9, 1)), np.zeros((3, 5)))
    with pytest.raises(ValueError, match="X must"):
        linear_window(np.zeros((9, 4, 1)), np.zeros((9, 1)), np.zeros((3, 4)))


# Exponential smoothing ----------------------------------------------------------------------------


@pytest.mark.parametrize("season", [None, 4, 12])
def test_exponential_smoothing_forecasts_what_statsmodels_does_from_each_time(season):
    t, luck = np.arange(80.0), np.random.default_rng(0)
    values = 20 + 0.3 * t + 3 * np.sin(2 * np.pi * t / (season or 7)) + luck.normal(size=80)
    got = exponential_smoothing(values, 60, 15, season=season)
    assert got.shape == (21, 15)
    how = {"seasonal": "add", "seasonal_periods": season} if season else {}
    build = partial(ETSModel, trend="add", initialization_method="heuristic", **how)
    found = build(values[:60]).fit(disp=False).params
    for row, known in ((0, 60), (7, 67), (20, 80)):
        expected = build(values[:known]).smooth(found).forecast(15)
        np.testing.assert_allclose(got[row], expected, rtol=1e-6)


def test_exponential_smoothing_sees_nothing_that_comes_later():
    values = np.random.default_rng(1).normal(size=60).cumsum()
    other = values.copy()
    other[41:] = 1e6
    for season in (None, 6):
        both = [exponential_smoothing(v, 40, 3, season=season) for v in (values, other)]
        np.testing.assert_array_equal(both[0][:2], both[1][:2])


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"first": 9}, "first must be from 10 to 60, got 9"),
        ({"first": 20, "season": 12}, "first must be from 24 to 60, got 20"),
        ({"first": 61}, "first must be from 10 to 60, got 61"),
        ({"first": 30, "season": 1}, "season must be at least 2, got 1"),
    ],
)
def test_exponential_smoothing_names_what_is_wrong(how, message):
    with pytest.raises(ValueError, match=message):
        exponential_smoothing(np.arange(60.0), **how)
