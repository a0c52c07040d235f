"""`helpers.seeds`: all luck in the course comes from one place."""

from helpers.seeds import seeds

import pytest


def test_seeds_count_from_zero():
    assert list(seeds(3)) == [0, 1, 2]


def test_the_environment_moves_all_seeds_at_once(monkeypatch):
    monkeypatch.setenv("COURSE_SEED_OFFSET", "1000")
    assert list(seeds(3)) == [1000, 1001, 1002]


def test_the_offset_is_read_at_each_call(monkeypatch):
    monkeypatch.setenv("COURSE_SEED_OFFSET", "1000")
    seeds(1)
    monkeypatch.setenv("COURSE_SEED_OFFSET", "7")
    assert list(seeds(1)) == [7]


@pytest.mark.parametrize("offset", ["-1", "1.5", "ten", "", " 3", "²"])
def test_an_offset_that_is_no_whole_number_is_refused(monkeypatch, offset):
    monkeypatch.setenv("COURSE_SEED_OFFSET", offset)
    with pytest.raises(ValueError, match="COURSE_SEED_OFFSET must be a whole number of at least 0"):
        seeds(3)


@pytest.mark.parametrize("count", [0, -1])
def test_there_is_at_least_one_seed(count):
    with pytest.raises(ValueError, match=f"count must be at least 1, got {count}"):
        seeds(count)


@pytest.mark.parametrize("count", [2.0, 2.5, True, "3", None])
def test_a_count_is_a_whole_number(count):
    with pytest.raises(TypeError, match="count must be a whole number, got"):
        seeds(count)
