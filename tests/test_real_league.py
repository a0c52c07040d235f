"""`helpers.real_league`: which rows a contender sees, how they are shown, what is recorded."""

from functools import partial
from itertools import pairwise

from helpers import forecasting
from helpers import real_league as league
from helpers.real_league import playing

import keras
import numpy as np
import pytest

in_every_contest = pytest.mark.parametrize("contest", league.CONTESTS)


def rows_of_first_origin(contest):
    split = league.splits(league.CONTESTS[contest].series)[0]
    return league.rows(contest, split.train), split


@in_every_contest
def test_no_row_reaches_beyond_its_part(contest):
    played = league.CONTESTS[contest]
    numbers = np.arange(len(league.values(played.series)), dtype=float)
    for split in league.splits(played.series):
        for part in split:
            X, y = league.rows(contest, part)
            all_windows, all_targets = forecasting.windows(
                league.values(played.series), played.window, played.horizon
            )
            places = forecasting.windows(numbers, played.window, played.horizon)[1]
            inside = (places >= part.start).all(axis=1) & (places < part.stop).all(axis=1)
            np.testing.assert_array_equal(y, all_targets[inside].astype(np.float32))
            np.testing.assert_array_equal(X[:, :, 0], all_windows[inside].astype(np.float32))


def test_the_tests_of_the_origins_follow_each_other_and_end_the_series():
    for series, known in league.SERIES.items():
        splits = league.splits(series)
        assert len(splits) == league.ORIGINS
        assert splits[-1].test.stop == len(league.values(series))
        for earlier, later in pairwise(splits):
            assert earlier.test.stop == later.test.start
        assert all(part.test.stop - part.test.start == known.test for part in splits)


@pytest.mark.parametrize("view", ["raw", "z-scored", "seasonal differences", "relative"])
def test_a_view_that_answers_zero_forecasts_what_the_view_holds_for_likely(view):
    contest = f"CO2, {view}, 24"
    (X, y), _ = rows_of_first_origin(contest)
    model = league.network(contest, "MLP", X, y, 4, 0.01)
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dense):
            layer.set_weights([np.zeros_like(weights) for weights in layer.get_weights()])
    mean_change = (X[:, 12:] - X[:, :-12]).mean()
    expected = {
        "raw": np.zeros_like(y),
        "z-scored": np.full_like(y, X.mean()),
        "seasonal differences": X[:, -12] + mean_change,
        "relative": X[:, -1],
    }[view]
    np.testing.assert_allclose(model.predict(X, verbose=0), expected, rtol=1e-5)


@pytest.mark.parametrize("view", ["seasonal differences", "relative"])
def test_these_views_do_not_notice_that_the_whole_series_is_higher(view):
    contest = f"CO2, {view}, 24"
    (X, y), _ = rows_of_first_origin(contest)
    keras.utils.set_random_seed(0)
    model = league.network(contest, "GRU", X, y, 4, 0.01)
    difference = model.predict(X + 64, verbose=0) - model.predict(X, verbose=0)
    np.testing.assert_allclose(difference, 64, atol=1e-3)


def testlag_features_are_the_steps_values_with_the_newer_ones_first():
    seen = np.arange(24.0).reshape(2, 12, 1)
    with_lags = np.asarray(league.lag_features(keras.ops.convert_to_tensor(seen), 5))
    assert with_lags.shape == (2, 5, 8)
    np.testing.assert_array_equal(with_lags[0, 0], np.arange(7, -1, -1))
    np.testing.assert_array_equal(with_lags[0, -1], np.arange(11, 3, -1))


@pytest.mark.parametrize("series", league.SERIES)
def test_equal_history_is_what_the_three_rivals_of_the_companion_need(series):
    rivals = [c for c in league.CONTESTS.values()
              if c.series == series and c.window in (5, 12)]  # fmt: skip
    assert [(c.window, c.steps) for c in rivals] == [(5, None), (12, None), (12, 5)]
    for contest in rivals:
        assert all(league.plays(contest.name, name) for name in ("LSTM", "GRU"))


def test_formulas_see_what_is_known_at_each_row_and_nothing_after():
    contest = "CO2, relative, 24"
    values, split = league.values("CO2"), league.splits("CO2")[0]
    expected = forecasting.backtest(
        partial(forecasting.seasonal_naive, season=12), values[: split.test.stop], split.test.start
    )
    np.testing.assert_array_equal(playing._formula(contest, "seasonal naive", 0), expected)
    smoothed = playing._formula(contest, "exponential smoothing", 0)
    assert smoothed.shape == (60, 1)
    _, y = league.rows(contest, split.test)
    assert forecasting.rmse(y, smoothed) == pytest.approx(0.352, abs=0.002)


@pytest.mark.slow  # trains every width and rate
def test_a_network_plays_from_several_seeds_and_its_choice_is_kept(monkeypatch):
    contest = "CO2, relative, 5"
    quick = league.SERIES["CO2"]
    monkeypatch.setitem(league.SERIES, "CO2", league.Known(**{**vars(quick), "epochs": 2}))
    monkeypatch.setattr(playing, "RATES", (0.001, 0.01))
    monkeypatch.setitem(league.UNITS, "MLP", (3, 5))
    cell = league.play(contest, "MLP", 2)
    assert np.shape(cell["rmse"]) == np.shape(cell["mae"]) == (league.ORIGINS, 2)
    assert len(cell["validation"]) == 4
    best = min(cell["validation"], key=lambda key: np.median(cell["validation"][key]))
    assert best == f"{cell['units']} units, rate {cell['rate']}"
    assert cell["weights"] == 5 * cell["units"] + 2 * cell["units"] + 1
    trained, asked = playing._trained, []
    monkeypatch.setattr(playing, "_trained", lambda *a: asked.append(a[6]) or trained(*a))
    more = league.play(contest, "MLP", 3, before=cell)
    assert asked == [(2,)] * league.ORIGINS  # nothing a second time
    assert [errors[:2] for errors in more["rmse"]] == cell["rmse"]
    assert more["validation"] == cell["validation"]


@pytest.mark.slow  # trains
def test_what_was_tried_before_counts_on_when_more_is_on_offer(monkeypatch):
    contest = "CO2, relative, 5"
    quick = league.SERIES["CO2"]
    monkeypatch.setitem(league.SERIES, "CO2", league.Known(**{**vars(quick), "epochs": 1}))
    monkeypatch.setattr(playing, "RATES", (0.001, 0.01))
    monkeypatch.setitem(league.UNITS, "MLP", (3,))
    # As if the first two seeds had found the one rate perfect, which then stays the best.
    tried = {"3 units, rate 0.001": [0.0] * 5, "3 units, rate 0.01": [9.0, 9.0], "old": [0.0]}
    before = {"signature": league.signature(contest), "units": 3, "rate": 0.01,
              "rmse": [[7.0]] * 3, "mae": [[7.0]] * 3, "validation": tried}  # fmt: skip
    assert not league.chooses(before, "MLP")
    cell = league.play(contest, "MLP", 1, before=before)
    assert league.chooses(cell, "MLP")
    assert cell["validation"]["3 units, rate 0.01"][:2] == [9.0, 9.0]
    assert (cell["rate"], "old" in cell["validation"]) == (0.001, False)
    # These were trained at another rate, and are not those of the choice.
    assert all(errors != [7.0] for errors in cell["rmse"])


def test_who_does_not_play_is_refused():
    with pytest.raises(ValueError, match="'seasonal naive' does not play 'laser, z-scored, 20'"):
        league.play("laser, z-scored, 20", "seasonal naive", 1)
    with pytest.raises(ValueError, match="'CNN' does not play 'CO2, raw, 24'"):
        league.play("CO2, raw, 24", "CNN", 1)


# ---- The file -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded():
    return league.results()


def test_every_cell_is_recorded_with_the_present_definitions():
    import run_real_league

    state = run_real_league.read(league.FILE)
    old = [
        (contest, name)
        for contest in league.CONTESTS
        for name in league.NAMES
        if league.plays(contest, name) and not run_real_league.kept(state, contest, name)
    ]
    assert old == []  # fmt: skip


def test_networks_have_equally_many_seeds_at_each_origin(recorded):
    for (_, name), cell in recorded.cells.items():
        assert len(cell.rmse) == league.ORIGINS
        if name in league.NETWORKS:
            assert cell.rmse.shape == (league.ORIGINS, recorded.seeds)
            assert cell.weights > 0
        assert (cell.mae <= cell.rmse * 1.001).all()


@pytest.mark.parametrize("name", ["mean", "persistence", "mean seasonal change"])
def test_recorded_formulas_are_what_they_are(recorded, name):
    contest = "CO2, relative, 24"
    now = league.play(contest, name, 1)
    np.testing.assert_allclose(recorded[contest, name].rmse, now["rmse"], rtol=1e-3)


def test_mase_divides_by_what_the_seasonal_naive_forecast_is_off_by_in_training(recorded):
    contest, values = "CO2, relative, 24", league.values("CO2")
    split = league.splits("CO2")[1]
    scale = np.abs(values[12 : split.test.start] - values[: split.test.start - 12]).mean()
    cell = recorded[contest, "persistence"]
    assert recorded.mase(contest, "persistence")[1, 0] == pytest.approx(
        cell.mae[1, 0] / scale, rel=1e-3
    )


def test_a_missing_cell_is_named_with_the_command_that_computes_it(tmp_path):
    file = tmp_path / "league.json"
    text = league.FILE.read_text("utf-8").replace('"persistence"', '"echo"')
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"no CO2, relative, 24/persistence.*run_real_league\.py"):
        league.results(file)
    with pytest.raises(KeyError, match="no cell"):
        league.results(file, partial_too=True)["CO2, relative, 24", "persistence"]
