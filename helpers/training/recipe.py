"""What a model is made of and compiled with, in a form that tells two models apart.

A program is compiled for one model and then trains the weights of others. So two models may share
it only if nothing that was compiled in differs: layers and how they are joined, functions, loss,
metrics, optimizer. What cannot be compared counts as different.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

__all__ = ["has_constant_rate", "recipe"]

# Attributes that every layer and model has, whoever wrote it. Named, or the models of a notebook
# would be counted from the next number.
_OF_EVERY_MODEL = frozenset({**vars(keras.Model(name="any")), **vars(keras.Sequential(name="any"))})
# Two models that differ in these alone are the same architecture.
_NAMES = ("name", "shared_object_id")
_WITH_CONFIG = (
    keras.Loss,
    keras.Metric,
    keras.Initializer,
    keras.Regularizer,
    keras.constraints.Constraint,
    keras.optimizers.schedules.LearningRateSchedule,
)
_PLAIN = (str, bytes, int, float, complex, bool, type(None), np.generic)


def recipe(model: keras.Model) -> Any:
    """Layers, loss, metrics and optimizer; equal (`==`) for two models that differ in names alone.

    Take it before the model is trained: a layer may keep what it has seen. A learning rate that is
    a number is left out. What Keras describes by its name alone, a function or a class, is
    described by its code, and anything else by itself, so that it equals nothing but itself.

    Raises:
        ValueError: a part has no config, so that nothing says whether it equals another.
    """
    layers = model._flatten_layers()
    # A graph of layers also holds operations that are none, such as the sum of two tensors.
    nodes = [node for layer in layers for node in (layer, *getattr(layer, "operations", ()))]
    numbers = {node.name: i for i, node in enumerate(nodes)}
    return (
        tuple(_layer(layer, numbers) for layer in layers),
        _compiled_with(model, numbers),
    )


def has_constant_rate(optimizer: keras.Optimizer | None) -> bool:
    """Whether the learning rate is a variable of the optimizer, and not a schedule."""
    while isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        optimizer = optimizer.inner_optimizer
    # The property of this name gives a schedule's present value.
    return isinstance(getattr(optimizer, "_learning_rate", None), keras.Variable)


def _layer(layer: keras.Layer, numbers: Mapping[str, int]) -> tuple:
    return type(layer), _config(layer, numbers), _own(layer, numbers)


def _compiled_with(model: keras.Model, numbers: Mapping[str, int]) -> dict:
    # What `compile` was given, as it was given; `get_compile_config` would turn it into text.
    given = dict(model._compile_config.config)
    # Not as it was given: "auto" may have put a LossScaleOptimizer round it.
    given["optimizer"] = _optimizer(model.optimizer, numbers)
    return {name: _part(value, numbers) for name, value in given.items()}


def _optimizer(optimizer: keras.Optimizer | None, numbers: Mapping[str, int]) -> Any:
    if optimizer is None:
        return None
    config = _config(optimizer, numbers)
    own = _own(optimizer, numbers)
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        del config["inner_optimizer"]
        return type(optimizer), config, own, _optimizer(optimizer.inner_optimizer, numbers)
    if has_constant_rate(optimizer):
        del config["learning_rate"]
    return type(optimizer), config, own


def _config(thing: Any, numbers: Mapping[str, int]) -> Any:
    try:
        return _without_names(thing.get_config(), numbers)
    except (NotImplementedError, TypeError) as error:
        raise ValueError(
            f"nothing says what makes up {type(thing).__name__}, so that one cannot be compared "
            "with another: give it a get_config, or plain numbers and text as arguments"
        ) from error


def _without_names(config: Any, numbers: Mapping[str, int]) -> Any:
    """A config with layers numbered where it refers to one by name, and no other names."""
    if isinstance(config, Mapping):
        return {
            key: _numbered(value, numbers)
            if key in ("keras_history", "input_layers", "output_layers")
            else _without_names(value, numbers)
            for key, value in config.items()
            if key not in _NAMES or not isinstance(value, str | int | None)
        }
    if isinstance(config, list | tuple):
        return tuple(_without_names(value, numbers) for value in config)
    return _part(config, numbers)


def _numbered(reference: Any, numbers: Mapping[str, int]) -> Any:
    """Tensors given as [layer, call, output], in lists or dicts or alone, the layers numbered."""
    if isinstance(reference, Mapping):
        return {key: _numbered(value, numbers) for key, value in reference.items()}
    if isinstance(reference, list | tuple):
        return tuple(_numbered(value, numbers) for value in reference)
    return numbers.get(reference, reference) if isinstance(reference, str) else reference


def _own(thing: Any, numbers: Mapping[str, int]) -> dict:
    """Functions among a thing's attributes, and the plain values of a class that is not Keras'."""
    is_keras = _is_keras(type(thing).__module__)
    own = {}
    for name, value in vars(thing).items():
        if name in _OF_EVERY_MODEL or isinstance(value, keras.Layer):
            continue
        if _is_function(value) or (not is_keras and _is_plain(value)):
            own[name] = _part(value, numbers)
    return own


def _part(value: Any, numbers: Mapping[str, int]) -> Any:
    """A value as something that equals another only if both do the same."""
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, np.ndarray | tf.Tensor):
        array = np.asarray(value)
        return array.dtype.str, array.shape, array.tobytes()
    if isinstance(value, Mapping):  # by the name of an output, perhaps, which is that of a layer
        return {numbers.get(k, k): _part(v, numbers) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_part(part, numbers) for part in value)
    if isinstance(value, types.FunctionType):
        return _function(value, numbers)
    if isinstance(value, functools.partial):
        return tuple(_part(p, numbers) for p in (value.func, value.args, value.keywords))
    if isinstance(value, keras.Layer):
        return _layer(value, numbers)
    if isinstance(value, _WITH_CONFIG):
        return type(value), _config(value, numbers), _own(value, numbers)
    return _Itself(value)


def _is_plain(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(_is_plain(part) for part in value.values())
    if isinstance(value, list | tuple):
        return all(_is_plain(part) for part in value)
    is_tensor = isinstance(value, tf.Tensor) and hasattr(value, "numpy")
    return is_tensor or isinstance(value, (*_PLAIN, np.ndarray))


def _is_function(value: Any) -> bool:
    return isinstance(value, types.FunctionType | functools.partial)


def _function(function: Callable, numbers: Mapping[str, int]) -> Any:
    """A function by its code and all that the code reads: defaults, closure, plain globals."""
    if _is_keras(function.__globals__.get("__name__", "")):
        return function.__module__, function.__qualname__
    code, scope = function.__code__, function.__globals__
    names = [name for name in code.co_names if name in scope]
    read = {name: scope[name] for name in names if isinstance(scope[name], _PLAIN)}
    closure = tuple(_part(cell.cell_contents, numbers) for cell in function.__closure__ or ())
    defaults = _part((function.__defaults__, function.__kwdefaults__), numbers)
    return code, defaults, closure, read


def _is_keras(module: str) -> bool:
    return module == "keras" or module.startswith("keras.")


class _Itself:
    """Stands for a thing of which nothing more is known: it equals nothing but itself."""

    def __init__(self, thing: Any) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.thing is other.thing

    def __hash__(self) -> int:
        return id(self.thing)
