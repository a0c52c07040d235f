"""Bets are kept from one session to the next, and no file of somebody else is lost."""

import json
import os
import stat
from pathlib import Path

from helpers.bets import bet, settle
from helpers.bets.book import Book, bets_in
from helpers.bets.judging import Bet, brier, by_sureness

import pytest
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.from_regex(r"\d\d-[a-z0-9-]{1,12}", fullmatch=True)
GUESSES = st.one_of(
    st.integers(-(10**6), 10**6),
    st.floats(-(10**6), 10**6, allow_nan=False),
    st.text("abc äé", min_size=1, max_size=20).filter(str.strip),
)


def test_a_bet_is_a_line_of_the_file(kept):
    bet("05-crossover", (20, "raw"), sure=0.7)
    bet("00-x", 0.5)
    settle("00-x", 0.5)
    assert [json.loads(line) for line in kept.read_text("utf-8").splitlines()] == [
        {"bet": "05-crossover", "guess": [20, "raw"], "sure": 0.7, "right": None},
        {"bet": "00-x", "guess": 0.5, "sure": 0.5, "right": True},
    ]


@given(name=NAMES, guess=GUESSES, sure=st.floats(0, 1), cut=st.integers(0, 60))
def test_what_is_cut_off_is_no_bet_and_the_others_stay(name, guess, sure, cut):
    line = json.dumps({"bet": name, "guess": guess, "sure": sure, "right": None}) + "\n"
    whole = bets_in((line * 2).encode())
    assert list(whole) == [name]
    torn = bets_in((line + line[: min(cut, len(line) - 1)]).encode())
    assert torn == whole


def test_two_notebooks_do_not_erase_each_other(kept):
    one, other = Book(), Book()
    assert one.put(Bet("00-x", 1, 0.5)) == other.put(Bet("01-x", 2, 0.5)) == ""
    assert set(Book().bets()) == {"00-x", "01-x"}
    assert os.listdir(kept.parent) == [kept.name]


@pytest.mark.parametrize("content", [b"", b" \n", b"\0\0\0", b'{"bet": "00-', b'{"bet": "'])
def test_what_a_crash_leaves_is_written_anew(said, kept, content):
    kept.write_bytes(content)
    assert said(bet, "00-x", 3) == "00-x: 3, 50% sure."
    assert set(Book().bets()) == {"00-x"}


@pytest.mark.parametrize(
    "content",
    [
        b'["01-axes"]', b"{", b"{}\n", b'{"bet": 3}\n', b"milk, bread\n", b"\xff\xfe\n", b"null\n",
        b'{"bet": "00-x", "guess": 1, "sure": 7, "right": null}\n', b"[" * 10**4 + b"\n",
        b'{"bet": "Milk", "guess": 1, "sure": 1, "right": null}\n', b"\n" * (10**5 + 1) + b"x",
        b'{"bet": "00-x", "guess": null, "sure": 1, "right": null}\n',
    ],
)  # fmt: skip
def test_a_file_of_somebody_else_stays_as_it_is_and_that_is_said_once(said, kept, content):
    kept.write_bytes(content)
    assert said(bet, "00-x", 3).endswith(
        f"(Your bets cannot be kept when you close this notebook: "
        f"{kept.name} holds something else, and stays as it is.)"
    )
    assert said(bet, "00-y", 3) == "00-y: 3, 50% sure."
    assert said(settle, "00-x", 3).startswith("✓")
    assert kept.read_bytes() == content


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no rights of a group")
def test_the_file_keeps_its_rights_and_a_read_only_one_is_left(said, kept):
    bet("00-x", 3)
    kept.chmod(0o640)
    bet("00-y", 3)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640
    kept.chmod(0o444)
    before = kept.read_bytes()
    assert "it is read-only" in said(bet, "00-z", 3)
    assert kept.read_bytes() == before


def test_by_default_the_file_lies_in_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_PROGRESS_FILE")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    bet("00-x", 3)
    assert os.listdir(tmp_path) == [".lstm-or-mlp-bets.json"]


def test_an_empty_name_keeps_nothing_on_disk(said, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS_FILE", "")
    monkeypatch.chdir(tmp_path)
    assert said(bet, "00-x", 3) == "00-x: 3, 50% sure."
    assert said(settle, "00-x", 3).startswith("✓")
    assert not list(tmp_path.iterdir())


# ---- The score -----------------------------------------------------------------------------------


def settled(*pairs):
    return [Bet(f"00-x{n}", 1, sure, right) for n, (sure, right) in enumerate(pairs)]


def test_the_brier_score_is_the_mean_square_of_what_being_sure_was_off():
    assert brier(settled((1, True), (0, False))) == 0
    assert brier(settled((0.5, True), (0.5, False))) == 0.25
    assert brier(settled((1, False))) == 1
    assert brier([*settled((0.8, True)), Bet("00-open", 1, 0.1)]) == pytest.approx(0.04)
    with pytest.raises(ValueError, match="at least one"):
        brier([Bet("00-open", 1, 0.1)])


@given(share=st.integers(0, 20), sure=st.floats(0, 1))
def test_nobody_betters_the_score_by_being_more_or_less_sure_than_right(share, sure):
    outcomes = [True] * share + [False] * (20 - share)
    honest = brier(settled(*((share / 20, right) for right in outcomes)))
    assert honest <= brier(settled(*((sure, right) for right in outcomes))) + 1e-12


def test_bets_are_counted_by_how_sure_in_tenths():
    bets = settled((0.5, True), (0.54, False), (0.55, True), (0.9, True), (1, True))
    assert by_sureness([*bets, Bet("00-open", 1, 0.1)]) == {
        0.5: (2, 1),
        0.6: (1, 1),
        0.9: (1, 1),
        1.0: (1, 1),
    }
