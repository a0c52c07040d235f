"""`tests/run_real_league.py`: in which order cells are played, and that it goes on where it was."""

import json

from helpers import real_league as league
from helpers.real_league import playing

import pytest
import run_real_league

TWO = ("CO2, relative, 5", "laser, z-scored, 5")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "real_league.json"


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(league, "NAMES", ("mean", "MLP"))
    monkeypatch.setattr(league, "CONTESTS", {name: league.CONTESTS[name] for name in TWO})


class Player:
    """Plays at once, and remembers what it was asked."""

    def __init__(self, stops_at=None):
        self.asked, self.stops_at = [], stops_at

    def __call__(self, contest, name, seeds, before):
        if len(self.asked) == self.stops_at:
            raise KeyboardInterrupt
        self.asked.append((contest, name, seeds, len(before["rmse"][0]) if before else 0))
        errors = [[0.1] * (1 if name == "mean" else seeds)] * league.ORIGINS
        tried = {f"{units} units, rate {rate}": [0.1] * len(league.CHOOSING)
                 for units in league.UNITS["MLP"] for rate in playing.RATES}  # fmt: skip
        return {"signature": league.signature(contest), "rmse": errors, "mae": errors,
                "validation": tried}  # fmt: skip


def run(file, *arguments, play=None):
    play = play or Player()
    assert run_real_league.main(["--file", str(file), "--jobs", "0", *arguments], play) == 0
    return play.asked


def test_a_whole_league_is_there_with_3_seeds_before_any_cell_has_10(file):
    formulas = [(contest, "mean", 3, 0) for contest in TWO]
    networks = [(contest, "MLP", *level) for level in ((3, 0), (5, 3), (10, 5)) for contest in TWO]
    assert run(file) == formulas + networks


def test_broken_off_it_goes_on_where_it_was(file):
    with pytest.raises(KeyboardInterrupt):
        run(file, "--seeds", "3", play=Player(stops_at=3))
    assert list(league.results(file, partial_too=True).cells) == [
        (TWO[0], "mean"), (TWO[0], "MLP"), (TWO[1], "mean")
    ]  # fmt: skip
    assert run(file, "--seeds", "3") == [(TWO[1], "MLP", 3, 0)]
    assert run(file, "--seeds", "3") == []


def test_a_cell_of_other_definitions_is_played_anew(file):
    run(file, "--seeds", "3")
    state = json.loads(file.read_text())
    state["contests"][TWO[0]]["MLP"]["signature"] = "of old"
    file.write_text(json.dumps(state))
    assert run(file, "--seeds", "3") == [(TWO[0], "MLP", 3, 0)]


def test_when_another_rate_is_on_offer_each_network_chooses_again(file, monkeypatch):
    run(file, "--seeds", "3")
    monkeypatch.setattr(playing, "RATES", (*playing.RATES, 0.5))
    assert run(file, "--seeds", "3") == [(contest, "MLP", 3, 3) for contest in TWO]
    assert run(file, "--seeds", "3") == []


def test_anew_forgets_what_is_asked_for_and_nothing_else(file):
    run(file, "--seeds", "3")
    again = run(file, "--seeds", "3", "--anew", "--only", "laser")
    assert again == [(TWO[1], "mean", 3, 0), (TWO[1], "MLP", 3, 0)]


def test_cells_that_are_not_there_cannot_be_asked_for(file):
    with pytest.raises(SystemExit, match="--only tides is in no CONTEST/CONTENDER"):
        run(file, "--only", "tides")


def test_the_file_has_a_line_a_cell_and_says_how_it_was_made(file):
    run(file, "--seeds", "3")
    state = json.loads(file.read_text())
    assert list(state["contests"]) == list(TWO)
    assert state["series"]["CO2"]["test"] == league.SERIES["CO2"].test
    assert sum('"signature"' in line for line in file.read_text().splitlines()) == 4
