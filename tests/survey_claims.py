"""How often each claim of the course holds: `uv run python tests/survey_claims.py --offsets 24`.

Runs the notebooks from many seeds, as many at a time as there are cores, and prints for each claim
in how many runs it held and how far inside its bound, worst first. Each notebook is run twice more
with training that is in vain, to find out which true or false claims training decides.

A run that is done is kept in the folder `.survey`, so that the command goes on where it was broken
off; once a notebook's code, the helpers or a package's version change, its runs are made anew.
`--record` then writes what was found to `helpers/claims.json` and behind the stored ticks of the
notebooks. Ends with status 1 if a claim failed in some run, or a run did not come to its end.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from helpers import claims

import nbformat
from survey import figures, record, runs

#: Between two offsets: no notebook takes so many seeds.
STEP = 1000


@dataclass(frozen=True)
class Job:
    """One run that is wanted."""

    path: Path
    offset: int = 0
    lesson: str | None = None

    def __str__(self) -> str:
        training = f", {self.lesson} learned" if self.lesson else f", offset {self.offset}"
        return self.path.stem + training


def main(arguments: Sequence[str] | None = None, run: Callable[..., runs.Run] = runs.run) -> int:
    """Run the command with these arguments, or with the command line's; return its status."""
    options = _options(arguments)
    paths = _chosen(options.notebooks)
    offsets = [options.first + STEP * n for n in range(options.offsets)]
    jobs = [Job(path, lesson=lesson) for path in paths for lesson in runs.VAIN]
    jobs += [Job(path, offset) for path in paths for offset in offsets]
    done, failed = carry_out(jobs, options.folder, options.jobs, run)

    found = {}
    for path in paths:
        own = [run for job, run in done.items() if job.path == path]
        tried = [run for run in own if run.lesson is None]
        if tried:
            found[path] = figures.figures(tried, [run for run in own if run.lesson])
    report(found, done, failed)
    if options.record:
        complete = {path: said for path, said in found.items() if path not in failed}
        keep_record(complete)
    held = all(not one.missed for said in found.values() for one in said)
    errors = any(run.error for run in done.values() if run.lesson is None)
    return 0 if held and not failed and not errors else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    whole = partial(_whole, least=1)
    parser.add_argument("--offsets", type=whole, default=24, help="how many seeds (24)")
    parser.add_argument(
        "--first",
        type=partial(_whole, least=0),
        default=STEP,
        help=f"the first COURSE_SEED_OFFSET ({STEP}); the others follow in steps of {STEP}",
    )
    parser.add_argument(
        "--notebooks", nargs="+", metavar="02", help="how their names begin; all if not given"
    )
    parser.add_argument("--jobs", type=whole, default=_cores(), help="runs at a time (the cores)")
    parser.add_argument(
        "--record", action="store_true", help="write helpers/claims.json and the stored ticks"
    )
    parser.add_argument(
        "--folder", type=Path, default=runs.ROOT / ".survey", help="where runs are kept (.survey)"
    )
    return parser.parse_args(arguments)


def _whole(text: str, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {least}")
    return int(text)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _chosen(names: Sequence[str] | None) -> list[Path]:
    chosen = [path for path in runs.NOTEBOOKS if not names or path.name.startswith(tuple(names))]
    for name in names or []:
        if not any(path.name.startswith(name) for path in chosen):
            known = ", ".join(path.stem for path in runs.NOTEBOOKS)
            raise SystemExit(f"no notebook's name begins with {name!r}; there are {known}")
    return chosen


# ---- The runs -----------------------------------------------------------------------------------


def carry_out(
    jobs: Sequence[Job],
    folder: Path,
    at_a_time: int,
    run: Callable[..., runs.Run],
) -> tuple[dict[Job, runs.Run], dict[Path, list[str]]]:
    """Make the runs that are not in `folder` yet, the longest first, and keep each one there.

    Args:
        jobs: the runs that are wanted.
        folder: where earlier runs are.
        at_a_time: how many notebooks may run at once.
        run: what makes one run.

    Returns:
        The runs, and for each notebook what ended those runs that did not come to their end.
    """
    code = {path: runs.code_of(path) for path in {job.path for job in jobs}}
    files = {
        job: runs.kept_at(folder, job.path.stem, code[job.path], job.offset, job.lesson)
        for job in jobs
    }
    done = {job: kept for job, file in files.items() if (kept := runs.kept(file)) is not None}
    to_do = _longest_first([job for job in jobs if job not in done], folder)
    if done:
        _tell(f"{len(done)} of {len(jobs)} runs are there already, in {folder.name}")
    failed: dict[Path, list[str]] = {}
    began = time.monotonic()
    with ThreadPoolExecutor(at_a_time) as pool:
        running = {pool.submit(run, job.path, job.offset, job.lesson): job for job in to_do}
        try:
            for finished, future in enumerate(as_completed(running), start=1):
                job = running[future]
                count = f"[{len(jobs) - len(to_do) + finished}/{len(jobs)}] {job}"
                left = (time.monotonic() - began) / finished * (len(to_do) - finished)
                try:
                    result = future.result()
                except Exception as error:  # whatever ends one run, the others go on
                    failed.setdefault(job.path, []).append(f"{job}: {_in_short(error)}")
                    _tell(f"{count}: not finished: {_in_short(error)}")
                    continue
                runs.keep(result, files[job])
                done[job] = result
                _tell(f"{count}: {_outcome(result)}; about {left / 60:.0f} min to go")
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            while not all(future.done() for future in running):  # some kernel may just be starting
                runs.stop_all()
                time.sleep(0.2)
            _tell("broken off; the same command goes on from here")
            raise
    return {job: done[job] for job in jobs if job in done}, failed


def _longest_first(jobs: Iterable[Job], folder: Path) -> list[Job]:
    """By what earlier runs of a notebook took; one that was never run may be the longest of all."""
    jobs = list(jobs)
    took = {path: runs.seconds_of(folder, path.stem) for path in {job.path for job in jobs}}
    return sorted(jobs, key=lambda job: (took[job.path], job.path), reverse=True)


def _outcome(result: runs.Run) -> str:
    missed = sum(not claim["holds"] for claim in result.claims.values())
    error = f", {result.error}" if result.error else ""
    return (
        f"{result.seconds:.0f} s, {len(result.claims)} claims, {missed} of them did not hold{error}"
    )


def _in_short(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


# ---- What they found ----------------------------------------------------------------------------


def report(
    found: dict[Path, list[figures.Figures]],
    done: dict[Job, runs.Run],
    failed: dict[Path, list[str]],
) -> None:
    """Print the table, the offsets in which all held, and what went wrong otherwise."""
    claims_of_all = [one for said in found.values() for one in said]
    if claims_of_all:
        print(figures.table(claims_of_all))
        tried, held = figures.all_held(claims_of_all)
        shown = ": " + ", ".join(map(str, held)) if held else ""
        print(
            f"\nAll {len(claims_of_all)} claims held in {len(held)} of {len(tried)} offsets{shown}"
        )
    for job, run in done.items():
        if run.error:
            print(f"An error in {job}, {run.error}")
    for reason in [reason for reasons in failed.values() for reason in reasons]:
        print(f"Not finished: {reason}")


def keep_record(found: dict[Path, list[figures.Figures]]) -> None:
    """Write `helpers/claims.json`, and the words behind the ticks that the notebooks store."""
    entries = record.read(claims.RECORD)
    for path, said in found.items():
        code = runs.code_of(path)
        entries[path.stem] = record.entry(said, code, entries.get(path.stem))
    there = {path.stem for path in runs.NOTEBOOKS}
    record.write({name: said for name, said in entries.items() if name in there}, claims.RECORD)
    claims.forget()
    for path in runs.NOTEBOOKS:
        notebook = nbformat.read(path, nbformat.NO_CONVERT)
        before = nbformat.writes(notebook)
        record.reword(notebook)
        if nbformat.writes(notebook) != before:
            nbformat.write(notebook, path)
            print(f"Reworded the ticks stored in {path.name}")
    print(f"Wrote {claims.RECORD.name}: {', '.join(path.stem for path in found)}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
