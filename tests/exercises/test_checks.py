"""`check` and `progress`, as a notebook calls them."""

import re

from helpers.exercises import EXERCISES, check, progress

import numpy as np
import pytest


def test_the_nearest_name_is_the_one_that_was_meant(said):
    assert said("02-weigths", 1).endswith("The nearest is '02-weights'.")


def test_an_interrupt_is_not_held_back():
    def interrupted(*arguments):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("05-step", interrupted)


@pytest.mark.parametrize("name", ["05-step", "05-update"])
def test_a_function_that_returns_the_three_dots_is_still_to_come(said, name):
    assert said(name, lambda *arguments: ...).startswith(f"… {name}: your answer is still to come")


@pytest.mark.parametrize("answer", [1, ..., None, (1, ...)])
def test_a_solution_that_is_not_right_stops_the_notebook(capsys, answer):
    with pytest.raises(AssertionError) as raised:
        check("02-weights", answer, solution=True)
    assert re.match("[✗…] 02-weights: ", str(raised.value))
    assert capsys.readouterr().out == ""
    with pytest.raises(AssertionError, match="There is no exercise"):
        check("02-weigth", 4480, solution=True)


def test_progress_shows_each_notebook_and_what_is_done(capsys):
    check("01-axes", (200, 60, 3))
    check("01-input-shape", (60, 3))
    check("05-step", lambda value, mark: value * mark)
    check("01-order", np.arange(40).reshape(4, 2, 5))
    capsys.readouterr()
    progress()
    lines = capsys.readouterr().out.splitlines()
    assert [line[:2] for line in lines[:-1]] == sorted({name[:2] for name in EXERCISES})
    assert re.fullmatch(
        r"01  ✓ axes  · order  ✓ input-shape  · windows  · forecast  · quiz +2 of 6", lines[1]
    )
    assert re.fullmatch(r"05  ✓ step  · update  .* +1 of 5", lines[5])
    assert len({line.index(" of ") for line in lines[:-1]}) == 1
    assert max(map(len, lines)) <= 80
    assert lines[-1] == f"3 of {len(EXERCISES)} exercises done"
