"""Controls beside a figure that is drawn anew when one of them is moved.

The work between the two, training a model, say, runs in a thread of its own. So the controls stay
alive: a run can be stopped, and one that has gone stale gives way to the newest. Everything else
happens in the kernel's own loop, between cells, where no other code can be drawing.
"""

from __future__ import annotations

import asyncio
import base64
import html
import io
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

__all__ = ["Report", "explorer"]

#: Seconds in which further changes are waited for, so that a key held down is one change.
DELAY = 0.15

_STYLE = """<style>
.course-explorer { border-left: 3px solid #0072B2; padding-left: 10px; }
.course-explorer .widget-label { min-width: 11em; }
.course-explorer > .widget-inline-hbox:not(.widget-html) { width: 30em; max-width: 100%; }
.course-figure img { max-width: 100%; height: auto; }
.course-stale img { opacity: 0.35; }
.course-explorer :focus-visible { outline: 2px solid #0072B2; outline-offset: 2px; }
.course-status pre { white-space: pre-wrap; font-size: 85%; }
</style>"""


class _Stopped(Exception):
    """Raised in the working thread by its next report, once its result is no longer wanted."""


class Report:
    """What the work is handed, to say how far it is: `report(0.5)`, `report.says("Compiling")`.

    Either raises an exception once the run is to end, and the work should let it pass.
    """

    def __init__(self, share: Callable[[float], None], says: Callable[[str], None]) -> None:
        self._share, self._says = share, says
        self.ended = threading.Event()

    def __call__(self, share: float) -> None:
        self._tell(self._share, share)

    def says(self, text: str) -> None:
        self._tell(self._says, text)

    def _tell(self, show: Callable, what: Any) -> None:
        if self.ended.is_set():
            raise _Stopped
        show(what)


def explorer(
    draw: Callable[..., tuple[Figure, str]],
    controls: Mapping[str, ipywidgets.Widget],
    *,
    work: Callable[..., Any] | None = None,
    works_on: tuple[str, ...] = (),
    limit: Callable[[Mapping[str, ipywidgets.Widget]], None] | None = None,
    at_once: bool = True,
) -> ipywidgets.VBox:
    """Controls, a figure and a line of words about it, kept up to date.

    Args:
        draw: takes the values of all controls by name, and with `work` its result as `result`.
            Returns the figure and a sentence that says what it shows, which also stands in for the
            figure where it cannot be seen.
        controls: name -> a widget with a value and a description.
        work: takes the values of the controls named in `works_on`, a `seed`, and a `Report` as
            `report`. Runs in a thread, and so must not draw. A change of other controls draws its
            last result again. Two buttons come with it: one stops a run, the other runs it again
            with the next seed, counted from 0.
        works_on: names of the controls that `work` depends on.
        limit: called before values are read, to move the limits of one control by another's value.
        at_once: draw once now, and wait for it: an error is then the cell's. Otherwise the first
            change begins.

    Returns:
        A box with the CSS class course-explorer; display it as the last line of a cell.

    Source: "Asynchronous Widgets" in the ipywidgets documentation, on work in the background.
    """
    return _Live(draw, controls, work, works_on, limit, at_once).box


class _Live:
    """The state behind one explorer; only the kernel's loop changes it."""

    def __init__(self, draw, controls, work, works_on, limit, at_once) -> None:
        self.draw, self.controls, self.work = draw, dict(controls), work
        self.works_on, self.limit = works_on, limit
        self.newest = 0  # number of the newest change
        self.seed = 0
        self.result, self.result_of, self.working_on = None, None, None
        self.report: Report | None = None
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
        self.again.on_click(lambda _: self.run_again())
        self.stop.on_click(lambda _: self.end())
        buttons = [ipywidgets.HBox([self.again, self.stop, self.bar])] if work else []
        self.box = ipywidgets.VBox(
            [ipywidgets.HTML(_STYLE), *self.controls.values(), *buttons, self.status, self.around],
            layout={"width": "100%"},  # or it would be as narrow as the controls
        )
        self.box.add_class("course-explorer")

        self.set_limits()
        for control in self.controls.values():
            control.style.description_width = "initial"
            control.observe(lambda _: self.changed(), names="value")
        if at_once:
            values = self.values()
            if work:
                self.keep(values, work(**self.work_values(values), report=self.new_report()))
            self.show(values)
        else:
            self.says("Ready", "Nothing is trained yet. Move a control, or press Train.")

    # What the controls say

    def set_limits(self) -> None:
        if self.limit is not None:
            self.limit(self.controls)

    def values(self) -> dict[str, Any]:
        values = {name: control.value for name, control in self.controls.items()}
        return values | {"seed": self.seed} if self.work else values

    def work_values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: values[name] for name in (*self.works_on, "seed")}

    # What the learner does

    def changed(self) -> None:
        """A control has moved: draw soon, unless another change comes first."""
        self.set_limits()  # may move a control, and so come here again
        self.newest += 1
        self.later(self.update(self.newest))

    def run_again(self) -> None:
        if self.result_of is not None:
            self.seed += 1
        self.changed()

    def end(self) -> None:
        """End the run in progress, and forget changes that wait for it."""
        self.newest += 1
        if self.report is not None:
            self.report.ended.set()

    def later(self, coroutine) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # outside a kernel nothing runs the loop
            asyncio.run(coroutine)
            return
        task = loop.create_task(coroutine)
        self.tasks.add(task)  # the loop itself holds tasks only weakly
        task.add_done_callback(self.tasks.discard)

    # What follows

    async def update(self, number: int) -> None:
        await asyncio.sleep(DELAY)
        if number != self.newest:
            return
        values = self.values()
        if self.report is not None and self.working_on != self.work_values(values):
            self.report.ended.set()  # the run in progress has gone stale
        async with self.turn:
            if number != self.newest:
                return
            try:
                if self.work is not None and self.result_of != self.work_values(values):
                    await self.work_on(values)
                self.show(values)
            except _Stopped:
                self.says("Stopped", "The figure shows the run before this one.")
            except Exception as error:
                self.shows_error(error)
            finally:
                self.idle()

    async def work_on(self, values: dict[str, Any]) -> None:
        self.report = self.new_report(asyncio.get_running_loop())
        self.working_on = self.work_values(values)
        self.says("Training", "…")
        self.around.add_class("course-stale")
        self.bar.value, self.bar.layout.visibility, self.stop.disabled = 0, "visible", False
        result = await asyncio.to_thread(self.work, **self.work_values(values), report=self.report)
        self.keep(values, result)

    def keep(self, values: dict[str, Any], result: Any) -> None:
        self.result, self.result_of = result, self.work_values(values)
        self.again.description = "Train again"

    def idle(self) -> None:
        self.report = None
        self.around.remove_class("course-stale")
        self.bar.layout.visibility, self.stop.disabled = "hidden", True

    # What is seen

    def new_report(self, loop: asyncio.AbstractEventLoop | None = None) -> Report:
        if loop is None:
            return Report(lambda share: None, lambda text: None)

        def in_loop(show: Callable[[Any], None]) -> Callable[[Any], None]:
            return lambda what: loop.call_soon_threadsafe(show, what)

        return Report(in_loop(self.shows_share), in_loop(lambda text: self.says("Training", text)))

    def shows_share(self, share: float) -> None:
        self.bar.value = share

    def show(self, values: dict[str, Any]) -> None:
        shown = values | {"result": self.result} if self.work else values
        shown.pop("seed", None)
        figure, words = self.draw(**shown)
        self.figure.value = _image(figure, words)
        plt.close(figure)  # or the cell that runs at the moment would show it as well
        self.says("Ready", words)

    def says(self, state: str, words: str) -> None:
        self.status.value = f"<span role='status'><b>{state}.</b> {html.escape(words)}</span>"

    def shows_error(self, error: Exception) -> None:
        where = "".join(traceback.format_exception(error))
        self.status.value = (
            f"<span role='alert'><b>Error.</b> {type(error).__name__}: {html.escape(str(error))}"
            f"</span><details><summary>Where it happened</summary><pre>{html.escape(where)}</pre>"
            "</details>"
        )


def _image(figure: Figure, words: str) -> str:
    """The figure as HTML, with words in place of it for whoever cannot see it."""
    png = io.BytesIO()
    figure.savefig(png, format="png")
    data = base64.b64encode(png.getvalue()).decode()
    alt = html.escape(words, quote=True)
    return f'<img alt="{alt}" src="data:image/png;base64,{data}">'
