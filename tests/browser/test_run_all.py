"""Restart and Run All of every notebook: it comes to its end, and all of it is shown."""

from browser.opened import STOPPED, WARNED, Opened


def test_restart_and_run_all_ends_without_an_error(opened: Opened):
    page = opened.page
    assert page.locator(f"{STOPPED}, {WARNED}").all_inner_texts() == []
    assert "Error displaying widget" not in page.locator(".jp-Notebook").inner_text()
    assert opened.errors == []
    assert opened.outside == []
