"""The three paths through the course: marked by tags, and as long as is said of them."""

import copy
import re

import paths
import pytest
from paths import BEYOND, CURIOUS, NOTEBOOKS, PATHS, SECTIONS, WORKSHOP

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
README = paths.README.read_text(encoding="utf-8")
START = "\n\n".join(
    paths.source(cell) for cell in paths.read(NOTEBOOKS[0]) if cell["cell_type"] == "markdown"
)
#: Where a learner reads of the paths.
SAID = {"README": README, "00": START}
each_place = pytest.mark.parametrize("said", SAID.values(), ids=SAID.keys())


def text(words):
    return {"cell_type": "markdown", "source": words, "metadata": {}}


def code(source, outputs=(), **metadata):
    return {"cell_type": "code", "source": source, "outputs": [*outputs], "metadata": metadata}


FIGURE = {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo="}}


# ---- The rule ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        (text("word " * 320), 2),
        (text("| :-- | --: |\n– · 1"), 1 / 160),
        (code("\n".join(["x = 1", ""] * 50)), 50 * 0.12),
        (code('answer = ...\ncheck("01-axes", answer)'), 5 + 2 * 0.12),
        (code('check("01-axes", 1, solution=True)', tags=["solution"]), 0),
        (code("guess = ...\n"), 1 + 0.12),
        (code("guess_one, guess_two = ..., ...\n"), 1 + 0.12),
        (code("guess = 3\n"), 0.12),
        (code("plt.show()", [FIGURE]), 1 + 0.12),
        (code("widgets.window_explorer(wave)"), 1 + 0.12),
        (code("from helpers import widgets"), 0.12),
    ],
)
def test_a_cell_takes_as_long_as_the_rule_says(cell, minutes):
    assert paths.minutes([cell], seconds=0) == pytest.approx(minutes)


def test_a_notebook_takes_its_cells_and_the_time_that_it_runs():
    cells = [text("word " * 160), code("x = 1")]
    assert paths.minutes(cells, seconds=90) == pytest.approx(1 + 0.12 + 1.5)
    assert paths.minutes([], seconds=90) == 0


# ---- The tags ------------------------------------------------------------------------------------


def sample():
    return [
        text("# Title"),
        text("## Rerun the article's MLP"),
        code("x = 1", tags=["solution"]),
        text("So it is.\n\n### Exercise: find a kink\n\nOr go on."),
        text("### Exercise: bend a line where you want\n\nDo."),
        code("x = 2", tags=[WORKSHOP, "mine"]),
        text("## Multiply the layers out"),
        text("## Another section"),
        text("## Sum up the race"),
        text("## On your own\n\n1. Try."),
        text("## Further reading\n\n- A book."),
    ]


def test_cells_are_tagged_by_their_headings_and_keep_their_other_tags():
    cells = paths.tagged("03", sample())
    assert [paths.tags(cell) for cell in cells] == [
        [WORKSHOP],
        [WORKSHOP],
        ["solution", WORKSHOP],
        [WORKSHOP],  # it begins in the workshop
        [CURIOUS],
        ["mine", CURIOUS],
        [WORKSHOP],
        [],
        [WORKSHOP],
        [CURIOUS],
        [CURIOUS],
    ]
    assert "tags" not in cells[7]["metadata"]
    assert paths.tagged("03", copy.deepcopy(cells)) == cells


def test_paths_are_found_by_their_tags():
    cells = paths.tagged("03", sample())
    assert len(paths.on("workshop", cells)) == 6
    assert len(paths.on("core", cells)) == 7
    assert paths.on("everything", cells) == cells


def test_of_a_notebook_after_the_core_all_is_for_the_curious():
    cells = paths.tagged("07", sample())
    assert paths.on("workshop", cells) == paths.on("core", cells) == []


def test_a_heading_that_is_gone_is_named():
    cells = [cell for cell in sample() if "Multiply" not in paths.source(cell)]
    with pytest.raises(ValueError, match="03 has no heading 'Multiply the layers out'"):
        paths.tagged("03", cells)


@each_notebook
def test_the_cells_of_a_notebook_have_the_tags_of_its_paths(path):
    cells = paths.read(path)
    assert cells == paths.tagged(path.name[:2], copy.deepcopy(cells)), "run tests/paths.py"
    core = paths.on("core", cells)
    assert all(cell in core for cell in paths.on("workshop", cells))


# ---- What is said of them ------------------------------------------------------------------------


@each_notebook
def test_a_notebook_says_how_long_it_takes_and_that_is_an_hour_and_a_half_at_most(path):
    (_, said) = paths.ABOUT.search(paths.source(paths.read(path)[0])).groups()
    found = paths.own(path)
    assert int(said) == pytest.approx(found, rel=0.2)
    assert round(found) <= 90
    row = re.search(rf"^\| \[{path.stem}\].*\| (\d+) \|$", README, re.MULTILINE)
    assert row[1] == said


@pytest.mark.parametrize(("path", "most"), [("workshop", 3), ("core", 7), ("everything", None)])
@each_place
def test_the_hours_of_a_path_are_those_of_its_cells(path, most, said):
    row = re.search(rf"^\| \*\*{path.capitalize()}\*\* \|.*\| (\d+) \|$", said, re.MULTILINE)
    total = sum(minutes[path] for minutes in paths.table().values())
    assert 60 * int(row[1]) == pytest.approx(total, rel=0.2)
    assert total <= 60 * int(row[1])
    assert most is None or int(row[1]) <= most


@pytest.mark.parametrize("number", SECTIONS)
@each_place
def test_the_workshop_is_told_what_to_read_and_where_to_stop(number, said):
    (path,) = (path for path in NOTEBOOKS if path.name.startswith(number))
    row = re.search(rf"^\| {number} \| (.*) \| (\d+) \|$", said, re.MULTILINE)
    assert row[1] == paths.stop_lines(number, paths.read(path))
    assert int(row[2]) == pytest.approx(paths.table()[path.stem]["workshop"], rel=0.2)


@pytest.mark.parametrize("number", paths.OPTIONAL)
def test_what_a_later_notebook_does_not_count_has_its_heading_and_its_first_cell_says_so(number):
    (path,) = (path for path in NOTEBOOKS if path.name.startswith(number))
    cells = paths.read(path)
    headings = {name for here in paths.places(cells) for name, _ in here}
    assert headings >= {*paths.OPTIONAL[number]}
    assert "without the sections for the curious" in paths.source(cells[0])
    assert paths.own(path) < paths.table()[path.stem]["everything"]


@each_place
def test_what_is_beyond_the_core_is_named(said):
    for headings in BEYOND.values():
        for heading in headings:
            assert f"*{heading}*" in said


def test_there_are_three_paths_and_each_holds_the_one_before():
    assert PATHS == ("workshop", "core", "everything")
    for row in paths.table().values():
        assert row["workshop"] <= row["core"] <= row["everything"]
