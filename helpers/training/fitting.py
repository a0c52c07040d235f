"""`fit`: the contract of `keras.Model.fit`, its arguments checked, and what is shown of a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from helpers import inputs
from helpers.training.calls import epochs_of
from helpers.training.program import program_of
from helpers.training.rows import as_rows, count_rows, split
from helpers.training.watching import bar, deferred_interrupt, short

import keras
import numpy as np
import tensorflow as tf

__all__ = ["check_model", "fit"]

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

    Every model is compiled with XLA. The `jit_compile` given to `model.compile` has no say in it:
    its default "auto" is False on a CPU, and a False that was asked for looks no different.

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
            callback needs a call every batch; the model is not compiled, runs eagerly or is one
            that XLA cannot compile.
        FloatingPointError: the loss became NaN; the message names the epoch.
        KeyboardInterrupt: the run was interrupted. The weights trained so far stay, and so does the
            history of the epochs finished.
        Whatever `progress` raises.

    Source: the contract is `keras.Model.fit` of Keras 3.
    """
    check_model(model)
    batch_size = inputs.count("batch_size", batch_size)
    epochs = inputs.count("epochs", epochs)
    if not isinstance(shuffle, bool | np.bool_):
        raise TypeError(f"shuffle must be True or False, got {shuffle!r}")
    if verbose not in ("auto", 0, 1, 2):
        raise ValueError(f'verbose must be "auto", 0, 1 or 2, got {verbose!r}')
    if seed is not None:
        seed = inputs.count("seed", seed, least=0)
    train, held_out = split(
        as_rows(("x", x), ("y", y)),
        inputs.number("validation_split", validation_split),
        validation_data,
    )
    callbacks = keras.tree.flatten(callbacks or [])  # as Keras does: one callback is a list of one
    _refuse_batch_callbacks(callbacks)
    # First the program: a model that builds itself now has no masks to seed before.
    program = program_of(model, train, batch_size)

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
        steps=math.ceil(count_rows(train) / batch_size),
        verbose=0 if verbose == "auto" else verbose,
    )
    model.stop_training = False
    events.on_train_begin()
    logs: dict[str, Any] = {}
    with bar(epochs, verbose, "epoch") as shown, deferred_interrupt() as interrupted:
        finished = epochs_of(
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
                line = " - ".join(f"{name}: {short(value)}" for name, value in logs.items())
                print(f"Epoch {epoch + 1}/{epochs} - {line}")
            if np.isnan(logs.get("loss", 0.0)).any():
                raise FloatingPointError(
                    f"The loss became NaN in epoch {epoch + 1} of {epochs}. A smaller learning "
                    "rate or inputs scaled to about one are the usual cures."
                )
            shown.set_postfix({"loss": short(logs.get("loss", "-"))}, refresh=False)
            shown.update()
            if model.stop_training:
                shown.total = shown.n  # or a notebook keeps the bar, in red
                break
        if model.optimizer is not None:
            model.optimizer.finalize_variable_values(model.trainable_weights)
    events.on_train_end(logs)
    return model.history


def check_model(model: Any) -> None:
    """Refuse what is not a compiled Keras model, or one that runs eagerly."""
    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a Keras model, got {type(model).__name__}")
    if not model.compiled:
        raise ValueError("model is not compiled: call model.compile(loss=..., optimizer=...) first")
    if model.run_eagerly:
        raise ValueError(
            "model is compiled with run_eagerly=True: use model.fit, or compile without"
        )


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
