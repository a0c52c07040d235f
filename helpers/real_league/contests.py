"""What the league of real series plays: series, origins, contests, who takes part, and the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from helpers import forecasting
from helpers.series import read_series

import numpy as np

__all__ = ["CONTESTS", "FORMULAS", "NAMES", "NETWORKS", "ORIGINS", "SEASONAL", "SERIES", "UNITS",
           "Contest", "Known", "plays", "rows", "scales", "splits", "values"]  # fmt: skip

#: Times from which the rest of a series is forecast.
ORIGINS = 3
#: The widths that a network chooses from. The convolution has the one of notebook 05.
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
SEASONAL = ("seasonal naive", "seasonal naive with drift", "mean seasonal change")
NAMES = (*FORMULAS, *NETWORKS)


def plays(contest: str, name: str) -> bool:
    """Whether this contender takes part in this contest."""
    played = CONTESTS[contest]
    if name in SEASONAL:
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
    path = Path(__file__).parents[2] / "notebooks" / "data" / known.file
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


def scales(series: str) -> np.ndarray:
    """By what MASE divides at each origin, (origins,), in the series' unit."""
    season, known = SERIES[series].season or 1, values(series)
    ends = [split.test.start for split in splits(series)]
    return np.array([np.mean(np.abs(known[season:end] - known[: end - season])) for end in ends])
