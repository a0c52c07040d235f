"""A convention: a function that takes a notebook and returns its offences, one sentence each.

It is told beside it how the sample notebook can be made to break it, so that it is known to be able
to fail, and what only looks as if it broke it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

#: Changes a notebook in place; what it returns is not used.
Change = Callable[[NotebookNode], Any]

#: Every convention, in the order in which they are written down.
CONVENTIONS: list[Convention] = []


@dataclass(frozen=True)
class Convention:
    find: Callable[..., list[str]]
    offenders: tuple[Change, ...]
    lookalikes: tuple[Change, ...] = ()

    @property
    def name(self) -> str:
        return self.find.__name__

    def __call__(self, notebook: NotebookNode, **options) -> list[str]:
        return self.find(notebook, **options)


def convention(
    offenders: tuple[Change, ...], lookalikes: tuple[Change, ...] = ()
) -> Callable[[Callable[..., list[str]]], Convention]:
    """Make a function a convention that every notebook has to keep."""

    def keep(find: Callable[..., list[str]]) -> Convention:
        CONVENTIONS.append(Convention(find, tuple(offenders), tuple(lookalikes)))
        return CONVENTIONS[-1]

    return keep
