"""The bets of a class: `uv run python -m helpers.bets FILE ... [--picture class.png]`.

Each FILE is the `.lstm-or-mlp-bets.json` of one learner. It prints each bet with how many were
right and how sure they were, and all of them together, and draws the picture of the class.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from helpers.bets import picture
from helpers.bets.book import bets_in
from helpers.bets.judging import Bet, by_sureness
from helpers.bets.placing import summary

import numpy as np
from matplotlib.figure import Figure


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m helpers.bets", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--picture", type=Path, default=Path("class.png"))
    chosen = parser.parse_args(arguments)
    settled: list[Bet] = []
    for path in chosen.files:
        try:
            bets = bets_in(path.read_bytes())
        except OSError as error:
            parser.error(f"{path}: {error.strerror}")
        if bets is None:
            parser.error(f"{path} holds no bets of this course")
        settled += [bet for bet in bets.values() if bet.right is not None]
    if not settled:
        print("No bet is settled yet.")
        return 1
    for name in sorted({bet.name for bet in settled}):
        same = [bet for bet in settled if bet.name == name]
        right = sum(bool(bet.right) for bet in same)
        print(f"{name:24} {right} of {len(same)} right, {np.mean([b.sure for b in same]):.0%} sure")
    print(summary(settled))
    figure = Figure(figsize=(4.6, 4.2), layout="constrained")
    picture.draw(figure.subplots(), by_sureness(settled))
    figure.savefig(chosen.picture, dpi=150)
    print(f"drawn in {chosen.picture}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
