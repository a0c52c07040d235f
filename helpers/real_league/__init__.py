"""The league of real series: formulas and networks on CO2 and on the laser, several origins, seeds.

That takes an hour and more, so `uv run python tests/run_real_league.py` computes it and keeps it in
`real_league.json` beside this folder. Notebook 06 reads it with `results`, and says that it does.

`contests` says what is played, `networks` builds, `playing` chooses and judges, `recorded` reads.
"""

from helpers.real_league.contests import (
    CONTESTS,
    FORMULAS,
    NAMES,
    NETWORKS,
    ORIGINS,
    SERIES,
    UNITS,
    Contest,
    Known,
    plays,
    rows,
    splits,
    values,
)
from helpers.real_league.networks import lag_features, network
from helpers.real_league.playing import (
    CHOOSING,
    RATES,
    SEEDS,
    chooses,
    play,
    settings,
    signature,
)
from helpers.real_league.recorded import FILE, Cell, Results, results, table

__all__ = ["CHOOSING", "CONTESTS", "FILE", "FORMULAS", "NAMES", "NETWORKS", "ORIGINS", "RATES",
           "SEEDS", "SERIES", "UNITS", "Cell", "Contest", "Known", "Results", "chooses",
           "lag_features", "network", "play", "plays", "results", "rows", "settings", "signature",
           "splits", "table", "values"]  # fmt: skip
