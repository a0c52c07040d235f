"""`helpers.probes`: each change of rows is what it says, and each test tells the tasks apart."""

from helpers.data import adding_task, hold_latest_task, recall_task
from helpers.probes import (
    cut,
    exchange_older,
    lengthen,
    newest,
    probe,
    reorder_older,
    shuffle,
    shuffle_runs,
)

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

SEEDS = st.integers(0, 2**32)
SIZES = {"samples": st.integers(2, 8), "timesteps": st.integers(1, 12), "seed": SEEDS}


def numbered(samples, timesteps):
    """Rows in which every number says where it was: row, step and feature."""
    return np.arange(samples * timesteps * 2.0).reshape(samples, timesteps, 2)


# ---- What is done to rows -----------------------------------------------------------------------


@given(**SIZES, data=st.data())
def test_shuffled_rows_hold_the_same_steps_with_their_features_together(
    samples, timesteps, seed, data
):
    X = numbered(samples, timesteps)
    before = X.copy()
    shuffled = shuffle_runs(X, seed, run=data.draw(st.integers(1, timesteps)))
    for row, other in zip(X, shuffled, strict=True):
        assert sorted(map(tuple, row)) == sorted(map(tuple, other))
    assert np.array_equal(X, before)


@given(**SIZES, data=st.data())
def test_runs_counted_from_the_newest_step_stay_together(samples, timesteps, seed, data):
    run = data.draw(st.integers(1, timesteps))
    X = numbered(samples, timesteps)
    shuffled = shuffle_runs(X, seed, run=run)
    ends = range(timesteps, 0, -run)
    for row, other in zip(X[:, :, 0], shuffled[:, :, 0], strict=True):
        other = other.tolist()
        for end in ends:
            steps = row[max(0, end - run) : end].tolist()
            start = other.index(steps[0])
            assert other[start : start + len(steps)] == steps


def test_each_row_gets_an_order_of_its_own_and_all_orders_come_about_equally_often():
    X = np.tile(np.arange(3.0)[:, None], (6000, 1, 1))
    orders, counts = np.unique(shuffle_runs(X, seed=0)[:, :, 0], axis=0, return_counts=True)
    assert len(orders) == 6
    assert np.all(np.abs(counts - 1000) < 150)


@given(**SIZES, data=st.data())
def test_the_newest_steps_stay_and_older_ones_are_only_reordered(samples, timesteps, seed, data):
    keep = data.draw(st.integers(0, timesteps))
    X = numbered(samples, timesteps)
    changed = reorder_older(X, keep, seed)
    older = timesteps - keep
    assert np.array_equal(changed[:, older:], X[:, older:])
    for row, other in zip(X[:, :older], changed[:, :older], strict=True):
        assert sorted(map(tuple, row)) == sorted(map(tuple, other))


@given(**SIZES, data=st.data())
def test_exchanged_history_is_that_of_another_row_each_given_once(samples, timesteps, seed, data):
    keep = data.draw(st.integers(0, timesteps - 1))
    X = numbered(samples, timesteps)
    changed = exchange_older(X, keep, seed)
    older = timesteps - keep
    assert np.array_equal(changed[:, older:], X[:, older:])
    giver = [int(np.flatnonzero(X[:, 0, 0] == first)[0]) for first in changed[:, 0, 0]]
    assert sorted(giver) == list(range(samples))
    assert all(row != other for row, other in enumerate(giver))
    assert np.array_equal(changed[:, :older], X[giver, :older])


@given(**SIZES, data=st.data())
def test_the_newest_steps_are_the_last_ones(samples, timesteps, seed, data):
    keep = data.draw(st.integers(1, timesteps))
    X = numbered(samples, timesteps)
    assert np.array_equal(newest(X, keep), X[:, -keep:])


@pytest.mark.parametrize(
    "change",
    [
        lambda X, seed: shuffle_runs(X, seed),
        lambda X, seed: reorder_older(X, 2, seed),
        lambda X, seed: exchange_older(X, 2, seed),
    ],
)
def test_the_seed_decides(change):
    X = numbered(20, 10)
    assert np.array_equal(change(X, 0), change(X, 0))
    assert not np.array_equal(change(X, 0), change(X, 1))


# ---- What the tests tell ------------------------------------------------------------------------
# With trainers that know the rule, so that nothing has to be trained.

STEPS = 12


def knows(rule):
    """A trainer that predicts by a rule, whatever it is trained on."""
    return lambda X, y, X_test: rule(X_test)


def least_squares(X, y, X_test):
    flat = np.column_stack([X.reshape(len(X), -1), np.ones(len(X))])
    weights, *_ = np.linalg.lstsq(flat, y)
    return np.column_stack([X_test.reshape(len(X_test), -1), np.ones(len(X_test))]) @ weights


def total_of_marked(X):
    return (X[..., 0] * X[..., 1]).sum(axis=1, keepdims=True)


def latest_marked(X):
    steps = np.arange(1, X.shape[1] + 1) * (X[..., 1] == 1)
    return X[np.arange(len(X)), steps.argmax(axis=1), 0][:, None]


def rows_of(task, *arguments):
    return task(400, STEPS, *arguments, 0), task(300, STEPS, *arguments, 1)


def test_a_window_stops_gaining_when_it_covers_the_lag():
    errors = lengthen(least_squares, *rows_of(recall_task, 4), (2, 4, 5, 12))
    assert list(errors) == [2, 4, 5, 12]
    assert min(errors[2], errors[4]) > 0.25
    assert max(errors[5], errors[12]) < 1e-5


def test_a_sum_survives_shuffling_and_the_latest_value_does_not():
    adding = shuffle(knows(total_of_marked), *rows_of(adding_task), runs=(1, 3))
    assert list(adding) == ["intact", "steps shuffled", "runs of 3 shuffled"]
    assert max(map(max, adding.values())) < 1e-6
    latest = shuffle(knows(latest_marked), *rows_of(hold_latest_task), runs=(1, 3))
    assert latest["intact"] == 0
    assert latest["steps shuffled"] > 0.1
    assert latest["runs of 3 shuffled"] > 0.1


def test_training_rows_and_test_rows_are_shuffled_both():
    seen = []

    def train(X, y, X_test):
        seen.append((X, X_test))
        return np.zeros((len(X_test), 1))

    rows, test = rows_of(adding_task)
    shuffle(train, rows, test)
    (intact, intact_test), (shuffled, shuffled_test) = seen
    assert np.array_equal(intact, rows[0])
    assert np.array_equal(intact_test, test[0])
    for X, other in ((rows[0], shuffled), (test[0], shuffled_test)):
        assert not np.array_equal(X, other)
        np.testing.assert_allclose(np.sort(X[..., 0]), np.sort(other[..., 0]))


def test_where_older_marks_count_cutting_hurts_and_so_does_reordering_where_order_counts():
    adding = cut(knows(total_of_marked), *rows_of(adding_task), keep=3)
    assert list(adding) == ["intact", "older cut", "older reordered"]
    assert max(adding["intact"], adding["older reordered"]) < 1e-6
    assert adding["older cut"] > 0.3
    latest = cut(knows(latest_marked), *rows_of(hold_latest_task), keep=1)
    assert latest["intact"] == 0
    assert min(latest["older cut"], latest["older reordered"]) > 0.1
    kept = cut(knows(latest_marked), *rows_of(hold_latest_task), keep=STEPS)
    assert max(kept.values()) == 0


def test_a_trained_model_is_asked_on_changed_rows():
    _, (X, y) = rows_of(hold_latest_task)
    errors = probe(latest_marked, X, y, keep=3, runs=(1, 2))
    assert list(errors) == ["intact", "steps shuffled", "runs of 2 shuffled", "older reordered",
                            "older exchanged", "no skill"]  # fmt: skip
    assert errors["intact"] == 0
    assert all(error > 0.1 for name, error in errors.items() if name != "intact")
    assert errors["no skill"] == pytest.approx(y.std(), rel=1e-5)


def test_what_a_model_does_not_look_at_can_be_changed():
    _, (X, y) = rows_of(recall_task, 1)
    errors = probe(lambda X: X[:, -2], X, y, keep=2)
    assert max(errors[name] for name in ("intact", "older reordered", "older exchanged")) == 0
    assert errors["steps shuffled"] > 0.2


def test_predictions_of_several_seeds_give_an_error_each():
    _, (X, y) = rows_of(recall_task, 0)
    errors = probe(lambda X: np.stack([X[:, -1], X[:, -1] + 0.5]), X, y, keep=1)
    np.testing.assert_allclose(errors["intact"], [0, 0.5], atol=1e-6)


X, Y = np.zeros((4, 6, 2)), np.zeros((4, 1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shuffle_runs(X[0], 0), r"X must have the axes \(samples, timesteps, features\)"),
        (lambda: shuffle_runs(X, 0, run=7), "run must be from 1 to 6, got 7"),
        (lambda: shuffle_runs(X, -1), "seed must be at least 0"),
        (lambda: newest(X, 0), "keep must be from 1 to 6, got 0"),
        (lambda: reorder_older(X, 7, 0), "keep must be from 0 to 6, got 7"),
        (lambda: exchange_older(X[:1], 2, 0), "at least 2 samples to exchange, got 1"),
        (lambda: lengthen(least_squares, (X, Y), (X, Y), [7]), "lengths must be from 1 to 6"),
        (lambda: lengthen(least_squares, (X, Y), (X, Y), []), "one or more whole numbers"),
        (lambda: shuffle(least_squares, (X, Y[:3]), (X, Y)), "as many samples, got 4 and 3"),
        (lambda: shuffle(least_squares, (X, Y), (X, Y), runs=[0]), "runs must be from 1 to 6"),
        (lambda: cut(least_squares, (X, Y), (X, Y), keep=0), "keep must be from 1 to 6, got 0"),
        (lambda: probe(lambda X: X[0], X, Y, keep=2), r"the shape of y, \(4, 1\), got \(6, 2\)"),
        (lambda: probe(lambda X: Y[:, 0], X, Y, keep=2), "predictions must have the axes"),
        (lambda: probe(lambda X: Y * np.nan, X, Y, keep=2), "predictions holds a value that is N"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_rows_are_a_pair():
    with pytest.raises(TypeError, match="rows must be X and y, got ndarray"):
        lengthen(least_squares, X, (X, Y), [1])
