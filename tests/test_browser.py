"""The course as a learner meets it: every notebook in JupyterLab, in a real browser.

One server and one browser serve all notebooks. Each notebook is opened and run once, and all tests
of it follow before the next is opened, so that one kernel lives at a time.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pytest
from playwright.sync_api import (
    Browser,
    ElementHandle,
    Locator,
    Page,
    Playwright,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as TooLate

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
#: All but 00, which says how the course works, and has nothing to move.
LESSONS = NOTEBOOKS[1:]
SHAPING = ROOT / "notebooks/01_data_shaping.ipynb"

# Seconds. Waits end as soon as what they wait for is there, so these cost nothing but in a failure.
TO_START = 120
TO_RUN_ALL = 600
TO_TRAIN = 120
TO_SHOW = 30

WIDTHS = (1280, 900)
WINDOW = {"width": WIDTHS[0], "height": 1000}
PIECE = 1600  # pixels of height in one screenshot

SETTINGS = {
    # No question whether to fetch the news, which would lie over the notebook.
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # Every cell is in the page, not only those in sight; and nothing follows the last one.
    "notebook-extension/tracker": {"windowingMode": "none", "scrollPastEnd": False},
}


# The browser and the server ----------------------------------------------------------------------


def find_browser(playwright: Playwright) -> str | None:
    """The program to start: the one named, else the system's, else playwright's own."""
    own = playwright.chromium.executable_path
    named = [os.environ.get("COURSE_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    return next(filter(None, map(shutil.which, [*named, own])), None)


def without_browser() -> None:
    """Skip, or fail where nobody would read that tests were skipped."""
    message = (
        "these tests need a browser: `apt-get install chromium`, "
        "or `python -m playwright install chromium` elsewhere"
    )
    if os.environ.get("COURSE_BROWSER") == "required":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        program = find_browser(playwright)
        if program is None:
            without_browser()
        flags = (
            "--no-sandbox --disable-dev-shm-usage --disable-background-networking "
            "--disable-component-update --disable-gpu --no-first-run"
        )
        browser = playwright.chromium.launch(executable_path=program, args=flags.split())
        yield browser
        browser.close()


class Server(NamedTuple):
    """JupyterLab over a copy of the notebooks, and the file where its kernels keep progress."""

    url: str
    progress: Path

    def ask(self, path: str, method: str = "GET") -> Any:
        request = urllib.request.Request(f"{self.url}{path}", method=method)
        with urllib.request.urlopen(request, timeout=TO_SHOW) as answer:
            return json.loads(answer.read() or "null")

    def shut_kernels_down(self) -> None:
        """Ask again while any is left: one that is being restarted refuses."""
        end = time.monotonic() + TO_SHOW
        while (sessions := self.ask("api/sessions")) and time.monotonic() < end:
            for session in sessions:
                with contextlib.suppress(urllib.error.HTTPError):
                    self.ask(f"api/sessions/{session['id']}", "DELETE")


def copy_of_the_notebooks(target: Path) -> None:
    """As on Binder and in hand-outs, without outputs: whatever is seen later, this run has made."""
    shutil.copytree(ROOT / "notebooks", target, ignore=shutil.ignore_patterns(".*"))
    for path in target.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.update(outputs=[], execution_count=None)
        nbformat.write(notebook, path)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Needs the browser only so that nothing is started where there is none."""
    folder = tmp_path_factory.mktemp("lab")
    copy_of_the_notebooks(folder / "notebooks")
    for name, settings in SETTINGS.items():
        file = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(settings), "utf-8")
    port = free_port()
    running = Server(f"http://127.0.0.1:{port}/", folder / "progress.json")
    environment = {
        **os.environ,
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
        "COURSE_PROGRESS": "0",
        "COURSE_PROGRESS_FILE": str(running.progress),
    }
    command = [
        *(sys.executable, "-m", "jupyter", "lab"),
        *("--no-browser", "--allow-root", "--expose-app-in-browser"),
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        f"--ServerApp.root_dir={folder / 'notebooks'}",
        # It listens to this machine alone, and for some minutes.
        *("--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"),
    ]
    log = folder / "log.txt"
    with log.open("wb") as written:
        process = subprocess.Popen(
            command, env=environment, stdout=written, stderr=written, start_new_session=True
        )
    try:
        wait_for_the_server(running, process, log)
        yield running
    finally:
        end(process)


def wait_for_the_server(server: Server, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + TO_START
    while time.monotonic() < end and process.poll() is None:
        try:
            server.ask("api/status")
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text('utf-8', 'replace')}", pytrace=False)


def end(process: subprocess.Popen) -> None:
    """Ask the server to go, which ends its kernels; what is still there then is killed."""
    process.terminate()
    try:
        process.wait(TO_SHOW)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


# A notebook in the browser -----------------------------------------------------------------------

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
    widget: element => element.closest('.jupyter-widgets'),
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


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def opened(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Opened]:
    server.progress.unlink(missing_ok=True)
    context = browser.new_context(viewport=WINDOW)
    context.add_init_script(IN_PAGE)
    page = context.new_page()
    outside, errors = watch(page, server)
    try:
        page.goto(f"{server.url}lab/tree/{request.param.name}?reset", timeout=1000 * TO_START)
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=1000 * TO_START)
        # Whoever asks to run before there is a kernel is asked to choose one.
        until(page, "() => course.idle()", seconds=TO_START, what="the kernel has started")
        page.evaluate("() => jupyterapp.shell.collapseLeft()")
        restart_and_run_all(page)
        progress = server.progress.read_text("utf-8") if server.progress.exists() else ""
        yield Opened(request.param, page, outside, errors, progress, server)
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


# Run all -----------------------------------------------------------------------------------------


def test_restart_and_run_all_ends_without_an_error(opened: Opened):
    page = opened.page
    until(
        page,
        "() => !document.querySelector('.jp-Notebook').innerText.includes('Loading widget')",
        seconds=TO_SHOW,
        what="every widget is shown",
    )
    take_screenshots(page, opened.path.stem)
    assert page.locator(f"{STOPPED}, {WARNED}").all_inner_texts() == []
    assert "Error displaying widget" not in page.locator(".jp-Notebook").inner_text()
    assert opened.errors == []
    assert opened.outside == []


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


# Widgets -----------------------------------------------------------------------------------------

CONTROLS = "[role=slider], select, input[type=checkbox], button"


@pytest.mark.parametrize("opened", LESSONS, indirect=True, ids=lambda path: path.stem)
def test_each_control_of_the_widget_works_from_the_keyboard(opened: Opened):
    page = opened.page
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    explorers = page.locator(".course-explorer").element_handles()
    assert explorers
    for explorer in explorers:
        wait_for_status(explorer, "Ready", what="it is ready before it is moved")
        controls = explorer.query_selector_all(CONTROLS)
        labels = [label(control) for control in controls]
        assert all(labels), labels
        assert_tab_goes_through(controls)
        movable = [control for control in controls if control.is_enabled()]
        for control in movable:
            move_and_wait(explorer, control)
        if "Stop" in labels:
            stop = controls[labels.index("Stop")]
            assert_a_training_can_be_stopped(explorer, movable, stop)
            move(movable[0])
            wait_for_status(explorer, "Ready", what="a training after one that was stopped")
    # Letters and arrows are commands in JupyterLab: none may have got there.
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells


def page_of(element: ElementHandle) -> Page:
    return element.owner_frame().page


def label(control: ElementHandle) -> str:
    """The words beside a control, or those on a button, as far as they can be seen."""
    return control.evaluate(
        """control => [control, ...course.widget(control).querySelectorAll('label')]
            .filter(part => part.matches('button, label')).map(course.seen).join(' ')
            .replaceAll('\\u200b', '').trim()"""
    )


def assert_tab_goes_through(controls: list[ElementHandle]) -> None:
    first, *others = (control for control in controls if control.is_enabled())
    page = page_of(first)
    first.focus()
    for control in others:
        page.keyboard.press("Tab")
        if not has_focus(control):  # the number beside a slider is a stop of its own
            page.keyboard.press("Tab")
        assert has_focus(control), f"Tab does not reach {label(control)!r}"


def has_focus(control: ElementHandle) -> bool:
    return control.evaluate("control => document.activeElement === control")


def move(control: ElementHandle) -> None:
    """Change the value of a control, or press a button, by the keyboard alone."""
    page = page_of(control)
    control.focus()
    if control.get_attribute("role") == "slider":
        now, most = (control.get_attribute(f"aria-value{which}") for which in ("now", "max"))
        page.keyboard.press("ArrowLeft" if float(now) == float(most) else "ArrowRight")
    elif control.evaluate("control => control.localName") == "select":
        # The arrows would go to JupyterLab, which selects another cell, as long as the list is
        # closed: https://github.com/jupyter-widgets/ipywidgets/issues/3912
        page.keyboard.press("Space")
        is_open = "list => list.matches(':open')"
        until(page, is_open, control, seconds=TO_SHOW, what="the list is open")
        last = control.evaluate("list => list.selectedIndex === list.options.length - 1")
        page.keyboard.press("ArrowUp" if last else "ArrowDown")
        page.keyboard.press("Enter")
    else:
        page.keyboard.press("Space")


def move_and_wait(explorer: ElementHandle, control: ElementHandle) -> None:
    before = explorer.evaluate("explorer => course.figure(explorer)")
    move(control)
    until(
        page_of(explorer),
        """([explorer, before]) => course.status(explorer).startsWith('Error')
            || course.status(explorer).startsWith('Ready') && course.figure(explorer) !== before""",
        [explorer, before],
        seconds=TO_TRAIN,
        what=f"another figure once {label(control)!r} has moved",
    )
    assert not status(explorer).startswith("Error"), status(explorer)


def status(explorer: ElementHandle) -> str:
    return explorer.evaluate("explorer => course.status(explorer)")


def wait_for_status(explorer: ElementHandle, *expected: str, what: str) -> None:
    """Wait until the line under the controls begins with one of the expected words, or Error."""
    until(
        page_of(explorer),
        """([explorer, expected]) =>
            expected.some(word => course.status(explorer).startsWith(word))""",
        [explorer, [*expected, "Error"]],
        seconds=TO_TRAIN,
        what=what,
    )
    assert not status(explorer).startswith("Error"), status(explorer)


def assert_a_training_can_be_stopped(
    explorer: ElementHandle, controls: list[ElementHandle], stop: ElementHandle
) -> None:
    """Some controls train nothing, and a training may end before the key is down: try again."""
    page = page_of(explorer)
    for control in controls * 3:
        before = explorer.evaluate("explorer => course.figure(explorer)")
        move(control)
        until(
            page,
            "([explorer, stop, before]) => !stop.disabled || course.figure(explorer) !== before",
            [explorer, stop, before],
            seconds=TO_TRAIN,
            what=f"{label(control)!r} starts a training",
        )
        if stop.is_enabled():
            stop.focus()
            page.keyboard.press("Enter")
        wait_for_status(explorer, "Stopped", "Ready", what="a training ends")
        if status(explorer).startswith("Stopped"):
            return
    pytest.fail("Stop has stopped no training")


# Exercises ---------------------------------------------------------------------------------------


def test_a_solution_is_folded_until_it_is_asked_for(opened: Opened):
    assert opened.solutions()
    for number, source in opened.solutions().items():
        cell = opened.cell(number)
        lines = [line.strip() for line in source.splitlines()]
        # The first line of a folded cell stays in sight, and should be a comment.
        code = [line for line in lines if line and not line.startswith("#")]
        assert [line for line in code if line in seen(cell)] == [], f"cell {number}"
        # As 00 tells learners: a click on the dots opens it, a click on the bar beside it shuts it.
        cell.locator(".jp-InputPlaceholder .jp-MoreHorizIcon").click()
        cell.locator(".cm-content").wait_for(timeout=1000 * TO_SHOW)
        assert [line for line in code if line not in seen(cell)] == [], f"cell {number}"
        cell.locator(".jp-InputCollapser").click()
        cell.locator(".cm-content").wait_for(state="hidden", timeout=1000 * TO_SHOW)


def test_a_solution_that_is_run_gives_nothing_away(opened: Opened):
    """JupyterLab shows a folded output as soon as its cell is run."""
    outputs = {n: opened.cell(n).locator(OUTPUT).all() for n in opened.solutions()}
    shown = {n: "".join(map(seen, parts)) for n, parts in outputs.items()}
    assert {n: text for n, text in shown.items() if text} == {}


def seen(part: Locator) -> str:
    return part.evaluate("part => course.seen(part)")


def test_a_solution_that_is_run_does_not_count_as_an_answer(opened: Opened):
    assert re.findall(r"\d\d-[a-z]+", opened.progress) == []


@pytest.mark.parametrize("opened", [SHAPING], indirect=True, ids=lambda path: path.stem)
def test_an_exercise_is_answered_wrongly_and_then_rightly(opened: Opened):
    exercise, *_ = opened.numbers('check("01-axes"')
    page = opened.page
    assert output(opened, exercise).startswith("…")
    for answer, verdict in (("(200, 3, 60)", "✗ 01-axes"), ("(200, 60, 3)", "✓ 01-axes")):
        source = page.evaluate("number => course.source(number)", exercise)
        written, count = re.subn(r"^answer = .*$", f"answer = {answer}", source, flags=re.MULTILINE)
        assert count == 1
        write(opened, exercise, written)
        run(opened, exercise, verdict)
    assert "01-axes" in opened.server.progress.read_text("utf-8")
    for listed in opened.numbers("progress()"):
        run(opened, listed, "01  ✓ axes")


def write(opened: Opened, number: int, source: str) -> None:
    """Type into a cell's editor in place of what it holds."""
    editor = opened.cell(number).locator(".cm-content")
    editor.click()
    opened.page.keyboard.press("ControlOrMeta+a")
    # In one go: after a single key, the editor would add closing brackets and indents of its own.
    opened.page.keyboard.insert_text(source)
    until(
        opened.page,
        "([number, source]) => course.source(number) === source",
        [number, source],
        seconds=TO_SHOW,
        what=f"the editor holds\n{source}",
    )


def run(opened: Opened, number: int, expected: str) -> None:
    opened.cell(number).locator(".cm-content").click()
    opened.page.keyboard.press("Shift+Enter")
    until(
        opened.page,
        "([cell, expected]) => cell.innerText.includes(expected)",
        [opened.cell(number).locator(".jp-Cell-outputWrapper").element_handle(), expected],
        seconds=TO_SHOW,
        what=f"cell {number} says {expected!r}",
    )


def output(opened: Opened, number: int) -> str:
    return opened.cell(number).locator(OUTPUT).first.inner_text()
