"""Which rows of a series a contest trains on, chooses by and tests on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from helpers import forecasting, inputs
from helpers.forecasting import Split

__all__ = ["MOST_TESTED", "MOST_TRAINED", "ORIGINS", "Plan", "plan"]

#: How often a stretch of the series is forecast that no model has seen.
ORIGINS = 3
#: Rows that a model is trained on at most, the newest ones, and rows of each test.
MOST_TRAINED, MOST_TESTED = 4000, 500
#: Fewer rows are not worth training on.
LEAST_TRAINED = 30
#: The longest window, unless there is a season, and the longest if there is.
WITHOUT_SEASON, MOST_WINDOW = 32, 24


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
