"""What the two commands that play a league share: their options, their file, what they say."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

__all__ = ["line", "parser", "replace", "tell"]


def parser(description: str, most: int, file: Path, *, jobs: str) -> argparse.ArgumentParser:
    """The options that both take: seeds of a cell, processes, and where the league is kept.

    Args:
        description: of the command.
        most: seeds there are, which is the default.
        file: where the league is kept by default.
        jobs: what `--jobs` means.
    """
    made = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument(
        "--seeds", type=int, choices=range(1, most + 1), default=most, metavar="N",
        help=f"seeds a cell, at most {most}, which is the default",
    )  # fmt: skip
    made.add_argument("--jobs", type=int, default=1, help=jobs)
    made.add_argument("--anew", action="store_true", help="forget these cells and begin again")
    made.add_argument("--file", type=Path, default=file, help="where it is kept")
    return made


def line(part: Any) -> str:
    """JSON on one line."""
    return json.dumps(part, ensure_ascii=False)


def replace(file: Path, text: str) -> None:
    """Write the file whole or not at all."""
    part = file.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, file)


def tell(said: str) -> None:
    print(said, file=sys.stderr, flush=True)
