"""How much faster `helpers.training.fit` is than `keras.Model.fit`, measured side by side.

    uv run python tests/benchmark_fit.py           about four minutes
    uv run python tests/benchmark_fit.py --full    every epoch of every way, over an hour
    uv run python tests/benchmark_fit.py --help    the options

Three workloads: the article's LSTM and its MLP (100 rows, 2000 epochs, batch 5,
validation_split .05), and an epoch of the adding problem (10,000 sequences of 100 steps, LSTM(32),
batch 50). `model.fit` is also timed at its best: compiled with `jit_compile` and with
`steps_per_execution` of a whole epoch; and on a repeated Dataset, a hundred epochs a call, with the
held-out loss after each call only. If they are installed, loops written by hand train the LSTM too:
PyTorch's plain one, and two in JAX, all epochs compiled into one call, which scan over the five
timesteps or have them unrolled. Before it is timed, the JAX loop must reach the weights and losses
that `model.fit` reaches. Nothing is downloaded.

Each repetition times every way once, one after the other, so that a busy machine slows all of them.
`first` is the first call on a fresh model, compilation counted; `again` is the second call on the
same model. Unless --full is given, `model.fit` and PyTorch are timed on some epochs after a warm-up
and scaled up to all of them, their start counted once. The exit status is 1 if a median ratio is
below what the course asks for.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import os
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple

from helpers.data import adding_task, ramp

import numpy as np
from benchmark_loops import Timing, in_own_process, scaled, seconds, time_jax, time_torch, train_jax

# Keras takes seconds to load, and `--help` should not.
if TYPE_CHECKING:
    import keras

# Epochs in one call of `model.fit` on a repeated Dataset.
EPOCHS_A_CALL = 100
# The loops in JAX, and whether each has its timesteps unrolled.
JAX_WAYS = {"JAX loop": False, "JAX loop, unrolled": True}


class Needed(NamedTuple):
    """The least ratios of a way's seconds to those of `fit` that the course asks for."""

    first: float | None
    again: float


@dataclass(frozen=True)
class Workload:
    """A model, its data, how it is trained, and what the course asks for, by the way to train."""

    name: str
    build: Callable[..., keras.Model]
    x: np.ndarray
    y: np.ndarray
    epochs: int
    arguments: dict
    needed: dict[str, Needed]

    @property
    def kept(self) -> int:
        """The number of rows that are trained on."""
        return len(self.x) - round(len(self.x) * self.arguments.get("validation_split", 0))

    @property
    def steps(self) -> int:
        return math.ceil(self.kept / self.arguments["batch_size"])


# --- the workloads -------------------------------------------------------------------------------


def article_lstm() -> Workload:
    def first_layer() -> keras.Layer:
        import keras

        return keras.layers.LSTM(8)

    needed = {"model.fit": Needed(80, 250)} | {way: Needed(None, 1.3) for way in JAX_WAYS}
    return article("article's LSTM", ramp().X, first_layer, needed)


def article_mlp() -> Workload:
    def first_layer() -> keras.Layer:
        import keras

        return keras.layers.Dense(8, kernel_initializer="normal")

    return article("article's MLP", ramp().X_simple, first_layer, {"model.fit": Needed(40, 100)})


def article(
    name: str, x: np.ndarray, first_layer: Callable[[], keras.Layer], needed: dict[str, Needed]
) -> Workload:
    def build(**compiled_with: object) -> keras.Model:
        import keras

        return compiled(
            keras.Input(x.shape[1:]),
            first_layer(),
            keras.layers.Dense(2, kernel_initializer="normal"),
            keras.layers.Dense(1, kernel_initializer="normal"),
            metrics=["accuracy"],
            **compiled_with,
        )

    arguments = {"batch_size": 5, "validation_split": 0.05}
    return Workload(name, build, x, ramp().y, 2000, arguments, needed)


def adding_problem() -> Workload:
    x, y = adding_task(10_000, 100, seed=0)

    def build(**compiled_with: object) -> keras.Model:
        import keras

        layers = (keras.Input(x.shape[1:]), keras.layers.LSTM(32), keras.layers.Dense(1))
        return compiled(*layers, **compiled_with)

    needed = {"model.fit": Needed(None, 3)}
    return Workload("adding problem", build, x, y, 1, {"batch_size": 50}, needed)


def compiled(*layers: object, **compiled_with: object) -> keras.Model:
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential(layers)
    model.compile(loss="mse", optimizer="adam", **compiled_with)
    return model


# --- the ways to train ---------------------------------------------------------------------------


def time_fit(work: Workload, _: int) -> Timing:
    from helpers.training import fit

    model = work.build()

    def run() -> None:
        fit(model, work.x, work.y, epochs=work.epochs, verbose=0, seed=0, **work.arguments)

    return Timing(first=seconds(run), again=seconds(run))


def time_model_fit(work: Workload, timed_epochs: int, **compiled_with: object) -> Timing:
    model = work.build(**compiled_with)

    def run(epochs: int) -> None:
        model.fit(work.x, work.y, epochs=epochs, verbose=0, **work.arguments)

    return scaled(run, work.epochs, timed_epochs)


def time_steps_per_execution(work: Workload, timed_epochs: int) -> Timing:
    return time_model_fit(work, timed_epochs, jit_compile=True, steps_per_execution=work.steps)


def time_repeated_dataset(work: Workload, timed_epochs: int) -> Timing:
    """A hundred epochs are one of Keras', and one call: it goes back to Python 20 times in all."""
    import tensorflow as tf

    kept, size = work.kept, work.arguments["batch_size"]
    rows = tf.data.Dataset.from_tensor_slices((work.x[:kept], work.y[:kept]))
    steps = work.steps * EPOCHS_A_CALL
    model = work.build(jit_compile=True, steps_per_execution=steps)

    def run(epochs: int) -> None:
        model.fit(
            rows.shuffle(kept).batch(size).repeat(),
            steps_per_epoch=steps,
            epochs=epochs // EPOCHS_A_CALL,
            validation_data=(work.x[kept:], work.y[kept:]),
            validation_batch_size=size,
            shuffle=False,  # Keras': it warns that it leaves that to the Dataset
            verbose=0,
        )

    whole_calls = math.ceil(timed_epochs / EPOCHS_A_CALL) * EPOCHS_A_CALL
    return scaled(run, work.epochs, whole_calls, warm_up=EPOCHS_A_CALL)


def time_torch_loop(work: Workload, timed_epochs: int) -> Timing:
    rows = (work.x, work.y, work.kept, work.arguments["batch_size"])
    return in_own_process(time_torch, *rows, work.epochs, timed_epochs)


def time_jax_loop(work: Workload, _: int, *, unroll: bool, xla_flags: str) -> Timing:
    rows = (work.x, work.y, work.kept, work.arguments["batch_size"])
    start = work.build().get_weights()
    return in_own_process(time_jax, start, *rows, work.epochs, unroll, xla_flags=xla_flags)


def ways_to_train(work: Workload, xla_flags: str) -> dict[str, Callable[[Workload, int], Timing]]:
    ways = {
        "model.fit": time_model_fit,
        "fit": time_fit,
        "model.fit, steps_per_execution": time_steps_per_execution,
    }
    if work.epochs >= EPOCHS_A_CALL:
        ways["model.fit, repeated Dataset"] = time_repeated_dataset
    if work.name == "article's LSTM":
        if importlib.util.find_spec("torch"):
            ways["PyTorch loop"] = time_torch_loop
        if importlib.util.find_spec("jax"):
            for way, unroll in JAX_WAYS.items():
                ways[way] = partial(time_jax_loop, unroll=unroll, xla_flags=xla_flags)
    return ways


def check_jax_loop(work: Workload, xla_flags: str, epochs: int = 20) -> None:
    """Stop with an AssertionError unless both loops in JAX train as `model.fit` does."""
    model = work.build()
    rows = (work.x, work.y, work.kept, work.arguments["batch_size"])
    start = model.get_weights()
    history = model.fit(
        work.x, work.y, epochs=epochs, shuffle=False, verbose=0, **work.arguments
    ).history
    for way, unroll in JAX_WAYS.items():
        weights, *losses = in_own_process(
            train_jax, start, *rows, epochs, unroll, xla_flags=xla_flags
        )
        for ours, theirs in zip(weights, model.get_weights(), strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-4, rtol=0, err_msg=f"{way}: weights")
        for ours, name in zip(losses, ("loss", "val_loss"), strict=True):
            np.testing.assert_allclose(ours, history[name], rtol=1e-4, err_msg=f"{way}: {name}")


# --- the table -----------------------------------------------------------------------------------


def measure(
    work: Workload, repetitions: int, timed_epochs: int, xla_flags: str
) -> dict[str, list[Timing]]:
    ways = ways_to_train(work, xla_flags)
    timings: dict[str, list[Timing]] = {way: [] for way in ways}
    for _ in range(repetitions):
        for way, time_it in ways.items():
            timings[way].append(time_it(work, timed_epochs))
    return timings


def ratios(timings: dict[str, list[Timing]], way: str, kind: str) -> list[float]:
    """In each repetition the seconds of `way` over those of `fit`; `kind` is first or again."""
    pairs = zip(timings[way], timings["fit"], strict=True)
    return [getattr(theirs, kind) / getattr(ours, kind) for theirs, ours in pairs]


def rows_of(work: Workload, timings: dict[str, list[Timing]]) -> list[list[str]]:
    """One row a way: median seconds, and the least and the median of its ratios to `fit`."""
    rows = []
    for way, timed in timings.items():
        row = [work.name, way]
        for kind in Needed._fields:
            row.append(f"{statistics.median(getattr(timing, kind) for timing in timed):.2f}")
            if way == "fit":
                row += ["", ""]
                continue
            found = ratios(timings, way, kind)
            row.append(f"{min(found):.1f} / {statistics.median(found):.1f}")
            needed = getattr(work.needed.get(way), kind, None)
            row.append(f"{needed:g}" if needed else "")
        rows.append(row)
    return rows


def misses(work: Workload, timings: dict[str, list[Timing]]) -> list[str]:
    """Each ratio of a way that was timed, in words, whose median is below the one needed."""
    found = []
    for way, needed in work.needed.items():
        for kind, least in needed._asdict().items():
            if way not in timings or least is None:
                continue
            ratio = statistics.median(ratios(timings, way, kind))
            if ratio < least:
                found.append(f"{work.name}, {way}, {kind}: {ratio:.2f} of {least:g}")
    return found


def print_table(rows: list[list[str]]) -> None:
    head = ["workload", "way", "first s", "ratio min / median", "needed"]
    head += ["again s", "ratio min / median", "needed"]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, ["-" * width for width in widths], *rows]:
        print("| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |")


WORKLOADS = {"lstm": article_lstm, "mlp": article_mlp, "adding": adding_problem}


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
        default=60,
        metavar="N",
        help="epochs of model.fit (and PyTorch) that are timed and scaled up (default: 60)",
    )
    parser.add_argument(
        "--repetitions", type=int, default=3, metavar="N", help="times each way runs (default: 3)"
    )
    parser.add_argument(
        "--only", choices=WORKLOADS, action="append", help="this workload; may be given again"
    )
    parser.add_argument(
        "--jax-flags", default="", metavar="FLAGS", help="XLA_FLAGS that the loops in JAX run with"
    )
    options = parser.parse_args()
    if options.epochs < 1 or options.repetitions < 1:
        parser.error("--epochs and --repetitions must be at least 1")
    return options


def main() -> int:
    options = arguments()  # first, as the imports take seconds
    import keras
    import tensorflow as tf

    rows, below = [], []
    for name in options.only or WORKLOADS:
        work = WORKLOADS[name]()
        if any(way in work.needed for way in JAX_WAYS) and importlib.util.find_spec("jax"):
            check_jax_loop(work, options.jax_flags)
        print(f"timing the {work.name} ...", file=sys.stderr, flush=True)
        timed_epochs = work.epochs if options.full else options.epochs
        timings = measure(work, options.repetitions, timed_epochs, options.jax_flags)
        rows += rows_of(work, timings)
        below += misses(work, timings)

    share = "all epochs" if options.full else f"{options.epochs} epochs, scaled up"
    threads = os.environ.get("TF_NUM_INTRAOP_THREADS", "all")
    others = "".join(
        f"{name} {version(name)}, " for name in ("torch", "jax") if importlib.util.find_spec(name)
    )
    print(
        f"tensorflow {tf.__version__}, keras {keras.__version__}, {others}{os.cpu_count()} cores, "
        f"threads of an operation: {threads}; model.fit timed on {share}; median of "
        f"{options.repetitions}; ratio: seconds over those of fit in the same repetition\n"
    )
    print_table(rows)
    if below:
        print("\nbelow the ratio needed:", *below, sep="\n  ")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
