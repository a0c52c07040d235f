"""Write what the learners of a class get: the course without solutions and without results.

    uv run python tools/hand_out.py            into the folder hand-out
    uv run python tools/hand_out.py --zip      and the same as hand-out.zip

It is whole: with the packages it names, a learner needs nothing else. What is not in it are the
tests, and the guide for teaching, which gives the answers.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from nbconvert import NotebookExporter
from traitlets.config import Config

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("helpers", "requirements", "binder")
FILES = ("pyproject.toml", "environment.yml", "LICENSE", "CITATION.cff")
#: What nobody wants to be handed: what is hidden, and what Python leaves behind.
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__")

README = """\
# LSTM or MLP?

This is what you need for the course: its notebooks, without solutions and without results, and the
package `helpers`, which they use. Where a notebook speaks of a solution folded away below an
exercise, yours comes from your teacher, after you have tried.

You need Python 3.11, 3.12 or 3.13 and [uv](https://docs.astral.sh/uv/), which
`python -m pip install uv` gives you. In this folder, some days before the course, type

```sh
uv run --no-dev python -m helpers.preflight
```

The first time, this installs all that the course needs, which takes 2 GB and a while; then it says
whether your machine is ready. Send what it prints to your teacher if it says WRONG. To begin, type

```sh
uv run --no-dev jupyter lab notebooks/00_start_here.ipynb
```

The code is under the MIT licence, prose and figures are under CC BY 4.0: see LICENSE. The measured
series in notebooks/data have sources and licences of their own: see SOURCES.md there.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "hand-out")
    parser.add_argument("--zip", action="store_true", help="write the folder as a zip file as well")
    options = parser.parse_args(arguments)
    try:
        written = hand_out(options.folder)
    except FileExistsError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(written)} notebooks without solutions and results: {options.folder}")
    if options.zip:
        folder = options.folder.resolve()
        print(shutil.make_archive(str(folder), "zip", folder.parent, folder.name))
    return 0


def hand_out(folder: Path) -> list[Path]:
    """Write the hand-out into `folder`, in place of one that is there; return its notebooks.

    Raises:
        FileExistsError: there is something else in the folder.
    """
    if folder.exists() and any(folder.iterdir()):
        if not is_ours(folder):
            raise FileExistsError(f"{folder} holds something else, and stays as it is")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    # First, so that a hand-out that was broken off can be written anew.
    (folder / "README.md").write_text(README, "utf-8")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    return write_notebooks(ROOT / "notebooks", folder / "notebooks")


def write_notebooks(source: Path, target: Path) -> list[Path]:
    """Write the notebooks in `source` without solutions and results, and copy what lies beside."""
    beside = shutil.ignore_patterns(".*", "__pycache__", "*.ipynb")
    shutil.copytree(source, target, ignore=beside)
    settings = Config()
    settings.ClearOutputPreprocessor.enabled = True
    settings.TagRemovePreprocessor.enabled = True
    settings.TagRemovePreprocessor.remove_cell_tags = {"solution"}
    exporter = NotebookExporter(config=settings)
    written = []
    for path in sorted(source.glob("*.ipynb")):
        text, _ = exporter.from_filename(str(path))
        written.append(target / path.name)
        written[-1].write_text(text, "utf-8", newline="\n")
    return written


def is_ours(folder: Path) -> bool:
    """Whether a hand-out is in `folder`, which may then be written anew."""
    readme = folder / "README.md"
    return readme.is_file() and readme.read_text("utf-8", "replace") == README


if __name__ == "__main__":
    sys.exit(main())
