"""Only models of the same architecture, compiled in the same way, share a program."""

import functools

from helpers.training import repeat
from helpers.training.recipe import recipe

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers, losses, metrics, optimizers
from small_models import (
    POINTS,
    STEPS,
    TARGET,
    Subclassed,
    compiled,
    one_after_another,
    relu_net,
    stack,
)

REFUSED = "a layer, the loss or the optimizer differs"


@pytest.fixture(scope="module")
def earlier():
    return repeat(relu_net, POINTS, TARGET, [0, 1], batch_size=8)


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
def test_repeat_does_not_train_another_model_than_it_was_given(earlier, other):
    repeat(relu_net, POINTS, TARGET, [1], batch_size=8, like=earlier)
    with pytest.raises(ValueError, match=REFUSED):
        repeat(other, POINTS, TARGET, [1], batch_size=8, like=earlier)
    with pytest.raises(ValueError, match=REFUSED):
        repeat(one_after_another(relu_net(), other()), POINTS, TARGET, [0, 1], like=earlier)


def test_the_seeds_of_one_call_are_compared_too():
    with pytest.raises(ValueError, match=REFUSED):
        repeat(one_after_another(relu_net(), relu_net(loss="mae")), POINTS, TARGET, [0, 1])


# ---- what tells two models apart ----------------------------------------------------------------


class Net(keras.Model):
    """A subclass whose config Keras makes of its argument."""

    def __init__(self, activation="tanh"):
        super().__init__()
        self.hidden = layers.Dense(2, activation=activation)
        self.out = layers.Dense(1)

    def call(self, x):
        return self.out(self.hidden(x))


class SlopedNet(Net):
    """What it does depends on a value that is in no config."""

    slope_of_next = 1.0

    def __init__(self):
        super().__init__()
        self.slope = SlopedNet.slope_of_next

    def call(self, x):
        return self.slope * super().call(x)


def sloped_net(slope):
    SlopedNet.slope_of_next = slope
    return compiled(SlopedNet())


def net_of(activation="tanh", loss="mse"):
    model = Net(activation)
    model.compile(loss=loss, optimizer="sgd")
    return model


def scaled_tanh(scale):
    def activation(x):
        return scale * keras.ops.tanh(x)

    return activation


def tanh_by_default(scale):
    def activation(x, scale=scale):
        return scale * keras.ops.tanh(x)

    return activation


def tanh_by_global(scale):
    scope = {"keras": keras, "scale": scale, "__name__": "of_a_notebook"}
    exec("def activation(x):\n    return scale * keras.ops.tanh(x)", scope)
    return scope["activation"]


def scaled_error(scale):
    return lambda true, predicted: scale * keras.ops.mean((true - predicted) ** 2, axis=-1)


def error_times(scale, true, predicted):
    return scale * keras.ops.mean((true - predicted) ** 2, axis=-1)


def scheduled(rate, **loss_scale):
    schedule = optimizers.schedules.ExponentialDecay(rate, 20, 0.5)
    return optimizers.LossScaleOptimizer(optimizers.SGD(schedule), **loss_scale)


def two_branches(swapped=False):
    """Both branches are called as Keras counts them, so that no two models share a name."""
    x = keras.Input((3,))
    first, second = layers.Dense(2, activation="tanh"), layers.Dense(2, activation="relu")
    first, second = first(x), second(x)
    out = layers.Subtract()([second, first] if swapped else [first, second])
    return compiled(keras.Model(x, layers.Dense(1)(out)))


def attention(rate=0.1, name=None):
    x = keras.Input((STEPS, 2))
    y = layers.Dropout(rate, name=name)(x)
    y = layers.LSTM(2, dropout=rate, return_sequences=True)(y)
    y = layers.MultiHeadAttention(1, 2, dropout=rate)(y, y)
    return compiled(keras.Model(x, layers.Dense(1)(y + x)))


DIFFERENT = {
    "a subclass with another activation": (net_of, lambda: net_of("relu")),
    "a subclass with another loss": (net_of, lambda: net_of(loss="mae")),
    "a subclass with another value": (lambda: sloped_net(1.0), lambda: sloped_net(2.0)),
    "another class": (net_of, lambda: compiled(SlopedNet())),
    "a closure over another number": (
        lambda: stack(layers.Dense(2, activation=scaled_tanh(1.0))),
        lambda: stack(layers.Dense(2, activation=scaled_tanh(2.0))),
    ),
    "a closure over another array": (
        lambda: stack(layers.Dense(2, activation=scaled_tanh(np.array([1.0, 2.0])))),
        lambda: stack(layers.Dense(2, activation=scaled_tanh(np.array([1.0, 3.0])))),
    ),
    "another default of a function": (
        lambda: stack(layers.Dense(2, activation=tanh_by_default(1.0))),
        lambda: stack(layers.Dense(2, activation=tanh_by_default(2.0))),
    ),
    "another global that a function reads": (
        lambda: stack(layers.Dense(2, activation=tanh_by_global(1.0))),
        lambda: stack(layers.Dense(2, activation=tanh_by_global(2.0))),
    ),
    "a closure as loss": (
        lambda: relu_net(loss=scaled_error(1.0)),
        lambda: relu_net(loss=scaled_error(2.0)),
    ),
    "a partial as loss": (
        lambda: relu_net(loss=functools.partial(error_times, 1.0)),
        lambda: relu_net(loss=functools.partial(error_times, 2.0)),
    ),
    "a loss with another argument": (
        lambda: relu_net(loss=losses.Huber(1.0)),
        lambda: relu_net(loss=losses.Huber(2.0)),
    ),
    "another metric": (lambda: relu_net(metrics=["mae"]), lambda: relu_net(metrics=["mse"])),
    "another weight of the loss": (relu_net, lambda: relu_net(loss_weights=[0.5])),
    "another schedule in a LossScaleOptimizer": (
        lambda: relu_net(optimizer=scheduled(0.1)),
        lambda: relu_net(optimizer=scheduled(0.2)),
    ),
    "another scale in a LossScaleOptimizer": (
        lambda: relu_net(optimizer=scheduled(0.1)),
        lambda: relu_net(optimizer=scheduled(0.1, initial_scale=2.0)),
    ),
    "layers joined otherwise": (two_branches, lambda: two_branches(swapped=True)),
    "another dropout inside of layers": (attention, lambda: attention(0.2)),
}


@pytest.mark.parametrize("case", DIFFERENT)
def test_models_differ_if_something_that_is_compiled_does(case):
    first, second = DIFFERENT[case]
    assert recipe(first()) == recipe(first())
    assert recipe(second()) == recipe(second())
    assert recipe(first()) != recipe(second())


def test_models_that_differ_in_names_alone_are_the_same():
    """Also where a layer has the name of another's argument, as the first Dropout of a kernel, or
    of what the argument is."""
    assert recipe(attention(name="dropout")) == recipe(attention(name="activation"))
    assert recipe(attention(name="tanh")) == recipe(attention(name="sigmoid"))


def test_models_that_differ_in_a_constant_learning_rate_are_the_same():
    rates = [recipe(relu_net(optimizer=optimizers.Adam(rate))) for rate in (0.1, 0.2)]
    assert rates[0] == rates[1]
    scaled = [optimizers.LossScaleOptimizer(optimizers.SGD(rate)) for rate in (0.1, 0.2)]
    assert recipe(relu_net(optimizer=scaled[0])) == recipe(relu_net(optimizer=scaled[1]))


def of(kind, **arguments):
    return st.tuples(st.just(kind), st.fixed_dictionaries(arguments))


LAYERS = st.one_of(
    of("Dense", units=st.integers(1, 2), use_bias=st.booleans()),
    of("Dropout", rate=st.sampled_from([0.1, 0.2])),
    of("Activation", activation=st.sampled_from(["relu", "tanh"])),
)
NETS = st.lists(LAYERS, min_size=1, max_size=3)


def net(specs):
    return stack(*(getattr(layers, kind)(**arguments) for kind, arguments in specs))


@settings(max_examples=30)  # each builds two models
@given(NETS, NETS)
def test_stacks_of_layers_are_the_same_if_and_only_if_each_layer_is(first, second):
    assert (recipe(net(first)) == recipe(net(second))) == (first == second)


# ---- what cannot be compared --------------------------------------------------------------------


class Unknown:
    """Nothing tells what one of these does."""


class WithUnknown(layers.Layer):
    def __init__(self, thing):
        super().__init__()
        self.thing = thing

    def call(self, x):
        return x


def test_what_cannot_be_compared_counts_as_different():
    one = Unknown()
    with_one, with_it_again, with_another = (
        recipe(stack(WithUnknown(thing), layers.Dense(1))) for thing in (one, one, Unknown())
    )
    assert with_one == with_it_again
    assert with_one != with_another
    with pytest.raises(ValueError, match="something in it that cannot be compared"):
        repeat(lambda: stack(WithUnknown(Unknown()), layers.Dense(1)), POINTS, TARGET, [0, 1])


def test_a_graph_of_layers_that_has_no_config_counts_as_different():
    x = keras.Input((3,))
    thing = Unknown()

    def build():
        return compiled(keras.Model(x, layers.Dense(1)(WithUnknown(thing)(x))))

    assert recipe(build()) != recipe(build())


def test_a_model_with_layers_as_arguments_is_compared_by_them():
    """Keras makes no config of such a model."""

    def build(between):
        return compiled(Subclassed(between))

    assert recipe(build(layers.Dropout(0.5))) == recipe(build(layers.Dropout(0.5)))
    assert recipe(build(layers.Dropout(0.5))) != recipe(build(layers.Dropout(0.4)))


class Recompiles(keras.callbacks.Callback):
    def on_train_end(self, logs=None):
        self.model.compile(loss="mae", optimizer="sgd")


def test_a_callback_that_compiles_ends_the_runs():
    with pytest.raises(ValueError, match="a callback compiled the model"):
        repeat(relu_net, POINTS, TARGET, [0, 1], callbacks=[Recompiles()])


def test_a_schedule_in_a_loss_scale_optimizer_begins_anew_for_each_seed():
    def build():
        return stack(layers.Dense(1), optimizer=scheduled(0.1))

    both = repeat(build, POINTS, TARGET, [0, 1], batch_size=8, epochs=3)
    last = repeat(build, POINTS, TARGET, [1], batch_size=8, epochs=3)
    tf.nest.map_structure(np.testing.assert_array_equal, both.weights[1], last.weights[0])


def test_a_metric_of_a_class_keeps_its_arguments():
    thresholds = [metrics.BinaryAccuracy(threshold=threshold) for threshold in (0.2, 0.5, 0.5)]
    first, second, third = (recipe(relu_net(metrics=[metric])) for metric in thresholds)
    assert first != second
    assert second == third
