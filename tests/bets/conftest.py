"""Shared by the tests of bets: a session of its own, and what it prints."""

from helpers.bets import placing

import pytest


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch, new_session):
    """The file of this test's bets, which starts with none."""
    monkeypatch.setenv("COURSE_PROGRESS_FILE", str(tmp_path / "progress.json"))
    new_session()
    return tmp_path / "progress-bets.json"


@pytest.fixture
def new_session(monkeypatch):
    """Starts a session, in which nothing is known but what the file holds."""
    return lambda: monkeypatch.setattr(placing, "book", placing.Book())


@pytest.fixture
def said(capsys):
    """What a call prints."""

    def text(function, *arguments, **keywords):
        capsys.readouterr()
        assert function(*arguments, **keywords) is None
        return capsys.readouterr().out.removesuffix("\n")

    return text
