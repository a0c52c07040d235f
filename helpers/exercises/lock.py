"""A lock that two notebooks, each a process of its own, take in turn.

The operating system holds it, so it is free again when its owner ends, however that happens.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt

__all__ = ["alone"]


@contextlib.contextmanager
def alone(path: Path, patience: float = 2.0) -> Iterator[None]:
    """Wait until nobody else is at `path`, and keep the others waiting meanwhile.

    Beside `path` an empty file stands while somebody holds the lock or waits for it.

    Args:
        path: of the file that is to be changed.
        patience: seconds to wait at most.

    Raises:
        TimeoutError: somebody else has held it all the time.
        OSError: nothing can be written there.
    """
    beside = path.with_name(f".{path.name}.lock")
    until = time.monotonic() + patience
    while (handle := _taken(beside)) is None:
        if time.monotonic() > until:
            raise TimeoutError("another notebook is writing it")
        time.sleep(0.01)
    try:
        yield
    finally:
        _give_back(handle, beside)


def _taken(beside: Path) -> int | None:
    """The open file with the lock on it, or None if somebody else has that."""
    handle = os.open(beside, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if fcntl is None:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            return handle
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever had it before may have removed it since we opened it: then others open another.
        if os.path.samestat(os.fstat(handle), os.stat(beside)):
            return handle
    except (BlockingIOError, PermissionError, FileNotFoundError):
        pass
    except OSError:  # a file system without locks: do without, as nobody there can have one
        return handle
    os.close(handle)
    return None


def _give_back(handle: int, beside: Path) -> None:
    found = os.fstat(handle)
    ours = stat.S_ISREG(found.st_mode) and found.st_size == 0
    if fcntl is None:  # Windows removes no open file
        with contextlib.suppress(OSError):
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
        os.close(handle)
    if ours:
        with contextlib.suppress(OSError):
            os.unlink(beside)
    if fcntl is not None:
        os.close(handle)  # last: before it, nobody can take the file that is being removed
