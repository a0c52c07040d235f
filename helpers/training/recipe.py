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

# Attributes that every layer and model has, whoever wrote it, and what `compile` adds. The models
# have names, or those of a notebook would be counted from the next number.
_OF_EVERY_MODEL = frozenset(vars(keras.Model(name="any")).keys())
_OF_EVERY_MODEL |= frozenset(vars(keras.Sequential(name="any")).keys())
_OF_EVERY_MODEL |= {"optimizer", "stop_training", "_compile_config", "_compiled_trainable_state"}
# Two things that differ in these alone are the same.
_NAMES = ("name", "_name", "shared_object_id")
_PLAIN = (str, bytes, int, float, complex, bool, type(None), np.generic)
_WITH_CONFIG = (
    keras.Loss,
    keras.Metric,
    keras.Initializer,
    keras.Regularizer,
    keras.constraints.Constraint,
    keras.optimizers.schedules.LearningRateSchedule,
)


def recipe(model: keras.Model) -> Any:
    """Layers, loss, metrics and optimizer; equal (`==`) for two models that differ in names alone.

    Take it before the model is trained: a layer may keep what it has seen. A learning rate that is
    a number is left out. What Keras describes by its name alone, a function or a class, is
    described by its code; of classes that are not Keras' all attributes count. Anything else, which
    nothing tells from another, equals nothing but itself.
    """
    layers = model._flatten_layers()
    # A graph of layers also holds operations that are none, such as the sum of two tensors.
    nodes = [node for layer in layers for node in (layer, *getattr(layer, "operations", ()))]
    # Backwards, so that of two that share a name the first counts: it is the one referred to, while
    # Keras names what is inside of a layer as if there was nothing else.
    numbers = {node.name: i for i, node in reversed([*enumerate(nodes)])}
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
    given = {name: _part(v, numbers) for name, v in model._compile_config.config.items()}
    # Not as it was given: "auto" may have put a LossScaleOptimizer round it.
    return given | {"optimizer": _optimizer(model.optimizer, numbers)}


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
    except NotImplementedError:
        # Its attributes and its layers say all there is, but not how a graph of layers is joined.
        is_graph = hasattr(thing, "operations") and not isinstance(thing, keras.Sequential)
        return _Itself(thing) if is_graph else {}


def _without_names(config: Any, numbers: Mapping[str, int]) -> Any:
    """A config with layers numbered where it refers to one by name, and no other names."""
    if isinstance(config, Mapping):
        return {
            key: _numbered(value, numbers)
            if key in ("keras_history", "input_layers", "output_layers")
            else _without_names(value, numbers)
            for key, value in config.items()
            if key not in _NAMES
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
    """A thing's attributes, as far as its config may miss them.

    The configs of Keras' own layers and optimizers name functions and have everything else; those
    of its losses do not (`Huber(delta=2.0)`), and those of other classes may miss anything.
    """
    has_config = isinstance(thing, keras.Layer | keras.Optimizer) and _is_of_keras(type(thing))
    return {
        name: _part(value, numbers)
        for name, value in vars(thing).items()
        if name not in _OF_EVERY_MODEL
        and name not in _NAMES
        and not name.startswith("_self_")  # TensorFlow's books
        and (not has_config or isinstance(value, types.FunctionType | functools.partial))
    }


def _part(value: Any, numbers: Mapping[str, int]) -> Any:
    """A value as something that equals another only if both do the same."""
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, np.ndarray) or (isinstance(value, tf.Tensor) and hasattr(value, "numpy")):
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
    if isinstance(value, keras.Layer):  # is in the list of layers, or not of the model at all
        return ("layer", numbers[value.name]) if value.name in numbers else _layer(value, numbers)
    if isinstance(value, _WITH_CONFIG):
        return type(value), _config(value, numbers), _own(value, numbers)
    if _is_of_keras(type(value)):  # state, such as a variable, or what Keras keeps books with
        return type(value).__name__
    return _Itself(value)


def _function(function: Callable, numbers: Mapping[str, int]) -> Any:
    """A function by its code and all that the code reads: defaults, closure, plain globals."""
    if _is_keras_module(function.__globals__.get("__name__", "")):
        return function.__module__, function.__qualname__
    code, scope = function.__code__, function.__globals__
    names = [name for name in code.co_names if name in scope]
    read = {name: scope[name] for name in names if isinstance(scope[name], _PLAIN)}
    closure = tuple(_part(cell.cell_contents, numbers) for cell in function.__closure__ or ())
    defaults = _part((function.__defaults__, function.__kwdefaults__), numbers)
    return code, defaults, closure, read


def _is_of_keras(kind: type) -> bool:
    return _is_keras_module(kind.__module__)


def _is_keras_module(name: str) -> bool:
    return name.split(".")[0] in ("keras", "tensorflow", "_thread")


class _Itself:
    """Stands for a thing of which nothing more is known: it equals nothing but itself."""

    def __init__(self, thing: Any) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.thing is other.thing

    def __hash__(self) -> int:
        return id(self.thing)
