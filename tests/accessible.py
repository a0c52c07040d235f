"""What axe-core has against a page, by the success criteria of WCAG 2.1, levels A and AA."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

__all__ = ["offences"]

#: The levels, as axe-core tags its rules. Rules that it calls experimental are among them.
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
#: Rules that no level asks for, and that a course with many headings and lists of links needs.
ALSO = ["heading-order", "page-has-heading-one", "empty-heading", "landmark-unique", "region"]

# Most elements of a page are words of code. Of these, one of each look stays for the rule about
# contrast, and the others become plain text: a page takes a fraction of the time.
THIN_OUT = """() => {
    const seen = new Set();
    for (const word of document.querySelectorAll("pre span")) {
        if (word.childElementCount) continue;
        const look = getComputedStyle(word), behind = getComputedStyle(word.closest("pre"));
        const key = [look.color, look.backgroundColor, look.fontWeight, look.fontSize,
                     behind.backgroundColor].join();
        if (seen.has(key)) word.replaceWith(...word.childNodes);
        seen.add(key);
    }
}"""
FIND = """async ([levels, also]) => {
    const rules = axe.getRules(levels).map(rule => rule.ruleId).concat(also);
    const options = {
        runOnly: {type: "rule", values: rules}, resultTypes: ["violations"],
        preload: false,  // or it would fetch the styles, which a page opened as a file may not
    };
    const found = await axe.run(document, options);
    return found.violations.flatMap(broken => broken.nodes.map(
        node => `${broken.id}: ${node.target.join(" ")}: ${node.html.slice(0, 120)}`));
}"""


def offences(page: Page) -> list[str]:
    """One line for each element of the page that breaks a rule: the rule, and the element."""
    page.evaluate(Axe().axe_script)
    page.evaluate(THIN_OUT)
    return page.evaluate(FIND, [LEVELS, ALSO])
