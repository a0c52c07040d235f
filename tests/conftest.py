"""Shared by all tests of helpers and conventions."""

import os

import helpers  # noqa: F401  before keras, to keep TensorFlow's log lines back

import hypothesis
import pytest

# Here, and not only in the fixture, because the kernels that nbval starts in a run of everything
# inherit it. (`pytest notebooks/NAME.ipynb` alone does not read this file.)
os.environ["COURSE_PROGRESS"] = "0"

# The same examples on every machine and in every run, and no folder of past failures.
hypothesis.settings.register_profile("course", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("course")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch):
    """No test sees the switches of the shell that started it (the notebooks do)."""
    monkeypatch.setenv("COURSE_PROGRESS", "0")
    monkeypatch.delenv("COURSE_SEED_OFFSET", raising=False)
    monkeypatch.delenv("COURSE_CLAIMS_LOG", raising=False)
