"""`helpers.later_tasks`: the tasks on which the chart is tried, against their definition."""

from helpers.later_tasks import level_task, product_task, since_mark_task, spread_task

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

SAMPLES, STEPS, SEEDS = st.integers(1, 40), st.integers(2, 30), st.integers(0, 2**32)
TASKS = {task.__name__: task for task in (level_task, product_task, since_mark_task, spread_task)}


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_a_task_has_the_axes_samples_timesteps_features_and_a_seed_fixes_it(task):
    X, y = task(20, 6, 3)
    assert (X.shape, y.shape) == ((20, 6, 2), (20, 1))
    assert X.dtype == y.dtype == np.float32
    assert all(map(np.array_equal, (X, y), task(20, 6, 3)))
    assert not np.array_equal(X, task(20, 6, 4)[0])


@given(n=SAMPLES, steps=STEPS, seed=SEEDS)
def test_the_product_is_that_of_the_two_marked_values(n, steps, seed):
    X, y = product_task(n, steps, seed)
    for row, target in zip(X, y[:, 0], strict=True):
        first, second = (value for value, mark in row if mark == 1)
        assert target == pytest.approx(first * second, abs=1e-6)


def test_no_sum_of_a_number_for_each_value_comes_below_its_floor():
    X, y = product_task(200_000, 2, seed=0)
    values = X[:, :, 0]
    # Of all such sums the best gives a value half of itself, less an eighth: E[ab | a] = a / 2.
    best = values.sum(axis=1, keepdims=True) / 2 - 1 / 4
    assert np.sqrt(np.mean((best - y) ** 2)) == pytest.approx(1 / 12, rel=0.01)
    assert y.std() == pytest.approx(np.sqrt(7) / 12, rel=0.01)
    bent = np.digitize(values, np.linspace(0, 1, 21)[1:-1])
    columns = np.concatenate([np.eye(20)[bent[:, k]] for k in (0, 1)], axis=1)
    fitted = columns @ np.linalg.lstsq(columns, y, rcond=None)[0]
    assert np.sqrt(np.mean((fitted - y) ** 2)) >= 0.99 / 12


@given(n=SAMPLES, steps=STEPS, seed=SEEDS)
def test_the_spread_is_the_largest_less_the_smallest_value_with_a_mark(n, steps, seed):
    X, y = spread_task(n, steps, seed)
    for row, target in zip(X, y[:, 0], strict=True):
        marked = [value for value, mark in row if mark == 1]
        assert target == pytest.approx(max(marked) - min(marked), abs=1e-6)


@given(n=SAMPLES, steps=STEPS, seed=SEEDS)
def test_one_step_is_marked_and_the_target_is_how_long_ago_that_was(n, steps, seed):
    X, y = since_mark_task(n, steps, seed)
    assert (X[:, :, 1].sum(axis=1) == 1).all()
    ago = steps - 1 - X[:, :, 1].argmax(axis=1)
    np.testing.assert_allclose(y[:, 0], ago / steps, rtol=1e-6)


@given(n=SAMPLES, steps=STEPS, seed=SEEDS)
def test_the_tank_neither_runs_over_nor_falls_below_empty(n, steps, seed):
    X, y = level_task(n, steps, seed)
    for row, target in zip(X, y[:, 0], strict=True):
        level = 0.5
        for value, mark in row:
            level += value / 2 if mark == 1 else -value / 2
            level = min(max(level, 0), 1)
        assert target == pytest.approx(level, abs=1e-5)


def test_a_guess_of_the_mean_has_the_error_the_docstrings_name():
    for task, error in {spread_task: 0.25, level_task: 0.36}.items():
        assert task(20_000, 50, seed=0)[1].std() == pytest.approx(error, rel=0.02)


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
@pytest.mark.parametrize(
    ("given", "message"),
    [((0, 5, 0), "n_samples must be at least 1, got 0"), ((3, 0, 0), "timesteps must be at least"),
     ((3, 5, -1), "seed must be at least 0, got -1")],
)  # fmt: skip
def test_bad_input_is_named(task, given, message):
    with pytest.raises(ValueError, match=message):
        task(*given)
