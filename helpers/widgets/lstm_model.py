"""The figures you can play with: controls round the plain functions that draw them.

One explorer for each of the notebooks 01 to 05. What it trains is what the notebook trains.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from helpers import inputs, plots
from helpers.data import (
    adding_task,
    hold_latest_task,
    ramp,
    recall_task,
    sliding_windows,
    split_rows,
)
from helpers.live import Report, explorer
from helpers.report import approx
from helpers.seeds import seeds
from helpers.training import Runs, repeat

import keras
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import Dropdown, IntSlider, SelectionSlider, VBox
from keras import layers
from matplotlib.figure import Figure

__all__ = [
    "activation_explorer",
    "gate_explorer",
    "memory_explorer",
    "scaling_explorer",
    "window_explorer",
]

# What is compiled for one architecture serves all explorers for as long as the kernel lives.
_COMPILED: dict[tuple, Runs] = {}


def _train(
    key: tuple,
    build: Callable[[], keras.Model],
    x: np.ndarray,
    y: np.ndarray,
    seeds: Sequence[int],
    report: Callable,
    **arguments: Any,
) -> Runs:
    """`repeat`, with what `key` names compiled once, and a word about the wait where it is not."""
    if key not in _COMPILED:
        report.says("The first time, TensorFlow compiles this model, which takes some seconds …")
    runs = repeat(build, x, y, seeds, like=_COMPILED.get(key), verbose=0, progress=report,
                  **arguments)  # fmt: skip
    _COMPILED[key] = runs
    return runs


def _three(seed: int) -> list[int]:
    """Three seeds of the course, others for each `seed` that an explorer counts."""
    return [seeds(1)[0] + 3 * seed + k for k in range(3)]


def _units(count: int) -> str:
    return f"{count} unit" if count == 1 else f"{count} units"


def _rmse(predicted: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Both (..., samples). Returns the typical error over the samples, (...)."""
    return np.sqrt(np.mean((predicted - target) ** 2, axis=-1))


def _article_network(
    shape: tuple[int, ...], *first: keras.Layer, optimizer: str | keras.Optimizer = "adam"
) -> keras.Model:
    """The article's Dense layers of 2 and 1 units behind the given ones."""
    model = keras.Sequential([keras.Input(shape), *first, _dense(2), _dense(1)])
    model.compile(loss="mse", optimizer=optimizer)
    return model


def _dense(units: int, activation: str | None = None) -> keras.Layer:
    return layers.Dense(units, activation=activation, kernel_initializer="normal")


# ---- 01: windows --------------------------------------------------------------------------------


def window_explorer(series: np.ndarray) -> VBox:
    """Choose timesteps, horizon, stride and row, and see the window, its target and its row.

    Args:
        series: shape (time,), at least 15 values, in its own units.

    Returns:
        The explorer, see `helpers.live`. Its figure is `plots.window`.

    Raises:
        TypeError, ValueError: `series` is not an array of that shape, or too short.
    """
    series = inputs.array("series", series, axes=[["time"]])
    if len(series) < 15:
        raise ValueError(f"series must have at least 15 values, got {len(series)}")
    most = len(series) // 3

    def draw(timesteps: int, horizon: int, stride: int, row: int) -> tuple[Figure, str]:
        X, y = sliding_windows(series, timesteps, horizon=horizon, stride=stride)
        last = row * stride + timesteps - 1
        words = (
            f"X (samples, timesteps, features) is {X.shape}, y (samples, outputs) is {y.shape}. "
            f"Row {row} covers the times {row * stride} to {last}; its target is at time "
            f"{last + horizon}."
        )
        return plots.window(series, timesteps, horizon=horizon, stride=stride, row=row), words

    def limit(controls: Mapping[str, Any]) -> None:
        timesteps, horizon, stride = (controls[n].value for n in ("timesteps", "horizon", "stride"))
        controls["row"].max = (len(series) - timesteps - horizon) // stride

    controls = {
        "timesteps": IntSlider(5, 1, most, description="timesteps"),
        "horizon": IntSlider(3, 0, most, description="horizon"),
        "stride": IntSlider(1, 1, most, description="stride"),
        "row": IntSlider(8, 0, 8, description="row"),
    }
    return explorer(draw, controls, limit=limit)


# ---- 02: gates ----------------------------------------------------------------------------------


def gate_explorer(trace: Callable[..., Mapping[str, np.ndarray]], start: Runs) -> VBox:
    """Choose a window and see the gates of an LSTM; train it with other units, epochs and rate.

    Args:
        trace: takes a window of shape (timesteps, features) and the LSTM's kernel, recurrent kernel
            and bias; returns title -> array of shape (timesteps, units), for `plots.gates`.
        start: runs of the article's LSTM with 8 units, for the figure at the beginning.

    Returns:
        The explorer, see `helpers.live`.
    """
    X, _, y = ramp()
    far = ramp(300)
    article = {"units": 8, "epochs": 2000, "rate": 0.001}

    def work(units: int, epochs: int, rate: float, seed: int, report: Report) -> list[np.ndarray]:
        if seed == 0 and {"units": units, "epochs": epochs, "rate": rate} == article:
            return start.weights[0]

        def build() -> keras.Model:
            # Unrolled, the five steps make the same layer and train faster.
            return _article_network(
                (5, 1), layers.LSTM(units, unroll=True), optimizer=keras.optimizers.Adam(rate)
            )

        # Without the five rows that validation_split holds out and scores after every epoch, which
        # the figure does not show.
        runs = _train(("gates", units), build, X[:95], y[:95], [seeds(1)[0] + seed], report,
                      epochs=epochs, batch_size=5)  # fmt: skip
        return runs.weights[0]

    def draw(
        newest: int, units: int, epochs: int, rate: float, result: list[np.ndarray]
    ) -> tuple[Figure, str]:
        row = newest - 4
        figure = plots.gates(trace(far.X[row], *result[:3]), far.X[row, :, 0])
        outputs = np.array(
            [trace(x, *result[:3])["output h"][-1] for x in far.X[[row, *range(100)]]]
        )
        dense_1, bias_1, dense_2, bias_2 = result[3:]
        predicted = ((outputs @ dense_1 + bias_1) @ dense_2 + bias_2)[:, 0]
        inside, outside = _rmse(predicted[1:96], y[:95, 0]), _rmse(predicted[96:], y[95:, 0])
        words = (
            f"{_units(units)} after {epochs} epochs at the rate {rate:g}: RMSE {approx(inside)} on "
            f"the 95 rows trained on, {approx(outside)} on the 5 held out. For this window the "
            f"prediction is {approx(predicted[0], 3)}, the target {far.y[row, 0]:.1f}."
        )
        return figure, words

    controls = {
        "newest": IntSlider(99, 4, 303, description="newest value i", continuous_update=False),
        "units": SelectionSlider(options=(1, 2, 4, 8, 16), value=article["units"],
                                 description="units",
                                 continuous_update=False),
        "epochs": SelectionSlider(options=(50, 200, 500, 1000, 2000), value=article["epochs"],
                                  description="epochs", continuous_update=False),
        "rate": SelectionSlider(options=(0.0003, 0.001, 0.003, 0.01), value=article["rate"],
                                description="learning rate", continuous_update=False),
    }  # fmt: skip
    return explorer(draw, controls, work=work, works_on=tuple(article))


# ---- 03: activations ----------------------------------------------------------------------------

_ACTIVATIONS = {"none": None, "tanh": "tanh", "ReLU": "relu"}
_MLP_LOOKS = {"none": "MLP", "tanh": "tanh MLP", "ReLU": "ReLU MLP"}


def activation_explorer() -> VBox:
    """Choose an MLP's activation, width and training range, and see it in and out of the range.

    Returns:
        The explorer, see `helpers.live`. The network is the article's MLP, three seeds of it, on 95
        inputs spread evenly over the range. Its figure is `plots.beyond`.
    """
    everywhere = np.arange(0.0, 304.0)

    def line(x: np.ndarray) -> np.ndarray:
        return 1.8 * x - 1.2

    def work(
        activation: str, width: int, first: int, last: int, seed: int, report: Report
    ) -> np.ndarray:
        x = np.linspace(first, last, 95, dtype="float32")[:, None]

        def build() -> keras.Model:
            return _article_network((1,), _dense(width, _ACTIVATIONS[activation]))

        runs = _train(("activation", activation, width), build, x, line(x), _three(seed),
                      report, epochs=2000, batch_size=5)  # fmt: skip
        return runs.predict(everywhere[:, None].astype("float32"))[:, :, 0]  # (seeds, points)

    def draw(
        activation: str, width: int, first: int, last: int, result: np.ndarray
    ) -> tuple[Figure, str]:
        figure, ax = plt.subplots()
        model = _MLP_LOOKS[activation]
        plots.beyond(ax, everywhere, line(everywhere), {model: result}, trained_on=(first, last))
        ax.set(xlabel="input, i", ylabel="y (no unit)")
        ax.legend(loc="upper left")
        inside = (everywhere >= first) & (everywhere <= last)
        errors = [
            approx(np.median(_rmse(result[:, part], line(everywhere[part]))))
            for part in (inside, everywhere > last)
        ]
        words = (
            f"{_units(width)}, activation {activation}, median RMSE of three seeds: {errors[0]} in "
            f"the grey range from {first} to {last}, {errors[1]} above it."
        )
        return figure, words

    controls = {
        "activation": Dropdown(options=list(_ACTIVATIONS), value="tanh", description="activation"),
        "width": SelectionSlider(options=(1, 2, 4, 8, 16, 32), value=8, description="width (units)",
                                 continuous_update=False),
        "first": IntSlider(4, 0, 90, step=2, description="trained from i",
                           continuous_update=False),
        "last": IntSlider(98, 98, 298, step=20, description="trained to i",
                          continuous_update=False),
    }  # fmt: skip
    return explorer(draw, controls, work=work, works_on=tuple(controls))


# ---- 04: scaling --------------------------------------------------------------------------------


def scaling_explorer() -> VBox:
    """Choose scaling and split, and see the LSTM and the tanh MLP go beyond the range.

    Returns:
        The explorer, see `helpers.live`. Networks and training are those of notebook 04, with three
        seeds. Its figure is `plots.beyond`.
    """
    X, _, y = ramp()
    far = ramp(300)
    drawn_train, drawn = split_rows(95, 5, "random", seed=seeds(1)[0])
    splits = {
        "the last five": split_rows(100, 5, "last"),
        "five others": (np.concatenate([drawn_train, np.arange(95, 100)]), drawn),
    }

    first_layers = {
        "LSTM": lambda: [layers.LSTM(8)],
        "tanh MLP": lambda: [layers.Flatten(), _dense(8, "tanh")],
    }

    def build(name: str) -> keras.Model:
        sinking = keras.optimizers.schedules.CosineDecay(0.005, 500 * 95 // 5)
        return _article_network((5, 1), *first_layers[name](),
                                optimizer=keras.optimizers.Adam(sinking))  # fmt: skip

    def work(scaling: str, split: str, seed: int, report: Report) -> dict[str, np.ndarray]:
        rows, _ = splits[split]
        x_at, x_by = _shift_and_width(scaling, X[rows])
        y_at, y_by = _shift_and_width(scaling, y[rows])
        predicted = {}
        for k, name in enumerate(first_layers):
            runs = _train(("scaling", name), partial(build, name),
                          (X[rows] - x_at) / x_by, (y[rows] - y_at) / y_by, _three(seed),
                          _Part(report, k, 2), epochs=500, batch_size=5)  # fmt: skip
            scaled = runs.predict((far.X - x_at) / x_by)[:, :, 0]  # (seeds, points)
            predicted[name] = scaled * y_by + y_at
        return predicted

    def draw(
        scaling: str, split: str, until: int, result: dict[str, np.ndarray]
    ) -> tuple[Figure, str]:
        figure, ax = plt.subplots()
        x, target = far.X_simple[:, 0], far.y[:, 0]
        shown = x <= until
        plots.beyond(ax, x[shown], target[shown], {n: p[:, shown] for n, p in result.items()},
                     trained_on=(4, x[splits[split][0]].max()))  # fmt: skip
        held_out = splits[split][1]
        ax.plot(x[held_out], target[held_out], "kx", label="held out")
        ax.set(xlabel="last input of the row, i", ylabel="y (no unit)")
        ax.legend(loc="upper left")
        parts = {"on the five held out": held_out, f"for i = 104 to {until}": shown & (x > 103)}
        errors = [
            f"{name} " + ", ".join(
                f"{approx(np.median(_rmse(p[:, part], target[part])))} {where}"
                for where, part in parts.items()
            )
            for name, p in result.items()
        ]  # fmt: skip
        return figure, f"{scaling}, median RMSE of three seeds: {'; '.join(errors)}."

    controls = {
        "scaling": Dropdown(options=("raw", "z-score", "min-max"), description="scaling"),
        "split": Dropdown(options=list(splits), description="hold out"),
        "until": IntSlider(203, 113, 303, step=10, description="show up to i",
                           continuous_update=False),
    }  # fmt: skip
    return explorer(draw, controls, work=work, works_on=("scaling", "split"))


def _shift_and_width(scaling: str, rows: np.ndarray) -> tuple[float, float]:
    """What is subtracted, and what it is then divided by."""
    if scaling == "z-score":
        return rows.mean(), rows.std()
    if scaling == "min-max":
        return rows.min(), np.ptp(rows)
    return np.float32(0), np.float32(1)


class _Part:
    """A report about one of several pieces of work that follow each other."""

    def __init__(self, whole: Report, number: int, of: int) -> None:
        self._whole, self._number, self._of = whole, number, of
        self.says = whole.says

    def __call__(self, share: float) -> None:
        self._whole((self._number + share) / self._of)


# ---- 05: tasks ----------------------------------------------------------------------------------

_ROWS, _EPOCHS, _BATCH = 5000, 12, 50
_NO_SKILL = {
    "recall the first value": np.sqrt(1 / 12),
    "adding": np.sqrt(1 / 6),
    "hold the latest": np.sqrt(1 / 12),
}
_STARTING_RATE = {"LSTM": 0.02, "GRU": 0.02, "SimpleRNN": 0.02, "MLP": 0.005, "dense and sum": 0.01}
_LENGTHS = (2, 5, 10, 20, 50, 100)
_PADDED = (10, 50, 100)


def memory_explorer() -> VBox:
    """Choose a task, a length, a model and its units; train, and compare with no skill.

    Returns:
        The explorer, see `helpers.live`. Data, budget and starting rates are those of notebook 05;
        each run has one seed, and all runs on a task are kept. Its figure is `plots.sweep`. Nothing
        is trained until a control is moved.
    """
    results: dict[str, list[tuple[str, int, float]]] = {task: [] for task in _NO_SKILL}

    def work(
        task: str, length: int, model: str, units: int, seed: int, report: Report
    ) -> dict[str, np.ndarray]:
        padded = min(n for n in _PADDED if n >= length)
        rows, test = (_task_rows(task, n, length, padded, s)
                      for n, s in zip((_ROWS, 1000), seeds(2), strict=True))  # fmt: skip
        architecture = model, units, padded
        runs = _train(("memory", *architecture), partial(_memory_network, *architecture), *rows,
                      [seeds(1)[0] + seed], report, epochs=_EPOCHS, batch_size=_BATCH,
                      validation_data=test)  # fmt: skip
        learned = {"training rows": np.sqrt(runs.history["loss"][0]),
                   "test rows": np.sqrt(runs.history["val_loss"][0])}  # fmt: skip
        results[task].append((model, length, learned["test rows"][-1]))
        return learned

    def draw(
        task: str, length: int, model: str, units: int, result: dict[str, np.ndarray]
    ) -> tuple[Figure, str]:
        figure = plots.sweep(result, results[task], model=model, no_skill=_NO_SKILL[task])
        error = results[task][-1][2]
        words = (
            f"{task}, T = {length}, {model} with {_units(units)}: RMSE {approx(error)} on test "
            f"rows, which is {approx(error / _NO_SKILL[task])} of the error of no skill."
        )
        return figure, words

    controls = {
        "task": Dropdown(options=list(_NO_SKILL), value="adding", description="task"),
        "length": SelectionSlider(options=_LENGTHS, value=10, description="length T (steps)",
                                  continuous_update=False),
        "model": Dropdown(options=list(_STARTING_RATE), description="model"),
        "units": SelectionSlider(options=(4, 16, 64), value=16, description="units",
                                 continuous_update=False),
    }  # fmt: skip
    return explorer(draw, controls, work=work, works_on=tuple(controls), at_once=False)


def _task_rows(
    task: str, samples: int, timesteps: int, padded: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """X of shape (samples, padded, 2), padded in front with zeros, and y of shape (samples, 1)."""
    if task == "recall the first value":
        X, y = recall_task(samples, timesteps, lag=timesteps - 1, seed=seed)
        X = np.concatenate([X, np.ones_like(X)], axis=2)  # the second feature: this is a step
    else:
        X, y = {"adding": adding_task, "hold the latest": hold_latest_task}[task](
            samples, timesteps, seed=seed
        )
    return keras.utils.pad_sequences(X, maxlen=padded, dtype="float32"), y


def _memory_network(name: str, units: int, timesteps: int) -> keras.Model:
    hidden = {
        "LSTM": lambda: [layers.LSTM(units)],
        "GRU": lambda: [layers.GRU(units)],
        "SimpleRNN": lambda: [layers.SimpleRNN(units)],
        "MLP": lambda: [layers.Flatten(), layers.Dense(units, activation="relu")],
        "dense and sum": lambda: [
            layers.Dense(units, activation="relu"),
            layers.Dense(1),
            layers.Lambda(lambda numbers: keras.ops.sum(numbers, axis=1)),
        ],
    }
    model = keras.Sequential([keras.Input((timesteps, 2)), *hidden[name](), layers.Dense(1)])
    sinking = keras.optimizers.schedules.CosineDecay(
        _STARTING_RATE[name], _EPOCHS * _ROWS // _BATCH
    )
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(sinking))
    return model
