"""`helpers.mysteries`: each task is what its exit of the chart says, by definition."""

from helpers.mysteries import mystery

import numpy as np
import pytest

LETTERS = ("A", "B", "C")
in_each = pytest.mark.parametrize("letter", LETTERS)


@in_each
def test_rows_have_a_value_and_a_mark_at_each_step_and_one_target(letter):
    X, y = mystery(letter)(50, 20, seed=0)
    assert (X.shape, y.shape) == ((50, 20, 2), (50, 1))
    assert (X.dtype, y.dtype) == (np.float32, np.float32)
    assert ((X[..., 0] >= 0) & (X[..., 0] <= 1)).all()
    assert set(np.unique(X[..., 1])) == {0, 1}


@in_each
def test_a_seed_draws_the_same_rows_again_and_another_seed_others(letter):
    (X, y), (X_again, y_again) = mystery(letter)(30, 20, seed=3), mystery(letter)(30, 20, seed=3)
    assert np.array_equal(X, X_again)
    assert np.array_equal(y, y_again)
    assert not np.array_equal(X, mystery(letter)(30, 20, seed=4)[0])


def test_no_two_letters_draw_the_same_rows():
    first, *others = (mystery(letter)(30, 20, seed=0)[0] for letter in LETTERS)
    assert all(not np.array_equal(first, other) for other in others)


def test_A_is_a_level_that_a_mark_sets_and_that_sinks_by_a_tenth_without_one():
    X, y = mystery("A")(200, 20, seed=1)
    for (values, marks), target in zip(np.moveaxis(X, 2, 1).astype(float), y[:, 0], strict=True):
        set_at = np.flatnonzero(marks)
        last, start = (set_at[-1], values[set_at[-1]]) if len(set_at) else (-1, values[0])
        assert target == pytest.approx(start * 0.9 ** (19 - last), rel=1e-5)


def test_B_is_a_weighted_sum_of_three_places():
    X, y = mystery("B")(200, 20, seed=1)
    design = X[:, :, 0].astype(float)
    weights, *_ = np.linalg.lstsq(design, y[:, 0].astype(float))
    assert np.flatnonzero(np.abs(weights) > 1e-4).tolist() == [5, 12, 17]


def test_C_does_not_change_when_the_steps_of_a_row_are_put_in_another_order():
    X, y = mystery("C")(200, 20, seed=1)
    marked = np.where(X[..., 1] == 1, 1 - X[..., 0], 0)
    np.testing.assert_allclose(y[:, 0], np.sort(marked, axis=1)[:, -1], rtol=1e-6)


def test_what_cannot_be_drawn_is_named():
    with pytest.raises(ValueError, match=r"letter must be one of \['A', 'B', 'C'\], got 'D'"):
        mystery("D")
    with pytest.raises(ValueError, match="timesteps must be at least 16, got 15"):
        mystery("A")(10, 15, seed=0)
