"""Play the league of `helpers.real_league`: `uv run python tests/run_real_league.py`.

First every contender plays every contest from 3 seeds, then from 10. Each cell is written to
`helpers/real_league.json` as soon as it is done, and the command goes on from there when it is
called again. A cell whose contest, series or budget has changed is played anew; so is everything
with `--anew`, as after a change of versions or of a network. Where the widths and rates on offer
have changed, or the seeds that choose, what was tried before counts on.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path
from typing import Any

from helpers import real_league as league

from league_command import line, parser, replace, tell

LEVELS = (3, 5, 10)
Player = Callable[[str, str, int, dict | None], dict[str, Any]]


def main(arguments: Sequence[str] | None = None, play: Player = league.play) -> int:
    """Run the command with these arguments, or with the command line's; return its status."""
    options = _options(arguments)
    cells = [
        (contest, name) for name in league.NAMES for contest in league.CONTESTS
        if league.plays(contest, name) and options.only in f"{contest}/{name}"
    ]  # fmt: skip
    if not cells:
        raise SystemExit(f"--only {options.only} is in no CONTEST/CONTENDER")
    if options.anew:
        state = read(options.file)
        for contest, name in cells:
            state["contests"].get(contest, {}).pop(name, None)
        write(state, options.file)
    for level in [*(level for level in LEVELS if level < options.seeds), options.seeds]:
        to_do = [cell for cell in cells if _seeds(options.file, *cell) < level]
        for done, (contest, name, cell, seconds) in enumerate(_played(to_do, level, options, play)):
            state = read(options.file)
            state["contests"].setdefault(contest, {})[name] = cell
            write(state, options.file)
            median = statistics.median(error for errors in cell["rmse"] for error in errors)
            tell(f"{level} seeds, {done + 1}/{len(to_do)}: {contest}/{name}, median {median:.3g}, "
                  f"{seconds:.0f} s")  # fmt: skip
        tell(f"{level} seeds: complete")
    return 0


def _played(to_do: list[tuple[str, str]], level: int, options: argparse.Namespace, play: Player):
    """Play the cells, several at a time, and give each one when it is done."""
    before = {cell: kept(read(options.file), *cell) for cell in to_do}
    if options.jobs == 0:
        for contest, name in to_do:
            yield contest, name, *_timed(play, contest, name, level, before[contest, name])
        return
    # Processes of their own for each contender: what TensorFlow has compiled, it keeps.
    context = multiprocessing.get_context("spawn")
    for name in dict.fromkeys(name for _, name in to_do):
        with ProcessPoolExecutor(options.jobs, mp_context=context) as pool:
            running = {
                pool.submit(_timed, play, contest, name, level, before[contest, name]): contest
                for contest, other in to_do if other == name
            }  # fmt: skip
            for future in as_completed(running):
                yield running[future], name, *future.result()


def _timed(play: Player, contest: str, name: str, level: int, before: dict | None) -> tuple:
    began = time.monotonic()
    return play(contest, name, level, before), time.monotonic() - began


# ---- The file -----------------------------------------------------------------------------------


def read(file: Path) -> dict[str, Any]:
    """What is in the file, or a league without cells."""
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"contests": {}}


def kept(state: dict[str, Any], contest: str, name: str) -> dict[str, Any] | None:
    """A cell as recorded, if it was played by the present definitions."""
    cell = state["contests"].get(contest, {}).get(name)
    return cell if cell and cell["signature"] == league.signature(contest) else None


def _seeds(file: Path, contest: str, name: str) -> int:
    """How many seeds a cell has whose choice is complete; a formula has no luck, so it has all."""
    cell = kept(read(file), contest, name)
    if cell is None or (name in league.NETWORKS and not league.chooses(cell, name)):
        return 0
    return len(cell["rmse"][0]) if name in league.NETWORKS else sys.maxsize


def write(state: dict[str, Any], file: Path) -> None:
    """Write the file, a line a cell, in the order of the definitions; what is no cell is dropped.

    The file is whole at any time, even if the command is broken off.
    """
    contests = []
    for contest in league.CONTESTS:
        cells = state["contests"].get(contest, {})
        lines = [f"   {line(name)}: {line(cells[name])}" for name in league.NAMES
                 if name in cells and league.plays(contest, name)]  # fmt: skip
        if lines:
            contests.append(f"  {line(contest)}: {{\n" + ",\n".join(lines) + "\n  }")
    head = [f" {line(key)}: {line(value)}" for key, value in league.settings().items()]
    text = "{\n" + ",\n".join(head) + ',\n "contests": {\n' + ",\n".join(contests) + "\n }\n}\n"
    replace(file, text)


# ---- The command line ---------------------------------------------------------------------------


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    options = parser(
        __doc__, len(league.SEEDS), league.FILE, jobs="processes at a time; 0 for this one"
    )
    options.add_argument("--only", metavar="TEXT", default="", help="cells in whose name it is")
    return options.parse_args(arguments)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
    sys.exit(130)
