"""`tests/run_league.py`: in which order cells are played, and that it goes on where it was."""

import json

from helpers import league

import pytest
import run_league


@pytest.fixture
def file(tmp_path):
    return tmp_path / "league.json"


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(league, "no_skill", lambda task: 0.4)
    monkeypatch.setattr(league, "NAMES", ("least squares", "MLP"))
    two = {task: league.TASKS[task] for task in ("adding", "motif")}
    monkeypatch.setattr(league, "TASKS", two)


class Player:
    """Plays at once, and remembers what it was asked."""

    def __init__(self, stops_at=None):
        self.asked, self.stops_at = [], stops_at

    def __call__(self, task, name, seeds, before):
        if len(self.asked) == self.stops_at:
            raise KeyboardInterrupt
        self.asked.append((task, name, seeds, len(before["errors"]) if before else 0))
        return {"signature": league.signature(task, name), "errors": [0.1] * seeds}


def run(file, *arguments, play=None):
    play = play or Player()
    assert run_league.main(["--file", str(file), *arguments], play) == 0
    return play.asked


def test_a_whole_league_is_there_with_5_seeds_before_any_cell_has_10(file):
    asked = run(file, "--seeds", "12")
    cells = [("adding", "least squares"), ("motif", "least squares"), ("adding", "MLP"),
             ("motif", "MLP")]  # fmt: skip
    levels = [(5, 0), (10, 5), (12, 10)]
    assert asked == [(*cell, *level) for level in levels for cell in cells]


def test_broken_off_it_goes_on_where_it_was(file):
    first = Player(stops_at=3)
    with pytest.raises(KeyboardInterrupt):
        run(file, "--seeds", "5", play=first)
    assert json.loads(file.read_text())["seeds"] == 0
    assert run(file, "--seeds", "5") == [("motif", "MLP", 5, 0)]
    assert run(file, "--seeds", "5") == []
    assert json.loads(file.read_text())["seeds"] == 5


def test_a_cell_that_was_played_by_another_definition_is_played_anew(file):
    run(file, "--seeds", "5")
    state = json.loads(file.read_text())
    state["tasks"]["motif"]["contenders"]["MLP"]["signature"] = "of old"
    file.write_text(json.dumps(state))
    assert run(file, "--seeds", "5") == [("motif", "MLP", 5, 0)]


def test_a_cell_whose_rate_was_chosen_by_fewer_seeds_is_asked_again(file):
    run(file, "--seeds", "5")
    state = json.loads(file.read_text())
    few = {"0.01": [0.1] * (len(league.CHOOSING) - 1)}
    state["tasks"]["motif"]["contenders"]["MLP"]["validation"] = few
    file.write_text(json.dumps(state))
    assert run(file, "--seeds", "5") == [("motif", "MLP", 5, 5)]


@pytest.mark.parametrize(
    ("only", "cells"),
    [
        ("motif/MLP", [("motif", "MLP")]),
        ("motif", [("motif", "least squares"), ("motif", "MLP")]),
        ("/MLP", [("adding", "MLP"), ("motif", "MLP")]),
    ],
)
def test_only_a_task_a_contender_or_a_cell(file, only, cells):
    assert [asked[:2] for asked in run(file, "--seeds", "3", "--only", only)] == cells


def test_anew_forgets_the_cells_asked_for_and_no_other(file):
    run(file, "--seeds", "5")
    assert run(file, "--seeds", "5", "--anew", "--only", "/MLP") == [
        ("adding", "MLP", 5, 0),
        ("motif", "MLP", 5, 0),
    ]


def test_an_unknown_cell_is_named(file):
    with pytest.raises(SystemExit, match="--only motif/SVM is no cell"):
        run(file, "--only", "motif/SVM")


def test_the_file_has_its_settings_and_a_line_a_cell_in_the_order_of_the_definitions(file):
    run(file, "--seeds", "2", "--only", "motif")
    run(file, "--seeds", "2", "--only", "adding")
    text = file.read_text()
    state = json.loads(text)
    assert {key: state[key] for key in league.settings()} == league.settings()
    assert list(state["tasks"]) == ["adding", "motif"]
    assert list(state["tasks"]["adding"]["contenders"]) == ["least squares", "MLP"]
    assert state["tasks"]["adding"]["no skill"] == 0.4
    assert sum('"errors"' in line for line in text.splitlines()) == 4
    assert not list(file.parent.glob("*.part"))


def test_what_is_no_cell_any_more_is_dropped(file):
    run(file, "--seeds", "2")
    state = json.loads(file.read_text())
    state["tasks"]["motif"]["contenders"]["SVM"] = {"signature": "x", "errors": [1.0]}
    state["tasks"]["lag 3"] = state["tasks"]["motif"]
    run_league.write(state, file)
    state = json.loads(file.read_text())
    assert list(state["tasks"]) == ["adding", "motif"]
    assert "SVM" not in state["tasks"]["motif"]["contenders"]
