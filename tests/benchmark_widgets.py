"""How long a learner waits after moving a control: `uv run python tests/benchmark_widgets.py`.

Not a test: timings depend on what else the machine does. The course wants 2 seconds for 01 to 04 (4
where an architecture is compiled for the first time) and 10 for 05, on two cores.

With `--memory` it walks all combinations of 05's controls that make another network, and prints how
much memory the kernel takes after each.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from helpers import real_league, widgets
from helpers.data import ramp
from helpers.training import Runs, repeat
from helpers.widgets import live

import keras
from from_notebooks import from_notebook
from ipywidgets import VBox, Widget


def windows() -> VBox:
    return widgets.window_explorer(from_notebook("01", "wave").wave)


@cache
def lstm_of_02(epochs: int) -> Runs:
    X, _, y = ramp()
    nb = from_notebook("02", "build_lstm", "ARTICLE", "SEEDS")
    return repeat(nb.build_lstm, X, y, nb.SEEDS[:1], epochs=epochs, **nb.ARTICLE)


def gates(epochs: int = 2000) -> VBox:
    return widgets.gate_explorer(from_notebook("02", "trace").trace, lstm_of_02(epochs))


def cell(epochs: int = 2000) -> VBox:
    nb = from_notebook("02", "trace", "build_lstm", "SEEDS")
    keras.utils.set_random_seed(nb.SEEDS[0])
    start = nb.build_lstm().get_weights()
    weights = {"before training": start, "after training": lstm_of_02(epochs).weights[0]}
    return widgets.cell_explorer(nb.trace, weights)


def activations(epochs: int = 2000) -> VBox:
    nb = from_notebook("03", "build_mlp")
    return widgets.activation_explorer(nb.build_mlp, epochs=epochs, batch_size=5)


def scaling(**instead: int) -> VBox:
    nb = from_notebook("04", "network", "scaler", "SPLITS", "EPOCHS", "BATCH", **instead)
    return widgets.scaling_explorer(
        nb.network, nb.scaler, nb.SPLITS, epochs=nb.EPOCHS, batch_size=nb.BATCH
    )


def memory(**instead: int) -> VBox:
    nb = from_notebook("05", "network", "rows_of", "models", "EPOCHS", "BATCH", **instead)
    return widgets.memory_explorer(
        nb.network, nb.rows_of, nb.models, epochs=nb.EPOCHS, batch_size=nb.BATCH
    )


def forecast() -> VBox:
    nb = from_notebook("06", "network", "relative", "z_scored")
    series = {"CO2": real_league.values("CO2"), "laser": real_league.values("laser")[:2500]}
    return widgets.forecast_explorer(
        series, nb.network, views={"CO2": nb.relative, "laser": nb.z_scored},
        test={"CO2": 60, "laser": 500}, units={"CO2": "ppm", "laser": "intensity"},
    )  # fmt: skip


def start(**instead: int) -> VBox:
    nb = from_notebook(
        "07", "started", "rows_at", "gradient_by_step", "MEMORY", "EPOCHS", "BATCH", **instead
    )
    return widgets.start_explorer(
        nb.started, nb.rows_at, nb.gradient_by_step, tuple(nb.MEMORY),
        epochs=nb.EPOCHS, batch_size=nb.BATCH,
    )  # fmt: skip


EXPLORERS: dict[str, Callable[[], VBox]] = {
    "01 windows": windows,
    "02 cell": cell,
    "02 gates": gates,
    "03 activations": activations,
    "04 scaling": scaling,
    "05 memory": memory,
    "06 forecast": forecast,
    "07 start": start,
}


def status_of(box: VBox) -> Widget:
    return next(w for w in box.children if "course-status" in w._dom_classes)


def controls_of(box: VBox) -> Iterator[Widget]:
    return (w for w in box.children if getattr(w, "description", ""))


def seconds_after(box: VBox, control: Widget, value: object) -> tuple[float, bool]:
    """How long a change takes, and whether something was compiled for it."""
    said: list[str] = []
    status = status_of(box)
    status.observe(lambda change: said.append(change.new), names="value")
    began = time.perf_counter()
    control.value = value
    seconds = time.perf_counter() - began
    status.unobserve_all()
    return seconds, any("compiles" in line for line in said)


def megabytes() -> float:
    """What the process takes at the moment, on Linux."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def time_all() -> None:
    """Each explorer in a process of its own, as each notebook has a kernel of its own."""
    print(
        f"each time includes the {live.DELAY} s in which further changes are waited for", flush=True
    )
    context = multiprocessing.get_context("spawn")
    for name in EXPLORERS:
        process = context.Process(target=time_one, args=(name,))
        process.start()
        process.join()
        if process.exitcode:
            raise SystemExit(f"{name} did not come to its end")


def time_one(name: str) -> None:
    box = EXPLORERS[name]()
    longest = {True: (0.0, ""), False: (0.0, "")}
    for control in controls_of(box):
        start = control.value
        values = getattr(control, "options", None) or (control.min, control.max)
        # Twice: whatever is compiled the first time is there the second.
        for value in [*values, *values, start]:
            seconds, compiled = seconds_after(box, control, value)
            assert "<b>Ready" in status_of(box).value, status_of(box).value
            longest[compiled] = max(longest[compiled], (seconds, f"{control.description} {value}"))
    for compiled, (seconds, what) in longest.items():
        if what:
            how = "compiling" if compiled else "compiled before"
            print(f"{name:15} {how:16} longest {seconds:5.2f} s ({what})")
    print(f"{name:15} memory {megabytes():.0f} MB", flush=True)


def walk_05() -> None:
    live.DELAY = 0
    box = memory(ROWS=500, EPOCHS=1)
    _, length, model, units = controls_of(box)
    print(f"before anything is trained {megabytes():.0f} MB")
    for of_units in units.options:
        for name in model.options:
            for steps in (10, 50, 100):
                length.value, model.value, units.value = steps, name, of_units
                said = "" if "<b>Ready" in status_of(box).value else "refused"
                print(f"{name:14} {of_units:2} units, T = {steps:3}: {megabytes():.0f} MB {said}")


if __name__ == "__main__":
    walk_05() if "--memory" in sys.argv else time_all()
