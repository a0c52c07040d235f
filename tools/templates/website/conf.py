"""How Sphinx makes the website; `tools/website.py` lays out what it is made of, and runs it."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from offline_pages import block_of
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

project = "LSTM or MLP?"
language = "en"
extensions = ["myst_nb"]

# The stored outputs, and no others. What they print is text already, tables are Markdown.
nb_execution_mode = "off"
nb_render_markdown_format = "gfm"
# No controls without a kernel, so nothing that would be fetched for them.
nb_ipywidgets_js: dict[str, dict[str, str]] = {}
myst_enable_extensions = ["dollarmath"]
# Every heading of a page can be linked to.
myst_heading_anchors = 4
html_math_renderer = "mathml"

# Words stand here as they stand in the notebooks.
smartquotes = False

html_theme = "pydata_sphinx_theme"
html_title = project
html_context = {"default_mode": "light"}  # the figures are black on white
html_favicon = "favicon.svg"  # else every browser asks for one that is not there
html_static_path = ["course.css"]
html_css_files = ["course.css"]
templates_path = ["."]
html_copy_source = False
html_show_sphinx = False
html_use_index = False
html_sidebars = {"**": ["pages.html"]}
html_theme_options = {
    "navbar_center": [],
    "navbar_end": [],
    "article_header_end": ["launch.html"],
    "primary_sidebar_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "show_toc_level": 2,
    "search_bar_text": "Search the course",
    "footer_start": [],
    "footer_end": [],
}


def inline(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(convert(node.astext()))
    raise nodes.SkipNode


def block(self: HTML5Translator, node: nodes.math_block) -> None:
    self.body.append(f"<div>{block_of(node.astext())}</div>\n")
    raise nodes.SkipNode


def finish(app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    context["launch"] = app.config.course_launch.get(page, {})
    # The name that MyST-NB gives to what unfolds a cell is not what stands there to be read.
    context["body"] = context.get("body", "").replace(' aria-label="Toggle hidden content"', "")


def setup(app: Sphinx) -> None:
    #: Page -> what a button says -> where it leads.
    app.add_config_value("course_launch", {}, "html")
    # Browsers show MathML by themselves: nothing is fetched, and screen readers speak it.
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    app.connect("html-page-context", finish)
