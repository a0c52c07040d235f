"""Training cut into calls of the compiled program, with Python between them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from helpers.training.memory import give_back
from helpers.training.program import Program
from helpers.training.rows import count_rows

import keras
import numpy as np
import tensorflow as tf

__all__ = ["epochs_of"]

#: Seconds of work given to one compiled call: an interrupt or the progress bar waits this long.
CALL_SECONDS = 0.25
# Epochs one compiled call can hold at most, and rows in its table of row orders (4 MB).
_MOST_EPOCHS, _MOST_ORDERED_ROWS = 256, 2**20


def epochs_of(
    program: Program,
    train: tuple,
    held_out: tuple,
    order: np.random.Generator | None,
    size: int,
    epochs: int,
    events: keras.callbacks.CallbackList,
    interrupted: Callable[[], bool],
    progress: Callable[[float], None] | None,
    *,
    one_by_one: bool,
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Train, in calls of about `CALL_SECONDS`, and yield each finished epoch and its logs.

    Args:
        train, held_out: the rows, as tensors.
        order: what draws the order of the rows in each epoch; None leaves them as they are.
        size: rows of a batch.
        events: is told of every epoch.
        interrupted: asked after each call; the run then ends with KeyboardInterrupt.
        progress: told the share that is done after each call.
        one_by_one: one call is one epoch at most, as callbacks may change the model in between.

    Raises:
        ValueError: XLA cannot compile the model. Nothing is trained then.
    """
    n_rows = count_rows(train)
    steps = n_rows // size
    capacity = max(1, min(_MOST_EPOCHS, _MOST_ORDERED_ROWS // n_rows))
    orders = np.tile(np.arange(n_rows, dtype=np.int32), (capacity, 1))

    def arguments(n_epochs: int, first: int, last: int, finish: bool, validate: bool) -> tuple:
        plain = (orders, n_epochs, first, last, finish, validate)
        return train, held_out, size, *map(tf.constant, plain)

    nothing = arguments(0, 0, 0, False, False)
    traces = program.run.experimental_get_tracing_count()
    run = program.run.get_concrete_function(*nothing)
    try:
        run(*nothing)  # compiles
    except (tf.errors.InvalidArgumentError, tf.errors.UnimplementedError) as error:
        raise ValueError(
            "XLA cannot compile this model, and this fit compiles every model with it: use "
            f"model.fit. What it says: {error.message}"
        ) from error
    if program.run.experimental_get_tracing_count() > traces:
        give_back()
    has_validation = bool(held_out)
    epoch, step, steps_a_call = 0, 0, 16
    while epoch < epochs:
        if step == 0:
            events.on_epoch_begin(epoch)
            most = 1 if one_by_one else min(capacity, epochs - epoch)
            n_epochs = max(1, min(steps_a_call // max(steps, 1), most))
            if order is not None:
                for row in orders[:n_epochs]:
                    row[:] = order.permutation(n_rows)
        last = min(steps, step + steps_a_call) if n_epochs == 1 else steps
        finish = last == steps
        started = time.perf_counter()
        together = finish and has_validation and not one_by_one
        logs = run(*arguments(n_epochs, step, last, finish, together))
        logs = {name: column.numpy() for name, column in logs.items()}
        seconds = time.perf_counter() - started
        done = n_epochs * max(1, last - step)
        steps_a_call = max(1, min(4 * steps_a_call, int(done * CALL_SECONDS / seconds)))
        step = 0 if finish else last
        if finish:
            if has_validation and one_by_one:
                events.on_test_begin()
                validated = run(*arguments(1, 0, 0, False, True))
                logs |= {n: c.numpy() for n, c in validated.items() if n.startswith("val_")}
                events.on_test_end({n[4:]: _log(c[0]) for n, c in logs.items() if n[:4] == "val_"})
            for i in range(n_epochs):
                if i:
                    events.on_epoch_begin(epoch)
                epoch_logs = {name: _log(column[i]) for name, column in logs.items()}
                events.on_epoch_end(epoch, epoch_logs)
                yield epoch, epoch_logs
                epoch += 1
        if interrupted():
            raise KeyboardInterrupt
        if progress is not None:
            progress((epoch + step / max(steps, 1)) / epochs)


def _log(value: np.ndarray) -> Any:
    """A log as Keras' history holds it: a float, or an array of a metric with a value a class."""
    return float(value) if value.ndim == 0 else value
