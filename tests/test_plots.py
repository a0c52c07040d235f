"""`helpers.plots`: what each figure must show, which its stored size in a notebook cannot tell."""

from itertools import combinations

from helpers import plots

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgba

X = np.arange(4.0, 104.0)
ERRORS = np.array([X * 0.01, X * 0.02, X * 0.06])  # (runs, points)


pytestmark = pytest.mark.usefixtures("figures_of_its_own")


@pytest.fixture
def ax():
    return plt.subplots()[1]


def test_a_log_scale_has_plain_numbers():
    plots.use_style()
    figure, ax = plt.subplots()
    ax.set(yscale="log", ylim=(0.02, 0.7))
    figure.draw_without_rendering()
    labels = [label.get_text() for label in ax.get_yticklabels(which="both")]
    assert any(labels)
    assert not any("times" in label for label in labels)


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
    at = [text.xy for text in ax.texts]
    assert at == [(dot.get_xdata()[0], dot.get_ydata()[0]) for dot in dots]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["LSTM", "MLP"]
    assert ax.yaxis_inverted()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["last", "other"]


@pytest.mark.parametrize("medians", [[0.99, 0.9, 0.03], [1.5, 1.01, 0.4], [0.55, 0.98]])
def test_no_number_of_a_race_lies_across_the_line_of_no_skill_or_leaves_its_panel(medians):
    names = list(plots.LOOKS)[1 : len(medians) + 1]
    errors = {name: np.array([middle]) for name, middle in zip(names, medians, strict=True)}
    plots.use_style()
    figure = plots.race({"one": errors})
    figure.draw_without_rendering()
    (ax,) = figure.axes
    line = ax.transData.transform((1, 0))[0]
    numbers = [text.get_window_extent() for text in ax.texts if text.get_text() != "no skill"]
    assert len(numbers) == len(medians)
    assert all(box.x1 < line or box.x0 > line for box in numbers)
    panel = ax.bbox
    assert all(panel.x0 <= box.x0 and box.x1 <= panel.x1 for box in numbers)
    assert all(panel.y0 <= box.y0 and box.y1 <= panel.y1 for box in numbers)


def test_the_line_of_no_skill_has_its_name_above_it():
    (ax,) = plots.race({"one": {"MLP": np.array([0.2])}}).axes
    (name,) = [text for text in ax.texts if text.get_text() == "no skill"]
    assert name.xy == (1, 1)


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
    assert [error for _, error in at] == [error for _, _, error in results]
    np.testing.assert_allclose([x for x, _ in at], [length for _, length, _ in results], rtol=0.1)
    assert at[0][0] != at[1][0]  # two models at one length stand side by side
    looks = [(point.get_color(), point.get_marker()) for point in points]
    assert looks == [(plots.LOOKS[m].color, plots.LOOKS[m].marker) for m, *_ in results]
    sizes = [point.get_markersize() for point in points]
    assert sizes[2] > sizes[0] == sizes[1]
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["MLP", "LSTM"]
    for ax in (left, right):
        assert [0.4, 0.4] in [list(line.get_ydata()) for line in ax.lines]
        assert ax.get_yscale() == "log"


def test_residuals_have_the_articles_limits_and_a_grey_strip_of_what_was_trained_on():
    (ax,) = plots.residuals(X, ERRORS, "LSTM", held_out=5).axes
    assert ax.get_ylim() == (-3, 3)
    (strip,) = ax.patches
    assert (strip.get_x(), strip.get_x() + strip.get_width()) == (3.5, 98.5)
    assert [text.get_text().strip() for text in ax.texts] == ["trained on", "held out →"]
    assert "i" in ax.get_xlabel()
    assert "units of y" in ax.get_ylabel()


@pytest.mark.parametrize("held_out", [0, 1, 5, len(X) - 1])
def test_grey_are_the_rows_trained_on_as_in_every_figure(held_out):
    (ax,) = plots.residuals(X, ERRORS, "LSTM", held_out=held_out).axes
    (strip,) = ax.patches
    inside = (strip.get_x() < X) & (strip.get_x() + strip.get_width() > X)
    assert inside.sum() == len(X) - held_out
    assert not inside[len(X) - held_out :].any()
    other = plt.subplots()[1]
    plots.beyond(other, X, X, {}, trained_on=(4, 98))
    assert strip.get_facecolor() == other.patches[0].get_facecolor()


def test_nothing_is_grey_where_everything_is_held_out():
    (ax,) = plots.residuals(X, ERRORS, "LSTM", held_out=len(X)).axes
    assert not ax.patches
    assert not ax.texts


def test_a_learning_curve_has_a_panel_for_each_kind_of_rows_on_one_log_scale():
    history = {"loss": [4.0, 2.0, 1.0], "val_loss": [8.0, 4.0, 2.0]}
    axes = plots.learning_curve(history, "LSTM").axes
    drawn = {ax.get_title(loc="left") or ax.get_title(): ax.lines[0] for ax in axes}
    assert drawn["training rows"].get_ydata().tolist() == history["loss"]
    assert drawn["held-out rows"].get_ydata().tolist() == history["val_loss"]
    assert drawn["held-out rows"].get_xdata().tolist() == [1, 2, 3]
    assert {ax.get_yscale() for ax in axes} == {"log"}
    assert len({ax.get_ylim() for ax in axes}) == 1
    low, high = axes[0].get_ylim()
    assert low < 1
    assert high > 8


def test_what_is_next_to_nothing_does_not_stretch_the_axis_of_a_learning_curve():
    (ax,) = plots.learning_curve({"loss": [1.0, 1e-12]}, "MLP").axes
    assert ax.get_ylim()[0] == 1e-8


def test_a_learning_curve_without_held_out_rows_has_one_panel():
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
