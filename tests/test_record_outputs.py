"""`record_outputs.py` writes new outputs into a notebook, and changes nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
from record_outputs import main, record

Notebook = dict[str, Any]


def stream(*pieces: str) -> list[Notebook]:
    return [{"name": "stdout", "output_type": "stream", "text": [piece]} for piece in pieces]


def result(text: str, count: int) -> list[Notebook]:
    data = {"data": {"text/plain": [text]}, "execution_count": count, "metadata": {}}
    return [data | {"output_type": "execute_result"}]


SWITCHES = "print(os.environ.get('COURSE_PROGRESS'), os.environ.get('COURSE_OTHER'))"

#: Source, tags and stored outputs of each code cell, as the file holds them after a run.
CELLS = [
    ("import os\nprint('first', flush=True)\nprint('≈ 0.26')", [], stream("first\n", "≈ 0.26\n")),
    (SWITCHES, [], stream("0 None\n")),
    ("2 + 3", [], result("5", 3)),
    ("print('a widget')", ["nbval-ignore-output"], []),
    ("_ = 'says nothing'", [], []),
]


def as_stored() -> Notebook:
    """Keys in an order that is not Jupyter's own, and metadata that no run writes."""
    cells: list[Notebook] = [
        {"metadata": {"mine": 1}, "id": "text", "source": ["Wörter"], "cell_type": "markdown"}
    ]
    for count, (source, tags, outputs) in enumerate(CELLS, start=1):
        cell = {"id": f"cell-{count}", "cell_type": "code", "execution_count": count}
        cell |= {"metadata": {"tags": tags, "b": 1, "a": 2}, "outputs": outputs}
        cells.append(cell | {"source": source.splitlines(keepends=True)})
    kernel = {"display_name": "Course", "language": "python", "name": "python3"}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel, "authors": ["us"]},
        "cells": json.loads(json.dumps(cells)),
    }


def write(path: Path, notebook: Notebook) -> str:
    text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    path.write_text(text, "utf-8")
    return text


@pytest.fixture(autouse=True)
def _switched_by_the_shell(monkeypatch):
    monkeypatch.setenv("COURSE_OTHER", "set in the shell")


def test_a_notebook_whose_outputs_come_out_as_stored_stays_to_the_byte(tmp_path):
    path = tmp_path / "sample.ipynb"
    before = write(path, as_stored())
    assert record(path) == []
    assert path.read_text("utf-8") == before


def test_what_differs_is_recorded_and_nothing_else_changes(tmp_path):
    path = tmp_path / "sample.ipynb"
    notebook = as_stored()
    _, first, second, third, widget, silent = notebook["cells"]
    first["outputs"] = stream("≈ 0.27\n")
    second.update(outputs=[], execution_count=None)
    third["execution_count"] = third["outputs"][0]["execution_count"] = 7
    widget["outputs"] = stream("a widget\n")
    silent["outputs"] = stream("no longer said\n")
    write(path, notebook)
    assert record(path) == [1, 2, 3, 4, 5]
    expected = as_stored()
    (whole,) = stream("")
    expected["cells"][1]["outputs"] = [whole | {"text": ["first\n", "≈ 0.26\n"]}]
    assert path.read_text("utf-8") == write(tmp_path / "expected.ipynb", expected)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("1 / 0", "cell 2: ZeroDivisionError: division by zero"),
        ("import sys; print('beware', file=sys.stderr)", "cell 2 wrote to stderr: beware"),
        # The kernel reads what C code writes in a thread of its own, which may be late.
        (
            "import os, time; os.write(2, b'from C'); time.sleep(1); print()",
            "cell 2 wrote to stderr: from C",
        ),
    ],
)
def test_a_cell_that_raises_or_writes_to_stderr_is_named_and_nothing_is_written(
    source, said, tmp_path, capsys
):
    path = tmp_path / "sample.ipynb"
    notebook = as_stored()
    notebook["cells"] = notebook["cells"][:3]
    notebook["cells"][1]["outputs"] = []
    notebook["cells"][2]["source"] = [source]
    before = write(path, notebook)
    assert main([str(path)]) == 1
    assert said in capsys.readouterr().out
    assert path.read_text("utf-8") == before


def test_a_file_that_would_be_laid_out_anew_is_refused(tmp_path, capsys):
    path = tmp_path / "sample.ipynb"
    path.write_text(json.dumps(as_stored(), indent=2), "utf-8")
    before = path.read_text("utf-8")
    assert main([str(path)]) == 1
    assert "not laid out as Jupyter does" in capsys.readouterr().out
    assert path.read_text("utf-8") == before
