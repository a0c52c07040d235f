"""`helpers.forecast_plots`: what each figure of notebook 06 must show."""

from helpers import forecast_plots, plots

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

MONTHS = pd.Series(np.arange(40.0), pd.date_range("2001-01-01", periods=40, freq="MS"), name="gas")
PULSES = pd.Series(np.arange(40.0), name="light")


pytestmark = pytest.mark.usefixtures("figures_of_its_own")


def lines(ax):
    return {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}


@pytest.mark.parametrize("series", [MONTHS, PULSES], ids=["dates", "numbers"])
def test_the_overview_greys_the_test_and_has_a_bar_for_each_lag_but_0(series):
    figure = forecast_plots.overview(series, np.linspace(1, 0, 6), unit="ppm", step="month",
                                     known=30)  # fmt: skip
    left, right = figure.axes
    (strip,) = left.patches
    assert left.get_ylabel() == f"{series.name} (ppm)"
    edges = left.convert_xunits([series.index[30], series.index[-1]])
    np.testing.assert_allclose([strip.get_x(), strip.get_x() + strip.get_width()], edges)
    assert [bar.get_height() for bar in right.patches] == pytest.approx([0.8, 0.6, 0.4, 0.2, 0])
    assert right.get_xlabel() == "lag (months)"


def test_errors_by_window_are_medians_in_the_models_colours():
    errors = {"MLP": {3: [1, 2, 9], 20: [4, 4, 4]}, "LSTM": {3: [3, 3, 3], 20: [1, 1, 2]}}
    (ax,) = forecast_plots.by_window(errors, unit="V", step="step").axes
    found = lines(ax)
    assert found["MLP"].get_ydata().tolist() == [2, 4]
    assert found["LSTM"].get_xdata().tolist() == [3, 20]
    assert found["LSTM"].get_color() == plots.LOOKS["LSTM"].color
    assert [label.get_text() for label in ax.get_xticklabels()] == ["3", "20"]
    assert ax.get_ylabel() == "RMSE (V)"


def test_errors_by_step_begin_at_one_step_ahead():
    (ax,) = forecast_plots.by_step(
        {"linear": np.array([1.0, 2, 3]), "persistence": np.array([3.0, 3, 3])},
        unit="ppm", step="month",
    ).axes  # fmt: skip
    found = lines(ax)
    assert found["linear"].get_xdata().tolist() == [1, 2, 3]
    assert found["persistence"].get_color() == plots.LOOKS["last value"].color
    assert ax.get_xlabel() == "months ahead"
    assert ax.get_ylim()[0] == 0


def test_importance_has_the_newest_value_at_the_right_end_and_a_line_at_no_change():
    figure = forecast_plots.importance(
        {"CO2": {"linear": np.array([2.0, 1, 9])}, "laser": {"LSTM": np.ones((2, 3))}}, step="step"
    )
    first, second = figure.axes
    line = lines(first)["linear"]
    assert dict(zip(line.get_xdata(), line.get_ydata(), strict=True)) == {2: 2, 1: 1, 0: 9}
    assert first.xaxis_inverted()
    assert [ax.get_title() for ax in (first, second)] == ["CO2", "laser"]


@pytest.mark.parametrize("known", [MONTHS, PULSES], ids=["dates", "numbers"])
def test_the_next_values_follow_the_last_known_one(known):
    forecast = np.array([40.0, 41, 42])
    (ax,) = forecast_plots.next_values(known, {"linear": forecast}, np.ones(3), unit="ppm",
                                       truth=[40, 40, 40]).axes  # fmt: skip
    ahead = lines(ax)["linear"].get_xdata()
    assert len(ahead) == 3
    step = known.index[-1] - known.index[-2]
    assert (
        ahead[0] - known.index[-1] <= step * 1.1
        if known is PULSES
        else ahead[0] == (pd.Timestamp("2004-05-01"))
    )
    band = ax.collections[0].get_datalim(ax.transData)
    assert (band.y0, band.y1) == (39, 43)
    assert to_hex(ax.collections[0].get_facecolor()[0]).upper() == plots.LOOKS["linear"].color


def test_next_values_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="halfwidth must have 3 values, got 2"):
        forecast_plots.next_values(PULSES, {"linear": np.zeros(3)}, np.ones(2), unit="V")
    with pytest.raises(ValueError, match="truth must have 3 values, got 4"):
        forecast_plots.next_values(PULSES, {"linear": np.zeros(3)}, unit="V", truth=[1] * 4)


def test_a_trial_shows_each_models_errors_and_one_forecast_beside_what_came():
    errors = {"persistence": np.array([3.0, 4]), "LSTM": np.array([1.0, 2])}
    stretch = {"came": np.array([5.0, 6]), "LSTM": np.array([5.5, 6.5])}
    left, right = forecast_plots.trial(errors, np.array([3.0, 4]), stretch, unit="V").axes
    assert lines(left)["LSTM"].get_ydata().tolist() == [1, 2]
    known, came, forecast = right.lines
    assert known.get_xdata().tolist() == [-1, 0]
    assert (came.get_xdata().tolist(), came.get_linestyle()) == ([1, 2], "None")
    assert forecast.get_ydata().tolist() == [5.5, 6.5]
    assert forecast.get_color() == plots.LOOKS["LSTM"].color
