"""The league: every contender on every task, at its best rate of a few, over many seeds.

That takes an hour and more, so `uv run python tests/run_league.py` computes it and keeps it in
`league.json` beside this folder. Notebooks read it with `results`, and say that they do.

`tasks` says what is played, `playing` chooses and judges, `recorded` reads.
"""

from helpers.league.playing import (
    CHOOSING,
    RATES,
    SEEDS,
    network_error,
    no_skill,
    play,
    settings,
    signature,
)
from helpers.league.recorded import FILE, Cell, League, results, table
from helpers.league.tasks import NAMES, ONE_STEP, TASKS, TIMESTEPS, Task, plays, rows

__all__ = ["CHOOSING", "FILE", "NAMES", "ONE_STEP", "RATES", "SEEDS", "TASKS", "TIMESTEPS", "Cell",
           "League", "Task", "network_error", "no_skill", "play", "plays", "results", "rows",
           "settings", "signature", "table"]  # fmt: skip
