"""A notebook that a browser has opened, and what may be asked of it."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page
from playwright.sync_api import TimeoutError as TooLate

from browser.lab import ROOT, TO_RUN_ALL, TO_SHOW, TO_START, Server

WIDTHS = (1280, 900)
WINDOW = {"width": WIDTHS[0], "height": 1000}
PIECE = 1600  # pixels of height in one screenshot

#: What the tests ask the page; JupyterLab hands out its `jupyterapp` when told to.
IN_PAGE = """
window.course = {
    panel: () => jupyterapp.shell.currentWidget,
    idle: () => course.panel()?.sessionContext?.kernelDisplayStatus === 'idle',
    source: number => course.panel().content.widgets[number].model.sharedModel.getSource(),
    done: () => course.panel().content.widgets.every(
        cell => cell.model.type !== 'code' || cell.model.executionCount
            || !cell.model.sharedModel.getSource().trim()),
    // innerText of what is not shown is not empty, but all its text.
    seen: element => element.checkVisibility() ? element.innerText.trim() : '',
    // How far the notebook reaches below the window, and whether the window's size has arrived.
    outer: () => document.querySelector('.jp-WindowedPanel-outer'),
    below: () => Math.max(0, course.outer().scrollHeight - course.outer().clientHeight),
    fills: () => {
        const { right, bottom } = course.outer().getBoundingClientRect();
        const gaps = [innerWidth - right, innerHeight - bottom];  // the bars of JupyterLab
        return gaps.every(gap => 0 <= gap && gap < 60);
    },
    status: explorer => explorer.querySelector('.course-status').textContent.trim(),
    figure: explorer => explorer.querySelector('.course-figure img')?.src ?? '',
    // A slider of options lacks the class that all widgets have.
    widget: element => element.closest('.jupyter-widgets, .widget-slider'),
};
"""
OUTPUT = ".jp-OutputArea-output"
STOPPED = f"{OUTPUT}[data-mime-type='application/vnd.jupyter.error']"
WARNED = f"{OUTPUT}[data-mime-type='application/vnd.jupyter.stderr']"


class Opened(NamedTuple):
    """A notebook that was opened and run from top to bottom, and what was noticed on the way."""

    path: Path
    page: Page
    #: Addresses asked for that are not the server's.
    outside: list[str]
    #: What went wrong in the page's own code.
    errors: list[str]
    #: What the learner's progress file held after the run, "" if there was none.
    progress: str
    server: Server

    def code(self) -> Iterator[tuple[int, nbformat.NotebookNode]]:
        """(number, cell) of every code cell, from the file."""
        cells = enumerate(nbformat.read(self.path, as_version=4).cells)
        return ((number, cell) for number, cell in cells if cell.cell_type == "code")

    def numbers(self, start: str) -> list[int]:
        """The numbers of the code cells in which a line begins so."""
        begins = re.compile(rf"^{re.escape(start)}", re.MULTILINE)
        return [number for number, cell in self.code() if begins.search(cell.source)]

    def solutions(self) -> dict[int, str]:
        """Number -> source of the cells that hold a solution."""
        tagged = (
            (n, cell) for n, cell in self.code() if "solution" in cell.metadata.get("tags", [])
        )
        return {number: cell.source for number, cell in tagged}

    def cell(self, number: int) -> Locator:
        return self.page.locator(".jp-Notebook .jp-Cell").nth(number)


def until(page: Page, condition: str, argument: Any = None, *, seconds: float, what: str) -> None:
    """Wait until the page finds that the JavaScript function `condition` holds."""
    try:
        page.wait_for_function(condition, arg=argument, timeout=1000 * seconds, polling=50)
    except TooLate:
        pytest.fail(f"not within {seconds} s: {what}")


@contextlib.contextmanager
def opened_and_run(path: Path, browser: Browser, server: Server) -> Iterator[Opened]:
    """Open the notebook, choose Restart and Run All, and look at it once all is there."""
    server.progress.unlink(missing_ok=True)
    context = browser.new_context(viewport=WINDOW)
    context.add_init_script(IN_PAGE)
    page = context.new_page()
    outside, errors = watch(page, server)
    try:
        page.goto(f"{server.url}lab/tree/{path.name}?reset", timeout=1000 * TO_START)
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=1000 * TO_START)
        # Whoever asks to run before there is a kernel is asked to choose one.
        until(page, "() => course.idle()", seconds=TO_START, what="the kernel has started")
        page.evaluate("() => jupyterapp.shell.collapseLeft()")
        restart_and_run_all(page)
        until(
            page,
            "() => !document.querySelector('.jp-Notebook').innerText.includes('Loading widget')",
            seconds=TO_SHOW,
            what="every widget is shown",
        )
        progress = server.progress.read_text("utf-8") if server.progress.exists() else ""
        take_screenshots(page, path.stem)
        yield Opened(path, page, outside, errors, progress, server)
    finally:
        # The page goes first: it would report that its kernel has died.
        context.close()
        server.shut_kernels_down()


def watch(page: Page, server: Server) -> tuple[list[str], list[str]]:
    """Two lists that fill up: addresses outside this machine, and errors of the page's own code."""
    outside, errors = [], []
    at_home = (server.url, server.url.replace("http", "ws", 1), "data:", "blob:")

    def note(request: Any) -> None:
        if not request.url.startswith(at_home):
            outside.append(request.url)

    page.on("request", note)
    page.on("websocket", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.extend(widget_errors(message)))
    return outside, errors


def widget_errors(message: Any) -> list[str]:
    """JupyterLab logs errors of its own, at a restart for instance; those of widgets count."""
    said = f"{message.text} ({message.location['url']})"
    return [said] if message.type == "error" and "widget" in said.lower() else []


def restart_and_run_all(page: Page) -> None:
    for _ in range(3):
        page.locator(".lm-MenuBar-item", has_text="Kernel").click()
        try:
            page.locator(".lm-Menu-item", has_text="Run All Cells").click(timeout=5000)
            break
        except TooLate:
            # An extension that arrives late redraws the menus, and so closes an open one.
            page.keyboard.press("Escape")
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    until(
        page,
        f'() => (course.done() || document.querySelector("{STOPPED}")) && course.idle()',
        seconds=TO_RUN_ALL,
        what="every cell has run",
    )


def take_screenshots(page: Page, name: str) -> None:
    """The whole notebook, in pieces, for people to look at."""
    folder = Path(os.environ.get("COURSE_SCREENSHOTS") or ROOT / ".screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        for old in folder.glob(f"{name}-{width}-*.png"):
            old.unlink()
        height = make_room(page, width)
        for number, top in enumerate(range(0, height, PIECE)):
            piece = {"x": 0, "y": top, "width": width, "height": min(PIECE, height - top)}
            page.screenshot(path=folder / f"{name}-{width}-{number:02d}.png", clip=piece)
    page.set_viewport_size(WINDOW)


def make_room(page: Page, width: int) -> int:
    """Make the window so high that the notebook need not scroll, and return its height."""
    height = WINDOW["height"]
    resize(page, width, height)
    while lacks := page.evaluate("() => course.below()"):  # again where the new height moved lines
        height += lacks
        resize(page, width, height)
    return height


def resize(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    until(page, "() => course.fills()", seconds=TO_SHOW, what="the notebook fills the window")
