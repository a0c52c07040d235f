"""What `fit` compiles, how often, and what becomes of the model."""

import copy
import gc
import io
import logging
import weakref

from helpers import training
from helpers.training import fit, repeat

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import metrics, optimizers
from small_models import (
    POINTS,
    TARGET,
    Diary,
    Subclassed,
    Witness,
    assert_same_weights,
    layers,
    linear,
    mlp,
    stack,
)


def test_the_same_model_and_shapes_are_compiled_once(model, shared_start):
    def traced_by(**arguments):
        before = shared_start.counter.traces
        fit(model, *arguments.pop("data", (POINTS, TARGET)), **{"batch_size": 7, **arguments})
        return shared_start.counter.traces - before

    assert traced_by() > 0
    assert traced_by() == 0
    assert traced_by(epochs=30) == 0
    assert traced_by(shuffle=False) == 0
    assert traced_by(seed=1) == 0
    assert traced_by(callbacks=[Diary()]) == 0
    assert traced_by(verbose=2) == 0
    assert traced_by(data=(POINTS + 1, TARGET * 2)) == 0
    assert traced_by(batch_size=9) > 0
    assert traced_by() == 0


class OwnMetrics(Subclassed):
    """As the Keras guide has it: a list of metrics that `compile` does not change."""

    def __init__(self):
        super().__init__()
        self.error = metrics.Mean(name="error")

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        loss = super().compute_loss(x, y, y_pred, sample_weight, training)
        self.error.update_state(loss)
        return loss

    @property
    def metrics(self):
        return [self.error]


def test_after_another_compile_the_model_trains_on_the_new_loss():
    keras.utils.set_random_seed(0)
    model, optimizer = OwnMetrics(), optimizers.SGD(0.0)
    errors = []
    for loss in ("mse", "mae"):
        model.compile(loss=loss, optimizer=optimizer)
        errors += fit(model, POINTS, TARGET).history["error"]
    residuals = TARGET - model(POINTS).numpy()
    np.testing.assert_allclose(errors, [np.mean(residuals**2), np.mean(abs(residuals))], rtol=1e-5)


def test_many_small_models_leave_no_warning(capfd):
    """TensorFlow counts the traces of all models together and takes them for a mistake."""
    logged = io.StringIO()
    handler = logging.StreamHandler(logged)
    tf.get_logger().addHandler(handler)
    try:
        for _ in range(6):
            fit(Witness(4), POINTS[:4], TARGET[:4], epochs=4)
    finally:
        tf.get_logger().removeHandler(handler)
    assert logged.getvalue() == ""
    assert capfd.readouterr().err == ""


def test_a_model_and_its_program_can_be_freed():
    witness = Witness(4)
    fit(witness, POINTS[:4], TARGET[:4], epochs=4)
    program = weakref.ref(witness.__dict__["_course_program"].run)
    witness = weakref.ref(witness)
    gc.collect()
    assert witness() is None
    assert program() is None


def test_a_trained_model_can_be_saved_loaded_copied_and_cloned(tmp_path):
    trained = mlp()
    fit(trained, POINTS, TARGET, epochs=2)
    trained.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    for again in (loaded, copy.deepcopy(trained)):
        assert_same_weights(again.get_weights(), trained.get_weights())
    assert len(keras.models.clone_model(trained).get_weights()) == 4
    fit(loaded, POINTS, TARGET)
    fit(trained, POINTS, TARGET)
    assert int(loaded.optimizer.iterations) == int(trained.optimizer.iterations) == 3


class InNumpy(layers.Layer):
    def call(self, x):
        doubled = tf.numpy_function(lambda values: 2 * values, [x], tf.float32)
        doubled.set_shape(x.shape)
        return doubled


def test_a_model_that_xla_cannot_compile_is_refused_before_it_is_trained():
    model = stack(InNumpy(), layers.Dense(1))
    before = model.get_weights()
    with pytest.raises(ValueError, match=r"XLA cannot compile this model.*use model\.fit"):
        fit(model, POINTS, TARGET)
    assert_same_weights(model.get_weights(), before)


def test_jit_compile_has_no_say_because_keras_turns_its_default_into_false():
    """Should the second line fail, a False that was asked for can be told from the default."""
    by_default, asked_for = linear(), linear(jit_compile=False)
    assert by_default.jit_compile is asked_for.jit_compile is False
    asked_for.set_weights(by_default.get_weights())
    for model in (by_default, asked_for):
        fit(model, POINTS, TARGET, seed=0)
    tf.nest.map_structure(
        np.testing.assert_array_equal, asked_for.get_weights(), by_default.get_weights()
    )


def test_what_stands_in_for_fit_in_the_package_trains_for_repeat_too(monkeypatch):
    def learns_nothing(model, *data, **arguments):
        before = model.get_weights()
        history = fit(model, *data, **arguments)
        model.set_weights(before)
        return history

    monkeypatch.setattr(training, "fit", learns_nothing)
    runs = repeat(linear, POINTS, TARGET, [3])
    keras.utils.set_random_seed(3)
    assert_same_weights(runs.weights[0], linear().get_weights())
