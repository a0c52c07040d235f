"""Each model of a contest with all its choices made, and what it forecast at each origin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from helpers import forecasting
from helpers.contest.layout import Plan
from helpers.contest.models import RATES, VIEWS, Forecasts, School, line
from helpers.forecasting import Split
from helpers.probes import reordered, shuffled

import numpy as np

__all__ = ["Candidate", "changed", "smoothed", "with_formula", "with_line", "with_network"]


@dataclass(frozen=True)
class Candidate:
    """A model with all its choices made, and what it forecast.

    Attributes:
        name: one of FORMULAS, "linear", or one of NETWORKS.
        window: values it sees; None for a formula, which sees all that came before.
        chosen: its mean absolute error on the validation rows of the first origin, by which it was
            chosen; NaN for a formula.
        predicted: for each origin the forecasts of its test rows, (seeds, samples, horizon), in the
            unit of the series; one seed where luck has no part.
        view, rate: how a network is shown its window, and its learning rate; None for others.
    """

    name: str
    window: int | None
    chosen: float
    predicted: tuple[np.ndarray, ...] = field(repr=False)
    view: str | None = None
    rate: float | None = None


def with_formula(
    name: str, formula: forecasting.Baseline, values: np.ndarray, layout: Plan
) -> Candidate:
    """A formula's forecasts of the test rows, each from all `values`, (time,), before it."""
    predicted = []
    for split in layout.splits:
        known = split.test.start + layout.longest
        end = split.test.stop + layout.longest + layout.horizon - 1
        predicted.append(forecasting.backtest(formula, values[:end], known, layout.horizon)[None])
    return Candidate(name, None, math.nan, tuple(predicted))


def smoothed(values: np.ndarray, layout: Plan) -> Candidate:
    """Exponential smoothing, fitted anew at each origin to what is known there."""
    predicted = []
    for split in layout.splits:
        known = split.test.start + layout.longest
        end = split.test.stop + layout.longest
        forecasts = forecasting.exponential_smoothing(
            values[: end - 1], known, layout.horizon, season=layout.season
        )
        predicted.append(forecasts[None])
    return Candidate("exponential smoothing", None, math.nan, tuple(predicted))


def with_line(X: np.ndarray, y: np.ndarray, layout: Plan) -> Candidate:
    """Least squares from rows X, (samples, window), to y, (samples, horizon)."""
    lines = [line(X[split.train], y[split.train]) for split in layout.splits]
    held_out = layout.splits[0].validation
    predicted = [
        fitted(X[split.test])[None] for fitted, split in zip(lines, layout.splits, strict=True)
    ]
    chosen = forecasting.mae(y[held_out], lines[0](X[held_out]))
    return Candidate("linear", X.shape[1], chosen, tuple(predicted))


def with_network(
    school: School, name: str, X: np.ndarray, y: np.ndarray, layout: Plan, seeds: Sequence[int]
) -> list[Candidate]:
    """A network with each window; with the one that validation rows choose, from all seeds.

    Args:
        school: that trains it.
        name: one of NETWORKS.
        X, y: all rows, (samples, longest window) and (samples, horizon), in the series' unit.
        layout: which of them serve for what.
        seeds: of the best; the first of them chooses view, rate and window.
    """
    first = layout.splits[0]

    def trained(window: int, split: Split, view: str, rate: float, seeds: Sequence[int]):
        return school.train(name, X[:, -window:], y, split, view, rate, seeds)

    def off(forecasts: Forecasts, window: int) -> float:
        held_out = X[first.validation, -window:]
        return forecasting.mae(y[first.validation], forecasts(held_out)[0])

    half = layout.lengths[0]
    errors = {(v, RATES[0]): off(trained(half, first, v, RATES[0], seeds[:1]), half)
              for v in VIEWS}  # fmt: skip
    view, _ = min(errors, key=errors.get)
    for rate in RATES[1:]:
        errors[view, rate] = off(trained(half, first, view, rate, seeds[:1]), half)
    view, rate = min(errors, key=errors.get)

    found = {}
    for window in layout.lengths:
        several = [trained(window, split, view, rate, seeds[:1]) for split in layout.splits]
        predicted = [f(X[s.test, -window:]) for f, s in zip(several, layout.splits, strict=True)]
        chosen = off(several[0], window)
        found[window] = Candidate(name, window, chosen, tuple(predicted), view, rate)
    best = min(found.values(), key=lambda candidate: candidate.chosen)
    if len(seeds) > 1:
        predicted = []
        for one, split in zip(best.predicted, layout.splits, strict=True):
            others = trained(best.window, split, view, rate, seeds[1:])
            predicted.append(np.concatenate([one, others(X[split.test, -best.window :])]))
        found[best.window] = replace(best, predicted=tuple(predicted))
    return list(found.values())


def changed(
    school: School,
    gru: Candidate,
    X: np.ndarray,
    y: np.ndarray,
    layout: Plan,
    seeds: Sequence[int],
) -> dict[str, Candidate]:
    """The GRU trained anew, and tested, on windows whose order was changed.

    A network that was trained on windows as they are would only be surprised by others. Trained on
    the others, it shows what can be had without the order.
    """
    steps, half = X[:, :, None], X.shape[1] // 2
    found = {"as they are": tuple(predicted[:1] for predicted in gru.predicted)}
    for name, rows in (
        ("shuffled", shuffled(steps, seeds[0])[:, :, 0]),
        ("older half reordered", reordered(steps, half, seeds[0])[:, :, 0]),
    ):
        found[name] = tuple(
            school.train("GRU", rows, y, split, gru.view, gru.rate, seeds)(rows[split.test])
            for split in layout.splits
        )
    return {name: replace(gru, chosen=math.nan, predicted=p) for name, p in found.items()}
