"""What axe-core has against a page, by the rules of WCAG 2.1, levels A and AA."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

__all__ = ["LEVELS", "offences"]

#: The success criteria of WCAG 2.0 and 2.1, levels A and AA, as axe-core tags its rules.
LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
#: Rules that no level asks for, and that a course with many headings keeps all the same.
ALSO = ("heading-order", "page-has-heading-one", "empty-heading", "landmark-unique", "region")


def offences(page: Page) -> list[str]:
    """One line for each element of the page that breaks a rule: the rule, and the element."""
    rules = page.evaluate(f"{Axe().axe_script}; axe.getRules({list(LEVELS)}).map(it => it.ruleId)")
    only = {"type": "rule", "values": [*rules, *ALSO]}
    # The figures in these pages make one of them 2 MB long: its children alone are reported.
    found = Axe().run(page, options={"runOnly": only, "resultTypes": ["violations"]}).response
    return [
        f"{broken['id']}: {' '.join(map(str, node['target']))}: {node['html'][:120]}"
        for broken in found["violations"]
        for node in broken["nodes"]
    ]
