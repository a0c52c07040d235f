"""The models that race in notebook 05, each in a few lines, and the budget that all of them get.

Notebook 05 builds each of them in the open where its idea is first needed. Here they stand once
more for the races that would distract there: the league over all tasks, and the learner's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from helpers import inputs

import keras
from keras import layers

__all__ = ["BUDGET", "CONTENDERS", "REACH", "Budget", "build"]


class Budget(NamedTuple):
    """What a network may spend on its training.

    Attributes:
        rows: sequences to train on.
        epochs: passes over them.
        batch_size: sequences an update.
    """

    rows: int
    epochs: int
    batch_size: int

    @property
    def updates(self) -> int:
        """Batches in all epochs, the last and perhaps smaller one of each among them."""
        return self.epochs * -(-self.rows // self.batch_size)


#: What every network of notebook 05 gets.
BUDGET = Budget(rows=5000, epochs=12, batch_size=50)

#: So many steps, counted from the newest, reach the output of the convolution.
REACH = 81


def _mlp(steps):
    return layers.Dense(128, activation="relu")(layers.Flatten()(steps))


# The same small net on each step by itself, (samples, timesteps, 32), and its numbers combined over
# the steps. With a single number a step the maximum mostly learned nothing: only the step that has
# it can change it.
def _sum(steps):
    return Combined("sum")(layers.Dense(32, activation="relu")(steps))


def _mean(steps):
    return Combined("mean")(layers.Dense(32, activation="relu")(steps))


def _maximum(steps):
    return Combined("maximum")(layers.Dense(32, activation="relu")(steps))


# What a sum of parts cannot give, such as their product, one more net behind it can.
def _sum_net(steps):
    total = Combined("sum")(layers.Dense(32, activation="relu")(steps))
    return layers.Dense(32, activation="relu")(total)


def _maximum_net(steps):
    largest = Combined("maximum")(layers.Dense(32, activation="relu")(steps))
    return layers.Dense(32, activation="relu")(largest)


def _conv_and_max(steps):
    # Three neighbours at a time in place of one step, so that local order can count.
    return Combined("maximum")(layers.Conv1D(32, 3, activation="relu", padding="same")(steps))


def _simple_rnn(steps):
    return layers.SimpleRNN(16)(steps)


def _lstm(steps):
    return layers.LSTM(16)(steps)


def _gru(steps):
    return layers.GRU(16)(steps)


def _cnn(steps):
    # Four times over, three neighbours become one, which then stands for 3, 9, 27 and 81 steps. At
    # the newest step, the only one that is asked, this is what a stack of causal convolutions with
    # the dilations 1, 3, 9 and 27 gives, which would work out the others as well. Threes must end
    # at the newest step, so the row is padded in front, or cut, to just the reach.
    timesteps = steps.shape[1]
    X = layers.ZeroPadding1D((max(0, REACH - timesteps), 0))(steps)
    X = layers.Cropping1D((max(0, timesteps - REACH), 0))(X)
    for _ in range(4):
        # Conv1D(16, 3, strides=3), which takes seven times as long.
        X = layers.Reshape((X.shape[1] // 3, 3 * X.shape[2]))(X)
        X = layers.Dense(16, activation="relu")(X)
    return layers.Flatten()(X)


def _attention(steps):
    # One Transformer block, read at the newest step. What the other steps would ask, and gather,
    # reaches no output, so it is not worked out.
    X = Positions()(layers.Dense(32)(steps))
    newest = layers.Cropping1D((steps.shape[1] - 1, 0))(X)
    gathered = layers.MultiHeadAttention(num_heads=4, key_dim=8)(newest, X)
    X = layers.LayerNormalization()(layers.Add()([newest, gathered]))
    thought = layers.Dense(32)(layers.Dense(64, activation="relu")(X))
    return layers.Flatten()(layers.LayerNormalization()(layers.Add()([X, thought])))


def _attention_pooling(steps):
    # One small net gives each numbered step a score, the scores become shares of one, and with
    # these the steps are added: no state, and no step asks another.
    scores = layers.Dense(1)(layers.Dense(32, activation="relu")(Numbered()(steps)))
    return layers.Flatten()(layers.Dot(axes=1)([layers.Softmax(axis=1)(scores), steps]))


class Combined(layers.Layer):
    """The numbers of all steps made one, by their sum, mean or maximum, padding left out.

    (samples, timesteps, features) become (samples, features). Keras has no layer for a sum, and
    its maximum takes no notice of a mask.
    """

    def __init__(self, how: str, **others) -> None:
        super().__init__(**others)
        self.how = how
        self.supports_masking = True

    def call(self, numbers, mask=None):
        ops = keras.ops
        counts = ops.ones_like(numbers) if mask is None else ops.cast(mask[..., None], "float32")
        if self.how == "maximum":
            return ops.max(numbers - 1e9 * (1 - counts), axis=1)
        total = ops.sum(numbers * counts, axis=1)
        return total if self.how == "sum" else total / ops.sum(counts, axis=1)

    def compute_mask(self, numbers, mask=None):
        return None  # no steps are left

    def get_config(self) -> dict:
        return {**super().get_config(), "how": self.how}


class Positions(layers.Layer):
    """Adds to each step numbers that belong to its position, and are learned.

    From (samples, timesteps, units) to the same; `timesteps` must be known.
    """

    def build(self, shape: tuple) -> None:
        self.table = self.add_weight(shape=shape[1:], initializer="uniform", name="positions")

    def call(self, X):
        return X + self.table


class Numbered(layers.Layer):
    """Gives each step its number as one more feature, from 0 at the oldest to 1 at the newest.

    (samples, timesteps, features) become (samples, timesteps, features + 1).
    """

    def call(self, steps):
        ops = keras.ops
        number = ops.linspace(0.0, 1.0, steps.shape[1])[None, :, None]
        return ops.concatenate([steps, ops.ones_like(steps[:, :, :1]) * number], axis=2)


#: What each network makes of its steps, (samples, timesteps, features), before the last Dense(1).
CONTENDERS: Mapping[str, Callable] = {
    "MLP": _mlp,
    "sum": _sum,
    "mean": _mean,
    "maximum": _maximum,
    "sum, net": _sum_net,
    "maximum, net": _maximum_net,
    "conv and max": _conv_and_max,
    "CNN": _cnn,
    "SimpleRNN": _simple_rnn,
    "LSTM": _lstm,
    "GRU": _gru,
    "attention pooling": _attention_pooling,
    "attention": _attention,
}
#: They do the same at every step, and so take rows of any length and can leave out padding.
ANY_LENGTH = ("sum", "mean", "maximum", "sum, net", "maximum, net", "SimpleRNN", "LSTM", "GRU")


def build(
    name: str,
    shape: tuple[int | None, int],
    rate: float,
    *,
    updates: int = BUDGET.updates,
    padded: bool = False,
) -> keras.Model:
    """A contender, compiled: mean squared error, and Adam with a rate that sinks along a cosine.

    Args:
        name: one of CONTENDERS.
        shape: of a row, (timesteps, features). timesteps may be None, for any number of them, where
            the network does the same at every step: those of ANY_LENGTH.
        rate: of Adam, at the first update.
        updates: after how many the rate is zero.
        padded: leave steps out whose features are all zero. For the same networks; the others see
            the zeros there.

    Returns:
        A Keras model from (samples, timesteps, features) to (samples, 1).

    Raises:
        TypeError, ValueError: an unknown name; an argument that is not of its kind; any length, or
            padding, for a network that needs rows of one length.
    """
    if name not in CONTENDERS:
        raise ValueError(f"name must be one of {list(CONTENDERS)}, got {name!r}")
    if not isinstance(shape, tuple | list) or len(shape) != 2:
        raise ValueError(f"shape must be (timesteps, features), got {shape!r}")
    timesteps, features = shape
    if name not in ANY_LENGTH and (padded or timesteps is None):
        raise ValueError(
            f"{name} needs rows of one length, so timesteps must be a number and padded False, got "
            f"{timesteps} and {padded}"
        )
    timesteps = timesteps if timesteps is None else inputs.count("timesteps", timesteps)
    rate = inputs.number("rate", rate)
    if rate <= 0:
        raise ValueError(f"rate must be above 0, got {rate}")
    steps = keras.Input((timesteps, inputs.count("features", features)))
    seen = layers.Masking()(steps) if padded else steps
    model = keras.Model(steps, layers.Dense(1)(CONTENDERS[name](seen)))
    sinking = keras.optimizers.schedules.CosineDecay(rate, inputs.count("updates", updates))
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(sinking))
    return model
