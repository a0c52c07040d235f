"""Cut the pictures of README.md out of the notebooks' stored outputs.

    uv run python tools/pictures.py

It writes small PNG files into `docs/pictures`, and shows them in README.md between two marks, each
with the words under its figure as alternative text. Run it again when a figure has changed: a file
says in itself which stored figure it was made from, and a test compares.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from helpers.alternative_text import words_under

import nbformat
from marks import write_between
from nbformat import NotebookNode
from PIL import Image, ImageOps, PngImagePlugin

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"
BEGIN = "<!-- pictures: written by tools/pictures.py -->"
END = "<!-- end of pictures -->"
BEGIN_TOP = "<!-- picture at the top: written by tools/pictures.py -->"
END_TOP = "<!-- end of the picture at the top -->"
#: The text in a PNG file that names what it was made from.
SOURCE = "Source"
#: Pixels, of a picture in the table, which is shown half as large, and of the one at the top.
SMALL, TOP_HEIGHT, GAP = 560, 560, 40
COLOURS = 128


class Figure(NamedTuple):
    """A figure that a notebook stores.

    Attributes:
        notebook: its name without the ending.
        drawn_by: what stands in the one cell that draws it.
        caption: what README says below it.
    """

    notebook: str
    drawn_by: str
    caption: str

    @property
    def name(self) -> str:
        return f"{self.notebook.partition('_')[0]}.png"


#: Side by side at the top: a race, and what is concluded from such races.
TOP = (
    Figure("05_longer_lags", "plots.against(added", "The adding problem: who copes with length?"),
    Figure("05_longer_lags", "drawings.decision_chart(", "Three tests of your own data"),
)
#: One for each notebook, in the order of the course.
FIGURES = (
    Figure("01_data_shaping", 'drawings.array({"right"', "the array, the right and the wrong way"),
    Figure("02_lstm_model", "drawings.ceilings(", "how high an LSTM can predict"),
    Figure("03_mlp_baseline", "plots.beyond(ax, x_far", "three small networks beyond their range"),
    Figure("04_normalization_fixes", "plots.ranges(ax", "what scaling repairs"),
    Figure("05_longer_lags", "plots.league(", "thirteen models on eleven tasks"),
    Figure("06_real_series", "forecast_plots.next_values(", "two years ahead, and how sure"),
    Figure("07_inside_memory", 'xlabel="steps back"', "which step the gradient reaches"),
    Figure("my_series", "forecast_plots.next_values(", "the same for a series of your own"),
)
IN_A_ROW = 4


class Stored(NamedTuple):
    """A figure as stored: the PNG file, and the words under it."""

    png: bytes
    words: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.png).hexdigest()


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    lessons = [find(figure) for figure in FIGURES]
    for figure, found in zip(FIGURES, lessons, strict=True):
        save(small(found.png), FOLDER / figure.name, source([found]))
    both = [find(figure) for figure in TOP]
    save(side_by_side([found.png for found in both]), FOLDER / "top.png", source(both))
    write_between(ROOT / "README.md", BEGIN_TOP, END_TOP, at_the_top(both))
    write_between(ROOT / "README.md", BEGIN, END, as_table(lessons))
    size = sum(path.stat().st_size for path in FOLDER.glob("*.png"))
    print(f"{len(FIGURES) + 1} pictures, {size / 1000:.0f} kB together, in {FOLDER}")
    return 0


def find(figure: Figure) -> Stored:
    """The figure as its notebook stores it; errors are those of `stored`."""
    path = ROOT / "notebooks" / f"{figure.notebook}.ipynb"
    return stored(figure, nbformat.read(path, as_version=4).cells)


def stored(figure: Figure, cells: Sequence[NotebookNode]) -> Stored:
    """The figure as it is stored in the cells of its notebook.

    Raises:
        ValueError: not exactly one figure stands below what it is drawn by.
    """
    found = [
        (number, output.data["image/png"])
        for number, cell in enumerate(cells)
        for output in cell.get("outputs", [])
        if figure.drawn_by in cell.source and "image/png" in output.get("data", {})
    ]
    if len(found) != 1:
        raise ValueError(
            f"{figure.notebook} must have one figure of {figure.drawn_by!r}, got {len(found)}"
        )
    number, picture = found[0]
    return Stored(base64.b64decode(picture), words_under(cells, number))


def small(png: bytes) -> Image.Image:
    """The picture, as wide as the table wants it."""
    return resized(opened(png), width=SMALL)


def side_by_side(pngs: Sequence[bytes]) -> Image.Image:
    """The pictures beside each other, all of one height, on white."""
    pictures = [resized(opened(png), height=TOP_HEIGHT) for png in pngs]
    width = sum(picture.width for picture in pictures) + GAP * (len(pictures) - 1)
    whole = Image.new("RGB", (width, TOP_HEIGHT), "white")
    left = 0
    for picture in pictures:
        whole.paste(picture, (left, 0))
        left += picture.width + GAP
    return whole


def opened(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png)).convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return ImageOps.expand(Image.alpha_composite(white, picture).convert("RGB"), 4, "white")


def resized(picture: Image.Image, *, width: int = 0, height: int = 0) -> Image.Image:
    scale = width / picture.width if width else height / picture.height
    size = round(scale * picture.width), round(scale * picture.height)
    return picture.resize(size, Image.Resampling.LANCZOS)


def source(figures: Sequence[Stored]) -> str:
    return " ".join(figure.digest for figure in figures)


def save(picture: Image.Image, path: Path, made_from: str) -> None:
    """Write a small PNG file that says what it was made from."""
    said = PngImagePlugin.PngInfo()
    said.add_text(SOURCE, made_from)
    # The usual way would give the thin lines of a model the colour of their neighbours.
    rare_too = Image.Quantize.MAXCOVERAGE
    fewer = picture.quantize(COLOURS, method=rare_too, dither=Image.Dither.NONE)
    fewer.save(path, optimize=True, pnginfo=said)


def at_the_top(figures: Sequence[Stored]) -> str:
    sides = zip(("Left", "Right"), figures, strict=True)
    words = " ".join(f"{side}: {found.words}" for side, found in sides)
    return f'<img src="docs/pictures/top.png" alt="{html.escape(words)}" width="900">'


def as_table(figures: Sequence[Stored]) -> str:
    """The pictures as rows of a table in Markdown, with the notebook and a caption below each."""
    cells = []
    for figure, found in zip(FIGURES, figures, strict=True):
        words = html.escape(found.words).replace("|", "&#124;")
        link = f"[{figure.name.removesuffix('.png')}](notebooks/{figure.notebook}.ipynb)"
        cells.append(
            f'<img src="docs/pictures/{figure.name}" alt="{words}" width="210">'
            f"<br>{link}: {figure.caption}"
        )
    rows = [cells[n : n + IN_A_ROW] for n in range(0, len(cells), IN_A_ROW)]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + ":--|" * IN_A_ROW, *lines[1:]])


if __name__ == "__main__":
    sys.exit(main())
