"""The explorers of the notebooks: each control has a name and leads somewhere, at both its ends."""

import re
from itertools import product

from helpers import drawings, plots, widgets
from helpers.data import ramp
from helpers.report import approx
from helpers.widgets import live, real_series, training

import benchmark_widgets as made
import keras
import numpy as np
import pytest
from from_notebooks import from_notebook
from seen import controls, picture, status

pytestmark = pytest.mark.slow  # each explorer trains

WAVE = np.round(np.sin(np.arange(30) / 3), 2)


@pytest.fixture(autouse=True)
def _room_for_all(monkeypatch):
    monkeypatch.setattr(live, "DELAY", 0)
    monkeypatch.setattr(training, "MOST", 1000)
    monkeypatch.setattr(real_series, "UPDATES", 20)


def gates_quick_to_train():
    box = made.gates(epochs=2)
    (epochs,) = (control for control in controls(box) if control.description == "epochs")
    epochs.value = 50
    return box


# What the notebooks hand over, with hardly any epochs: what is learned is the notebooks' matter.
EXPLORERS = {
    "windows": made.windows,
    "cell": lambda: made.cell(epochs=2),
    "gates": gates_quick_to_train,
    "activations": lambda: made.activations(epochs=2),
    "scaling": lambda: made.scaling(EPOCHS=2),
    "memory": lambda: made.memory(ROWS=200, EPOCHS=2),
    "forecast": made.forecast,
    "start": lambda: made.start(ROWS=200, EPOCHS=2),
}
in_every_explorer = pytest.mark.parametrize("name", EXPLORERS)


def ends(control):
    """Values that can be chosen: the first and the last."""
    options = getattr(control, "options", None)
    return (options[0], options[-1]) if options else (control.min, control.max)


def test_every_explorer_is_tried_here_and_timed():
    assert len(widgets.__all__) == len(EXPLORERS) == len(made.EXPLORERS) == 8


@in_every_explorer
def test_every_control_has_a_name_of_its_own(name):
    names = [control.description for control in controls(EXPLORERS[name]())]
    assert len(names) >= 3
    assert len(set(names)) == len(names)


@in_every_explorer
def test_every_control_changes_the_figure_and_works_at_both_its_ends(name):
    box = EXPLORERS[name]()
    for control in controls(box):
        seen = {picture(box)}
        for value in (*ends(control), control.value):
            control.value = value
            assert "<b>Ready.</b>" in status(box)
            seen.add(picture(box))
        assert len(seen) >= 2, control.description


@in_every_explorer
def test_trained_numbers_in_its_words_carry_the_sign(name):
    box = EXPLORERS[name]()
    first = controls(box)[0]
    first.value = ends(first)[1]
    words = re.sub(r"<.*?>", "", status(box))
    if name == "windows":
        assert "≈" not in words
    else:
        assert words.count("≈") >= 2


def test_no_window_can_be_chosen_that_is_not_there():
    box = widgets.window_explorer(WAVE)
    timesteps, horizon, stride, row = controls(box)
    row.value = row.max
    for n, h, s in product(range(timesteps.min, timesteps.max + 1), ends(horizon), (1, 2, 10)):
        timesteps.value, horizon.value, stride.value = n, h, s
        assert len(WAVE) - s <= row.max * s + n - 1 + h < len(WAVE)
    assert "<b>Ready.</b>" in status(box)


def test_a_series_too_short_for_its_controls_is_named():
    widgets.window_explorer(WAVE[:15])
    with pytest.raises(ValueError, match="series must have at least 15 values, got 14"):
        widgets.window_explorer(WAVE[:14])


def test_the_windows_are_those_of_the_helper():
    box = widgets.window_explorer(WAVE)
    assert "X (samples, timesteps, features) is (23, 5, 1)" in status(box)
    assert "Row 8 covers the times 8 to 12; its target is at time 15" in status(box)


def test_the_gates_begin_with_the_runs_they_are_given():
    box = made.gates(epochs=2)
    predicted = made.lstm_of_02(epochs=2).predict(ramp().X)[0, 95, 0]
    assert f"prediction is {approx(predicted, 3)}" in status(box)


def test_the_cell_shows_the_step_the_window_the_unit_and_the_weights_that_are_chosen(monkeypatch):
    drawn = []

    def lstm_cell(traced, window, *, step, unit):
        drawn.append((traced["cell state c"][step, unit], window.tolist(), step, unit))
        return drawings_cell(traced, window, step=step, unit=unit)

    drawings_cell = drawings.lstm_cell
    monkeypatch.setattr(drawings, "lstm_cell", lstm_cell)
    box = made.cell(epochs=2)
    step, newest, unit, weights = controls(box)
    assert weights.value == "after training"
    trace = from_notebook("02", "trace").trace
    after = made.lstm_of_02(epochs=2).weights[0]
    step.value, newest.value, unit.value = 5, 60, 7
    expected = trace(ramp(300).X[56], *after[:3])["cell state c"][4, 7]
    assert drawn[-1] == (expected, [56, 57, 58, 59, 60], 4, 7)
    assert f"the cell state becomes {approx(expected)}" in status(box)
    weights.value = "before training"
    assert drawn[-1][0] != expected
    assert drawn[-1][1:] == ([56, 57, 58, 59, 60], 4, 7)
    assert "Unit 7, before training, step 5 of 5, x = 60" in status(box)


def test_before_the_first_step_the_cell_state_is_nothing():
    box = made.cell(epochs=2)
    step, *_ = controls(box)
    step.value = 1
    assert re.search(r"f · c \+ i · g is ≈ \S+ · ≈ 0\S* \+", status(box))


def test_the_weights_before_and_after_are_of_the_same_layer():
    weights = made.lstm_of_02(epochs=2).weights[0]
    fewer = [weights[0][:, :4], weights[1][:, :4], weights[2][:4]]
    with pytest.raises(ValueError, match=r"weights must be of LSTMs with the same units.*1, 8"):
        widgets.cell_explorer(None, {"a": weights, "b": fewer})
    with pytest.raises(ValueError, match="weights must be of LSTMs"):
        widgets.cell_explorer(None, {})


def test_the_trace_is_the_layers_own_output():
    window = ramp().X[[40]]
    layer = keras.layers.LSTM(8)
    expected = layer(window).numpy()[0]
    trace = from_notebook("02", "trace").trace
    traced = trace(window[0], *(w.numpy() for w in layer.weights))["output h"]
    np.testing.assert_allclose(traced[-1], expected, atol=1e-5)


@pytest.mark.parametrize("task", ["recall the first value", "adding", "hold the latest"])
def test_the_tasks_are_padded_in_front_and_no_skill_is_that_of_the_mean(task, monkeypatch):
    nb = from_notebook("05", "network", "rows_of", ROWS=4000)
    asked, drawn = [], []

    def rows_of(*what):
        asked.append(list(nb.rows_of(*what)))
        return asked[-1]

    def sweep(*arguments, no_skill, **others):
        drawn.append(no_skill)
        return plots_sweep(*arguments, no_skill=no_skill, **others)

    plots_sweep = plots.sweep
    monkeypatch.setattr(plots, "sweep", sweep)
    box = widgets.memory_explorer(nb.network, rows_of, ["MLP"], epochs=1, batch_size=500)
    of_task, length, *_ = controls(box)
    length.value, of_task.value = 5, task
    length.value = 2
    length.value = 5
    (X, y), _ = asked[-1]
    assert X.shape == (4000, 10, 2)
    assert not X[:, :5].any()
    assert X[:, 5:].any(axis=(0, 2)).all()
    assert np.isclose(np.std(y), drawn[-1], rtol=0.05)
    if task == "recall the first value":
        np.testing.assert_array_equal(y[:, 0], X[:, 5, 0])


def test_all_runs_on_a_task_stay_in_the_figure_of_05_and_none_is_there_twice(monkeypatch):
    shown = []
    plots_sweep = plots.sweep

    def sweep(learned, results, **others):
        shown.append([(model, length) for model, length, _ in results])
        return plots_sweep(learned, results, **others)

    monkeypatch.setattr(plots, "sweep", sweep)
    box = made.memory(ROWS=200, EPOCHS=2)
    task, length, model, _ = controls(box)
    length.value = 5
    model.value = "MLP"
    task.value = "hold the latest"
    task.value = "adding"
    assert shown == [
        [("LSTM", 5)],
        [("LSTM", 5), ("MLP", 5)],
        [("MLP", 5)],
        [("LSTM", 5), ("MLP", 5), ("MLP", 5)],
    ]


def test_the_start_of_07_has_the_gradient_of_the_steps_that_are_no_padding(monkeypatch):
    shown = []

    def start(learned, gradient, **others):
        shown.append((len(learned), len(gradient), others["model"]))
        return plots_start(learned, gradient, **others)

    plots_start = plots.start
    monkeypatch.setattr(plots, "start", start)
    box = made.start(ROWS=200, EPOCHS=2)
    lag, _, _, model = controls(box)
    lag.value = 10
    model.value = "GRU"
    assert shown == [(2, 11, "LSTM"), (2, 11, "GRU")]
    words = status(box)
    assert "lag 10" in words
    assert "forget bias" not in words  # the GRU has none


def test_the_forecasts_of_06_are_of_values_that_were_not_trained_on(monkeypatch):
    seen = {}

    def trial(errors, known, stretch, *, unit):
        seen.update(errors=errors, known=known, stretch=stretch)
        return plots.plt.subplots()

    monkeypatch.setattr(real_series.forecast_plots, "trial", trial)
    values = np.sin(np.arange(200) / 3)  # a linear window is exact on a sine
    shapes = []

    def network(name, X, y, view, units, rate, updates):
        shapes.append((name, X.shape, y.shape, view(X, y)[0](X).shape[1:]))
        model = keras.Sequential([keras.Input(X.shape[1:]), keras.layers.Flatten(),
                                  keras.layers.Dense(y.shape[1])])  # fmt: skip
        model.compile(loss="mse", optimizer="adam")
        return model

    box = widgets.forecast_explorer({"sine": values}, network, test={"sine": 50},
                                    views={"sine": lambda X, y: (lambda w: w, None)},
                                    units={"sine": "m"})  # fmt: skip
    by_name = {control.description: control for control in controls(box)}
    by_name["horizon (steps)"].value = 6
    assert set(shapes) == {("LSTM", (150 - 24 - 6 + 1, 24, 1), (150 - 24 - 6 + 1, 6), (24, 1))}
    assert list(seen["errors"]) == ["persistence", "linear", "LSTM"]
    assert seen["errors"]["linear"].max() < 1e-6
    assert seen["errors"]["persistence"][0] == pytest.approx(
        np.sqrt(np.mean(np.diff(values[149 : 200 - 5]) ** 2))
    )
    at = np.flatnonzero(np.isclose(values, seen["stretch"]["came"][0]))[0]
    assert at >= 150
    np.testing.assert_allclose(seen["known"], values[at - 24 : at])
