"""What a figure shows, in words, for those who hear a page instead of seeing it.

In the course a sentence that begins with *Figure.* stands under every figure. `words_under` finds
it in the notebook's file, and `describe_figures` lets every figure come with it, as HTML beside the
usual picture. For JupyterLab (4.6) gives a picture as such no alternative text, and nbconvert (7),
in the HTML it makes by itself, gives it one that says that there is none. Both prefer HTML where an
output has it, and keep its words.
"""

from __future__ import annotations

import html
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = ["as_html", "describe_figures", "words_under"]


def words_under(cells: Sequence[Mapping[str, Any]], number: int) -> str:
    """What the text under a cell says about its figure, as plain text; "" if it says nothing.

    Args:
        cells: all cells of a notebook, as its file has them.
        number: of the cell that draws, counted from 0.
    """
    below = cells[number + 1] if number + 1 < len(cells) else {}
    text = "".join(below.get("source", ""))
    caption = re.match(r"\*Figure\.\s+(.+?)\*?\s*(?:\n\s*\n|\Z)", text, re.DOTALL)
    if below.get("cell_type") != "markdown" or not caption:
        return ""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", caption[1])  # of a link, its words
    return " ".join(re.sub(r"[*`$]", "", plain).split())


def as_html(picture: str, words: str) -> str:
    """An HTML image with alternative text.

    Args:
        picture: a PNG in base64, as an output of a notebook has it.
        words: what it shows, as plain text.
    """
    source = f"data:image/png;base64,{picture.strip()}"
    return f'<img alt="{html.escape(words)}" src="{source}">'


def describe_figures() -> None:
    """Let figures carry the words under them, if this is the kernel of a notebook.

    They are read when a figure is drawn. Where no file holds words for the cell that runs, its
    figure comes as usual.
    """
    interactive = sys.modules.get("IPython")
    shell = interactive.get_ipython() if interactive else None
    if not hasattr(shell, "kernel"):
        return
    display = shell.display_formatter

    def described(figure: Any) -> dict[str, str] | None:
        words = _words_for_the_running_cell(shell)
        picture = display.formatters["image/png"](figure) if words else None
        if isinstance(picture, tuple):  # with its metadata
            picture, _ = picture
        return {"text/html": as_html(picture, words)} if picture else None

    # Not among the formatters for HTML: matplotlib's backend takes figures away from all of these
    # when it is set up.
    display.mimebundle_formatter.for_type_by_name("matplotlib.figure", "Figure", described)


def _words_for_the_running_cell(shell: Any) -> str:
    for path in _files():
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            number = _running(shell, cells)
            if number is not None:
                return words_under(cells, number)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # a figure without words is better than none
    return ""


def _files() -> list[Path]:
    """Where the running notebook may be kept: what Jupyter's server says, else in this folder."""
    named = os.environ.get("JPY_SESSION_NAME")
    return [Path(named)] if named and Path(named).is_file() else sorted(Path.cwd().glob("*.ipynb"))


def _running(shell: Any, cells: Sequence[Mapping[str, Any]]) -> int | None:
    """The number of the cell that runs: the one with the id that the server names, or its text."""
    # Of the request itself, as whoever asks for no history (nbval) leaves none.
    request = shell.get_parent()
    named = request.get("metadata", {}).get("cellId")
    text = request["content"]["code"].strip()
    for is_it in (
        lambda cell: named and cell.get("id") == named,
        lambda cell: "".join(cell["source"]).strip() == text,
    ):
        for number, cell in enumerate(cells):
            if cell["cell_type"] == "code" and is_it(cell):
                return number
    return None
