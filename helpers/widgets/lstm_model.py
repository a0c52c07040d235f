"""The explorers of notebook 02: an LSTM step by step, and its gates over a window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from helpers import drawings
from helpers.data import ramp
from helpers.report import approx
from helpers.training import Runs
from helpers.widgets.live import explorer
from helpers.widgets.queue import Monitor
from helpers.widgets.training import rmse, seed_of, train, units_of

import keras
import numpy as np
from ipywidgets import Dropdown, IntSlider, SelectionSlider, VBox
from keras import layers
from matplotlib.figure import Figure

__all__ = ["cell_explorer", "gate_explorer"]


def cell_explorer(
    trace: Callable[..., Mapping[str, np.ndarray]], weights: Mapping[str, Sequence[np.ndarray]]
) -> VBox:
    """Go through a window step by step and see the numbers of one unit on the wires of the cell.

    Args:
        trace: as for `gate_explorer`.
        weights: a name, "after training", say, -> the weights of the article's model, of which the
            first three are the LSTM's. The last of them is shown first.

    Returns:
        The explorer, see `helpers.widgets.live`. Its figure is `drawings.lstm_cell`. It trains
        nothing.

    Raises:
        ValueError: no weights; those of LSTMs with different numbers of units.
    """
    units = {len(of_model[2]) // 4 for of_model in weights.values()}
    if len(units) != 1:
        raise ValueError(f"weights must be of LSTMs with the same units, got {sorted(units)}")
    far = ramp(300)
    timesteps = far.X.shape[1]

    def draw(step: int, newest: int, unit: int, which: str) -> tuple[Figure, str]:
        window = far.X[newest - 4]  # (timesteps, features)
        traced = trace(window, *weights[which][:3])
        figure = drawings.lstm_cell(traced, window[:, 0], step=step - 1, unit=unit)
        forget, take, new, let_out, c, h = (
            traced[name][step - 1, unit]
            for name in ("forget gate", "input gate", "candidate g", "output gate",
                         "cell state c", "output h")
        )  # fmt: skip
        old = traced["cell state c"][step - 2, unit] if step > 1 else 0.0
        words = (
            f"Unit {unit}, {which}, step {step} of {timesteps}, x = {window[step - 1, 0]:g}. "
            f"f · c + i · g is {approx(forget)} · {approx(old)} + {approx(take)} · {approx(new)}, "
            f"so the cell state becomes {approx(c)}. With an output gate of {approx(let_out)} the "
            f"output is {approx(h)}."
        )
        return figure, words

    controls = {
        "step": IntSlider(3, 1, timesteps, description="step"),
        "newest": IntSlider(14, 4, 303, description="newest value i", continuous_update=False),
        "unit": IntSlider(0, 0, units.pop() - 1, description="unit"),
        "which": Dropdown(options=list(weights), value=list(weights)[-1], description="weights"),
    }
    return explorer(draw, controls)


def gate_explorer(trace: Callable[..., Mapping[str, np.ndarray]], start: Runs) -> VBox:
    """Choose a window and see the gates of an LSTM; train it with other units, epochs and rate.

    Args:
        trace: takes a window of shape (timesteps, features) and the LSTM's kernel, recurrent kernel
            and bias; returns title -> array of shape (timesteps, units), for `drawings.gates`.
        start: runs of the article's LSTM with 8 units, for the figure at the beginning.

    Returns:
        The explorer, see `helpers.widgets.live`.
    """
    X, _, y = ramp()
    far = ramp(300)
    article = {"units": 8, "epochs": 2000, "rate": 0.001}

    def work(units: int, epochs: int, rate: float, seed: int, monitor: Monitor) -> list[np.ndarray]:
        if seed == 0 and {"units": units, "epochs": epochs, "rate": rate} == article:
            return start.weights[0]

        def build() -> keras.Model:
            # Unrolled, the five steps make the same layer and train faster.
            lstm = layers.LSTM(units, unroll=True)
            dense = [layers.Dense(n, kernel_initializer="normal") for n in (2, 1)]
            model = keras.Sequential([keras.Input((5, 1)), lstm, *dense])
            model.compile(loss="mse", optimizer=keras.optimizers.Adam(rate))
            return model

        # Without the five rows that validation_split holds out and scores after every epoch, which
        # the figure does not show.
        runs = train(("gates", units), build, X[:95], y[:95], [seed_of(seed)], monitor,
                     epochs=epochs, batch_size=5)  # fmt: skip
        return runs.weights[0]

    def draw(
        newest: int, units: int, epochs: int, rate: float, result: list[np.ndarray]
    ) -> tuple[Figure, str]:
        row = newest - 4
        figure = drawings.gates(trace(far.X[row], *result[:3]), far.X[row, :, 0])
        outputs = np.array(
            [trace(x, *result[:3])["output h"][-1] for x in far.X[[row, *range(100)]]]
        )
        dense_1, bias_1, dense_2, bias_2 = result[3:]
        predicted = ((outputs @ dense_1 + bias_1) @ dense_2 + bias_2)[:, 0]
        inside, outside = rmse(predicted[1:96], y[:95, 0]), rmse(predicted[96:], y[95:, 0])
        words = (
            f"{units_of(units)} after {epochs} epochs at the rate {rate:g}: RMSE {approx(inside)} "
            f"on the 95 rows trained on, {approx(outside)} on the 5 held out. For this window the "
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
