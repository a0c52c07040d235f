"""Padding, cutting, mixing and scoring rows of sequences."""

from helpers.data import adding_task
from helpers.sequences import flagged, least_squares, mixed_lengths, newest, padded, rmse

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

lengths = st.integers(1, 6)


def rows(samples=3, timesteps=4, features=2):
    numbers = np.random.default_rng(0).normal(size=(samples, timesteps, features))
    return numbers.astype(np.float32)


@given(timesteps=lengths, more=st.integers(0, 4), features=lengths)
def test_padding_stands_in_front_and_is_zero(timesteps, more, features):
    X = rows(3, timesteps, features)
    got = padded(X, timesteps + more)
    assert got.shape == (3, timesteps + more, features)
    assert got.dtype == X.dtype
    np.testing.assert_array_equal(got[:, more:], X)
    assert not got[:, :more].any()


@given(timesteps=lengths, more=st.integers(0, 4))
def test_the_flag_tells_steps_from_padding(timesteps, more):
    X = rows(2, timesteps, 1)
    got = flagged(X, timesteps + more)
    assert got.shape == (2, timesteps + more, 2)
    np.testing.assert_array_equal(got[..., :1], padded(X, timesteps + more))
    np.testing.assert_array_equal(got[0, :, 1], [0] * more + [1] * timesteps)
    np.testing.assert_array_equal(flagged(X), got[:, more:])


@given(timesteps=lengths, data=st.data())
def test_the_newest_steps_are_kept(timesteps, data):
    n = data.draw(st.integers(1, timesteps))
    X = rows(2, timesteps, 1)
    got = newest(X, n, 6)
    np.testing.assert_array_equal(got[:, 6 - n :, :1], X[:, timesteps - n :])
    assert got[..., 1].sum() == 2 * n


def test_mixed_lengths_are_equally_many_of_each_even_length():
    X, y = mixed_lengths(adding_task, 30, 6, seed=1, flag=True)
    assert X.shape == (30, 6, 3)
    assert y.shape == (30, 1)
    np.testing.assert_array_equal(X[:, :, 2].sum(axis=1), [2] * 10 + [4] * 10 + [6] * 10)
    np.testing.assert_allclose((X[..., 0] * X[..., 1]).sum(axis=1), y[:, 0], rtol=1e-6)


def test_mixed_lengths_have_draws_of_their_own():
    X, _ = mixed_lengths(adding_task, 30, 6, seed=1)
    assert X.shape == (30, 6, 2)
    assert not np.isin(X[:10, 4:, 0], X[10:, :, 0]).any()
    again, _ = mixed_lengths(adding_task, 30, 6, seed=1)
    np.testing.assert_array_equal(X, again)


def test_the_error_is_one_number_a_seed():
    y = np.array([[0.0], [2.0]])
    predicted = np.stack([y, y + 3, y - [[3.0], [4.0]]])
    np.testing.assert_allclose(rmse(predicted, y), [0, 3, np.sqrt(12.5)])


@given(timesteps=lengths, features=lengths)
def test_least_squares_finds_a_linear_rule(timesteps, features):
    X, X_test = rows(60, timesteps, features), rows(5, timesteps, features)
    weights = np.arange(1, timesteps * features + 1, dtype=float)
    target, target_test = (A.reshape(len(A), -1) @ weights[:, None] + 0.5 for A in (X, X_test))
    np.testing.assert_allclose(least_squares(X, target, X_test)[0], target_test, rtol=1e-3)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: padded(np.ones((2, 3)), 4), "samples, timesteps, features"),
        (lambda: padded(rows(), 3), "timesteps must be at least 4"),
        (lambda: newest(rows(), 5, 9), "n must be from 1 to 4"),
        (lambda: flagged(rows(), 2), "timesteps must be at least 4"),
        (lambda: mixed_lengths(adding_task, 2, 6, seed=0), "n_samples must be at least 3"),
        (lambda: rmse(np.ones((1, 2, 1)), np.ones((3, 1))), "3 samples"),
        (lambda: rmse(np.ones((2, 1)), np.ones((2, 1))), "seeds, samples, outputs"),
        (lambda: least_squares(rows(), np.ones((2, 1)), rows()), "same samples"),
        (lambda: least_squares(rows(), np.ones((3, 1)), rows(3, 2)), "timesteps"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()
