"""What is done, kept from one session to the next.

It is kept in `.lstm-or-mlp.json` in the home folder, as a JSON list of names.
`COURSE_PROGRESS_FILE` in the environment names another file; set to nothing, it keeps none.
A file that holds anything else is somebody else's: it is neither read nor changed.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from helpers.exercises.answers import shown
from helpers.exercises.lock import alone

__all__ = ["LARGEST", "NAME", "Record", "place", "read_ours", "write_whole"]

T = TypeVar("T")

LARGEST = 10**5  # bytes; ours has a few hundred
NAME = re.compile(r"\d\d-[a-z0-9-]+")
#: A list of ours that ends too early, as a full disk leaves it.
_TORN = re.compile(rf'\s*\[\s*("{NAME.pattern}"\s*,\s*)*("[a-z0-9-]*"?\s*)?'.encode())


class Record:
    """The names of the exercises that are done: those of this session and those of the file."""

    def __init__(self) -> None:
        self._here: set[str] = set()
        self._told = False

    def names(self) -> set[str]:
        """What is done; of this session alone where the file cannot be read."""
        names = set(self._here)
        with contextlib.suppress(OSError, RuntimeError, ValueError):
            path = place()
            if path is not None:
                names |= read_ours(path, _names_in)
        return names

    def add(self, name: str) -> str:
        """Count `name` as done. Return why it cannot be kept, once in a session, or nothing."""
        self._here.add(name)
        try:
            path = place()
            if path is not None and not self._here <= read_ours(path, _names_in):
                with alone(path):
                    names = (
                        read_ours(path, _names_in) | self._here
                    )  # another notebook may have added
                    write_whole(path, json.dumps(sorted(names)))
        except (OSError, RuntimeError, ValueError) as error:
            if not self._told:
                self._told = True
                return shown(getattr(error, "strerror", None) or error)
        return ""


def place(ending: str = "") -> Path | None:
    """The file in which something is kept, its name with this ending; None if nothing is to be.

    Raises:
        RuntimeError: there is no home folder.
    """
    named = os.environ.get("COURSE_PROGRESS_FILE")
    if named is None:
        path = Path.home() / ".lstm-or-mlp.json"
    elif named.strip():
        path = Path(named).expanduser()
    else:
        return None
    if ending:
        path = path.with_name(f"{path.stem}{ending}{path.suffix}")
    return Path(os.path.realpath(path))  # a link stays a link


def read_ours(path: Path, understand: Callable[[bytes], T | None]) -> T:
    """What a file of ours holds; as an empty one, if it is missing.

    Args:
        path: the file.
        understand: takes its content; returns what that means, or None if it is not ours.

    Raises:
        OSError: it cannot be read, or is no regular file.
        ValueError: it is not ours.
    """
    if not path.exists():
        found = understand(b"")
    elif not path.is_file():  # reading a device may never end
        raise OSError("it is not a regular file")
    else:
        found = understand(path.read_bytes()) if path.stat().st_size <= LARGEST else None
    if found is None:
        raise ValueError(f"{path.name} holds something else, and stays as it is")
    return found


def _names_in(content: bytes) -> set[str] | None:
    """The names in a file of ours, whole or torn; None if it is not ours.

    A name that is unknown here may belong to another version of the course.
    """
    if not content.strip(b"\0 \t\r\n"):  # empty, or zeros, as a crash leaves it
        return set()
    try:
        names = json.loads(content)
    except (ValueError, RecursionError):
        whole = re.findall(f'"({NAME.pattern})"'.encode(), content)
        return {name.decode() for name in whole} if _TORN.fullmatch(content) else None
    if isinstance(names, dict) and names and all(value is True for value in names.values()):
        names = list(names)
    ours = isinstance(names, list) and all(
        isinstance(name, str) and NAME.fullmatch(name) for name in names
    )
    return set(names) if ours else None


def write_whole(path: Path, text: str) -> None:
    """Write the file whole or not at all, as readable to others as it was.

    Raises:
        OSError: it is read-only, or cannot be written there.
    """
    if path.exists() and not path.stat().st_mode & 0o222:
        raise PermissionError("it is read-only")
    handle, temporary = tempfile.mkstemp(prefix=path.name, suffix=".tmp", dir=path.parent)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        with contextlib.suppress(FileNotFoundError):
            shutil.copymode(path, temporary)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
