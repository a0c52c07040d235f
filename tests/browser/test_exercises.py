"""Exercises and their solutions, as a learner finds them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator

from browser.lab import ROOT, TO_SHOW
from browser.opened import OUTPUT, Opened, until

SHAPING = ROOT / "notebooks/01_data_shaping.ipynb"


def test_a_solution_is_folded_until_it_is_asked_for(opened: Opened):
    assert opened.solutions() or not opened.path.name[:2].isdecimal()
    for number, source in opened.solutions().items():
        cell = opened.cell(number)
        lines = [line.strip() for line in source.splitlines()]
        # The first line of a folded cell stays in sight, and should be a comment.
        code = [line for line in lines if line and not line.startswith("#")]
        assert [line for line in code if line in seen(cell)] == [], f"cell {number}"
        # As 00 tells learners: a click on the dots opens it, a click on the bar beside it shuts it.
        cell.locator(".jp-InputPlaceholder .jp-MoreHorizIcon").click()
        cell.locator(".cm-content").wait_for(timeout=1000 * TO_SHOW)
        assert [line for line in code if line not in seen(cell)] == [], f"cell {number}"
        cell.locator(".jp-InputCollapser").click()
        cell.locator(".cm-content").wait_for(state="hidden", timeout=1000 * TO_SHOW)


def test_a_solution_that_is_run_gives_nothing_away(opened: Opened):
    """JupyterLab shows a folded output as soon as its cell is run."""
    outputs = {n: opened.cell(n).locator(OUTPUT).all() for n in opened.solutions()}
    shown = {n: "".join(map(seen, parts)) for n, parts in outputs.items()}
    assert {n: text for n, text in shown.items() if text} == {}


def seen(part: Locator) -> str:
    return part.evaluate("part => course.seen(part)")


def test_a_solution_that_is_run_does_not_count_as_an_answer(opened: Opened):
    assert re.findall(r"\d\d-[a-z]+", opened.progress) == []


@pytest.mark.parametrize("opened", [SHAPING], indirect=True, ids=lambda path: path.stem)
def test_an_exercise_is_answered_wrongly_and_then_rightly(opened: Opened):
    exercise, *_ = opened.numbers('check("01-axes"')
    page = opened.page
    assert output(opened, exercise).startswith("…")
    for answer, verdict in (("(200, 3, 60)", "✗ 01-axes"), ("(200, 60, 3)", "✓ 01-axes")):
        source = page.evaluate("number => course.source(number)", exercise)
        written, count = re.subn(r"^answer = .*$", f"answer = {answer}", source, flags=re.MULTILINE)
        assert count == 1
        write(opened, exercise, written)
        run(opened, exercise, verdict)
    assert "01-axes" in opened.server.progress.read_text("utf-8")
    for listed in opened.numbers("progress()"):
        run(opened, listed, "01  ✓ axes")


def write(opened: Opened, number: int, source: str) -> None:
    """Type into a cell's editor in place of what it holds."""
    editor = opened.cell(number).locator(".cm-content")
    editor.click()
    opened.page.keyboard.press("ControlOrMeta+a")
    # In one go: after a single key, the editor would add closing brackets and indents of its own.
    opened.page.keyboard.insert_text(source)
    until(
        opened.page,
        "([number, source]) => course.source(number) === source",
        [number, source],
        seconds=TO_SHOW,
        what=f"the editor holds\n{source}",
    )


def run(opened: Opened, number: int, expected: str) -> None:
    opened.cell(number).locator(".cm-content").click()
    opened.page.keyboard.press("Shift+Enter")
    until(
        opened.page,
        "([cell, expected]) => cell.innerText.includes(expected)",
        [opened.cell(number).locator(".jp-Cell-outputWrapper").element_handle(), expected],
        seconds=TO_SHOW,
        what=f"cell {number} says {expected!r}",
    )


def output(opened: Opened, number: int) -> str:
    return opened.cell(number).locator(OUTPUT).first.inner_text()
