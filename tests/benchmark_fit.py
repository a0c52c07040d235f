"""How much faster `helpers.training.fit` is than `keras.Model.fit`, measured side by side.

    uv run python tests/benchmark_fit.py           about two minutes
    uv run python tests/benchmark_fit.py --full    every epoch of model.fit, about half an hour
    uv run python tests/benchmark_fit.py --help    the options

Three workloads: the article's LSTM and its MLP (100 rows, 2000 epochs, batch 5,
validation_split .05), and an epoch of the adding problem (10,000 sequences of 100 steps, LSTM(32),
batch 50). If torch is installed, a plain PyTorch loop trains the LSTM too. Nothing is downloaded.

Each repetition times every way once, one after the other, so that a busy machine slows all of them.
`first` is the first call on a fresh model, compilation counted; `again` is the second call on the
same model. Unless --full is given, `model.fit` is timed on some epochs after a warm-up epoch and
scaled up to all of them. The exit status is 1 if a median ratio is below what the course asks for.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.data import adding_task, ramp

import numpy as np

# TensorFlow and PyTorch in one process can abort it (each brings its own LLVM), and the process of
# PyTorch reads this file too: so each is imported where it is used.
if TYPE_CHECKING:
    import keras
    import torch


@dataclass(frozen=True)
class Workload:
    """A model, its data, how it is trained, and the ratios that the course asks for."""

    name: str
    build: Callable[[], keras.Model]
    x: np.ndarray
    y: np.ndarray
    epochs: int
    arguments: dict
    needed_first: float | None
    needed_again: float


@dataclass(frozen=True)
class Timing:
    """Seconds of all epochs of a workload."""

    first: float
    again: float


# --- the workloads -------------------------------------------------------------------------------


def article(name: str, x: np.ndarray, first_layer: Callable[[], keras.Layer]) -> Workload:
    def build() -> keras.Model:
        import keras

        return compiled(
            keras.Input(x.shape[1:]),
            first_layer(),
            keras.layers.Dense(2, kernel_initializer="normal"),
            keras.layers.Dense(1, kernel_initializer="normal"),
            metrics=["accuracy"],
        )

    arguments = {"batch_size": 5, "validation_split": 0.05}
    return Workload(name, build, x, ramp().y, 2000, arguments, needed_first=40, needed_again=100)


def article_lstm() -> Workload:
    def first_layer() -> keras.Layer:
        import keras

        return keras.layers.LSTM(8)

    return article("article's LSTM", ramp().X, first_layer)


def article_mlp() -> Workload:
    def first_layer() -> keras.Layer:
        import keras

        return keras.layers.Dense(8, kernel_initializer="normal")

    return article("article's MLP", ramp().X_simple, first_layer)


def adding_problem() -> Workload:
    x, y = adding_task(10_000, 100, seed=0)

    def build() -> keras.Model:
        import keras

        return compiled(keras.Input(x.shape[1:]), keras.layers.LSTM(32), keras.layers.Dense(1))

    arguments = {"batch_size": 50}
    return Workload("adding problem", build, x, y, 1, arguments, needed_first=None, needed_again=2)


def compiled(*layers: object, metrics: list[str] | None = None) -> keras.Model:
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential(layers)
    model.compile(loss="mse", optimizer="adam", metrics=metrics)
    return model


WORKLOADS = {"lstm": article_lstm, "mlp": article_mlp, "adding": adding_problem}


# --- the ways to train ---------------------------------------------------------------------------


def time_fit(work: Workload, _: int) -> Timing:
    from helpers.training import fit

    model = work.build()

    def run() -> None:
        fit(model, work.x, work.y, epochs=work.epochs, verbose=0, seed=0, **work.arguments)

    return Timing(first=seconds(run), again=seconds(run))


def time_model_fit(work: Workload, timed_epochs: int) -> Timing:
    model = work.build()

    def run(epochs: int) -> None:
        model.fit(work.x, work.y, epochs=epochs, verbose=0, **work.arguments)

    return scaled(run, work.epochs, timed_epochs)


def time_torch(work: Workload, timed_epochs: int) -> Timing:
    kept = len(work.x) - round(len(work.x) * work.arguments["validation_split"])
    loop = (work.x, work.y, kept, work.arguments["batch_size"], work.epochs, timed_epochs)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(time_torch_loop, *loop).result()


def time_torch_loop(
    inputs: np.ndarray, targets: np.ndarray, kept: int, size: int, epochs: int, timed_epochs: int
) -> Timing:
    """The loop that PyTorch's tutorials show, with the held-out loss after each epoch."""
    import torch

    torch.manual_seed(0)
    torch.set_num_threads(1)  # as TensorFlow has here: more only slow such a small model down

    class Net(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm = torch.nn.LSTM(1, 8, batch_first=True)
            self.head = torch.nn.Sequential(torch.nn.Linear(8, 2), torch.nn.Linear(2, 1))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.head(self.lstm(x)[0][:, -1])

    net, loss_of = Net(), torch.nn.MSELoss()
    optimizer = torch.optim.Adam(net.parameters())
    x, y = torch.from_numpy(inputs), torch.from_numpy(targets)

    def run(epochs: int) -> None:
        for _ in range(epochs):
            for rows in torch.randperm(kept).split(size):
                optimizer.zero_grad()
                loss = loss_of(net(x[rows]), y[rows])
                loss.backward()
                optimizer.step()
            with torch.no_grad():
                loss_of(net(x[kept:]), y[kept:]).item()

    return scaled(run, epochs, timed_epochs)


def scaled(run: Callable[[int], None], epochs: int, timed_epochs: int) -> Timing:
    """Time `timed_epochs` of `epochs`, and count the rest as if they went on like that."""
    if timed_epochs >= epochs:
        return Timing(first=seconds(lambda: run(epochs)), again=seconds(lambda: run(epochs)))
    warm_up = seconds(lambda: run(1))
    an_epoch = seconds(lambda: run(timed_epochs)) / timed_epochs
    return Timing(first=warm_up + (epochs - 1) * an_epoch, again=epochs * an_epoch)


def seconds(run: Callable[[], None]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


# --- the table -----------------------------------------------------------------------------------


def measure(work: Workload, repetitions: int, timed_epochs: int) -> dict[str, list[Timing]]:
    ways = {"model.fit": time_model_fit, "fit": time_fit}
    if work.name == "article's LSTM" and importlib.util.find_spec("torch"):
        ways["PyTorch loop"] = time_torch
    timings: dict[str, list[Timing]] = {way: [] for way in ways}
    for _ in range(repetitions):
        for way, time_it in ways.items():
            timings[way].append(time_it(work, timed_epochs))
    return timings


def rows_of(work: Workload, timings: dict[str, list[Timing]]) -> list[list[str]]:
    """One row a way: median seconds, and the least and the median of its ratios to `fit`."""
    rows = []
    for way, timed in timings.items():
        row = [work.name, way]
        for kind, needed in (("first", work.needed_first), ("again", work.needed_again)):
            ours = [getattr(timing, kind) for timing in timings["fit"]]
            theirs = [getattr(timing, kind) for timing in timed]
            row.append(f"{statistics.median(theirs):.2f}")
            if way == "fit":
                row += ["", ""]
                continue
            ratios = [slow / fast for slow, fast in zip(theirs, ours, strict=True)]
            row.append(f"{min(ratios):.1f} / {statistics.median(ratios):.1f}")
            row.append(f"{needed:g}" if needed and way == "model.fit" else "")
        rows.append(row)
    return rows


def is_slow(work: Workload, timings: dict[str, list[Timing]]) -> bool:
    def ratio(kind: str) -> float:
        pairs = zip(timings["model.fit"], timings["fit"], strict=True)
        return statistics.median(getattr(a, kind) / getattr(b, kind) for a, b in pairs)

    return ratio("first") < (work.needed_first or 0) or ratio("again") < work.needed_again


def print_table(rows: list[list[str]]) -> None:
    head = ["workload", "way", "first s", "ratio min / median", "needed"]
    head += ["again s", "ratio min / median", "needed"]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, ["-" * width for width in widths], *rows]:
        print("| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--full", action="store_true", help="time every epoch of model.fit and of PyTorch"
    )
    parser.add_argument(
        "--epochs",
        type=int,
        default=100,
        metavar="N",
        help="epochs of model.fit (and PyTorch) that are timed and scaled up (default: 100)",
    )
    parser.add_argument(
        "--repetitions", type=int, default=3, metavar="N", help="times each way runs (default: 3)"
    )
    parser.add_argument(
        "--only", choices=WORKLOADS, action="append", help="this workload; may be given again"
    )
    options = parser.parse_args()
    if options.epochs < 1 or options.repetitions < 1:
        parser.error("--epochs and --repetitions must be at least 1")
    return options


def main() -> int:
    options = arguments()  # first, as the imports take seconds
    import keras
    import tensorflow as tf

    rows, slow = [], []
    for name in options.only or WORKLOADS:
        work = WORKLOADS[name]()
        print(f"timing the {work.name} ...", file=sys.stderr, flush=True)
        timed_epochs = work.epochs if options.full else options.epochs
        timings = measure(work, options.repetitions, timed_epochs)
        rows += rows_of(work, timings)
        slow += [work.name] if is_slow(work, timings) else []

    share = "all epochs" if options.full else f"{options.epochs} epochs, scaled up"
    threads = os.environ.get("TF_NUM_INTRAOP_THREADS", "all")
    print(
        f"tensorflow {tf.__version__}, keras {keras.__version__}, {os.cpu_count()} cores, "
        f"threads of an operation: {threads}; model.fit timed on {share}; median of "
        f"{options.repetitions}; ratio: seconds over those of fit in the same repetition\n"
    )
    print_table(rows)
    if slow:
        print(f"\nbelow the ratio needed: {', '.join(slow)}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
