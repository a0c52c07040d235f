"""Keras' own `fit`, with many epochs compiled into one call, and the same training from many seeds.

`Model.fit` goes back to Python after every batch. On the small models of this course that costs
about a hundred times as long as the arithmetic. `fit` keeps what `Model.fit` promises and moves the
loop over batches and epochs into one XLA program round the model's own `train_step`, so that the
loss, the metrics, the optimizer and the layers are Keras' and not ours.
"""

from __future__ import annotations

import json
import math
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from helpers import inputs

import keras
import numpy as np
import tensorflow as tf
from tqdm.auto import tqdm

__all__ = ["Runs", "fit", "repeat"]

# Seconds of work given to one compiled call: an interrupt or the progress bar waits this long.
_CALL_SECONDS = 0.25
# Epochs one compiled call can hold at most, and rows in its table of row orders (4 MB).
_MOST_EPOCHS, _MOST_ORDERED_ROWS = 256, 2**20
# A progress bar appears for work that takes longer than this.
_BAR_AFTER_SECONDS = 2.0

_BATCH_HOOKS = (
    "on_batch_begin",
    "on_batch_end",
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_test_batch_begin",
    "on_test_batch_end",
)


def fit(
    model: keras.Model,
    x: Any,
    y: Any,
    *,
    batch_size: int = 32,
    epochs: int = 1,
    validation_split: float = 0.0,
    validation_data: tuple | None = None,
    shuffle: bool = True,
    callbacks: Sequence[keras.callbacks.Callback] | None = None,
    verbose: str | int = "auto",
    seed: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> keras.callbacks.History:
    """Train a compiled model on arrays: `keras.Model.fit`, a hundred times faster on small work.

    With `shuffle=False` the weights and the history are those of `model.fit` up to rounding. With
    `shuffle=True` epoch k trains on the rows in the order of the k-th
    `numpy.random.default_rng(seed).permutation(samples)`.

    Args:
        model: a Keras model on which `compile` was called.
        x: array of shape (samples, ...), or a list or dict of such arrays for several inputs.
        y: array of shape (samples, ...), or a list or dict of such arrays for several outputs.
        batch_size: rows per step; the last batch of an epoch may be smaller and is trained on too.
        epochs: passes over the rows.
        validation_split: share of the rows, the *last* ones, that is held out before any shuffling.
        validation_data: `(x, y)` or `(x, y, sample_weight)`, held out instead of a split.
        shuffle: a new order of the rows in every epoch.
        callbacks: Keras callbacks that act once an epoch. With any, one call is one epoch.
        verbose: 0 is silent; 1 or "auto" shows a progress bar for work of over two seconds; 2
            prints a line an epoch. `COURSE_PROGRESS=0` in the environment turns every bar off.
        seed: fixes the order of the rows and the masks of Dropout and its like. None draws the
            order from numpy's global generator, which `keras.utils.set_random_seed` fixes, and
            lets the masks go on from where they are.
        progress: called about four times a second with the share of the work that is done, above 0
            to 1. What it raises ends the run as an interrupt does. Costs nothing, unlike a
            callback.

    Returns:
        The `keras.callbacks.History`, also at `model.history`: one value an epoch of the loss, the
        metrics and, where rows are held out, `val_...` of each.

    Raises:
        TypeError, ValueError: an argument is not of its kind, is NaN, or does not fit the others; a
            callback needs a call every batch; the model is not compiled or runs eagerly.
        FloatingPointError: the loss became NaN; the message names the epoch.
        KeyboardInterrupt: the run was interrupted. The weights trained so far stay, and so does the
            history of the epochs finished.
        Whatever `progress` raises.

    Source: the contract is `keras.Model.fit` of Keras 3.
    """
    _check_model(model)
    batch_size = inputs.count("batch_size", batch_size)
    epochs = inputs.count("epochs", epochs)
    if not isinstance(shuffle, bool | np.bool_):
        raise TypeError(f"shuffle must be True or False, got {shuffle!r}")
    if verbose not in ("auto", 0, 1, 2):
        raise ValueError(f'verbose must be "auto", 0, 1 or 2, got {verbose!r}')
    if seed is not None:
        seed = inputs.count("seed", seed, least=0)
    train, held_out = _split(
        _as_rows(("x", x), ("y", y)),
        inputs.number("validation_split", validation_split),
        validation_data,
    )
    callbacks = keras.tree.flatten(callbacks or [])  # as Keras does: one callback is a list of one
    _refuse_batch_callbacks(callbacks)
    # First the program: a model that builds itself now has no masks to seed before.
    program = _program(model, train, batch_size)

    if seed is None:
        order = np.random.default_rng(np.random.randint(2**31))  # noqa: NPY002  the one Keras seeds
    else:
        order = np.random.default_rng(seed)
        _reseed_masks(model, seed)

    events = keras.callbacks.CallbackList(
        callbacks,
        add_history=True,
        add_progbar=False,
        model=model,
        epochs=epochs,
        steps=math.ceil(_n_rows(train) / batch_size),
        verbose=0 if verbose == "auto" else verbose,
    )
    model.stop_training = False
    events.on_train_begin()
    logs: dict[str, Any] = {}
    with _bar(epochs, verbose) as bar, _deferred_interrupt() as interrupted:
        finished = _epochs(
            program,
            tf.nest.map_structure(tf.constant, train),
            tf.nest.map_structure(tf.constant, held_out),
            order if shuffle else None,
            batch_size,
            epochs,
            events,
            interrupted,
            progress,
            one_by_one=bool(callbacks),
        )
        for epoch, logs in finished:
            if verbose == 2:
                shown = " - ".join(f"{name}: {_short(value)}" for name, value in logs.items())
                print(f"Epoch {epoch + 1}/{epochs} - {shown}")
            if np.isnan(logs.get("loss", 0.0)).any():
                raise FloatingPointError(
                    f"The loss became NaN in epoch {epoch + 1} of {epochs}. A smaller learning "
                    "rate or inputs scaled to about one are the usual cures."
                )
            bar.update()
            bar.set_postfix({"loss": _short(logs.get("loss", "-"))}, refresh=False)
            if model.stop_training:
                bar.total = bar.n  # or a notebook keeps the bar, in red
                break
        if model.optimizer is not None:
            model.optimizer.finalize_variable_values(model.trainable_weights)
    events.on_train_end(logs)
    return model.history


@dataclass
class Runs:
    """The same architecture trained from several seeds.

    Attributes:
        model: the one model that was trained again and again; it holds the last seed's weights.
        seeds: the seeds, in the order trained.
        weights: for each seed the list that `model.get_weights()` gave after training.
        history: for each name of the Keras history an array of shape (seeds, epochs). A run that a
            callback stopped early is filled up with NaN.
    """

    model: keras.Model
    seeds: tuple[int, ...]
    weights: list[list[np.ndarray]] = field(repr=False)
    history: dict[str, np.ndarray] = field(repr=False)

    def predict(self, x: Any) -> np.ndarray:
        """Predictions of every seed's model for `x`, of shape (seeds, samples, outputs).

        `x` is an array of shape (samples, ...) or a list or dict of them. The outputs are in the
        units the model was trained to give; a model with several outputs gives a list or dict of
        such arrays. The model is left with the last seed's weights.
        """
        (rows,) = _as_rows(("x", x))
        rows = tf.nest.map_structure(tf.constant, rows)
        forward = _forward(self.model).get_concrete_function(rows)  # silent, see `_compile`
        predictions = []
        for weights in self.weights:
            self.model.set_weights(weights)
            predictions.append(tf.nest.map_structure(lambda output: output.numpy(), forward(rows)))
        return tf.nest.map_structure(lambda *seeds: np.stack(seeds), *predictions)

    def model_of(self, seed: int) -> keras.Model:
        """The model with the weights that `seed` reached: one at a time, as it is one model."""
        if seed not in self.seeds:
            raise ValueError(f"seed {seed} was not trained; the seeds are {list(self.seeds)}")
        self.model.set_weights(self.weights[self.seeds.index(seed)])
        return self.model


def repeat(
    build: Callable[[], keras.Model],
    x: Any,
    y: Any,
    seeds: Iterable[int],
    *,
    like: Runs | None = None,
    run_build: Callable[[Callable[[], keras.Model]], keras.Model] | None = None,
    **fit_arguments: Any,
) -> Runs:
    """Train the architecture that `build` returns once for each seed, compiling it only once.

    For each seed it does what these three lines do, and gives the same weights bit for bit:

        keras.utils.set_random_seed(seed)
        model = build()
        fit(model, x, y, seed=seed, **fit_arguments)

    Args:
        build: takes nothing and returns a compiled model, the same architecture each time. Its
            state is its weights and its optimizer: a variable that a subclass keeps beside them
            goes on from one seed to the next.
        x, y: as for `fit`; the same rows for every seed.
        seeds: whole numbers of at least 0, all different.
        like: earlier runs of the same architecture; a constant learning rate may differ. On rows
            of the same number and shapes, and with the same batch size, what was compiled for them
            serves again, which saves a second or two and some 25 MB for an LSTM. Results are the
            same without.
        run_build: called once for each seed with a function that does the first two of the lines
            above and returns the model; it must call that function once and return what it
            returns. It says where that happens: these two lines change and draw from the random
            generators that the whole process shares, and nothing else here does, so that a thread
            may train while another one builds. None calls the function where `repeat` runs.
        fit_arguments: the other arguments of `fit`. `verbose` is about one bar for all seeds, and
            `progress` about the share of all their work.

    Returns:
        `Runs`: the weights and the history of each seed.

    Raises:
        TypeError, ValueError: as `fit`; `build` is not callable, does not return a compiled model
            or returns another architecture for another seed; no seed, or the same one twice.
    """
    if not callable(build):
        raise TypeError(f"build must be a function that returns a compiled model, got {build!r}")
    if "seed" in fit_arguments:
        raise TypeError("repeat gives each run its own seed: pass seeds=, not seed=")
    if not isinstance(seeds, Iterable):
        raise TypeError(f"seeds must be several whole numbers, such as range(10), got {seeds!r}")
    seeds = tuple(inputs.count("seeds", seed, least=0) for seed in seeds)
    if not seeds or len(set(seeds)) < len(seeds):
        raise ValueError(f"seeds must be one or more different numbers, got {list(seeds)}")

    verbose = fit_arguments.pop("verbose", "auto")
    progress = fit_arguments.pop("progress", None)
    if like is not None and not isinstance(like, Runs):
        raise TypeError(f"like must be earlier Runs that repeat returned, got {like!r}")
    if run_build is not None and not callable(run_build):
        raise TypeError(f"run_build must be a function that calls another, got {run_build!r}")
    model, weights, histories = like and like.model, [], []
    with _bar(len(seeds), verbose, unit="seed") as bar:
        for done, seed in enumerate(seeds):
            if progress is not None:
                fit_arguments["progress"] = partial(_share_of_all, progress, done, len(seeds))
            start = partial(_seeded, build, seed)
            fresh = start() if run_build is None else run_build(start)
            _check_model(fresh)
            if not fresh.built:
                raise ValueError(
                    "build must return a built model: give it an Input layer, or call it once"
                )
            if model is None:
                model = fresh
            else:
                _start_again(model, fresh)
            history = fit(model, x, y, seed=seed, verbose=0, **fit_arguments).history
            weights.append(model.get_weights())
            histories.append(history)
            bar.update()
            bar.set_postfix({"loss": _short(history.get("loss", ["-"])[-1])})
    longest = max(len(values) for history in histories for values in history.values())
    names = {name: None for history in histories for name in history}
    return Runs(
        model=model,
        seeds=seeds,
        weights=weights,
        history={
            name: np.array([_filled(history.get(name, []), longest) for history in histories])
            for name in names
        },
    )


def _seeded(build: Callable[[], keras.Model], seed: int) -> keras.Model:
    keras.utils.set_random_seed(seed)
    return build()


# --- one program a model -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Program:
    """The compiled loop of a model, and what it was compiled from."""

    run: Callable
    compiled_with: tuple
    recipe: str
    initial_optimizer: list[np.ndarray]


def _program(model: keras.Model, train: tuple, batch_size: int) -> _Program:
    """The model's program, made at the first call and again only after another `model.compile`."""
    program = model.__dict__.get("_course_program")
    if program is None or not _same_objects(program.compiled_with, _compiled_with(model)):
        # What `Model.fit` itself does first: create every variable of the layers, the metrics and
        # the optimizer, without running anything. Private in Keras 3, and so held by a test.
        first_batch = tf.nest.map_structure(lambda rows: rows[:batch_size], train)
        model._symbolic_build(data_batch=first_batch)
        program = _Program(
            run=_compile(model),
            compiled_with=_compiled_with(model),
            recipe=_recipe(model),
            initial_optimizer=[v.numpy() for v in _optimizer_variables(model)],
        )
        # Past Keras' own __setattr__, which would try to track and save it.
        model.__dict__["_course_program"] = program
    return program


def _forward(model: keras.Model) -> Callable:
    """The predictions of a model as one function, made once: a second would trace it all again."""
    # `Model.predict` builds a new graph and a data set at every call, which takes far longer.
    forward = model.__dict__.get("_course_forward")
    if forward is None:
        forward = tf.function(lambda rows: model(rows, training=False), autograph=False)
        model.__dict__["_course_forward"] = forward
    return forward


def _optimizer_variables(model: keras.Model) -> list:
    return [] if model.optimizer is None else model.optimizer.variables


def _compiled_with(model: keras.Model) -> tuple:
    # `compile` makes a new loss tracker each time, whatever it is given.
    return (model.optimizer, model._loss_tracker)


def _same_objects(first: Sequence, second: Sequence) -> bool:
    return len(first) == len(second) and all(a is b for a, b in zip(first, second, strict=True))


def _compile(model: keras.Model) -> Callable:
    """A function that trains `model` for as many epochs as it has orders, inside one XLA program.

    Call what its `get_concrete_function` returns. Called itself it would soon print a warning: for
    TensorFlow the programs of all models are one function that is traced far too often.
    """

    def batches(
        step: Callable, data: tuple, order: tf.Tensor, size: int, first: Any, last: Any, own: dict
    ) -> dict:
        """Run `step` on full batches `first` .. `last` - 1 of the rows in `order`.

        Returns the logs of the last step that are its `own`, not the model's metrics.
        """
        no_logs = _zeros(own)
        if order.shape[0] < size:
            return no_logs

        def body(i: tf.Tensor, logs: dict) -> tuple:
            rows = tf.slice(order, [i * size], [size])
            new = step(tf.nest.map_structure(lambda array: tf.gather(array, rows), data))
            return i + 1, _named(logs, new)

        _, logs = tf.while_loop(lambda i, _: i < last, body, (first, no_logs))
        return logs

    def tail(step: Callable, data: tuple, order: tf.Tensor, size: int, logs: dict) -> dict:
        """The last, smaller batch, and then the logs of the whole pass."""
        left_over = order.shape[0] % size
        if left_over:
            rows = order[-left_over:]
            new = step(tf.nest.map_structure(lambda array: tf.gather(array, rows), data))
            logs = _named(logs, new)
        logs = logs or model.get_metrics_result()
        return {name: tf.identity(value) for name, value in logs.items()}

    def reset_metrics() -> tf.Tensor:
        model.reset_metrics()
        return tf.constant(True)  # the branches of a tf.cond must return something

    def run(train, held_out, size, orders, epochs, first, last, finish, validate):
        n_held_out = _n_rows(held_out)

        def validation() -> dict:
            reset_metrics()
            order = tf.range(n_held_out)
            logs = batches(model.test_step, held_out, order, size, 0, n_held_out // size, val_own)
            return tail(model.test_step, held_out, order, size, logs)

        train_own = _own_logs(model, model.train_step, train, size)
        val_own = _own_logs(model, model.test_step, held_out, size) if n_held_out else {}
        metrics = {name: _spec(value) for name, value in model.get_metrics_result().items()}
        train_spec = train_own or metrics
        val_spec = (val_own or metrics) if n_held_out else {}

        def body(epoch: tf.Tensor, table: dict) -> tuple:
            order = orders[epoch]
            # At the start of an epoch, not at its end: callbacks may look at the metrics.
            tf.cond(tf.equal(first, 0), reset_metrics, lambda: tf.constant(False))
            last_logs = batches(model.train_step, train, order, size, first, last, train_own)
            logs = tf.cond(
                finish,
                lambda: tail(model.train_step, train, order, size, last_logs),
                lambda: _zeros(train_spec),
            )
            if n_held_out:
                val_logs = tf.cond(validate, validation, lambda: _zeros(val_spec))
                logs |= {f"val_{name}": value for name, value in val_logs.items()}
            return epoch + 1, {name: table[name].write(epoch, logs[name]) for name in table}

        spec = train_spec | {f"val_{name}": log for name, log in val_spec.items()}
        table = {
            name: tf.TensorArray(log.dtype, size=orders.shape[0], element_shape=log.shape)
            for name, log in spec.items()
        }
        _, table = tf.while_loop(lambda epoch, _: epoch < epochs, body, (0, table))
        return {name: column.stack() for name, column in table.items()}

    return tf.function(run, jit_compile=True, autograph=False)


def _own_logs(
    model: keras.Model, step: Callable, data: tuple, size: int
) -> dict[str, tf.TensorSpec]:
    """Name, shape and dtype of the logs of a step that returns other things than the metrics.

    Empty for Keras' own steps: an epoch's logs are then the metrics' results, as in `Model.fit`.
    """
    if _is_inherited(step) and _is_inherited(model.compute_metrics):
        return {}
    batch = tf.nest.map_structure(
        lambda rows: tf.TensorSpec([size, *rows.shape[1:]], rows.dtype), data
    )
    trace = tf.function(step, autograph=False).get_concrete_function(batch)
    logs = trace.structured_outputs
    if not isinstance(logs, dict):
        raise TypeError(f"{type(model).__name__}'s step must return a dict of logs, got {logs!r}")
    if set(logs) == set(model.get_metrics_result()):
        return {}
    return {name: _spec(log) for name, log in _flat(logs).items()}


def _is_inherited(method: Callable) -> bool:
    name = getattr(method, "__name__", "")
    return getattr(method, "__func__", None) is getattr(keras.Model, name, method)


def _named(names: Iterable[str], logs: dict) -> dict:
    logs = _flat(logs)
    return {name: tf.convert_to_tensor(logs[name]) for name in names}


def _flat(logs: dict) -> dict:
    """Logs within logs on one level, as Keras puts them into the history."""
    flat = {}
    for name, log in logs.items():
        flat |= _flat(log) if isinstance(log, dict) else {name: log}
    return flat


def _spec(log: tf.Tensor) -> tf.TensorSpec:
    return tf.TensorSpec(log.shape, log.dtype)


def _zeros(spec: dict[str, tf.TensorSpec]) -> dict[str, tf.Tensor]:
    return {name: tf.zeros(log.shape, log.dtype) for name, log in spec.items()}


def _epochs(
    program: _Program,
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
    """Train, in calls of about `_CALL_SECONDS`, and yield each finished epoch and its logs."""
    n_rows = _n_rows(train)
    steps = n_rows // size
    capacity = max(1, min(_MOST_EPOCHS, _MOST_ORDERED_ROWS // n_rows))
    orders = np.tile(np.arange(n_rows, dtype=np.int32), (capacity, 1))

    def arguments(n_epochs: int, first: int, last: int, finish: bool, validate: bool) -> tuple:
        plain = (orders, n_epochs, first, last, finish, validate)
        return train, held_out, size, *map(tf.constant, plain)

    nothing = arguments(0, 0, 0, False, False)
    run = program.run.get_concrete_function(*nothing)
    run(*nothing)  # compiles
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
        steps_a_call = max(1, min(4 * steps_a_call, int(done * _CALL_SECONDS / seconds)))
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


# --- arguments -----------------------------------------------------------------------------------


def _check_model(model: Any) -> None:
    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a Keras model, got {type(model).__name__}")
    if not model.compiled:
        raise ValueError("model is not compiled: call model.compile(loss=..., optimizer=...) first")
    if model.run_eagerly:
        raise ValueError(
            "model is compiled with run_eagerly=True: use model.fit, or compile without"
        )


def _as_rows(*named: tuple[str, Any]) -> tuple:
    """Every array checked, in the dtype Keras would give it, all with the same number of rows."""
    lengths = {}

    def convert(name: str, value: Any) -> np.ndarray:
        array = inputs.array(name, value)
        lengths[name] = len(array)
        is_float = array.dtype.kind == "f"
        return array.astype(keras.config.floatx(), copy=False) if is_float else array

    def walk(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: walk(f"{name}[{key!r}]", part) for key, part in value.items()}
        several = isinstance(value, list | tuple) and len(value) > 0
        if several and all(hasattr(part, "shape") and len(part.shape) > 0 for part in value):
            return tuple(walk(f"{name}[{i}]", part) for i, part in enumerate(value))
        return convert(name, value)

    rows = tuple(walk(name, value) for name, value in named)
    if len(set(lengths.values())) > 1:
        raise ValueError(
            "all arrays must have the same number of samples (the first axis), got "
            + ", ".join(f"{name}: {length}" for name, length in lengths.items())
        )
    return rows


def _split(train: tuple, share: float, held_out: Any) -> tuple[tuple, tuple]:
    """The rows to train on and those held out, by Keras' rule: the last ones, before shuffling."""
    if not 0 <= share < 1:
        raise ValueError(f"validation_split must be at least 0 and below 1, got {share}")
    if held_out is not None:
        if not isinstance(held_out, list | tuple) or len(held_out) not in (2, 3):
            raise ValueError("validation_data must be (x, y) or (x, y, sample_weight)")
        if len(held_out) == 3 and held_out[2] is None:
            held_out = held_out[:2]
        names = ("validation_data x", "validation_data y", "validation_data sample_weight")
        return train, _as_rows(*zip(names, held_out, strict=False))
    if not share:
        return train, ()
    n_rows = _n_rows(train)
    kept = math.floor(n_rows * (1.0 - share))
    if kept in (0, n_rows):
        raise ValueError(
            f"validation_split={share} of {n_rows} samples leaves {kept} to train on and "
            f"{n_rows - kept} held out: both must be at least 1"
        )
    return (
        tf.nest.map_structure(lambda array: array[:kept], train),
        tf.nest.map_structure(lambda array: array[kept:], train),
    )


def _n_rows(data: tuple) -> int:
    arrays = tf.nest.flatten(data)
    return int(arrays[0].shape[0]) if arrays else 0


def _refuse_batch_callbacks(callbacks: list) -> None:
    for callback in callbacks:
        if not isinstance(callback, keras.callbacks.Callback):
            raise TypeError(f"callbacks must be Keras callbacks, got {callback!r}")
        hooks = [
            hook
            for hook in _BATCH_HOOKS
            if not getattr(getattr(callback, hook), "_is_default", False)
            and not _is_idle(callback, hook)
        ]
        if hooks:
            name = type(callback).__name__
            hint = "; a loss that becomes NaN stops this fit anyway" if "NaN" in name else ""
            raise ValueError(
                f"{name} needs a Python call every batch ({', '.join(hooks)}), and this fit "
                f"returns to Python only between epochs: use model.fit for it{hint}"
            )


def _is_idle(callback: keras.callbacks.Callback, hook: str) -> bool:
    """Whether the hook is the one of a ModelCheckpoint by epoch, which does nothing in it."""
    checkpoint = keras.callbacks.ModelCheckpoint
    return (
        isinstance(callback, checkpoint)
        and callback.save_freq == "epoch"
        and getattr(type(callback), hook) is getattr(checkpoint, hook)
    )


def _reseed_masks(model: keras.Model, seed: int) -> None:
    """Set every random generator inside the model (Dropout and its like) from `seed`."""
    states = [v for v in model.variables if v.path.endswith("seed_generator_state")]
    words = np.random.SeedSequence(seed).generate_state(len(states) or 1)
    for state, word in zip(states, words, strict=False):
        state.assign(np.array([word, 0], "uint32"))


def _start_again(model: keras.Model, fresh: keras.Model) -> None:
    """Give `model` the start that `fresh` has, so that its compiled program serves again."""
    program = model.__dict__["_course_program"]
    if fresh is model:
        raise ValueError("build must make a new model at every call, got the same one again")
    ours, theirs = model.get_weights(), fresh.get_weights()
    if [w.shape for w in ours] != [w.shape for w in theirs]:
        raise ValueError(
            "build must return the same architecture each time, got weights of shapes "
            f"{[w.shape for w in theirs]} after {[w.shape for w in ours]}"
        )
    if program.recipe != _recipe(fresh):
        raise ValueError(
            "build must return the same architecture each time, compiled in the same way; a layer, "
            "the loss or the optimizer differs from that of the model before"
        )
    for mine, other in zip(_normalizations(model), _normalizations(fresh), strict=True):
        if not all(map(np.array_equal, mine.get_weights(), other.get_weights())):
            raise ValueError(
                f"build must adapt {mine.name} to the same data each time: its mean and variance "
                "are constants of the compiled program"
            )
    model.set_weights(theirs)
    for variable, value in zip(_optimizer_variables(model), program.initial_optimizer, strict=True):
        variable.assign(value)
    if _has_constant_rate(model):
        model.optimizer.learning_rate = fresh.optimizer.learning_rate.value.numpy().item()


def _has_constant_rate(model: keras.Model) -> bool:
    """Whether the learning rate is a variable of the optimizer, and not a schedule."""
    # The property of this name gives a schedule's present value.
    rate = getattr(model.optimizer, "_learning_rate", None)
    return isinstance(rate, keras.Variable)


def _recipe(model: keras.Model) -> str:
    """Layers, loss and optimizer as text, the same for two models that differ in names alone."""
    try:
        parts = [model.get_config(), model.get_compile_config()]
    except NotImplementedError:  # a subclass that does not say what it is made of
        parts = []
    if parts and _has_constant_rate(model):
        parts[1]["optimizer"]["config"]["learning_rate"] = "a variable"
    text = json.dumps([type(model).__name__, parts], default=repr)
    for i, layer in enumerate(model._flatten_layers()):
        text = text.replace(f'"{layer.name}"', f'"{i}"')  # also where one layer refers to another
    return re.sub(r'"name": "[^"]*"', '"name": ""', text)


def _normalizations(model: keras.Model) -> list[keras.layers.Normalization]:
    layers = model._flatten_layers(include_self=False)
    return [layer for layer in layers if isinstance(layer, keras.layers.Normalization)]


def _filled(values: Sequence, length: int) -> np.ndarray:
    values = np.asarray(values, float)
    missing = np.full((length - len(values), *values.shape[1:]), np.nan)
    return np.concatenate([values, missing])


# --- showing and stopping ------------------------------------------------------------------------


def _bar(total: int, verbose: str | int, unit: str = "epoch") -> tqdm:
    off = verbose not in ("auto", 1) or os.environ.get("COURSE_PROGRESS") == "0"
    return tqdm(total=total, unit=unit, leave=False, delay=_BAR_AFTER_SECONDS, disable=off)


def _share_of_all(progress: Callable[[float], None], done: int, runs: int, share: float) -> None:
    progress((done + share) / runs)


def _short(log: Any) -> str:
    return f"{log:.4g}" if isinstance(log, float) else str(log)


@contextmanager
def _deferred_interrupt() -> Iterator[Callable[[], bool]]:
    """Hold an interrupt until the compiled call is over, so that weights and history agree."""
    asked = threading.Event()
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield asked.is_set  # only the main thread receives signals, and some programs want none
        return
    before = signal.signal(signal.SIGINT, lambda *_: asked.set())
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before or signal.default_int_handler)
