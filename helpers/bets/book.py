"""The bets, kept from one session to the next.

They lie beside what `progress` keeps: in `.lstm-or-mlp-bets.json` in the home folder, or, if
`COURSE_PROGRESS_FILE` names another file, under its name with `-bets` before the ending; set to
nothing, it keeps none. Each line is a bet, as a JSON object. A file that holds anything else is
somebody else's: it is neither read nor changed.
"""

from __future__ import annotations

import contextlib
import json

from helpers.bets.judging import Bet, plain
from helpers.exercises.answers import shown
from helpers.exercises.keeping import NAME, place, read_ours, write_whole
from helpers.exercises.lock import alone

__all__ = ["Book", "bets_in"]

ENDING = "-bets"
START = '{"bet": "'


class Book:
    """The bets of this session and those of the file."""

    def __init__(self) -> None:
        self._here: dict[str, Bet] = {}
        self._told = False

    def bets(self) -> dict[str, Bet]:
        """All bets by name; those of this session alone where the file cannot be read."""
        bets: dict[str, Bet] = {}
        with contextlib.suppress(OSError, RuntimeError, ValueError):
            path = place(ENDING)
            if path is not None:
                bets = read_ours(path, bets_in)
        return bets | self._here

    def put(self, bet: Bet) -> str:
        """Keep a bet. Return why it cannot be kept, once in a session, or nothing."""
        self._here[bet.name] = bet
        try:
            path = place(ENDING)
            if path is not None:
                with alone(path):
                    # Another notebook may have added its own.
                    write_whole(path, _written(read_ours(path, bets_in) | self._here))
        except (OSError, RuntimeError, ValueError) as error:
            if not self._told:
                self._told = True
                return shown(getattr(error, "strerror", None) or error)
        return ""


def bets_in(content: bytes) -> dict[str, Bet] | None:
    """The bets in a file of ours, whole or torn; None if it is not ours."""
    if not content.strip(b"\0 \t\r\n"):  # empty, or zeros, as a crash leaves it
        return {}
    try:
        *lines, torn = content.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return None
    # Written whole, it ends with a line's end. What a full disk has cut off is no bet.
    cut_off = torn.startswith(START) or (lines and START.startswith(torn))
    if not cut_off:
        return None
    bets = [_bet(line) for line in lines]
    return None if None in bets else {bet.name: bet for bet in bets}


def _bet(line: str) -> Bet | None:
    try:
        said = json.loads(line)
        bet = Bet(said["bet"], plain(said["guess"]), float(said["sure"]), said["right"])
        ours = NAME.fullmatch(bet.name) and 0 <= bet.sure <= 1 and bet.right in (True, False, None)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return bet if ours else None


def _written(bets: dict[str, Bet]) -> str:
    lines = (
        {"bet": bet.name, "guess": bet.guess, "sure": bet.sure, "right": bet.right}
        for bet in bets.values()
    )
    return "".join(json.dumps(line, ensure_ascii=True) + "\n" for line in lines)
