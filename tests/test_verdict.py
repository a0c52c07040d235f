"""`helpers.verdict`: which model it names, and what it calls luck."""

from __future__ import annotations

from dataclasses import replace

from helpers import contest, verdict
from helpers.contest import Candidate, Contest, plan

import numpy as np
import pandas as pd
import pytest

ROWS = 40  # of each test


def made_up(errors: dict, *, season: int | None = None, changed: dict | None = None) -> Contest:
    """A contest in which each model is off by so much: a number, or (origins, seeds, rows)."""
    layout = plan(400, 1, season)
    rows = [split.test.stop - split.test.start for split in layout.splits]
    truth = tuple(np.zeros((n, 1)) for n in rows)

    def candidate(name, off, window):
        off = np.broadcast_to(
            np.asarray(off, float), (3, np.shape(off)[1] if np.ndim(off) else 1, rows[0])
        )
        network = name in contest.NETWORKS
        return Candidate(
            name,
            window,
            np.nan if window is None else 1.0,
            tuple(origin[:, :, None] for origin in off),
            "relative" if network else None,
            0.01 if network else None,
        )

    entered = {}
    for name, off in errors.items():
        for window in (None,) if name in contest.FORMULAS else layout.lengths:
            entered[name, window] = candidate(name, off, window)
    default = dict.fromkeys(
        ("as they are", "shuffled", "older half reordered", "older half cut"),
        errors.get("GRU", 1.0),
    )
    altered = {
        name: candidate("GRU", off, layout.longest)
        for name, off in (default | (changed or {})).items()
    }
    return Contest(
        pd.Series(np.zeros(400)), layout, truth, (1.0, 1.0, 1.0), entered, altered, (0, 1, 2)
    )


def noisy(level: float, seed: int, *, seeds: int = 1, time: float = 0.0, luck: float = 0.0):
    """Errors that vary from row to row, and from seed to seed."""
    draw = np.random.default_rng(seed)
    by_seed = draw.normal(size=(1, seeds, 1)) * luck
    return np.abs(level + by_seed + draw.normal(size=(3, seeds, 36)) * time)


ALL = {"mean": 4.0, "persistence": 3.0, "linear": 2.0, "MLP": 2.5, "GRU": 2.4, "LSTM": 2.6}


def test_of_models_that_are_told_apart_the_one_with_the_smallest_error_is_taken():
    assert verdict.choose(made_up(ALL)).name == "linear"
    assert verdict.choose(made_up(ALL | {"GRU": 1.0})).name == "GRU"


def test_of_models_that_are_not_told_apart_the_simplest_is_taken():
    same = noisy(2.0, 1, time=0.5)
    little_less = noisy(1.98, 2, seeds=3, time=0.5)
    run = made_up(ALL | {"linear": same, "LSTM": little_less})
    assert verdict.choose(run).name == "linear"


def test_a_simpler_model_is_not_taken_where_luck_hides_that_it_is_far_behind():
    worse = np.ones((3, 1, 36))
    worse[1:, 0, :9] = 20.0
    run = made_up({"mean": worse, "persistence": 1.0})
    assert not verdict.told_apart(run, run.finalists["persistence"], run.finalists["mean"])
    assert verdict.choose(run).name == "persistence"


def test_a_lead_on_every_stretch_is_told_apart_however_small():
    run = made_up({"mean": noisy(2.0, 1, time=0.5), "persistence": noisy(2.0, 1, time=0.5) * 0.99})
    mean, persistence = run.finalists.values()
    assert verdict.told_apart(run, persistence, mean)
    assert not verdict.told_apart(run, mean, persistence)


def test_a_lead_on_one_stretch_alone_is_luck():
    worse = np.ones((3, 1, 36))
    worse[1, 0, :9] = 3.0
    run = made_up({"mean": worse, "persistence": 1.0})
    assert not verdict.told_apart(run, run.finalists["persistence"], run.finalists["mean"])


def test_a_lead_that_hangs_on_the_seed_is_luck():
    by_seed = np.repeat(np.array([1.0, 1.9, 3.5])[None, :, None], 3, axis=0)
    steady = np.repeat(np.array([1.89, 1.9, 1.91])[None, :, None], 3, axis=0)
    for errors, apart in ((by_seed, False), (steady, True)):
        errors = np.broadcast_to(errors, (3, 3, 36))
        run = made_up({"mean": 2.0, "MLP": errors})
        told = verdict.told_apart(run, run.finalists["MLP"], run.finalists["mean"])
        assert told is apart


def test_luck_alone_seldom_tells_two_models_apart():
    told = 0
    for seed in range(200):
        pair = {"mean": noisy(2, 2 * seed, time=1), "persistence": noisy(2, 2 * seed + 1, time=1)}
        run = made_up(pair)
        one, other = run.finalists.values()
        told += verdict.told_apart(run, one, other) or verdict.told_apart(run, other, one)
    assert told <= 10  # of 200


# ---- Words ---------------------------------------------------------------------------------------


def said(run: Contest) -> str:
    return verdict.sentence(run).data


def test_the_verdict_names_the_model_its_error_and_that_it_was_chosen_by_it():
    text = said(made_up(ALL))
    assert text.startswith("**Take the linear window.**")
    assert "2 MASE" in text
    assert "within luck of the smallest" not in text
    assert text.endswith("so expect a little more of the next.)")
    assert "The best network, the GRU with ≈ 2.40, is behind by more than luck" in text


def test_the_verdict_says_that_a_difference_is_within_luck():
    same, less = noisy(2.0, 1, time=0.5), noisy(1.9, 2, seeds=3, time=0.5)
    text = said(made_up(ALL | {"linear": same, "LSTM": less}))
    assert text.startswith("**Take the linear window.**")
    assert "of the LSTM" in text
    assert "this difference is within luck" in text


def test_the_verdict_names_every_other_model_that_is_within_luck_of_the_best():
    near = noisy(1.95, 3, seeds=3, time=0.5)
    same, less = noisy(2.0, 1, time=0.5), noisy(1.9, 2, seeds=3, time=0.5)
    text = said(made_up(ALL | {"linear": same, "LSTM": less, "GRU": near}))
    others = text.partition("Also within luck of the smallest error: ")[2].partition(". ")[0]
    assert "the GRU with ≈ 1.9" in others
    assert "linear" not in others  # it is the one to take


def test_where_nothing_helps_the_verdict_says_so():
    text = said(made_up(dict.fromkeys(ALL, 1.0)))
    assert text.startswith("**Take the mean.**")
    assert "Nothing that these models could find in its past helps" in text


def test_where_a_network_wins_the_verdict_says_what_there_is_without_one():
    text = said(made_up(ALL | {"GRU": 1.0}))
    assert text.startswith("**Take the GRU.**")
    assert "Without a network the best is the linear window with 2." in text


def test_only_numbers_that_training_decides_stand_after_the_sign():
    rows = verdict.scores(made_up(ALL)).data.splitlines()
    assert all(("≈" in row) == row.startswith(("| MLP", "| GRU", "| LSTM")) for row in rows)


@pytest.mark.parametrize(("name", "sign"), [("linear", ""), ("GRU", "≈ ")])
def test_what_lies_ahead_stands_in_a_row_for_each_time(name, sign):
    times = pd.date_range("2020-05-01", periods=2, freq="MS")
    ahead = pd.DataFrame({"forecast": [416.51, 417.0], "low": 1.0, "high": 2.0}, index=times)
    taken = made_up(ALL).finalists[name]
    head, _, first, second = verdict.numbers(ahead, taken).data.splitlines()
    assert head == "| time | forecast | low | high |"
    assert first.startswith(f"| 2020-05-01 | {sign}416.5")
    assert second.startswith(f"| 2020-06-01 | {sign}417")


@pytest.mark.parametrize(
    ("errors", "changed", "answers"),
    [
        (ALL | {"LSTM": 1.0}, {}, ("No: memory gains", "Yes, up to luck", "Not for this GRU")),
        (
            ALL,
            {},
            ("Yes: memory gains nothing", "Yes, up to luck", "Not for this GRU: it loses no more"),
        ),
        (
            dict.fromkeys(ALL, 1.0),
            {},
            ("No place does", "Yes, up to luck", "Not for this GRU: it loses no more"),
        ),
        (
            ALL,
            {"shuffled": 5.0},
            ("Yes: memory", "No, order counts", "Not for this GRU: it loses no more"),
        ),
        (
            ALL,
            {"older half cut": 5.0},
            ("Yes: memory", "Yes, up to luck", "Yes: ≈ 5.00 with the older half cut"),
        ),
        (
            ALL,
            {"older half cut": 5.0, "older half reordered": 6.0},
            ("Yes: memory", "Yes, up to luck", "Its order counts too"),
        ),
        (
            ALL,
            {"older half reordered": 6.0},
            ("Yes: memory", "Yes, up to luck", "Not for this GRU: it loses no more"),
        ),
    ],
)
def test_each_question_of_the_chart_gets_its_answer(errors, changed, answers):
    lines = verdict.answers(made_up(errors, changed=changed)).data.splitlines()
    assert len(lines) == 3
    for line, number, answer in zip(lines, "123", answers, strict=True):
        assert line.startswith(f"{number}. **")
        assert answer in line


def test_where_the_longest_window_tried_is_the_best_the_answer_holds_so_far():
    run = made_up(ALL)
    half, longest = run.plan.lengths
    worse = made_up(ALL | {"linear": 5.0}).candidates["linear", half]
    better = replace(run.candidates["linear", longest], chosen=0.5)
    shorter = run.candidates | {("linear", half): worse, ("linear", longest): better}
    first, *_ = verdict.answers(replace(run, candidates=shorter)).data.splitlines()
    assert "So far, yes: memory gains nothing" in first
    assert f"{longest} values are the most that was tried" in first


def test_it_is_said_when_rows_were_left_out_and_when_a_season_is_too_long():
    run = made_up(ALL)
    assert "no more than" not in verdict.protocol(run)
    for n, season, word in (
        (9000, None, "no more than 4,000 rows"),
        (3000, 168, "a season of 168"),
    ):
        longer = replace(run, plan=plan(n, 1, season), series=pd.Series(np.zeros(n)))
        assert word in verdict.protocol(longer)
