"""`Runs`: predictions and models of every seed, which nothing else changes."""

from concurrent.futures import ThreadPoolExecutor, wait
from types import SimpleNamespace

from helpers.training import Runs, fit, repeat

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import callbacks, layers
from small_models import (
    POINTS,
    ROWS,
    TARGET,
    WINDOWS,
    TraceCounter,
    assert_same_weights,
    linear,
    relu_net,
    stack,
    two_inputs_and_outputs,
)


class StopsOneEpochLaterEachTime(callbacks.Callback):
    runs = 0

    def on_train_begin(self, logs=None):
        self.runs += 1

    def on_epoch_end(self, epoch, logs=None):
        self.model.stop_training = epoch + 1 == self.runs


@pytest.fixture(scope="module")
def repeated():
    """Three seeds of a model that counts its traces, stopped after one, two and three epochs."""
    counters = []

    def build():
        counters.append(TraceCounter())
        return stack(layers.Dense(3, activation="tanh"), counters[-1], layers.Dense(2))

    stop = StopsOneEpochLaterEachTime()
    runs = repeat(build, POINTS, TARGET, range(3), batch_size=8, epochs=9, callbacks=[stop])
    return SimpleNamespace(runs=runs, counters=counters)


@pytest.fixture
def runs(repeated):
    return repeated.runs


def test_repeat_compiles_once(repeated):
    first, *others = [counter.traces for counter in repeated.counters]
    assert first > 0
    assert others == [0, 0]


def test_the_history_of_runs_is_filled_up_with_nan(runs):
    assert runs.history["loss"].shape == (3, 3)
    missing = [[False, True, True], [False, False, True], [False, False, False]]
    assert np.isnan(runs.history["loss"]).tolist() == missing


def test_runs_predict_with_the_model_of_each_seed(runs):
    predicted = runs.predict(POINTS[:5])
    assert predicted.shape == (3, 5, 2)
    for seed in runs.seeds:
        expected = runs.model_of(seed).predict(POINTS[:5], verbose=0)
        np.testing.assert_allclose(predicted[seed], expected, rtol=1e-5)
    assert len({tuple(outputs.ravel()) for outputs in predicted}) == 3


def test_runs_keep_a_model_with_the_weights_of_the_last_seed(runs):
    runs.model_of(0)
    runs.model_of(2)
    runs.predict(POINTS)
    assert_same_weights(runs.model.get_weights(), runs.weights[-1])


def test_predicting_leaves_the_model_of_a_seed_as_it_is(runs):
    model = runs.model_of(0)
    runs.predict(POINTS)
    assert_same_weights(model.get_weights(), runs.weights[0])


def test_model_of_gives_the_weights_of_its_seed(runs):
    assert_same_weights(runs.model_of(1).get_weights(), runs.weights[1])
    with pytest.raises(ValueError, match=r"seed 7 was not trained; the seeds are \[0, 1, 2\]"):
        runs.model_of(7)


def test_runs_of_several_outputs_predict_several_arrays():
    model = two_inputs_and_outputs()
    x = {"points": POINTS, "windows": WINDOWS}
    runs = Runs(model, seeds=(0, 1), weights=[model.get_weights()] * 2, history={})
    shapes = {name: values.shape for name, values in runs.predict(x).items()}
    assert shapes == {"value": (2, ROWS, 1), "label": (2, ROWS, 3)}


# ---- runs that share what is compiled -----------------------------------------------------------


@pytest.fixture(scope="module")
def shared():
    """Runs whose program serves for those of the tests below."""
    return repeat(relu_net, POINTS, TARGET, [0, 1], batch_size=8)


@pytest.fixture
def earlier(shared):
    return repeat(relu_net, POINTS, TARGET, [0, 1], batch_size=8, epochs=3, like=shared)


def test_what_is_done_with_runs_changes_nothing_in_others_that_share_their_program(earlier):
    model = earlier.model_of(0)
    predicted = earlier.predict(POINTS)
    later = repeat(relu_net, POINTS, -TARGET, [5], batch_size=8, like=earlier)
    later.model_of(5)
    later.predict(POINTS)
    assert later.model is not earlier.model
    assert_same_weights(model.get_weights(), earlier.weights[0])
    np.testing.assert_array_equal(earlier.predict(POINTS), predicted)


def test_a_model_of_runs_can_be_changed_and_compiled_anew_and_later_runs_are_as_without(earlier):
    earlier.model.set_weights([weight * 0 for weight in earlier.model.get_weights()])
    earlier.model.compile(loss="mae", optimizer="sgd")
    fit(earlier.model, POINTS, TARGET)
    again = repeat(relu_net, POINTS, TARGET, [0, 1], batch_size=8, epochs=3, like=earlier)
    tf.nest.map_structure(np.testing.assert_array_equal, again.weights, earlier.weights)


def test_the_model_of_one_seed_is_its_own_too():
    one = repeat(linear, POINTS, TARGET, [0])
    before = one.model.get_weights()
    assert_same_weights(before, one.weights[0])
    repeat(linear, POINTS, TARGET, [1], like=one)
    tf.nest.map_structure(np.testing.assert_array_equal, one.model.get_weights(), before)


def test_the_model_of_runs_goes_on_training_where_they_ended(shared):
    runs = repeat(relu_net, POINTS, TARGET, [0], batch_size=8, like=shared)
    fit(runs.model, POINTS, TARGET, batch_size=8, shuffle=False)
    keras.utils.set_random_seed(0)
    model = relu_net()
    for arguments in ({"seed": 0}, {"shuffle": False}):
        fit(model, POINTS, TARGET, batch_size=8, **arguments)
    tf.nest.map_structure(
        np.testing.assert_array_equal, runs.model.get_weights(), model.get_weights()
    )


def test_threads_that_train_and_predict_at_once_do_not_mix_their_weights(earlier):
    expected = earlier.predict(POINTS)

    def train(seed):
        return repeat(relu_net, POINTS, TARGET, [seed], like=earlier, batch_size=8, epochs=20)

    alone = [train(seed) for seed in (7, 8)]
    with ThreadPoolExecutor(4) as threads:
        started = [threads.submit(train, seed) for seed in (7, 8) * 4]
        predicted = [earlier.predict(POINTS) for _ in range(20)]
    for values in predicted:
        np.testing.assert_array_equal(values, expected)
    for i, runs in enumerate(started):
        tf.nest.map_structure(
            np.testing.assert_array_equal, runs.result().weights, alone[i % 2].weights
        )


def test_a_training_that_begins_in_the_middle_of_another_waits_for_its_end(earlier):
    def train(seed, **arguments):
        return repeat(
            relu_net, POINTS, TARGET, [seed], like=earlier, batch_size=8, epochs=20, **arguments
        )

    alone = [train(seed).weights for seed in (7, 8)]
    begun = []
    with ThreadPoolExecutor(1) as thread:

        def begin_another(share):
            if not begun:
                assert share < 1
                begun.append(thread.submit(train, 8))
                wait(begun, timeout=1)  # in which it would be over, did it not wait

        first = train(7, progress=begin_another)
        second = begun[0].result()
    tf.nest.map_structure(np.testing.assert_array_equal, [first.weights, second.weights], alone)


def test_runs_that_repeat_did_not_make_are_no_example():
    model = relu_net()
    made = Runs(model, seeds=(0,), weights=[model.get_weights()], history={})
    with pytest.raises(TypeError, match="like must be earlier Runs that repeat returned"):
        repeat(relu_net, POINTS, TARGET, [1], like=made)
