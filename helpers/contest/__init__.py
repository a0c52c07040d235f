"""A contest on a learner's own series: formulas, a line over a window, and three networks.

What is asked of all of them is the same: at each of three times, forecast the values that follow,
from what was known by then. `compare` runs it; what comes of it `helpers.verdict` puts into words.

`layout` divides the series, `models` has who takes part, `candidates` what each of them chose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from helpers import forecasting, inputs
from helpers.contest.candidates import (
    Candidate,
    changed,
    smoothed,
    with_formula,
    with_line,
    with_network,
)
from helpers.contest.layout import MOST_TESTED, MOST_TRAINED, ORIGINS, Plan, plan
from helpers.contest.models import FORMULAS, NETWORKS, RATES, VIEWS, School, formulas, line
from helpers.forecasting import Split
from helpers.seeds import seeds as course_seeds
from helpers.series import times_after
from helpers.training.watching import bar

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

#: Into so many stretches of time the test rows of an origin are cut, to see how errors vary.
BLOCKS = 4


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
    for name, formula in formulas(layout).items():
        found[name, None] = with_formula(name, formula, values, layout)
    found["exponential smoothing", None] = smoothed(values, layout)
    for window in layout.lengths:
        found["linear", window] = with_line(X[:, -window:], y, layout)
    # Each network: a view and two more rates, each window, the other seeds with the best window.
    of_each = len(VIEWS) + len(RATES) - 1 + len(layout.lengths) * ORIGINS + ORIGINS
    with bar(len(NETWORKS) * of_each + 2 * ORIGINS, "auto", "training") as shown:
        school = School(shown.update)
        for name in NETWORKS:
            for candidate in with_network(school, name, X, y, layout, seeds):
                found[name, candidate.window] = candidate
            if name == "GRU":
                orders = changed(school, found[name, layout.longest], X, y, layout, seeds[:1])
            school.forget()
    half = found["GRU", layout.lengths[0]]
    orders["older half cut"] = replace(half, predicted=tuple(p[:1] for p in half.predicted))
    series = series if isinstance(series, pd.Series) else pd.Series(values)
    truth = tuple(y[split.test] for split in layout.splits)
    return Contest(series, layout, truth, scales, found, orders, seeds)


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
        ahead = formulas(layout)[name](values, layout.horizon)
    else:
        X, y = forecasting.windows(values, window, layout.horizon)
        trained, held_out = (
            part.stop - part.start for part in (layout.splits[0].train, layout.splits[0].validation)
        )
        newest = values[None, -window:]
        if name == "linear":
            ahead = line(X[-trained:], y[-trained:])(newest)[0]
        else:
            end = len(X) - held_out - layout.horizon + 1
            split = Split(
                slice(end - trained, end), slice(len(X) - held_out, len(X)), slice(len(X), len(X))
            )
            school = School(lambda: None)
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
