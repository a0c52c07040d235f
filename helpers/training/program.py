"""The loop over epochs and batches round a model's own `train_step`, as one XLA program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from helpers.training.rows import count_rows

import keras
import tensorflow as tf

__all__ = ["Program", "compiled_with", "program_of"]


@dataclass(frozen=True)
class Program:
    """The compiled loop of a model, and what it was compiled from.

    `run` is a `tf.function`. Call what its `get_concrete_function` returns: called itself it would
    soon print a warning, as for TensorFlow the programs of all models are one function that is
    traced far too often. Its arguments are

        train, held_out: the rows, as `helpers.training.rows` makes them; `held_out` may be ().
        size: rows of a batch, an int.
        orders: (epochs at most, samples) of int32, the order of the rows in each epoch.
        epochs: how many of the orders to train on.
        first, last: in each epoch the full batches `first` to `last` - 1 are trained on.
        finish: whether the last, smaller batch and the epoch's logs follow.
        validate: whether an epoch ends with a pass over `held_out`.

    It returns a dict: for each name of the history an array of shape (epochs at most, ...).
    """

    run: Callable
    compiled_with: tuple


def program_of(model: keras.Model, train: tuple, batch_size: int) -> Program:
    """The model's program, made at the first call and again only after another `model.compile`."""
    program = model.__dict__.get("_course_program")
    if program is None or program.compiled_with != compiled_with(model):
        # What `Model.fit` itself does first: create every variable of the layers, the metrics and
        # the optimizer, without running anything. Private in Keras 3, and so held by a test.
        first_batch = tf.nest.map_structure(lambda rows: rows[:batch_size], train)
        model._symbolic_build(data_batch=first_batch)
        program = Program(run=_compile(model), compiled_with=compiled_with(model))
        # Past Keras' own __setattr__, which would try to track and save it.
        model.__dict__["_course_program"] = program
    return program


def compiled_with(model: keras.Model) -> tuple:
    """Equal for one model at two times unless `model.compile` was called in between."""
    # `compile` makes a new loss tracker each time, whatever it is given.
    return (model.optimizer, model._loss_tracker)


def _compile(model: keras.Model) -> Callable:
    def reset_metrics() -> tf.Tensor:
        model.reset_metrics()
        return tf.constant(True)  # the branches of a tf.cond must return something

    def run(train, held_out, size, orders, epochs, first, last, finish, validate):
        training = _Pass(model, model.train_step, train, size)
        validation = _Pass(model, model.test_step, held_out, size) if held_out else None

        def validated() -> dict:
            reset_metrics()
            order = tf.range(count_rows(held_out))
            logs = validation.batches(order, 0, count_rows(held_out) // size)
            return validation.tail(order, logs)

        def body(epoch: tf.Tensor, table: dict) -> tuple:
            order = orders[epoch]
            # At the start of an epoch, not at its end: callbacks may look at the metrics.
            tf.cond(tf.equal(first, 0), reset_metrics, lambda: tf.constant(False))
            last_logs = training.batches(order, first, last)
            logs = tf.cond(
                finish,
                lambda: training.tail(order, last_logs),
                lambda: _zeros(training.logs),
            )
            if validation:
                val_logs = tf.cond(validate, validated, lambda: _zeros(validation.logs))
                logs |= {f"val_{name}": value for name, value in val_logs.items()}
            return epoch + 1, {name: table[name].write(epoch, logs[name]) for name in table}

        spec = dict(training.logs)
        if validation:
            spec |= {f"val_{name}": log for name, log in validation.logs.items()}
        table = {
            name: tf.TensorArray(log.dtype, size=orders.shape[0], element_shape=log.shape)
            for name, log in spec.items()
        }
        _, table = tf.while_loop(lambda epoch, _: epoch < epochs, body, (0, table))
        return {name: column.stack() for name, column in table.items()}

    return tf.function(run, jit_compile=True, autograph=False)


class _Pass:
    """One way through rows, in batches: training or validation.

    Attributes:
        logs: name, shape and dtype of what an epoch of it logs.
    """

    def __init__(self, model: keras.Model, step: Callable, data: tuple, size: int) -> None:
        self.model, self.data, self.size = model, data, size
        # The size of a batch is known to Keras if every batch is full, as in `Model.fit`. Some of
        # what it does depends on that: where it is not, the losses of several outputs are weighed
        # alike for every batch. And then one trace serves for the last, smaller batch too.
        known_size = None if count_rows(data) % size else size
        batch = tf.nest.map_structure(
            lambda rows: tf.TensorSpec([known_size, *rows.shape[1:]], rows.dtype), data
        )
        self.step = tf.function(step, autograph=False).get_concrete_function(batch)
        returned = self.step.structured_outputs
        if not isinstance(returned, dict):
            raise TypeError(
                f"{type(model).__name__}'s step must return a dict of logs, got {returned!r}"
            )
        metrics = model.get_metrics_result()
        # Where a step returns other things than the metrics' results, an epoch's logs are those
        # of its last step, and else the metrics' results at its end, as in `Model.fit`.
        self.own = {} if set(returned) == set(metrics) else _specs(returned)
        self.logs = self.own or _specs(metrics)

    def batches(self, order: tf.Tensor, first: Any, last: Any) -> dict:
        """Step on the full batches `first` to `last` - 1 of the rows in `order`.

        Returns the logs of the last step that are its own, not the model's metrics.
        """
        no_logs = _zeros(self.own)
        if order.shape[0] < self.size:
            return no_logs

        def body(i: tf.Tensor, _: dict) -> tuple:
            return i + 1, self._step_on(tf.slice(order, [i * self.size], [self.size]))

        _, logs = tf.while_loop(lambda i, _: i < last, body, (first, no_logs))
        return logs

    def tail(self, order: tf.Tensor, logs: dict) -> dict:
        """Step on the last, smaller batch, and return the logs of the whole pass."""
        left_over = order.shape[0] % self.size
        if left_over:
            logs = self._step_on(order[-left_over:])
        logs = logs or self.model.get_metrics_result()
        return {name: tf.identity(value) for name, value in logs.items()}

    def _step_on(self, rows: tf.Tensor) -> dict:
        logs = self.step(tf.nest.map_structure(lambda array: tf.gather(array, rows), self.data))
        return {name: tf.convert_to_tensor(_flat(logs)[name]) for name in self.own}


def _flat(logs: dict) -> dict:
    """Logs within logs on one level, as Keras puts them into the history."""
    flat = {}
    for name, log in logs.items():
        flat |= _flat(log) if isinstance(log, dict) else {name: log}
    return flat


def _specs(logs: dict) -> dict[str, tf.TensorSpec]:
    tensors = {name: tf.convert_to_tensor(log) for name, log in _flat(logs).items()}
    return {name: tf.TensorSpec(log.shape, log.dtype) for name, log in tensors.items()}


def _zeros(specs: dict[str, tf.TensorSpec]) -> dict[str, tf.Tensor]:
    return {name: tf.zeros(log.shape, log.dtype) for name, log in specs.items()}
