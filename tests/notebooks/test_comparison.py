"""What nbval makes of an output that differs from the stored one: only the digits after ≈ may."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from xml.etree import ElementTree

from helpers.alternative_text import as_html
from helpers.report import approx

import nbformat
import pytest
from conventions.course import MASKING
from conventions.numbers import mask
from conventions.sample import stream
from hypothesis import given
from hypothesis import strategies as st
from nbformat import v4
from nbval.plugin import get_sanitize_patterns

# ---- What the comparison masks -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("≈ 0.26", "≈ #"),
        ("≈ 120", "≈ #"),
        ("≈ 1.2e-07", "≈ #"),
        ("≈ 1.0e+06", "≈ #"),
        ("≈ -3.1", "≈ -#"),
        ("≈ -1e-07 m", "≈ -# m"),
        ("≈ 0.26 (≈ 0.20 to ≈ -0.51), 3 of 4.", "≈ # (≈ # to ≈ -#), 3 of 4."),
        ("| LSTM | ≈ 0.26 | 353 |", "| LSTM | ≈ # | 353 |"),
        ("≈ 0.26.", "≈ #."),
        ("≈ 0.26, 0.27", "≈ #, 0.27"),
        ("≈ 3x", "≈ #x"),
        ("≈ 1\n2", "≈ #\n2"),
    ],
)
def test_only_the_number_after_the_sign_is_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    ["0.26", "≈", "≈ ", "≈0.26", "≈  0.26", "≈ nan", "≈ a1", "≈\n0.26", "≈ --1", "≈ .5", "~ 3"],
)
def test_everything_else_is_compared_as_it_is(text):
    assert mask(text) == text


@given(st.text(st.characters(exclude_characters="≈")))
def test_no_text_without_the_sign_is_masked(text):
    assert mask(text) == text


def test_of_a_figure_in_html_the_words_are_compared_and_the_picture_is_not():
    def compared(picture, words):
        text = as_html(picture, words)
        for pattern, instead in get_sanitize_patterns(MASKING.read_text(encoding="ascii")):
            text = re.sub(pattern, instead, text)
        return text

    assert compared("iVBORw0KGgo=", "A line.") == compared("iVBO/w+KGgo==\n", "A line.")
    assert compared("iVBORw0KGgo=", "A line.") != compared("iVBORw0KGgo=", "A curve.")


FINITE = st.floats(allow_nan=False, allow_infinity=False)
WORDS = st.text(st.sampled_from("ab ≈|(),.-+e\n"))


@given(WORDS, FINITE, FINITE, WORDS.map(" {}".format))
def test_two_texts_are_the_same_once_masked_when_only_approximate_digits_differ(a, one, other, b):
    texts = [f"{a}{approx(number)}{b}" for number in (one, other)]
    if (one < 0) == (other < 0):
        assert mask(texts[0]) == mask(texts[1])
    else:
        assert mask(texts[0]) != mask(texts[1])


@given(
    st.lists(st.tuples(st.text(st.sampled_from("ab1.- e+\n"), min_size=1), FINITE), min_size=1),
    st.data(),
)
def test_no_other_change_is_lost_in_the_mask(parts, data):
    """Drop any one character that is neither part of a number after ≈ nor beside one: it shows."""
    text, free = "", []
    for words, number in parts:
        free += range(len(text), len(text) + len(words))
        text += f"{words} {approx(number)} "
    where = data.draw(st.sampled_from(free))
    assert mask(text[:where] + text[where + 1 :]) != mask(text)


# ---- The comparison itself ---------------------------------------------------------------------

#: What a cell printed when it was stored, what it prints now, and whether that is the same.
RERUNS = {
    "nothing differs": ("error 0.26", "error 0.26", True),
    "digits after the sign": ("error ≈ 0.26 m", "error ≈ 0.31 m", True),
    "how many digits": ("≈ 120 and 5", "≈ 1.2e-07 and 5", True),
    "all three of a range": ("≈ 1.0 (≈ 0.5 to ≈ 2.0)", "≈ 1.1 (≈ 0.4 to ≈ 3.0)", True),
    "an exact digit": ("error 0.26", "error 0.27", False),
    "an exact digit beside": ("≈ 0.26 of 353", "≈ 0.31 of 354", False),
    "the minus": ("≈ 0.26", "≈ -0.26", False),
    "a word": ("error ≈ 0.26 m", "error ≈ 0.26 km", False),
    "the sign": ("≈ 0.26", "~ 0.26", False),
    "a space": ("≈ 0.26 m", "≈ 0.26  m", False),
    "a line": ("≈ 0.26", "≈ 0.26\n", False),
    "a number that became text": ("≈ 0.26", "≈ nan", False),
    "a claim": ("✓ At least 4x", "✓ At least 5x", False),
}


@pytest.fixture(scope="module")
def reruns(tmp_path_factory):
    """Whether nbval passes, for each of RERUNS as a printed text and as a table in Markdown."""
    folder = tmp_path_factory.mktemp("nbval")
    nb = v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    for before, now, _ in RERUNS.values():
        shown = {"text/markdown": before, "text/plain": "<IPython.core.display.Markdown object>"}
        table = v4.new_output("display_data", shown)
        for source, output in [
            (f"print({now!r})", stream(before + "\n")),
            (f"from IPython.display import Markdown, display\ndisplay(Markdown({now!r}))", table),
        ]:
            count = len(nb.cells) + 1
            nb.cells.append(v4.new_code_cell(source, execution_count=count, outputs=[output]))
    nbformat.write(nb, folder / "sample.ipynb")
    (folder / "pytest.ini").write_text("[pytest]\n")
    options = ["--nbval", "--nbval-current-env", f"--nbval-sanitize-with={MASKING}"]
    options += ["-p", "no:cacheprovider", "-p", "no:xdist", "--junitxml=result.xml"]
    command = [sys.executable, "-m", "pytest", *options, "sample.ipynb"]
    plain = {name: text for name, text in os.environ.items() if name != "PYTEST_ADDOPTS"}
    run = subprocess.run(
        command, cwd=folder, env=plain, capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode in {0, 1}, run.stdout + run.stderr
    cells = list(ElementTree.parse(folder / "result.xml").iter("testcase"))
    assert len(cells) == 2 * len(RERUNS)
    assert not run.stdout.count("caused an exception")
    passed = [not list(cell) for cell in cells]
    return dict(zip(RERUNS, zip(passed[::2], passed[1::2], strict=True), strict=True))


@pytest.mark.parametrize("difference", RERUNS)
def test_nbval_passes_a_rerun_only_if_nothing_but_approximate_digits_differs(difference, reruns):
    same = RERUNS[difference][2]
    assert reruns[difference] == (same, same)


def test_the_run_of_the_course_compares_strictly_and_with_this_mask(pytestconfig):
    """pyproject.toml hands pytest these options, whichever tests are picked."""
    options = pytestconfig.option
    assert options.nbval
    assert (pytestconfig.rootpath / options.nbval_sanitize_with).samefile(MASKING)
    assert options.nbval_cell_timeout == 300
