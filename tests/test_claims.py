"""A claim that cannot fail says nothing: where no model learns, every notebook must stop at one."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
TRAINS = re.compile(r"\b(fit|repeat)\(")

# One epoch is trained, for the history it leaves, and taken back.
LEARN_NOTHING = """
from helpers import training

import keras


def learns_nothing(fit):
    def fit_in_vain(model, *data, epochs=1, **arguments):
        weights = model.get_weights()
        history = fit(model, *data, epochs=1, **arguments)
        model.set_weights(weights)
        history.history = {name: values * epochs for name, values in history.history.items()}
        return history

    return fit_in_vain


training.fit = learns_nothing(training.fit)
keras.Model.fit = learns_nothing(keras.Model.fit)
keras.Sequential.fit = keras.Model.fit
"""


def code(notebook: nbformat.NotebookNode) -> str:
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def trained() -> list[Path]:
    return [path for path in NOTEBOOKS if TRAINS.search(code(nbformat.read(path, 4)))]


def run(notebook: nbformat.NotebookNode, folder: Path) -> None:
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    client.execute()


def test_some_notebooks_train():
    assert len(trained()) >= 3


@pytest.mark.parametrize("path", trained(), ids=lambda path: path.stem)
def test_a_notebook_stops_at_a_claim_if_nothing_is_learned(path):
    notebook = nbformat.read(path, 4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(LEARN_NOTHING))
    with pytest.raises(CellExecutionError) as stopped:
        run(notebook, path.parent)
    assert stopped.value.ename == "AssertionError", stopped.value.traceback
    assert stopped.value.evalue.startswith("✗ ")
