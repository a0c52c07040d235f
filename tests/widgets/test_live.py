"""Controls, work in a thread, and a figure: what a learner sees when a control is moved."""

import asyncio
import re
import threading

from helpers.widgets import live
from helpers.widgets.live import explorer
from helpers.widgets.queue import Stopped

import matplotlib.pyplot as plt
import pytest
from ipywidgets import Dropdown, IntSlider, SelectionSlider
from seen import Work, button, draw, part, picture, status, told, until


@pytest.fixture(autouse=True)
def _short_delay(monkeypatch):
    monkeypatch.setattr(live, "DELAY", 0.02)


@pytest.fixture
def work():
    return Work()


def with_work(work, **options):
    controls = {"a": IntSlider(1, 0, 20, description="a"), "b": IntSlider(1, description="b")}
    return explorer(draw, controls, work=work, works_on=("a",), **options), controls


# ---- Drawing ------------------------------------------------------------------------------------


def test_the_first_figure_is_there_at_once_and_is_described_in_words():
    box = explorer(draw, {"a": IntSlider(3, description="a")})
    assert "<b>Ready.</b> It shows {&#x27;a&#x27;: 3}." in status(box)
    assert re.match('<img alt="It shows .*" src="data:image/png;base64,', picture(box))


def test_what_changes_is_read_out_and_what_goes_wrong_at_once():
    def odd(a):
        if a % 2 == 0:
            raise ValueError(f"{a} is even")
        return draw(a=a)

    a = IntSlider(3)
    box = explorer(odd, {"a": a})
    assert re.fullmatch("<span aria-live='polite' .*>.*It shows .*: 3.*</span>", status(box))
    heard = told(box)
    a.value = 5
    assert re.fullmatch("<span aria-live='polite' .*>.*It shows .*: 5.*</span>", heard[-1])
    a.value = 6
    assert re.match("<span role='alert'>.*6 is even</span>", heard[-1])


def test_beside_a_slider_stands_its_name_to_be_read_out_and_the_option_chosen():
    a = IntSlider(3, description="a < b")
    rate = SelectionSlider(options=[0.1, 0.3], value=0.1, description="rate")
    box = explorer(draw, {"a": a, "rate": rate, "c": Dropdown(options="xy", description="c")})
    assert read_out_with(a, box) == "a &lt; b"
    assert read_out_with(rate, box) == "rate 0.1"
    rate.value = 0.3
    assert read_out_with(rate, box) == "rate 0.3"
    assert len(names_to_read_out(box)) == 2  # a list has a name of its own


def read_out_with(control, box):
    beside = box.children[box.children.index(control) + 1]
    return re.sub("<.*?>", "", beside.value)


def names_to_read_out(box):
    return [child for child in box.children if "course-name" in child._dom_classes]


def test_no_figure_is_left_open_to_appear_below_a_cell():
    explorer(draw, {"a": IntSlider(3)})
    assert plt.get_fignums() == []


def test_an_error_in_the_first_figure_is_the_cells_error():
    def fails(**values):
        raise RuntimeError("no figure")

    with pytest.raises(RuntimeError, match="no figure"):
        explorer(fails, {"a": IntSlider(3)})


def test_a_control_that_is_moved_changes_the_figure():
    a = IntSlider(3)
    box = explorer(draw, {"a": a, "b": Dropdown(options=["x", "y"])})
    before = picture(box)
    a.value = 4
    assert picture(box) != before
    assert "&#x27;a&#x27;: 4" in status(box)


def test_a_control_moved_several_times_in_a_row_is_drawn_once():
    drawn = []

    def count(a):
        drawn.append(a)
        return draw(a=a)

    async def moves():
        a = IntSlider(0)
        box = explorer(count, {"a": a})
        for a.value in range(1, 9):
            await asyncio.sleep(0)
        await until(lambda: "8" in status(box))

    asyncio.run(moves())
    assert drawn == [0, 8]


def test_one_control_may_limit_another():
    def limit(controls):
        controls["b"].max = controls["a"].value

    a, b = IntSlider(5, 0, 10), IntSlider(5, 0, 5)
    box = explorer(draw, {"a": a, "b": b}, limit=limit)
    a.value = 2
    assert b.value == 2
    assert "&#x27;a&#x27;: 2, &#x27;b&#x27;: 2" in status(box)


# ---- Working ------------------------------------------------------------------------------------


def test_work_is_done_again_only_for_the_controls_it_depends_on(work):
    _, controls = with_work(work)
    controls["b"].value = 2
    controls["a"].value = 4
    controls["b"].value = 3
    assert work.finished == [(1, 0), (4, 0)]


def test_the_figure_gets_the_result_of_the_work(work):
    box, controls = with_work(work)
    controls["a"].value = 4
    assert "&#x27;result&#x27;: 40" in status(box)


def test_without_at_once_nothing_is_done_before_a_control_moves(work):
    box, controls = with_work(work, at_once=False)
    assert work.begun == []
    assert "<b>Ready.</b> Nothing is trained yet. Move a control" in status(box)
    assert picture(box) == ""
    controls["b"].value = 2
    assert work.finished == [(1, 0)]
    assert picture(box) != ""


def test_again_takes_the_next_seed(work):
    box, _ = with_work(work)
    button(box, "Train again").click()
    button(box, "Train again").click()
    assert work.finished == [(1, 0), (1, 1), (1, 2)]


def test_the_button_trains_for_the_first_time_with_the_first_seed(work):
    box, _ = with_work(work, at_once=False)
    button(box, "Train").click()
    button(box, "Train again").click()
    assert work.finished == [(1, 0), (1, 1)]


def test_while_it_works_the_controls_stay_alive_and_say_so(work):
    async def moves():
        box, controls = with_work(work)
        work.finish.clear()
        assert button(box, "Stop").disabled
        controls["a"].value = 4
        await until(lambda: len(work.begun) == 2)
        assert "<b>Training.</b>" in status(box)
        assert "course-stale" in part(box, "course-figure")._dom_classes
        assert not button(box, "Stop").disabled
        work.finish.set()
        await until(lambda: "<b>Ready.</b>" in status(box))
        assert "course-stale" not in part(box, "course-figure")._dom_classes
        assert button(box, "Stop").disabled

    asyncio.run(moves())


def test_a_run_can_be_stopped_and_the_figure_stays(work):
    async def moves():
        box, controls = with_work(work)
        before = picture(box)
        work.finish.clear()
        controls["a"].value = 4
        await until(lambda: len(work.begun) == 2)
        button(box, "Stop").click()
        await until(lambda: "<b>Stopped.</b>" in status(box))
        assert picture(box) == before
        work.finish.set()
        controls["a"].value = 5
        await until(lambda: "&#x27;result&#x27;: 50" in status(box))

    asyncio.run(moves())
    assert work.finished == [(1, 0), (5, 0)]


def test_a_run_that_has_gone_stale_gives_way_to_the_newest(work):
    async def moves():
        box, controls = with_work(work)
        work.finish.clear()
        controls["a"].value = 4
        await until(lambda: len(work.begun) == 2)
        for controls["a"].value in (5, 6, 7):
            await asyncio.sleep(0.001)
        await until(lambda: len(work.begun) == 3)
        work.finish.set()
        await until(lambda: "&#x27;result&#x27;: 70" in status(box))

    asyncio.run(moves())
    assert work.begun == [(1, 0), (4, 0), (7, 0)]
    assert work.finished == [(1, 0), (7, 0)]


def test_a_control_the_work_does_not_depend_on_leaves_a_run_alone(work):
    async def moves():
        box, controls = with_work(work)
        work.finish.clear()
        controls["a"].value = 4
        await until(lambda: len(work.begun) == 2)
        controls["b"].value = 9
        await asyncio.sleep(0.1)
        work.finish.set()
        await until(lambda: "&#x27;b&#x27;: 9, &#x27;result&#x27;: 40" in status(box))

    asyncio.run(moves())
    assert work.finished == [(1, 0), (4, 0)]


def test_after_a_stop_another_control_draws_what_was_there_and_trains_nothing(work):
    async def moves():
        box, controls = with_work(work)
        for start in (button(box, "Train again").click, lambda: setattr(controls["a"], "value", 4)):
            work.finish.clear()
            begun = len(work.begun)
            start()
            await until(lambda: len(work.begun) == begun + 1)  # noqa: B023
            button(box, "Stop").click()
            await until(lambda: "<b>Stopped.</b>" in status(box))
            work.finish.set()
            controls["b"].value += 1
            await until(lambda: "<b>Ready.</b>" in status(box))
            assert "&#x27;a&#x27;: 1, " in status(box)
            assert "&#x27;result&#x27;: 10" in status(box)
        button(box, "Train again").click()
        await until(lambda: len(work.finished) == 2)

    asyncio.run(moves())
    assert work.begun == [(1, 0), (1, 1), (4, 0), (4, 1)]
    assert work.finished == [(1, 0), (4, 1)]


def test_after_work_that_has_failed_another_control_draws_what_was_there_and_trains_nothing(work):
    box, controls = with_work(work)
    controls["a"].value = 13
    assert "<b>Error.</b>" in status(box)
    controls["b"].value += 1
    assert "<b>Ready.</b>" in status(box)
    assert "&#x27;result&#x27;: 10" in status(box)
    assert work.begun == [(1, 0), (13, 0)]


def test_after_work_that_would_not_begin_another_control_trains_nothing():
    """As a network too many, which a small machine has no room for."""
    begun = []

    def work(a, seed, monitor):
        begun.append(a)
        if a == 4:
            raise Stopped("No room.")
        return 10 * a

    box, controls = with_work(work)
    controls["a"].value = 4
    assert "<b>Stopped.</b> No room." in status(box)
    controls["b"].value += 1
    assert "&#x27;result&#x27;: 10" in status(box)
    assert begun == [1, 4]


def test_each_result_is_kept_once_before_it_is_drawn_and_where_the_cells_run(work):
    kept, threads = [], set()

    def keep(result):
        kept.append(result)
        threads.add(threading.current_thread())

    def draw_all(result, **values):
        return draw(kept=list(kept))

    async def moves():
        controls = {"a": IntSlider(1, description="a"), "b": IntSlider(1, description="b")}
        box = explorer(draw_all, controls, work=work, works_on=("a",), keep=keep)
        controls["a"].value = 4
        await until(lambda: "[10, 40]" in status(box))
        controls["b"].value = 2
        await asyncio.sleep(0.1)
        button(box, "Train again").click()
        await until(lambda: "[10, 40, 40]" in status(box))

    asyncio.run(moves())
    assert threads == {threading.current_thread()}


def test_a_control_that_speaks_from_another_thread_is_heard_where_the_cells_run(work):
    """JupyterLab 4.4 and later hand what controls say to a thread beside that of the cells."""
    drawn_in = set()

    def draw_here(**values):
        drawn_in.add(threading.current_thread())
        return draw(**values)

    async def moves():
        controls = {"a": IntSlider(1, description="a")}
        box = explorer(draw_here, controls, work=work, works_on=("a",))

        async def subshell():
            controls["a"].value = 4
            await asyncio.sleep(0.2)

        await asyncio.to_thread(asyncio.run, subshell())
        await until(lambda: "&#x27;result&#x27;: 40" in status(box))
        await asyncio.to_thread(button(box, "Train again").click)
        await until(lambda: work.finished == [(1, 0), (4, 0), (4, 1)])
        await until(lambda: "<b>Ready.</b>" in status(box))

    asyncio.run(moves())
    assert drawn_in == {threading.current_thread()}


def test_an_error_in_the_work_is_shown_whole_and_the_next_change_works(work):
    box, controls = with_work(work)
    before = picture(box)
    controls["a"].value = 13
    assert "<b>Error.</b> ValueError: 13 brings &lt;bad&gt; luck" in status(box)
    assert "seen.py" in status(box)
    assert picture(box) == before
    controls["a"].value = 4
    assert "<b>Ready.</b>" in status(box)


def test_an_error_in_a_later_figure_is_shown():
    def fails_at_2(a):
        if a == 2:
            raise KeyError("two")
        return draw(a=a)

    a = IntSlider(1)
    box = explorer(fails_at_2, {"a": a})
    a.value = 2
    assert "<b>Error.</b> KeyError" in status(box)


def test_the_work_can_say_how_far_it_is_and_what_it_waits_for():
    heard = []

    def work(a, seed, monitor):
        monitor.says("compiling")
        monitor(0.25)
        return 0

    async def moves():
        a = IntSlider(1)
        box = explorer(draw, {"a": a}, work=work, works_on=("a",))
        (bar,) = (w for w in button_row(box) if hasattr(w, "bar_style"))
        bar.observe(lambda change: heard.append(change.new), names="value")
        part(box, "course-status").observe(lambda change: heard.append(change.new), names="value")
        a.value = 2
        await until(lambda: any("Ready" in str(told) for told in heard))

    asyncio.run(moves())
    told = "\n".join(map(str, heard))
    assert re.search(r"Training.*compiling.*\n(.*\n)*0\.25\n(.*\n)*.*Ready", told)


def button_row(box):
    return next(
        child.children
        for child in box.children
        if any(getattr(w, "description", "") == "Stop" for w in getattr(child, "children", []))
    )
