"""How the tests are dealt to the workers, so that all of them are busy to the end.

A part is what stays together in one worker: a file, whose tests share what takes long to make, or
what the tests in a browser, or those of claims, ask of one notebook. The parts about notebooks take
longest, and the later a notebook comes in the course, the longer it takes. So these go first, each
kind from the last notebook to the first, and the many short files fill the gaps at the end. The
notebook without a number, which is there to be copied, takes longest of all.
"""

from __future__ import annotations

import re

from xdist.scheduler import LoadFileScheduling

__all__ = ["ByPart", "order", "part_of"]

#: What runs whole notebooks, in the order in which it goes. One kind after the other, for a browser
#: and its server serve until something else comes.
KINDS = ("tests/browser/", "notebooks/", "tests/test_claims.py")
#: Fixtures that take long: a test that asks for one of them is marked `slow`.
HEAVY = ("browser", "played", "reruns")
#: Those whose tests of one notebook need nothing of those of another.
DIVIDED = ("tests/browser/", "tests/test_claims.py")


def part_of(nodeid: str) -> str:
    """The part of a test, such as "tests/browser/[05]", or "tests/test_data.py"."""
    file = nodeid.split("::", 1)[0]
    for whole in DIVIDED:
        number = re.search(r"\[(\d\d|my)_\w+\]$", nodeid)
        if file.startswith(whole) and number:
            return f"{whole}[{number[1]}]"
    return file


def order(nodeid: str) -> tuple[int, int]:
    """What to sort tests by."""
    part = part_of(nodeid)
    number = re.search(r"^notebooks/(\d\d|my)_|\[(\d\d|my)\]$", part)
    if not number:
        return len(KINDS), 0
    kind = next(n for n, start in enumerate(KINDS) if part.startswith(start))
    which = number[1] or number[2]
    return kind, -100 if which == "my" else -int(which)


class ByPart(LoadFileScheduling):
    """`--dist=loadfile`, only that a file may have several parts."""

    def _split_scope(self, nodeid: str) -> str:
        return part_of(nodeid)
