"""What a contest says of six series: two measured, one with gaps, three whose answer is known.

Each takes minutes, so one seed has to do for the series that are made up.
"""

from __future__ import annotations

from pathlib import Path

from helpers import contest, verdict
from helpers.series import read_series

import numpy as np
import pytest

pytestmark = pytest.mark.slow

DATA = Path(__file__).resolve().parents[1] / "notebooks" / "data"
WITHOUT_NETWORK = (*contest.FORMULAS, "linear")


def judged(series, horizon=1, season=None):
    run = contest.compare(series, horizon, season)
    print(verdict.scores(run).data, verdict.answers(run).data, verdict.sentence(run).data, sep="\n")
    return run


def white_noise(seed):
    """Nothing in its past tells what comes: the mean is the best forecast there is."""
    return np.random.default_rng(seed).normal(10, 2, size=800)


def season_with_trend(seed):
    """A line, a sine of 12 steps and noise: what lies ahead is a weighted sum of what was."""
    t = np.arange(480)
    noise = np.random.default_rng(seed).normal(scale=0.8, size=len(t))
    return 100 + 0.05 * t + 4 * np.sin(2 * np.pi * t / 12) + noise


def counted(seed, values=6500):
    """Marks among quiet steps; now and then a call, and then the number of marks since the last.

    Quiet steps are 0 and marks 0.3, with equal chance. A call, −0.6, comes after 3 to 12 of these.
    What follows a call is the only thing worth forecasting, and it takes a count that each answer
    sets back: what it depends on stands at no fixed place of the window.
    """
    draw = np.random.default_rng(seed)
    series: list[float] = []
    while len(series) < values:
        marks = draw.random(draw.integers(3, 13)) < 0.5
        series += [*(0.3 * marks), -0.6, float(marks.sum())]
    return np.array(series[:values])


def test_on_white_noise_the_mean_is_taken():
    run = judged(white_noise(seed=0))
    assert verdict.choose(run).name == "mean"
    assert "No place does" in verdict.answers(run).data


def test_on_a_noisy_season_with_trend_no_network_is_taken():
    run = judged(season_with_trend(seed=0), 12, 12)
    assert verdict.choose(run).name in WITHOUT_NETWORK
    assert verdict.choose(run).name not in ("mean", "persistence")


def test_where_a_count_has_to_be_kept_a_network_with_memory_is_taken():
    run = judged(counted(seed=0))
    assert verdict.choose(run).name in ("GRU", "LSTM")
    places, shuffled, _ = verdict.answers(run).data.splitlines()
    assert "No: memory gains" in places
    assert "No, order counts" in shuffled


def test_on_co2_no_network_is_taken_and_memory_gains_nothing():
    series = read_series(DATA / "co2-concentration.csv", "CO2", start="1964-05")
    run = judged(series, 12, 12)
    assert verdict.choose(run).name in WITHOUT_NETWORK
    assert "Yes: memory gains nothing" in verdict.answers(run).data


def test_on_the_laser_a_network_is_taken_and_order_counts():
    run = judged(read_series(DATA / "santafe-laser.csv"))
    assert verdict.choose(run).name in contest.NETWORKS
    assert "No, order counts" in verdict.answers(run).data


def test_a_series_with_gaps_is_refused_until_one_says_what_to_do(monkeypatch):
    monkeypatch.setattr(contest, "MOST_EPOCHS", 2)  # what it comes to is not asked here
    file = DATA / "co2-concentration.csv"
    with pytest.raises(ValueError, match=r'missing.*start="1964-05.*fill="linear"'):
        read_series(file, "CO2")
    filled, later = (
        read_series(file, "CO2", fill="linear"),
        read_series(file, "CO2", start="1964-05"),
    )
    assert len(judged(filled, 1, 12).series) == len(filled) > len(later) == 672
