"""Models that are compiled once for all tests of training."""

from types import SimpleNamespace

import keras
import pytest
import tensorflow as tf
from keras import layers, optimizers
from small_models import Start, TraceCounter, stack


@pytest.fixture(scope="module", autouse=True)
def _model_fit_without_tuner():
    """Two thirds of model.fit on such small data are tf.data waiting for its own tuner to end."""

    def without_tuner(options=tf.data.Options):
        made = options()
        made.autotune.enabled = False
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tf.data, "Options", without_tuner)
        yield


@pytest.fixture(scope="session")
def shared_start():
    keras.utils.set_random_seed(1)
    counter = TraceCounter()
    model = stack(
        layers.Dense(4, activation="tanh"),
        counter,
        layers.Dense(1),
        metrics=["mae"],
        optimizer=optimizers.SGD(0.1, momentum=0.5),
    )
    return SimpleNamespace(start=Start(model), counter=counter)


@pytest.fixture
def model(shared_start):
    """A small regression model at its starting weights; what it has compiled stays."""
    return shared_start.start.again()


@pytest.fixture(scope="session")
def dropout_start():
    keras.utils.set_random_seed(1)
    return Start(stack(layers.Dense(8), layers.Dropout(0.5), layers.Dense(1)))
