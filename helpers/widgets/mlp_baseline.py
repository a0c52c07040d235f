"""The explorer of notebook 03: an MLP in and out of the range it was trained on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from helpers import plots
from helpers.report import approx
from helpers.widgets.live import explorer
from helpers.widgets.queue import Monitor
from helpers.widgets.training import rmse, three_seeds, train, units_of

import keras
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import Dropdown, IntSlider, SelectionSlider, VBox
from matplotlib.figure import Figure

__all__ = ["activation_explorer"]

_ACTIVATIONS = {"none": None, "tanh": "tanh", "ReLU": "relu"}
_LOOKS = {"none": "MLP", "tanh": "tanh MLP", "ReLU": "ReLU MLP"}


def activation_explorer(build: Callable[..., keras.Model], *, epochs: int, batch_size: int) -> VBox:
    """Choose an MLP's activation, width and training range, and see it in and out of the range.

    Args:
        build: takes `activation` and `units` of the first layer, and returns a compiled model of
            one feature.
        epochs, batch_size: as for `fit`.

    Returns:
        The explorer, see `helpers.widgets.live`. It trains three seeds on 95 inputs spread evenly
        over the range. Its figure is `plots.beyond`.
    """
    everywhere = np.arange(0.0, 304.0)

    def line(x: np.ndarray) -> np.ndarray:
        return 1.8 * x - 1.2

    def work(
        activation: str, width: int, first: int, last: int, seed: int, monitor: Monitor
    ) -> np.ndarray:
        x = np.linspace(first, last, 95, dtype="float32")[:, None]

        network = partial(build, activation=_ACTIVATIONS[activation], units=width)
        runs = train(("activations", activation, width), network, x, line(x), three_seeds(seed),
                     monitor, epochs=epochs, batch_size=batch_size)  # fmt: skip
        return runs.predict(everywhere[:, None].astype("float32"))[:, :, 0]  # (seeds, points)

    def draw(
        activation: str, width: int, first: int, last: int, result: np.ndarray
    ) -> tuple[Figure, str]:
        figure, ax = plt.subplots()
        model = _LOOKS[activation]
        plots.beyond(ax, everywhere, line(everywhere), {model: result}, trained_on=(first, last))
        ax.set(xlabel="input, i", ylabel="y (no unit)")
        ax.legend(loc="upper left")
        inside = (everywhere >= first) & (everywhere <= last)
        errors = [
            approx(np.median(rmse(result[:, part], line(everywhere[part]))))
            for part in (inside, everywhere > last)
        ]
        words = (
            f"{units_of(width)}, activation {activation}, median RMSE of three seeds: {errors[0]} "
            f"in the grey range from {first} to {last}, {errors[1]} above it."
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
