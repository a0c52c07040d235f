"""Training in explorers: the right weights, no trace in the cells, and not without end."""

import asyncio
import random
import threading

from helpers.training import repeat
from helpers.widgets import live, training
from helpers.widgets.live import explorer
from helpers.widgets.queue import Monitor
from helpers.widgets.training import train

import keras
import numpy as np
import pytest
import tensorflow as tf
from ipywidgets import IntSlider
from keras.src.utils.rng_utils import get_random_seed
from seen import button, draw, status, told, until

X = np.linspace(0, 1, 20, dtype="float32").reshape(20, 1)
LONG = 3000  # epochs of some seconds, in many calls


@pytest.fixture(autouse=True)
def _nothing_compiled(monkeypatch):
    monkeypatch.setattr(live, "DELAY", 0)
    monkeypatch.setattr(training, "compiled", {})


def network(units=4):
    layers = [keras.layers.Dense(units, activation="tanh"), keras.layers.Dense(1)]
    model = keras.Sequential([keras.Input((1,)), *layers])
    model.compile(loss="mse", optimizer="adam")
    return model


class Trained:
    """An explorer that trains `network` to give a multiple of its input, and what came of it."""

    def __init__(self, factor, *, key="network", units=4, epochs=50, build=network, at_once=False):
        self.a, self.weights, self.training = IntSlider(0), [], threading.Event()
        self.target, self.epochs = factor * X, epochs

        def work(a, seed, monitor):
            def passed_on(share):
                self.training.set()
                monitor(share)

            heard = Monitor(passed_on, monitor.says, None)
            heard.at_home = monitor.at_home
            runs = train(key, lambda: build(units), X, self.target, [a, a + 1], heard,
                         epochs=epochs, batch_size=5)  # fmt: skip
            return runs.weights

        self.box = explorer(lambda **values: draw(a=values["a"]), {"a": self.a}, work=work,
                            works_on=("a",), keep=self.weights.append, at_once=at_once)  # fmt: skip

    def expected(self, a):
        runs = repeat(network, X, self.target, [a, a + 1], epochs=self.epochs, batch_size=5)
        return runs.weights


def assert_same(weights, expected):
    for ours, theirs in zip(weights, expected, strict=True):
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(one, other)


# ---- The right weights --------------------------------------------------------------------------


def test_two_explorers_at_once_train_what_each_trains_alone():
    async def moves():
        one, two = Trained(2, epochs=LONG), Trained(-3)
        one.a.value = 1
        await until(one.training.is_set)
        two.a.value = 5
        await until(lambda: "<b>Waiting.</b>" in status(two.box))
        await until(lambda: one.weights and two.weights)
        return one, two

    one, two = asyncio.run(moves())
    assert_same(one.weights[0], one.expected(1))
    assert_same(two.weights[0], two.expected(5))


def test_a_cell_that_is_run_again_during_training_changes_neither():
    async def moves():
        before = Trained(2, epochs=LONG)
        before.a.value = 1
        await until(before.training.is_set)
        again = Trained(-3, at_once=True)
        await until(lambda: before.weights)
        return before, again

    before, again = asyncio.run(moves())
    assert_same(before.weights[0], before.expected(1))
    assert_same(again.weights[0], again.expected(0))


# ---- No trace in the cells ----------------------------------------------------------------------


async def cell(pause):
    """Numbers and weights as a cell gets them that now and then waits."""
    keras.utils.set_random_seed(7)
    drawn = []
    for _ in range(16):
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2)])
        drawn.append(model.get_weights()[0].ravel())
        drawn.append([random.random(), np.random.rand()])  # noqa: NPY002  the one Keras seeds
        drawn.append(keras.random.uniform((2,)).numpy())
        drawn.append(tf.random.uniform((2,)).numpy())
        drawn.append([get_random_seed()] * 2)
        await pause()
    return np.array(drawn)


def test_a_cell_that_draws_and_builds_meanwhile_gets_what_it_gets_without():
    async def alone():
        return await cell(lambda: asyncio.sleep(0))

    async def beside_training():
        trained = Trained(2, epochs=1)

        async def pause():  # once in each there is a model built between two numbers
            seen = len(trained.weights)
            trained.a.value += 1
            await until(lambda: len(trained.weights) > seen)

        return await cell(pause)

    np.testing.assert_array_equal(asyncio.run(beside_training()), asyncio.run(alone()))


def test_models_are_built_where_the_cells_run():
    threads = []

    def noted(units):
        threads.append(threading.current_thread())
        return network(units)

    trained = Trained(2, build=noted)
    trained.a.value = 3
    assert len(trained.weights) == 1
    assert set(threads) == {threading.main_thread()}


# ---- Compiled once, and not without end ---------------------------------------------------------


def compilations(heard):
    return sum("compiles" in line for line in heard)


def test_what_is_compiled_serves_all_explorers_and_the_wait_is_announced_once():
    one, two = Trained(2), Trained(3)
    heard, also = told(one.box), told(two.box)
    one.a.value = 1
    two.a.value = 2
    one.a.value = 3
    assert compilations(heard) == 1
    assert compilations(also) == 0
    assert len(one.weights) == 2
    assert_same(two.weights[0], two.expected(2))


def test_a_run_that_is_stopped_leaves_what_it_compiled():
    async def moves():
        trained = Trained(2, epochs=LONG)
        heard = told(trained.box)
        trained.a.value = 1
        await until(trained.training.is_set)
        button(trained.box, "Stop").click()
        await until(lambda: "<b>Stopped.</b>" in status(trained.box))
        trained.a.value = 2
        await until(lambda: trained.weights)
        return compilations(heard)

    assert asyncio.run(moves()) == 1


def test_a_network_that_was_changed_in_the_notebook_is_compiled_anew():
    before, after = Trained(2, key="a"), Trained(2, key="a", units=9)
    heard = told(after.box)
    before.a.value = 1
    after.a.value = 1
    assert after.weights[0][0][0].shape == (1, 9)
    assert compilations(heard) == 1
    before.a.value = 2
    after.a.value = 2
    assert compilations(heard) == 1
    assert_same(before.weights[1], before.expected(2))


def test_after_so_many_networks_only_those_are_trained(monkeypatch):
    monkeypatch.setattr(training, "MOST", 2)
    explorers = [Trained(2, key=units, units=units) for units in (2, 3, 5)]
    for trained in explorers:
        trained.a.value = 1
    *within, beyond = explorers
    assert "<b>Stopped.</b> This kernel holds 2 compiled networks" in status(beyond.box)
    assert "restart the kernel" in status(beyond.box)
    for trained in within:
        trained.a.value = 2
        assert "<b>Ready.</b>" in status(trained.box)
    assert [len(trained.weights) for trained in explorers] == [2, 2, 0]
