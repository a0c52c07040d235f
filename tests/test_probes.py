"""What shuffling, cutting and reordering leave as it is, and what they change."""

from helpers.probes import (
    cut,
    errors_after,
    errors_after_reordering,
    errors_by_place,
    reordered,
    shuffled,
)

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

numbers = st.integers(1, 7)


def rows(samples=4, timesteps=6, features=2):
    return np.random.default_rng(1).normal(size=(samples, timesteps, features))


def steps(row):
    return sorted(map(tuple, row.tolist()))


@given(timesteps=numbers, features=numbers, seed=st.integers(0, 99), data=st.data())
def test_shuffling_moves_whole_steps_within_their_row(timesteps, features, seed, data):
    run = data.draw(st.integers(1, timesteps))
    X = rows(4, timesteps, features)
    got = shuffled(X, seed, run=run)
    assert got.shape == X.shape
    assert [steps(row) for row in got] == [steps(row) for row in X]
    np.testing.assert_array_equal(got, shuffled(X, seed, run=run))


def test_each_row_gets_an_order_of_its_own():
    X = np.tile(np.arange(20.0)[None, :, None], (50, 1, 1))
    got = shuffled(X, 0)[:, :, 0]
    assert len(np.unique(got, axis=0)) == 50
    # Every step comes to stand everywhere about equally often.
    assert np.abs(shuffled(np.tile(X, (40, 1, 1)), 0)[:, :, 0].mean(axis=0) - 9.5).max() < 1


def test_short_runs_of_neighbours_stay_together():
    X = np.tile(np.arange(7.0)[None, :, None], (30, 1, 1))
    for row in shuffled(X, 3, run=3)[:, :, 0].astype(int):
        text = "".join(map(str, row))
        assert "456" in text
        assert "123" in text
    assert len(np.unique(shuffled(X, 3, run=3), axis=0)) == 6
    np.testing.assert_array_equal(shuffled(X, 3, run=7), X)


@given(timesteps=numbers, data=st.data())
def test_cutting_leaves_the_newest_steps_and_zeros(timesteps, data):
    keep = data.draw(st.integers(1, timesteps))
    X = rows(3, timesteps)
    before = X.copy()
    got = cut(X, keep)
    np.testing.assert_array_equal(got[:, timesteps - keep :], X[:, timesteps - keep :])
    assert not got[:, : timesteps - keep].any()
    np.testing.assert_array_equal(X, before)


@given(timesteps=numbers, data=st.data())
def test_reordering_leaves_the_newest_steps_in_their_place(timesteps, data):
    keep = data.draw(st.integers(0, timesteps - 1))
    X = rows(3, timesteps)
    got = reordered(X, keep, 5)
    np.testing.assert_array_equal(got[:, timesteps - keep :], X[:, timesteps - keep :])
    assert [steps(row) for row in got] == [steps(row) for row in X]


RULES = {
    "a sum": (lambda X: X[:, :, :1].sum(axis=1), set()),
    "a place": (lambda X: X[:, 2, :1], {"shuffled", "runs", "cut", "reordered"}),
    "a new place": (lambda X: X[:, -1, :1], {"shuffled", "runs"}),
    "a sum of the newest half": (lambda X: X[:, 15:, :1].sum(axis=1), {"shuffled", "runs"}),
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_notices_the_changes_it_depends_on(name):
    rule, depends = RULES[name]
    X = rows(50, 30)
    X[:, :15, :1] *= name != "a sum"  # so that a cut takes nothing away from the sum
    errors = errors_after(lambda X: np.stack([rule(X), rule(X)]), X, rule(X))
    assert all(values.shape == (2,) for values in errors.values())
    assert errors.pop("as they are").max() == 0
    noticed = {word for change in errors for word in ("runs", "cut", "reordered", "shuffled")
               if word in change and errors[change].min() > 1e-9}  # fmt: skip
    assert noticed - {"shuffled"} == depends - {"shuffled"}
    assert (errors["shuffled"].min() > 1e-9) == ("shuffled" in depends)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: shuffled(np.ones((2, 3)), 0), "samples, timesteps, features"),
        (lambda: shuffled(rows(), 0, run=7), "run must be from 1 to 6"),
        (lambda: shuffled(rows(), -1), "seed must be at least 0"),
        (lambda: cut(rows(), 0), "keep must be from 1 to 6"),
        (lambda: reordered(rows(), 6, 0), "keep must be from 0 to 5"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_exchanging_a_place_that_is_not_used_changes_nothing():
    generator = np.random.default_rng(0)
    X = generator.normal(size=(400, 5, 1))
    y = 2 * X[:, 3] - X[:, 1]
    errors = errors_by_place(lambda rows: (2 * rows[:, 3] - rows[:, 1])[None], X, y)
    assert errors.shape == (1, 5)
    assert errors[0, [0, 2, 4]].max() < 1e-9
    # Two independent draws in place of the same one: their difference has twice the variance.
    assert errors[0, 3] == pytest.approx(2 * np.sqrt(2), rel=0.15)
    assert errors[0, 1] == pytest.approx(np.sqrt(2), rel=0.15)


def test_a_place_is_exchanged_with_all_its_features_and_all_seeds_are_asked():
    X = np.random.default_rng(1).normal(size=(30, 4, 2))
    seen = []

    def predict(rows):
        seen.append(rows.copy())
        return np.zeros((3, 30, 1))

    assert errors_by_place(predict, X, np.zeros((30, 1)), seed=2).shape == (3, 4)
    for step, rows in enumerate(seen):
        others = np.delete(np.arange(4), step)
        np.testing.assert_array_equal(rows[:, others], X[:, others])
        assert not np.array_equal(rows[:, step], X[:, step])
        np.testing.assert_array_equal(np.sort(rows[:, step], axis=0), np.sort(X[:, step], axis=0))
        pairs = {tuple(pair) for pair in X[:, step]}
        assert all(tuple(pair) in pairs for pair in rows[:, step])


def test_reordering_leaves_the_newest_step_or_the_newer_half_where_they_are():
    X = np.random.default_rng(3).normal(size=(50, 6, 1))
    newest, newer, oldest = (
        errors_after_reordering(lambda rows, k=k: rows[None, :, k], X, X[:, k]) for k in (-1, 3, 0)
    )
    assert list(newest) == ["as they are", "all but the newest reordered", "older half reordered"]
    assert [errors.max() > 0 for errors in newest.values()] == [False, False, False]
    assert [errors.max() > 0 for errors in newer.values()] == [False, True, False]
    assert [errors.max() > 0 for errors in oldest.values()] == [False, True, True]
