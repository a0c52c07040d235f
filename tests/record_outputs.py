"""Record the outputs of notebooks anew: `uv run python tests/record_outputs.py [notebook ...]`.

Runs each notebook (all, if none is named) from top to bottom in a clean kernel, in the environment
of the tests, and writes what its cells print and draw into the file. Nothing else in the file
changes, and an output that came out as it is stored stays to the byte, so that `git diff` shows
what is new and no more. A cell tagged nbval-ignore-output shows a widget, which is of no use
without a kernel: it keeps no output.

A figure comes with the sentence under it, as alternative text; with `--words`, nothing is run, and
the figures that are stored get theirs. With `--time` it keeps in tests/seconds.json how long each
notebook took, for the minutes that the course says it takes.

A cell that raises or writes to stderr is named, its notebook stays as it was, and the exit status
is 1.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import json
import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from helpers.alternative_text import as_html, words_under

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

ROOT = Path(__file__).resolve().parents[1]
#: Seconds that a cell may take.
CELL_TIMEOUT = 600
#: How many seconds each notebook took, in whole seconds.
SECONDS = ROOT / "tests" / "seconds.json"
PNG, HTML = "image/png", "text/html"
#: The cells whose outputs no test compares.
WIDGET = "nbval-ignore-output"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all of the course")
    parser.add_argument("--words", action="store_true", help="run nothing, store alternative texts")
    parser.add_argument("--time", action="store_true", help="keep how long each notebook took")
    chosen = parser.parse_args(arguments)
    if chosen.words and chosen.time:
        parser.error("--words runs nothing, so there is no time to keep")
    failed = False
    for path in chosen.notebooks or sorted((ROOT / "notebooks").glob("*.ipynb")):
        began = time.monotonic()
        print(f"{path.stem} ... ", end="", flush=True)
        try:
            changed = record(path, rerun=not chosen.words)
        except (ValueError, RuntimeError, CellTimeoutError) as error:
            failed = True
            print(f"left as it was\n{error}")
        else:
            cells = ", ".join(map(str, changed))
            result = f"new outputs in cells {cells}" if changed else "nothing changed"
            took = round(time.monotonic() - began)
            print(f"{result} ({took} s)")
            if chosen.time:
                keep_time(path.stem, took)
    return int(failed)


def keep_time(name: str, took: int) -> None:
    """Keep in SECONDS that the notebook of this name took so many seconds."""
    times = json.loads(SECONDS.read_text(encoding="utf-8")) if SECONDS.exists() else {}
    times[name] = took
    text = json.dumps(dict(sorted(times.items())), indent=1) + "\n"
    SECONDS.write_text(text, encoding="utf-8", newline="\n")


def record(path: Path, *, rerun: bool = True) -> list[int]:
    """Run the notebook at `path` and write its outputs into it; return the cells that changed.

    Without `rerun`, nothing is run, and only the figures' alternative texts are written.

    Raises:
        ValueError: the file is laid out otherwise than Jupyter does, so that writing it would
            change more than outputs.
        RuntimeError: a cell raised, wrote to stderr or lost its kernel. The file is as it was.
        CellTimeoutError: a cell took longer than CELL_TIMEOUT. The file is as it was.
    """
    text = path.read_text(encoding="utf-8")
    stored = json.loads(text)
    if written(stored) != text:
        raise ValueError(f"{path}: not laid out as Jupyter does; save it there first")
    ran = json.loads(nbformat.writes(run(path))) if rerun else copy.deepcopy(stored)
    changed = []
    for n, (cell, fresh) in enumerate(zip(stored["cells"], ran["cells"], strict=True)):
        if cell["cell_type"] != "code":
            continue
        before = copy.deepcopy(cell)
        if not rerun:
            describe(fresh["outputs"], words_under(stored["cells"], n))
        if WIDGET in cell["metadata"].get("tags", []):
            fresh["outputs"] = []
        # Where a stream is cut into pieces is chance, and the comparison joins them.
        elif joined(cell["outputs"]) == joined(fresh["outputs"]):
            fresh["outputs"] = cell["outputs"]
        cell["outputs"] = fresh["outputs"]
        cell["execution_count"] = fresh["execution_count"]
        for output in cell["outputs"]:
            if "execution_count" in output:
                output["execution_count"] = fresh["execution_count"]
        if cell != before:
            changed.append(n)
    if changed:
        path.write_text(written(stored), encoding="utf-8", newline="\n")
    return changed


def describe(outputs: list[dict[str, Any]], words: str) -> None:
    """Give each figure its alternative text, as the kernel does."""
    for output in outputs:
        data = output.get("data", {})
        if PNG in data:
            others = {mime: value for mime, value in data.items() if mime != HTML}
            picture = in_one_piece(data[PNG])
            described = {HTML: [as_html(picture, words)]} if words else {}
            output["data"] = dict(sorted((others | described).items()))


def run(path: Path) -> nbformat.NotebookNode:
    """The notebook after Restart and Run All in its own folder.

    Raises:
        RuntimeError: a cell raised, wrote to stderr or lost its kernel.
        CellTimeoutError: a cell took longer than CELL_TIMEOUT.
    """
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=CELL_TIMEOUT,
        coalesce_streams=True,
        record_timing=False,
        resources={"metadata": {"path": str(path.resolve().parent)}},
    )
    # An error ends the run, and the cell's output tells it. What the kernel's process says on its
    # own behalf, beside its cells, is no output.
    with contextlib.suppress(CellExecutionError):
        client.execute(env=environment(), stderr=subprocess.DEVNULL)
    if wrong := list(complaints(notebook)):
        raise RuntimeError("\n".join(wrong))
    return notebook


def environment() -> dict[str, str]:
    """That of the tests: what pyproject.toml sets for them, and no other switch of the course."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    # A kernel that believes itself in a test leaves out what C code writes to stderr.
    left_out = re.compile("COURSE_.*|PYTEST_CURRENT_TEST|JPY_SESSION_NAME")
    others = {name: text for name, text in os.environ.items() if not left_out.fullmatch(name)}
    return others | project["tool"]["pytest_env"]


def complaints(notebook: nbformat.NotebookNode) -> Iterator[str]:
    """What a learner should not see: cells that raised, and what was written to stderr."""
    for n, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                yield f"cell {n}: {output.ename}: {output.evalue}"
            elif output.get("name") == "stderr":
                yield f"cell {n} wrote to stderr: {output.text.strip()}"


def joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The outputs with each text in one piece, and neighbours of one stream in one output."""
    together: list[dict[str, Any]] = []
    for output in outputs:
        output = {key: in_one_piece(value) for key, value in output.items()}
        if output["output_type"] == "stream":
            last = together[-1] if together else {}
            if last.get("name") == output["name"]:
                last["text"] += output["text"]
                continue
        output.pop("execution_count", None)  # that of its cell
        together.append(output)
    return together


def in_one_piece(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: in_one_piece(inner) for key, inner in value.items()}
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value


def written(notebook: dict[str, Any]) -> str:
    """The text of a file, as Jupyter writes it."""
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.exit(main())
