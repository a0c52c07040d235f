"""`helpers.training`: what `fit` and `repeat` promise, held against `keras.Model.fit` itself."""

import copy
import functools
import gc
import inspect
import io
import logging
import os
import random
import signal
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from helpers.training import Runs, calls, fit, repeat, watching

import keras
import numpy as np
import pytest
import tensorflow as tf
import tqdm.std
from keras import callbacks, layers, metrics, optimizers

# ---- data and models ----------------------------------------------------------------------------

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


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
def dropout_start():
    keras.utils.set_random_seed(1)
    return Start(stack(layers.Dense(8), layers.Dropout(0.5), layers.Dense(1)))


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


# ---- the same as model.fit ----------------------------------------------------------------------

# Each case holds several things that have nothing to do with each other, because model.fit takes
# most of the time of these tests. 50 epochs for what the course trains with, 10 for the rest.
EQUAL = {
    "LSTM | Adam": lambda: (
        stack(layers.LSTM(3), layers.Dense(1), shape=(STEPS, 2)),
        (WINDOWS, TARGET),
        {"epochs": 50},
    ),
    "stacked LSTM with return_sequences | RMSprop": lambda: (
        stack(
            layers.LSTM(2, return_sequences=True),
            layers.LSTM(2, return_sequences=True),
            layers.Dense(1),
            shape=(STEPS, 2),
            optimizer=optimizers.RMSprop(0.01),
        ),
        (WINDOWS, WINDOWS[:, :, :1]),
        {"epochs": 50},
    ),
    "GRU | SGD with momentum": lambda: (
        stack(
            layers.GRU(2),
            layers.Dense(1),
            shape=(STEPS, 2),
            optimizer=optimizers.SGD(0.01, momentum=0.9),
        ),
        (WINDOWS, TARGET),
        {"epochs": 50},
    ),
    # No bias before BatchNormalization: it takes any bias out again, so that its gradient is
    # nothing but rounding, which an optimizer such as Adam blows up to full steps.
    "BatchNormalization": lambda: (
        stack(layers.Dense(3, use_bias=False), layers.BatchNormalization(), layers.Dense(1)),
        (POINTS, TARGET),
        {"epochs": 50},
    ),
    "two inputs in a list | L2 regulariser | last batch not full": lambda: (
        two_inputs(),
        ([POINTS, WINDOWS], TARGET),
        {"epochs": 50, "batch_size": 6},
    ),
    "two inputs in a dict | two outputs | validation_data with sample weights": lambda: (
        two_inputs_and_outputs(),
        ({"windows": WINDOWS, "points": POINTS}, {"value": TARGET, "label": LABELS}),
        {
            "epochs": 50,
            "validation_data": (
                {"windows": WINDOWS[:8], "points": POINTS[:8]},
                {"value": TARGET[:8], "label": LABELS[:8]},
                {"value": WEIGHTS[:8], "label": WEIGHTS[8:]},
            ),
        },
    ),
    "fewer rows than a batch, in both parts | y of one axis | float64": lambda: (
        mlp(),
        (POINTS.astype("float64"), TARGET[:, 0].astype("float64")),
        {"batch_size": 32, "validation_split": 0.25},
    ),
    "integer-label classifier | several metrics | BatchNormalization held out": lambda: (
        stack(
            layers.BatchNormalization(),
            layers.Dense(3, activation="softmax"),
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy", metrics.SparseTopKCategoricalAccuracy(2, name="a_top")],
        ),
        (POINTS, LABELS),
        {"epochs": 50, "batch_size": 5, "validation_split": 0.4},
    ),
    "metric with a value a class | average of the weights in the optimizer": lambda: (
        stack(
            layers.Dense(3, activation="softmax"),
            loss="categorical_crossentropy",
            metrics=[metrics.F1Score()],
            optimizer=optimizers.SGD(0.05, use_ema=True, ema_momentum=0.9),
        ),
        (POINTS, np.eye(3)[LABELS]),
        {},
    ),
    "subclassed model | loss added by a layer | learning-rate schedule": lambda: (
        compiled(
            Subclassed(MeanPenalty()),
            optimizers.SGD(optimizers.schedules.ExponentialDecay(0.05, 20, 0.5)),
        ),
        (POINTS, TARGET),
        {},
    ),
    "subclassed model with its own steps and logs | no sample weights": lambda: (
        compiled(OwnSteps()),
        (POINTS, TARGET),
        {"batch_size": 4, "validation_data": (POINTS[:7], TARGET[:7], None)},
    ),
    "stateful RNN | masked Embedding of whole numbers": lambda: (
        compiled(stateful_rnn()),
        (TOKENS, TARGET),
        {},
    ),
    "scaled loss of mixed precision | tensors | y of truth values": lambda: (
        stack(
            layers.Dense(2, dtype="mixed_float16"),
            layers.Dense(1, dtype="float32"),
            optimizer=optimizers.LossScaleOptimizer(optimizers.SGD(0.01)),
        ),
        (tf.constant(POINTS), TARGET > 0),
        {},
    ),
}


@pytest.mark.parametrize("case", EQUAL)
def test_unshuffled_weights_and_history_equal_those_of_model_fit(case):
    def run(train):
        keras.utils.set_random_seed(0)
        model, data, arguments = EQUAL[case]()
        arguments = {"batch_size": 8, "epochs": 10, **arguments}
        history = train(model, *data, shuffle=False, verbose=0, **arguments)
        assert model.history is history
        return model.get_weights(), history.history

    (weights, history), (their_weights, their_history) = run(fit), run(keras.Model.fit)
    assert_same_history(history, their_history)
    assert_same_weights(weights, their_weights)


def test_a_train_step_is_given_what_model_fit_gives_it():
    """Lists as tuples, floats as float32, other numbers as they are."""

    def given(train):
        seen = []

        class Inspector(Subclassed):
            def call(self, x):
                return super().call(x[0])

            def train_step(self, data):
                seen.append(tf.nest.map_structure(lambda part: part.dtype.name, data))
                return super().train_step(data)

        x = [POINTS.astype("float64"), LABELS.astype("int8"), TARGET > 0]
        train(compiled(Inspector()), x, TARGET.astype("float16"), batch_size=8, verbose=0)
        return seen[0]

    assert given(fit) == given(keras.Model.fit)
    assert given(fit) == (("float32", "int8", "bool"), "float32")


def test_arguments_shared_with_model_fit_have_its_defaults():
    theirs = inspect.signature(keras.Model.fit).parameters
    for name, parameter in inspect.signature(fit).parameters.items():
        if name in theirs and name not in ("model", "x", "y"):
            expected = 32 if name == "batch_size" else theirs[name].default  # None stands for 32
            assert parameter.default == expected, name


# ---- the order of rows, and the seed ------------------------------------------------------------


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


# ---- callbacks ----------------------------------------------------------------------------------


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


class HalveEverything(callbacks.Callback):
    """Changes the weights and the rate between epochs, and stops when it has seen enough."""

    def on_epoch_begin(self, epoch, logs=None):
        self.model.set_weights([weight / 2 for weight in self.model.get_weights()])

    def on_epoch_end(self, epoch, logs=None):
        self.model.optimizer.learning_rate = self.model.optimizer.learning_rate / 2
        self.model.stop_training = epoch == 3


BY_EPOCH = {
    "none but a diary": lambda: [],
    "EarlyStopping with the best weights restored": lambda: [
        callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    ],
    "LearningRateScheduler": lambda: [
        callbacks.LearningRateScheduler(lambda epoch, rate: rate * (0.5 if epoch % 2 else 0.9))
    ],
    "ReduceLROnPlateau": lambda: [callbacks.ReduceLROnPlateau(patience=1, factor=0.5)],
    "LambdaCallback by epoch": lambda: [
        callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: logs.update(extra=epoch))
    ],
    "a user's own": lambda: [HalveEverything()],
}


@pytest.mark.parametrize("case", BY_EPOCH)
def test_callbacks_by_epoch_see_and_do_what_they_do_in_model_fit(shared_start, case):
    def run(train):
        model, diary = shared_start.start.again(), Diary()
        history = train(
            model,
            POINTS,
            TARGET,
            batch_size=5,
            epochs=8,
            validation_split=0.25,
            shuffle=False,
            callbacks=[*BY_EPOCH[case](), diary],
            verbose=0,
        )
        return model.get_weights(), history.history, diary.pages

    (weights, history, pages), (their_weights, their_history, their_pages) = (
        run(fit),
        run(keras.Model.fit),
    )
    assert_same_history(history, their_history)
    assert_same_weights(weights, their_weights)
    assert len(pages) == len(their_pages)
    for page, their_page in zip(pages, their_pages, strict=True):
        tf.nest.map_structure(alike, page, their_page)


def alike(mine, other):
    assert type(mine) is type(other)
    assert mine == (pytest.approx(other, rel=1e-4, abs=1e-5) if type(other) is float else other)


def test_early_stopping_stops(model):
    """So that the comparison above is about a run that was stopped."""
    stop = callbacks.EarlyStopping(monitor="loss", min_delta=10, patience=2)
    history = fit(model, POINTS, TARGET, batch_size=5, epochs=12, callbacks=stop)
    assert len(history.history["loss"]) == 3


def test_model_checkpoint_by_epoch_writes_the_files_model_fit_writes(shared_start, tmp_path):
    def run(train, folder):
        model = shared_start.start.again()
        path = folder / "{epoch:02d} {val_loss:.4f}.weights.h5"
        (folder).mkdir()
        saver = callbacks.ModelCheckpoint(path, save_weights_only=True, save_best_only=True)
        arguments = {"batch_size": 5, "epochs": 4, "shuffle": False, "verbose": 0}
        train(model, POINTS, TARGET, validation_split=0.25, callbacks=[saver], **arguments)
        files = sorted(folder.iterdir())
        model.load_weights(files[-1])
        return [file.name for file in files], model.get_weights()

    names, weights = run(fit, tmp_path / "ours")
    their_names, their_weights = run(keras.Model.fit, tmp_path / "theirs")
    assert names == their_names
    assert_same_weights(weights, their_weights)


class EveryBatch(callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        pass


class EveryTestBatch(callbacks.Callback):
    def on_test_batch_begin(self, batch, logs=None):
        pass


class OldName(callbacks.Callback):
    def on_batch_begin(self, batch, logs=None):
        pass


class BusyCheckpoint(callbacks.ModelCheckpoint):
    def on_train_batch_begin(self, batch, logs=None):
        pass


@pytest.mark.parametrize(
    ("callback", "message"),
    [
        (EveryBatch, r"EveryBatch needs a Python call every batch \(on_train_batch_end\)"),
        (EveryTestBatch, r"\(on_test_batch_begin\)"),
        (OldName, r"\(on_batch_begin\)"),
        (
            lambda: callbacks.ModelCheckpoint("m.keras", save_freq=10),
            r"ModelCheckpoint needs .* \(on_train_batch_end\)",
        ),
        (lambda: BusyCheckpoint("m.keras"), r"\(on_train_batch_begin\)"),
        (callbacks.TerminateOnNaN, r"\(on_batch_end\).*a loss that becomes NaN stops this fit"),
        (
            lambda: callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: None),
            r"LambdaCallback needs .* \(on_train_batch_end\)",
        ),
        (lambda: callbacks.BackupAndRestore("backup"), r"\(on_train_batch_end\)"),
    ],
)
def test_callbacks_by_batch_are_refused_by_the_name_of_the_hook(model, callback, message):
    before = model.get_weights()
    with pytest.raises(ValueError, match=message):
        fit(model, POINTS, TARGET, callbacks=[callback()])
    assert_same_weights(model.get_weights(), before)


# ---- compiled once ------------------------------------------------------------------------------


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


# ---- stopping -----------------------------------------------------------------------------------


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


# ---- progress -----------------------------------------------------------------------------------


@pytest.mark.parametrize("callbacks", [None, [Diary()]], ids=["alone", "with a callback"])
def test_progress_is_told_the_share_that_is_done(model, callbacks):
    shares = []
    fit(model, POINTS, TARGET, batch_size=5, epochs=40, callbacks=callbacks, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[0] > 0
    assert shares[-1] == 1


def test_progress_of_several_seeds_is_the_share_of_all_their_work():
    shares = []
    repeat(linear, POINTS, TARGET, range(4), batch_size=8, progress=shares.append)
    assert shares == [0.25, 0.5, 0.75, 1]


def test_what_progress_raises_ends_the_run_and_keeps_what_was_trained(model):
    def enough(share):
        if share > 0.2:
            raise RuntimeError("enough")

    before = model.get_weights()
    with pytest.raises(RuntimeError, match="enough"):
        fit(model, POINTS, TARGET, batch_size=5, epochs=10_000, progress=enough)
    assert 2000 <= len(model.history.history["loss"]) < 10_000
    assert not np.array_equal(before[0], model.get_weights()[0])


@pytest.fixture
def screen(monkeypatch):
    """What a progress bar draws, with the switch on as it is for a learner."""
    stream = io.StringIO()
    monkeypatch.delenv("COURSE_PROGRESS")
    bar = functools.partial(tqdm.std.tqdm, file=stream, mininterval=0)
    monkeypatch.setattr(watching, "tqdm", bar)
    return stream


def test_short_work_shows_no_bar(model, screen):
    fit(model, POINTS, TARGET, batch_size=5, epochs=3)
    assert screen.getvalue() == ""


@pytest.mark.parametrize("verbose", ["auto", 1])
def test_longer_work_shows_a_bar_with_the_loss(model, screen, monkeypatch, verbose):
    monkeypatch.setattr(watching, "BAR_AFTER", 0)
    loss = fit(model, POINTS, TARGET, batch_size=5, epochs=3, verbose=verbose).history["loss"]
    assert "3/3" in screen.getvalue()
    assert f"loss={loss[1]:.4g}" in screen.getvalue()


@pytest.mark.parametrize("verbose", [0, 2])
def test_verbose_0_and_2_show_no_bar(model, screen, monkeypatch, verbose):
    monkeypatch.setattr(watching, "BAR_AFTER", 0)
    fit(model, POINTS, TARGET, batch_size=5, epochs=3, verbose=verbose)
    assert screen.getvalue() == ""


def test_the_switch_turns_every_bar_off(model, screen, monkeypatch):
    monkeypatch.setattr(watching, "BAR_AFTER", 0)
    monkeypatch.setenv("COURSE_PROGRESS", "0")
    fit(model, POINTS, TARGET, batch_size=5, epochs=3, verbose=1)
    repeat(linear, POINTS, TARGET, [0], verbose=1)
    assert screen.getvalue() == ""


def test_verbose_2_prints_a_line_an_epoch(model, capsys):
    loss = fit(model, POINTS, TARGET, batch_size=5, epochs=3, verbose=2).history["loss"]
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("Epoch 2/3 - ")
    assert f"loss: {loss[1]:.4g}" in lines[1]


def test_silent_by_default_below_the_threshold(model, capfd):
    fit(model, POINTS, TARGET, batch_size=5, epochs=3)
    assert capfd.readouterr() == ("", "")


# ---- repeat -------------------------------------------------------------------------------------


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


def test_repeat_equals_a_fresh_model_for_each_seed_bit_for_bit():
    arguments = {"batch_size": 8, "epochs": 5}
    runs = repeat(full_of_state, WINDOWS, TARGET, (3, 11, 4), **arguments)
    assert runs.seeds == (3, 11, 4)
    keras.utils.set_random_seed(4)  # the last one, which has the others behind it
    model = full_of_state()
    history = fit(model, WINDOWS, TARGET, seed=4, **arguments).history
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


def test_repeat_may_run_in_one_thread_and_build_in_another():
    arguments = {"batch_size": 8, "epochs": 3}
    alone = repeat(full_of_state, WINDOWS, TARGET, (3, 4), **arguments)
    builders = []

    def build():
        builders.append(threading.current_thread().name)
        return full_of_state()

    with ThreadPoolExecutor(1, "trains") as trains, ThreadPoolExecutor(1, "builds") as builds:
        arguments["run_build"] = lambda start: builds.submit(start).result()
        runs = trains.submit(repeat, build, WINDOWS, TARGET, (3, 4), **arguments).result()
    assert builders == ["builds_0", "builds_0"]
    tf.nest.map_structure(np.testing.assert_array_equal, runs.weights, alone.weights)


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


def relu_net(**changes):
    return stack(layers.Dense(3, activation="relu"), layers.Dense(2), **changes)


@pytest.mark.parametrize(
    "other",
    [
        lambda: stack(layers.Dense(3, activation="tanh"), layers.Dense(2)),
        lambda: relu_net(optimizer=optimizers.Adam(beta_1=0.5)),
        lambda: relu_net(optimizer=optimizers.Adam(optimizers.schedules.CosineDecay(0.1, 9))),
        lambda: relu_net(optimizer="sgd"),
        lambda: relu_net(loss="mae"),
    ],
    ids=[
        "another activation",
        "another momentum",
        "a schedule",
        "another optimizer",
        "another loss",
    ],
)
def test_repeat_does_not_train_another_model_than_it_was_given(other):
    earlier = repeat(relu_net, POINTS, TARGET, [0], batch_size=8)
    repeat(relu_net, POINTS, TARGET, [1], batch_size=8, like=earlier)
    with pytest.raises(ValueError, match="a layer, the loss or the optimizer differs"):
        repeat(other, POINTS, TARGET, [1], batch_size=8, like=earlier)
    with pytest.raises(ValueError, match="a layer, the loss or the optimizer differs"):
        repeat(one_after_another(relu_net(), other()), POINTS, TARGET, [0, 1])


def test_like_takes_runs():
    with pytest.raises(TypeError, match=r"like must be earlier Runs.*got 'lstm'"):
        repeat(linear, POINTS, TARGET, [0], like="lstm")


def test_run_build_is_a_function():
    with pytest.raises(TypeError, match="run_build must be a function that calls another, got 3"):
        repeat(linear, POINTS, TARGET, [0], run_build=3)


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


def one_after_another(*models):
    models = iter(models)
    return lambda: next(models)


def adapted(data):
    scale = layers.Normalization()
    scale.adapt(data)
    return stack(scale, layers.Dense(1), optimizer="sgd")


def unbuilt():
    return compiled(keras.Sequential([layers.Dense(1)]))


def linear():
    return stack(layers.Dense(1), optimizer="sgd")


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


# ---- bad input ----------------------------------------------------------------------------------

NAN, INF = POINTS.copy(), TARGET.copy()
NAN[3, 1], INF[2, 0] = np.nan, np.inf

BAD = {
    "x empty": ({"x": POINTS[:0], "y": TARGET[:0]}, ValueError, r"x is empty: shape \(0, 3\)"),
    "x one number": ({"x": 3.0}, ValueError, r"x must have a first axis \(samples\)"),
    "x None": ({"x": None}, TypeError, "x must be an array of numbers, got None"),
    "y None": ({"y": None}, TypeError, "y must be an array of numbers, got None"),
    "y text": ({"y": ["a"] * ROWS}, TypeError, "y must be an array of numbers, got .'a'"),
    "x NaN": ({"x": NAN}, ValueError, r"x holds a value that is NaN or infinite.*\[3, 1\]"),
    "y infinite": ({"y": INF}, ValueError, r"y holds a value that is NaN or infinite.*\[2, 0\]"),
    "one of two inputs NaN": (
        {"x": [POINTS, NAN]},
        ValueError,
        r"x\[1\] holds a value that is NaN",
    ),
    "unequal lengths": (
        {"y": TARGET[:9]},
        ValueError,
        r"same number of samples \(the first axis\), got x: 16, y: 9",
    ),
    "unequal inputs": (
        {"x": {"a": POINTS, "b": WINDOWS[:3]}},
        ValueError,
        r"got x\['a'\]: 16, x\['b'\]: 3, y: 16",
    ),
    "ragged": ({"y": [[1], [1, 2]]}, TypeError, "y must be an array of numbers"),
    **{
        f"{name} {value!r}": ({name: value}, error, f"{name} must be {message}")
        for name in ("batch_size", "epochs")
        for value, error, message in (
            (0, ValueError, "at least 1, got 0"),
            (-2, ValueError, "at least 1, got -2"),
            (2.5, TypeError, "a whole number, got 2.5 of type float"),
            (True, TypeError, "a whole number, got True of type bool"),
            ("5", TypeError, "a whole number, got '5' of type str"),
            (None, TypeError, "a whole number, got None"),
        )
    },
    "validation_split 1.0": (
        {"validation_split": 1.0},
        ValueError,
        "validation_split must be at least 0 and below 1, got 1.0",
    ),
    "validation_split negative": ({"validation_split": -0.1}, ValueError, "below 1, got -0.1"),
    "validation_split NaN": (
        {"validation_split": float("nan")},
        ValueError,
        "validation_split must be a finite number, got nan",
    ),
    "validation_split text": ({"validation_split": "0.1"}, TypeError, "must be one number"),
    "validation_split holds nothing out": (
        {"validation_split": 1e-17},
        ValueError,
        "of 16 samples leaves 16 to train on and 0 held out",
    ),
    "validation_split leaves nothing": (
        {"validation_split": 0.99},
        ValueError,
        "of 16 samples leaves 0 to train on and 16 held out",
    ),
    "validation_data of one": ({"validation_data": (POINTS,)}, ValueError, r"must be \(x, y\) or"),
    "validation_data an array": ({"validation_data": POINTS}, ValueError, r"must be \(x, y\) or"),
    "validation_data NaN": (
        {"validation_data": (NAN, TARGET)},
        ValueError,
        "validation_data x holds a value that is NaN",
    ),
    "validation_data unequal": (
        {"validation_data": (POINTS, TARGET[:3])},
        ValueError,
        "got validation_data x: 16, validation_data y: 3",
    ),
    "verbose": ({"verbose": 3}, ValueError, 'verbose must be "auto", 0, 1 or 2, got 3'),
    "verbose text": ({"verbose": "yes"}, ValueError, "got 'yes'"),
    "shuffle": ({"shuffle": "batch"}, TypeError, "shuffle must be True or False, got 'batch'"),
    "negative seed": ({"seed": -1}, ValueError, "seed must be at least 0, got -1"),
    "fraction of a seed": ({"seed": 1.5}, TypeError, "seed must be a whole number, got 1.5"),
    "callback": ({"callbacks": [print]}, TypeError, "must be Keras callbacks, got <built-in"),
    "callback class": (
        {"callbacks": [callbacks.EarlyStopping]},
        TypeError,
        "must be Keras callbacks, got <class",
    ),
    "model not compiled": (
        {"model": keras.Sequential([keras.Input((3,)), layers.Dense(1)])},
        ValueError,
        r"model is not compiled: call model.compile\(",
    ),
    "model run eagerly": (
        {"model": mlp(run_eagerly=True)},
        ValueError,
        "compiled with run_eagerly=True",
    ),
    "not a model": ({"model": "mlp"}, TypeError, "model must be a Keras model, got str"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_before_anything_is_trained(model, case):
    wrong, error, message = BAD[case]
    before = model.get_weights()
    with pytest.raises(error, match=message):
        fit(**{"model": model, "x": POINTS, "y": TARGET, **wrong})
    assert_same_weights(model.get_weights(), before)
