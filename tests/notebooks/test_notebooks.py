"""The notebooks make one course: numbered, with the exercises of `helpers` in their order."""

from __future__ import annotations

import re

from helpers.exercises import EXERCISES

import pytest
from conventions.course import NOTEBOOKS, read
from conventions.parts import code_cells, exercise_of


def test_the_notebooks_are_numbered_from_00_without_a_gap():
    assert NOTEBOOKS, "no notebook in notebooks/: nothing below was tested"
    assert [path.name[:3] for path in NOTEBOOKS] == [f"{n:02}_" for n in range(len(NOTEBOOKS))]


def test_every_exercise_stands_in_its_notebook_in_the_order_of_the_course():
    cells = [(path.name, cell) for path in NOTEBOOKS for cell in read(path).cells]
    asked = [(name, exercise_of(cell)) for name, cell in cells if "..." in cell.source]
    asked = [(name, exercise) for name, exercise in asked if exercise]
    assert [exercise for _, exercise in asked] == list(EXERCISES)
    assert all(name.startswith(exercise[:2]) for name, exercise in asked)


@pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=lambda path: path.stem)
def test_a_notebook_has_exercises_a_quiz_and_figures_to_play_with(path):
    own = [name for name in EXERCISES if name.startswith(path.name[:2])]
    assert own[-1] == f"{path.name[:2]}-quiz"
    assert len(own) >= 4
    assert any("widgets." in cell.source for _, cell in code_cells(read(path)))
    assert sum("progress()" in cell.source for _, cell in code_cells(read(path))) == 1


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_file_name_is_plain(path):
    assert re.fullmatch(r"\d\d_[a-z0-9_]+\.ipynb", path.name)
