"""`helpers/claims.json`, and the words behind the ticks that the notebooks store."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from helpers import claims

import nbformat

from survey.figures import Figures

WORDS = re.compile(r" \(held in \d+ of \d+ runs\)$")


def entry(found: Sequence[Figures], code: str, before: dict | None = None) -> dict:
    """What `claims.json` says of one notebook.

    Args:
        found: the figures of all its claims, in the order of the notebook.
        code: what `survey.runs.code_of` says of it.
        before: what the file said so far. If that was found with the same code, its seeds count on
            beside the new ones; if not, they are gone.
    """
    offsets = set(found[0].offsets)
    earlier: dict = {"offsets": [], "claims": {}}
    if before and before["code"] == code and set(before["claims"]) == {f.sentence for f in found}:
        earlier = before
    told = {}
    for one in found:
        known = earlier["claims"].get(one.sentence)
        missed = set(one.missed) | (set(known or []) - offsets)
        told[one.sentence] = sorted(missed) if one.luck or known is not None else None
    return {
        "code": code,
        "offsets": sorted(offsets.union(earlier["offsets"])),
        "claims": told,
    }


def read(file: Path) -> dict:
    """The file as it is; empty if there is none."""
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def write(entries: dict, file: Path) -> None:
    """Write the file: a line for each claim, and the notebooks in their order."""
    notebooks = []
    for name, said in sorted(entries.items()):
        lines = [
            f"   {json.dumps(sentence, ensure_ascii=False)}: {json.dumps(missed)}"
            for sentence, missed in said["claims"].items()
        ]
        notebooks.append(
            f' {json.dumps(name)}: {{\n  "code": {json.dumps(said["code"])},\n'
            f'  "offsets": {json.dumps(said["offsets"])},\n'
            '  "claims": {\n' + ",\n".join(lines) + "\n  }\n }"
        )
    text = "{\n" + ",\n".join(notebooks) + "\n}\n"
    file.write_text(text, encoding="utf-8", newline="\n")


def reword(notebook: nbformat.NotebookNode) -> None:
    """Put behind each tick that `notebook` stores what `helpers.claims` knows now, and no more."""
    for cell in notebook.cells:
        if cell.cell_type != "code" or "claim(" not in cell.source:
            continue
        for output in cell.outputs:
            if output.get("name") == "stdout":
                lines = output.text.split("\n")
                output.text = "\n".join(map(_reworded, lines))


def bare(line: str) -> str:
    """A stored claim without the words behind it."""
    return WORDS.sub("", line)


def _reworded(line: str) -> str:
    if not line.startswith("✓ "):
        return line
    return bare(line) + claims.suffix(bare(line[2:]))
