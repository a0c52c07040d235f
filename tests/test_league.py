"""`helpers.league`: the tasks, how a cell is played, what is recorded, and that it comes out again.

The file is read, and a few of its quick cells are played once more.
"""

import json
import re
from itertools import product

from helpers import contenders, league
from helpers.contenders import CONTENDERS, Budget
from helpers.data import adding_task
from helpers.league import (
    CHOOSING,
    NAMES,
    ONE_STEP,
    RATES,
    SEEDS,
    TASKS,
    Cell,
    League,
    playing,
    plays,
)

import numpy as np
import pytest

CELLS = [(task, name) for task, name in product(TASKS, NAMES) if plays(task, name)]
NETWORKS = [(task, name) for task, name in CELLS if name in CONTENDERS]
RECORDED = json.loads(league.FILE.read_text(encoding="utf-8"))


def of(task, name):
    return RECORDED["tasks"][task]["contenders"][name]


# ---- The tasks ----------------------------------------------------------------------------------


@pytest.mark.parametrize("task", TASKS)
def test_training_validation_and_test_rows_are_different_and_so_are_those_of_two_seeds(task):
    several = [league.rows(task, which, seed)[0] for seed in (0, 1) for which in
               ("train", "validation", "test")]  # fmt: skip
    assert len({X[:5].tobytes() for X in several}) == 6
    train, validation, test = several[:3]
    assert train.shape == (TASKS[task].budget.rows, 50, 2)
    assert validation.shape == test.shape == (2000, 50, 2)


@pytest.mark.parametrize("lag", [20, 40])
def test_with_a_cue_the_second_feature_turns_on_at_the_wanted_value(lag):
    X, y = league.rows(f"lag {lag}, cue", "test", 0)
    first = X[:, :, 1].argmax(axis=1)
    assert set(first) == {49 - lag} == {TASKS[f"lag {lag}, cue"].wanted}
    assert (X[:, 49 - lag, 0] == y[:, 0]).all()
    assert not X[:, : 49 - lag].any()
    assert X[:, 49 - lag :, 1].all()


@pytest.mark.parametrize("lag", [20, 40])
def test_without_one_it_is_on_all_the_time_and_the_rest_is_alike(lag):
    X, y = league.rows(f"lag {lag}", "test", 0)
    with_cue, same = league.rows(f"lag {lag}, cue", "test", 0)
    assert (X[:, :, 1] == 1).all()
    assert (y == same).all()
    assert (X[:, 49 - lag :] == with_cue[:, 49 - lag :]).all()


def test_noise_as_large_as_the_signal_is_on_training_and_validation_targets_alone():
    task = "lag 40, noise, 100 rows"
    for which, spread in (("train", 1.0), ("validation", 1.0), ("test", 0.0)):
        noise = np.concatenate(
            [y[:, 0] - X[:, 9, 0] for X, y in (league.rows(task, which, s) for s in SEEDS)]
        )
        assert noise.std() == pytest.approx(spread * np.sqrt(1 / 12), rel=0.03, abs=1e-9)
        assert noise.mean() == pytest.approx(0, abs=0.02)


def test_every_network_makes_as_many_updates_on_every_task():
    assert {task.budget.updates for task in TASKS.values()} == {1200}


def test_one_step_alone_plays_where_one_step_carries_the_answer():
    assert {task for task in TASKS if plays(task, ONE_STEP)} == {t for t in TASKS if "lag" in t}


# ---- Playing ------------------------------------------------------------------------------------


@pytest.fixture
def tries(monkeypatch):
    """Networks that are not trained: the error is the distance of the rate from .01, and more."""
    tried = []

    def error(task, name, rate, seed, *, on="test", compiled=None):
        tried.append((rate, seed, on))
        return 0.1 + abs(rate - 0.01) + seed * 1e-5

    monkeypatch.setattr(playing, "network_error", error)
    return tried


def test_the_rate_is_chosen_on_validation_rows_with_seeds_that_are_not_those_of_the_result(tries):
    cell = league.play("adding", "MLP", 3)
    assert cell["rate"] == 0.01
    choosing = len(RATES) * len(CHOOSING)
    assert tries[:choosing] == [(rate, s, "validation") for rate in RATES for s in CHOOSING]
    assert tries[choosing:] == [(0.01, seed, "test") for seed in (0, 1, 2)]
    assert cell["errors"] == [0.1, 0.1, 0.1]
    assert not set(CHOOSING) & set(SEEDS)


def test_more_seeds_go_on_where_fewer_ended(tries):
    before = league.play("adding", "MLP", 2)
    del tries[:]
    after = league.play("adding", "MLP", 4, before)
    assert tries == [(0.01, 2, "test"), (0.01, 3, "test")]
    assert after | {"errors": after["errors"][:2]} == before
    assert len(after["errors"]) == 4


def test_a_cell_of_another_definition_begins_again(tries):
    before = league.play("adding", "MLP", 2)
    league.play("adding", "MLP", 3, before | {"signature": "of old"})
    choosing = len(RATES) * len(CHOOSING)
    assert len(tries) == (choosing + 2) + (choosing + 3)


def test_with_more_seeds_to_choose_by_the_choice_goes_on_and_the_result_stays(tries, monkeypatch):
    monkeypatch.setattr(playing, "CHOOSING", CHOOSING[:2])
    before = league.play("adding", "MLP", 3)
    monkeypatch.setattr(playing, "CHOOSING", CHOOSING[:3])
    del tries[:]
    after = league.play("adding", "MLP", 3, before)
    assert tries == [(rate, CHOOSING[2], "validation") for rate in RATES]
    assert after["errors"] == before["errors"]
    assert {len(errors) for errors in after["validation"].values()} == {3}


def test_where_it_comes_to_another_rate_the_result_begins_again(tries, monkeypatch):
    before = league.play("adding", "MLP", 3) | {"rate": 0.02}
    del tries[:]
    after = league.play("adding", "MLP", 3, before)
    assert tries == [(0.01, seed, "test") for seed in (0, 1, 2)]
    assert after["rate"] == 0.01


def test_errors_keep_four_digits_and_rounding_alone_is_no_error():
    assert playing._rounded(0.123456) == 0.1235
    assert playing._rounded(3e-8) == 0


def test_a_signature_changes_with_contender_task_and_budget(monkeypatch):
    before = {cell: league.signature(*cell) for cell in CELLS}
    assert len(set(before.values())) == len(CELLS)
    monkeypatch.setitem(TASKS, "adding", league.Task(adding_task, Budget(5000, 13, 50)))
    changed = {cell for cell in CELLS if league.signature(*cell) != before[cell]}
    assert changed == {cell for cell in CELLS if cell[0] == "adding"}


def test_and_with_what_the_contender_is_made_of(monkeypatch):
    before = {name: league.signature("adding", name) for name in CONTENDERS}
    monkeypatch.setattr(contenders, "Combined", contenders.Positions)
    changed = {name for name in CONTENDERS if league.signature("adding", name) != before[name]}
    combined = {"sum", "mean", "maximum"}
    assert changed == {*combined, "sum, net", "maximum, net", "conv and max"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: league.play("adding", "SVM", 1), "'SVM' does not play 'adding'"),
        (lambda: league.play("adding", ONE_STEP, 1), "does not play 'adding'"),
        (lambda: league.play("lag 3", "MLP", 1), "does not play 'lag 3'"),
        (lambda: league.play("adding", "MLP", 21), "seeds must be from 1 to 20"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# ---- Reading ------------------------------------------------------------------------------------


def test_a_cell_tells_median_range_and_share_of_no_skill():
    cell = Cell(np.array([0.1, 0.4, 0.2]), no_skill=0.4, rate=0.01, weights=7)
    assert (cell.median, cell.range, cell.skill) == (0.2, (0.1, 0.4), 0.5)


def test_the_best_of_a_task_has_the_smallest_median():
    cells = {("adding", name): Cell(np.array([error]), 0.4, None, None)
             for name, error in (("MLP", 0.3), ("sum", 0.1))}  # fmt: skip
    assert League(cells, 1, {}).best("adding") == "sum"
    with pytest.raises(KeyError, match="no task 'motif'"):
        League(cells, 1, {}).best("motif")
    with pytest.raises(KeyError, match="no cell"):
        League(cells, 1, {})["adding", "GRU"]


def test_a_cell_knows_what_the_other_rates_came_to():
    recorded = league.results()
    cell = recorded["adding", "GRU"]
    assert list(cell.tried) == list(RATES)
    assert all(several.shape == (len(CHOOSING),) for several in cell.tried.values())
    medians = {rate: np.median(several) for rate, several in cell.tried.items()}
    assert cell.rate == min(medians, key=medians.get)
    assert not recorded["adding", "least squares"].tried


def test_results_are_those_of_the_file():
    recorded = league.results()
    assert recorded.tasks == list(TASKS)
    assert recorded.names == list(NAMES)
    for task, name in CELLS:
        assert recorded[task, name].errors.tolist() == of(task, name)["errors"]
        assert recorded[task, name].no_skill == RECORDED["tasks"][task]["no skill"]
    assert recorded.settings["rates"] == list(RATES)
    assert recorded.seeds == RECORDED["seeds"]


def test_a_missing_cell_is_named_with_the_command_that_plays_it(tmp_path):
    without = json.loads(json.dumps(RECORDED))
    del without["tasks"]["motif"]["contenders"]["GRU"]
    file = tmp_path / "league.json"
    file.write_text(json.dumps(without), encoding="utf-8")
    with pytest.raises(ValueError, match=r"has no motif/GRU: run `python tests/run_league.py`"):
        league.results(file)
    partial = league.results(file, partial_too=True)
    assert ("motif", "GRU") not in partial.cells
    assert ("motif", "MLP") in partial.cells


def test_the_table_has_a_row_a_contender_and_a_dash_where_one_does_not_play():
    shown = league.table(league.results(), tasks=["lag 40", "adding"], names=[ONE_STEP, "MLP"]).data
    head, _, one_step, mlp = shown.splitlines()
    assert head == "| error in % of no skill | lag 40 | adding |"
    assert one_step.startswith(f"| {ONE_STEP} | ≈ 0")
    assert one_step.endswith("| – |")
    assert mlp.count("≈") == 6
    assert 80 < float(re.findall(r"≈ (\d+)", mlp)[3]) < 95


# ---- The file -----------------------------------------------------------------------------------


def test_the_file_says_with_what_it_was_computed():
    settings = league.settings()
    assert {key: RECORDED[key] for key in settings if key != "versions"} == {
        key: value for key, value in settings.items() if key != "versions"
    }
    assert set(RECORDED["versions"]) == {"keras", "numpy", "tensorflow"}


def test_it_has_every_cell_as_now_defined_and_no_other():
    there = [(t, n) for t, entry in RECORDED["tasks"].items() for n in entry["contenders"]]
    assert there == CELLS
    for task, name in CELLS:
        assert of(task, name)["signature"] == league.signature(task, name), (task, name)
    for task, entry in RECORDED["tasks"].items():
        assert entry["budget"] == TASKS[task].budget._asdict()


def test_every_cell_has_as_many_seeds_as_it_says_and_finite_errors():
    assert 5 <= RECORDED["seeds"] == min(len(of(*cell)["errors"]) for cell in CELLS)
    for task, name in CELLS:
        errors = np.array(of(task, name)["errors"])
        assert len(errors) <= len(SEEDS)
        assert np.isfinite(errors).all()
        assert (errors >= 0).all()
        if name in CONTENDERS:
            assert np.median(errors) > 0


def test_each_rate_is_the_best_of_the_grid_on_validation_rows():
    for task, name in NETWORKS:
        tried = {float(rate): errors for rate, errors in of(task, name)["validation"].items()}
        assert tuple(tried) == RATES
        assert {len(errors) for errors in tried.values()} == {len(CHOOSING)}
        medians = {rate: np.median(errors) for rate, errors in tried.items()}
        assert medians[of(task, name)["rate"]] == min(medians.values())


@pytest.mark.parametrize("name", CONTENDERS)
def test_the_weights_are_those_of_the_contender(name):
    counts = {of(task, name)["weights"] for task in TASKS}
    assert counts == {contenders.build(name, (50, 2), 0.01).count_params()}


def test_no_network_is_beaten_by_a_guess_by_far_where_rows_are_many():
    for task, name in NETWORKS:
        if TASKS[task].budget.rows == 5000:
            assert np.median(of(task, name)["errors"]) < 1.1 * RECORDED["tasks"][task]["no skill"]


@pytest.mark.parametrize("task", TASKS)
def test_the_error_of_no_skill_comes_out_again(task):
    assert league.no_skill(task) == pytest.approx(RECORDED["tasks"][task]["no skill"], rel=1e-3)


@pytest.mark.parametrize(("task", "name"), [cell for cell in CELLS if cell not in NETWORKS])
def test_least_squares_comes_out_again(task, name):
    again = league.play(task, name, 2)["errors"]
    assert again == pytest.approx(of(task, name)["errors"][:2], rel=2e-3, abs=1e-6)


@pytest.mark.parametrize(
    ("task", "name"), [("adding", "sum"), ("lag 40", "MLP"), ("largest marked", "maximum")]
)
def test_a_network_comes_out_again_within_a_half(task, name):
    # Another processor adds in another order, and after 1200 updates that shows.
    error = league.network_error(task, name, of(task, name)["rate"], SEEDS[0])
    assert of(task, name)["errors"][0] / 1.5 < error < 1.5 * of(task, name)["errors"][0]
