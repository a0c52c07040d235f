"""Shared by the tests of exercises: a session of its own, and what `check` says to an answer."""

import re

from helpers.exercises import EXERCISES, check, checks, progress

import pytest

FALLBACK = re.compile(r"values differ|Expected the shape|could not be read|Your \S+ is too")


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch, new_session):
    """The file of this test's session, which starts with nothing done."""
    path = tmp_path / "progress.json"
    monkeypatch.setenv("COURSE_PROGRESS_FILE", str(path))
    new_session()
    return path


@pytest.fixture
def new_session(monkeypatch):
    """Starts a session, in which nothing is known but what the file holds."""
    return lambda: monkeypatch.setattr(checks, "record", checks.Record())


@pytest.fixture
def said(capsys):
    """What `check` prints: one message."""

    def message(name, answer, **how):
        capsys.readouterr()
        assert check(name, answer, **how) is None
        return capsys.readouterr().out.removesuffix("\n")

    return message


@pytest.fixture
def praise(said):
    """What `check` says to a right answer."""

    def message(name, answer):
        found = re.fullmatch(rf"✓ {name}: right\. ([^\n]+\.)", said(name, answer))
        assert found, "not found right"
        return found[1]

    return message


@pytest.fixture
def hint(said):
    """What `check` says to a mistake that it knows."""

    def message(name, answer):
        found = re.fullmatch(rf"✗ {name}: not yet\. ([^\n]+)", said(name, answer))
        assert found, "not found wrong"
        assert not FALLBACK.search(found[1])
        return found[1]

    return message


@pytest.fixture
def number_done(capsys):
    """How many exercises `progress` says are done."""

    def count():
        capsys.readouterr()
        progress()
        last = capsys.readouterr().out.splitlines()[-1]
        return int(re.fullmatch(rf"(\d+) of {len(EXERCISES)} exercises done", last)[1])

    return count
