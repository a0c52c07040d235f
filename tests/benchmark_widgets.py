"""How long a learner waits after moving a control: `uv run python tests/benchmark_widgets.py`.

Not a test: timings depend on what else the machine does. The course wants 2 seconds for 01 to 04 (4
where an architecture is compiled for the first time) and 10 for 05, on two cores.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator

from helpers import live, widgets
from helpers.data import ramp
from helpers.training import repeat

import keras
import numpy as np
from ipywidgets import VBox, Widget


def trace(window: np.ndarray, kernel: np.ndarray, recurrent: np.ndarray, bias: np.ndarray) -> dict:
    """What notebook 02 writes in numpy."""
    units = len(bias) // 4
    h, c = np.zeros(units), np.zeros(units)
    steps = []
    for x in window:
        i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4)
        i, f, o, g = *(1 / (1 + np.exp(-a)) for a in (i, f, o)), np.tanh(g)
        c = f * c + i * g
        h = o * np.tanh(c)
        steps.append((f, i, g, o, c, h))
    names = ("forget gate", "input gate", "candidate g", "output gate", "cell state c", "output h")
    return dict(zip(names, np.array(steps).swapaxes(0, 1), strict=True))


def article_lstm() -> keras.Model:
    dense = [keras.layers.Dense(n, kernel_initializer="normal") for n in (2, 1)]
    model = keras.Sequential([keras.Input((5, 1)), keras.layers.LSTM(8), *dense])
    model.compile(loss="mse", optimizer="adam")
    return model


def explorers() -> Iterator[tuple[str, VBox]]:
    X, _, y = ramp()
    start = repeat(article_lstm, X, y, [0], epochs=2000, batch_size=5, validation_split=0.05)
    yield "01 windows", widgets.window_explorer(np.sin(np.arange(30) / 3))
    yield "02 gates", widgets.gate_explorer(trace, start)
    yield "03 activations", widgets.activation_explorer()
    yield "04 scaling", widgets.scaling_explorer()
    yield "05 memory", widgets.memory_explorer()


def seconds_after(control: Widget, value: object) -> tuple[float, bool]:
    """How long a change takes, and whether something was compiled for it."""
    before = set(widgets._COMPILED)
    began = time.perf_counter()
    control.value = value
    return time.perf_counter() - began, set(widgets._COMPILED) != before


def main() -> None:
    print(f"each time includes the {live.DELAY} s in which further changes are waited for")
    for name, box in explorers():
        status = next(w for w in box.children if "course-status" in w._dom_classes)
        longest = {True: (0.0, ""), False: (0.0, "")}
        controls = [w for w in box.children if getattr(w, "description", "")]
        for control in controls:
            start = control.value
            values = getattr(control, "options", None) or (control.min, control.max)
            # Twice: whatever is compiled the first time is there the second.
            for value in [*values, *values, start]:
                seconds, compiled = seconds_after(control, value)
                assert "<b>Ready" in status.value, status.value
                longest[compiled] = max(
                    longest[compiled], (seconds, f"{control.description} {value}")
                )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        for compiled, (seconds, what) in longest.items():
            if what:
                how = "compiling" if compiled else "compiled before"
                print(f"{name:15} {how:16} longest {seconds:5.2f} s ({what})")
        print(f"{name:15} peak memory so far {peak:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
