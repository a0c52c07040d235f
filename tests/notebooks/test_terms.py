"""The page of terms: each in one sentence, with a notebook where it is met."""

from __future__ import annotations

import re

import pytest
from conventions.course import NOTEBOOKS, ROOT, read
from conventions.parts import markdown_cells

PAGE = (ROOT / "notebooks" / "terms.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| **")
]
TERMS = [row[0].strip("*") for row in ROWS]
#: What a newcomer looks up first.
EXPECTED = {
    *("samples", "timesteps", "feature", "units", "lag", "window", "horizon", "target"),
    *("epoch", "batch", "loss", "SGD", "learning rate", "seed", "validation_split"),
    *("RMSE", "baseline", "persistence", "leak", "residual", "no skill", "held out"),
    *("LSTM", "GRU", "MLP", "SimpleRNN", "CNN", "gate", "bias", "saturated"),
}


def test_the_terms_stand_in_order_and_each_once():
    assert sorted(TERMS, key=str.lower) == TERMS
    assert len(set(TERMS)) == len(TERMS)
    assert set(TERMS) >= EXPECTED


@pytest.mark.parametrize(("term", "meaning", "where"), ROWS, ids=TERMS)
def test_a_term_is_explained_in_a_sentence_and_met_in_its_notebook(term, meaning, where):
    assert re.fullmatch(r"[^.]+\.", meaning), "not one sentence"
    number, name = re.fullmatch(r"\[(\d\d)\]\((\w+)\.ipynb\)", where).groups()
    assert name.startswith(number)
    (path,) = (path for path in NOTEBOOKS if path.stem == name)
    text = "\n".join(cell.source for cell in read(path).cells)
    assert re.search(rf"(?<!\w){re.escape(term.strip('*'))}", text, re.IGNORECASE)


@pytest.mark.parametrize(
    "text",
    [
        (ROOT / "README.md").read_text(encoding="utf-8"),
        "".join(text for _, text in markdown_cells(read(NOTEBOOKS[0]))),
    ],
    ids=["README", "00"],
)
def test_the_page_is_linked_where_a_learner_begins(text):
    assert re.search(r"\]\((notebooks/)?terms\.md\)", text)
