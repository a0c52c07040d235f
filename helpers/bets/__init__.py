"""Bets: a guess is written down with how sure the learner is of it, and settled beside the result.

Notebooks import `bet`, `settle` and `calibration`. Nothing is ever sent anywhere.

- `placing`     what a notebook calls
- `book`        the bets, kept from one session to the next beside what `progress` keeps
- `judging`     whether a bet was right, how far off it was, and what being sure was worth
- `picture`     how often right when so sure, as a figure
- `__main__`    the bets of a class: `python -m helpers.bets FILE ...`
"""

from helpers.bets.placing import bet, calibration, settle

__all__ = ["bet", "calibration", "settle"]
