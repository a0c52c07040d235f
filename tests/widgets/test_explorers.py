"""The explorers of the notebooks: each control has a name and leads somewhere, at both its ends."""

import re
from itertools import product

from helpers import live, widgets
from helpers.data import ramp
from helpers.training import repeat

import keras
import numpy as np
import pytest
from benchmark_widgets import article_lstm, trace

WAVE = np.round(np.sin(np.arange(30) / 3), 2)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Hardly any epochs: what is learned is the notebooks' matter."""
    monkeypatch.setattr(live, "DELAY", 0)

    def short(*data, epochs, **arguments):
        return repeat(*data, epochs=min(epochs, 2), **arguments)

    monkeypatch.setattr(widgets, "repeat", short)
    monkeypatch.setattr(widgets, "_ROWS", 200)


@pytest.fixture(scope="module")
def start():
    X, _, y = ramp()
    return repeat(article_lstm, X, y, [0], epochs=2, batch_size=5)


EXPLORERS = {
    "windows": lambda start: widgets.window_explorer(WAVE),
    "gates": lambda start: widgets.gate_explorer(trace, start),
    "activation": lambda start: widgets.activation_explorer(),
    "scaling": lambda start: widgets.scaling_explorer(),
    "memory": lambda start: widgets.memory_explorer(),
}
in_every_explorer = pytest.mark.parametrize("name", EXPLORERS)


def controls(box):
    return [
        child
        for child in box.children
        if hasattr(child, "description") and hasattr(child, "value") and child.description
    ]


def status(box):
    return next(c.value for c in box.children if "course-status" in c._dom_classes)


def picture(box):
    return next(c.children[0].value for c in box.children if "course-figure" in c._dom_classes)


def ends(control):
    """Values that can be chosen: the first and the last."""
    options = getattr(control, "options", None)
    return (options[0], options[-1]) if options else (control.min, control.max)


def test_there_is_an_explorer_for_each_of_five_notebooks():
    assert len(widgets.__all__) == len(EXPLORERS) == 5


@in_every_explorer
def test_every_control_has_a_name_of_its_own(name, start):
    names = [control.description for control in controls(EXPLORERS[name](start))]
    assert len(names) >= 3
    assert len(set(names)) == len(names)


@in_every_explorer
def test_every_control_changes_the_figure_and_works_at_both_its_ends(name, start):
    box = EXPLORERS[name](start)
    for control in controls(box):
        seen = {picture(box)}
        for value in (*ends(control), control.value):
            control.value = value
            assert "<b>Ready.</b>" in status(box)
            seen.add(picture(box))
        assert len(seen) >= 2, control.description


@in_every_explorer
def test_trained_numbers_in_its_words_carry_the_sign(name, start):
    box = EXPLORERS[name](start)
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


def test_the_gates_begin_with_the_runs_they_are_given(start):
    box = widgets.gate_explorer(trace, start)
    predicted = start.predict(ramp().X)[0, 95, 0]
    assert f"prediction is {widgets.approx(predicted, 3)}" in status(box)


def test_the_trace_is_the_layers_own_output(start):
    kernel, recurrent, bias = start.weights[0][:3]
    layer = keras.layers.LSTM(8)
    layer.build((None, 5, 1))
    layer.set_weights([kernel, recurrent, bias])
    x = ramp().X[[40]]
    expected = layer(x).numpy()[0]
    np.testing.assert_allclose(
        trace(x[0], kernel, recurrent, bias)["output h"][-1], expected, atol=1e-5
    )


@pytest.mark.parametrize("task", ["recall the first value", "adding", "hold the latest"])
def test_the_tasks_are_padded_in_front_and_no_skill_is_that_of_the_mean(task):
    X, y = widgets._task_rows(task, 4000, 5, 10, seed=0)
    assert X.shape == (4000, 10, 2)
    assert not X[:, :5].any()
    assert X[:, 5:].any(axis=(0, 2)).all()
    assert np.isclose(np.std(y), widgets._NO_SKILL[task], rtol=0.05)
    if task == "recall the first value":
        np.testing.assert_array_equal(y[:, 0], X[:, 5, 0])


def test_what_was_compiled_serves_again_and_the_wait_is_announced_once():
    told = []

    class Report:
        says = told.append

        def __call__(self, share):
            pass

    def build():
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile(loss="mse", optimizer="sgd")
        return model

    x = np.arange(10.0).reshape(10, 1)
    for seed in (0, 1):
        widgets._train(("test",), build, x, x, [seed], Report(), epochs=2)
    del widgets._COMPILED[("test",)]
    assert len(told) == 1
    assert "compiles" in told[0]
