"""The course's own files, and a notebook read from them."""

from __future__ import annotations

import functools
from pathlib import Path

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[3]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
#: Those that teach, which have a number. The others are there to be copied and put to use.
LESSONS = [path for path in NOTEBOOKS if path.name[:2].isdecimal()]
#: What `pytest --nbval` masks in outputs before it compares them.
MASKING = ROOT / "tests" / "nbval_sanitize.cfg"


@functools.cache
def read(path: Path) -> NotebookNode:
    """The notebook as it is stored. Many tests share it: look, do not change."""
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)
