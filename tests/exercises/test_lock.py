"""The lock that keeps two notebooks from writing one file at the same time."""

import os
import signal
import subprocess
import sys
import threading
import time

from helpers.exercises import lock
from helpers.exercises.lock import alone

import pytest


def test_only_one_is_there_at_a_time_and_nothing_is_left(tmp_path):
    inside, most = [], []

    def visit():
        for _ in range(50):
            with alone(tmp_path / "file", patience=60):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.0005)
                inside.pop()

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert most == [1] * 200
    assert os.listdir(tmp_path) == []


def test_who_waits_too_long_is_told_and_the_next_one_comes_in(tmp_path):
    with alone(tmp_path / "file"):
        start = time.monotonic()
        with pytest.raises(TimeoutError, match="another notebook"), alone(tmp_path / "file", 0.2):
            pass
        assert 0.2 <= time.monotonic() - start < 2
        with alone(tmp_path / "another"):
            pass
    with alone(tmp_path / "file", 0.2):
        pass


def test_it_is_free_again_after_an_error(tmp_path):
    with pytest.raises(KeyError), alone(tmp_path / "file"):
        raise KeyError
    with alone(tmp_path / "file", 0):
        pass
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="ended by a signal")
def test_a_notebook_that_is_killed_leaves_nobody_waiting(tmp_path):
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom helpers.exercises.lock import alone\n"
        "with alone(Path(sys.argv[1])):\n    print('in', flush=True)\n    time.sleep(60)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "file")], stdout=subprocess.PIPE
    )
    assert owner.stdout.readline() == b"in\n"
    with pytest.raises(TimeoutError), alone(tmp_path / "file", 0.1):
        pass
    owner.send_signal(signal.SIGKILL)
    owner.communicate()
    with alone(tmp_path / "file"):
        pass
    assert os.listdir(tmp_path) == []


def test_a_file_of_that_name_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / ".file.lock").write_text("somebody's")
    with alone(tmp_path / "file"):
        pass
    assert (tmp_path / ".file.lock").read_text() == "somebody's"


@pytest.mark.skipif(lock.fcntl is None, reason="only there a file system may have no locks")
def test_a_file_system_without_locks_is_written_all_the_same(tmp_path, monkeypatch):
    def none(*arguments):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(lock.fcntl, "flock", none)
    with alone(tmp_path / "file"):
        pass
    assert os.listdir(tmp_path) == []


def test_where_nothing_can_be_written_nobody_waits(tmp_path):
    start = time.monotonic()
    with pytest.raises(FileNotFoundError), alone(tmp_path / "missing" / "file", patience=60):
        pass
    assert time.monotonic() - start < 5
