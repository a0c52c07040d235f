"""`fit` gives the weights and the history of `keras.Model.fit`."""

import inspect

from helpers.training import fit

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, metrics, optimizers
from small_models import (
    LABELS,
    POINTS,
    STEPS,
    TARGET,
    TOKENS,
    WEIGHTS,
    WINDOWS,
    MeanPenalty,
    OwnSteps,
    Subclassed,
    assert_same_history,
    assert_same_weights,
    compiled,
    mlp,
    stack,
    stateful_rnn,
    two_inputs,
    two_inputs_and_outputs,
)

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
    "inputs in a dict | two outputs | last batch not full | held out with sample weights": lambda: (
        two_inputs_and_outputs(),
        ({"windows": WINDOWS, "points": POINTS}, {"value": TARGET, "label": LABELS}),
        {
            "epochs": 50,
            "batch_size": 6,
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


@pytest.mark.parametrize(("batch_size", "known"), [(8, 8), (6, None)])
def test_a_train_step_is_given_what_model_fit_gives_it(batch_size, known):
    """Lists as tuples, floats as float32, the rest as it is, and a size if every batch has it."""

    def kind(part):
        return part.dtype.name, *part.shape

    def given(train):
        seen = []

        class Inspector(Subclassed):
            def call(self, x):
                return super().call(x[0])

            def train_step(self, data):
                seen.append(tf.nest.map_structure(kind, data))
                return super().train_step(data)

        x = [POINTS.astype("float64"), LABELS.astype("int8"), TARGET > 0]
        train(compiled(Inspector()), x, TARGET.astype("float16"), batch_size=batch_size, verbose=0)
        return seen[0]

    assert given(fit) == given(keras.Model.fit)
    x, y = given(fit)
    assert x == (("float32", known, 3), ("int8", known), ("bool", known, 1))
    assert y == ("float32", known, 1)


def test_arguments_shared_with_model_fit_have_its_defaults():
    theirs = inspect.signature(keras.Model.fit).parameters
    for name, parameter in inspect.signature(fit).parameters.items():
        if name in theirs and name not in ("model", "x", "y"):
            expected = 32 if name == "batch_size" else theirs[name].default  # None stands for 32
            assert parameter.default == expected, name
