"""The words under a figure reach those who hear a page instead of seeing it."""

import json
import subprocess
from html.parser import HTMLParser
from pathlib import Path

from helpers.alternative_text import words_under

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat import v4
from record_outputs import record

WORDS = 'A line from "1" to 2 < 3, and no more.'
DRAWN = "import helpers\nimport matplotlib.pyplot as plt\n\nplt.plot([1, 2])\nplt.show()"


def cells(under, kind="markdown"):
    return [
        {"cell_type": "code", "source": DRAWN},
        {"cell_type": kind, "source": under},
    ]


@pytest.mark.parametrize(
    ("under", "words"),
    [
        ("*Figure. A line.*", "A line."),
        (["*Figure. A line,\n", "and a dot.*\n", "\n", "More of it."], "A line, and a dot."),
        ("*Figure. The `loss` of [it](https://keras.io), **low**.*", "The loss of it, low."),
        ("A line.", ""),
        ("", ""),
    ],
)
def test_the_words_under_a_figure_are_found(under, words):
    assert words_under(cells(under), 0) == words


def test_what_is_no_text_or_not_there_says_nothing():
    assert words_under(cells("*Figure. A line.*", kind="raw"), 0) == ""
    assert words_under(cells("*Figure. A line.*"), 1) == ""


@pytest.fixture
def notebook(tmp_path) -> Path:
    path = tmp_path / "sample.ipynb"
    nb = v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        cells=[v4.new_code_cell(DRAWN), v4.new_markdown_cell(f"*Figure. {WORDS}*")],
    )
    return written(path, nb)


def written(path: Path, nb: dict) -> Path:
    path.write_text(json.dumps(nb, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def described(page: str) -> list[str]:
    """The alternative text of each image on a page."""
    found: list[str] = []

    class Images(HTMLParser):
        def handle_starttag(self, tag, attributes):
            if tag == "img":
                found.append(dict(attributes).get("alt"))

    Images().feed(page)
    return found


@pytest.mark.slow  # starts kernels
def test_a_recorded_figure_has_them_in_exported_html(notebook):
    assert record(notebook) == [0]
    page, _ = HTMLExporter().from_filename(str(notebook))
    assert described(page) == [WORDS]


@pytest.mark.slow  # starts kernels
def test_they_can_be_stored_without_running_anything(notebook):
    record(notebook)
    whole = notebook.read_text("utf-8")
    nb = json.loads(whole)
    (output,) = nb["cells"][0]["outputs"]
    del output["data"]["text/html"]
    written(notebook, nb)
    assert record(notebook, rerun=False) == [0]
    assert notebook.read_text("utf-8") == whole
    assert record(notebook, rerun=False) == []
    assert record(notebook) == []


@pytest.mark.slow  # starts kernels
def test_words_that_are_gone_are_no_longer_stored(notebook):
    record(notebook)
    nb = json.loads(notebook.read_text("utf-8"))
    nb["cells"][1]["source"] = ["Nothing."]
    written(notebook, nb)
    assert record(notebook, rerun=False) == [0]
    (output,) = json.loads(notebook.read_text("utf-8"))["cells"][0]["outputs"]
    assert set(output["data"]) == {"image/png", "text/plain"}


def ran(path: Path) -> dict[str, str]:
    """What its first cell shows, run in a kernel that works in its folder."""
    nb = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    NotebookClient(nb, timeout=120, resources=resources).execute(stderr=subprocess.DEVNULL)
    (output,) = nb.cells[0].outputs
    assert "image/png" in output.data
    return output.data


@pytest.mark.slow  # starts kernels
def test_a_figure_comes_with_them_from_the_file_that_jupyter_names(notebook, tmp_path, monkeypatch):
    away = tmp_path / "away"
    away.mkdir()
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook.rename(away / "other.ipynb")))
    (tmp_path / "sample.ipynb").write_bytes((away / "other.ipynb").read_bytes())
    written(notebook, {"cells": cells("*Figure. Of another file.*")})
    nb = v4.new_notebook(cells=[v4.new_code_cell(DRAWN)])
    here = tmp_path / "here.ipynb"
    nbformat.write(nb, here)
    shown = ran(here)
    assert described(shown["text/html"]) == [WORDS]
    assert shown["image/png"].strip() in shown["text/html"]


@pytest.mark.slow  # starts kernels
@pytest.mark.parametrize("content", ["no JSON", "{}", '{"cells": [{"cell_type": "code"}]}'])
def test_where_they_cannot_be_found_the_figure_comes_as_usual(
    content, notebook, tmp_path, monkeypatch
):
    named = tmp_path / "away.ipynb"
    named.write_text(content, "utf-8")
    monkeypatch.setenv("JPY_SESSION_NAME", str(named))
    assert "text/html" not in ran(notebook)
