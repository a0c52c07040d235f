"""Make a website of the course: its notebooks as they are stored, and the pages that go with them.

    uv run python tools/website.py                          into the folder website
    uv run python tools/website.py --url https://host/me/it    with buttons that open that copy

The pages need no network, and no server: they can be opened from the folder. Nothing is run. The
buttons that open a notebook on Binder lead to the copy that this one came from, if git knows of
one; without it there are none.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from helpers.alternative_text import as_html

import launch_links
import nbformat
import pictures
from launch_links import Remote, binder_link, hub_link
from marks import without
from nbformat import NotebookNode
from offline_pages import LINK, Lesson, alternative_text, read_lesson, show_outputs
from pictures import Figure
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = Path(__file__).resolve().with_name("templates") / "website"
#: Pages that are no notebooks, in the order in which they follow these.
PAGES = ("notebooks/terms.md", "notebooks/data/SOURCES.md", "docs/teaching.md", "docs/hub.md")
#: What comes along because a page leads there.
FILES = (
    "docs/hub/jupyterhub_config.py",
    "docs/hub/tljh-config.yaml",
    "docs/hub/z2jh-values.yaml",
)
#: The headings of README.md under which the first page finds its words.
TITLE, NOTEBOOKS = "LSTM or MLP?", "The notebooks"
#: The figures of the first page: a notebook, what the cell that draws it calls, and a caption.
PICTURES = (
    (
        "05_longer_lags",
        'plots.race({"hold the latest',
        "Two tasks and several models: the further left, the smaller the error.",
    ),
    ("05_longer_lags", "drawings.decision_chart(", "Three tests of your own data."),
)


class Copy(NamedTuple):
    """A copy of the course that others can reach, and the hub that its learners use, if any."""

    remote: Remote
    branch: str
    hub: str | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "website")
    parser.add_argument("--url", help="of the copy that the buttons open; default: git's origin")
    parser.add_argument("--branch", help="default: the one that is checked out, else main")
    parser.add_argument("--hub", help="address of a JupyterHub with nbgitpuller")
    options = parser.parse_args(arguments)
    try:
        remote = launch_links.parse(options.url or launch_links.origin(ROOT))
    except ValueError as error:
        if options.url:
            print(error, file=sys.stderr)
            return 1
        copy = None
    else:
        branch = options.branch or launch_links.current_branch(ROOT)
        copy = Copy(remote, branch, options.hub)
    try:
        pages = build(options.folder, copy)
    except (ValueError, FileExistsError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(pages)} pages: open {options.folder / 'index.html'}")
    return 0


def build(folder: Path, copy: Copy | None = None) -> list[Path]:
    """Write the website into `folder`, in place of one that is there; return its pages.

    Raises:
        FileExistsError: there is something else in the folder.
        ValueError: Sphinx warned of something, which it has printed.
    """
    is_new = not folder.exists() or not any(folder.iterdir())
    if not is_new and not (folder / "searchindex.js").is_file():
        raise FileExistsError(f"{folder} holds something else, and stays as it is")
    with tempfile.TemporaryDirectory() as name:
        # It is made here too, so that one with faults leaves the old one where it is.
        source, trees, made = (Path(name, part) for part in ("source", "trees", "made"))
        names = write_sources(source, copy)
        settings = {"course_launch": buttons(copy) if copy else {}}
        with docutils_namespace():  # else a second website of this process would have faults
            app = Sphinx(
                source, TEMPLATES, made, trees, "html", settings,
                status=None, warning=sys.stderr, warningiserror=True,
            )  # fmt: skip
            app.build(force_all=True)
        if app.statuscode:
            raise ValueError("the website has the faults above, and is not written")
        if not is_new:
            shutil.rmtree(folder)
        shutil.copytree(made, folder, dirs_exist_ok=True)
    return [folder / f"{name}.html" for name in names]


def write_sources(folder: Path, copy: Copy | None = None) -> list[str]:
    """Lay out in `folder` what Sphinx reads; return the names of the pages in their order."""
    lessons = [read_lesson(path) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    for name in FILES:
        write(folder / name, (ROOT / name).read_text("utf-8"))
    for name in PAGES:
        text = (ROOT / name).read_text("utf-8")
        write(folder / name, without_dead_links(text, (ROOT / name).parent))
    drawn = [write_picture(lessons, Figure(*picture), folder) for picture in PICTURES]
    for lesson in lessons:
        for cell in lesson.notebook.cells:
            prepare(cell, lesson.path.parent)
        write(folder / relative(lesson.path), nbformat.writes(lesson.notebook))
    opening, more, notebooks = parts_of_the_readme()
    entries = [f"{entry(lesson)} <{page(lesson.path)}>" for lesson in lessons]
    text = (TEMPLATES / "index.md").read_text("utf-8").format(
        opening=opening,
        more=more,
        pictures=drawn,
        notebooks=notebooks,
        copy=f", which is at <{copy.remote.url}>" if copy else "",
        pages="\n".join([*entries, *(page(ROOT / name) for name in PAGES)]),
    )  # fmt: skip
    write(folder / "index.md", text)
    return ["index", *(page(lesson.path) for lesson in lessons), *(page(ROOT / n) for n in PAGES)]


def prepare(cell: NotebookNode, folder: Path) -> None:
    """Change a cell of a notebook in `folder`, in memory, into what a page can show."""
    if cell.cell_type == "markdown":
        cell.source = without_dead_links(cell.source, folder)
    elif cell.cell_type == "code":
        show_outputs(cell)
        for output in cell.outputs:
            data = output.get("data", {})
            if "image/png" in data and "text/html" not in data:
                data["text/html"] = as_html(data["image/png"], alternative_text(output))
        tags = cell.metadata.get("tags", [])
        if "solution" in tags:
            cell.metadata.tags = [*tags, "hide-cell"]
            cell.metadata.mystnb = {"code_prompt_show": "Solution", "code_prompt_hide": "Solution"}


def without_dead_links(text: str, folder: Path) -> str:
    """The text of a file in `folder`, in which links to what is not in the website are words."""
    there = {ROOT / name for name in (*PAGES, *FILES)}

    def follow(found: re.Match) -> str:
        target = (folder / found["target"]).resolve()
        is_notebook = target.parent == ROOT / "notebooks" and target.suffix == ".ipynb"
        return found[0] if target in there or is_notebook else found["text"]

    return LINK.sub(follow, text)


def parts_of_the_readme() -> tuple[str, str, str]:
    """The first two paragraphs of README.md, the rest of its opening, and what lists the notebooks.

    Raises:
        ValueError: it does not have the headings that these stand under.
    """
    text = (ROOT / "README.md").read_text("utf-8")
    for begin, end in ((pictures.BEGIN_TOP, pictures.END_TOP), (pictures.BEGIN, pictures.END)):
        text = without(text, begin, end)  # the first page has its own, and larger
    parts = re.split(r"^#{1,2} +(.+)\n", text, flags=re.MULTILINE)[1:]
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    if missing := {TITLE, NOTEBOOKS} - set(sections):
        raise ValueError(f"README.md must have the headings {sorted(missing)}")
    first, second, more = sections[TITLE].strip().split("\n\n", 2)
    return f"{first}\n\n{second}", more, sections[NOTEBOOKS].strip()


def write_picture(lessons: Sequence[Lesson], figure: Figure, folder: Path) -> str:
    """Write a figure as its notebook stores it; return the Markdown that shows it.

    Raises:
        ValueError: as `pictures.stored`.
    """
    (lesson,) = (lesson for lesson in lessons if lesson.path.stem == figure.notebook)
    found = pictures.stored(figure, lesson.notebook.cells)
    name = f"pictures/{figure.notebook}-{found.digest[:8]}.png"
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(found.png)
    return (
        f"```{{figure}} {name}\n:alt: {found.words}\n\n"
        f"{figure.caption} From [{lesson.title}]({relative(lesson.path)}).\n```"
    )


def buttons(copy: Copy) -> dict[str, dict[str, str]]:
    """For each page that has some, what its buttons say and where they lead."""
    notebooks = [relative(path) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    opened = {"index": launch_links.FIRST} | {page(ROOT / name): name for name in notebooks}
    found = {}
    for name, notebook in opened.items():
        links = {"Open on Binder": binder_link(copy.remote, copy.branch, opens=notebook)}
        if copy.hub:
            links["Open on the hub"] = hub_link(copy.remote, copy.branch, copy.hub, opens=notebook)
        found[name] = links
    return found


def entry(lesson: Lesson) -> str:
    """What the list of pages calls a notebook: its number, if it has one, and its title."""
    number = lesson.path.stem[:2]
    return f"{number} {lesson.title}" if number.isdecimal() else lesson.title


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def page(path: Path) -> str:
    """The name that Sphinx has for the page made of a file."""
    return relative(path.with_suffix(""))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
