"""`helpers.plots`: what each figure must show, which its stored size in a notebook cannot tell."""

from itertools import combinations

from helpers import plots

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgba

X = np.arange(4.0, 104.0)
ERRORS = np.array([X * 0.01, X * 0.02, X * 0.06])  # (runs, points)


@pytest.fixture(autouse=True)
def _figures_of_its_own():
    with mpl.rc_context({"backend": "agg"}):
        yield
        plt.close("all")


@pytest.fixture
def ax():
    return plt.subplots()[1]


def test_no_two_models_share_a_colour():
    colors = [to_rgba(look.color) for look in plots.LOOKS.values()]
    assert all(first != second for first, second in combinations(colors, 2))


def test_models_that_are_compared_differ_by_dash_as_well():
    dashes = [look.linestyle for name, look in plots.LOOKS.items() if name != "target"]
    assert len(set(map(str, dashes))) == len(dashes)


def test_no_two_models_share_a_marker():
    markers = [look.marker for look in plots.LOOKS.values()]
    assert len(set(markers)) == len(markers)


def test_a_model_that_is_new_has_all_it_is_drawn_with(monkeypatch):
    new = plots.Look("#123456", "-", "h")
    monkeypatch.setattr(plots, "LOOKS", plots.LOOKS | {"new": new})
    learned = {"training rows": np.array([0.3, 0.2])}
    left, right = plots.sweep(learned, [("new", 5, 0.2)], model="new", no_skill=0.4).axes
    assert new.color in [line.get_color() for line in left.lines]
    assert (new.color, "h") in [(line.get_color(), line.get_marker()) for line in right.lines]


def test_one_run_is_a_line_in_the_look_of_its_model(ax):
    plots.curve(ax, X, ERRORS[0], "MLP")
    (line,) = ax.lines
    assert line.get_ydata().tolist() == ERRORS[0].tolist()
    assert line.get_color() == plots.LOOKS["MLP"].color
    assert line.get_linestyle() == plots.LOOKS["MLP"].linestyle
    assert line.get_label() == "MLP"
    assert not ax.collections


def test_several_runs_are_their_median_in_a_band_of_their_range(ax):
    plots.curve(ax, X, ERRORS, "LSTM", label="ten seeds")
    (line,), (band,) = ax.lines, ax.collections
    assert line.get_ydata().tolist() == ERRORS[1].tolist()
    assert line.get_label() == "ten seeds"
    outline = band.get_paths()[0].vertices
    assert outline[:, 1].min() == ERRORS[0].min()
    assert outline[:, 1].max() == ERRORS[2].max()


def test_ranges_show_the_median_as_a_dot_on_a_bar_from_the_smallest_to_the_largest(ax):
    runs = np.array([1.0, 5.0, 2.0])
    plots.ranges(ax, {"LSTM": [runs, runs * 2], "MLP": [runs / 10, runs]}, ["last", "other"])
    # What is drawn without a place stands for the legend.
    drawn = [line for line in ax.lines if len(line.get_xdata())]
    bars = [line for line in drawn if len(line.get_xdata()) == 2]
    dots = [line for line in drawn if len(line.get_xdata()) == 1]
    assert [list(bar.get_xdata()) for bar in bars] == [[1, 5], [2, 10], [0.1, 0.5], [1, 5]]
    assert [dot.get_xdata()[0] for dot in dots] == [2, 4, 0.2, 2]
    assert [dot.get_markerfacecolor() == "white" for dot in dots] == [False, True, False, True]
    of_model = ["LSTM", "LSTM", "MLP", "MLP"]
    for lines in (bars, dots):
        assert [line.get_color() for line in lines] == [plots.LOOKS[m].color for m in of_model]
    assert [text.get_text() for text in ax.texts] == ["2.00", "4.00", "0.20", "2.00"]
    heights = [dot.get_ydata()[0] for dot in dots]
    assert heights == sorted(heights)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["LSTM", "MLP"]
    assert ax.yaxis_inverted()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["last", "other"]


def test_the_decision_chart_has_an_answer_and_its_backing_beside_each_question():
    questions = [("is it known?", "window", "claim A"), ("does it move?", "sum", "claim B")]
    (ax,) = plots.decision_chart(questions, otherwise="start over").axes
    height = {text.get_text(): text.get_position()[1] for text in ax.texts if text.get_text()}
    assert {"is it known?", "window", "claim A", "does it move?", "start over"} < set(height)
    assert height["is it known?"] == height["window"] > height["does it move?"] == height["sum"]
    assert height["claim A"] == pytest.approx(height["window"], abs=0.1)
    assert height["start over"] < height["sum"]
    assert [text.get_text() for text in ax.texts].count("yes") == 2
    inside = [ax.get_window_extent().contains(*ax.transData.transform(t.xy)) for t in ax.texts
              if hasattr(t, "xy")]  # fmt: skip
    assert all(inside)


def test_beyond_shows_target_and_predictions_over_a_strip_that_was_trained_on(ax):
    runs = np.array([X, X + 2, X + 4])
    plots.beyond(ax, X, 2 * X, {"LSTM": runs, "tanh MLP": X}, trained_on=(4, 98))
    assert [line.get_label() for line in ax.lines] == ["target", "LSTM", "tanh MLP"]
    assert list(ax.lines[0].get_ydata()) == list(2 * X)
    assert list(ax.lines[1].get_ydata()) == list(X + 2)
    (strip,) = ax.patches
    assert (strip.get_x(), strip.get_x() + strip.get_width()) == (4, 98)


def test_a_sweep_shows_how_the_last_run_learned_and_where_every_run_ended():
    learned = {"training rows": np.array([0.3, 0.2]), "test rows": np.array([0.25, 0.1])}
    results = [("MLP", 5, 0.2), ("LSTM", 5, 0.05), ("LSTM", 50, 0.1)]
    left, right = plots.sweep(learned, results, model="LSTM", no_skill=0.4).axes
    assert left.get_title() == "LSTM, T = 50"
    curves = {line.get_label(): line for line in left.lines}
    for title, values in learned.items():
        assert curves[title].get_xdata().tolist() == [1, 2]
        assert curves[title].get_ydata().tolist() == values.tolist()
    assert curves["training rows"].get_color() == plots.LOOKS["LSTM"].color
    points = [line for line in right.lines if len(line.get_xdata()) == 1]
    at = [(point.get_xdata()[0], point.get_ydata()[0]) for point in points]
    assert at == [(length, error) for _, length, error in results]
    looks = [(point.get_color(), point.get_marker()) for point in points]
    assert looks == [(plots.LOOKS[m].color, plots.LOOKS[m].marker) for m, *_ in results]
    sizes = [point.get_markersize() for point in points]
    assert sizes[2] > sizes[0] == sizes[1]
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["MLP", "LSTM"]
    for ax in (left, right):
        assert [0.4, 0.4] in [list(line.get_ydata()) for line in ax.lines]
        assert ax.get_yscale() == "log"


def test_residuals_have_the_articles_limits_and_mark_the_rows_held_out():
    (ax,) = plots.residuals(X, ERRORS, "LSTM", held_out=5).axes
    assert ax.get_ylim() == (-3, 3)
    (strip,) = ax.patches
    assert (strip.get_x(), strip.get_x() + strip.get_width()) == (98.5, 103.5)
    assert "i" in ax.get_xlabel()
    assert "units of y" in ax.get_ylabel()


@pytest.mark.parametrize("held_out", [1, 5, len(X)])
def test_as_many_rows_are_shaded_as_are_held_out(held_out):
    (ax,) = plots.residuals(X, ERRORS, "LSTM", held_out=held_out).axes
    (strip,) = ax.patches
    inside = (strip.get_x() < X) & (strip.get_x() + strip.get_width() > X)
    assert inside.sum() == held_out
    assert inside[-held_out:].all()


def test_nothing_is_shaded_where_nothing_is_held_out():
    (ax,) = plots.residuals(X, ERRORS, "LSTM", held_out=0).axes
    assert not ax.patches
    assert not ax.texts


def test_a_learning_curve_counts_epochs_from_one_on_a_log_scale():
    history = {"loss": [4.0, 2.0, 1.0], "val_loss": [8.0, 4.0, 2.0]}
    (ax,) = plots.learning_curve(history, "LSTM").axes
    drawn = {line.get_label(): line for line in ax.lines}
    assert drawn["training rows"].get_ydata().tolist() == history["loss"]
    assert drawn["held-out rows"].get_ydata().tolist() == history["val_loss"]
    assert drawn["held-out rows"].get_xdata().tolist() == [1, 2, 3]
    assert ax.get_yscale() == "log"


def test_a_learning_curve_without_held_out_rows_has_one_line():
    (ax,) = plots.learning_curve({"loss": np.ones((3, 5))}, "MLP").axes
    assert [line.get_label() for line in ax.lines] == ["training rows"]


def test_a_window_is_lit_where_it_lies_with_its_target_and_its_numbers():
    top, bottom = plots.window(np.arange(20.0), 4, horizon=3, stride=2, row=5).axes
    drawn = {line.get_label(): line for line in top.lines}
    assert drawn["window"].get_xdata().tolist() == [10, 11, 12, 13]
    assert list(drawn["target"].get_xdata()) == [16]
    assert [text.get_text() for text in bottom.texts if text.get_text().isdecimal()] == [
        *("10", "11", "12", "13"),
        "16",
    ]


def test_gates_have_a_panel_each_and_a_line_for_each_unit():
    traces = {"forget gate": np.full((5, 8), 0.5), "cell state c": np.ones((5, 8)) * 4}
    gate, cell = plots.gates(traces, np.arange(99, 104)).axes
    assert gate.get_title(loc="left") + gate.get_title() == "forget gate"
    assert len(gate.lines) == len(cell.lines) == 8
    assert gate.get_ylim() == (-0.05, 1.05)
    assert cell.get_ylim()[1] > 4 - 1e-9
    assert [label.get_text() for label in gate.get_xticklabels()] == ["99", "101", "103"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda ax: plots.curve(ax, X, ERRORS, "SVM"), "model must be one of"),
        (lambda ax: plots.curve(ax, X, ERRORS[:, :5], "LSTM"), "values must have 100 points"),
        (lambda ax: plots.curve(ax, X[None], ERRORS, "LSTM"), r"x must have the axes \(points\)"),
        (lambda ax: plots.ranges(ax, {"SVM": [X]}, ["a"]), "model must be one of"),
        (lambda ax: plots.ranges(ax, {"LSTM": [X]}, ["a", "b"]), "must have 2 arrays"),
        (lambda ax: plots.curve(ax, X, X * np.nan, "LSTM"), "values holds a value that is NaN"),
        (lambda _: plots.window(X, 5, row=96), "row must be from 0 to 95"),
        (lambda _: plots.window(X, 101), "timesteps"),
        (lambda _: plots.residuals(X, ERRORS, "LSTM", held_out=101), "held_out must be from 0 to"),
        (lambda _: plots.residuals(X, ERRORS, "LSTM", held_out=-1), "held_out must be from 0 to"),
    ],
)
def test_bad_input_is_named(ax, call, message):
    with pytest.raises(ValueError, match=message):
        call(ax)


def test_errors_against_the_lag_are_curves_in_the_looks_of_their_models_under_no_skill():
    errors = {("MLP", 3): np.array([0.1, 0.2]), ("MLP", 20): np.array([0.2, 0.4]),
              ("LSTM", 3): np.array([0.1, 0.1]), ("LSTM", 20): np.array([0.3, 0.3]),
              ("sum", 3): np.array([0.5])}  # fmt: skip
    (ax,) = plots.against(errors, ("MLP", "LSTM"), "lag (steps)", no_skill=0.5).axes
    curves = {line.get_label(): line for line in ax.lines}
    assert list(curves) == ["MLP", "LSTM", "no skill"]
    assert curves["MLP"].get_xdata().tolist() == [3, 20]
    np.testing.assert_allclose(curves["MLP"].get_ydata(), [0.15, 0.3])
    assert curves["LSTM"].get_color() == plots.LOOKS["LSTM"].color
    assert set(curves["no skill"].get_ydata()) == {0.5}
    assert ax.get_xlabel() == "lag (steps)"


def test_a_start_shows_the_error_by_epoch_and_the_gradient_with_the_oldest_step_at_the_left():
    left, right = plots.start(
        np.array([0.3, 0.2, 0.1]), np.array([1e-6, 1e-3]), model="GRU", no_skill=0.29
    ).axes
    learned, line = left.lines
    assert learned.get_xdata().tolist() == [1, 2, 3]
    assert learned.get_color() == plots.LOOKS["GRU"].color
    assert set(line.get_ydata()) == {0.29}
    (gradient,) = right.lines
    assert gradient.get_xdata().tolist() == [1, 0]
    assert gradient.get_ydata().tolist() == [1e-6, 1e-3]
    assert right.xaxis_inverted()


def test_a_race_has_a_panel_a_task_with_every_model_and_the_line_of_no_skill():
    panels = {"one": {"linear": np.array([0.9]), "MLP": np.array([0.2, 0.3])},
              "two": {"GRU": np.array([0.1, 0.1])}}  # fmt: skip
    one, two = plots.race(panels).axes
    assert (one.get_title(), two.get_title()) == ("one", "two")
    for ax in (one, two):
        assert any(set(line.get_xdata()) == {1} for line in ax.lines)
    assert [label.get_text() for label in two.get_yticklabels()] == ["GRU"] or two.texts


def test_a_forecast_stands_behind_the_end_in_a_band_and_in_the_look_of_its_model():
    ahead = np.array([3.0, 4.0])
    fig = plots.forecast(
        [0, 1, 2], [1.0, 2.0, 2.5], [3, 4], ahead, ahead - 1, ahead + 1, model="linear"
    )
    (ax,) = fig.axes
    measured, expected = ax.lines
    assert list(measured.get_ydata()) == [1.0, 2.0, 2.5]
    assert list(expected.get_xdata()) == [3, 4]
    assert expected.get_color() == plots.LOOKS["linear"].color
    outline = ax.collections[0].get_paths()[0].vertices
    assert (outline[:, 1].min(), outline[:, 1].max()) == (2.0, 5.0)


def test_formulas_share_the_look_of_the_last_value():
    one, two = np.zeros(1), np.ones(1)
    for formula in ("persistence", "mean seasonal change"):
        fig = plots.forecast([0], one, [1], one, one, two, model=formula)
        assert fig.axes[0].lines[1].get_color() == plots.LOOKS["last value"].color


def test_a_forecast_and_its_interval_must_be_equally_long():
    with pytest.raises(ValueError, match="must be equally long, got 1, 2, 2 and 2"):
        plots.forecast([0], [1.0], [1], *np.zeros((3, 2)), model="linear")
