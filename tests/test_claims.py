"""What is claimed can fail, and `helpers/claims.json` names the claims that the notebooks make."""

import re
from collections import Counter
from pathlib import Path

from helpers import claims

import nbformat
import pytest
from survey import record, runs

TRAINS = re.compile(r"\b(fit|repeat)\(")

#: Claims that luck can move and that hold where nothing is learned, each with the reason. Any other
#: claim that luck can move is one that training decides, and has to fail there.
TRUE_UNTRAINED: dict[str, dict[str, str]] = {}


def code(path: Path) -> str:
    cells = nbformat.read(path, 4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


def trained() -> list[Path]:
    return [path for path in runs.NOTEBOOKS if TRAINS.search(code(path))]


def stored(path: Path) -> list[str]:
    """The claims that a notebook stores as true, word for word."""
    return [line for mark, line in runs.stored_claims(nbformat.read(path, 4)) if mark == "✓"]


in_every_notebook = pytest.mark.parametrize("path", runs.NOTEBOOKS, ids=lambda path: path.stem)


def test_some_notebooks_train():
    assert len(trained()) >= 3


@pytest.mark.parametrize("path", trained(), ids=lambda path: path.stem)
def test_each_claim_that_training_decides_fails_where_nothing_is_learned(path):
    run = runs.run(path, lesson="nothing")
    assert run.error is None
    assert list(run.claims) == [record.bare(line) for line in stored(path)]

    failed = [sentence for sentence, claim in run.claims.items() if not claim["holds"]]
    moved = [sentence for sentence in run.claims if claims.suffix(sentence)]
    true_untrained = TRUE_UNTRAINED.get(path.stem, {})
    assert failed == [sentence for sentence in moved if sentence not in true_untrained]
    assert failed, "training decides no claim of this notebook"
    assert set(true_untrained) <= set(moved), "a reason for a claim that needs none"
    assert all(reason.strip() for reason in true_untrained.values())


@in_every_notebook
def test_the_record_names_the_claims_of_the_notebook_in_their_order(path):
    said = record.read(claims.RECORD)[path.stem]
    assert list(said["claims"]) == [record.bare(line) for line in stored(path)]


def test_the_record_names_no_other_notebook():
    assert set(record.read(claims.RECORD)) == {path.stem for path in runs.NOTEBOOKS}


@in_every_notebook
def test_each_stored_tick_says_what_the_record_says(path):
    lines = stored(path)
    assert lines == [record.bare(line) + claims.suffix(record.bare(line)) for line in lines]


def test_no_two_claims_of_the_course_read_the_same():
    said = Counter(
        record.bare(line)
        for path in runs.NOTEBOOKS
        for _, line in runs.stored_claims(nbformat.read(path, 4))
    )
    assert [sentence for sentence, count in said.items() if count > 1] == []


@in_every_notebook
def test_the_record_counts_seeds_and_what_it_counts_was_tried(path):
    said = record.read(claims.RECORD)[path.stem]
    assert said["offsets"] == sorted(set(said["offsets"]))
    assert said["offsets"]
    for missed in said["claims"].values():
        assert missed is None or set(missed) <= set(said["offsets"])
