"""The browser, and JupyterLab over a copy of the notebooks."""

from __future__ import annotations

import contextlib
import json
import os
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
from playwright.sync_api import Browser, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SHORT_TRAINING = Path(__file__).with_name("short_training.py")

# Seconds. Waits end as soon as what they wait for is there, so these cost nothing but in a failure.
TO_START = 120
TO_RUN_ALL = 600
TO_TRAIN = 120
TO_SHOW = 30

SETTINGS = {
    # No question whether to fetch the news, which would lie over the notebook.
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # Every cell is in the page, not only those in sight; and nothing follows the last one.
    "notebook-extension/tracker": {"windowingMode": "none", "scrollPastEnd": False},
}


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


@contextlib.contextmanager
def running_browser() -> Iterator[Browser]:
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


@contextlib.contextmanager
def running_lab(folder: Path) -> Iterator[Server]:
    """JupyterLab with all that it reads and writes in `folder`, which is empty before."""
    copy_of_the_notebooks(folder / "notebooks")
    for name, settings in SETTINGS.items():
        file = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(settings), "utf-8")
    start_up = folder / "ipython/profile_default/startup"
    start_up.mkdir(parents=True)
    if not os.environ.get("COURSE_SCREENSHOTS"):  # which are to show what a learner sees
        shutil.copy(SHORT_TRAINING, start_up)
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
        # Of what is trained so shortly, little that is claimed is true.
        "COURSE_CLAIMS": "survey" if any(start_up.iterdir()) else "strict",
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
