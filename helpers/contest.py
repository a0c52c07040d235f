"""A contest on a learner's own series: formulas, a line over a window, and three networks.

What is asked of all of them is the same: at each of three times, forecast the values that follow,
from what was known by then. `compare` runs it; what comes of it `helpers.verdict` puts into words.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

from helpers import forecasting, inputs
from helpers.forecasting import Split
from helpers.probes import reordered, shuffled
from helpers.seeds import seeds as course_seeds
from helpers.series import times_after
from helpers.training import Runs, repeat
from helpers.training.memory import give_back
from helpers.training.watching import bar

import keras
import numpy as np
import pandas as pd

__all__ = [
    "BLOCKS",
    "FORMULAS",
    "MOST_TESTED",
    "MOST_TRAINED",
    "NETWORKS",
    "ORIGINS",
    "Candidate",
    "Contest",
    "Plan",
    "compare",
    "forecast",
    "plan",
]

#: How often a stretch of the series is forecast that no model has seen.
ORIGINS = 3
#: Into so many stretches of time the test rows of an origin are cut, to see how errors vary.
BLOCKS = 4
#: Rows that a model is trained on at most, the newest ones, and rows of each test.
MOST_TRAINED, MOST_TESTED = 4000, 500
#: Fewer rows are not worth training on.
LEAST_TRAINED = 30
#: The longest window, unless there is a season, and the longest if there is.
WITHOUT_SEASON, MOST_WINDOW = 32, 24
#: Batches that a network is trained on, rows in each, and how often it sees a row at most.
UPDATES, BATCH, MOST_EPOCHS = 3000, 16, 60
#: Learning rates of Adam that are tried, the middle one first. From there they sink along a cosine.
RATES = (0.006, 0.002, 0.02)
#: How a network may be shown its window.
VIEWS = ("z-scored", "relative")
#: The three networks, the one with the fewest parts first.
NETWORKS: Mapping[str, Callable[[], list[keras.Layer]]] = {
    "MLP": lambda: [keras.layers.Flatten(), keras.layers.Dense(64, activation="relu")],
    "GRU": lambda: [keras.layers.GRU(12)],
    "LSTM": lambda: [keras.layers.LSTM(12)],
}
#: What needs no training. Those with a season in their name need one; the last finds two or three
#: numbers in what is known.
FORMULAS = (
    "mean",
    "persistence",
    "seasonal naive",
    "seasonal naive with drift",
    "mean seasonal change",
    "exponential smoothing",
)


# ---- What is forecast from what ------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """Which rows are trained on, chosen by and tested on.

    A row is a window of the longest length and the `horizon` values that follow it.

    Attributes:
        horizon: values to forecast.
        season: values in a season, or None.
        lengths: of the windows that are tried, half of the longest and that one.
        splits: the rows of each origin, the earliest first; each trains on equally many.
    """

    horizon: int
    season: int | None
    lengths: tuple[int, int]
    splits: tuple[Split, ...]

    @property
    def longest(self) -> int:
        return self.lengths[-1]


def plan(n: int, horizon: int, season: int | None = None) -> Plan:
    """Divide a series of `n` values for the contest.

    A tenth of the rows, and `MOST_TESTED` at most, is the test of each of the `ORIGINS` origins,
    and as many before it are there to choose by. At all origins equally many rows are trained on,
    `MOST_TRAINED` at most, the newest there are. The longest window holds whole seasons, a power of
    two of them, as far as `MOST_WINDOW` allows; the other one is half of it. A short
    series gets shorter windows: it has to hold three times as many rows to train on as values in
    the longest.

    Raises:
        TypeError, ValueError: an argument is not of its kind; the series is too short, in which
            case the message says how many values it takes.
    """
    n, horizon = inputs.count("n", n), inputs.count("horizon", horizon)
    if season is not None:  # what is trained on has to hold two seasons, for the naive forecast
        season = inputs.count("season", season, least=2, most=MOST_TRAINED // 2)
    found = _plan(n, horizon, season)
    if found is None:
        least = next(m for m in range(n + 1, 10**9) if _plan(m, horizon, season))
        about = f"horizon={horizon}" + (f" and season={season}" if season else "")
        raise ValueError(
            f"the series has {n} values, too few: {about} needs at least {least}, for windows, "
            f"{ORIGINS} tests and rows to train on"
        )
    return found


def _plan(n: int, horizon: int, season: int | None) -> Plan | None:
    for longest in _windows_tried(season):
        rows = n - longest - horizon + 1
        tested = min(MOST_TESTED, max(10, rows // 10))
        trained = rows - (ORIGINS + 1) * tested - 2 * (horizon - 1)
        if trained < max(LEAST_TRAINED, 3 * longest):
            continue
        if season and longest + trained + horizon - 1 < 2 * season + 1:
            continue
        origins = forecasting.rolling_origins(
            rows, ORIGINS, validation=tested, test=tested, gap=horizon - 1
        )
        trained = min(trained, MOST_TRAINED)
        splits = [s._replace(train=slice(s.train.stop - trained, s.train.stop)) for s in origins]
        lengths = (math.ceil(longest / 2), longest)
        return Plan(horizon, season, lengths, tuple(splits))
    return None


def _windows_tried(season: int | None) -> Iterator[int]:
    """The longest window, and shorter ones for a series that is too short for it."""
    longest = WITHOUT_SEASON
    if season:
        longest = MOST_WINDOW if season > MOST_WINDOW else season
        while 2 * longest <= MOST_WINDOW:
            longest *= 2
    while longest >= 6:
        yield longest
        longest //= 2


# ---- The contest ---------------------------------------------------------------------------------


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


@dataclass(frozen=True)
class Contest:
    """All that was forecast, and what came.

    Attributes:
        series: as it was given.
        plan: the rows.
        truth: for each origin the values of its test rows, (samples, horizon).
        scales: for each origin what an error of 1 MASE is, in the unit of the series.
        candidates: every formula, and every other model with each window, by name and window. A
            network has all seeds with the window that validation rows chose, and one with others.
        changed: the GRU with the longest window "as they are", trained and tested on windows that
            were "shuffled" or had their "older half reordered", or "older half cut"; from one seed.
        seeds: of the networks.
    """

    series: pd.Series = field(repr=False)
    plan: Plan
    truth: tuple[np.ndarray, ...] = field(repr=False)
    scales: tuple[float, ...]
    candidates: Mapping[tuple[str, int | None], Candidate] = field(repr=False)
    changed: Mapping[str, Candidate] = field(repr=False)
    seeds: tuple[int, ...]

    @property
    def finalists(self) -> dict[str, Candidate]:
        """Each model with the window that validation rows chose, the simplest first."""
        best: dict[str, Candidate] = {}
        for candidate in self.candidates.values():
            before = best.get(candidate.name)
            if before is None or candidate.chosen < before.chosen:
                best[candidate.name] = candidate
        return best

    def mase(self, candidate: Candidate) -> np.ndarray:
        """The error of each origin and seed, (origins, seeds), in units of `scales`."""
        return self.blocks(candidate, 1)[:, :, 0]

    def rmse(self, candidate: Candidate) -> np.ndarray:
        """The same as a root of mean squares in the unit of the series, (origins, seeds)."""
        pairs = zip(candidate.predicted, self.truth, strict=True)
        return np.array([np.sqrt(np.mean((p - y) ** 2, axis=(1, 2))) for p, y in pairs])

    def blocks(self, candidate: Candidate, blocks: int = BLOCKS) -> np.ndarray:
        """The MASE of each stretch of test rows, (origins, seeds, blocks)."""
        errors = []
        for predicted, y, scale in zip(candidate.predicted, self.truth, self.scales, strict=True):
            off = np.abs(predicted - y).mean(axis=2) / scale  # (seeds, samples)
            errors.append([part.mean(axis=1) for part in np.array_split(off, blocks, axis=1)])
        return np.moveaxis(np.array(errors), 1, 2)


def compare(
    series: pd.Series | np.ndarray,
    horizon: int = 1,
    season: int | None = None,
    *,
    seeds: Sequence[int] | None = None,
) -> Contest:
    """Let all models forecast the series at each origin, and try what order is worth.

    What is chosen is chosen on rows that come before every test: on the validation rows of the
    first origin each network chooses how it sees its window (z-scored by the rows trained on, or
    relative to its newest value) and its learning rate, and each model that sees a window how long
    that is. A network keeps the epoch that was best on the validation rows of its origin. Forecasts
    are direct: one output for each step ahead.

    Args:
        series: shape (time,), oldest first, such as a pandas Series from `read_series`.
        horizon: values to forecast.
        season: values in a season, such as 12 for months; None if there is none.
        seeds: of the networks; three by default.

    Raises:
        TypeError, ValueError: an argument is not of its kind; the series is too short (see `plan`),
            or it repeats itself so exactly that there is nothing to compare.
    """
    values = inputs.array("series", series, axes=[["time"]]).astype(np.float64)
    layout = plan(len(values), horizon, season)
    seeds = tuple(course_seeds(3) if seeds is None else seeds)
    X, y = forecasting.windows(values, layout.longest, layout.horizon)
    scales = tuple(_scale(values, layout, split) for split in layout.splits)

    found: dict[tuple[str, int | None], Candidate] = {}
    for name, formula in _formulas(layout).items():
        found[name, None] = _with_formula(name, formula, values, layout)
    found["exponential smoothing", None] = _smoothed(values, layout)
    for window in layout.lengths:
        found["linear", window] = _with_line(X[:, -window:], y, layout)
    # Each network: a view and two more rates, each window, the other seeds with the best window.
    of_each = len(VIEWS) + len(RATES) - 1 + len(layout.lengths) * ORIGINS + ORIGINS
    with bar(len(NETWORKS) * of_each + 2 * ORIGINS, "auto", "training") as shown:
        school = _School(shown.update)
        for name in NETWORKS:
            for candidate in _with_network(school, name, X, y, layout, seeds):
                found[name, candidate.window] = candidate
            if name == "GRU":
                changed = _changed(school, found[name, layout.longest], X, y, layout, seeds[:1])
            school.forget()
    half = found["GRU", layout.lengths[0]]
    changed["older half cut"] = replace(half, predicted=tuple(p[:1] for p in half.predicted))
    series = series if isinstance(series, pd.Series) else pd.Series(values)
    truth = tuple(y[split.test] for split in layout.splits)
    return Contest(series, layout, truth, scales, found, changed, seeds)


def _scale(values: np.ndarray, layout: Plan, split: Split) -> float:
    """What the (seasonal) naive forecast of one step is off by, on what is trained on."""
    trained = values[split.train.start : split.train.stop + layout.longest + layout.horizon - 1]
    season = layout.season or 1
    scale = np.mean(np.abs(trained[season:] - trained[:-season]))
    if scale <= 1e-12 * np.abs(trained).max():
        raise ValueError(
            f"the {len(trained)} values that are trained on repeat themselves every {season}, so "
            "there is nothing to compare: the value of a season ago is exact"
        )
    return float(scale)


# ---- Formulas and a line -------------------------------------------------------------------------


def _formulas(layout: Plan) -> dict[str, forecasting.Baseline]:
    plain = {"mean": forecasting.mean, "persistence": forecasting.persistence}
    season = layout.season
    if season is None:
        return plain
    known = layout.splits[0].test.start + layout.longest
    seasons = min(10, (known - 1) // season)
    return plain | {
        "seasonal naive": partial(forecasting.seasonal_naive, season=season),
        "seasonal naive with drift": partial(forecasting.seasonal_naive_with_drift, season=season),
        "mean seasonal change": partial(
            forecasting.mean_seasonal_change, season=season, seasons=seasons
        ),
    }


def _with_formula(
    name: str, formula: forecasting.Baseline, values: np.ndarray, layout: Plan
) -> Candidate:
    predicted = []
    for split in layout.splits:
        known = split.test.start + layout.longest
        end = split.test.stop + layout.longest + layout.horizon - 1
        predicted.append(forecasting.backtest(formula, values[:end], known, layout.horizon)[None])
    return Candidate(name, None, math.nan, tuple(predicted))


def _smoothed(values: np.ndarray, layout: Plan) -> Candidate:
    predicted = []
    for split in layout.splits:
        known = split.test.start + layout.longest
        end = split.test.stop + layout.longest
        forecasts = forecasting.exponential_smoothing(
            values[: end - 1], known, layout.horizon, season=layout.season
        )
        predicted.append(forecasts[None])
    return Candidate("exponential smoothing", None, math.nan, tuple(predicted))


def _with_line(X: np.ndarray, y: np.ndarray, layout: Plan) -> Candidate:
    lines = [_line(X[split.train], y[split.train]) for split in layout.splits]
    held_out = layout.splits[0].validation
    predicted = [
        line(X[split.test])[None] for line, split in zip(lines, layout.splits, strict=True)
    ]
    chosen = forecasting.mae(y[held_out], lines[0](X[held_out]))
    return Candidate("linear", X.shape[1], chosen, tuple(predicted))


def _line(X: np.ndarray, y: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Least squares from windows to what follows: a weight for each value, and a constant."""
    center = X.mean()  # numbers near zero keep their digits

    def columns(X: np.ndarray) -> np.ndarray:
        return np.column_stack([X - center, np.ones(len(X))])

    weights = np.linalg.lstsq(columns(X), y - center, rcond=None)[0]
    return lambda X: columns(X) @ weights + center


# ---- Networks ------------------------------------------------------------------------------------

#: From windows, (samples, window), to forecasts, (seeds, samples, horizon), in the series' unit.
_Forecasts: TypeAlias = Callable[[np.ndarray], np.ndarray]


class _School:
    """Trains networks, and compiles each only once for rows of equal number and length."""

    def __init__(self, progress: Callable[[], object]) -> None:
        self._progress = progress
        self._like: dict[tuple, Runs] = {}

    def train(
        self,
        name: str,
        X: np.ndarray,
        y: np.ndarray,
        split: Split,
        view: str,
        rate: float,
        seeds: Sequence[int],
    ) -> _Forecasts:
        """Train on the rows of a split, and keep of each seed the epoch best in validation."""
        shown = _View(view, X[split.train], y[split.train])
        trained, held_out = (shown.rows(X[s], y[s]) for s in (split.train, split.validation))
        epochs = min(MOST_EPOCHS, math.ceil(UPDATES / math.ceil(len(trained[0]) / BATCH)))
        key = name, X.shape[1]
        runs = repeat(
            partial(_network, name, X.shape[1], y.shape[1], rate),
            *trained,
            seeds,
            like=self._like.get(key),
            batch_size=BATCH,
            epochs=epochs,
            validation_data=held_out,
            callbacks=[
                keras.callbacks.LearningRateScheduler(partial(_sinking, rate, epochs)),
                keras.callbacks.EarlyStopping(patience=epochs, restore_best_weights=True),
            ],
            verbose=0,
        )
        self._like.setdefault(key, runs)
        self._progress()
        return lambda X: shown.back(runs.predict(shown.windows(X)), X)

    def forget(self) -> None:
        """Give back the memory of what is compiled, some 30 MB for each network and window."""
        self._like.clear()
        gc.collect()
        give_back()


class _View:
    """How a network is shown windows: z-scored, or relative to their newest value.

    Mean and spread are those of the rows trained on. Targets are changed in the same way, and
    forecasts changed back.
    """

    def __init__(self, name: str, X: np.ndarray, y: np.ndarray) -> None:
        self._relative = name == "relative"
        self._mean = 0.0 if self._relative else X.mean()
        self._inputs = self._shifted(X, X).std() or 1.0
        # Further ahead, values lie further from the newest one than those of the window do.
        self._targets = self._shifted(y, X).std() or 1.0

    def _shifted(self, values: np.ndarray, X: np.ndarray) -> np.ndarray:
        return values - (X[:, -1:] if self._relative else self._mean)

    def windows(self, X: np.ndarray) -> np.ndarray:
        """(samples, window) -> (samples, timesteps, features)."""
        return (self._shifted(X, X) / self._inputs)[:, :, None]

    def rows(self, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return self.windows(X), self._shifted(y, X) / self._targets

    def back(self, outputs: np.ndarray, X: np.ndarray) -> np.ndarray:
        return outputs * self._targets + (X[:, -1:] if self._relative else self._mean)


def _network(name: str, window: int, horizon: int, rate: float) -> keras.Model:
    layers = [keras.Input((window, 1)), *NETWORKS[name](), keras.layers.Dense(horizon)]
    model = keras.Sequential(layers)
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(rate))
    return model


def _sinking(rate: float, epochs: int, epoch: int, _: float) -> float:
    return rate * (1 + math.cos(math.pi * epoch / epochs)) / 2


def _with_network(
    school: _School, name: str, X: np.ndarray, y: np.ndarray, layout: Plan, seeds: Sequence[int]
) -> list[Candidate]:
    """The network with each window; with the one that validation rows choose, from all seeds."""
    first = layout.splits[0]

    def trained(window: int, split: Split, view: str, rate: float, seeds: Sequence[int]):
        return school.train(name, X[:, -window:], y, split, view, rate, seeds)

    def off(forecasts: _Forecasts, window: int) -> float:
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


def _changed(
    school: _School,
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


# ---- What comes next -----------------------------------------------------------------------------


def forecast(contest: Contest, candidate: Candidate, coverage: float = 0.9) -> pd.DataFrame:
    """The values behind the end of the series, by one of the candidates, with an interval.

    A model that learns is trained once more, on the newest rows there are; a network's forecast is
    the median over its seeds. The interval is that of `forecasting.conformal_halfwidth` at each
    step ahead, from the errors on the test rows of all origins: rows that no model was trained on
    or chosen by. It promises its coverage only for a future that is like these.

    Args:
        candidate: one of `contest.candidates`.
        coverage: of the interval.

    Returns:
        The columns "forecast", "low" and "high" in the unit of the series, a row for each of the
        `horizon` times that follow.
    """
    values, layout = contest.series.to_numpy(np.float64), contest.plan
    name, window = candidate.name, candidate.window
    if name == "exponential smoothing":
        ahead = forecasting.exponential_smoothing(
            values, len(values), layout.horizon, season=layout.season
        )[0]
    elif window is None:
        ahead = _formulas(layout)[name](values, layout.horizon)
    else:
        X, y = forecasting.windows(values, window, layout.horizon)
        trained, held_out = (
            part.stop - part.start for part in (layout.splits[0].train, layout.splits[0].validation)
        )
        newest = values[None, -window:]
        if name == "linear":
            ahead = _line(X[-trained:], y[-trained:])(newest)[0]
        else:
            end = len(X) - held_out - layout.horizon + 1
            split = Split(
                slice(end - trained, end), slice(len(X) - held_out, len(X)), slice(len(X), len(X))
            )
            school = _School(lambda: None)
            forecasts = school.train(
                name, X, y, split, candidate.view, candidate.rate, contest.seeds
            )
            ahead = np.median(forecasts(newest), axis=0)[0]
    residuals = np.concatenate([
        y - np.median(predicted, axis=0)
        for predicted, y in zip(candidate.predicted, contest.truth, strict=True)
    ])  # fmt: skip
    half = np.array([forecasting.conformal_halfwidth(step, coverage) for step in residuals.T])
    table = {"forecast": ahead, "low": ahead - half, "high": ahead + half}
    return pd.DataFrame(table, index=times_after(contest.series.index, layout.horizon))
