"""`repeat`: the same training from many seeds, compiled once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from helpers import inputs
from helpers.training.engine import Engine
from helpers.training.runs import Runs
from helpers.training.watching import bar, short

import keras
import numpy as np

__all__ = ["repeat"]

# Every thread's models draw from the same random generators.
_DRAWING = threading.RLock()


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
        build: takes nothing and returns a new, compiled model, the same architecture each time. Its
            state is its weights and its optimizer: a variable that a subclass keeps beside them
            goes on from one seed to the next. Called once for each seed, and for a single seed
            without `like` once more, as the runs keep a model of their own.
        x, y: as for `fit`; the same rows for every seed.
        seeds: whole numbers of at least 0, all different.
        like: earlier runs of the same architecture; a constant learning rate may differ. On rows
            of the same number and shapes, and with the same batch size, what was compiled for them
            serves again, which saves a second or two and some 25 MB for an LSTM. Results are the
            same without, and the earlier runs stay as they are. Two threads may do so at once:
            they then train in turns, a seed each.
        run_build: called for each seed with a function that does the first two of the lines
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
            or returns another architecture for another seed, or one that cannot be compared with
            the first (see `helpers.training.recipe`); no seed, or the same one twice.
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
    if run_build is not None and not callable(run_build):
        raise TypeError(f"run_build must be a function that calls another, got {run_build!r}")
    if like is not None and not (isinstance(like, Runs) and like.engine):
        raise TypeError(f"like must be earlier Runs that repeat returned, got {like!r}")

    def fresh(seed: int) -> keras.Model:
        start = partial(_seeded, build, seed)
        return start() if run_build is None else run_build(start)

    verbose = fit_arguments.pop("verbose", "auto")
    progress = fit_arguments.pop("progress", None)
    engine = like.engine if like else None
    model, weights, histories = None, [], []
    with bar(len(seeds), verbose, "seed") as shown:
        for done, seed in enumerate(seeds):
            model = fresh(seed)
            if engine is None:
                engine = Engine(model)
                if len(seeds) == 1:
                    model = fresh(seed)  # the engine's goes on to change, where runs are like these
            if progress is not None:
                fit_arguments["progress"] = partial(_share_of_all, progress, done, len(seeds))
            ended, history = engine.train(model, x, y, seed, **fit_arguments)
            weights.append(ended)
            histories.append(history)
            shown.set_postfix({"loss": short(history.get("loss", ["-"])[-1])}, refresh=False)
            shown.update()
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
        engine=engine,
    )


def _seeded(build: Callable[[], keras.Model], seed: int) -> keras.Model:
    with _DRAWING:
        keras.utils.set_random_seed(seed)
        return build()


def _share_of_all(progress: Callable[[float], None], done: int, runs: int, share: float) -> None:
    progress((done + share) / runs)


def _filled(values: Sequence, length: int) -> np.ndarray:
    values = np.asarray(values, float)
    missing = np.full((length - len(values), *values.shape[1:]), np.nan)
    return np.concatenate([values, missing])
