"""The one queue in which all explorers of a kernel work, first come first served.

Work runs in a thread of its own, so that controls and cells stay alive meanwhile. What must not
happen in a thread, because it changes what the whole process shares, the work hands over to where
the cells run: see `Monitor.at_home`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

__all__ = ["Monitor", "Stopped", "enqueue", "wait_at_home"]

#: Seconds after which whoever waits looks whether it still should.
LOOK = 0.05


class Stopped(Exception):
    """Ends work whose result is no longer wanted, or that must not begin; may say why."""


class Monitor:
    """What work is handed, to tell how far it is: `monitor(0.5)`, `monitor.says("Compiling")`.

    Each method raises an exception once the work is to end, and the work should let it pass.

    Args:
        share: told the share of the work that is done, 0 to 1.
        says: told what the work is busy with.
        home: the loop in which cells run. None where there is none: then `wait_at_home` must be
            called meanwhile.
    """

    def __init__(
        self,
        share: Callable[[float], None],
        says: Callable[[str], None],
        home: asyncio.AbstractEventLoop | None,
    ) -> None:
        self._share, self._says, self._home = share, says, home
        self.ended = threading.Event()

    def __call__(self, share: float) -> None:
        self._look()
        self._share(share)

    def says(self, text: str) -> None:
        self._look()
        self._says(text)

    def at_home(self, call: Callable[[], Any]) -> Any:
        """Have `call` called in the thread that runs the cells, between two of them.

        Returns what it returns, or raises what it raises.
        """
        self._look()
        answer: Future = Future()
        _CALLS.put((call, answer))
        if self._home is not None:
            with suppress(RuntimeError):  # closed, which the loop below finds out as well
                self._home.call_soon_threadsafe(_answer_all)
        while not wait([answer], timeout=LOOK).done:
            # A kernel that ends waits for its threads, and its loop runs no more.
            gone = self._home is not None and not self._home.is_running()
            if (self.ended.is_set() or gone) and answer.cancel():
                raise Stopped
        return answer.result()

    def part(self, number: int, of: int) -> Monitor:
        """A monitor for one of several pieces of work that follow each other, counted from 0."""
        part = Monitor(lambda share: self((number + share) / of), self._says, self._home)
        part.ended = self.ended
        return part

    def _look(self) -> None:
        if self.ended.is_set():
            raise Stopped


# One thread: whatever is handed to it waits for what came before.
_WORKER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="explorers")
_CALLS: SimpleQueue[tuple[Callable[[], Any], Future]] = SimpleQueue()
_unfinished: dict[Future, Monitor] = {}


def enqueue(work: Callable[[Monitor], Any], monitor: Monitor) -> tuple[Future, bool]:
    """Put work at the end of the queue.

    Returns:
        Its future, and whether other work that is still wanted comes first. The result of work that
        was told to end is the exception `Stopped`; `cancel` takes it out if it has not begun.
    """
    waits = any(not other.ended.is_set() for other in list(_unfinished.values()))

    def begin() -> Any:
        monitor._look()
        return work(monitor)

    future = _WORKER.submit(begin)
    _unfinished[future] = monitor
    future.add_done_callback(lambda done: _unfinished.pop(done, None))
    return future, waits


def wait_at_home(future: Future) -> Any:
    """Wait for work in the thread that runs the cells, and do there what is asked meanwhile.

    The loop of the cells stands still while this waits. Whatever work comes first needs it as well,
    so that nothing would ever go on if this only waited.

    Returns:
        What the work returned. Raises what it raised.
    """
    future.add_done_callback(lambda _: _CALLS.put((lambda: None, Future())))  # or it wakes up late
    while not future.done():
        with suppress(Empty):
            _answer(*_CALLS.get(timeout=LOOK))
    return future.result()


def _answer_all() -> None:
    with suppress(Empty):
        while True:
            _answer(*_CALLS.get_nowait())


def _answer(call: Callable[[], Any], answer: Future) -> None:
    if not answer.set_running_or_notify_cancel():
        return
    try:
        answer.set_result(call())
    except BaseException as error:
        answer.set_exception(error)
        if not isinstance(error, Exception):  # an interrupt, which is meant for a cell
            raise
