"""The order in which `fit` takes the rows, and what its seed fixes."""

import time

from helpers.training import calls, fit

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from small_models import POINTS, TARGET, Witness, witness_of, witnessed


def test_epoch_k_takes_the_rows_in_the_order_of_the_kth_permutation_of_the_seed():
    order = np.random.default_rng(3)
    expected = [order.permutation(10) for _ in range(4)]
    np.testing.assert_array_equal(witnessed(samples=10, epochs=4, seed=3), expected)


def test_every_epoch_takes_every_row_once_in_an_order_of_its_own():
    seen = witnessed(samples=10, epochs=4)
    np.testing.assert_array_equal(np.sort(seen), np.tile(np.arange(10), (4, 1)))
    assert len({tuple(epoch) for epoch in seen}) == 4


def test_unshuffled_rows_come_as_they_are():
    seen = witnessed(samples=10, epochs=4, shuffle=False, seed=3)
    np.testing.assert_array_equal(seen, np.tile(np.arange(10), (4, 1)))


def test_held_out_rows_are_the_last_ones():
    witness = Witness(8)
    numbers = np.arange(10.0)[:, None]
    history = fit(witness, numbers, numbers, epochs=4, validation_split=0.2).history
    np.testing.assert_array_equal(np.sort(witness.by_epoch), np.tile(np.arange(8), (4, 1)))
    assert history["val_first"] == [8.0] * 4


def test_without_a_seed_the_order_follows_set_random_seed():
    def seen(seed):
        keras.utils.set_random_seed(seed)
        return witnessed().tolist()

    assert seen(1) == seen(1)
    assert seen(1) != seen(2)


def test_a_seed_gives_the_same_weights_bit_for_bit_and_another_seed_others(dropout_start):
    def weights(seed):
        model = dropout_start.again()
        keras.utils.set_random_seed(int(time.time()))  # what else is seeded does not matter
        fit(model, POINTS, TARGET, batch_size=8, epochs=5, seed=seed)
        return np.concatenate([weight.ravel() for weight in model.get_weights()])

    first = weights(7)
    np.testing.assert_array_equal(weights(7), first)
    assert (weights(8) != first).any()


def test_the_seed_fixes_the_masks_of_dropout_and_they_differ_from_step_to_step():
    def masks(seed):
        return witnessed(dropout=True, epochs=8, shuffle=False, seed=seed)

    first = masks(7)
    np.testing.assert_array_equal(masks(7), first)
    assert (masks(8) != first).any()
    assert set(first.ravel()) == {0.0, 2.0}
    batches = {tuple(epoch[start : start + 4]) for epoch in first for start in (0, 4)}
    assert len(batches) > 4  # 16 batches of 4 rows that can be masked in 16 ways


def test_a_model_that_builds_itself_in_fit_obeys_the_seed_too():
    def weights():
        keras.utils.set_random_seed(0)
        model = keras.Sequential([layers.Dense(2), layers.Dropout(0.5), layers.Dense(1)])
        model.compile(loss="mse", optimizer="sgd")
        keras.utils.set_random_seed(0)
        fit(model, POINTS, TARGET, epochs=3, seed=5)
        return model.get_weights()[0]

    np.testing.assert_array_equal(weights(), weights())


@pytest.mark.parametrize("seconds", [1e-9, 1e-3, 100.0])
def test_how_the_work_is_cut_into_calls_changes_nothing(shared_start, monkeypatch, seconds):
    """1e-9 cuts an epoch of 20 steps into single steps; 100 puts all epochs into few calls."""
    numbers = np.arange(20.0)[:, None]

    def run():
        model, witness = shared_start.start.again(), witness_of(20, epochs=6)
        witness.count.assign(0)
        arguments = {"batch_size": 1, "epochs": 6, "seed": 1}
        x, y = np.tile(POINTS, (2, 1))[:20], np.tile(TARGET, (2, 1))[:20]
        history = fit(model, x, y, validation_data=(POINTS, TARGET), **arguments).history
        counts = fit(witness, numbers, numbers, **arguments).history
        return model.get_weights(), history, witness.by_epoch, counts

    expected = run()
    monkeypatch.setattr(calls, "CALL_SECONDS", seconds)
    tf.nest.map_structure(np.testing.assert_array_equal, run(), expected)
