"""What is claimed can fail, and `helpers/claims.json` names the claims that the notebooks make."""

import re
from collections import Counter
from pathlib import Path

from helpers import claims

import nbformat
import pytest
from survey import record, runs

TRAINS = re.compile(r"\b(fit|repeat)\(")

SMALL = "predictions of a network that was not trained are small, and targets grow to the end"
KEEPS = "it says that something is not learned, or not much worse"
NOT_TRAINED = "what it is about is not trained"

#: Claims that luck can move and that hold where nothing is learned, each with the reason. Any other
#: claim that luck can move is one that training decides, and has to fail there.
TRUE_UNTRAINED = {
    "02_lstm_model": {
        "numpy and Keras differ by at most 1e-06 over all 100 windows": NOT_TRAINED,
        "fit and model.fit end at the same weights, to 0.001": "neither moves a weight",
        "At least 80% of the seeds are worse on the last five rows than on the rest": SMALL,
        "Every seed predicts too little on the very last row": SMALL,
        "After a stranger, some output differs by at least 0.001": NOT_TRAINED,
        "From every seed, more gates are at an end in the last window": (
            "larger inputs send random gates to an end, too"
        ),
        "Every seed's ceiling lies below the target at i = 303": "small weights, a low ceiling",
    },
    "03_mlp_baseline": {
        "On the rows held out its median error is at least 1.8, so it loses": SMALL,
        "In the median network at most 6 of 8 units live": (
            "half of the weights begin negative, and without a bias such a unit is dead"
        ),
        "With tanh the median error there is at least 1.5 times that on the rows trained on": SMALL,
        "With tanh every seed is off by at least 100": SMALL,
        "Every living unit has its kink below the first row": (
            "a unit without a bias has its kink at 0"
        ),
    },
    "04_normalization_fixes": {
        "After 500 epochs, targets alone leave at most 90% of what inputs alone leave": (
            "scaled back, a prediction of nothing is the mean of the targets"
        ),
        "Raw, the median prediction rises by at most 1.6 a row": KEEPS,
        "z-score: the score promised at most 40% of what the next five rows cost": (
            "the mean of the targets is nearer to the rows before"
        ),
        "However it is scaled, every LSTM is off by at least 40 there, with tanh inside": SMALL,
        "So is every tanh MLP, by at least 40": SMALL,
    },
    "05_longer_lags": {
        "On the newest value, least squares ends within 6% of the floor": NOT_TRAINED,
        "The LSTM, at this start and rate, misses it: 50% or more of no skill is left": KEEPS,
        "With the MLP at least 50%": KEEPS,
        "Least squares, MLP, sum and maximum keep at least 50%": KEEPS,
        "Hold the first: read forwards, the LSTM keeps at least 80% of the error "
        "of no skill": KEEPS,
        "Read either way, the MLP keeps at least 70%": KEEPS,
        "Hold the latest: at least 80% of it": "what is no skill stays that in runs of any length",
        "(O) Tank: trained on the newer half, the GRU's error is at most 1.5x that on all": (
            "neither has any skill"
        ),
    },
    "06_real_series": {
        "On z-scores the LSTM's error is at least 1.5x that on changes": (
            "without an answer it stays at the mean, or at the newest value"
        ),
        "Shown changes, no network is more than 5% better than the mean seasonal change": KEEPS,
        "Stopped early, its test error is at most 5% above that at the end of training": (
            "what does not move is the same whenever it is stopped"
        ),
        "On the validation months it falls by at most 5%": "what does not move does not fall",
    },
    "07_inside_memory": {
        "On test rows it ends at most 1.3x as large as on training rows": KEEPS,
        "An MLP of as many units keeps at least 50% of the error of no skill": KEEPS,
        "The SimpleRNN starts with a larger gradient there than the LSTM": NOT_TRAINED,
        "The LSTM starts with at least 10x the GRU's": NOT_TRAINED,
        "The LSTM does not, at this rate: in the median 50% or more of no skill is left": KEEPS,
        "Adding at 200, the sum trained at one length is off by at least 1": (
            "random parts of 200 steps add up to anything"
        ),
    },
}


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


@pytest.mark.slow  # a whole notebook each
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
