"""The explorer of notebook 04: scaling and split, and what they do beyond the range."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from helpers import plots
from helpers.data import ramp
from helpers.report import approx
from helpers.widgets.live import explorer
from helpers.widgets.queue import Monitor
from helpers.widgets.training import rmse, three_seeds, train

import keras
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import Dropdown, IntSlider, VBox
from matplotlib.figure import Figure

__all__ = ["scaling_explorer"]

_MODELS = "LSTM", "tanh MLP"


def scaling_explorer(
    network: Callable[[str, tuple[int, ...]], keras.Model],
    scaler: Callable[..., keras.Layer],
    splits: Mapping[str, tuple[np.ndarray, np.ndarray]],
    *,
    epochs: int,
    batch_size: int,
) -> VBox:
    """Choose scaling and split, and see the LSTM and the tanh MLP go beyond the range.

    Args:
        network: takes "LSTM" or "tanh MLP" and the shape of a row; returns a compiled model.
        scaler: takes a scaling ("raw", "z-score" or "min-max") and the rows that decide it; returns
            a layer that scales so, or with `invert=True` one that scales back.
        splits: what is held out -> numbers of the rows to train on and to hold out, of `ramp()`.
        epochs, batch_size: as for `fit`.

    Returns:
        The explorer, see `helpers.widgets.live`. It trains three seeds. Its figure is
        `plots.beyond`.
    """
    X, _, y = ramp()
    far = ramp(300)

    def work(scaling: str, split: str, seed: int, monitor: Monitor) -> dict[str, np.ndarray]:
        rows, _ = splits[split]
        front, shrink = scaler(scaling, X[rows]), scaler(scaling, y[rows])
        back = scaler(scaling, y[rows], invert=True)
        predicted = {}
        for k, name in enumerate(_MODELS):
            runs = train(("scaling", name), partial(network, name, X.shape[1:]),
                         front(X[rows]).numpy(), shrink(y[rows]).numpy(), three_seeds(seed),
                         monitor.part(k, len(_MODELS)),
                         epochs=epochs, batch_size=batch_size)  # fmt: skip
            scaled = runs.predict(front(far.X).numpy())[:, :, 0]  # (seeds, points)
            predicted[name] = back(scaled).numpy()
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
                f"{approx(np.median(rmse(p[:, part], target[part])))} {where}"
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
