"""Each explorer from the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import ElementHandle, Page

from browser.lab import NOTEBOOKS, TO_SHOW, TO_TRAIN
from browser.opened import Opened, until

#: All but 00, which says how the course works, and the one to copy: they have nothing to move.
LESSONS = [path for path in NOTEBOOKS[1:] if path.name[:2].isdecimal()]


CONTROLS = "[role=slider], select, input[type=checkbox], button"


@pytest.mark.parametrize("opened", LESSONS, indirect=True, ids=lambda path: path.stem)
def test_each_control_of_the_widget_works_from_the_keyboard(opened: Opened):
    page = opened.page
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    explorers = page.locator(".course-explorer").element_handles()
    assert explorers
    for explorer in explorers:
        wait_for_status(explorer, "Ready", what="it is ready before it is moved")
        controls = explorer.query_selector_all(CONTROLS)
        labels = [label(control) for control in controls]
        assert all(labels), labels
        assert_tab_goes_through(controls)
        movable = [control for control in controls if control.is_enabled()]
        for control in movable:
            move_and_wait(explorer, control)
        if "Stop" in labels:
            stop = controls[labels.index("Stop")]
            assert_a_training_can_be_stopped(explorer, movable, stop)
            move(movable[0])
            wait_for_status(explorer, "Ready", what="a training after one that was stopped")
    # Letters and arrows are commands in JupyterLab: none may have got there.
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells


@pytest.mark.parametrize("opened", LESSONS, indirect=True, ids=lambda path: path.stem)
def test_a_slider_with_the_focus_has_its_name_and_the_value_seen_read_out(opened: Opened):
    page = opened.page
    sliders = page.locator(".course-explorer [role=slider]").element_handles()
    assert sliders
    for slider in sliders:
        # What appears in it is read out, so it has to be there before.
        region = slider.evaluate_handle(
            "slider => course.widget(slider).nextElementSibling.querySelector('[aria-live]')"
        ).as_element()
        assert region
        page.evaluate("() => document.activeElement.blur()")
        assert region.inner_text() == ""
        slider.focus()
        name, words = label(slider), region.inner_text()
        assert words.startswith(name)
        seen = slider.evaluate(
            "slider => course.widget(slider).querySelector('.widget-readout').innerText"
        )
        assert seen in (slider.get_attribute("aria-valuetext"), words.removeprefix(f"{name} "))
        assert region.evaluate("region => region.isConnected")


def page_of(element: ElementHandle) -> Page:
    return element.owner_frame().page


def label(control: ElementHandle) -> str:
    """The words beside a control, or those on a button, as far as they can be seen."""
    return control.evaluate(
        """control => [control, ...course.widget(control).querySelectorAll('label')]
            .filter(part => part.matches('button, label')).map(course.seen).join(' ')
            .replaceAll('\\u200b', '').trim()"""
    )


def assert_tab_goes_through(controls: list[ElementHandle]) -> None:
    first, *others = (control for control in controls if control.is_enabled())
    page = page_of(first)
    first.focus()
    for control in others:
        page.keyboard.press("Tab")
        if not has_focus(control):  # the number beside a slider is a stop of its own
            page.keyboard.press("Tab")
        assert has_focus(control), f"Tab does not reach {label(control)!r}"


def has_focus(control: ElementHandle) -> bool:
    return control.evaluate("control => document.activeElement === control")


def move(control: ElementHandle) -> None:
    """Change the value of a control, or press a button, by the keyboard alone."""
    page = page_of(control)
    control.focus()
    if control.get_attribute("role") == "slider":
        now, most = (control.get_attribute(f"aria-value{which}") for which in ("now", "max"))
        page.keyboard.press("ArrowLeft" if float(now) == float(most) else "ArrowRight")
    elif control.evaluate("control => control.localName") == "select":
        # The arrows would go to JupyterLab, which selects another cell, as long as the list is
        # closed: https://github.com/jupyter-widgets/ipywidgets/issues/3912
        page.keyboard.press("Space")
        is_open = "list => list.matches(':open')"
        until(page, is_open, control, seconds=TO_SHOW, what="the list is open")
        last = control.evaluate("list => list.selectedIndex === list.options.length - 1")
        page.keyboard.press("ArrowUp" if last else "ArrowDown")
        page.keyboard.press("Enter")
    else:
        page.keyboard.press("Space")


def move_and_wait(explorer: ElementHandle, control: ElementHandle) -> None:
    before = explorer.evaluate("explorer => course.figure(explorer)")
    move(control)
    until(
        page_of(explorer),
        """([explorer, before]) => course.status(explorer).startsWith('Error')
            || course.status(explorer).startsWith('Ready') && course.figure(explorer) !== before""",
        [explorer, before],
        seconds=TO_TRAIN,
        what=f"another figure once {label(control)!r} has moved",
    )
    assert not status(explorer).startswith("Error"), status(explorer)


def status(explorer: ElementHandle) -> str:
    return explorer.evaluate("explorer => course.status(explorer)")


def wait_for_status(explorer: ElementHandle, *expected: str, what: str) -> None:
    """Wait until the line under the controls begins with one of the expected words, or Error."""
    until(
        page_of(explorer),
        """([explorer, expected]) =>
            expected.some(word => course.status(explorer).startsWith(word))""",
        [explorer, [*expected, "Error"]],
        seconds=TO_TRAIN,
        what=what,
    )
    assert not status(explorer).startswith("Error"), status(explorer)


def assert_a_training_can_be_stopped(
    explorer: ElementHandle, controls: list[ElementHandle], stop: ElementHandle
) -> None:
    """Some controls train nothing, and a training may end before the key is down: try again."""
    page = page_of(explorer)
    for control in controls * 3:
        before = explorer.evaluate("explorer => course.figure(explorer)")
        move(control)
        until(
            page,
            "([explorer, stop, before]) => !stop.disabled || course.figure(explorer) !== before",
            [explorer, stop, before],
            seconds=TO_TRAIN,
            what=f"{label(control)!r} starts a training",
        )
        if stop.is_enabled():
            stop.focus()
            page.keyboard.press("Enter")
        wait_for_status(explorer, "Stopped", "Ready", what="a training ends")
        if status(explorer).startswith("Stopped"):
            return
    pytest.fail("Stop has stopped no training")
