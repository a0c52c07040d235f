"""Restart and Run All of every notebook: it comes to its end, and all of it is shown."""

from helpers import claims

from browser.opened import OUTPUT, STOPPED, WARNED, Opened


def test_restart_and_run_all_ends_without_an_error(opened: Opened):
    page = opened.page
    assert page.locator(f"{STOPPED}, {WARNED}").all_inner_texts() == []
    assert "Error displaying widget" not in page.locator(".jp-Notebook").inner_text()
    assert opened.errors == []
    assert opened.outside == []


def test_a_claim_that_training_has_no_part_in_holds_here_too(opened: Opened):
    printed = "\n".join(opened.page.locator(OUTPUT).all_inner_texts())
    false = [line.removeprefix("✗ ") for line in printed.splitlines() if line.startswith("✗ ")]
    known = {sentence: claims.found(sentence) for sentence in false}
    assert [sentence for sentence, said in known.items() if said and not said.luck] == []
