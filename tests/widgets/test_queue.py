"""The queue of all explorers: one trains, the others wait, and nothing waits for ever."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from helpers.widgets import live
from helpers.widgets.live import explorer
from helpers.widgets.queue import Monitor, Stopped

import pytest
from ipywidgets import IntSlider
from seen import Work, button, draw, status, told, until


@pytest.fixture(autouse=True)
def _short_delay(monkeypatch):
    monkeypatch.setattr(live, "DELAY", 0.02)


def explorer_of(work, **options):
    """An explorer with one control, and that control."""
    a = IntSlider(1, 0, 20, description="a")
    options = {"at_once": False} | options
    return explorer(draw, {"a": a}, work=work, works_on=("a",), **options), a


@pytest.fixture
def first():
    work = Work()
    work.finish.clear()
    yield work
    work.finish.set()


@pytest.fixture
def second():
    return Work()


async def one_trains_and_one_waits(first, second):
    one, a = explorer_of(first)
    a.value = 2
    await until(lambda: first.begun)
    two, b = explorer_of(second)
    heard = told(two)
    b.value = 3
    await until(lambda: "<b>Waiting.</b>" in status(two))
    return one, two, heard


def test_a_second_explorer_waits_its_turn_and_says_so(first, second):
    async def moves():
        one, two, heard = await one_trains_and_one_waits(first, second)
        assert not button(two, "Stop").disabled
        await asyncio.sleep(0.1)
        assert second.begun == []
        assert "<b>Training.</b>" in status(one)
        first.finish.set()
        await until(lambda: "&#x27;result&#x27;: 30" in status(two))
        assert "&#x27;result&#x27;: 20" in status(one)
        said = [line.split(".")[0].split("<b>")[1] for line in heard]
        assert list(dict.fromkeys(said)) == ["Ready", "Waiting", "Training"]
        assert said[-1] == "Ready"

    asyncio.run(moves())


def test_one_that_waits_can_be_stopped_and_the_other_goes_on(first, second):
    async def moves():
        one, two, _ = await one_trains_and_one_waits(first, second)
        button(two, "Stop").click()
        await until(lambda: "<b>Stopped.</b>" in status(two))
        assert "<b>Training.</b>" in status(one)
        first.finish.set()
        await until(lambda: "&#x27;result&#x27;: 20" in status(one))
        button(two, "Train").click()
        await until(lambda: "<b>Ready.</b>" in status(two))

    asyncio.run(moves())
    assert len(second.begun) == 1


def test_a_run_that_goes_stale_lets_the_one_that_waits_begin(first, second):
    async def moves():
        one, two, _ = await one_trains_and_one_waits(first, second)
        one.children[1].value = 5
        await until(lambda: "&#x27;result&#x27;: 30" in status(two))
        first.finish.set()
        await until(lambda: "&#x27;result&#x27;: 50" in status(one))

    asyncio.run(moves())
    assert first.finished == [(5, 0)]


def test_an_error_in_one_lets_the_next_begin(first, second):
    async def moves():
        one, a = explorer_of(first)
        a.value = 13
        await until(lambda: first.begun)
        two, b = explorer_of(second)
        b.value = 3
        await until(lambda: "<b>Waiting.</b>" in status(two))
        first.finish.set()
        await until(lambda: "&#x27;result&#x27;: 30" in status(two))
        assert "<b>Error.</b>" in status(one)

    asyncio.run(moves())


# ---- Where the cells run ------------------------------------------------------------------------


def asks(where):
    """Work that has something done where the cells run, and notes the thread."""

    def work(a, seed, monitor):
        for _ in range(5):
            monitor.at_home(lambda: where.append(threading.current_thread()))
        return a

    return work


def test_what_must_be_done_where_the_cells_run_is_done_there():
    where = []

    async def moves():
        box, a = explorer_of(asks(where))
        a.value = 2
        await until(lambda: "&#x27;result&#x27;: 2" in status(box))

    asyncio.run(moves())
    explorer_of(asks(where), at_once=True)  # no loop at all
    assert where == [threading.current_thread()] * 10


def test_a_first_figure_is_waited_for_although_another_explorer_is_training(first):
    """A cell is run again: its loop stands still, and the training of before needs it."""
    where = []

    def needs_home(a, seed, monitor):
        result = first(a, seed, monitor)
        asks(where)(a, seed, monitor)
        return result

    async def moves():
        one, a = explorer_of(needs_home)
        a.value = 2
        await until(lambda: first.begun)
        threading.Timer(0.2, first.finish.set).start()
        two, _ = explorer_of(asks(where), at_once=True)
        assert "&#x27;result&#x27;: 1" in status(two)
        await until(lambda: "&#x27;result&#x27;: 20" in status(one))

    asyncio.run(moves())
    assert where == [threading.current_thread()] * 10


def test_a_run_that_waits_for_a_busy_kernel_can_be_stopped():
    begun, may_ask, ended = threading.Event(), threading.Event(), threading.Event()

    def work(a, seed, monitor):
        begun.set()
        may_ask.wait(20)
        try:
            monitor.at_home(lambda: pytest.fail("the kernel was busy"))
        finally:
            ended.set()

    def stop(box):
        may_ask.set()
        time.sleep(0.2)
        button(box, "Stop").click()

    async def moves():
        box, a = explorer_of(work)
        a.value = 2
        await until(begun.is_set)
        stopper = threading.Thread(target=stop, args=[box])
        stopper.start()
        assert ended.wait(20)  # a cell that takes long
        stopper.join()
        await until(lambda: "<b>Stopped.</b>" in status(box))

    asyncio.run(moves())


def test_an_error_in_what_is_done_there_is_the_works_own():
    def work(a, seed, monitor):
        monitor.at_home(lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        explorer_of(work, at_once=True)

    async def moves():
        box, a = explorer_of(work)
        a.value = 2
        await until(lambda: "<b>Error.</b> ZeroDivisionError" in status(box))

    asyncio.run(moves())


def test_an_interrupt_of_a_first_figure_ends_its_work(first, second):
    def interrupted(a, seed, monitor):
        monitor.at_home(lambda: (_ for _ in ()).throw(KeyboardInterrupt))

    with pytest.raises(KeyboardInterrupt):
        explorer_of(interrupted, at_once=True)
    box, a = explorer_of(second)
    a.value = 3
    assert "&#x27;result&#x27;: 30" in status(box)


def test_an_interrupt_is_the_cells_also_while_it_answers_another_explorer(first, second):
    def interrupted(a, seed, monitor):
        first(a, seed, monitor)
        monitor.at_home(lambda: (_ for _ in ()).throw(KeyboardInterrupt))

    async def moves():
        _, a = explorer_of(interrupted)
        a.value = 2
        await until(lambda: first.begun)
        threading.Timer(0.2, first.finish.set).start()
        with pytest.raises(KeyboardInterrupt):
            explorer_of(second, at_once=True)

    asyncio.run(moves())


def test_work_ends_with_the_kernel_that_would_have_to_answer_it():
    """A kernel that ends waits for its threads, while its loop runs no more."""
    gone = asyncio.new_event_loop()
    gone.close()
    monitor = Monitor(lambda share: None, lambda text: None, gone)
    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(monitor.at_home, lambda: pytest.fail("nobody runs it"))
        try:
            with pytest.raises(Stopped):
                asked.result(timeout=20)
        finally:
            monitor.ended.set()
