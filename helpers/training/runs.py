"""`Runs`: what training from several seeds ended with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from helpers.training.engine import Engine, Forward
from helpers.training.rows import as_rows

import keras
import numpy as np
import tensorflow as tf

__all__ = ["Runs"]


@dataclass
class Runs:
    """The same architecture trained from several seeds.

    Attributes:
        model: a model with the last seed's weights, as training left it. It belongs to these runs:
            neither their predictions nor other runs change it.
        seeds: the seeds, in the order trained.
        weights: for each seed the list that `model.get_weights()` gave after training.
        history: for each name of the Keras history an array of shape (seeds, epochs). A run that a
            callback stopped early is filled up with NaN.
        engine: what was compiled, for `repeat(like=)` to use again. None if the runs were not made
            by `repeat`.
    """

    model: keras.Model
    seeds: tuple[int, ...]
    weights: list[list[np.ndarray]] = field(repr=False)
    history: dict[str, np.ndarray] = field(repr=False)
    engine: Engine | None = field(default=None, repr=False, compare=False)

    def predict(self, x: Any) -> np.ndarray:
        """Predictions of every seed's model for `x`, of shape (seeds, samples, outputs).

        `x` is an array of shape (samples, ...) or a list or dict of them. The outputs are in the
        units the model was trained to give; a model with several outputs gives a list or dict of
        such arrays. No model is changed, and any thread may ask at any time.
        """
        (rows,) = as_rows(("x", x))
        forward = self.engine.forward if self.engine else Forward(self.model)
        rows = tf.nest.map_structure(tf.constant, rows)
        predictions = [
            tf.nest.map_structure(lambda output: output.numpy(), forward(weights, rows))
            for weights in self.weights
        ]
        return tf.nest.map_structure(lambda *seeds: np.stack(seeds), *predictions)

    def model_of(self, seed: int) -> keras.Model:
        """`model` with the weights that `seed` reached: one at a time, as it is one model."""
        if seed not in self.seeds:
            raise ValueError(f"seed {seed} was not trained; the seeds are {list(self.seeds)}")
        self.model.set_weights(self.weights[self.seeds.index(seed)])
        return self.model
