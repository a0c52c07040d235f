"""`tools/website.py` makes a website of the course, which needs neither network nor server."""

import itertools
import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import launch_links
import nbformat
import pytest
import website
from accessible import offences
from browser.lab import running_browser
from offline_pages import TO_PLAY_WITH
from pages import asked_for, dead_links, fetched, read, wider_than_the_screen
from playwright.sync_api import Browser, Page, expect
from website import Copy, build, main, write_sources

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
COPY = Copy(launch_links.parse("git@github.com:ann/course.git"), "trunk", "https://hub.example.org")
#: Sphinx speaks to MyST's authors, of its version after the next.
pytestmark = pytest.mark.filterwarnings("ignore:.*MystReferenceResolver.app")
#: What a screen of these many pixels is: that of a desk, and a phone.
DESK, PHONE = 1280, 400


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The website, made once: a warning of Sphinx would be an error here."""
    return build(tmp_path_factory.mktemp("site") / "website", COPY)


def cells(notebook: Path) -> list[nbformat.NotebookNode]:
    return nbformat.read(notebook, as_version=4).cells


def page_of(notebook: Path, pages: list[Path]) -> Path:
    (page,) = (page for page in pages if page.stem == notebook.stem)
    return page


def article(page: Path) -> str:
    """What is on the page itself, without what all pages have around it."""
    (text,) = re.findall(r"<article.*?</article>", page.read_text("utf-8"), re.DOTALL)
    return text


# The course --------------------------------------------------------------------------------------


def test_every_notebook_the_terms_the_data_and_both_guides_have_a_page(pages: list[Path]):
    names = [page.relative_to(pages[0].parent).with_suffix("").as_posix() for page in pages]
    notebooks = [f"notebooks/{path.stem}" for path in NOTEBOOKS]
    others = ["notebooks/terms", "notebooks/data/SOURCES", "docs/teaching", "docs/hub"]
    assert names == ["index", *notebooks, *others]


def test_every_page_leads_to_every_other_and_to_the_one_before_and_after(pages: list[Path]):
    for page in pages:
        links = {(page.parent / a["href"]).resolve() for a in read(page)[1].all("a")
                 if "href" in a and not re.match(r"\w+:|#", a["href"])}  # fmt: skip
        assert links >= {other.resolve() for other in pages if other != page}, page.name
    for before, after in itertools.pairwise(pages):
        rel = {a["rel"]: a["href"] for a in read(before)[1].all("link")}
        assert (before.parent / rel["next"]).resolve() == after.resolve()


def test_what_a_page_leads_to_is_there(pages: list[Path]):
    everything = sorted(pages[0].parent.rglob("*.html"))
    assert {page.resolve() for page in pages} < {page.resolve() for page in everything}
    for page in everything:
        if "_static" not in page.parts:
            assert dead_links(page) == [], page.name


def test_nothing_is_fetched_from_elsewhere(pages: list[Path]):
    for page in pages[0].parent.rglob("*.html"):
        assert [url for url in fetched(page) if re.match(r"\w+:|//", url)] == [], page.name
    for style in pages[0].parent.rglob("*.css"):
        found = re.findall(r"(?:url\(|@import )['\"]?((?:https?:)?//[^)'\"]+)", style.read_text())
        assert found == [], style.name


def test_every_figure_is_there_once_with_its_alternative_text(pages: list[Path]):
    for notebook in NOTEBOOKS:
        outputs = [output for cell in cells(notebook) for output in cell.get("outputs", [])]
        stored = [o.data["text/html"] for o in outputs if "image/png" in o.get("data", {})]
        said = re.findall(r'<img alt="([^"]*)"', "".join(stored))
        assert len(said) == len(stored)
        assert re.findall(r'<img alt="([^"]*)"', article(page_of(notebook, pages))) == said


def test_solutions_are_folded_away(pages: list[Path]):
    for notebook in NOTEBOOKS:
        solutions = sum("solution" in cell.metadata.get("tags", []) for cell in cells(notebook))
        text, reader = read(page_of(notebook, pages))
        assert len(reader.all("details")) == solutions
        assert not any("open" in details for details in reader.all("details"))
        assert "# Solution" not in re.sub(r"<details.*?</details>", "", text, flags=re.DOTALL)


def test_formulas_are_mathml_and_tables_are_tables(pages: list[Path]):
    texts = [article(page_of(notebook, pages)) for notebook in NOTEBOOKS]
    assert sum(text.count("<math") for text in texts) >= 4
    assert not any("$$" in text or r"\(" in text for text in texts)
    for notebook, text in zip(NOTEBOOKS, texts, strict=True):
        outputs = [output for cell in cells(notebook) for output in cell.get("outputs", [])]
        tables = [o for o in outputs if "|--" in o.get("data", {}).get("text/markdown", "")
                  or "|:-" in o.get("data", {}).get("text/markdown", "")]  # fmt: skip
        assert text.count("<table") >= len(tables)


def test_where_a_figure_has_controls_a_sentence_says_so(pages: list[Path]):
    for notebook in NOTEBOOKS:
        played = sum("nbval-ignore-output" in c.metadata.get("tags", []) for c in cells(notebook))
        assert article(page_of(notebook, pages)).count(TO_PLAY_WITH.strip("*")) == played


def test_the_first_page_has_two_figures_the_table_and_who_teaches_finds_the_guide(pages):
    text, reader = read(pages[0])
    figures = [image for image in reader.all("img") if "_images/" in image["src"]]
    assert len(figures) == 2
    assert all(len(image["alt"]) > 40 for image in figures)
    assert "You have a series of numbers, and somebody tells you to use an LSTM." in text
    assert text.count("<tr") == 1 + len(NOTEBOOKS)
    assert {"docs/teaching.html", "docs/hub.html"} <= {a.get("href") for a in reader.all("a")}


def test_buttons_open_this_very_notebook_where_the_copy_came_from(pages: list[Path]):
    for notebook in NOTEBOOKS:
        links = [a["href"] for a in read(page_of(notebook, pages))[1].all("a")
                 if "btn" in a.get("class", "")]  # fmt: skip
        opened = f"notebooks%2F{notebook.name}"
        binder, hub = links
        assert binder.startswith("https://mybinder.org/v2/gh/ann/course/trunk?")
        assert binder.endswith(opened)
        assert hub.startswith("https://hub.example.org/hub/user-redirect/git-pull?")
        assert hub.endswith(opened)


# The command, on a course of one notebook ---------------------------------------------------------

README = "# LSTM or MLP?\n\nOne.\n\nTwo.\n\nThree.\n\n## The notebooks\n\nA list.\n"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    course = tmp_path / "course"
    (course / "notebooks").mkdir(parents=True)
    (course / "docs").mkdir()
    (course / "README.md").write_text(README, "utf-8")
    for name in ("docs/teaching.md", "docs/hub.md"):
        (course / name).write_text("# A page\n\n[here](../notebooks/00_a.ipynb)\n", "utf-8")
    drawn = nbformat.v4.new_output("display_data", {"image/png": "iVBORw0KGgo="})
    with_cells(
        course,
        nbformat.v4.new_markdown_cell("# A title\n\n[there](../README.md) $x_1$ `$y$`"),
        nbformat.v4.new_code_cell("draw()", outputs=[drawn]),
        nbformat.v4.new_markdown_cell("*Figure. A line.*"),
    )
    monkeypatch.setattr(website, "ROOT", course)
    monkeypatch.setattr(launch_links, "ROOT", course)
    monkeypatch.setattr(website, "PAGES", ("docs/teaching.md", "docs/hub.md"))
    monkeypatch.setattr(website, "FILES", ())
    monkeypatch.setattr(website, "PICTURES", (("00_a", "draw(", "Drawn."),) * 2)
    return course


def with_cells(course: Path, *added: nbformat.NotebookNode) -> None:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(
        cells=[*added],
        metadata={"kernelspec": kernel, "language_info": {"name": "python"}},
    )
    nbformat.write(notebook, course / "notebooks/00_a.ipynb")


def test_without_an_origin_there_are_pages_and_no_buttons(small: Path, tmp_path: Path, capsys):
    assert main([str(tmp_path / "out")]) == 0
    assert "4 pages: open " in capsys.readouterr().out
    text, reader = read(tmp_path / "out/notebooks/00_a.html")
    assert [a for a in reader.all("a") if "btn" in a.get("class", "")] == []
    assert "which is at" not in (tmp_path / "out/index.html").read_text("utf-8")
    assert "there <math" in text  # a link out of the website is words
    assert "<msub><mi>x</mi><mn>1</mn></msub>" in text
    assert "$y$" in text
    assert [image["alt"] for image in reader.all("img")] == [
        "Figure, described in the text below it"
    ]


def test_made_again_it_takes_the_place_of_the_old_one_and_of_nothing_else(small, tmp_path):
    build(tmp_path / "out")
    (tmp_path / "out/old.html").write_text("old")
    build(tmp_path / "out")
    assert not (tmp_path / "out/old.html").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="holds something else"):
        build(tmp_path / "mine")


@pytest.mark.parametrize(
    "fault", ["[nowhere](#there-is-no-such-heading)", "# A title\n\n#### Too deep", "{unknown}`x`"]
)
def test_a_fault_ends_it_with_the_old_one_left(fault: str, small: Path, tmp_path: Path, capsys):
    build(tmp_path / "out")
    with_cells(small, *cells(small / "notebooks/00_a.ipynb"), nbformat.v4.new_markdown_cell(fault))
    assert main([str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert "00_a.ipynb" in said
    assert "the website has the faults above" in said
    assert (tmp_path / "out/index.html").is_file()


def test_an_address_that_nobody_can_reach_is_refused(small: Path, tmp_path: Path, capsys):
    assert main([str(tmp_path / "out"), "--url", "/srv/course"]) == 1
    assert "Push it to a public host" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_picture_or_a_heading_that_is_gone_is_named(small, tmp_path, monkeypatch):
    monkeypatch.setattr(website, "PICTURES", (("00_a", "paint(", "Drawn."),) * 2)
    with pytest.raises(ValueError, match=r"00_a must have one figure of 'paint\(', got 0"):
        write_sources(tmp_path / "source")
    monkeypatch.setattr(website, "PICTURES", (("00_a", "draw(", "Drawn."),) * 2)
    (small / "README.md").write_text(README.replace("## The notebooks", "## Others"), "utf-8")
    with pytest.raises(ValueError, match=r"README\.md must have the headings"):
        write_sources(tmp_path / "source")


def test_the_readme_names_the_command():
    assert "uv run python tools/website.py" in (ROOT / "README.md").read_text("utf-8").splitlines()


# In a browser ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as browser:
        yield browser


@pytest.fixture(params=[DESK, PHONE])
def tab(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page as wide as a screen; what it asks for elsewhere, and what fails, is an error."""
    tab = browser.new_page(viewport={"width": request.param, "height": 900})
    asked, wrong = asked_for(tab), []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("requestfailed", lambda asked: wrong.append(asked.url))
    tab.on("console", lambda line: line.type in ("error", "warning") and wrong.append(line.text))
    yield tab
    assert asked == []
    assert wrong == []
    tab.close()


def test_a_page_shows_all_without_a_request_and_nobody_is_shut_out(tab: Page, pages: list[Path]):
    for path in [*pages, pages[0].with_name("search.html")]:
        tab.goto(path.as_uri())
        drawn = tab.eval_on_selector_all("img", "them => them.map(it => it.naturalWidth > 0)")
        assert all(drawn)
        assert wider_than_the_screen(tab) == 0, path.stem
        assert offences(tab) == [], path.stem


def test_a_solution_is_unfolded_from_the_keyboard(tab: Page, pages: list[Path]):
    tab.goto(page_of(ROOT / "notebooks/01_data_shaping.ipynb", pages).as_uri())
    folded = tab.locator("details").first
    solution = folded.get_by_text("check(").first
    expect(solution).to_be_hidden()
    folded.locator("summary").focus()
    tab.keyboard.press("Enter")
    expect(solution).to_be_visible()
    assert wider_than_the_screen(tab) == 0


@pytest.fixture(scope="module")
def served(pages: list[Path]) -> Iterator[str]:
    """The address of the website on a server, as it is when it is published."""

    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = partial(Silent, directory=pages[0].parent)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_the_search_finds_where_a_word_stands(tab: Page, served: str):
    tab.goto(served)
    tab.get_by_role("button", name="Search").locator("visible=true").click()
    tab.locator("#pst-search-dialog input").fill("persistence")
    tab.keyboard.press("Enter")
    found = tab.locator("#search-results li a, ul.search a")
    expect(found.filter(has_text="Shape a series").first).to_be_visible()
    # Around the words found, which are read from the pages.
    expect(tab.locator("#search-results .context").first).to_contain_text("persistence")
    assert wider_than_the_screen(tab) == 0


def test_one_can_go_on_and_back(tab: Page, pages: list[Path]):
    tab.goto(pages[1].as_uri())
    tab.locator("a.right-next").click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Shape a series")
    tab.locator("a.left-prev").click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Start here")
