"""Keras' own `fit`, with many epochs compiled into one call, and the same training from several seeds.

`Model.fit` goes back to Python after every batch. On the small models of this course that costs about
a hundred times as long as the arithmetic. `fit` keeps what `Model.fit` promises and moves the loop
over batches and epochs into one XLA program round the model's own `train_step`, so that the loss,
the metrics, the optimizer and the layers are Keras' and not ours.
"""

from __future__ import annotations

import functools
import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from tqdm.auto import tqdm

from helpers import inputs

__all__ = ["Runs", "fit", "repeat"]

# Seconds of work given to one compiled call: an interrupt or the progress bar waits this long.
_CALL_SECONDS = 0.25
# Epochs one compiled call can hold at most, and the size of its table of row orders (1M rows: 4 MB).
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
) -> keras.callbacks.History:
    """Train a compiled model on arrays: `keras.Model.fit`, about a hundred times faster on small work.

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
        verbose: 0 is silent; 1 or "auto" shows a progress bar for work of over two seconds; 2 prints
            a line an epoch. `COURSE_PROGRESS=0` in the environment turns every bar off.
        seed: fixes the order of the rows and the masks of Dropout and its like. None draws the order
            from numpy's global generator, which `keras.utils.set_random_seed` fixes, and lets the
            masks go on from where they are.

    Returns:
        The `keras.callbacks.History`, also at `model.history`: one value an epoch of the loss, the
        metrics and, where rows are held out, `val_...` of each.

    Raises:
        TypeError, ValueError: an argument is not of its kind, is NaN, or does not fit the others; a
            callback needs a call every batch; the model is not compiled or runs eagerly.
        FloatingPointError: the loss became NaN; the message names the epoch.
        KeyboardInterrupt: the run was interrupted. The weights trained so far stay, and so does the
            history of the epochs finished.

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
    callbacks = list(callbacks or [])
    _refuse_batch_callbacks(callbacks)

    if seed is None:
        order = np.random.default_rng(np.random.randint(2**31))
    else:
        order = np.random.default_rng(seed)
        _reseed_masks(model, seed)

    n_rows = _n_rows(train)
    program = _program(model, train)
    events = keras.callbacks.CallbackList(
        callbacks,
        add_history=True,
        add_progbar=False,
        model=model,
        epochs=epochs,
        steps=math.ceil(n_rows / batch_size),
        verbose=0 if verbose == "auto" else verbose,
    )
    model.stop_training = False
    model.reset_metrics()
    events.on_train_begin()
    logs: dict[str, float] = {}
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
            one_by_one=bool(callbacks),
        )
        for epoch, logs in finished:
            if verbose == 2:
                shown = " - ".join(f"{name}: {value:.4g}" for name, value in logs.items())
                print(f"Epoch {epoch + 1}/{epochs} - {shown}")
            if math.isnan(logs.get("loss", 0.0)):
                raise FloatingPointError(
                    f"The loss became NaN in epoch {epoch + 1} of {epochs}. A smaller learning rate or "
                    "inputs scaled to about one are the usual cures."
                )
            bar.update()
            bar.set_postfix({"loss": f"{logs.get('loss', math.nan):.3g}"}, refresh=False)
            if model.stop_training:
                break
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
        units the model was trained to give. The model is left with the last seed's weights.
        """
        (rows,) = _as_rows(("x", x))
        rows = tf.nest.map_structure(tf.constant, rows)
        predictions = []
        for weights in self.weights:
            self.model.set_weights(weights)
            predictions.append(self._forward(rows).numpy())
        return np.stack(predictions)

    @functools.cached_property
    def _forward(self) -> Callable:
        # `Model.predict` builds a new graph and a data set at every call, which takes far longer.
        return tf.function(lambda rows: self.model(rows, training=False), autograph=False)

    def model_of(self, seed: int) -> keras.Model:
        """The model with the weights that `seed` reached. Ask for one at a time: it is one model."""
        if seed not in self.seeds:
            raise ValueError(f"seed {seed} was not trained; the seeds are {list(self.seeds)}")
        self.model.set_weights(self.weights[self.seeds.index(seed)])
        return self.model


def repeat(
    build: Callable[[], keras.Model], x: Any, y: Any, seeds: Iterable[int], **fit_arguments: Any
) -> Runs:
    """Train the architecture that `build` returns once for each seed, compiling it only once.

    For each seed it does what these three lines do, and gives the same weights bit for bit:

        keras.utils.set_random_seed(seed)
        model = build()
        fit(model, x, y, seed=seed, **fit_arguments)

    Args:
        build: takes nothing and returns a compiled model, the same architecture each time.
        x, y: as for `fit`; the same rows for every seed.
        seeds: whole numbers of at least 0, all different.
        fit_arguments: the other arguments of `fit`. `verbose` is about one bar for all seeds.

    Returns:
        `Runs`: the weights and the history of each seed.

    Raises:
        TypeError, ValueError: as `fit`; `build` is not callable, does not return a compiled model or
            returns another architecture for another seed; no seed, or the same one twice.
    """
    if not callable(build):
        raise TypeError(f"build must be a function that returns a compiled model, got {build!r}")
    if "seed" in fit_arguments:
        raise TypeError("repeat gives each run its own seed: pass seeds=, not seed=")
    seeds = tuple(inputs.count("seeds", seed, least=0) for seed in seeds)
    if not seeds or len(set(seeds)) < len(seeds):
        raise ValueError(f"seeds must be one or more different numbers, got {list(seeds)}")

    verbose = fit_arguments.pop("verbose", "auto")
    model, weights, histories = None, [], []
    with _bar(len(seeds), verbose, unit="seed") as bar:
        for seed in seeds:
            keras.utils.set_random_seed(seed)
            fresh = build()
            if model is None:
                _check_model(fresh)
                model = fresh
            else:
                _start_again(model, fresh)
            history = fit(model, x, y, seed=seed, verbose=0, **fit_arguments).history
            weights.append(model.get_weights())
            histories.append(history)
            bar.update()
            bar.set_postfix({"loss": f"{history['loss'][-1]:.3g}"})
    longest = max(len(history["loss"]) for history in histories)
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


# --- one program a model -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Program:
    """The compiled loop of a model, and what it was compiled from."""

    run: Callable
    compiled_with: tuple
    initial_optimizer: list[np.ndarray]


def _program(model: keras.Model, train: tuple) -> _Program:
    """The model's program, made at the first call and again only after another `model.compile`."""
    program = model.__dict__.get("_course_program")
    if program is None or not _same_objects(program.compiled_with, _compiled_with(model)):
        # What `Model.fit` itself does first: create every variable of the layers, the metrics and
        # the optimizer, without running anything. Private in Keras 3, and so held by a test.
        one_row = tf.nest.map_structure(lambda rows: tf.constant(rows[:1]), train)
        model._symbolic_build(data_batch=one_row)
        program = _Program(
            run=_compile(model),
            compiled_with=_compiled_with(model),
            initial_optimizer=[v.numpy() for v in model.optimizer.variables],
        )
        # Past Keras' own __setattr__, which would try to track and save it.
        model.__dict__["_course_program"] = program
    return program


def _compiled_with(model: keras.Model) -> tuple:
    # `compile` makes a new loss tracker each time, the first of the metrics.
    return (model.optimizer, *model.metrics)


def _same_objects(first: Sequence, second: Sequence) -> bool:
    return len(first) == len(second) and all(a is b for a, b in zip(first, second, strict=True))


def _compile(model: keras.Model) -> Callable:
    """A function that trains `model` for up to `_capacity` epochs inside one XLA program."""

    def batches(step: Callable, data: tuple, order: tf.Tensor, size: int, first: Any, last: Any):
        """Run `step` on full batches `first` .. `last` - 1 of the rows in `order`.

        Returns the logs of the last step for a step whose logs are not the model's metrics.
        """
        spec = _own_logs(model, step, data, size)

        def body(i: tf.Tensor, logs: dict) -> tuple:
            rows = tf.slice(order, [i * size], [size])
            new = step(tf.nest.map_structure(lambda array: tf.gather(array, rows), data))
            return i + 1, {name: tf.reshape(new[name], []) for name in logs}

        zeros = {name: tf.zeros([], dtype) for name, dtype in spec.items()}
        _, logs = tf.while_loop(lambda i, _: i < last, body, (first, zeros))
        return logs

    def tail(step: Callable, data: tuple, order: tf.Tensor, size: int, logs: dict) -> dict:
        """The last, smaller batch, and then the logs of the whole pass; the metrics start again."""
        left_over = order.shape[0] % size
        if left_over:
            rows = order[-left_over:]
            new = step(tf.nest.map_structure(lambda array: tf.gather(array, rows), data))
            logs = {name: tf.reshape(new[name], []) for name in logs}
        logs = logs or model.get_metrics_result()
        logs = {name: tf.identity(value) for name, value in logs.items()}
        model.reset_metrics()
        return logs

    def run(train, held_out, orders, epochs, first, last, finish, validate, size, capacity):
        n_train, n_held_out = _n_rows(train), _n_rows(held_out)

        def validation() -> dict:
            order = tf.range(n_held_out)
            logs = batches(model.test_step, held_out, order, size, 0, n_held_out // size)
            return tail(model.test_step, held_out, order, size, logs)

        train_spec = _own_logs(model, model.train_step, train, size) or _metric_dtypes(model)
        if n_held_out:
            val_spec = _own_logs(model, model.test_step, held_out, size) or _metric_dtypes(model)
        else:
            val_spec = {}

        def skipped(spec: dict) -> Callable:
            return lambda: {name: tf.zeros([], dtype) for name, dtype in spec.items()}

        def body(epoch: tf.Tensor, table: dict) -> tuple:
            order = orders[epoch]
            last_logs = batches(model.train_step, train, order, size, first, last)
            logs = tf.cond(
                finish,
                lambda: tail(model.train_step, train, order, size, last_logs),
                skipped(train_spec),
            )
            if n_held_out:
                val_logs = tf.cond(validate, validation, skipped(val_spec))
                logs |= {f"val_{name}": value for name, value in val_logs.items()}
            return epoch + 1, {name: table[name].write(epoch, logs[name]) for name in table}

        names = train_spec | {f"val_{name}": dtype for name, dtype in val_spec.items()}
        table = {name: tf.TensorArray(dtype, size=capacity) for name, dtype in names.items()}
        _, table = tf.while_loop(lambda epoch, _: epoch < epochs, body, (0, table))
        return {name: column.stack() for name, column in table.items()}

    return tf.function(run, jit_compile=True, autograph=False)


def _own_logs(model: keras.Model, step: Callable, data: tuple, size: int) -> dict[str, tf.DType]:
    """Names and dtypes of the logs of a step that returns other things than the model's metrics.

    Empty for Keras' own steps: an epoch's logs are then the metrics' results, as in `Model.fit`.
    """
    own = type(model)
    name = step.__name__
    if getattr(own, name) is getattr(keras.Model, name) and (
        own.compute_metrics is keras.Model.compute_metrics
    ):
        return {}
    batch = tf.nest.map_structure(lambda rows: tf.TensorSpec([size, *rows.shape[1:]], rows.dtype), data)
    logs = tf.function(step).get_concrete_function(batch).structured_outputs
    if not isinstance(logs, dict):
        raise TypeError(f"{own.__name__}.{name} must return a dict of logs, got {logs!r}")
    if set(logs) == set(model.get_metrics_result()):
        return {}
    return {key: value.dtype for key, value in logs.items()}


def _metric_dtypes(model: keras.Model) -> dict[str, tf.DType]:
    return {name: value.dtype for name, value in model.get_metrics_result().items()}


def _epochs(
    program: _Program,
    train: tuple,
    held_out: tuple,
    order: np.random.Generator | None,
    size: int,
    epochs: int,
    events: keras.callbacks.CallbackList,
    interrupted: Callable[[], bool],
    *,
    one_by_one: bool,
) -> Iterator[tuple[int, dict[str, float]]]:
    """Train, in compiled calls of about `_CALL_SECONDS`, and yield each finished epoch and its logs."""
    n_rows = _n_rows(train)
    steps = n_rows // size
    capacity = max(1, min(_MOST_EPOCHS, _MOST_ORDERED_ROWS // n_rows))
    orders = np.tile(np.arange(n_rows, dtype=np.int32), (capacity, 1))

    def call(n_epochs: int, first: int, last: int, finish: bool, validate: bool) -> dict:
        arguments = (n_epochs, first, last, finish, validate)
        return program.run(
            train, held_out, tf.constant(orders), *map(tf.constant, arguments), size, capacity
        )

    has_validation = bool(held_out)
    call(0, 0, 0, False, False)  # compiles, and trains nothing
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
        logs = call(n_epochs, step, last, finish, together)
        logs = {name: column.numpy() for name, column in logs.items()}
        seconds = time.perf_counter() - started
        done = n_epochs * (last - step) if step == 0 else last - step
        steps_a_call = max(1, min(4 * steps_a_call, int(done * _CALL_SECONDS / seconds)))
        step = 0 if finish else last
        if finish:
            if has_validation and one_by_one:
                events.on_test_begin()
                validated = call(1, 0, 0, False, True)
                logs |= {n: c.numpy() for n, c in validated.items() if n.startswith("val_")}
                events.on_test_end({n[4:]: float(c[0]) for n, c in logs.items() if n[:4] == "val_"})
            for i in range(n_epochs):
                if i:
                    events.on_epoch_begin(epoch)
                epoch_logs = {name: float(column[i]) for name, column in logs.items()}
                events.on_epoch_end(epoch, epoch_logs)
                yield epoch, epoch_logs
                epoch += 1
        if interrupted():
            raise KeyboardInterrupt


# --- arguments -----------------------------------------------------------------------------------


def _check_model(model: Any) -> None:
    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a Keras model, got {type(model).__name__}")
    if not model.compiled:
        raise ValueError("model is not compiled: call model.compile(loss=..., optimizer=...) first")
    if model.run_eagerly:
        raise ValueError("model is compiled with run_eagerly=True: use model.fit, or compile without")


def _as_rows(*named: tuple[str, Any]) -> tuple:
    """Every array checked and in the dtype Keras would give it, all with the same number of rows."""
    lengths = {}

    def convert(name: str, value: Any) -> np.ndarray:
        array = inputs.array(name, value)
        lengths[name] = len(array)
        return array.astype(keras.config.floatx()) if array.dtype.kind == "f" else array

    def walk(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: walk(f"{name}[{key!r}]", part) for key, part in value.items()}
        several = isinstance(value, list | tuple) and len(value) > 0
        if several and all(hasattr(part, "shape") and len(part.shape) > 0 for part in value):
            return type(value)(walk(f"{name}[{i}]", part) for i, part in enumerate(value))
        return convert(name, value)

    rows = tuple(walk(name, value) for name, value in named)
    if len(set(lengths.values())) > 1:
        raise ValueError(
            "all arrays must have the same number of samples (the first axis), got "
            + ", ".join(f"{name}: {length}" for name, length in lengths.items())
        )
    return rows


def _split(train: tuple, share: float, held_out: Any) -> tuple[tuple, tuple]:
    """The rows to train on and the rows held out, by Keras' rule: the last ones, before shuffling."""
    if not 0 <= share < 1:
        raise ValueError(f"validation_split must be at least 0 and below 1, got {share}")
    if held_out is not None:
        if not isinstance(held_out, list | tuple) or len(held_out) not in (2, 3):
            raise ValueError("validation_data must be (x, y) or (x, y, sample_weight)")
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
        # Keras' own (ModelCheckpoint, TensorBoard, BackupAndRestore) define the hooks and do nothing
        # in them when they are told to act by epoch.
        when = getattr(callback, "save_freq", getattr(callback, "update_freq", None))
        hooks = [
            hook
            for hook in _BATCH_HOOKS
            if not getattr(getattr(callback, hook), "_is_default", False)
        ]
        if hooks and when != "epoch":
            name = type(callback).__name__
            hint = "; a loss that becomes NaN stops this fit anyway" if "NaN" in name else ""
            raise ValueError(
                f"{name} needs a Python call every batch ({', '.join(hooks)}), and this fit returns to "
                f"Python only between epochs: use model.fit for it{hint}"
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
    if not fresh.built:
        raise ValueError("build must return a built model: give it an Input layer, or call it once")
    ours, theirs = model.get_weights(), fresh.get_weights()
    if [w.shape for w in ours] != [w.shape for w in theirs]:
        raise ValueError(
            "build must return the same architecture each time, got weights of shapes "
            f"{[w.shape for w in theirs]} after {[w.shape for w in ours]}"
        )
    model.set_weights(theirs)
    for variable, value in zip(model.optimizer.variables, program.initial_optimizer, strict=True):
        variable.assign(value)


def _filled(values: Sequence[float], length: int) -> np.ndarray:
    return np.pad(np.asarray(values, float), (0, length - len(values)), constant_values=np.nan)


# --- showing and stopping ------------------------------------------------------------------------


def _bar(total: int, verbose: str | int, unit: str = "epoch") -> tqdm:
    off = verbose not in ("auto", 1) or os.environ.get("COURSE_PROGRESS") == "0"
    return tqdm(total=total, unit=unit, leave=False, delay=_BAR_AFTER_SECONDS, disable=off)


@contextmanager
def _deferred_interrupt() -> Iterator[Callable[[], bool]]:
    """Hold an interrupt until the compiled call is over, so that weights and history agree."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set  # only the main thread receives signals
        return
    before = signal.signal(signal.SIGINT, lambda *_: asked.set())
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before or signal.default_int_handler)
