"""The league of real series: formulas and networks on CO2 and on the laser, several origins, seeds.

That takes an hour and more, so `uv run python tests/run_real_league.py` computes it and keeps it in
`real_league.json` beside this file. Notebook 06 reads it with `results`, and says that it does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import Any

from helpers import contenders, forecasting, inputs, report
from helpers.recording import complete
from helpers.series import read_series
from helpers.training import repeat

import keras
import numpy as np
from IPython.display import Markdown
from keras import layers, ops

__all__ = ["CHOOSING", "CONTESTS", "FILE", "FORMULAS", "NETWORKS", "ORIGINS", "SEEDS", "SERIES",
           "Cell", "Contest", "Known", "Results", "chooses", "lag_features", "network", "play",
           "plays", "results", "signature", "table", "values"]  # fmt: skip

FILE = Path(__file__).with_name("real_league.json")

#: Times from which the rest of a series is forecast, and the seeds of a network at each of them.
ORIGINS, SEEDS = 3, tuple(range(10))
#: The seeds by which width and rate are chosen.
CHOOSING = tuple(range(1000, 1005))
#: The starting rates to choose from; each sinks to zero along a cosine.
RATES = (0.003, 0.01, 0.03, 0.1)
#: The widths to choose from. The convolution has the one that it has in notebook 05.
UNITS = {"MLP": (128, 512), "LSTM": (24, 48), "GRU": (24, 48), "CNN": (16,)}
NETWORKS = tuple(UNITS)


@dataclass(frozen=True)
class Known:
    """A series of the league.

    Attributes:
        file: its name in notebooks/data.
        column: of the numbers.
        start: first date to keep, or None.
        length: values that the league uses, from the first on; None for all.
        season: values in a season, or None.
        test, validation: values that each origin tests on, and chooses by.
        epochs, batch_size: what a network may spend.
    """

    file: str
    column: str
    start: str | None
    length: int | None
    season: int | None
    test: int
    validation: int
    epochs: int
    batch_size: int


SERIES: Mapping[str, Known] = {
    "CO2": Known("co2-concentration.csv", "CO2", "1964-05", None, 12, 60, 60, 100, 32),
    "laser": Known("santafe-laser.csv", "intensity", None, 3500, None, 500, 500, 50, 50),
}


@dataclass(frozen=True)
class Contest:
    """What is to be forecast, and from what.

    Attributes:
        series: one of SERIES.
        view: how a network is shown the window, and what it is asked for: "raw" as it is;
            "z-scored"; "seasonal differences", each value less that of the season before;
            "relative", each value less the newest one.
        window: values that a forecast may see.
        horizon: values to forecast.
        steps: timesteps of a recurrent network, if these are fewer than the values: each of the
            newest `steps` then has the values before it as further features.
    """

    series: str
    view: str
    window: int
    horizon: int = 1
    steps: int | None = None

    @property
    def name(self) -> str:
        lags = "" if self.steps is None else f" as {self.steps} steps with lags"
        ahead = "" if self.horizon == 1 else f", {self.horizon} ahead"
        return f"{self.series}, {self.view}, {self.window}{lags}{ahead}"


CONTESTS: Mapping[str, Contest] = {
    contest.name: contest
    for contest in (
        *(Contest("CO2", view, 24) for view in
          ("relative", "z-scored", "seasonal differences", "raw")),
        *(Contest("laser", "z-scored", window) for window in (3, 20, 40)),
        Contest("CO2", "relative", 24, horizon=24),
        *(Contest(series, view, window, steps=steps)
          for series, view in (("CO2", "relative"), ("laser", "z-scored"))
          for window, steps in ((5, None), (12, None), (12, 5))),
        Contest("CO2", "relative", 3),
        Contest("laser", "z-scored", 40, horizon=10),
    )
}  # fmt: skip


#: Formulas, by their names in tables; those with a season play CO2 alone.
FORMULAS: Mapping[str, Callable[..., np.ndarray] | None] = {
    "mean": forecasting.mean,
    "persistence": forecasting.persistence,
    "seasonal naive": forecasting.seasonal_naive,
    "seasonal naive with drift": forecasting.seasonal_naive_with_drift,
    "mean seasonal change": forecasting.mean_seasonal_change,
    "exponential smoothing": None,
    "linear window": None,
}
_SEASONAL = ("seasonal naive", "seasonal naive with drift", "mean seasonal change")
NAMES = (*FORMULAS, *NETWORKS)


def plays(contest: str, name: str) -> bool:
    """Whether this contender takes part in this contest."""
    played = CONTESTS[contest]
    if name in _SEASONAL:
        return SERIES[played.series].season is not None and played.steps is None
    if name == "CNN":
        return played.series == "laser" and played.steps is None
    return played.steps is None or name in ("LSTM", "GRU")


# ---- The rows -----------------------------------------------------------------------------------


@cache
def values(series: str) -> np.ndarray:
    """The values of a series that the league uses, (time,), in its own unit; not to be changed.

    They are read from notebooks/data, which lies beside the folder of the helpers.
    """
    known = SERIES[series]
    path = Path(__file__).parent.parent / "notebooks" / "data" / known.file
    result = read_series(path, known.column, start=known.start).to_numpy()[: known.length].copy()
    result.setflags(write=False)
    return result


def splits(series: str) -> list[forecasting.Split]:
    """For each origin the values to train on, to choose by and to test on, as slices of time."""
    known = SERIES[series]
    return forecasting.rolling_origins(
        len(values(series)), ORIGINS, validation=known.validation, test=known.test
    )


def rows(contest: str, targets: slice) -> tuple[np.ndarray, np.ndarray]:
    """The windows all of whose targets lie in `targets`.

    Returns:
        X of shape (samples, window, 1) and y of shape (samples, horizon), in the series' unit.
    """
    played = CONTESTS[contest]
    X, y = forecasting.windows(values(played.series), played.window, played.horizon)
    first = max(0, targets.start - played.window)
    last = targets.stop - played.window - played.horizon + 1
    return X[first:last, :, None].astype(np.float32), y[first:last].astype(np.float32)


# ---- The networks -------------------------------------------------------------------------------


def network(
    contest: str, name: str, X: np.ndarray, y: np.ndarray, units: int, rate: float
) -> keras.Model:
    """A network with its view of the window inside: raw values in, forecasts in the unit out.

    Args:
        contest: one of CONTESTS.
        name: one of NETWORKS.
        X, y: the rows to train on, (samples, window, 1) and (samples, horizon): the scale is theirs
            alone.
        units: width of its hidden layer.
        rate: of Adam, at the first update.

    Returns:
        a compiled model from (samples, window, 1) to (samples, horizon).
    """
    played = CONTESTS[contest]
    known = SERIES[played.series]
    window = keras.Input((played.window, 1))
    seen, finish = _view(played, known.season, window, X, y)
    if played.steps is not None:
        seen = lag_features(seen, played.steps)
    if name == "MLP":
        hidden = layers.Dense(units, activation="relu")(layers.Flatten()(seen))
    elif name == "CNN":
        hidden = contenders.CONTENDERS["CNN"](seen)
    else:
        hidden = {"LSTM": layers.LSTM, "GRU": layers.GRU}[name](units)(seen)
    model = keras.Model(window, finish(layers.Dense(played.horizon)(hidden)))
    updates = known.epochs * -(-len(X) // known.batch_size)
    sinking = keras.optimizers.schedules.CosineDecay(rate, updates)
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(sinking))
    return model


def _view(
    played: Contest, season: int | None, window: Any, X: np.ndarray, y: np.ndarray
) -> tuple[Any, Callable]:
    """What the network is shown, (samples, timesteps, 1), and how its answer becomes a forecast."""
    if played.view == "raw":
        return window, lambda answer: answer
    if played.view == "z-scored":
        mean, deviation = float(X.mean()), float(X.std())
        return (window - mean) / deviation, lambda answer: answer * deviation + mean
    if played.view == "relative":
        scale = float((X - X[:, -1:]).std())
        change = float((y - X[:, -1]).std())
        return (window - window[:, -1:]) / scale, lambda answer: window[:, -1] + answer * change
    if played.horizon > season:
        raise ValueError(f"seasonal differences need horizon <= {season}, got {played.horizon}")
    changes = X[:, season:] - X[:, :-season]
    mean, deviation = float(changes.mean()), float(changes.std())
    before = window[:, -season : played.window - season + played.horizon, 0]
    return (
        (window[:, season:] - window[:, :-season] - mean) / deviation,
        lambda answer: before + answer * deviation + mean,
    )


def lag_features(seen: Any, steps: int) -> Any:
    """(samples, timesteps, 1) as (samples, steps, 1 + lags): each step with the values before."""
    lags = seen.shape[1] - steps
    shifted = [seen[:, lags - lag : lags - lag + steps] for lag in range(lags + 1)]
    return ops.concatenate(shifted, axis=2)


# ---- Playing ------------------------------------------------------------------------------------


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
    formula = partial(FORMULAS[name], season=season) if name in _SEASONAL else FORMULAS[name]
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


# ---- Reading ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """What one contender reached in one contest.

    Attributes:
        rmse, mae: on test rows, (origins, seeds), in the series' unit; one seed for formulas.
        by_step: RMSE of each step ahead, (origins, horizon), the median over seeds; None for one
            step.
        weights, units, rate: what was chosen; None for formulas.
    """

    rmse: np.ndarray
    mae: np.ndarray
    by_step: np.ndarray | None = None
    weights: int | None = None
    units: int | None = None
    rate: float | None = None

    @property
    def median(self) -> float:
        """The median RMSE over origins and seeds, in the series' unit."""
        return float(np.median(self.rmse))


@dataclass(frozen=True)
class Results:
    """The league as recorded.

    Attributes:
        cells: (contest, contender) -> Cell.
        scales: series -> (origins,): the mean absolute error of the naive forecast (that of a
            season ago, where there is one) on what is trained on, by which MASE divides.
        settings: what the file says about all cells.
    """

    cells: Mapping[tuple[str, str], Cell]
    scales: Mapping[str, np.ndarray]
    settings: Mapping[str, Any]

    def __getitem__(self, cell: tuple[str, str]) -> Cell:
        if cell not in self.cells:
            contests = list(dict.fromkeys(contest for contest, _ in self.cells))
            raise KeyError(f"no cell {cell}; contests {contests}, contenders {list(NAMES)}")
        return self.cells[cell]

    @property
    def seeds(self) -> int:
        """From how many seeds every network has trained at least, at each origin."""
        return min(cell.rmse.shape[1] for cell in self.cells.values() if cell.weights)

    def by_window(self, start: str, name: str, windows: Sequence[int]) -> dict[int, np.ndarray]:
        """Window -> RMSE over origins and seeds, (runs,), of the contests "start, window"."""
        return {window: self[f"{start}, {window}", name].rmse.ravel() for window in windows}

    def mase(self, contest: str, name: str) -> np.ndarray:
        """The mean absolute scaled error, (origins, seeds), without a unit."""
        return self[contest, name].mae / self.scales[CONTESTS[contest].series][:, None]


def scales(series: str) -> np.ndarray:
    """By what MASE divides at each origin, (origins,), in the series' unit."""
    season, known = SERIES[series].season or 1, values(series)
    ends = [split.test.start for split in splits(series)]
    return np.array([np.mean(np.abs(known[season:end] - known[: end - season])) for end in ends])


def _cell(recorded: Mapping[str, Any]) -> Cell:
    by_step = np.array(recorded["by step"]) if "by step" in recorded else None
    return Cell(
        np.array(recorded["rmse"]), np.array(recorded["mae"]), by_step,
        recorded.get("weights"), recorded.get("units"), recorded.get("rate"),
    )  # fmt: skip


def results(file: Path = FILE, *, partial_too: bool = False) -> Results:
    """The league as recorded: every cell of CONTESTS and NAMES.

    Args:
        file: where it is kept.
        partial_too: take a league that is still being played, with the cells it has.

    Raises:
        FileNotFoundError, ValueError: no file, or a cell missing in it; the message says which
            command computes it.
    """
    recorded = json.loads(Path(file).read_text(encoding="utf-8"))
    found: dict[tuple[str, str], Cell | None] = {}
    for contest in CONTESTS:
        for name in filter(partial(plays, contest), NAMES):
            cell = recorded["contests"].get(contest, {}).get(name)
            found[contest, name] = None if cell is None else _cell(cell)
    cells = complete(found, file, "python tests/run_real_league.py", partial_too=partial_too)
    return Results(
        cells,
        {series: np.array(recorded["scales"][series]) for series in SERIES},
        {key: value for key, value in recorded.items() if key != "contests"},
    )


def table(
    recorded: Results, columns: Mapping[str, str], names: Sequence[str], *, head: str = "contender"
) -> Markdown:
    """The median RMSE of each contender over origins and seeds, and its range, in series' units.

    Args:
        recorded: what `results` returned.
        columns: head of a column -> contest.
        names: a row each. A formula sees no view, so what is the same in all columns stands once.
        head: over the names.
    """
    rows = {}
    for name in names:
        errors = [recorded[contest, name].rmse.ravel() for contest in columns.values()]
        if name in NETWORKS:
            rows[name] = [report.spread(several) for several in errors]
        else:
            cells = [f"{np.median(several):.2f}" for several in errors]
            rows[name] = cells if len(set(cells)) > 1 else [cells[0], *[""] * (len(cells) - 1)]
    return report.table(rows, [head, *columns])
