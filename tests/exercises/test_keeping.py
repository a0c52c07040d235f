"""What is done is kept from one session to the next, and no file of somebody else is lost."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

from helpers.exercises import EXERCISES, check
from helpers.exercises.keeping import Record

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CANNOT = re.compile(r"\(Your progress cannot be kept when you close this notebook: (.+)\.\)")


@pytest.fixture
def why_not(said):
    """Does an exercise right. Returns what is said about keeping it, or nothing."""

    def done(name="02-ceiling", answer=3):
        praise, _, line = said(name, answer).partition("\n")
        assert praise.startswith(f"✓ {name}: right.")
        return CANNOT.fullmatch(line)[1] if line else ""

    return done


def test_what_is_right_is_kept_for_the_next_session(kept, new_session, number_done):
    check("02-ceiling", 3)
    assert json.loads(kept.read_text()) == ["02-ceiling"]
    new_session()
    assert number_done() == 1


def test_every_exercise_can_be_kept_and_found_again(number_done, new_session):
    record = Record()
    for name in EXERCISES:
        assert record.add(name) == ""
    assert record.names() == Record().names() == {*EXERCISES}
    assert number_done() == len(EXERCISES)


def test_two_notebooks_do_not_erase_each_other(kept, number_done):
    check("02-ceiling", 3)
    kept.write_text(json.dumps(["01-axes", "99-of-another-version"]))  # another notebook wrote
    check("00-windows", 6)
    names = {"01-axes", "02-ceiling", "00-windows"}
    assert set(json.loads(kept.read_text())) == {*names, "99-of-another-version"}
    assert number_done() == 3


def test_notebooks_that_finish_together_lose_no_entry(kept):
    code = (
        "import sys\n"
        "from helpers.exercises.keeping import Record\n"
        "sys.stdin.readline()\n"  # all start at once
        "record = Record()\n"
        "whys = {record.add(f'{sys.argv[1]}-{k}') for k in range(40)}\n"
        "assert whys == {''}, whys"
    )
    notebooks = [
        subprocess.Popen([sys.executable, "-c", code, f"9{n}"], stdin=subprocess.PIPE)
        for n in range(4)
    ]
    for notebook in notebooks:
        notebook.stdin.write(b"\n")
        notebook.stdin.flush()
    for notebook in notebooks:
        notebook.communicate()
    assert [notebook.returncode for notebook in notebooks] == [0] * 4
    assert set(json.loads(kept.read_text())) == {f"9{n}-{k}" for n in range(4) for k in range(40)}
    assert os.listdir(kept.parent) == [kept.name]


# ---- Files of ours ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "done"),
    [
        (b'["01-axes", "02-step"]', 2),
        (b' [\n "01-axes",\n "02-step" ]\n', 2),
        (b'["98-of-another-version"]', 0),
        (b'{"01-axes": true}', 1),
        (b"[]", 0),
        ("\ufeff[]".encode(), 0),
        # Empty, or zeros, or a list that ends too early: what a crash or a full disk leaves.
        (b"", 0),
        (b" \n", 0),
        (b"\x00" * 9, 0),
        (b"[", 0),
        (b'["01-axes", "02-step"', 2),
        (b'["01-axes", "02-ste', 1),
        (b'["01-axes", ', 1),
        (b'["01-axes', 0),
    ],
)
def test_a_file_of_ours_is_read_and_gone_on_with(kept, why_not, number_done, content, done):
    kept.write_bytes(content)
    assert number_done() == done
    assert why_not() == ""
    assert "02-ceiling" in json.loads(kept.read_text())
    assert number_done() == done + 1


@given(names=st.sets(st.sampled_from([*EXERCISES])), data=st.data())
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_wherever_a_list_of_ours_ends_it_is_one_of_ours(kept, names, data):
    whole = json.dumps(sorted(names))
    cut = data.draw(st.integers(0, len(whole)))
    kept.write_text(whole[:cut])
    record = Record()
    found = record.names()
    assert found <= names
    assert len(found) == whole[:cut].count('"') // 2
    assert record.add("02-ceiling") == ""
    assert Record().names() == {*found, "02-ceiling"}


# ---- Files of others ----------------------------------------------------------------------------

OTHERS = [
    b"{", b"\xff\xfe\x00", b"3", b"null", b'"01-axes"', b"[1, [2], {}, null]", b"[" * 10**5,
    b'{"a": [1]}', b"NaN", b'["\\ud800"]', b"{}", b'{"01-axes": {"score": 5}}',
    b'{"01-axes": false}', b'["milk", "bread"]', b'["01-axes", "milk"]', b'["01-axes", "Milk',
    b'["01-axes" "02-step"]', b'["01-axes"] and more', b"import numpy as np\n", b"a,b\n1,2\n",
    b"[project]\nname = 1\n", b" " * 10**5 + b"[x", b"\x00\x00\x00data", b"\n" * (10**5 + 1),
]  # fmt: skip


@pytest.mark.parametrize("content", OTHERS, ids=range(len(OTHERS)))
def test_a_file_of_somebody_else_stays_as_it_is_and_that_is_said_once(
    kept, why_not, number_done, content
):
    kept.write_bytes(content)
    kept.chmod(0o640)
    before = kept.stat()
    assert number_done() == 0
    assert why_not() == f"{kept.name} holds something else, and stays as it is"
    assert why_not("00-windows", 6) == ""
    assert number_done() == 2
    assert kept.read_bytes() == content
    assert (kept.stat().st_mode, kept.stat().st_ino) == (before.st_mode, before.st_ino)
    assert os.listdir(kept.parent) == [kept.name]


@given(content=st.binary(max_size=50))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_break_it_and_none_are_lost(kept, content):
    kept.write_bytes(content)
    record = Record()
    why = record.add("02-ceiling")
    assert record.names() >= {"02-ceiling"}
    if why:
        assert kept.read_bytes() == content
    else:
        blank = b"\x00 \t\r\n"
        assert not content.strip(blank) or content.strip(blank + b"\xff\xfe").startswith(b"[")
        assert "02-ceiling" in json.loads(kept.read_text())


# ---- Places -------------------------------------------------------------------------------------


def below_a_file(folder, monkeypatch):
    (folder / "file").write_text("")
    return folder / "file" / "progress.json"


def a_folder(folder, monkeypatch):
    return folder


def no_such_folder(folder, monkeypatch):
    return folder / "missing" / "progress.json"


def a_device(folder, monkeypatch):
    return Path("/dev/zero")


def a_pipe(folder, monkeypatch):
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def a_name_no_file_can_have(folder, monkeypatch):
    return folder / ("x" * 5000)


def no_right_to_replace(folder, monkeypatch):
    def refuse(*arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    return folder / "progress.json"


def no_right_to_write_beside(folder, monkeypatch):
    def refuse(path, flags, *arguments, **keywords):
        if flags & os.O_CREAT:
            raise OSError(30, "Read-only file system")
        return opened(path, flags, *arguments, **keywords)

    opened = os.open
    monkeypatch.setattr(os, "open", refuse)
    return folder / "progress.json"


def a_read_only_file(folder, monkeypatch):
    (folder / "progress.json").write_text('["98-of-another-version"]')
    (folder / "progress.json").chmod(0o444)
    return folder / "progress.json"


@pytest.mark.parametrize(
    "place",
    [
        below_a_file, a_folder, no_such_folder, a_device, a_pipe, a_name_no_file_can_have,
        no_right_to_replace, no_right_to_write_beside, a_read_only_file,
    ],
)  # fmt: skip
def test_where_nothing_can_be_kept_it_is_said_once(
    why_not, number_done, tmp_path, monkeypatch, place
):
    path = place(tmp_path, monkeypatch)
    monkeypatch.setenv("COURSE_PROGRESS_FILE", str(path))
    before = sorted(tmp_path.rglob("*"))
    assert why_not()
    assert why_not("00-windows", 6) == ""
    assert number_done() == 2
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_that_cannot_be_read_is_not_replaced(why_not, kept, monkeypatch):
    kept.write_text('["01-axes"]')

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert why_not() == "Permission denied"
    assert kept.read_text() == '["01-axes"]'


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no rights of a group")
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664])
def test_the_file_keeps_its_rights(kept, mode):
    kept.write_text("[]")
    kept.chmod(mode)
    check("02-ceiling", 3)
    assert json.loads(kept.read_text()) == ["02-ceiling"]
    assert stat.S_IMODE(kept.stat().st_mode) == mode


def test_without_a_home_folder_the_session_still_counts(why_not, number_done, monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("COURSE_PROGRESS_FILE")
    monkeypatch.setattr(Path, "home", homeless)
    assert "Could not determine home directory" in why_not()
    assert number_done() == 1


def test_by_default_the_file_lies_in_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_PROGRESS_FILE")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    check("02-ceiling", 3)
    assert json.loads((tmp_path / ".lstm-or-mlp.json").read_text()) == ["02-ceiling"]


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_name_keeps_nothing_on_disk(why_not, number_done, tmp_path, monkeypatch, empty):
    monkeypatch.setenv("COURSE_PROGRESS_FILE", empty)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert why_not() == ""
    assert number_done() == 1
    assert not list(tmp_path.iterdir())


def test_a_link_stays_a_link(kept, tmp_path):
    kept.symlink_to(tmp_path / "elsewhere.json")
    check("02-ceiling", 3)
    assert kept.is_symlink()
    assert json.loads((tmp_path / "elsewhere.json").read_text()) == ["02-ceiling"]
