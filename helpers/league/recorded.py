"""The league as recorded, and its table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from helpers import report
from helpers.league.tasks import NAMES, TASKS, plays
from helpers.recording import complete

import numpy as np
from IPython.display import Markdown

__all__ = ["FILE", "Cell", "League", "results", "table"]

FILE = Path(__file__).parent.with_suffix(".json")


@dataclass(frozen=True)
class Cell:
    """What one contender reached on one task.

    Attributes:
        errors: RMSE on test rows, (seeds,), in units of y.
        no_skill: that of a guess of the mean.
        rate: the learning rate it began with, chosen on validation rows; None for least squares.
        weights: how many it trains; None for least squares.
        tried: rate -> the errors by which it was chosen, on validation rows, (choosing seeds,), as
            shares of that of no skill; empty for least squares.
    """

    errors: np.ndarray
    no_skill: float
    rate: float | None
    weights: int | None
    tried: Mapping[float, np.ndarray] = field(default_factory=dict)

    @property
    def median(self) -> float:
        """The median error over the seeds, in units of y."""
        return float(np.median(self.errors))

    @property
    def range(self) -> tuple[float, float]:
        """The smallest and the largest error of a seed, in units of y."""
        return float(self.errors.min()), float(self.errors.max())

    @property
    def skills(self) -> np.ndarray:
        """The errors as shares of that of no skill, (seeds,): 0 is perfect, 1 no better."""
        return self.errors / self.no_skill

    @property
    def skill(self) -> float:
        """The median error as a share of that of no skill."""
        return self.median / self.no_skill


@dataclass(frozen=True)
class League:
    """The recorded league.

    Attributes:
        cells: (task, contender) -> Cell.
        seeds: how many every cell has at least.
        settings: budget, grid of rates, seeds for choosing and the versions it was computed with.
    """

    cells: Mapping[tuple[str, str], Cell]
    seeds: int
    settings: Mapping[str, Any]

    @property
    def tasks(self) -> list[str]:
        return list(dict.fromkeys(task for task, _ in self.cells))

    @property
    def names(self) -> list[str]:
        """The contenders, those among them who do not play every task."""
        return [name for name in NAMES if any(name == other for _, other in self.cells)]

    def __getitem__(self, cell: tuple[str, str]) -> Cell:
        if cell not in self.cells:
            raise KeyError(f"no cell {cell}; tasks {self.tasks}, contenders {self.names}")
        return self.cells[cell]

    def best(self, task: str) -> str:
        """The network or least squares with the smallest median error on a task."""
        own = {name: cell.median for (other, name), cell in self.cells.items() if other == task}
        if not own:
            raise KeyError(f"no task {task!r}; there are {self.tasks}")
        return min(own, key=own.get)


def _cell(task: Mapping[str, Any], name: str) -> Cell | None:
    """The cell of a contender, from all that is recorded of a task; None if it has no error yet."""
    recorded = task["contenders"].get(name, {})
    if not recorded.get("errors"):
        return None
    errors, no_skill = np.array(recorded["errors"]), task["no skill"]
    tried = {
        float(rate): np.array(several) / no_skill
        for rate, several in recorded.get("validation", {}).items()
    }
    return Cell(errors, no_skill, recorded.get("rate"), recorded.get("weights"), tried)


def results(file: Path = FILE, *, partial_too: bool = False) -> League:
    """The league as recorded: every cell of TASKS and NAMES.

    Args:
        file: where it is kept.
        partial_too: take a league that is still being played, with the cells it has.

    Raises:
        FileNotFoundError, ValueError: no file, or a cell missing in it; the message says which
            command computes it.
    """
    recorded = json.loads(Path(file).read_text(encoding="utf-8"))
    found = {
        (task, name): _cell(recorded["tasks"].get(task, {"contenders": {}}), name)
        for task, name in product(TASKS, NAMES)
        if plays(task, name)
    }
    cells = complete(found, file, "python tests/run_league.py", partial_too=partial_too)
    seeds = min(len(cell.errors) for cell in cells.values())
    return League(cells, seeds, {k: v for k, v in recorded.items() if k != "tasks"})


def table(
    recorded: League, *, tasks: Sequence[str] | None = None, names: Sequence[str] | None = None
) -> Markdown:
    """The median error of each contender and its range over the seeds, in percent of no skill.

    Args:
        recorded: what `results` returned.
        tasks, names: those to show, in this order; all by default. One row a contender, one column
            a task.

    Raises:
        KeyError: a task or a contender that is not in the league.
    """
    tasks = recorded.tasks if tasks is None else list(tasks)
    rows = {
        name: [
            report.spread(recorded[task, name].skills * 100) if plays(task, name) else "–"
            for task in tasks
        ]
        for name in (recorded.names if names is None else names)
    }
    return report.table(rows, ["error in % of no skill", *tasks])
