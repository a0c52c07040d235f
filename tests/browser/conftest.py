"""One server and one browser serve all notebooks.

Each notebook is opened and run once, and all tests of it follow before the next is opened, so that
one kernel lives at a time.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from browser.lab import NOTEBOOKS, Server, running_browser, running_lab
from browser.opened import Opened, opened_and_run


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="package")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Needs the browser only so that nothing is started where there is none."""
    with running_lab(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture(scope="package", params=NOTEBOOKS, ids=lambda path: path.stem)
def opened(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Opened]:
    with opened_and_run(request.param, browser, server) as opened:
        yield opened
