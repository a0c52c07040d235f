"""Try my_series on series whose answer is known: `uv run python tests/try_my_series.py [name]`.

Not a test, as each takes one to three minutes: white noise, a noisy season with a trend, a count
that has to be kept, CO2, the laser, and CO2 with its gaps filled. For each it prints the scores,
the answers and the verdict, with what is to be expected. Ends with status 1 if a verdict is
another one.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from helpers import contest, verdict
from helpers.series import read_series

import numpy as np

DATA = Path(__file__).resolve().parents[1] / "notebooks" / "data"
WITHOUT_NETWORK = (*contest.FORMULAS[2:], "linear")


def white_noise(seed):
    """Nothing in its past tells what comes: the mean is the best forecast there is."""
    return np.random.default_rng(seed).normal(10, 2, size=800)


def season_with_trend(seed):
    """A line, a sine of 12 steps and noise: what lies ahead is a weighted sum of what was."""
    t = np.arange(480)
    noise = np.random.default_rng(seed).normal(scale=0.8, size=len(t))
    return 100 + 0.05 * t + 4 * np.sin(2 * np.pi * t / 12) + noise


def counted(seed, values=6500):
    """Marks among quiet steps; now and then a call, and then the number of marks since the last.

    Quiet steps are 0 and marks 0.3, with equal chance. A call, −0.6, comes after 3 to 12 of these.
    What follows a call is the only thing worth forecasting, and it takes a count that each answer
    sets back: what it depends on stands at no fixed place of the window.
    """
    draw = np.random.default_rng(seed)
    series: list[float] = []
    while len(series) < values:
        marks = draw.random(draw.integers(3, 13)) < 0.5
        series += [*(0.3 * marks), -0.6, float(marks.sum())]
    return np.array(series[:values])


def co2(seed, **how):
    return read_series(DATA / "co2-concentration.csv", "CO2", **how)


class Try(NamedTuple):
    """A series, made from a seed, what is asked of it, and the models that may be taken."""

    make: Callable
    horizon: int
    season: int | None
    expected: tuple[str, ...]


TRIES = {
    "white noise": Try(white_noise, 1, None, ("mean",)),
    "season with trend": Try(season_with_trend, 12, 12, WITHOUT_NETWORK),
    "counted": Try(counted, 1, None, ("GRU", "LSTM")),
    "CO2": Try(lambda seed: co2(seed, start="1964-05"), 12, 12, WITHOUT_NETWORK),
    "CO2, gaps filled": Try(lambda seed: co2(seed, fill="linear"), 1, 12, WITHOUT_NETWORK),
    "laser": Try(lambda seed: read_series(DATA / "santafe-laser.csv"), 1, None,
                 tuple(contest.NETWORKS)),
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help=f"out of {', '.join(TRIES)}; all by default")
    parser.add_argument("--seed", type=int, default=0, help="of the series that are made up")
    chosen = parser.parse_args(arguments)
    if unknown := [name for name in chosen.names if name not in TRIES]:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(TRIES)}")
    others = []
    for name in chosen.names or TRIES:
        tried = TRIES[name]
        run = contest.compare(tried.make(chosen.seed), tried.horizon, tried.season)
        taken = verdict.choose(run).name
        print(f"\n# {name}: took {taken}, expected one of {', '.join(tried.expected)}\n")
        for part in (verdict.scores, verdict.history, verdict.order, verdict.answers):
            print(part(run).data, end="\n\n")
        print(verdict.sentence(run).data, flush=True)
        others += [name] if taken not in tried.expected else []
    return 1 if others else 0


if __name__ == "__main__":
    sys.exit(main())
