"""The explorer of notebook 07: from which start which recurrent layer finds a lag."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from helpers import plots
from helpers.report import approx
from helpers.sequences import Rows
from helpers.widgets.live import explorer
from helpers.widgets.queue import Monitor
from helpers.widgets.training import rmse, seed_of, train

import keras
import numpy as np
from ipywidgets import Dropdown, SelectionSlider, VBox
from matplotlib.figure import Figure

__all__ = ["start_explorer"]


class _Outcome(NamedTuple):
    """Of one training: errors on training rows, (epochs,), the gradient, (timesteps,), and more.

    `error` and `no_skill`, that of guessing the mean, are on test rows; all in units of the target.
    """

    learned: np.ndarray
    gradient: np.ndarray
    error: float
    no_skill: float


def start_explorer(
    network: Callable[[str, float, float | str], keras.Model],
    rows_at: Callable[[int], Iterable[Rows]],
    gradient_by_step: Callable[[keras.Model, np.ndarray], np.ndarray],
    models: Sequence[str],
    *,
    epochs: int,
    batch_size: int,
) -> VBox:
    """Choose a recurrent layer, a lag, a rate and a forget bias; train, and see what gets through.

    Args:
        network: takes one of `models`, a learning rate and a forget bias, a number or "chrono",
            which is the LSTM's alone; returns a compiled model for rows of two features.
        rows_at: takes a lag; returns rows to train on, whose newest lag + 1 steps are no padding,
            and rows to test on.
        gradient_by_step: takes a trained model and rows; returns the mean size of the gradient of
            the output with respect to the value at each step, (timesteps,).
        models: names in `plots.LOOKS`, "LSTM" among them.
        epochs, batch_size: as for `fit`.

    Returns:
        The explorer, see `helpers.widgets.live`. Each run has one seed. Its figure is
        `plots.start`. Nothing is trained until a control is moved.
    """

    def work(model: str, lag: int, rate: float, bias: float | str, seed: int, monitor: Monitor
             ) -> _Outcome:  # fmt: skip
        (X, y), (X_test, y_test) = rows_at(lag)
        runs = train(("start", model, rate), partial(network, model, rate, bias), X, y,
                     [seed_of(seed)], monitor, epochs=epochs, batch_size=batch_size)  # fmt: skip
        gradient = gradient_by_step(runs.model_of(seed_of(seed)), X_test[:100])[-lag - 1 :]
        return _Outcome(np.sqrt(runs.history["loss"][0]), gradient,
                        rmse(runs.predict(X_test)[0, :, 0], y_test[:, 0]),
                        rmse(y.mean(), y_test[:, 0]))  # fmt: skip

    def draw(
        model: str, lag: int, rate: float, bias: float | str, result: _Outcome
    ) -> tuple[Figure, str]:
        figure = plots.start(result.learned, result.gradient, model=model, no_skill=result.no_skill)
        gate = f", forget bias {bias}" if model == "LSTM" else ""
        words = (
            f"{model}, lag {lag}, rate {rate:g}{gate}: RMSE {approx(result.error)} on test rows, "
            f"which is {approx(result.error / result.no_skill)} of the error of no skill. The "
            f"gradient at the value wanted is {approx(result.gradient[0], 1)} now."
        )
        return figure, words

    controls = {
        "lag": SelectionSlider(options=(5, 10, 20, 30, 40), value=20, description="lag (steps)",
                               continuous_update=False),
        "rate": SelectionSlider(options=(0.005, 0.01, 0.02), value=0.02, description="rate",
                                continuous_update=False),
        "bias": SelectionSlider(options=(0, 1, 3, "chrono"), value=1, continuous_update=False,
                                description="forget bias (LSTM)"),
        # The last one: once it is not the LSTM, the bias above moves nothing.
        "model": Dropdown(options=list(models), description="model"),
    }  # fmt: skip
    return explorer(draw, controls, work=work, works_on=tuple(controls), at_once=False)
