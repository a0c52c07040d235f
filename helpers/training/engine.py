"""One compiled model that trains, and predicts with, the weights of all others like it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

# The package, not `fit` out of it: whoever puts another `fit` there, as the tests do to see what
# becomes of a notebook in which nothing is learned, changes that of `repeat` too.
from helpers import training
from helpers.training.fitting import check_model
from helpers.training.program import compiled_with
from helpers.training.recipe import has_constant_rate, recipe

import keras
import numpy as np
import tensorflow as tf

__all__ = ["Engine", "Forward"]


class Engine:
    """Trains models of one architecture, one after the other, in the first of them.

    What is compiled belongs to that model, so that it is the engine's alone. Others lend their
    start and are given the end.

    Attributes:
        forward: predictions with any weights of the architecture.
    """

    def __init__(self, model: keras.Model) -> None:
        """Make an engine of `model`, which is nobody else's from now on.

        Raises:
            TypeError, ValueError: it is not a compiled and built model.
        """
        _check_built(model)
        self.forward = Forward(model)
        self._model, self._is_fresh = model, True
        self._compiled_with = compiled_with(model)
        self._optimizer_at_first = [variable.numpy() for variable in _optimizer_variables(model)]
        self._recipe = recipe(model)
        self._turn = threading.Lock()

    def train(
        self, model: keras.Model, x: Any, y: Any, seed: int, **fit_arguments: Any
    ) -> tuple[list[np.ndarray], dict[str, list]]:
        """Do with `model` what `fit(model, x, y, seed=seed, **fit_arguments)` does.

        Threads that train here take turns.

        Returns:
            The weights it ends with, and the history.

        Raises:
            TypeError, ValueError: `model` is not a compiled and built one of the engine's
                architecture, or nothing tells whether it is; and what `fit` raises.
        """
        is_ours = model is self._model
        if not is_ours:
            self._refuse_another(model)
        with self._turn:
            if is_ours and not self._is_fresh:
                raise ValueError(
                    "build must make a new model at every call, got the same one again"
                )
            if compiled_with(self._model) != self._compiled_with:
                raise ValueError(
                    "a callback compiled the model while it was trained, and so these runs cannot "
                    "be followed by others: leave compiling to build"
                )
            self._is_fresh = False
            if not is_ours:
                self._start_as(model)
            history = training.fit(self._model, x, y, seed=seed, verbose=0, **fit_arguments).history
            weights = self._model.get_weights()
            if not is_ours:
                self._leave_in(model)
        return weights, history

    def _refuse_another(self, model: keras.Model) -> None:
        _check_built(model)
        ours, theirs = ([tuple(w.shape) for w in m.weights] for m in (self._model, model))
        if ours != theirs:
            raise ValueError(
                "build must return the same architecture each time, got weights of shapes "
                f"{theirs} after {ours}"
            )
        if recipe(model) != self._recipe:
            raise ValueError(
                "build must return the same architecture each time, compiled in the same way; a "
                "layer, the loss or the optimizer differs from that of the model before, or "
                "has something in it that cannot be compared"
            )
        for mine, other in zip(_normalizations(self._model), _normalizations(model), strict=True):
            if not all(map(np.array_equal, mine.get_weights(), other.get_weights())):
                raise ValueError(
                    f"build must adapt {mine.name} to the same data each time: its mean and "
                    "variance are constants of the compiled program"
                )

    def _start_as(self, model: keras.Model) -> None:
        self._model.set_weights(model.get_weights())
        _assign(_optimizer_variables(self._model), self._optimizer_at_first)
        if has_constant_rate(model.optimizer):
            rate = model.optimizer.learning_rate.value.numpy().item()
            self._model.optimizer.learning_rate = rate

    def _leave_in(self, model: keras.Model) -> None:
        model.set_weights(self._model.get_weights())
        state = [variable.numpy() for variable in _optimizer_variables(self._model)]
        _assign(_optimizer_variables(model), state)


class Forward:
    """The predictions of an architecture with any weights, in which no model is changed."""

    def __init__(self, model: keras.Model) -> None:
        self._model = model
        # Traced once for each shape: TensorFlow takes many traces of one function for a mistake.
        self._traced: dict[str, Callable] = {}
        self._tracing = threading.Lock()

    def __call__(self, weights: list[np.ndarray], rows: Any) -> Any:
        """What the model with `weights`, in the order of `get_weights`, gives for `rows`.

        `rows` is a tensor of shape (samples, ...) or a tuple or dict of them, and what is returned
        is as the model's outputs are.
        """
        # `Model.predict` builds a new graph and a data set at every call, which takes far longer.
        shapes = str(tf.nest.map_structure(tf.TensorSpec.from_tensor, rows))
        with self._tracing:
            if shapes not in self._traced:
                function = tf.function(self._predict, autograph=False)
                self._traced[shapes] = function.get_concrete_function(weights, rows)
        return self._traced[shapes](weights, rows)

    def _predict(self, weights: list[tf.Tensor], rows: Any) -> Any:
        with keras.StatelessScope(zip(self._model.weights, weights, strict=True)):
            return self._model(rows, training=False)


def _check_built(model: Any) -> None:
    check_model(model)
    unbuilt = (layer for layer in model._flatten_layers() if not layer.built)
    if any(type(layer).build is not keras.Layer.build for layer in unbuilt):
        raise ValueError("build must return a built model: give it an Input layer, or call it once")


def _optimizer_variables(model: keras.Model) -> list:
    if model.optimizer is None:
        return []
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)
    return model.optimizer.variables


def _assign(variables: list, values: list[np.ndarray]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _normalizations(model: keras.Model) -> list[keras.layers.Normalization]:
    layers = model._flatten_layers(include_self=False)
    return [layer for layer in layers if isinstance(layer, keras.layers.Normalization)]
