"""The article's LSTM trained by loops written by hand, in JAX and in PyTorch, for benchmark_fit.py.

TensorFlow, PyTorch and JAX in one process can abort it (each brings its own LLVM), and `helpers`
sets flags of XLA that JAX would read too. So `in_own_process` runs a function of this file in a
Python of its own, with XLA's defaults; and this file imports neither Keras nor `helpers`.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

# As TensorFlow has in the course: a second thread only slows such a small model down.
_ONE_THREAD = "--xla_cpu_multi_thread_eigen=false"


@dataclass(frozen=True)
class Timing:
    """Seconds of all epochs of a workload: of a first call on a fresh model, and of a second."""

    first: float
    again: float


def seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def scaled(
    run: Callable[[int], object], epochs: int, timed_epochs: int, warm_up: int = 1
) -> Timing:
    """Time some epochs more than `warm_up`, and count all others as if they went on like that.

    `run` trains for as many epochs as it is told. It is called for `warm_up` epochs, which
    compiles, for `warm_up` again, and for `timed_epochs` more than that: what a call costs beside
    its epochs is thus counted once and not scaled up.
    """
    if timed_epochs + warm_up >= epochs:
        return Timing(first=seconds(lambda: run(epochs)), again=seconds(lambda: run(epochs)))
    compiling, short, long = (
        seconds(lambda: run(warm_up)),
        seconds(lambda: run(warm_up)),
        seconds(lambda: run(warm_up + timed_epochs)),
    )
    rest = (epochs - warm_up) * (long - short) / timed_epochs
    return Timing(first=compiling + rest, again=short + rest)


def in_own_process(function: Callable, *arguments: Any, xla_flags: str = "") -> Any:
    """What a function of this file returns for `arguments`, run in a fresh Python.

    XLA has its own defaults there and one thread, and `xla_flags`, separated by spaces.
    """
    environment = os.environ | {
        "XLA_FLAGS": f"{_ONE_THREAD} {xla_flags}".strip(),
        "JAX_PLATFORMS": "cpu",
    }
    process = subprocess.run(
        [sys.executable, __file__],
        input=pickle.dumps((function, arguments)),
        stdout=subprocess.PIPE,
        env=environment,
        check=True,
    )
    return pickle.loads(process.stdout)


# --- JAX -----------------------------------------------------------------------------------------


def time_jax(
    weights: list[np.ndarray],
    inputs: np.ndarray,
    targets: np.ndarray,
    kept: int,
    size: int,
    epochs: int,
    unroll: bool,
) -> Timing:
    """All epochs in one compiled call, on the rows in a new order every epoch, made by numpy."""
    train = jax_training(weights, inputs, targets, kept, size, unroll)
    order = np.random.default_rng(0)

    def run() -> None:
        train(order.permuted(_in_order(kept, epochs), axis=1))

    return Timing(first=seconds(run), again=seconds(run))


def train_jax(
    weights: list[np.ndarray],
    inputs: np.ndarray,
    targets: np.ndarray,
    kept: int,
    size: int,
    epochs: int,
    unroll: bool,
) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """The weights, losses and held-out losses of `epochs` epochs on the rows as they stand."""
    trained, losses, held_out = jax_training(weights, inputs, targets, kept, size, unroll)(
        _in_order(kept, epochs)
    )
    return [np.asarray(weight) for weight in trained], np.asarray(losses), np.asarray(held_out)


def jax_training(
    weights: list[np.ndarray],
    inputs: np.ndarray,
    targets: np.ndarray,
    kept: int,
    size: int,
    unroll: bool,
) -> Callable[[np.ndarray], tuple]:
    """LSTM, Dense, Dense as in Keras, trained by mse and Adam with the defaults of Keras.

    `weights` are those that the `get_weights` of the Keras model gives, and are the start. The
    first `kept` of the rows, in batches of `size`, are trained on. `unroll` writes the timesteps
    out one after the other instead of scanning over them.

    Returns a function of the row orders, of shape (epochs, kept), that trains for all epochs in
    one call of XLA and gives the weights, the mean loss and the held-out loss of each epoch.
    """
    import jax
    import jax.numpy as jnp
    from jax import lax
    from jax.flatten_util import ravel_pytree

    if kept % size:
        raise ValueError(f"this loop knows full batches only, got {kept} rows in batches of {size}")
    # One vector for all weights: Adam is then a few long operations instead of many short ones.
    start, as_weights = ravel_pytree([jnp.asarray(weight) for weight in weights])
    x, y = jnp.asarray(inputs, jnp.float32), jnp.asarray(targets, jnp.float32)

    def predict(weights: list, x: jax.Array) -> jax.Array:
        kernel, recurrent, bias, *dense = weights

        def cell(state: tuple, x_t: jax.Array) -> tuple:
            h, c = state
            i, f, g, o = jnp.split(x_t @ kernel + h @ recurrent + bias, 4, axis=-1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            return (jax.nn.sigmoid(o) * jnp.tanh(c), c), None

        zeros = jnp.zeros((len(x), recurrent.shape[0]))
        steps = x.shape[1] if unroll else 1
        (h, _), _ = lax.scan(cell, (zeros, zeros), x.swapaxes(0, 1), unroll=steps)
        return (h @ dense[0] + dense[1]) @ dense[2] + dense[3]

    def loss_of(vector: jax.Array, x: jax.Array, y: jax.Array) -> jax.Array:
        return jnp.mean((predict(as_weights(vector), x) - y) ** 2)

    def step(state: tuple, rows: jax.Array) -> tuple:
        vector, mean, square, t = state
        loss, gradient = jax.value_and_grad(loss_of)(vector, x[rows], y[rows])
        t += 1
        mean += (gradient - mean) * (1 - 0.9)
        square += (gradient**2 - square) * (1 - 0.999)
        rate = 0.001 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        return (vector - rate * mean / (jnp.sqrt(square) + 1e-7), mean, square, t), loss

    def epoch(state: tuple, order: jax.Array) -> tuple:
        state, losses = lax.scan(step, state, order.reshape(-1, size))
        return state, (losses.mean(), loss_of(state[0], x[kept:], y[kept:]))

    @jax.jit
    def train(vector: jax.Array, orders: jax.Array) -> tuple:
        zeros = jnp.zeros_like(vector)
        state, losses = lax.scan(epoch, (vector, zeros, zeros, jnp.float32(0)), orders)
        return as_weights(state[0]), *losses

    return lambda orders: jax.block_until_ready(train(start, orders))


def _in_order(kept: int, epochs: int) -> np.ndarray:
    return np.tile(np.arange(kept, dtype=np.int32), (epochs, 1))


# --- PyTorch -------------------------------------------------------------------------------------


def time_torch(
    inputs: np.ndarray, targets: np.ndarray, kept: int, size: int, epochs: int, timed_epochs: int
) -> Timing:
    """The loop that PyTorch's tutorials show, with the held-out loss after each epoch."""
    import torch

    torch.manual_seed(0)
    torch.set_num_threads(1)

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


if __name__ == "__main__":
    function, arguments = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(pickle.dumps(function(*arguments)))
