"""How a run ends before its time, and what it leaves."""

import os
import signal
import threading
import time

from helpers.training import fit

import keras
import numpy as np
import pytest
from keras import callbacks
from small_models import POINTS, TARGET, Diary


@pytest.fixture
def interruptible():
    """Python's own SIGINT handler, also where the shell ignores SIGINT, and a timer to call it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    later = threading.Timer(0.4, os.kill, (os.getpid(), signal.SIGINT))
    yield later
    later.cancel()
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_stops_within_a_second_and_keeps_what_was_trained(model, interruptible):
    fit(model, POINTS, TARGET, batch_size=5)  # compiled
    before = int(model.optimizer.iterations)
    started = time.perf_counter()
    interruptible.start()
    with pytest.raises(KeyboardInterrupt):
        fit(model, POINTS, TARGET, batch_size=5, epochs=200_000)  # some seconds
    assert 0.4 <= time.perf_counter() - started < 1.4
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler

    finished = len(model.history.history["loss"])
    assert model.history.epoch == list(range(finished))
    assert finished > 1
    steps = int(model.optimizer.iterations) - before
    assert steps // 4 == finished


class Interrupts(callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if epoch == 2:
            signal.raise_signal(signal.SIGINT)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_leaves_the_history_of_the_epochs_finished(model):
    with pytest.raises(KeyboardInterrupt):
        fit(model, POINTS, TARGET, batch_size=5, epochs=9, callbacks=[Interrupts()])
    assert model.history.epoch == [0, 1, 2]
    assert len(model.history.history["loss"]) == 3


@pytest.mark.usefixtures("interruptible")
def test_a_program_that_ignores_interrupts_goes_on_doing_so(model):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    fit(model, POINTS, TARGET, batch_size=5, epochs=9, callbacks=[Interrupts()])
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    assert len(model.history.epoch) == 9


def test_fit_works_in_a_thread_of_its_own(shared_start):
    def run():
        model = shared_start.start.again()
        losses.append(fit(model, POINTS, TARGET, batch_size=5, epochs=3, seed=0).history["loss"])

    losses = []
    run()
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert losses[0] == losses[1]


@pytest.fixture(scope="module")
def explode(shared_start):
    def run(train, **arguments):
        model = shared_start.start.again()
        model.optimizer.learning_rate = 1e5
        arguments = {"batch_size": 5, "epochs": 12, "shuffle": False, "verbose": 0, **arguments}
        return train(model, POINTS, 1e3 * TARGET, **arguments)

    return run


@pytest.fixture(scope="module")
def first_nan(explode):
    """The epoch, counted from 0, in which the loss of that run is NaN for the first time."""
    is_nan = np.isnan(explode(keras.Model.fit).history["loss"])
    return int(is_nan.argmax())


@pytest.mark.parametrize("with_callback", [False, True])
def test_a_loss_that_becomes_nan_stops_the_run_and_names_the_epoch(
    model, explode, first_nan, with_callback
):
    """Also when it is one of many epochs inside a compiled call, as it is without a callback."""
    assert 0 < first_nan < 11
    with pytest.raises(FloatingPointError, match=f"NaN in epoch {first_nan + 1} of 12"):
        explode(fit, callbacks=[Diary()] if with_callback else None)
    is_nan = np.isnan(model.history.history["loss"]).tolist()
    assert is_nan == [False] * first_nan + [True]
