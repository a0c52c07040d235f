"""`train`: what the explorers train with, `repeat` in the queue of all explorers."""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from helpers.seeds import seeds
from helpers.training import Runs, repeat
from helpers.widgets.queue import Monitor, Stopped

import keras
import numpy as np
from keras.src.backend.common import global_state
from tensorflow.python.eager import context

__all__ = ["MOST", "compiled", "rmse", "seed_of", "three_seeds", "train", "units_of"]

#: How many networks the explorers of a kernel compile. Each keeps some 20 MB for as long as the
#: kernel lives: TensorFlow never gives back what XLA has compiled, not even once nobody holds it,
#: so that throwing some away in favour of others would cost memory instead of saving it.
MOST = 20

#: What was compiled so far. Several under one key where the notebook's function was changed.
compiled: dict[Hashable, list[Runs]] = {}


def train(
    key: Hashable,
    build: Callable[[], keras.Model],
    x: np.ndarray,
    y: np.ndarray,
    seeds: Sequence[int],
    monitor: Monitor,
    **arguments: Any,
) -> Runs:
    """`repeat` for the work of an explorer: compiled once, stopped at a word, and without a trace.

    Models are built where the cells run, and the random generators that cells draw from are left as
    they were. A network that is new is announced, as it takes some seconds longer.

    Args:
        key: names the network. What was compiled under it serves again as long as it fits.
        build, x, y, seeds: as for `repeat`.
        monitor: of the work.
        arguments: of `fit`.

    Raises:
        Stopped: the work is to end, or the network is new and there are `MOST` already.
        Whatever `repeat` raises.
    """

    def again(like: Runs | None, **arguments: Any) -> Runs:
        return repeat(build, x, y, like=like, verbose=0,
                      run_build=lambda start: monitor.at_home(lambda: _untouched(start)),
                      **arguments)  # fmt: skip

    known = compiled.setdefault(key, [])
    for like in reversed(known):
        try:
            return again(like, seeds=seeds, progress=monitor, **arguments)
        except ValueError:
            # By now the notebook's function builds another network under this name, most likely.
            # If something else was wrong, it will be again below.
            continue
    if sum(map(len, compiled.values())) >= MOST:
        raise Stopped(
            f"This kernel holds {MOST} compiled networks, as many as a small machine has room for. "
            "Those you have tried go on working. For another one, restart the kernel."
        )
    monitor.says("The first time, TensorFlow compiles this model, which takes some seconds …")
    # One epoch, which nothing stops: otherwise a run that is stopped would leave its program in
    # memory, and yet it would have to be compiled again.
    known.append(again(None, seeds=seeds[:1], **arguments | {"epochs": 1}))
    monitor.says("…")
    return again(known[-1], seeds=seeds, progress=monitor, **arguments)


def seed_of(count: int) -> int:
    """The seed of the course that an explorer trains with after so many presses of its button."""
    return seeds(1)[0] + count


def three_seeds(count: int) -> list[int]:
    """Three seeds of the course, others after each press."""
    return [seed_of(3 * count + k) for k in range(3)]


def units_of(count: int) -> str:
    return f"{count} unit" if count == 1 else f"{count} units"


def rmse(predicted: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Both (..., samples). Returns the typical error over the samples, (...)."""
    return np.sqrt(np.mean((predicted - target) ** 2, axis=-1))


def _untouched(call: Callable[[], Any]) -> Any:
    with _kept_luck():
        return call()


@contextmanager
def _kept_luck() -> Iterator[None]:
    """Put back all that `keras.utils.set_random_seed` sets, as if nothing had been drawn.

    Keras and TensorFlow keep some of it in private places, and so a test holds them.
    """
    ours, numpys = random.getstate(), np.random.get_state()  # noqa: NPY002  the one Keras seeds
    names = "global_random_seed", "global_seed_generator"
    kerass = {name: global_state.get_global_attribute(name) for name in names}
    eager = context.context()
    # TensorFlow has no generator before it is seeded for the first time, and then needs none.
    tensorflows = {name: getattr(eager, name, None) for name in ("_seed", "_rng")}
    try:
        yield
    finally:
        random.setstate(ours)
        np.random.set_state(numpys)  # noqa: NPY002
        for name, value in kerass.items():
            global_state.set_global_attribute(name, value)
        for name, value in tensorflows.items():
            setattr(eager, name, value)
