"""The three tests of the chart in 05, for tasks and for series: lengthen, shuffle, cut.

Each asks what becomes of the error when something is taken from the rows: the older steps, or
the order. `lengthen`, `shuffle` and `cut` train anew on rows changed in this way, and so tell what
the data hold. `probe` asks a model that is trained already, and so tells what this model uses.

Needs numpy alone. Errors are RMSE in the units of y, an array of shape (seeds,) each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from helpers import inputs

import numpy as np

__all__ = ["cut", "exchange_older", "lengthen", "newest", "probe", "reorder_older", "shuffle",
           "shuffle_runs"]  # fmt: skip

#: Takes X, y and X_test; returns predictions for X_test, (samples, outputs) or one more axis of
#: seeds before these. `contenders.least_squares` is one, and `arena.trainer` makes others.
Trainer = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
Rows = tuple[np.ndarray, np.ndarray]


# ---- What is done to rows -----------------------------------------------------------------------


def newest(X: np.ndarray, keep: int) -> np.ndarray:
    """The newest `keep` steps of each row: (samples, keep, features)."""
    X, keep = _checked(X, keep, least=1)
    return X[:, X.shape[1] - keep :].copy()


def shuffle_runs(X: np.ndarray, seed: int, *, run: int = 1) -> np.ndarray:
    """Each row's steps in a new order, another one for each row; runs of neighbours stay together.

    Args:
        X: (samples, timesteps, features).
        seed: fixes the orders.
        run: how many neighbouring steps stay together, in their order. Runs are counted from the
            newest step; where timesteps is no multiple of it, the oldest run is a shorter one.

    Returns:
        An array like X: the same steps in every row.
    """
    X, run = _checked(X, run, least=1, name="run")
    samples, timesteps = X.shape[:2]
    run_of = (np.arange(timesteps) - timesteps) // run  # -1 for the newest run, -2 before it, ...
    places = _generator(seed).uniform(size=(samples, -run_of[0]))
    # Stable, so that the steps of a run, which have its place in common, keep their order.
    order = np.argsort(places[:, run_of], axis=1, kind="stable")
    return np.take_along_axis(X, order[:, :, None], axis=1)


def reorder_older(X: np.ndarray, keep: int, seed: int) -> np.ndarray:
    """The newest `keep` steps as they are, and the older ones of each row in a new order.

    Args:
        X: (samples, timesteps, features).
        keep: 0 to timesteps.
        seed: fixes the orders, another one for each row.

    Returns:
        An array like X.
    """
    X, keep = _checked(X, keep, least=0)
    older = X.shape[1] - keep
    if older == 0:
        return X.copy()
    return np.concatenate([shuffle_runs(X[:, :older], seed), X[:, older:]], axis=1)


def exchange_older(X: np.ndarray, keep: int, seed: int) -> np.ndarray:
    """The newest `keep` steps as they are, and the older ones from another row, in their order.

    What the older steps say about the target is lost, and they look as they always do. So a model
    that is trained can be asked how much it uses them.

    Args:
        X: (samples, timesteps, features), at least 2 samples.
        keep: 0 to timesteps.
        seed: fixes from which row.

    Returns:
        An array like X.
    """
    X, keep = _checked(X, keep, least=0)
    if len(X) < 2:
        raise ValueError(f"X must have at least 2 samples to exchange, got {len(X)}")
    # Each row follows another one in a circle, and so none gets its own.
    circle = _generator(seed).permutation(len(X))
    giver = np.empty(len(X), int)
    giver[circle] = np.roll(circle, 1)
    older = X.shape[1] - keep
    return np.concatenate([X[giver, :older], X[:, older:]], axis=1)


# ---- Train anew ---------------------------------------------------------------------------------


def lengthen(
    train: Trainer, rows: Rows, test: Rows, lengths: Iterable[int]
) -> dict[int, np.ndarray]:
    """Test 1: the error of a model that sees the newest n steps, for several n.

    Where it stops falling, a window model has all that it can use. The window model alone cannot
    tell whether a longer history holds more: let one that reads it step by step go on, a GRU.

    Args:
        train: what trains and predicts, see `Trainer`.
        rows, test: X (samples, timesteps, features) and y (samples, outputs) each.
        lengths: how many of the newest steps, 1 to timesteps each.

    Returns:
        n -> RMSE on the test rows, (seeds,), in units of y.
    """
    rows, test = _rows("rows", rows), _rows("test", test)
    lengths = [inputs.count("lengths", n, most=rows[0].shape[1]) for n in lengths]
    if not lengths:
        raise ValueError("lengths must be one or more whole numbers, got none")
    return {n: _error(train, rows, test, lambda X, _, n=n: newest(X, n)) for n in lengths}


def shuffle(
    train: Trainer, rows: Rows, test: Rows, *, runs: Iterable[int] = (1,), seed: int = 0
) -> dict[str, np.ndarray]:
    """Test 2: the error when steps, or short runs of neighbours, come in another order in each row.

    Training rows and test rows are both shuffled, so that a model may learn to do without the
    order. An error that stays says that the order of the steps, or of the runs, is not needed: look
    at each by itself, and combine.

    Args:
        train: what trains and predicts, see `Trainer`. Take one that can read steps in any order
            (a net on each step with sum, mean or maximum; a GRU; an LSTM): a window model has a
            weight for each place, and fails on shuffled steps whatever the task.
        rows, test: X (samples, timesteps, features) and y (samples, outputs) each.
        runs: lengths of runs that stay together.
        seed: fixes the orders.

    Returns:
        "intact", and for each length "steps shuffled" (1) or "runs of n shuffled" -> RMSE on the
        test rows, (seeds,), in units of y.
    """
    rows, test = _rows("rows", rows), _rows("test", test)
    changes = {"intact": lambda X, _: X}
    changes |= _shuffles(runs, X=rows[0])
    return {name: _error(train, rows, test, change, seed) for name, change in changes.items()}


def cut(
    train: Trainer, rows: Rows, test: Rows, *, keep: int, seed: int = 0
) -> dict[str, np.ndarray]:
    """Test 3: the error when the history before the newest `keep` steps is cut, or reordered.

    If cutting hurts, older steps are needed. If reordering them hurts as well, steps are read in
    the light of those before or after them: this is where a GRU or an LSTM comes in.

    Args:
        train: what trains and predicts, see `Trainer`; one that reads steps in their order.
        rows, test: X (samples, timesteps, features) and y (samples, outputs) each.
        keep: the newest steps that stay as they are, 1 to timesteps.
        seed: fixes the orders.

    Returns:
        "intact", "older cut", "older reordered" -> RMSE on the test rows, (seeds,), in units of y.
    """
    rows, test = _rows("rows", rows), _rows("test", test)
    keep = inputs.count("keep", keep, most=rows[0].shape[1])
    changes = {
        "intact": lambda X, _: X,
        "older cut": lambda X, _: newest(X, keep),
        "older reordered": lambda X, seed: reorder_older(X, keep, seed),
    }
    return {name: _error(train, rows, test, change, seed) for name, change in changes.items()}


# ---- Ask a trained model ------------------------------------------------------------------------


def probe(
    predict: Callable[[np.ndarray], np.ndarray],
    X: np.ndarray,
    y: np.ndarray,
    *,
    keep: int,
    runs: Iterable[int] = (1,),
    seed: int = 0,
) -> dict[str, np.ndarray]:
    """How much worse a trained model gets when rows that it was not trained on are changed.

    It tells what this model uses, not what the data hold: another model might do without.

    Args:
        predict: takes X and returns (samples, outputs) or (seeds, samples, outputs), as
            `Runs.predict` does.
        X, y: test rows, (samples, timesteps, features) and (samples, outputs).
        keep: the newest steps that stay as they are where older ones are changed.
        runs: lengths of runs that are shuffled whole.
        seed: fixes the orders.

    Returns:
        "intact", "steps shuffled" and "runs of n shuffled" as asked, "older reordered" and "older
        exchanged" (with another row's) -> RMSE, (seeds,), in units of y; last "no skill", that of a
        guess of y's mean, (1,).
    """
    X, y = _rows("test", (X, y))
    keep = inputs.count("keep", keep, least=0, most=X.shape[1])
    changes = {
        "intact": lambda X, _: X,
        **_shuffles(runs, X=X),
        "older reordered": lambda X, seed: reorder_older(X, keep, seed),
        "older exchanged": lambda X, seed: exchange_older(X, keep, seed),
    }
    errors = {name: _rmse(predict(change(X, seed)), y) for name, change in changes.items()}
    return errors | {"no skill": _rmse(np.broadcast_to(y.mean(axis=0), y.shape), y)}


def _shuffles(runs: Iterable[int], X: np.ndarray) -> dict[str, Callable]:
    runs = [inputs.count("runs", run, most=X.shape[1]) for run in runs]
    return {
        ("steps shuffled" if run == 1 else f"runs of {run} shuffled"): (
            lambda X, seed, run=run: shuffle_runs(X, seed, run=run)
        )
        for run in runs
    }


def _error(train: Trainer, rows: Rows, test: Rows, change: Callable, seed: int = 0) -> np.ndarray:
    (X, y), (X_test, y_test) = rows, test
    # Two seeds: training and test rows may be as many, and are not to come in the same orders.
    return _rmse(train(change(X, seed), y, change(X_test, seed + 1)), y_test)


def _rmse(predicted: np.ndarray, y: np.ndarray) -> np.ndarray:
    """RMSE of each seed, (seeds,); the predictions have an axis of seeds in front, or none."""
    predicted = inputs.array(
        "predictions", predicted, axes=[["samples", "outputs"], ["seeds", "samples", "outputs"]]
    )
    predicted = predicted if predicted.ndim == 3 else predicted[None]
    if predicted.shape[1:] != y.shape:  # or numpy would stretch one of them
        raise ValueError(
            f"predictions must have the shape of y, {y.shape}, got {predicted.shape[1:]}"
        )
    return np.sqrt(np.mean((predicted.astype(np.float64) - y) ** 2, axis=(1, 2)))


def _rows(name: str, rows: Rows) -> Rows:
    if not isinstance(rows, tuple | list) or len(rows) != 2:
        raise TypeError(f"{name} must be X and y, got {type(rows).__name__}")
    X = inputs.array(f"{name}' X", rows[0], axes=[["samples", "timesteps", "features"]])
    y = inputs.array(f"{name}' y", rows[1], axes=[["samples", "outputs"]])
    if len(X) != len(y):
        raise ValueError(f"X and y must have as many samples, got {len(X)} and {len(y)}")
    return X, y


def _checked(
    X: np.ndarray, value: int, *, least: int, name: str = "keep"
) -> tuple[np.ndarray, int]:
    X = inputs.array("X", X, axes=[["samples", "timesteps", "features"]])
    return X, inputs.count(name, value, least=least, most=X.shape[1])


def _generator(seed: int) -> np.random.Generator:
    return np.random.default_rng(inputs.count("seed", seed, least=0))
