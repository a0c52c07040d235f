"""`helpers.plots.league`: what the figure shows of a recorded league, and that it can be read."""

from itertools import combinations

from helpers import plots
from helpers.heatmap import _percent
from helpers.league import NAMES, TASKS, Cell, League, plays

import matplotlib as mpl
import numpy as np
import pytest

SKILL = {("adding", "MLP"): 0.9, ("adding", "sum"): 0.02, ("motif", "MLP"): 0.8}


def made_up(skill):
    cells = {key: Cell(np.array([share * 0.4] * 3), 0.4, 0.01, 9) for key, share in skill.items()}
    return League(cells, seeds=3, settings={})


@pytest.fixture(autouse=True)
def _in_the_courses_style(figures_of_its_own):
    plots.use_style()


def numbers(figure):
    (ax,) = figure.axes
    tasks = [label.get_text() for label in ax.get_yticklabels()]
    names = [label.get_text() for label in ax.get_xticklabels()]
    placed = {text.get_position(): text for text in ax.texts}
    return {(tasks[y], names[x]): text for (x, y), text in placed.items()}


def test_each_cell_has_its_error_in_percent_of_no_skill_and_a_dash_where_there_is_none():
    shown = numbers(plots.league(made_up(SKILL)))
    assert {cell: text.get_text() for cell, text in shown.items()} == {
        ("adding", "MLP"): "90",
        ("adding", "sum"): "2",
        ("motif", "MLP"): "80",
        ("motif", "sum"): "–",
    }


def test_the_best_of_each_task_is_bold_and_framed():
    figure = plots.league(made_up(SKILL))
    bold = {cell for cell, text in numbers(figure).items() if text.get_weight() == "bold"}
    assert bold == {("adding", "sum"), ("motif", "MLP")}
    frames = [(frame.get_x() + 0.45, frame.get_y() + 0.42) for frame in figure.axes[0].patches]
    np.testing.assert_allclose(frames, [(1, 0), (0, 1)])


def test_where_nobody_has_skill_nobody_is_framed():
    figure = plots.league(made_up({("adding", "MLP"): 1.0, ("adding", "sum"): 0.97}))
    assert not figure.axes[0].patches


def test_who_has_no_skill_has_a_shade_and_no_number():
    shown = numbers(plots.league(made_up({("adding", "MLP"): 0.951, ("adding", "sum"): 0.949})))
    assert {cell: text.get_text() for cell, text in shown.items()} == {("adding", "sum"): "95"}


def test_tasks_and_contenders_stand_in_the_order_asked_for():
    shown = numbers(plots.league(made_up(SKILL), tasks=["motif", "adding"], names=["MLP"]))
    assert list(shown) == [("motif", "MLP"), ("adding", "MLP")]


def test_a_smaller_error_is_darker_and_a_cell_without_one_is_white():
    (ax,) = plots.league(made_up(SKILL)).axes
    shades = np.asarray(ax.images[0].get_array())[..., :3].mean(axis=2)
    assert shades[0, 1] < shades[1, 0] < shades[0, 0] < shades[1, 1] == 1


def test_axes_say_what_they_are_and_from_how_many_seeds():
    (ax,) = plots.league(made_up(SKILL)).axes
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("contender (median of 3 seeds)", "task")
    assert ax.get_title(loc="left") == "error in % of no skill"


@pytest.mark.parametrize("width", [5.0, 7.2])
def test_the_whole_league_can_be_read_no_letter_below_9_points_and_none_over_another(width):
    skill = {
        (task, name): (0.001, 0.94, 1.034)[row % 3]
        for row, task in enumerate(TASKS)
        for name in NAMES
        if plays(task, name)
    }
    figure = plots.league(made_up(skill), width=width)
    figure.canvas.draw()
    (ax,) = figure.axes
    texts = [*ax.texts, *ax.get_xticklabels(), *ax.get_yticklabels(), ax.xaxis.label,
             ax.yaxis.label, ax._left_title]  # fmt: skip
    assert min(text.get_fontsize() for text in texts) >= 9
    page = figure.bbox
    boxes = [text.get_window_extent() for text in texts]
    assert all(page.x0 <= box.x0 and box.x1 <= page.x1 for box in boxes)
    assert all(page.y0 <= box.y0 and box.y1 <= page.y1 for box in boxes)
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]


def test_each_number_stands_out_from_its_shade():
    skill = {
        ("adding", name): share
        for name, share in zip(NAMES[1:], np.geomspace(0.003, 0.94, len(NAMES) - 1), strict=True)
    }
    figure = plots.league(made_up(skill))
    (ax,) = figure.axes
    for shade, text in zip(ax.images[0].get_array()[0], ax.texts, strict=True):
        assert contrast(shade[:3], mpl.colors.to_rgb(text.get_color())) >= 4.5


def contrast(one, other):
    """Of two colours, as WCAG 2 defines it: 1 to 21."""

    def luminance(color):
        color = np.asarray(color)
        linear = np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0"), (0.0004, "0"), (0.0006, "0.1"), (0.0094, "0.9"), (0.0099, "1"), (0.016, "2"),
     (0.5, "50"), (1.034, "103"), (np.nan, "–")],
)  # fmt: skip
def test_a_share_takes_three_characters_at_most(share, text):
    assert _percent(share) == text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"tasks": ["lag 3"]}, "tasks must be one or more of"),
        ({"names": []}, "names must be one or more of"),
        ({"width": 2}, "width must be at least 3 inches, got 2"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        plots.league(made_up(SKILL), **arguments)
