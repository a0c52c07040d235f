"""A race on a task of one's own, and what a task must give."""

from helpers.arena import QUICK, race, rows_from
from helpers.data import adding_task, recall_task

import numpy as np
import pytest

QUICKLY = {"timesteps": 4, "rows": 400, "epochs": 2, "seeds": (1,)}


def newest_value(samples, timesteps, seed):
    X = np.random.default_rng(seed).uniform(size=(samples, timesteps, 1))
    return X, 1000 + 50 * X[:, -1]


def noise(samples, timesteps, seed):
    generator = np.random.default_rng(seed)
    return generator.uniform(size=(samples, timesteps, 1)), generator.normal(size=(samples, 1))


@pytest.mark.slow  # trains all of them
def test_every_quick_model_has_an_error_a_seed_and_linear_one():
    errors = race(adding_task, **QUICKLY | {"seeds": (1, 2)})
    assert list(errors) == list(QUICK)
    assert {name: len(values) for name, values in errors.items()} == {
        name: 1 if name == "linear" else 2 for name in QUICK
    }
    assert all(np.isfinite(values).all() for values in errors.values())


def test_an_error_is_a_share_of_no_skill_whatever_the_units():
    errors = race(newest_value, models=("linear", "MLP"), **QUICKLY | {"epochs": 20})
    assert errors["linear"] == pytest.approx(0, abs=1e-3)
    assert errors["MLP"] < 0.2
    hopeless = race(noise, models=("linear", "MLP"), **QUICKLY)
    assert hopeless["linear"] == pytest.approx(1, abs=0.1)
    assert 0.9 < hopeless["MLP"] < 1.6


def test_the_same_seeds_give_the_same_race_and_the_networks_are_kept():
    kept = {}
    first = race(newest_value, models=("MLP",), keep=kept, **QUICKLY)
    again = race(newest_value, models=("MLP",), **QUICKLY)
    np.testing.assert_array_equal(first["MLP"], again["MLP"])
    assert kept["MLP"].predict(np.zeros((3, 4, 1), np.float32)).shape == (1, 3, 1)


def test_an_argument_of_the_task_may_be_filled_in():
    def lag_two(samples, timesteps, seed):
        return recall_task(samples, timesteps, lag=2, seed=seed)

    assert race(lag_two, models=("linear",), **QUICKLY)["linear"] == pytest.approx(0, abs=1e-3)


def gives(X, y):
    return lambda samples, timesteps, seed: (X(samples, timesteps), y(samples))


def ones(*shape):
    return np.ones(shape)


@pytest.mark.parametrize(
    ("task", "error", "words"),
    [
        (3, TypeError, "a function of samples, timesteps and seed"),
        (lambda samples, timesteps, seed: None, TypeError, "must return X and y"),
        (gives(lambda s, t: ones(s, t), ones), ValueError, "samples, timesteps, features"),
        (gives(lambda s, t: ones(t, s, 1), ones), ValueError, "400 samples and 4 timesteps"),
        (gives(lambda s, t: ones(s, t, 1), lambda s: ones(s, 2)), ValueError, "1 output"),
        (gives(lambda s, t: ones(s, t, 1), ones), ValueError, "nothing to learn"),
        (gives(lambda s, t: ones(s, t, 1) * np.nan, np.arange), ValueError, "NaN"),
        (gives(lambda s, t: ones(s, t, 1), np.arange), ValueError, "same rows for another seed"),
        (gives(lambda s, t: "text", ones), TypeError, "array of numbers"),
    ],
)
def test_a_task_that_cannot_be_raced_is_refused_with_the_reason(task, error, words):
    with pytest.raises(error, match=words):
        race(task, models=("linear",), **QUICKLY)


def test_unknown_models_are_refused():
    with pytest.raises(ValueError, match="models must be out of"):
        race(adding_task, models=("transformer",), **QUICKLY)


def test_rows_are_float32_and_one_output_wide():
    X, y = rows_from(lambda samples, timesteps, seed: (np.ones((3, 2, 1)), [1, 2, 3]), 3, 2, 0)
    assert (X.dtype, y.dtype, y.shape) == (np.float32, np.float32, (3, 1))
