"""Three paths through the course, and the minutes that each takes.

    uv run python tests/paths.py     tag the cells of each path, and print and write the minutes

- The **workshop**, three hours: the sections below, in cells tagged `workshop`.
- The **core**, notebooks 00 to 05: all cells but those tagged `curious`.
- **Everything**: all cells.

The minutes follow from one rule. It came close to a slow, careful reading: 160 words and 8 lines of
code a minute, five minutes an exercise (a quiz is one), one to make up one's mind before a result
and one for a figure, and the time that the notebook takes to run (`record_outputs.py --time`).
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
#: Seconds that each notebook runs, as `record_outputs.py --time` measured them.
SECONDS = ROOT / "tests" / "seconds.json"

WORKSHOP, CURIOUS = "workshop", "curious"
PATHS = (WORKSHOP, "core", "everything")
#: The sections of the workshop in each notebook, besides its opening.
SECTIONS = {
    "00": (
        "Clear the outputs, so that your guesses are guesses",
        "Run the first cell",
        "Predict, run, explain",
        "See what a claim looks like",
        "Know which digits to believe",
        "Answer an exercise",
    ),
    "01": (
        "Rebuild the article's arrays",
        "Tell the three axes apart",
        "Read the error about ndim",
        "Look at what the ramp hides",
    ),
    "02": (
        "Build the article's model",
        "See which rows are held out",
        "Rerun the article",
        "Ask what the score can see",
    ),
    "03": ("Rerun the article's MLP", "Multiply the layers out", "Sum up the race"),
    "05": (
        "Make the inputs vary",
        "Set one budget for all",
        "Lengthen a lag of known position",
        "Let the position move",
        "Combine the parts in another way",
        "Ask for what came before",
        "Decide with three questions",
    ),
}
#: Exercises within these sections for which a class has no time.
WITHOUT = {
    "05": (
        "Exercise: solve the adding problem by hand",
        "Exercise: hold the latest by hand",
    )
}
#: What of 00 to 05 is not of the core: sections, and parts of one. Of later notebooks, nothing is.
BEYOND = {
    "01": ("Exercise: give Keras its input shape",),
    "02": (
        "Exercise: count another layer",
        "Exercise: build a memory by hand",
        "Exercise: work out a ceiling",
        "Carry the state from call to call",
    ),
    "03": ("Exercise: find a kink", "Exercise: bend a line where you want"),
    "04": (
        "Exercise: bring predictions back",
        "Find out what scaling repairs",
        "For the curious: what ReLU costs",
        "For the curious: leaks, and a ReLU MLP",
    ),
    "05": (
        "Exercise: solve the adding problem by hand",
        "For the curious: four tasks that mended the chart",
        "Write a task of your own",
    ),
}
ALSO_BEYOND = ("On your own", "Further reading")
#: Sections of later notebooks whose minutes their first cell leaves out, and says so.
OPTIONAL = {
    "06": (
        "For the curious: is it only an echo?",
        "For the curious: find out what you were given",
        "For the curious: play with a series",
    )
}
LAST_OF_THE_CORE = "05"

#: Where a notebook's first cell says how long it takes.
ABOUT = re.compile(r"\b([Aa]bout) (\d+) minutes\b")

WORDS_A_MINUTE, MINUTES_A_LINE, MINUTES_AN_EXERCISE = 160, 0.12, 5

Cell = Mapping[str, Any]


def read(path: Path) -> list[dict[str, Any]]:
    """The cells of a notebook, as its file has them."""
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def source(cell: Cell) -> str:
    return "".join(cell["source"])


def tags(cell: Cell) -> list[str]:
    return cell["metadata"].get("tags", [])


def on(path: str, cells: Iterable[Cell]) -> list[Cell]:
    """The cells of one of PATHS, as their tags say."""
    if path == WORKSHOP:
        return [cell for cell in cells if WORKSHOP in tags(cell)]
    return [cell for cell in cells if path != "core" or CURIOUS not in tags(cell)]


def minutes(cells: Iterable[Cell], seconds: float) -> float:
    """What the rule says of these cells, in a notebook that runs so many seconds.

    No cell, no minutes. A notebook is run from top to bottom, also by those who read a part of it.
    """
    cells = list(cells)
    return sum(map(_minutes, cells)) + seconds / 60 if cells else 0.0


def _minutes(cell: Cell) -> float:
    text = source(cell)
    if cell["cell_type"] != "code":
        return len(re.findall(r"\S*\w\S*", text)) / WORDS_A_MINUTE
    if "solution" in tags(cell):
        return 0.0  # folded away
    lines = sum(bool(line.strip()) for line in text.splitlines())
    exercise = re.search(r'^check\("', text, re.MULTILINE) is not None
    guess = re.search(r"^(guess|bet).*\.\.\.", text, re.MULTILINE) is not None
    drawn = any("image/png" in output.get("data", {}) for output in cell["outputs"])
    figure = drawn or re.search(r"^widgets\.", text, re.MULTILINE) is not None
    return lines * MINUTES_A_LINE + exercise * MINUTES_AN_EXERCISE + guess + figure


def table() -> dict[str, dict[str, float]]:
    """Notebook -> path -> minutes."""
    seconds = json.loads(SECONDS.read_text(encoding="utf-8"))
    return {
        path.stem: {name: minutes(on(name, read(path)), seconds[path.stem]) for name in PATHS}
        for path in NOTEBOOKS
    }


def places(cells: Iterable[Cell]) -> Iterator[list[tuple[str, str]]]:
    """Of each cell, every section and part of a section that it has some of.

    "" is what stands above the first section, and above the first part of a section. A part begins
    at a heading of the third level.
    """
    section = part = ""
    for cell in cells:
        here = [(section, part)]
        if cell["cell_type"] == "markdown":
            for level, heading in re.findall(r"^(##|###) +(.+?) *$", source(cell), re.MULTILINE):
                section, part = (heading, "") if level == "##" else (section, heading)
                here.append((section, part))
            if source(cell).startswith("##"):
                here = here[1:]
        yield here


def tagged(number: str, cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cells of a notebook with the tags of its paths, and with no others changed.

    Raises:
        ValueError: the notebook has no heading of a name that SECTIONS, WITHOUT or BEYOND gives.
    """
    where = list(places(cells))
    wanted = {"", *SECTIONS[number]} if number in SECTIONS else set()
    beyond = {*BEYOND.get(number, ()), *ALSO_BEYOND}
    found = {name for here in where for pair in here for name in pair}
    if missing := (wanted | {*BEYOND.get(number, ()), *WITHOUT.get(number, ())}) - found:
        raise ValueError(f"notebook {number} has no heading {', '.join(map(repr, missing))}")
    for cell, here in zip(cells, where, strict=True):
        core = [] if number > LAST_OF_THE_CORE else [p for p in here if not beyond & {*p}]
        in_workshop = any(
            section in wanted and part not in WITHOUT.get(number, ()) for section, part in core
        )
        new = [WORKSHOP] * in_workshop + [CURIOUS] * (not core)
        kept = [tag for tag in tags(cell) if tag not in (WORKSHOP, CURIOUS)] + new
        if kept:
            cell["metadata"]["tags"] = kept
        else:
            cell["metadata"].pop("tags", None)
    return cells


def own(path: Path) -> float:
    """The minutes that a notebook prints: without what is beyond the core, or optional."""
    number, cells = path.name[:2], read(path)
    if number <= LAST_OF_THE_CORE:
        return table()[path.stem]["core"]
    left_out = {*OPTIONAL.get(number, ()), *ALSO_BEYOND}
    kept = [cell for cell, here in zip(cells, places(cells), strict=True)
            if any(not left_out & {*pair} for pair in here)]  # fmt: skip
    return minutes(kept, json.loads(SECONDS.read_text(encoding="utf-8"))[path.stem])


def hours(total: float) -> int:
    """Minutes as whole hours, rounded up."""
    return math.ceil(total / 60)


def stop_lines(number: str, cells: Iterable[Cell]) -> str:
    """What the workshop reads in a notebook after its opening, and where it stops."""
    headings = [
        name for name in dict.fromkeys(s for here in places(cells) for s, _ in here) if name
    ]
    wanted = [name in SECTIONS[number] for name in headings]
    runs, stops = [], []
    for n, (name, is_in) in enumerate(zip(headings, wanted, strict=True)):
        if is_in and (n == 0 or not wanted[n - 1]):
            last = next((k for k in range(n, len(headings)) if not wanted[k]), len(headings)) - 1
            runs.append(f"*{name}*" + (f" to *{headings[last]}*" if last > n else ""))
            stops.append(f"*{headings[last + 1]}*" if last + 1 < len(headings) else "its end")
    without = " and ".join(f"*{name}*" for name in WITHOUT.get(number, ()))
    return f"{'; '.join(runs)}{without and f', without {without}'} | {'; '.join(stops)}"


def with_minutes(text: str) -> str:
    """README.md, or the text of 00, with the minutes and stop lines as they are now."""
    minutes_of = table()
    for path in NOTEBOOKS:
        number, row = path.name[:2], minutes_of[path.stem]
        said = rounded(own(path))
        text = re.sub(rf"^(\| \[{path.stem}\].* \|) \d+ \|$", rf"\1 {said} |", text, flags=re.M)
        if number in SECTIONS:
            said = f"| {number} | {stop_lines(number, read(path))} | {rounded(row[WORKSHOP])} |"
            text = re.sub(rf"^\| {number} \|.*\|$", lambda _, said=said: said, text, flags=re.M)
    for path in PATHS:
        total = sum(row[path] for row in minutes_of.values())
        start = rf"^(\| \*\*{path.capitalize()}\*\* \|.*\|) [\d.]+ \|$"
        text = re.sub(start, rf"\1 {hours(total)} |", text, flags=re.M)
    return text


def rounded(minutes: float) -> int:
    return 5 * round(minutes / 5)


def main() -> int:
    for path in NOTEBOOKS:
        tagged(path.name[:2], cells := read(path))
        _write_cells(path, cells)
    for path in NOTEBOOKS:
        cells = read(path)
        said = rounded(own(path))
        _rewrite(cells[0], lambda text, said=said: ABOUT.sub(rf"\1 {said} minutes", text))
        _write_cells(path, cells)
    first = read(NOTEBOOKS[0])
    for cell in first:
        if cell["cell_type"] == "markdown":
            _rewrite(cell, with_minutes)
    _write_cells(NOTEBOOKS[0], first)
    README.write_text(with_minutes(README.read_text(encoding="utf-8")), encoding="utf-8")
    total = dict.fromkeys(PATHS, 0.0)
    print(f"{'minutes':24}", *(f"{name:>10}" for name in PATHS))
    for stem, row in table().items():
        print(f"{stem:24}", *(f"{row[name]:10.1f}" for name in PATHS))
        total = {name: total[name] + row[name] for name in PATHS}
    print(f"{'all':24}", *(f"{total[name]:10.1f}" for name in PATHS))
    return 0


def _rewrite(cell: dict[str, Any], change: Callable[[str], str]) -> None:
    text = change(source(cell))
    if text != source(cell):
        cell["source"] = text.splitlines(keepends=True)


def _write_cells(path: Path, cells: list[dict[str, Any]]) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8")) | {"cells": cells}
    text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
