"""Shared by all tests of helpers and conventions."""

import helpers  # noqa: F401  before keras, to keep TensorFlow's log lines back

import hypothesis
import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from parts import HEAVY, ByPart, order

# The same examples on every machine and in every run, and no folder of past failures.
hypothesis.settings.register_profile("course", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("course")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch):
    """No test sees the switches of the shell that started it (the notebooks do)."""
    monkeypatch.delenv("COURSE_SEED_OFFSET", raising=False)
    monkeypatch.delenv("COURSE_CLAIMS_LOG", raising=False)


@pytest.fixture
def figures_of_its_own():
    """For tests that draw: no window, and nothing left of style or figures."""
    with mpl.rc_context({"backend": "agg"}):
        yield
        plt.close("all")


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items):
    for item in items:
        asks_for_much = set(HEAVY).intersection(getattr(item, "fixturenames", ()))
        # An answer there is a task, on which five models are trained.
        if item.path.suffix == ".ipynb" or asks_for_much or "05-arena" in item.nodeid:
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: order(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return ByPart(config, log) if config.getvalue("dist") == "loadfile" else None
