"""`helpers.drawings`: what each picture must show, and that it can be read at half a page."""

from helpers import drawings, plots
from helpers.data import largest_marked_task, ramp, since_reset_task
from helpers.drawings import inside, rows
from helpers.drawings.pen import GOAL, LIT, shown

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.pylabtools import print_figure
from matplotlib.colors import same_color
from matplotlib.patches import Circle, Rectangle

X = ramp().X
HALF_A_PAGE, POINTS = 5, 9  # inches, and the smallest letters there


@pytest.fixture(autouse=True)
def _in_the_courses_style(figures_of_its_own):
    plots.use_style()


def traced(units=3, timesteps=5):
    """An LSTM's step computed here once more, with weights drawn at random."""
    generator = np.random.default_rng(1)
    f, i, o = 1 / (1 + np.exp(-generator.normal(size=(3, timesteps, units))))
    g = np.tanh(generator.normal(size=(timesteps, units)))
    c = np.zeros((timesteps + 1, units))
    for t in range(timesteps):
        c[t + 1] = f[t] * c[t] + i[t] * g[t]
    return {"forget gate": f, "input gate": i, "candidate g": g, "output gate": o,
            "cell state c": c[1:], "output h": o * np.tanh(c[1:])}  # fmt: skip


def texts(figure):
    """All that is written, in axes and outside."""
    return [text.get_text() for text in figure.findobj(plt.Text) if text.get_text()]


def two_ceilings():
    x = X[:, -1, 0]
    return drawings.ceilings(x, x, np.array([x, x]), np.array([110, 120]), trained_on=(4, 80))


QUESTIONS = [("is it known?", "window", "claim A"), ("does it move?", "sum", "claim B")]
KINDS = "newest value", "linear", "MLP", "LSTM", "sum", "maximum", "CNN"
PICTURES = {
    "array": lambda: drawings.array({"X": X}),
    "two arrays": lambda: drawings.array({"right": X, "wrong": X.reshape(100, 1, 5)}),
    "cell": lambda: drawings.lstm_cell(traced(), X[10, :, 0], step=2, unit=1),
    "views": lambda: drawings.views({kind: kind for kind in KINDS}),
    "tasks": lambda: drawings.tasks(seed=1),
    "chart": lambda: drawings.decision_chart(QUESTIONS, otherwise="start over", first="train"),
    "gates": lambda: drawings.gates(traced(), np.arange(5)),
    "ceilings": two_ceilings,
    "residuals": lambda: plots.residuals(np.arange(9), np.ones(9), "LSTM", held_out=2),
    "learning curve": lambda: plots.learning_curve(
        {"loss": [4.0, 1.0], "val_loss": [5.0, 2.0]}, "MLP"
    ),
    "window": lambda: plots.window(np.arange(20.0), 4),
    "against": lambda: plots.against(
        {("MLP", 3): np.array([0.1]), ("MLP", 9): np.array([0.2])}, ["MLP"], "lag", no_skill=0.5
    ),
    "race": lambda: plots.race({"one": {"MLP": np.array([0.9])}, "two": {"sum": np.array([0.1])}}),
    "start": lambda: plots.start(np.ones(3), np.ones(4), model="LSTM", no_skill=1.0),
    "sweep": lambda: plots.sweep(
        {"training rows": np.array([0.3, 0.2])}, [("sum", 5, 0.2)], model="sum", no_skill=0.4
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_no_letter_is_too_small_at_half_a_page(name):
    figure = PICTURES[name]()
    shrunk = min(1, HALF_A_PAGE / figure.get_size_inches()[0])
    sizes = {text.get_text(): text.get_fontsize() * shrunk for text in figure.findobj(plt.Text)}
    assert {text: size for text, size in sizes.items() if text and size < POINTS} == {}


@pytest.mark.parametrize("name", PICTURES)
def test_all_that_is_written_lies_inside_the_figure(name):
    figure = PICTURES[name]()
    figure.draw_without_rendering()
    drawn, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    room = 0.02
    assert -room < drawn.x0 < drawn.x1 < width + room
    assert -room < drawn.y0 < drawn.y1 < height + room


def _within(inner, outer, room=1.5):
    return (inner.x0 >= outer.x0 - room and inner.x1 <= outer.x1 + room
            and inner.y0 >= outer.y0 - room and inner.y1 <= outer.y1 + room)  # fmt: skip


# ---- The array ----------------------------------------------------------------------------------


def cells(figure):
    """Number -> face colour of each cell with a number, the last one of each number."""
    (ax,) = figure.axes
    colors = {}
    for patch in ax.patches:
        middle = patch.get_center()
        (text,) = [t.get_text() for t in ax.texts if np.allclose(t.get_position(), middle)]
        colors.setdefault(float(text), []).append(patch.get_facecolor())
    return colors


def test_an_array_has_its_real_numbers_and_names_its_axes():
    figure = drawings.array({"X": X}, sample=1, timestep=3)
    expected = np.concatenate([X[:3, :, 0].ravel(), X[99, :, 0]])
    found = [value for value, colors in cells(figure).items() for _ in colors]
    assert sorted(found) == sorted(expected)
    assert {"X (100, 5, 1)", "100 samples", "5 timesteps", "1 feature", "⋮"} < set(texts(figure))


def test_one_sample_and_one_timestep_are_lit():
    numbered = np.arange(500).reshape(100, 5, 1)  # sample 1 has the numbers 5 to 9
    colors = {
        n: faces[0] for n, faces in cells(drawings.array({"X": numbered}, timestep=3)).items()
    }
    in_sample, in_timestep, both, neither = colors[5], colors[13], colors[8], colors[10]
    assert same_color(neither, "white")
    assert len({in_sample, in_timestep, both, neither}) == 4
    assert colors[6] == colors[9] == in_sample
    assert colors[3] == colors[498] == in_timestep


def test_the_wrong_way_round_is_one_timestep_and_five_features_one_behind_another():
    figure = drawings.array({"wrong": X.reshape(100, 1, 5)}, sample=0)
    assert {"1 timestep", "5 features"} < set(texts(figure))
    (ax,) = figure.axes
    at = {t.get_text(): t.get_position() for t in ax.texts}
    across, up = np.transpose([at[number] for number in ("99", "100", "101", "102", "103")][1:])
    assert (np.diff(across) > 0).all()
    assert (np.diff(up) > 0).all()
    assert not any(same_color(face, "white") for faces in cells(figure).values() for face in faces)


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        (X[:, :, 0], {}, r"X must have the axes \(samples, timesteps, features\)"),
        (X[:3], {}, "X must have more than 3 samples"),
        (np.ones((9, 7, 1)), {}, "at most 6 timesteps"),
        (X, {"sample": 3}, "sample must be from 0 to 2"),
        (X, {"timestep": 5}, "timestep must be from 0 to 4"),
    ],
)
def test_an_array_that_cannot_be_drawn_is_named(values, options, message):
    with pytest.raises(ValueError, match=message):
        drawings.array({"X": values}, **options)


# ---- The cell -----------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [0, 2, 4])
@pytest.mark.parametrize("unit", [0, 2])
def test_the_numbers_on_the_wires_are_those_of_the_step(step, unit):
    parts = traced()
    written = texts(drawings.lstm_cell(parts, X[10, :, 0], step=step, unit=unit))
    of = {"c": parts["cell state c"][:, unit], "h": parts["output h"][:, unit]}
    names = "forget gate", "input gate", "candidate g", "output gate"
    f, i, g, o = (parts[name][step, unit] for name in names)
    c, h = of["c"][step], of["h"][step]
    old_c, old_h = (of[name][step - 1] if step else 0.0 for name in "ch")
    for wire in (f"f {shown(f)}", f"i {shown(i)}", f"g {shown(g)}", f"o {shown(o)}",
                 f"c {shown(old_c)}", f"h {shown(old_h)}", f"c {shown(c)}", f"h {shown(h)}",
                 f"f·c {shown(f * old_c)}", f"i·g {shown(i * g)}", shown(np.tanh(c)),
                 f"x {X[10, step, 0]:g}", "and 2 more", f"this step, unit {unit}"):  # fmt: skip
        assert wire in written
    np.testing.assert_allclose(f * old_c + i * g, c)
    np.testing.assert_allclose(o * np.tanh(c), h)


def test_where_the_wires_meet_they_are_multiplied_three_times_and_added_once():
    (ax,) = drawings.lstm_cell(traced(), X[10, :, 0], step=2, unit=1).axes
    signs = [t.get_text() for t in ax.texts if t.get_text() in {"×", "+"}]
    assert sorted(signs) == ["+", "×", "×", "×"]
    circles = [patch.center for patch in ax.patches if isinstance(patch, Circle)]
    assert len(circles) == 4


def test_the_steps_of_the_window_stand_in_a_row_with_what_they_hand_on():
    parts, window = traced(), X[10, :, 0]
    (ax,) = drawings.lstm_cell(parts, window, step=3, unit=1).axes
    row = [t for t in ax.texts if t.get_position()[1] > 4.3]
    assert [t.get_text() for t in row].count("LSTM") == len(window)
    at = sorted((t.get_position()[0], t.get_text()) for t in row)
    numbers = [text for _, text in at]
    for name in ("cell state c", "output h"):
        on = [shown(value) for value in parts[name][:, 1]]
        assert [text for text in numbers if text in on][: len(on)]
        assert set(on) <= set(numbers)
    lit = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_linewidth() == 3]
    assert len(lit) == 1
    middle = lit[0].get_center()[0]
    (x,) = [t for t in row if t.get_text() == f"{window[3]:g}"]
    assert x.get_position()[0] == pytest.approx(middle)
    assert x.get_weight() == "bold"


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({"output h": np.ones((5, 2))}, {}, "the same units"),
        ({"output h": np.ones((4, 3))}, {}, "the same timesteps"),
        ({}, {"step": 5}, "step must be from 0 to 4"),
        ({}, {"unit": 3}, "unit must be from 0 to 2"),
    ],
)
def test_a_trace_that_does_not_fit_is_named(change, options, message):
    with pytest.raises(ValueError, match=message):
        drawings.lstm_cell(traced() | change, X[10, :, 0], **{"step": 0, "unit": 0} | options)


def test_a_trace_without_one_of_its_parts_is_named():
    parts = traced()
    del parts["output gate"]
    with pytest.raises(ValueError, match=r"missing \['output gate'\]"):
        drawings.lstm_cell(parts, X[10, :, 0], step=0, unit=0)


def test_a_number_that_rounds_to_zero_has_no_sign():
    assert shown(-0.001) == "0.00"
    assert shown(-0.52) == "−0.52"


# ---- Gates and ceilings -------------------------------------------------------------------------


def test_gates_have_a_panel_each_and_a_line_for_each_unit():
    parts = traced(units=8)
    axes = drawings.gates(parts, np.arange(99, 104)).axes
    assert [ax.get_title(loc="left") or ax.get_title() for ax in axes] == list(parts)
    for ax, values in zip(axes, parts.values(), strict=True):
        np.testing.assert_array_equal([line.get_ydata() for line in ax.lines[:8]], values.T)
        assert [label.get_text() for label in axes[-1].get_xticklabels()] == ["99", "101", "103"]


def test_three_units_can_be_followed_and_told_apart():
    ax, *_ = drawings.gates(traced(units=8), np.arange(5), follow=(0, 3, 7)).axes
    followed = [line for line in ax.lines if line.get_label().startswith("unit")]
    assert [line.get_label() for line in followed] == ["unit 0", "unit 3", "unit 7"]
    looks = [(line.get_color(), line.get_linestyle(), line.get_marker()) for line in followed]
    for kind in zip(*looks, strict=True):
        assert len(set(kind)) == 3
    assert min(line.get_linewidth() for line in followed) > ax.lines[0].get_linewidth()


def test_a_layer_of_one_unit_has_one_line_to_follow():
    ax, *_ = drawings.gates(traced(units=1), np.arange(5)).axes
    assert [line.get_label() for line in ax.lines if line.get_label().startswith("unit")] == [
        "unit 0"
    ]


def test_the_cell_state_has_the_same_axis_in_every_window():
    small, large = (
        drawings.gates({"cell state c": scale * np.ones((5, 2))}, np.arange(5)).axes[0].get_ylim()
        for scale in (0.1, 5)
    )
    assert small == large
    assert large[1] >= 5


def test_every_seed_has_a_line_of_its_own_and_its_ceiling_beside_it():
    x = np.arange(4.0, 14.0)
    predicted = np.array([np.minimum(2 * x, 15), np.minimum(2 * x, 16)])
    figure = drawings.ceilings(x, 2 * x, predicted, np.array([15.5, 17.0]), trained_on=(4, 8))
    whole, near = figure.axes
    assert whole.lines[0].get_ydata().tolist() == (2 * x).tolist()
    seeds = [line for line in near.lines if len(line.get_xdata()) == (x >= 8).sum()]
    drawn = sorted(line.get_ydata()[-1] for line in seeds)
    assert drawn == [15, 16, 26]  # both seeds, and the target
    ticks = sorted(line.get_ydata()[0] for line in near.lines if len(line.get_xdata()) == 2)
    assert ticks == [15.5, 17]
    colors = {line.get_ydata()[-1]: line.get_color() for line in seeds}
    assert not same_color(colors[15], colors[16])
    assert near.get_ylim()[1] > 17


# ---- Views --------------------------------------------------------------------------------------


def test_each_model_has_a_window_of_five_steps_its_look_and_a_word():
    figure = drawings.views({"a": "MLP", "b": "LSTM", "c": "sum"})
    (ax,) = figure.axes
    steps = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_linewidth() == 1]
    assert len(steps) == 3 * 5
    colors = {t.get_text(): t.get_color() for t in ax.texts}
    assert colors["a"] == plots.LOOKS["MLP"].color
    assert colors["b"] == plots.LOOKS["LSTM"].color
    written = " ".join(texts(figure))
    for words in ("mixes all steps", "carries a state on", "then a sum"):
        assert words in written


@pytest.mark.parametrize(
    ("kind", "shared"),
    [("linear", 0), ("MLP", 0), ("LSTM", 5), ("sum", 5), ("maximum", 5), ("CNN", 3)],
)
def test_boxes_with_a_w_share_their_weights(kind, shared):
    assert texts(drawings.views({"it": kind})).count("w") == shared


def test_an_mlp_joins_every_step_to_every_hidden_unit():
    (ax,) = drawings.views({"it": "MLP"}).axes
    assert len(ax.lines) == 5 * 3 + 3
    (ax,) = drawings.views({"it": "linear"}).axes
    assert len(ax.lines) == 5
    (ax,) = drawings.views({"it": "newest value"}).axes
    assert len(ax.lines) == 1


def test_a_view_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="models must look as one of"):
        drawings.views({"it": "SVM"})


# ---- Rows of the tasks --------------------------------------------------------------------------


def test_the_target_is_what_the_lit_bars_come_to():
    combine = {"known lag": sum, "adding": sum, "largest marked": max, "hold the latest": sum,
               "marks since reset": len}  # fmt: skip
    axes = drawings.tasks(12, seed=1).axes
    assert len(axes) == len(combine)
    for ax, (name, how) in zip(axes, combine.items(), strict=True):
        title = ax.get_title(loc="left") or ax.get_title()
        bars = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_width() == 0.7]
        lit = [bar.get_height() for bar in bars if same_color(bar.get_facecolor(), GOAL)]
        assert len(bars) == 12
        assert title.startswith(f"{name}: target ")
        target = float(title.split("target ")[1].split(",")[0])
        assert how(lit) == pytest.approx(target, abs=0.0051)


def test_marks_stand_above_their_bars():
    known, adding, *_ = drawings.tasks(12, seed=1).axes
    (marks,) = [line for line in adding.lines if line.get_label() == "mark"]
    assert len(marks.get_xdata()) == 2
    assert same_color(marks.get_color(), LIT)
    (none,) = [line for line in known.lines if line.get_label() == "mark"]
    assert len(none.get_xdata()) == 0


@pytest.mark.parametrize("seed", range(5))
def test_a_row_of_each_task_shows_what_it_asks(seed):
    drawings.tasks(12, seed=seed)
    drawings.tasks(20, seed=seed)
    X, _ = since_reset_task(200, 12, seed=seed)
    row = next(row for row in X if rows._TASKS[4].telling(row))
    assert row[:, 1].sum() == 1
    X, _ = largest_marked_task(200, 12, seed=seed)
    row = next(row for row in X if rows._several(row))
    assert row[:, 0][row[:, 1] > 0].argmax() < 2


def test_the_rows_have_a_length_that_can_be_drawn():
    with pytest.raises(ValueError, match="timesteps must be from 10 to 20"):
        drawings.tasks(50, seed=0)


# ---- The chart ----------------------------------------------------------------------------------


def test_the_decision_chart_has_an_answer_and_its_backing_beside_each_question():
    (ax,) = drawings.decision_chart(QUESTIONS, otherwise="start over", first="train").axes
    at = {text.get_text(): text.get_position() for text in ax.texts if text.get_text()}
    assert {"train", "is it known?", "window", "claim A", "does it move?", "start over"} < set(at)
    height = {text: y for text, (_, y) in at.items()}
    assert height["is it known?"] == pytest.approx(height["window"], abs=0.2)
    ordered = ("train", "is it known?", "does it move?", "start over")
    assert sorted(ordered, key=height.get, reverse=True) == [*ordered]
    assert height["claim A"] < height["window"]
    assert at["claim A"][0] == at["window"][0]
    assert [text.get_text() for text in ax.texts].count("yes") == 2


def test_long_questions_are_broken_into_lines_that_fit_their_boxes():
    long = "Lengthen the history: does a window stop gaining, and is a GRU no better?"
    figure = drawings.decision_chart([(long, long, "claim A")], otherwise="no", first="train")
    figure.draw_without_rendering()
    (ax,) = figure.axes
    boxes = [patch.get_window_extent() for patch in ax.patches]
    for text in ax.texts:
        if "\n" in text.get_text():
            assert any(_within(text.get_window_extent(), box) for box in boxes)


def test_followed_units_use_colours_that_are_told_apart():
    assert len({color for color, _, _ in inside._FOLLOWED}) == 3


def test_a_sheet_is_printed_the_same_way_twice(recwarn):
    """A figure in a notebook is: as a picture, and as one with alternative text."""
    plots.use_style()
    fig = drawings.array({"X": np.arange(12.0).reshape(4, 3, 1)})
    first, second = (print_figure(fig) for _ in range(2))
    assert first == second
    assert not recwarn.list
