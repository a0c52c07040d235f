"""What a learner sees of a long run, and how it is stopped: the bar, and an interrupt held back."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm.auto import tqdm

__all__ = ["bar", "deferred_interrupt", "short"]

#: A progress bar appears for work that takes longer than this, in seconds.
BAR_AFTER = 2.0


def bar(total: int, verbose: str | int, unit: str) -> tqdm:
    """A progress bar that appears after `BAR_AFTER` seconds and goes when it is done.

    None at all if `verbose` is 0 or 2, or if `COURSE_PROGRESS=0` is in the environment. Give it
    what it shows with `set_postfix(..., refresh=False)`, which does not make it appear, and then
    call `update`.
    """
    off = verbose not in ("auto", 1) or os.environ.get("COURSE_PROGRESS") == "0"
    return tqdm(total=total, unit=unit, leave=False, delay=BAR_AFTER, disable=off)


def short(log: Any) -> str:
    """A value of the history as a bar or a line shows it."""
    return f"{log:.4g}" if isinstance(log, float) else str(log)


@contextmanager
def deferred_interrupt() -> Iterator[Callable[[], bool]]:
    """Hold an interrupt until the compiled call is over, so that weights and history agree.

    Yields a function that says whether there was one.
    """
    asked = threading.Event()
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield asked.is_set  # only the main thread receives signals, and some programs want none
        return
    before = signal.signal(signal.SIGINT, lambda *_: asked.set())
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before or signal.default_int_handler)
