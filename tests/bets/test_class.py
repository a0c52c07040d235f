"""One command draws the bets of a class."""

from helpers.bets.__main__ import main

import pytest

LINE = '{{"bet": "{}", "guess": 1, "sure": {}, "right": {}}}\n'


@pytest.fixture
def files(tmp_path):
    one, two, none = (tmp_path / f"{name}.json" for name in ("one", "two", "none"))
    one.write_text(LINE.format("00-x", 0.9, "true") + LINE.format("01-x", 0.5, "false"), "utf-8")
    two.write_text(LINE.format("00-x", 0.7, "false") + LINE.format("02-x", 0.7, "null"), "utf-8")
    none.write_text("", "utf-8")
    return [str(one), str(two), str(none)]


def test_the_bets_of_a_class_are_counted_and_drawn(files, tmp_path, capsys):
    picture = tmp_path / "class.png"
    assert main([*files, "--picture", str(picture)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [" ".join(line.split()) for line in lines[:2]] == [
        "00-x 1 of 2 right, 80% sure",
        "01-x 0 of 1 right, 50% sure",
    ]
    assert lines[2].startswith("3 bets settled, 1 right (33%), 70% sure on average.")
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_without_a_settled_bet_nothing_is_drawn(files, tmp_path, capsys):
    picture = tmp_path / "class.png"
    assert main([files[2], "--picture", str(picture)]) == 1
    assert "No bet is settled yet." in capsys.readouterr().out
    assert not picture.exists()


@pytest.mark.parametrize("content", [None, b"milk"])
def test_a_file_that_is_none_of_ours_is_named(tmp_path, capsys, content):
    other = tmp_path / "other.json"
    if content:
        other.write_bytes(content)
    with pytest.raises(SystemExit):
        main([str(other)])
    assert str(other) in capsys.readouterr().err
