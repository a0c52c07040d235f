"""The league as recorded, and its tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from helpers import report
from helpers.real_league.contests import CONTESTS, NAMES, NETWORKS, SERIES, plays
from helpers.recording import complete

import numpy as np
from IPython.display import Markdown

__all__ = ["FILE", "Cell", "Results", "results", "table"]

FILE = Path(__file__).parent.with_suffix(".json")


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


def _cell(recorded: Mapping[str, Any] | None) -> Cell | None:
    if recorded is None:
        return None
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
    found = {
        (contest, name): _cell(recorded["contests"].get(contest, {}).get(name))
        for contest, name in product(CONTESTS, NAMES)
        if plays(contest, name)
    }
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
