"""`repeat` trains a fresh model for each seed, compiled once, and says what it cannot do."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

from helpers.training import fit, repeat

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, optimizers
from small_models import (
    POINTS,
    STEPS,
    TARGET,
    WINDOWS,
    TraceCounter,
    compiled,
    linear,
    one_after_another,
    relu_net,
    stack,
)


def full_of_state():
    """All that could be left over from the seed before: slots, masks, averages, a scaled loss."""
    scale = layers.Normalization()
    scale.adapt(WINDOWS)
    adam = optimizers.Adam(0.01, amsgrad=True, use_ema=True)
    return stack(
        scale,
        layers.Flatten(),
        layers.Dense(3),
        layers.BatchNormalization(),
        layers.Dropout(0.5),
        layers.Dense(1),
        shape=(STEPS, 2),
        optimizer=optimizers.LossScaleOptimizer(adam, dynamic_growth_steps=3),
    )


SHORT = {"batch_size": 8, "epochs": 5}


@pytest.fixture(scope="module")
def runs():
    return repeat(full_of_state, WINDOWS, TARGET, (3, 11, 4), **SHORT)


def test_repeat_equals_a_fresh_model_for_each_seed_bit_for_bit(runs):
    assert runs.seeds == (3, 11, 4)
    keras.utils.set_random_seed(4)  # the last one, which has the others behind it
    model = full_of_state()
    history = fit(model, WINDOWS, TARGET, seed=4, **SHORT).history
    tf.nest.map_structure(np.testing.assert_array_equal, runs.weights[2], model.get_weights())
    assert list(runs.history) == list(history)
    for name, values in history.items():
        np.testing.assert_array_equal(runs.history[name][2], values)


def test_repeat_draws_from_shared_random_generators_in_nothing_but_what_run_build_runs():
    def next_numbers():
        return random.random(), np.random.rand(), tf.random.uniform([]).numpy()  # noqa: NPY002

    expected = []
    for seed in (3, 4):
        keras.utils.set_random_seed(seed)
        full_of_state()
        expected.append(next_numbers())

    seen = []

    def run_build(start):
        seen.append(next_numbers())
        return start()

    runs = repeat(full_of_state, WINDOWS, TARGET, (3, 4), run_build=run_build, batch_size=8)
    runs.predict(WINDOWS)
    seen.append(next_numbers())
    assert seen[1:] == expected


def test_repeat_may_run_in_one_thread_and_build_in_another(runs):
    builders = []

    def build():
        builders.append(threading.current_thread().name)
        return full_of_state()

    with ThreadPoolExecutor(1, "trains") as trains, ThreadPoolExecutor(1, "builds") as builds:
        there = {"run_build": lambda start: builds.submit(start).result(), **SHORT}
        apart = trains.submit(repeat, build, WINDOWS, TARGET, (3, 11), like=runs, **there).result()
    assert builders == ["builds_0", "builds_0"]
    tf.nest.map_structure(np.testing.assert_array_equal, apart.weights, runs.weights[:2])


def test_runs_like_earlier_ones_use_their_program_and_end_the_same():
    counters = []

    def build():
        counters.append(TraceCounter())
        return stack(layers.Dense(3, activation="tanh"), counters[-1], layers.Dense(2))

    arguments = {"batch_size": 8, "epochs": 4}
    earlier = repeat(build, POINTS, TARGET, (5, 6), **arguments)
    before = counters[0].traces
    again = repeat(build, POINTS + 1, TARGET, (5, 7), like=earlier, **arguments)
    assert [counter.traces for counter in counters] == [before, 0, 0, 0]
    alone = repeat(build, POINTS + 1, TARGET, (5, 7), **arguments)
    tf.nest.map_structure(np.testing.assert_array_equal, again.weights, alone.weights)
    np.testing.assert_array_equal(again.history["loss"], alone.history["loss"])
    assert not np.array_equal(earlier.predict(POINTS), again.predict(POINTS))


def test_runs_like_earlier_ones_may_have_another_learning_rate():
    def build(rate):
        return relu_net(optimizer=optimizers.Adam(rate))

    earlier = repeat(lambda: build(0.001), POINTS, TARGET, [5], batch_size=8, epochs=2)
    for rate in (0.05, 0.001):
        again = repeat(lambda: build(rate), POINTS, TARGET, [5], like=earlier, batch_size=8)  # noqa: B023
        alone = repeat(lambda: build(rate), POINTS, TARGET, [5], batch_size=8)  # noqa: B023
        tf.nest.map_structure(np.testing.assert_array_equal, again.weights, alone.weights)


def test_like_takes_runs():
    with pytest.raises(TypeError, match=r"like must be earlier Runs.*got 'lstm'"):
        repeat(linear, POINTS, TARGET, [0], like="lstm")


def test_run_build_is_a_function():
    with pytest.raises(TypeError, match="run_build must be a function that calls another, got 3"):
        repeat(linear, POINTS, TARGET, [0], run_build=3)


def adapted(data):
    scale = layers.Normalization()
    scale.adapt(data)
    return stack(scale, layers.Dense(1), optimizer="sgd")


def unbuilt():
    return compiled(keras.Sequential([layers.Dense(1)]))


_model = linear()

REPEAT_ERRORS = {
    "not callable": (3, [0], TypeError, "build must be a function.*got 3"),
    "not a model": (lambda: 3, [0], TypeError, "model must be a Keras model, got int"),
    "not compiled": (
        lambda: keras.Sequential([keras.Input((3,)), layers.Dense(1)]),
        [0],
        ValueError,
        "not compiled",
    ),
    "not built": (unbuilt, [0], ValueError, "build must return a built model"),
    "the same model": (lambda: _model, [0, 1], ValueError, "a new model at every call"),
    "another architecture": (
        one_after_another(stack(layers.Dense(2)), linear()),
        [0, 1],
        ValueError,
        r"the same architecture each time, got weights of shapes \[\(3, 1\), \(1,\)\] after",
    ),
    "adapted to other data": (
        one_after_another(adapted(POINTS), adapted(POINTS + 1)),
        [0, 1],
        ValueError,
        "must adapt normalization.* to the same data",
    ),
    "no seed": (linear, [], ValueError, r"one or more different numbers, got \[\]"),
    "a seed twice": (linear, [1, 2, 1], ValueError, r"got \[1, 2, 1\]"),
    "one number": (linear, 10, TypeError, "seeds must be several whole numbers.*got 10"),
    "negative seed": (linear, [-1], ValueError, "seeds must be at least 0, got -1"),
    "fraction": (linear, [0.5], TypeError, "seeds must be a whole number, got 0.5"),
}


@pytest.mark.parametrize("case", REPEAT_ERRORS)
def test_repeat_says_what_is_wrong(case):
    build, seeds, error, message = REPEAT_ERRORS[case]
    with pytest.raises(error, match=message):
        repeat(build, POINTS, TARGET, seeds)


def test_repeat_takes_seeds_and_not_seed():
    with pytest.raises(TypeError, match="pass seeds=, not seed="):
        repeat(linear, POINTS, TARGET, [0], seed=1)
