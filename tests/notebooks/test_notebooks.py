"""The lessons make one course: numbered, with the exercises of `helpers` in their order."""

from __future__ import annotations

import re

from helpers.exercises import EXERCISES

import pytest
from conventions.course import LESSONS, NOTEBOOKS, read
from conventions.parts import calls, code_cells, exercise_of


def test_the_lessons_are_numbered_from_00_without_a_gap():
    assert LESSONS, "no lesson in notebooks/: nothing below was tested"
    assert [path.name[:3] for path in LESSONS] == [f"{n:02}_" for n in range(len(LESSONS))]


def test_every_exercise_stands_in_its_notebook_in_the_order_of_the_course():
    cells = [(path.name, cell) for path in LESSONS for cell in read(path).cells]
    asked = [(name, exercise_of(cell)) for name, cell in cells if "..." in cell.source]
    asked = [(name, exercise) for name, exercise in asked if exercise]
    assert [exercise for _, exercise in asked] == list(EXERCISES)
    assert all(name.startswith(exercise[:2]) for name, exercise in asked)


@pytest.mark.parametrize("path", LESSONS[1:], ids=lambda path: path.stem)
def test_a_lesson_has_exercises_a_quiz_and_a_figure_to_play_with(path):
    own = [name for name in EXERCISES if name.startswith(path.name[:2])]
    assert own[-1] == f"{path.name[:2]}-quiz"
    assert len(own) >= 4
    assert any("widgets." in cell.source for _, cell in code_cells(read(path)))
    assert sum("progress()" in cell.source for _, cell in code_cells(read(path))) == 1


def test_no_other_notebook_is_there_but_the_one_to_copy_which_asks_nothing_and_claims_nothing():
    (path,) = set(NOTEBOOKS) - set(LESSONS)
    assert path.name == "my_series.ipynb"
    cells = code_cells(read(path))
    assert not any(exercise_of(cell) or calls(cell, "claim") for _, cell in cells)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_file_name_is_plain(path):
    assert re.fullmatch(r"\d\d_[a-z0-9_]+\.ipynb", path.name)
