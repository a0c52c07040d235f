"""One contender plays one contest: it chooses width and rate, trains at each origin, is judged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from itertools import product
from typing import Any

from helpers import forecasting, inputs
from helpers.real_league.contests import (
    CONTESTS,
    FORMULAS,
    NAMES,
    ORIGINS,
    SEASONAL,
    SERIES,
    UNITS,
    plays,
    rows,
    scales,
    splits,
    values,
)
from helpers.real_league.networks import network
from helpers.training import repeat

import keras
import numpy as np

__all__ = ["CHOOSING", "RATES", "SEEDS", "chooses", "play", "settings", "signature"]

#: The seeds of a network at each origin.
SEEDS = tuple(range(10))
#: The seeds by which width and rate are chosen.
CHOOSING = tuple(range(1000, 1005))
#: The starting rates to choose from; each sinks to zero along a cosine.
RATES = (0.003, 0.01, 0.03, 0.1)


def play(
    contest: str,
    name: str,
    seeds: int,
    before: Mapping[str, Any] | None = None,
    compiled: dict[tuple, Any] | None = None,
) -> dict[str, Any]:
    """Let one contender play one contest, or go on where it was left off.

    Width and rate of a network are chosen once: by the median RMSE on the validation rows of the
    first origin over the seeds CHOOSING, when no test row of any origin has been seen. Then, at
    each origin, it is trained on all that is known there and judged on the values that follow.

    Args:
        contest: one of CONTESTS.
        name: one of NAMES that `plays`.
        seeds: how many of SEEDS.
        before: what an earlier call for fewer seeds returned.
        compiled: what was compiled in earlier calls, and is to serve again; added to.

    Returns:
        "rmse" and "mae" on the test rows in the series' unit, for each origin a list with one error
        a seed (formulas have one), 4 significant digits; "by step", RMSE of each step ahead, for
        each origin the median over seeds, where there are several steps; "signature"; of networks
        also "weights", "units", "rate", and "validation", the errors by which these were chosen.
    """
    if contest not in CONTESTS or name not in NAMES or not plays(contest, name):
        raise ValueError(f"{name!r} does not play {contest!r}")
    seeds = inputs.count("seeds", seeds, most=len(SEEDS))
    signed = signature(contest)
    before = before if before and before["signature"] == signed else {}
    result: dict[str, Any] = {"signature": signed, **before}
    compiled = {} if compiled is None else compiled
    if name in FORMULAS:
        return result | _judged(contest, [
            _formula(contest, name, origin)[None] for origin in range(ORIGINS)
        ])  # fmt: skip
    chosen = _choose(contest, name, result.get("validation", {}), compiled)
    units, rate = chosen["units"], chosen["rate"]
    # By step only the median over all seeds is recorded, so that they are trained anew there.
    goes_on = CONTESTS[contest].horizon == 1 and (units, rate) == (
        result.get("units"), result.get("rate"))  # fmt: skip
    done = len(result["rmse"][0]) if goes_on else 0
    if done < seeds:
        judged = _judged(contest, [
            _trained(contest, name, units, rate, slice(0, split.test.start), split.test,
                     SEEDS[done:seeds], compiled)
            for split in splits(CONTESTS[contest].series)
        ])  # fmt: skip
        for key in ("rmse", "mae") if done else ():
            judged[key] = [old + new for old, new in zip(result[key], judged[key], strict=True)]
        result |= judged
    return result | chosen


def _trained(contest: str, name: str, units: int, rate: float, known: slice, asked: slice,
             seeds: tuple[int, ...], compiled: dict) -> np.ndarray:  # fmt: skip
    """Forecasts for `asked` by networks trained on `known`, (seeds, samples, horizon)."""
    X, y = rows(contest, known)
    settings = SERIES[CONTESTS[contest].series]
    key = contest, name, units, rate, X.shape
    compiled[key] = runs = repeat(
        partial(network, contest, name, X, y, units, rate), X, y, seeds, like=compiled.get(key),
        epochs=settings.epochs, batch_size=settings.batch_size, verbose=0,
    )  # fmt: skip
    return runs.predict(rows(contest, asked)[0])


def _choose(
    contest: str, name: str, known: Mapping[str, Sequence[float]], compiled: dict
) -> dict[str, Any]:
    """Go on from the errors of the first seeds out of CHOOSING, by pair, to those of all."""
    first = splits(CONTESTS[contest].series)[0]
    _, y = rows(contest, first.validation)
    errors = {}
    for units, rate in product(UNITS[name], RATES):
        before = [*known.get(_pair(units, rate), ())][: len(CHOOSING)]
        if to_do := CHOOSING[len(before) :]:
            predicted = _trained(
                contest, name, units, rate, first.train, first.validation, to_do, compiled
            )
            before += [_rounded(forecasting.rmse(y, one)) for one in predicted]
        errors[units, rate] = before
    units, rate = min(errors, key=lambda pair: np.median(errors[pair]))
    X, y = rows(contest, first.train)
    return {
        "units": units,
        "rate": rate,
        "weights": network(contest, name, X, y, units, rate).count_params(),
        "validation": {_pair(*pair): several for pair, several in errors.items()},
    }


def _pair(units: int, rate: float) -> str:
    return f"{units} units, rate {rate}"


def chooses(cell: Mapping[str, Any], name: str) -> bool:
    """Whether a cell's width and rate were chosen out of all that are on offer, by all seeds."""
    pairs = {_pair(units, rate) for units, rate in product(UNITS[name], RATES)}
    tried = cell.get("validation", {})
    return set(tried) == pairs and all(len(several) == len(CHOOSING) for several in tried.values())


def _formula(contest: str, name: str, origin: int) -> np.ndarray:
    """Forecasts of a formula at an origin: (samples, horizon)."""
    played = CONTESTS[contest]
    season = SERIES[played.series].season
    split = splits(played.series)[origin]
    known = values(played.series)[: split.test.stop]
    if name == "linear window":
        X, y = rows(contest, slice(0, split.test.start))
        X_test, _ = rows(contest, split.test)
        return forecasting.linear_window(X[:, :, 0], y, X_test[:, :, 0])
    if name == "exponential smoothing":
        forecasts = forecasting.exponential_smoothing(
            known, split.test.start, played.horizon, season=season
        )
        return forecasts[: -played.horizon]  # the rest would need values beyond the test's end
    formula = partial(FORMULAS[name], season=season) if name in SEASONAL else FORMULAS[name]
    return forecasting.backtest(formula, known, split.test.start, played.horizon)


def _judged(contest: str, predicted: list[np.ndarray]) -> dict[str, Any]:
    """The errors of forecasts, for each origin (seeds, samples, steps)."""
    rmse, mae, by_step = [], [], []
    for split, several in zip(splits(CONTESTS[contest].series), predicted, strict=True):
        _, y = rows(contest, split.test)
        rmse.append([_rounded(forecasting.rmse(y, one)) for one in several])
        mae.append([_rounded(forecasting.mae(y, one)) for one in several])
        steps = np.sqrt(np.mean((several - y) ** 2, axis=1))  # (seeds, steps)
        by_step.append([*map(_rounded, np.median(steps, axis=0))])
    result = {"rmse": rmse, "mae": mae}
    return result if CONTESTS[contest].horizon == 1 else result | {"by step": by_step}


def _rounded(error: float) -> float:
    return float(f"{error:.4g}")


def signature(contest: str) -> str:
    """Eight letters that change with the contest, the series or the budget."""
    played = CONTESTS[contest]
    parts = {
        "contest": asdict(played),
        "series": asdict(SERIES[played.series]),
        "values": values(played.series).tobytes().hex(),
        "origins": ORIGINS,
    }
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]


def settings() -> dict[str, Any]:
    """What the file says about all cells."""
    return {
        "what": "Errors on test values in the unit of the series, for each origin one a seed: 0, "
        "1, 2, ... Width and rate of a network were chosen on the validation values of the first "
        "origin; then it was trained on all that is known at each origin.",
        "origins": ORIGINS,
        "choosing seeds": list(CHOOSING),
        "rates": list(RATES),
        "units": {name: list(units) for name, units in UNITS.items()},
        "series": {name: asdict(known) for name, known in SERIES.items()},
        "scales": {name: [*map(_rounded, scales(name))] for name in SERIES},
        "versions": {package.__name__: package.__version__ for package in (keras, np)},
    }
