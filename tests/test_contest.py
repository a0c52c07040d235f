"""`helpers.contest`: who sees what when, and what is forecast behind the end."""

from __future__ import annotations

import itertools
from dataclasses import replace

from helpers import contest, forecasting
from helpers.contest import models
from helpers.contest.candidates import with_line

import keras
import numpy as np
import pandas as pd
import pytest

# ---- The plan ------------------------------------------------------------------------------------

MANY = pytest.mark.parametrize(
    ("n", "horizon", "season"),
    [(200, 1, None), (300, 12, 12), (672, 12, 12), (10_093, 1, None), (2000, 24, 168), (150, 2, 4)],
)


@MANY
def test_no_value_is_forecast_both_in_training_and_later(n, horizon, season):
    layout = contest.plan(n, horizon, season)
    for split in layout.splits:
        for before, after in itertools.pairwise(split):
            assert before.stop + horizon - 1 <= after.start


@MANY
def test_the_tests_follow_each_other_and_the_last_ends_with_the_series(n, horizon, season):
    layout = contest.plan(n, horizon, season)
    assert len(layout.splits) == contest.ORIGINS
    for earlier, later in itertools.pairwise(layout.splits):
        assert earlier.test.stop == later.test.start
    assert layout.splits[-1].test.stop == n - layout.longest - horizon + 1


@MANY
def test_what_is_chosen_by_lies_before_every_test(n, horizon, season):
    layout = contest.plan(n, horizon, season)
    first = layout.splits[0]
    assert first.validation.stop + horizon - 1 <= min(s.test.start for s in layout.splits)


@MANY
def test_each_origin_trains_on_equally_many_rows_and_not_on_more_than_the_limit(n, horizon, season):
    layout = contest.plan(n, horizon, season)
    (trained,) = {split.train.stop - split.train.start for split in layout.splits}
    assert 3 * layout.longest <= trained <= contest.MOST_TRAINED
    assert all(split.train.start >= 0 for split in layout.splits)


@pytest.mark.parametrize(
    ("season", "lengths"),
    [
        (None, (16, 32)),
        (12, (12, 24)),
        (7, (7, 14)),
        (24, (12, 24)),
        (4, (8, 16)),
        (168, (12, 24)),
    ],
)
def test_the_longest_window_holds_whole_seasons_where_one_fits(season, lengths):
    assert contest.plan(3000, 1, season).lengths == lengths


def test_a_short_series_gets_short_windows():
    assert contest.plan(100, 1, 12).longest < contest.plan(3000, 1, 12).longest


@pytest.mark.parametrize(("horizon", "season"), [(1, None), (12, 12), (24, 168)])
def test_a_series_that_is_too_short_is_told_how_long_it_must_be(horizon, season):
    with pytest.raises(
        ValueError, match=rf"has 40 values.*horizon={horizon}.*at least \d+"
    ) as said:
        contest.plan(40, horizon, season)
    least = int(str(said.value).split("at least ")[1].split(",")[0])
    contest.plan(least, horizon, season)
    with pytest.raises(ValueError, match="too few"):
        contest.plan(least - 1, horizon, season)


@pytest.mark.parametrize("season", [0, 1, 2.5, "year", 8760])
def test_a_season_that_is_none_is_refused(season):
    with pytest.raises((TypeError, ValueError), match="season"):
        contest.plan(1000, 1, season)


# ---- Views and the line --------------------------------------------------------------------------


@pytest.mark.parametrize("name", models.VIEWS)
def test_a_forecast_comes_back_in_the_unit_it_was_shown_from(name):
    X, y = forecasting.windows(300 + np.cumsum(np.random.default_rng(0).normal(size=200)), 12, 3)
    view = models.View(name, X[:100], y[:100])
    inputs, targets = view.rows(X[100:], y[100:])
    assert inputs.shape == (*X[100:].shape, 1)
    np.testing.assert_allclose(view.back(targets, X[100:]), y[100:])


def test_relative_to_its_newest_value_a_window_does_not_tell_its_level():
    X, y = forecasting.windows(np.sin(np.arange(100.0)), 8, 1)
    view = models.View("relative", X, y)
    np.testing.assert_allclose(view.windows(X + 1000), view.windows(X), atol=1e-9)
    assert not np.allclose(*(models.View("z-scored", X, y).windows(X + up) for up in (0, 1000)))


def test_the_line_finds_a_rule_that_is_linear():
    X, y = forecasting.windows(1000 + 2.5 * np.arange(60.0), 4, 2)
    np.testing.assert_allclose(models.line(X[:30], y[:30])(X[30:]), y[30:])


# ---- A whole contest, with networks that learn next to nothing -----------------------------------

MONTHS = pd.date_range("2001-01-01", periods=260, freq="MS")


@pytest.fixture(scope="module")
def series():
    t, luck = np.arange(260), np.random.default_rng(1)
    values = 50 + 0.1 * t + 5 * np.sin(2 * np.pi * t / 12) + luck.normal(size=260)
    return pd.Series(values, index=MONTHS, name="sales")


@pytest.fixture(scope="module")
def played(series):
    def tiny():
        return [keras.layers.Flatten(), keras.layers.Dense(2)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "UPDATES", 4)
        patch.setattr(models, "NETWORKS", dict.fromkeys(contest.NETWORKS, tiny))
        patch.setenv("COURSE_PROGRESS", "0")
        yield contest.compare(series, 3, 12, seeds=(0, 1))


def test_every_model_forecasts_the_same_rows(played):
    for candidate in [*played.candidates.values(), *played.changed.values()]:
        assert len(candidate.predicted) == contest.ORIGINS
        for predicted, truth in zip(candidate.predicted, played.truth, strict=True):
            assert predicted.shape[1:] == truth.shape


def test_formulas_stand_first_and_networks_last(played):
    assert list(played.finalists) == [*contest.FORMULAS, "linear", *contest.NETWORKS]


def test_the_truth_is_what_followed(played, series):
    np.testing.assert_allclose(np.unique(played.truth[-1])[-1], series.iloc[-40:].max())
    np.testing.assert_allclose(played.truth[-1][-1], series.iloc[-3:])


def test_a_network_has_all_seeds_with_the_window_that_validation_chose_and_one_with_others(played):
    for name in contest.NETWORKS:
        by_window = [played.candidates[name, window] for window in played.plan.lengths]
        best = min(by_window, key=lambda candidate: candidate.chosen)
        assert played.finalists[name] is best
        seeds = [len(candidate.predicted[0]) for candidate in by_window]
        assert sorted(seeds) == [1, 2]
        assert len(best.predicted[0]) == 2


def test_errors_are_in_units_of_the_naive_forecast_of_what_is_trained_on(played, series):
    persistence = played.finalists["persistence"]
    first = played.plan.splits[0]
    known = first.test.start + played.plan.longest
    held = series.to_numpy()[known - 1 : known - 1 + len(played.truth[0])]
    trained = series.to_numpy()[: first.train.stop + played.plan.longest + 2]
    expected = forecasting.mase(
        played.truth[0], np.repeat(held[:, None], 3, axis=1), trained[first.train.start :], 12
    )
    assert played.mase(persistence)[0, 0] == pytest.approx(expected)


def test_a_line_sees_nothing_that_came_later(played, series):
    """The forecasts of the first origin stay when the years behind it become nonsense."""
    end = played.plan.splits[0].test.stop + played.plan.longest + 2
    other = series.to_numpy().copy()
    other[end:] = 1e6
    X, y = forecasting.windows(other, played.plan.longest, 3)
    again = with_line(X, y, played.plan)
    before = played.candidates["linear", played.plan.longest]
    np.testing.assert_allclose(again.predicted[0], before.predicted[0])


@pytest.mark.parametrize("name", ["seasonal naive", "linear", "GRU"])
def test_what_comes_next_has_times_and_an_interval(played, series, name):
    ahead = contest.forecast(played, played.finalists[name])
    assert list(ahead.index) == list(pd.date_range("2022-09-01", periods=3, freq="MS"))
    assert (ahead["low"] < ahead["forecast"]).all()
    assert (ahead["forecast"] < ahead["high"]).all()
    if name == "seasonal naive":
        np.testing.assert_allclose(ahead["forecast"], series.iloc[-12:-9])


def test_the_interval_held_as_many_of_the_test_rows_as_it_says(played):
    candidate = played.finalists["mean seasonal change"]
    ahead = contest.forecast(played, candidate)
    half = (ahead["high"] - ahead["forecast"]).to_numpy()
    pairs = zip(candidate.predicted, played.truth, strict=True)
    off = np.abs(np.concatenate([y - p[0] for p, y in pairs]))
    assert (off <= half).mean(axis=0).min() >= 0.9
    assert (off < half).mean(axis=0).max() < 0.93


def test_without_dates_the_times_count_on(played, series):
    plain = series.reset_index(drop=True)
    ahead = contest.forecast(replace(played, series=plain), played.finalists["persistence"])
    assert list(ahead.index) == [260, 261, 262]


def test_a_series_that_repeats_itself_is_refused():
    with pytest.raises(ValueError, match="repeat themselves every 12"):
        contest.compare(np.tile(np.arange(12.0), 30), 1, 12)


def test_a_value_that_is_missing_is_refused():
    with pytest.raises(ValueError, match="series holds a value that is NaN"):
        contest.compare(np.r_[np.arange(300.0), np.nan])
