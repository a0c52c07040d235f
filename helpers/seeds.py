"""The seeds of the course, read in one place.

Every number that luck decides (starting weights, made-up data, splits, the order of rows) comes
from `seeds`. `COURSE_SEED_OFFSET=1000` in the environment moves all of them at once, to see whether
what the notebooks claim holds for seeds that nobody tried while writing them.
"""

import os

from helpers import inputs

__all__ = ["seeds"]


def seeds(count: int) -> range:
    """The first `count` seeds of the course: 0, 1, 2, ... plus `COURSE_SEED_OFFSET`.

    Raises:
        TypeError, ValueError: `count` is not a whole number of at least 1, or the offset in the
            environment is not a whole number of at least 0.
    """
    offset = os.environ.get("COURSE_SEED_OFFSET", "0")
    if not offset.isdecimal():
        raise ValueError(f"COURSE_SEED_OFFSET must be a whole number of at least 0, got {offset!r}")
    return range(int(offset), int(offset) + inputs.count("count", count))
