"""What stands in README.md between two marks: write it anew, or leave it out."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["without", "write_between"]


def write_between(readme: Path, begin: str, end: str, text: str) -> None:
    """Write `text` between the lines `begin` and `end` of a file, in place of what stands there.

    Raises:
        ValueError: the marks are not there once each, in this order.
    """
    content = readme.read_text("utf-8")
    head, first, rest = content.partition(begin)
    _, last, tail = rest.partition(end)
    if not first or not last or begin in rest or end in tail:
        raise ValueError(f"{readme.name} needs the lines {begin!r} and {end!r} once each")
    changed = f"{head}{begin}\n{text}\n{end}{tail}"
    if changed != content:
        readme.write_text(changed, "utf-8", newline="\n")


def without(text: str, begin: str, end: str) -> str:
    """The text without what stands between the lines `begin` and `end`, and without these."""
    return re.sub(rf"\n{re.escape(begin)}\n.*?{re.escape(end)}\n", "", text, flags=re.DOTALL)
