"""The figures you can play with: explorers for each notebook from 01 on, a file each.

An explorer is controls round plain functions that draw and train. What a notebook builds in the
open, its networks, tables and budgets, it hands to its explorer, so that they train the same.

- `live`      controls beside a figure, and a thread for what takes longer
- `queue`     the one queue in which all explorers of a kernel work
- `training`  `train`: `repeat` in that queue, with what was compiled kept and counted
"""

from helpers.widgets.data_shaping import window_explorer
from helpers.widgets.inside_memory import start_explorer
from helpers.widgets.longer_lags import memory_explorer
from helpers.widgets.lstm_model import cell_explorer, gate_explorer
from helpers.widgets.mlp_baseline import activation_explorer
from helpers.widgets.normalization_fixes import scaling_explorer
from helpers.widgets.real_series import forecast_explorer

__all__ = [
    "activation_explorer",
    "cell_explorer",
    "forecast_explorer",
    "gate_explorer",
    "memory_explorer",
    "scaling_explorer",
    "start_explorer",
    "window_explorer",
]
