"""Play the league of `helpers.league`: `uv run python tests/run_league.py`.

First every contender plays every task from 5 seeds, then from 10, then from 20, so that a whole
league is there early. Each cell is written to `helpers/league.json` as soon as it is done, and the
command goes on from there when it is called again. A cell whose task, contender, budget or grid has
changed is played anew; so is everything with `--anew`, as after a change of versions. With more
seeds to choose the rate by than before, the choice goes on, and where another rate comes out the
cell begins again.
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

from helpers import league

from league_command import line, parser, replace, tell

LEVELS = (5, 10, 20)
Player = Callable[[str, str, int, dict | None], dict[str, Any]]

_compiled: dict = {}  # of one contender, in a process of its own


def main(arguments: Sequence[str] | None = None, play: Player | None = None) -> int:
    """Run the command with these arguments, or with the command line's; return its status."""
    options = _options(arguments)
    chosen = [cell for cell in _all_cells() if _is_asked_for(cell, options.only)]
    if not chosen:
        raise SystemExit(f"--only {options.only} is no cell: give TASK, /CONTENDER or both")
    if options.anew:
        state = read(options.file)
        for task, name in chosen:
            state["tasks"].get(task, {"contenders": {}})["contenders"].pop(name, None)
        write(state, options.file)
    levels = [*(level for level in LEVELS if level < options.seeds), options.seeds]
    began = time.monotonic()
    for level in levels:
        for name in dict.fromkeys(name for _, name in chosen):
            tasks = [task for task, other in chosen if other == name]
            _play_all(name, tasks, level, options, play)
        tell(f"{level} seeds: complete after {(time.monotonic() - began) / 60:.1f} min")
    return 0


def _play_all(
    name: str, tasks: list[str], level: int, options: argparse.Namespace, play: Player | None
) -> None:
    """Play a contender's cells that are not there yet, and write each one when it is done."""
    before = {task: kept(read(options.file), task, name) for task in tasks}
    to_do = [task for task in tasks if _is_wanted(before[task], level)]
    if not to_do:
        return
    if play:
        for task in to_do:
            _keep(task, name, play(task, name, level, before[task]), options.file)
        return
    # Processes of their own for each contender: what TensorFlow has compiled, it keeps.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, mp_context=context, initializer=_one_thread) as pool:
        running = {pool.submit(_play, t, name, level, before[t]): t for t in to_do}
        for done, future in enumerate(as_completed(running), start=1):
            cell, seconds = future.result()
            _keep(running[future], name, cell, options.file)
            rate = f", rate {cell['rate']}" if "rate" in cell else ""
            tell(
                f"{level} seeds, {name} {done}/{len(to_do)}: {running[future]}{rate}, median "
                f"{statistics.median(cell['errors']):.3g}, {seconds:.0f} s of CPU"
            )


def _is_wanted(cell: dict | None, level: int) -> bool:
    """Whether a cell lacks seeds, be it of the result or of those that choose the rate."""
    if cell is None or len(cell["errors"]) < level:
        return True
    return any(len(errors) < len(league.CHOOSING) for errors in cell.get("validation", {}).values())


def _one_thread() -> None:
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def _play(task: str, name: str, seeds: int, before: dict | None) -> tuple[dict[str, Any], float]:
    began = time.process_time()
    return league.play(task, name, seeds, before, _compiled), time.process_time() - began


# ---- The file -----------------------------------------------------------------------------------


def read(file: Path) -> dict[str, Any]:
    """What is in the file, or a league without cells."""
    if not file.exists():
        return {**league.settings(), "tasks": {}}
    return json.loads(file.read_text(encoding="utf-8"))


def kept(state: dict[str, Any], task: str, name: str) -> dict[str, Any] | None:
    """A cell as recorded, if it was played by the present definitions."""
    cell = state["tasks"].get(task, {"contenders": {}})["contenders"].get(name)
    return cell if cell and cell["signature"] == league.signature(task, name) else None


def write(state: dict[str, Any], file: Path) -> None:
    """Write the file, a line a cell, in the order of the definitions; what is no cell is dropped.

    The file is whole at any time, even if the command is broken off.
    """
    tasks = {}
    for task in league.TASKS:
        entry = state["tasks"].get(task)
        if entry:
            names = [n for n in league.NAMES if n in entry["contenders"] and league.plays(task, n)]
            cells = ",\n".join(f"   {line(n)}: {line(entry['contenders'][n])}" for n in names)
            budget = league.TASKS[task].budget._asdict()
            head = {"no skill": entry["no skill"], "budget": budget}
            tasks[task] = f'{line(head)[:-1]}, "contenders": {{\n{cells}\n  }}}}'
    settings = [f" {line(k)}: {line(v)}" for k, v in league.settings().items()]
    settings.append(f' "seeds": {line(state_seeds(state))}')
    listed = ",\n".join(f"  {line(task)}: {entry}" for task, entry in tasks.items())
    text = "{\n" + ",\n".join([*settings, f' "tasks": {{\n{listed}\n }}']) + "\n}\n"
    replace(file, text)


def state_seeds(state: dict[str, Any]) -> int:
    """How many seeds every cell has at least."""
    cells = [
        state["tasks"].get(task, {"contenders": {}})["contenders"].get(name, {"errors": []})
        for task, name in _all_cells()
    ]
    return min(len(cell["errors"]) for cell in cells)


def _keep(task: str, name: str, cell: dict[str, Any], file: Path) -> None:
    state = read(file)
    entry = state["tasks"].setdefault(task, {"contenders": {}})
    entry["no skill"] = league.no_skill(task)
    entry["contenders"][name] = cell
    write(state, file)


# ---- The command line ---------------------------------------------------------------------------


def _all_cells() -> list[tuple[str, str]]:
    # Contender by contender, the quick ones first.
    return [(task, name) for name in league.NAMES for task in league.TASKS
            if league.plays(task, name)]  # fmt: skip


def _is_asked_for(cell: tuple[str, str], only: str | None) -> bool:
    wanted_task, _, wanted_name = (only or "").partition("/")
    return wanted_task in ("", cell[0]) and wanted_name in ("", cell[1])


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    options = parser(
        __doc__, len(league.SEEDS), league.FILE, jobs="processes at a time, one thread each"
    )
    options.add_argument("--only", metavar="TASK/CONTENDER", help="these cells; TASK or /CONTENDER")
    return options.parse_args(arguments)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
    sys.exit(130)
