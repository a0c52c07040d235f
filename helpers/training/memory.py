"""Give memory back that compiling has used and no longer needs."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

__all__ = ["give_back"]


def give_back() -> None:
    """Return free memory to the system, where the C library keeps it for later (glibc, Linux).

    XLA compiles a program in some 30 MB of small pieces; freed, they stay with the process, and on
    a machine with 1 GB the programs of a notebook would soon have no room.
    """
    if sys.platform == "linux":
        # Another C library has no such function, and needs none.
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").malloc_trim(0)
