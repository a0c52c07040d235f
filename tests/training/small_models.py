"""Data, small models and comparisons that the tests of training share."""

import functools

from helpers.training import fit

import keras
import numpy as np
import tensorflow as tf
from keras import callbacks, layers

ROWS, STEPS = 16, 4
_rng = np.random.default_rng(0)
WINDOWS = _rng.normal(size=(ROWS, STEPS, 2)).astype("float32")
POINTS = _rng.normal(size=(ROWS, 3)).astype("float32")
TARGET = (POINTS.sum(axis=1, keepdims=True) + _rng.normal(size=(ROWS, 1))).astype("float32")
LABELS = _rng.integers(0, 3, ROWS)
TOKENS = _rng.integers(0, 4, (ROWS, STEPS))
WEIGHTS = np.linspace(0, 1, ROWS)


def stack(*parts, shape=(3,), loss="mse", optimizer="adam", **compiled_with):
    """A compiled Sequential model of these layers."""
    model = keras.Sequential([keras.Input(shape), *parts])
    model.compile(loss=loss, optimizer=optimizer, **compiled_with)
    return model


def mlp(**compiled_with):
    return stack(layers.Dense(4, activation="tanh"), layers.Dense(1), **compiled_with)


def compiled(model, optimizer="sgd"):
    model.compile(loss="mse", optimizer=optimizer)
    return model


def joined_inputs():
    points, windows = keras.Input((3,), name="points"), keras.Input((STEPS, 2), name="windows")
    both = layers.Concatenate()([layers.Dense(2)(points), layers.Flatten()(windows)])
    return [points, windows], both


def two_inputs():
    inputs, both = joined_inputs()
    return compiled(keras.Model(inputs, layers.Dense(1, kernel_regularizer="l2")(both)))


def two_inputs_and_outputs():
    inputs, both = joined_inputs()
    value = layers.Dense(1, name="value")(both)
    label = layers.Dense(3, activation="softmax", name="label")(both)
    model = keras.Model(inputs, {"value": value, "label": label})
    model.compile(
        loss={"value": "mse", "label": "sparse_categorical_crossentropy"},
        loss_weights={"value": 0.5, "label": 2.0},
        metrics={"label": ["accuracy"]},
        optimizer="adam",
    )
    return model


def stateful_rnn():
    return keras.Sequential(
        [
            keras.Input(batch_shape=(8, STEPS)),
            layers.Embedding(4, 2, mask_zero=True),
            layers.SimpleRNN(2, stateful=True),
            layers.Dense(1),
        ]
    )


class Subclassed(keras.Model):
    """A model without a graph of layers, built by the first data it sees."""

    def __init__(self, between=None):
        super().__init__()
        self.hidden = layers.Dense(4, activation="tanh")
        self.between = between or layers.Identity()
        self.out = layers.Dense(1)

    def call(self, x):
        return self.out(self.between(self.hidden(x)))


class OwnSteps(Subclassed):
    """Logs the last batch's values, under names that no metric of the model has."""

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            error = self(x, training=True) - y
            loss = tf.reduce_mean(error**2)
        weights = self.trainable_weights
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return {"largest": {"error": tf.reduce_max(error)}, "squared": loss}

    def test_step(self, data):
        x, y = data
        return {"absolute": tf.reduce_mean(tf.abs(self(x) - y))}


class MeanPenalty(layers.Layer):
    def call(self, x):
        self.add_loss(0.1 * keras.ops.mean(x**2))
        return x


class TraceCounter(layers.Layer):
    """Counts how often Python builds the graph it is in, for training: once a compilation."""

    traces = 0

    def call(self, x, training=False):
        self.traces += bool(training)
        return x


class Witness(keras.Model):
    """Trains nothing and writes down what `layer` makes of each row, in the order it comes."""

    def __init__(self, samples, epochs=4, layer=None):
        super().__init__()
        self.layer = layer or layers.Identity()
        self.samples, self.epochs = samples, epochs
        self.notes = self.add_weight(shape=(samples * epochs,), trainable=False)
        self.count = self.add_weight(shape=(), dtype="int32", initializer="zeros", trainable=False)
        self.compile()

    def call(self, x, training=False):
        return self.layer(x, training=training)

    def train_step(self, data):
        x, _ = data
        values = self(x, training=True)[:, 0]
        rows = tf.shape(values)[0]
        places = self.count + tf.range(rows)
        notes = tf.tensor_scatter_nd_update(self.notes.value, places[:, None], values)
        self.notes.assign(notes)
        self.count.assign_add(rows)
        return {"noted": self.count.value}

    def test_step(self, data):
        return {"first": data[0][0, 0]}

    @property
    def by_epoch(self):
        return self.notes.numpy().reshape(self.epochs, self.samples)


@functools.cache
def witness_of(samples, epochs, dropout=False):
    return Witness(samples, epochs, layers.Dropout(0.5, seed=1) if dropout else None)


def witnessed(samples=10, epochs=4, dropout=False, **arguments):
    """What a Witness saw of rows that hold their own number, or 1 to be masked: a line an epoch."""
    witness = witness_of(samples, epochs, dropout)
    witness.count.assign(0)
    numbers = np.arange(samples, dtype="float32")[:, None]
    x = np.ones_like(numbers) if dropout else numbers
    fit(witness, x, numbers, epochs=epochs, **{"batch_size": 4, **arguments})
    return witness.by_epoch


class Start:
    """Puts a model back to where it was, so that tests can share what it has compiled."""

    def __init__(self, model):
        self.model = model
        model.optimizer.build(model.trainable_variables)
        self.variables = [*model.variables, *model.optimizer.variables]
        self.values = [variable.numpy() for variable in self.variables]

    def again(self):
        for variable, value in zip(self.variables, self.values, strict=True):
            variable.assign(value)
        return self.model


def linear(**compiled_with):
    return stack(layers.Dense(1), optimizer="sgd", **compiled_with)


def relu_net(**changes):
    return stack(layers.Dense(3, activation="relu"), layers.Dense(2), **changes)


def one_after_another(*models):
    models = iter(models)
    return lambda: next(models)


class Diary(callbacks.Callback):
    """Writes down each call, its epoch and its logs, and what the callback can see of the model."""

    def __init__(self):
        super().__init__()
        self.pages = []

    def write(self, hook, epoch=None, logs=None):
        self.pages.append(
            {
                "hook": hook,
                "epoch": epoch,
                "logs": dict(logs or {}),
                "rate": float(self.model.optimizer.learning_rate),
                "weights": float(sum(np.abs(w).sum() for w in self.model.get_weights())),
                "stop": self.model.stop_training,
                "epochs": self.params["epochs"],
                "steps": self.params["steps"],
            }
        )
        if hook == "epoch end":
            metric_values = self.model.get_metrics_result()
            self.pages[-1]["metrics"] = {name: float(v) for name, v in metric_values.items()}

    def on_train_begin(self, logs=None):
        self.write("train begin", logs=logs)

    def on_train_end(self, logs=None):
        self.write("train end", logs=logs)

    def on_epoch_begin(self, epoch, logs=None):
        self.write("epoch begin", epoch, logs)

    def on_epoch_end(self, epoch, logs=None):
        self.write("epoch end", epoch, logs)

    def on_test_begin(self, logs=None):
        self.write("test begin", logs=logs)

    def on_test_end(self, logs=None):
        self.write("test end", logs=logs)


def assert_same_weights(ours, theirs):
    """Equal to 1e-4 of the largest weight."""
    assert len(ours) == len(theirs)
    largest = max(np.abs(weight).max() for weight in theirs)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=0, atol=1e-4 * largest)


def assert_same_history(ours, theirs):
    """The same names in the same order, as many values of the same type, equal to 1e-4."""
    assert list(ours) == list(theirs)
    for name, values in theirs.items():
        assert len(ours[name]) == len(values)
        if isinstance(values[0], float):
            assert {type(value) for value in ours[name]} == {float}
        np.testing.assert_allclose(
            np.array(ours[name]), np.array(values), rtol=1e-4, atol=1e-5, err_msg=name
        )
