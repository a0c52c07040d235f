"""Pictures where people would rather look than read: an array, an LSTM, models, tasks, the chart.

They are drawn from real numbers, in the style of `helpers.plots`. What has no axes is drawn on a
sheet measured in inches.

- `arrays`  an array with its three axes
- `cell`    one step of an LSTM, and the steps of a window in a row
- `inside`  gates over a window, and the ceiling of the output
- `views`   how models look at a window
- `rows`    a row of each task of notebook 05
- `chart`   questions, and what to do
- `pen`     what they are drawn with
"""

from helpers.drawings.arrays import array
from helpers.drawings.cell import lstm_cell
from helpers.drawings.chart import decision_chart
from helpers.drawings.inside import ceilings, gates
from helpers.drawings.rows import tasks
from helpers.drawings.views import views

__all__ = ["array", "ceilings", "decision_chart", "gates", "lstm_cell", "tasks", "views"]
