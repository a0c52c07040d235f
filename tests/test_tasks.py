"""`helpers.data`: splits, and the tasks that need memory or seem to, against their definition."""

from helpers.data import (
    adding_task,
    hold_first_task,
    hold_latest_task,
    largest_marked_task,
    motif_task,
    parity_task,
    recall_task,
    since_reset_task,
    split_rows,
)

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

SAMPLES, STEPS, SEEDS = st.integers(1, 40), st.integers(1, 30), st.integers(0, 2**32)
TASKS = {
    "recall": lambda n, steps, seed: recall_task(n, steps, steps // 2, seed),
    "adding": adding_task,
    "hold_latest": hold_latest_task,
    "hold_first": hold_first_task,
    "largest_marked": largest_marked_task,
    "since_reset": since_reset_task,
    "motif": motif_task,
    "parity": parity_task,
}


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_a_task_has_the_axes_samples_timesteps_features_and_one_output(task):
    X, y = task(7, 5, 0)
    assert X.shape[:2] == (7, 5)
    assert y.shape == (7, 1)
    assert X.dtype == y.dtype == np.float32


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_a_seed_fixes_a_task_and_another_seed_gives_another(task):
    X, y = task(20, 6, 3)
    again_X, again_y = task(20, 6, 3)
    assert np.array_equal(X, again_X)
    assert np.array_equal(y, again_y)
    assert not np.array_equal(X, task(20, 6, 4)[0])


@given(n=SAMPLES, steps=STEPS, seed=SEEDS, data=st.data())
def test_recall_asks_for_the_value_lag_steps_before_the_last(n, steps, seed, data):
    lag = data.draw(st.integers(0, steps - 1))
    X, y = recall_task(n, steps, lag, seed)
    assert [row[steps - 1 - lag, 0] for row in X] == list(y[:, 0])
    assert X.min() >= 0
    assert X.max() <= 1


@given(n=SAMPLES, steps=st.integers(2, 30), seed=SEEDS)
def test_adding_marks_two_steps_and_asks_for_the_sum_of_their_values(n, steps, seed):
    X, y = adding_task(n, steps, seed)
    for row, target in zip(X, y[:, 0], strict=True):
        marked = [value for value, mark in row if mark == 1]
        assert len(marked) == 2
        assert all(mark in (0, 1) for mark in row[:, 1])
        assert target == pytest.approx(sum(marked), abs=1e-6)


@given(n=SAMPLES, steps=STEPS, seed=SEEDS, rate=st.floats(0.01, 0.99))
def test_hold_latest_asks_for_the_value_at_the_last_mark(n, steps, seed, rate):
    X, y = hold_latest_task(n, steps, seed, mark_rate=rate)
    for row, target in zip(X, y[:, 0], strict=True):
        marked = [value for value, mark in row if mark == 1]
        assert marked
        assert target == marked[-1]


@given(n=SAMPLES, steps=STEPS, seed=SEEDS, rate=st.floats(0.01, 0.99))
def test_hold_first_asks_for_the_value_at_the_first_mark_of_the_same_rows(n, steps, seed, rate):
    X, y = hold_first_task(n, steps, seed, mark_rate=rate)
    assert np.array_equal(X, hold_latest_task(n, steps, seed, mark_rate=rate)[0])
    for row, target in zip(X, y[:, 0], strict=True):
        assert target == next(value for value, mark in row if mark == 1)


@given(n=SAMPLES, steps=STEPS, seed=SEEDS, rate=st.floats(0.01, 0.99))
def test_largest_marked_asks_for_the_largest_value_with_a_mark(n, steps, seed, rate):
    X, y = largest_marked_task(n, steps, seed, mark_rate=rate)
    for row, target in zip(X, y[:, 0], strict=True):
        assert target == max(value for value, mark in row if mark == 1)


@given(n=SAMPLES, steps=STEPS, seed=SEEDS, rates=st.tuples(*[st.floats(0.01, 0.99)] * 2))
def test_since_reset_counts_the_marks_after_the_last_reset(n, steps, seed, rates):
    X, y = since_reset_task(n, steps, seed, mark_rate=rates[0], reset_rate=rates[1])
    for row, target in zip(X, y[:, 0], strict=True):
        count = 0
        for mark, reset in row:
            count = 0 if reset == 1 else count + mark
        assert target == count


@given(n=SAMPLES, steps=st.integers(3, 30), seed=SEEDS, rate=st.floats(0.01, 0.99))
def test_motif_asks_for_the_largest_value_between_two_marks(n, steps, seed, rate):
    X, y = motif_task(n, steps, seed, mark_rate=rate)
    for row, target in zip(X, y[:, 0], strict=True):
        (values, marks) = row.T
        between = [values[k] for k in range(1, steps - 1) if marks[k - 1] == marks[k + 1] == 1]
        assert between
        assert target == max(between)


@given(n=SAMPLES, steps=STEPS, seed=SEEDS, rate=st.floats(0.01, 0.99))
def test_parity_asks_whether_the_number_of_marks_is_odd(n, steps, seed, rate):
    X, y = parity_task(n, steps, seed, mark_rate=rate)
    for row, target in zip(X, y[:, 0], strict=True):
        odd = False
        for _, mark in row:
            odd = odd != (mark == 1)
        assert target == odd


def test_every_pair_of_steps_is_marked_about_equally_often():
    X, _ = adding_task(6000, 4, seed=0)
    pairs, counts = np.unique(X[:, :, 1], axis=0, return_counts=True)
    assert len(pairs) == 6
    assert np.all(np.abs(counts - 1000) < 150)


def test_the_share_of_marks_is_the_mark_rate():
    X, _ = hold_latest_task(2000, 50, seed=0, mark_rate=0.3)
    assert X[:, :, 1].mean() == pytest.approx(0.3, abs=0.01)


def test_a_guess_of_the_mean_has_the_error_the_docstrings_name():
    _, recalled = recall_task(20_000, 3, 1, seed=0)
    _, added = adding_task(20_000, 5, seed=0)
    assert recalled.std() == pytest.approx(np.sqrt(1 / 12), abs=0.005)
    assert added.std() == pytest.approx(np.sqrt(1 / 6), abs=0.005)
    tasks = {largest_marked_task: 0.18, motif_task: 0.21, since_reset_task: 4.9, parity_task: 0.5}
    for task, error in tasks.items():
        assert task(20_000, 50, seed=0)[1].std() == pytest.approx(error, rel=0.03)


@given(n=st.integers(2, 60), seed=SEEDS, data=st.data(), how=st.sampled_from(["last", "random"]))
def test_a_split_holds_every_row_once_in_rising_order(n, seed, data, how):
    held = data.draw(st.integers(1, n - 1))
    train, held_out = split_rows(n, held, how, seed if how == "random" else None)
    assert len(held_out) == held
    assert sorted([*train, *held_out]) == list(range(n))
    assert np.all(np.diff(train) > 0)
    assert np.all(np.diff(held_out) > 0)


def test_a_split_of_the_last_rows_is_that_of_keras():
    train, held_out = split_rows(100, 5, "last")
    assert train.tolist() == list(range(95))
    assert held_out.tolist() == [95, 96, 97, 98, 99]


def test_a_random_split_is_another_for_another_seed():
    held = {tuple(split_rows(100, 5, "random", seed)[1]) for seed in range(10)}
    assert len(held) == 10


@pytest.mark.parametrize("bad", [0, -1, 2.5, True, "5", None])
@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("n_samples", lambda n: recall_task(n, 5, 1, 0)),
        ("timesteps", lambda n: recall_task(5, n, 0, 0)),
        ("n_samples", lambda n: adding_task(n, 5, 0)),
        ("timesteps", lambda n: adding_task(5, n, 0)),
        ("n_samples", lambda n: hold_latest_task(n, 5, 0)),
        ("timesteps", lambda n: hold_latest_task(5, n, 0)),
        ("n_samples", lambda n: largest_marked_task(n, 5, 0)),
        ("n_samples", lambda n: since_reset_task(n, 5, 0)),
        ("timesteps", lambda n: since_reset_task(5, n, 0)),
        ("n_samples", lambda n: motif_task(n, 5, 0)),
        ("timesteps", lambda n: motif_task(5, n, 0)),
        ("n_samples", lambda n: parity_task(n, 5, 0)),
        ("timesteps", lambda n: parity_task(5, n, 0)),
        ("n_samples", lambda n: split_rows(n, 1, "last")),
        ("n_held_out", lambda n: split_rows(10, n, "last")),
    ],
)
def test_a_bad_count_is_named(name, call, bad):
    with pytest.raises((TypeError, ValueError), match=f"^{name} must be"):
        call(bad)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: recall_task(5, 3, 3, 0), "lag must be from 0 to 2, got 3"),
        (lambda: recall_task(5, 3, -1, 0), "lag must be from 0 to 2, got -1"),
        (lambda: adding_task(5, 1, 0), "timesteps must be at least 2, got 1"),
        (lambda: adding_task(5, 3, -1), "seed must be at least 0, got -1"),
        (lambda: hold_latest_task(5, 3, 0, mark_rate=0), "mark_rate must be above 0"),
        (lambda: hold_latest_task(5, 3, 0, mark_rate=1.0), "mark_rate must be above 0"),
        (lambda: hold_latest_task(5, 3, 0, mark_rate=float("nan")), "mark_rate must be a finite"),
        (lambda: largest_marked_task(5, 3, 0, mark_rate=1), "mark_rate must be above 0"),
        (lambda: since_reset_task(5, 3, 0, mark_rate=1), "mark_rate must be above 0"),
        (lambda: since_reset_task(5, 3, 0, reset_rate=0), "reset_rate must be above 0"),
        (lambda: motif_task(5, 3, 0, mark_rate=0), "mark_rate must be above 0"),
        (lambda: parity_task(5, 3, 0, mark_rate=1), "mark_rate must be above 0"),
        (lambda: motif_task(5, 2, 0), "timesteps must be at least 3, got 2"),
        (lambda: split_rows(5, 5, "last"), "n_held_out must be from 1 to 4, got 5"),
        (lambda: split_rows(5, 1, "first"), "how must be"),
        (lambda: split_rows(5, 1, "random"), "a seed is needed for a random split"),
        (lambda: split_rows(5, 1, "last", 3), "a seed is needed for a random split and for no"),
    ],
)
def test_a_value_out_of_bounds_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
