"""What our own runs found of each claim: whether luck can move it, and in how many it held.

`claims.json`, beside this file, is written by `tests/survey_claims.py`, which runs the notebooks
from many seeds. For each notebook it names the offsets of these seeds and, in the order of the
notebook, its claims: with null for one that is exact, or with the list of the offsets in which it
did not come out true for one that luck can move. `code` tells whether two surveys ran the same
code.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path

__all__ = ["RECORD", "Found", "forget", "found", "suffix"]

#: The file that is read; a test may put another in its place.
RECORD = Path(__file__).with_name("claims.json")


@dataclass(frozen=True)
class Found:
    """What the survey found of one claim.

    Attributes:
        notebook: the notebook that makes the claim, such as "02_lstm_model".
        held: the number of runs in which it held; None for a claim that luck cannot move.
        runs: how many there were, each from seeds of its own.
    """

    notebook: str
    held: int | None
    runs: int

    @property
    def luck(self) -> bool:
        """Whether luck can move the claim."""
        return self.held is not None


def found(sentence: str) -> Found | None:
    """What is known of the claim that reads `sentence`, its bound filled in; None if nothing is."""
    return _record(RECORD).get(sentence)


def suffix(sentence: str) -> str:
    """What stands behind a true claim: " (held in 24 of 24 runs)", or nothing if it is exact."""
    known = found(sentence)
    return f" (held in {known.held} of {known.runs} runs)" if known and known.luck else ""


def forget() -> None:
    """Read the file anew when it is next asked for."""
    _record.cache_clear()


@functools.cache
def _record(path: Path) -> dict[str, Found]:
    if not path.is_file():
        return {}
    known = {}
    for notebook, survey in json.loads(path.read_text(encoding="utf-8")).items():
        runs = len(survey["offsets"])
        for sentence, missed in survey["claims"].items():
            held = None if missed is None else runs - len(missed)
            known[sentence] = Found(notebook, held, runs)
    return known
