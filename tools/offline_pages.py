"""Write every notebook as a page that needs no Python and no network.

    uv run python tools/offline_pages.py       into the folder offline

Each page is one HTML file with its figures in it, formulas as MathML, which browsers show by
themselves, and the solutions folded away. `index.html` lists the pages. They are made from the
stored outputs: nothing is run.
"""

from __future__ import annotations

import argparse
import html
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import nbformat
from latex2mathml.converter import convert
from nbconvert import HTMLExporter
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = Path(__file__).resolve().with_name("templates")
STYLE = (TEMPLATES / "offline" / "style.css").read_text("utf-8")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
#: The cells whose output is a figure to play with.
WIDGET = "nbval-ignore-output"
TO_PLAY_WITH = "*Here the notebook has a figure with controls. It needs a running notebook.*"
ALT = "Figure, described in the text below it"

#: Code, in which a dollar sign is a dollar sign; and formulas.
CODE = r"(?:^ *(?P<fence>```|~~~).*?^ *(?P=fence)[`~]*|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
#: Stands where a formula goes: a character that no text has.
MARK = "\ue000"
FORMULA = r"(?:\$\$(?P<block>.+?)\$\$|(?<!\\)\$(?=\S)(?P<inline>[^$\n]+?)(?<![\s\\])\$)"
CODE_OR_FORMULA = re.compile(f"{CODE}|{FORMULA}", re.DOTALL | re.MULTILINE)
LINK = re.compile(
    r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<target>(?!\w+:|#)[^)\s#]+)(?P<place>#[^)\s]*)?\)"
)

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>LSTM or MLP?</title>
<style>
body {{ font: 1.05rem/1.55 sans-serif; max-width: 44rem; margin: 0 auto; padding: 1rem; }}
a {{ color: #0b5394; }}
li {{ margin: 0.8rem 0; }}
</style>
</head>
<body>
<main>
<h1>LSTM or MLP?</h1>
<p>The notebooks of the course, to read. Each page shows what its code printed and drew when it was
run; solutions are folded away below the exercises. To make a guess of your own, cover what stands
below a cell that begins with <code>bet</code> or <code>guess</code>.</p>
<ol start="0">
{pages}
</ol>
</main>
</body>
</html>
"""


class Lesson(NamedTuple):
    """A notebook, and what the pages say of it."""

    path: Path
    notebook: NotebookNode
    title: str

    @property
    def page(self) -> str:
        return f"{self.path.stem}.html"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "offline")
    folder = parser.parse_args(arguments).folder
    pages = write_pages(sorted((ROOT / "notebooks").glob("*.ipynb")), folder)
    print(f"{len(pages)} pages: open {folder / 'index.html'}")
    return 0


def write_pages(notebooks: Sequence[Path], folder: Path) -> list[Path]:
    """Write a page for each of the `notebooks`, in this order, and an index; return the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    lessons = [read_lesson(path) for path in notebooks]
    exporter = HTMLExporter(
        template_name="offline", extra_template_basedirs=[str(TEMPLATES)], embed_images=True
    )
    written = []
    for n, lesson in enumerate(lessons):
        formulas = prepare(lesson, lessons, folder)
        before = lessons[n - 1] if n else None
        after = lessons[n + 1] if n + 1 < len(lessons) else None
        resources = {
            "metadata": {"name": lesson.path.stem, "path": str(lesson.path.parent)},
            "course": {
                "style": STYLE,
                # Two lists of links on a page are told apart by their names.
                "above": navigation(before, after, "Notebooks"),
                "below": navigation(before, after, "Where to go on"),
            },
        }
        text, _ = exporter.from_notebook_node(lesson.notebook, resources)
        written.append(folder / lesson.page)
        written[-1].write_text(with_formulas(text, formulas), "utf-8", newline="\n")
    entries = [f'<li><a href="{it.page}">{html.escape(it.title)}</a></li>' for it in lessons]
    index = PAGE.format(pages="\n".join(entries))
    (folder / "index.html").write_text(index, "utf-8", newline="\n")
    return written


def read_lesson(path: Path) -> Lesson:
    notebook = nbformat.read(path, as_version=4)
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    heading = next(filter(None, (re.search(r"^# +(.+)$", text, re.MULTILINE) for text in texts)))
    notebook.metadata.title = f"{heading[1]} | LSTM or MLP?"
    return Lesson(path, notebook, heading[1])


def navigation(before: Lesson | None, after: Lesson | None, label: str) -> str:
    links = ['<a href="index.html">Contents</a>']
    if before:
        links.append(f'<a rel="prev" href="{before.page}">Before: {html.escape(before.title)}</a>')
    if after:
        links.append(f'<a rel="next" href="{after.page}">Next: {html.escape(after.title)}</a>')
    return f'<nav class="course" aria-label="{label}">{" ".join(links)}</nav>'


def prepare(lesson: Lesson, lessons: Sequence[Lesson], folder: Path) -> list[str]:
    """Change the notebook, in memory, into what a page can show; return its formulas as MathML."""
    formulas: list[str] = []
    pages = {it.path.name: it.page for it in lessons}
    follow = links_for(pages, lesson.path.parent, folder)
    for cell in lesson.notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(follow, put_formulas_aside(cell.source, formulas))
        elif cell.cell_type == "code":
            show_outputs(cell)
    return formulas


def show_outputs(cell: NotebookNode) -> None:
    """Change the outputs of a code cell, in memory, into what can be shown without a kernel.

    Of a widget, its picture is left or a sentence; every image says what is known of it.
    """
    cell.outputs = [kept for output in cell.outputs if (kept := without_widget(output))]
    images = [output for output in cell.outputs if "image/png" in output.get("data", {})]
    for image in images:
        image.metadata.alt = alternative_text(image)
    if WIDGET in cell.metadata.get("tags", []) and not images:
        note = {"text/markdown": TO_PLAY_WITH}
        cell.outputs.append(nbformat.v4.new_output("display_data", note))


def put_formulas_aside(text: str, formulas: list[str]) -> str:
    """The text with a mark for each formula, which is added to `formulas` as MathML.

    nbconvert takes HTML within a sentence apart, tag by tag.
    """

    def mark(found: re.Match) -> str:
        if found["block"]:
            formulas.append(block_of(found["block"]))
        elif found["inline"]:
            formulas.append(convert(found["inline"]))
        else:
            return found[0]
        return f"{MARK}{len(formulas) - 1}{MARK}"

    return CODE_OR_FORMULA.sub(mark, text)


def block_of(formula: str) -> str:
    """A formula on a line of its own, as HTML that may stand in a paragraph."""
    # What does not fit into a phone is scrolled, so the keyboard has to reach it.
    box = '<span class="formula" tabindex="0" role="group" aria-label="Formula">'
    return f"{box}{convert(formula.strip(), display='block')}</span>"


def with_formulas(page: str, formulas: Sequence[str]) -> str:
    return re.sub(f"{MARK}(\\d+){MARK}", lambda found: formulas[int(found[1])], page)


def links_for(pages: dict[str, str], source: Path, folder: Path) -> Callable[[re.Match], str]:
    """What becomes of a link within the course: notebooks are pages, their files come along."""

    def follow(found: re.Match) -> str:
        target, place = found["target"], found["place"] or ""
        if target in pages:
            return f"[{found['text']}]({pages[target]}{place})"
        file = (source / target).resolve()
        if not file.is_file() or not file.is_relative_to(source.resolve()):
            return found["text"]  # what it leads to is not in the bundle
        (folder / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, folder / target)
        return found[0]

    return follow


def without_widget(output: NotebookNode) -> NotebookNode | None:
    """The output without a view of a widget, in whose place stands its picture, if it has one."""
    if WIDGET_VIEW in output.get("data", {}):
        del output.data[WIDGET_VIEW]
        if not any(mime.startswith(("image/", "text/html")) for mime in output.data):
            return None
    return output


def alternative_text(output: NotebookNode) -> str:
    """What the output says of its image itself, or where to find it said."""
    said = output.metadata.get("alt") or output.metadata.get("image/png", {}).get("alt")
    return said or ALT


if __name__ == "__main__":
    sys.exit(main())
