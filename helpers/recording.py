"""What is recorded of a league: the cells that are there, or the command that computes the rest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["complete"]


def complete(
    cells: Mapping[tuple[str, str], Any], file: Path, command: str, *, partial_too: bool = False
) -> dict[tuple[str, str], Any]:
    """The recorded cells, none of them missing.

    Args:
        cells: (what is played, contender) -> what is recorded of it; None where nothing is.
        file: where it is kept, and `command` what computes it, for the message.
        partial_too: leave out what is missing, as long as there is anything.

    Raises:
        ValueError: a cell is missing; the message names all of them.
    """
    there = {key: cell for key, cell in cells.items() if cell is not None}
    missing = ["/".join(key) for key in cells if key not in there]
    if missing and not (partial_too and there):
        raise ValueError(f"{Path(file).name} has no {', '.join(missing)}: run `{command}`")
    return there
