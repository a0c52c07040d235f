"""Controls beside a figure that is drawn anew when one of them is moved.

The work between the two, training a model, say, waits its turn in the queue of all explorers and
runs in a thread. So the controls stay alive: a run can be stopped, and one that has gone stale
gives way to the newest. Everything else happens in the loop in which the cells run, between two of
them, where no other code can be drawing.
"""

from __future__ import annotations

import asyncio
import base64
import html
import io
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial
from typing import Any

from helpers.widgets.queue import Monitor, Stopped, enqueue, wait_at_home

import ipywidgets
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

__all__ = ["explorer"]

#: Seconds in which further changes are waited for, so that a key held down is one change.
DELAY = 0.15

#: What appears in such an element is read out, all of it. Not role='status': reading a page line by
#: line, Orca (43) names that role and leaves out the words.
_LIVE = "aria-live='polite' aria-atomic='true'"

_SLIDERS = (ipywidgets.IntSlider, ipywidgets.FloatSlider, ipywidgets.SelectionSlider)

_STYLE = """<style>
.course-explorer { border-left: 3px solid #0072B2; padding-left: 10px; }
.course-explorer .widget-label { min-width: 11em; }
.course-explorer > .widget-inline-hbox:not(.widget-html) { width: 30em; max-width: 100%; }
.course-figure img { max-width: 100%; height: auto; }
.course-stale img { opacity: 0.35; }
.course-explorer :focus-visible { outline: 2px solid #0072B2; outline-offset: 2px; }
.course-status pre { white-space: pre-wrap; font-size: 85%; }
.course-explorer > .course-name {
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}
:not(:focus-within) + .course-name span span { display: none; }
</style>"""


def explorer(
    draw: Callable[..., tuple[Figure, str]],
    controls: Mapping[str, ipywidgets.Widget],
    *,
    work: Callable[..., Any] | None = None,
    works_on: tuple[str, ...] = (),
    keep: Callable[[Any], None] | None = None,
    limit: Callable[[Mapping[str, ipywidgets.Widget]], None] | None = None,
    at_once: bool = True,
) -> ipywidgets.VBox:
    """Controls, a figure and a line of words about it, kept up to date.

    Args:
        draw: takes the values of all controls by name, and with `work` its result as `result`.
            Returns the figure and a sentence that says what it shows, which also stands in for the
            figure where it cannot be seen.
        controls: name -> a widget with a value and a description.
        work: takes the values of the controls named in `works_on`, a `seed`, and a `Monitor` as
            `monitor`. Runs in a thread, and so must neither draw nor change what others read. A
            change of other controls draws its last result again, with the values it came from. Two
            buttons come with it: one stops a run, the other runs it again with the next seed,
            counted from 0.
        works_on: names of the controls that `work` depends on.
        keep: takes each result of `work` once, before it is drawn, in the loop of the cells.
        limit: called before values are read, to move the limits of one control by another's value.
        at_once: draw once now, and wait for it: an error is then the cell's. Otherwise the first
            change begins.

    Returns:
        A box with the CSS class course-explorer; display it as the last line of a cell.

    Source: "Asynchronous Widgets" in the ipywidgets documentation, on work in the background.
    """
    return _Live(draw, controls, work, works_on, keep, limit, at_once).box


class _Live:
    """The state behind one explorer; only the loop of the cells changes it."""

    def __init__(self, draw, controls, work, works_on, keep, limit, at_once) -> None:
        self.draw, self.controls, self.work = draw, dict(controls), work
        self.works_on, self.limit, self.keep = works_on, limit, keep
        self.home = _running_loop()
        self.newest = 0  # number of the newest change
        # What the work is asked for, is busy with, and gave last: values by name, with the seed.
        self.asked: dict[str, Any] | None = None
        self.working_on: dict[str, Any] | None = None
        self.result_of: dict[str, Any] | None = None
        self.result = None
        self.monitor: Monitor | None = None
        self.future: Future | None = None
        self.turn = asyncio.Lock()
        self.tasks: set[asyncio.Task] = set()

        self.figure = ipywidgets.HTML()
        self.around = ipywidgets.Box([self.figure])
        self.around.add_class("course-figure")
        self.status = ipywidgets.HTML()
        self.status.add_class("course-status")
        self.bar = ipywidgets.FloatProgress(
            min=0, max=1, layout={"visibility": "hidden", "width": "auto"}
        )
        self.again = ipywidgets.Button(
            description="Train again" if at_once else "Train",
            tooltip="The same once more, from another seed",
            icon="refresh",
        )
        self.stop = ipywidgets.Button(
            description="Stop", tooltip="End the run in progress", icon="stop", disabled=True
        )
        self.again.on_click(lambda _: self.at_home(self.run_again))
        self.stop.on_click(lambda _: self.end())
        buttons = [ipywidgets.HBox([self.again, self.stop, self.bar])] if work else []
        self.names: dict[str, ipywidgets.HTML] = {}
        named = []
        for name, control in self.controls.items():
            named.append(control)
            if isinstance(control, _SLIDERS):
                self.names[name] = ipywidgets.HTML(_name(control))
                self.names[name].add_class("course-name")
                named.append(self.names[name])
        self.box = ipywidgets.VBox(
            [ipywidgets.HTML(_STYLE), *named, *buttons, self.status, self.around],
            layout={"width": "100%"},  # or it would be as narrow as the controls
        )
        self.box.add_class("course-explorer")

        self.set_limits()
        for name, control in self.controls.items():
            control.style.description_width = "initial"
            control.tooltip = ""  # none at all is "null" in the page
            control.observe(lambda _, name=name: self.at_home(self.changed, name), names="value")
        if at_once:
            if work:
                self.asked = self.work_values(0)
                self.take(self.asked, self.wait_for_work())
            self.show()
        else:
            self.says("Ready", "Nothing is trained yet. Move a control, or press Train.")

    # What the controls say

    def set_limits(self) -> None:
        if self.limit is not None:
            self.limit(self.controls)

    def values(self) -> dict[str, Any]:
        return {name: control.value for name, control in self.controls.items()}

    def work_values(self, seed: int) -> dict[str, Any]:
        values = self.values()
        return {name: values[name] for name in self.works_on} | {"seed": seed}

    # What the learner does

    def at_home(self, react: Callable, *arguments: Any) -> None:
        """React in the loop of the cells: a control may speak from another thread than theirs."""
        # JupyterLab sends what controls say to a subshell, which hears it while a cell runs.
        home = self.home if self.home is not None and self.home.is_running() else None
        if home is None or home is _running_loop():
            react(*arguments)
        else:
            home.call_soon_threadsafe(react, *arguments)

    def changed(self, name: str) -> None:
        """A control has moved: draw soon, unless another change comes first."""
        self.set_limits()  # may move a control, and so come here again
        if name in self.names:
            self.names[name].value = _name(self.controls[name])
        if name in self.works_on or self.asked is None:
            self.ask(self.asked["seed"] if self.asked else 0)
        self.draw_soon()

    def run_again(self) -> None:
        self.ask(self.asked["seed"] + 1 if self.asked else 0)
        self.draw_soon()

    def end(self) -> None:
        """End the run that waits or is in progress, and forget changes that wait for it."""
        if self.monitor is not None:
            self.monitor.ended.set()  # here already: a cell may be running
        self.at_home(self.forget)

    def forget(self) -> None:
        self.newest += 1
        self.asked = self.result_of
        self.leave_queue()

    def ask(self, seed: int) -> None:
        if self.work is not None:
            self.asked = self.work_values(seed)

    def draw_soon(self) -> None:
        self.newest += 1
        update = self.update(self.newest)
        loop = _running_loop()
        if loop is None:  # outside a kernel nothing runs the loop
            asyncio.run(update)
            return
        task = loop.create_task(update)
        self.tasks.add(task)  # the loop itself holds tasks only weakly
        task.add_done_callback(self.tasks.discard)

    # What follows

    async def update(self, number: int) -> None:
        await asyncio.sleep(DELAY)
        if number != self.newest:
            return
        if self.monitor is not None and self.working_on != self.asked:
            self.leave_queue()  # the run in progress has gone stale
        async with self.turn:
            if number != self.newest:
                return
            try:
                if self.work is not None and self.result_of != self.asked:
                    asked = self.asked
                    self.take(asked, await self.work_on(asked))
                self.show()
            except Stopped as why:
                self.asked = self.asked if self.newest != number else self.result_of
                self.says("Stopped", str(why) or "The figure shows the run before this one.")
            except Exception as error:
                self.asked = self.asked if self.newest != number else self.result_of
                self.shows_error(error)
            finally:
                self.idle()

    async def work_on(self, asked: dict[str, Any]) -> Any:
        loop = asyncio.get_running_loop()

        def in_loop(show: Callable[[Any], None]) -> Callable[[Any], None]:
            return lambda what: loop.call_soon_threadsafe(show, what)

        self.working_on = asked
        self.monitor = Monitor(
            in_loop(self.shows_share), in_loop(lambda text: self.says("Training", text)), loop
        )
        self.future, waits = enqueue(partial(self.begin, asked), self.monitor)
        if waits:
            self.says("Waiting", "Another figure is training; this one comes after it.")
        else:
            self.says("Training", "…")
        self.around.add_class("course-stale")
        self.bar.value, self.bar.layout.visibility, self.stop.disabled = 0, "visible", False
        done = asyncio.wrap_future(self.future)
        try:
            await asyncio.wait([done])
        except asyncio.CancelledError:  # the loop ends
            self.leave_queue()
            raise
        if done.cancelled():
            raise Stopped
        return done.result()

    def wait_for_work(self) -> Any:
        self.monitor = Monitor(lambda share: None, lambda text: None, self.home)
        self.future, _ = enqueue(partial(self.begin, self.asked), self.monitor)
        try:
            return wait_at_home(self.future)
        finally:
            self.leave_queue()  # after an interrupt
            self.monitor = None

    def begin(self, asked: dict[str, Any], monitor: Monitor) -> Any:
        monitor.says("…")  # it may have waited
        return self.work(**asked, monitor=monitor)

    def leave_queue(self) -> None:
        if self.monitor is not None:
            self.monitor.ended.set()
            self.future.cancel()

    def take(self, asked: dict[str, Any], result: Any) -> None:
        self.result, self.result_of = result, asked
        self.again.description = "Train again"
        if self.keep is not None:
            self.keep(result)

    def idle(self) -> None:
        self.monitor = self.working_on = None
        self.around.remove_class("course-stale")
        self.bar.layout.visibility, self.stop.disabled = "hidden", True

    # What is seen

    def shows_share(self, share: float) -> None:
        self.bar.value = share

    def show(self) -> None:
        shown = self.values()
        if self.work is not None:
            # Where the result comes from: after a run was stopped, the controls say something else.
            shown |= self.result_of
            del shown["seed"]
            shown["result"] = self.result
        figure, words = self.draw(**shown)
        self.figure.value = _image(figure, words)
        plt.close(figure)  # or the cell that runs at the moment would show it as well
        self.says("Ready", words)

    def says(self, state: str, words: str) -> None:
        self.status.value = f"<span {_LIVE}><b>{state}.</b> {html.escape(words)}</span>"

    def shows_error(self, error: Exception) -> None:
        where = "".join(traceback.format_exception(error))
        self.status.value = (
            f"<span role='alert'><b>Error.</b> {type(error).__name__}: {html.escape(str(error))}"
            f"</span><details><summary>Where it happened</summary><pre>{html.escape(where)}</pre>"
            "</details>"
        )


def _name(slider: ipywidgets.Widget) -> str:
    """What is read out beside a slider that has the focus: its name, and the option if it has any.

    ipywidgets (8.1) gives a slider no name that a screen reader could find, and lets one with
    options say the option's number in place of the option.
    """
    words = slider.description
    if isinstance(slider, ipywidgets.SelectionSlider):
        # Not `label`, which is empty as long as the value is the first option and was asked for.
        option = slider.options[slider.index]
        words += f" {option[0] if isinstance(option, tuple) else option}"
    # The outer span stays in the page. The inner one appears in it with the focus.
    return f"<span {_LIVE}><span>{html.escape(words)}</span></span>"


def _image(figure: Figure, words: str) -> str:
    """The figure as HTML, with words in place of it for whoever cannot see it."""
    png = io.BytesIO()
    figure.savefig(png, format="png")
    data = base64.b64encode(png.getvalue()).decode()
    alt = html.escape(words, quote=True)
    return f'<img alt="{alt}" src="data:image/png;base64,{data}">'


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
