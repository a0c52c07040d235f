"""`tools/offline_pages.py` writes pages that show a notebook without Python and without network."""

import base64
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from accessible import offences
from browser.lab import running_browser
from offline_pages import TO_PLAY_WITH, WIDGET_VIEW, write_pages
from pages import Reader, asked_for, dead_links, fetched, read, wider_than_the_screen
from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_pages(NOTEBOOKS, tmp_path_factory.mktemp("offline"))


def with_cells(*cells) -> nbformat.NotebookNode:
    title = nbformat.v4.new_markdown_cell("# A title & more")
    return nbformat.v4.new_notebook(cells=[title, *cells])


def page_of(folder: Path, *cells) -> str:
    (folder / "in").mkdir()
    nbformat.write(with_cells(*cells), folder / "in/00_sample.ipynb")
    (page,) = write_pages([folder / "in/00_sample.ipynb"], folder / "out")
    return page.read_text("utf-8")


# The course --------------------------------------------------------------------------------------


def test_every_notebook_has_a_page_that_the_index_and_its_neighbours_lead_to(pages: list[Path]):
    assert [page.stem for page in pages] == [path.stem for path in NOTEBOOKS]
    _, index = read(pages[0].with_name("index.html"))
    assert [link["href"] for link in index.all("a")] == [page.name for page in pages]
    steps = {
        page: {link["rel"]: link["href"] for link in read(page)[1].all("a") if "rel" in link}
        for page in pages
    }
    for before, after in itertools.pairwise(pages):
        assert steps[before]["next"] == after.name
        assert steps[after]["prev"] == before.name


def test_a_page_is_one_file_that_fetches_nothing(pages: list[Path]):
    for page in [*pages, pages[0].with_name("index.html")]:
        assert read(page)[1].all("script") == []
        assert fetched(page) == []


def test_links_within_the_bundle_lead_somewhere(pages: list[Path]):
    for page in [*pages, pages[0].with_name("index.html")]:
        assert dead_links(page) == [], page.name


def test_every_figure_that_a_notebook_stores_is_in_its_page_with_alternative_text(
    pages: list[Path],
):
    for source, page in zip(NOTEBOOKS, pages, strict=True):
        cells = nbformat.read(source, as_version=4).cells
        outputs = [output for cell in cells for output in cell.get("outputs", [])]
        stored = [o for o in outputs if "image/png" in o.get("data", {})]
        shown = [a for a in read(page)[1].all("img") if a["src"].startswith("data:image/png")]
        assert len(shown) >= len(stored)
        assert all(image["alt"] for image in shown)


def test_solutions_are_folded_away(pages: list[Path]):
    for source, page in zip(NOTEBOOKS, pages, strict=True):
        cells = nbformat.read(source, as_version=4).cells
        solutions = sum("solution" in cell.metadata.get("tags", []) for cell in cells)
        text, reader = read(page)
        assert len(reader.all("details")) == solutions
        assert not any("open" in details for details in reader.all("details"))
        open_text = re.sub(r"<details.*?</details>", "", text, flags=re.DOTALL)
        assert "solution" in text or not solutions
        assert "# Solution" not in open_text


def test_no_formula_is_left_as_it_is_written(pages: list[Path]):
    texts = [page.read_text("utf-8") for page in pages]
    assert sum(text.count("<math") for text in texts) >= 4
    body = [re.sub(r"<(style|pre).*?</\1>", "", text, flags=re.DOTALL) for text in texts]
    assert not any("$$" in text for text in body)


# What a page makes of a cell ---------------------------------------------------------------------


def test_formulas_become_mathml_and_dollars_in_code_stay(tmp_path: Path):
    source = "a $x_1$ and\n\n$$\\sum_k w_k$$\n\n`cost = $5$`\n\n```\n$a$\n```\n\n$5 or \\$6, $7"
    text = page_of(tmp_path, nbformat.v4.new_markdown_cell(source))
    first, second = re.findall(r"<math.*?</math>", text, re.DOTALL)
    assert "<msub><mi>x</mi><mn>1</mn></msub>" in first
    assert 'display="block"' in second
    assert "<munder>" in second
    assert "cost = $5$" in text
    assert "$a$" in text


def test_a_view_of_a_widget_gives_way_to_its_picture_or_to_a_sentence(tmp_path: Path):
    view = {WIDGET_VIEW: {"model_id": "x"}, "text/plain": "VBox(children=())"}
    tags = {"tags": ["nbval-ignore-output"]}

    def cell(source: str, data: dict) -> nbformat.NotebookNode:
        output = nbformat.v4.new_output("display_data", data)
        return nbformat.v4.new_code_cell(source, outputs=[output], metadata=tags)

    text = page_of(tmp_path, cell("bare", view), cell("drawn", view | {"image/png": PNG}))
    assert "VBox" not in text
    assert "widget-view" not in text
    assert text.count(TO_PLAY_WITH.strip("*")) == 1
    assert f"base64,{PNG}" in text


def test_an_image_says_what_its_output_says_of_it(tmp_path: Path):
    def cell(metadata: dict) -> nbformat.NotebookNode:
        output = nbformat.v4.new_output("display_data", {"image/png": PNG}, metadata=metadata)
        return nbformat.v4.new_code_cell("draw()", outputs=[output])

    text = page_of(
        tmp_path,
        cell({"alt": "two < three"}),
        cell({"image/png": {"alt": "a line"}}),
        cell({}),
    )
    said = [image["alt"] for image in Reader(text).all("img")]
    assert said == ["two < three", "a line", "Figure, described in the text below it"]


def test_links_lead_to_pages_bring_their_files_along_or_are_text(tmp_path: Path):
    (tmp_path / "in/data").mkdir(parents=True)
    (tmp_path / "in/data/SOURCES.md").write_text("where from")
    source = (
        "[again](00_sample.ipynb#there) [sources](data/SOURCES.md) [tests](../tests/x.py) "
        "[web](https://example.org/x)"
    )
    nbformat.write(
        with_cells(nbformat.v4.new_markdown_cell(source)), tmp_path / "in/00_sample.ipynb"
    )
    (page,) = write_pages([tmp_path / "in/00_sample.ipynb"], tmp_path / "out")
    text, reader = read(page)
    links = [link["href"] for link in reader.all("a") if not link["href"].startswith("index")]
    kept = ["00_sample.html#there", "data/SOURCES.md", "https://example.org/x"]
    assert [link for link in links if not link.startswith("#")] == kept
    assert (tmp_path / "out/data/SOURCES.md").read_text() == "where from"
    assert "tests" in text


def test_titles_are_written_so_that_html_reads_them(tmp_path: Path):
    text = page_of(tmp_path)
    assert "<title>A title &amp; more | LSTM or MLP?</title>" in text
    assert "A title &amp; more</a>" in (tmp_path / "out/index.html").read_text("utf-8")


# In a browser ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as browser:
        yield browser


def test_what_shuts_people_out_is_found(browser: Browser):
    page = """<html lang="en"><title>A page</title><main><h1>A</h1><h3>Too deep</h3><img src="x">
        <pre><span style="color: #000">dark</span> <span style="color: #bbb">pale</span>
        <span style="color: #bbb">pale again</span></pre>
        <div style="width: 90px; white-space: nowrap; overflow: auto">wider than that, by far</div>
        </main></html>"""
    tab = browser.new_page()
    tab.set_content(page)
    found = [offence.partition(":")[0] for offence in offences(tab)]
    tab.set_content(page.replace("h3", "h2").replace("<img", '<img alt="x"').replace("#bbb", "#555")
                    .replace("<div", '<div tabindex="0"'))  # fmt: skip
    assert offences(tab) == []
    tab.close()
    assert sorted(found) == [
        "color-contrast",
        "heading-order",
        "image-alt",
        "scrollable-region-focusable",
    ]


@pytest.mark.parametrize("width", [1280, 400])
def test_a_browser_shows_all_without_a_request_and_nobody_is_shut_out(
    browser: Browser, pages: list[Path], width: int
):
    tab = browser.new_page(viewport={"width": width, "height": 900})
    asked = asked_for(tab)
    for path in [*pages, pages[0].with_name("index.html")]:
        tab.goto(path.as_uri())
        drawn = tab.eval_on_selector_all("img", "them => them.map(it => it.naturalWidth > 0)")
        assert all(drawn)
        formulas = tab.eval_on_selector_all(
            "math", "them => them.map(it => it.getBoundingClientRect().height > 8)"
        )
        assert all(formulas)
        assert wider_than_the_screen(tab) == 0, path.stem
        assert offences(tab) == [], path.stem
    assert asked == []
    tab.close()


def test_the_readme_names_the_command():
    assert "uv run python tools/offline_pages.py" in (ROOT / "README.md").read_text("utf-8")
