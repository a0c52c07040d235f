"""Every notebook keeps the conventions of the course, and each convention can be broken.

A convention is a function that takes a notebook and returns its offences. It is tried on samples
made to offend, so that it is known to be able to fail, and then on every file in notebooks/.
"""

from __future__ import annotations

import pytest
from conventions import CONVENTIONS
from conventions.course import NOTEBOOKS, ROOT, read
from conventions.numbers import ALLOWED_NUMBERS, no_typed_results
from conventions.parts import out_of_order, sections_of
from conventions.sample import TEXT, sample, write

each_convention = pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda one: one.name)


def each(kind: str) -> pytest.MarkDecorator:
    """Every change that a convention names as its `kind`, offenders or lookalikes."""
    return pytest.mark.parametrize(
        ("convention", "change"),
        [
            pytest.param(convention, change, id=f"{convention.name}-{n}")
            for convention in CONVENTIONS
            for n, change in enumerate(getattr(convention, kind))
        ],
    )


@each_convention
def test_a_notebook_that_keeps_the_conventions_has_no_offence(convention):
    assert convention(sample()) == []


@each_convention
def test_every_convention_has_its_offenders(convention):
    assert convention.offenders


@each("offenders")
def test_a_notebook_that_offends_is_found(convention, change):
    nb = sample()
    change(nb)
    assert convention(nb) != []


@each("lookalikes")
def test_what_only_looks_like_an_offence_is_let_through(convention, change):
    nb = sample()
    change(nb)
    assert convention(nb) == []


def test_a_number_with_a_reason_is_let_through():
    nb = sample()
    write(TEXT, "The error is 0.26, about 280, and 14 times.")(nb)
    assert len(no_typed_results(nb)) >= 3
    assert no_typed_results(nb, allowed={"0.26", "280", "14"}) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@each_convention
def test_the_notebook_keeps_the_conventions(path, convention):
    if convention is no_typed_results:
        offences = convention(read(path), allowed=ALLOWED_NUMBERS.get(path.stem, {}).keys())
    else:
        offences = convention(read(path))
    assert not offences, "\n" + "\n".join(offences)


@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name, numbers in ALLOWED_NUMBERS.items() for number in numbers]
    or [(None, None)],
)
def test_no_number_is_allowed_that_need_not_be(name, number):
    if name is None:
        assert not ALLOWED_NUMBERS
        return
    assert ALLOWED_NUMBERS[name][number].strip(), "no reason given"
    (path,) = (path for path in NOTEBOOKS if path.stem == name)
    assert no_typed_results(read(path), allowed=ALLOWED_NUMBERS[name].keys() - {number})


PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("notebooks/**/[!.]*.md")]


@pytest.mark.parametrize("path", sorted(PAGES), ids=lambda path: path.name)
def test_the_headings_of_a_page_are_in_order_under_one_title(path):
    found = sections_of(path.read_text(encoding="utf-8"))
    assert [level for level, _, _ in found].count(1) == 1
    assert out_of_order(found) == []
