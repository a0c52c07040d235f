"""One run of a notebook from a seed, in a kernel of its own, with all of its claims looked at."""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.metadata
import json
import math
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
#: Those that have a number. The one to copy claims nothing, as nobody knows the series.
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))

#: Seconds a cell may take. Several notebooks share the machine, so it is generous.
CELL_TIMEOUT = 1800

#: Ways to train in vain. Either trains one epoch, for the history it leaves, at a learning rate of
#: zero, and lets it stand for all epochs; "nonsense" gives the model large random weights first,
#: the same ones wherever it starts from the same weights.
VAIN = ("nothing", "nonsense")

TRAIN_IN_VAIN = """
import sys
import zlib
from contextlib import suppress

from helpers import training

import keras
import numpy as np


def in_vain(fit):
    def fit_in_vain(model, *data, epochs=1, **arguments):
        weights = model.get_weights()
        if {lesson!r} == "nonsense":
            start = b"".join(np.ascontiguousarray(array).tobytes() for array in weights)
            luck = np.random.default_rng(zlib.crc32(start))
            for variable in model.trainable_variables:
                variable.assign(luck.normal(scale=100, size=variable.shape))
            weights = model.get_weights()
        rate = keras.ops.convert_to_numpy(model.optimizer.learning_rate).item()
        with suppress(TypeError):  # a schedule cannot be set; the weights are taken back below
            model.optimizer.learning_rate = 0.0
        history = fit(model, *data, epochs=1, **arguments)
        with suppress(TypeError):
            model.optimizer.learning_rate = rate
        model.set_weights(weights)
        logs = {{name: values[-1] for name, values in history.history.items()}}
        for callback in keras.tree.flatten(arguments.get("callbacks") or []):
            for epoch in range(1, epochs):
                callback.on_epoch_begin(epoch)
                callback.on_epoch_end(epoch, logs)
        history.history = {{name: values * epochs for name, values in history.history.items()}}
        return history

    return fit_in_vain


ours, vain = training.fit, in_vain(training.fit)
for module in [module for name, module in sys.modules.items() if name.startswith("helpers")]:
    for name in [name for name, thing in vars(module).items() if thing is ours]:
        setattr(module, name, vain)
keras.Model.fit = in_vain(keras.Model.fit)
keras.Sequential.fit = keras.Model.fit
"""


@dataclass
class Run:
    """What one run of a notebook found.

    Attributes:
        notebook: its name without the ending.
        offset: COURSE_SEED_OFFSET, to which the run's seeds are added.
        lesson: None, or which of VAIN the training was.
        seconds: how long it took, on a machine that it shared.
        claims: the lines of COURSE_CLAIMS_LOG by sentence, without the claims that the notebook
            makes to show a false one.
        error: the first error of a cell that was no false claim, such as "cell 7: KeyError: 'x'".
    """

    notebook: str
    offset: int
    lesson: str | None
    seconds: float
    claims: dict[str, dict] = field(repr=False)
    error: str | None = None


def run(path: Path, offset: int = 0, lesson: str | None = None) -> Run:
    """Run the notebook at `path` from top to bottom; no claim that is false and no error ends it.

    Raises:
        nbclient.exceptions.CellTimeoutError, nbclient.exceptions.DeadKernelError: it did not come
            to its end.
        ValueError: it makes a claim twice.
    """
    notebook = nbformat.read(path, 4)
    shown_false = {text for mark, text in stored_claims(notebook) if mark == "✗"}
    inserted = lesson is not None
    if inserted:
        # A solution may be a task that is judged by training.
        notebook.cells = [
            cell for cell in notebook.cells if "solution" not in cell.metadata.get("tags", [])
        ]
        source = TRAIN_IN_VAIN.format(lesson=lesson)
        notebook.cells.insert(0, nbformat.v4.new_code_cell(source))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        # A notebook may write a file beside itself, and another run of it is under way.
        own = shutil.copytree(
            path.parent, Path(folder, "notebooks"), ignore=shutil.ignore_patterns(".*")
        )
        client = NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT,
            kernel_name="python3",
            allow_errors=True,
            # Figures to play with claim nothing: in vain, they would only take their time.
            skip_cells_with_tag="nbval-ignore-output" if inserted else "skip-execution",
            resources={"metadata": {"path": str(own)}},
        )
        log = Path(folder, "claims.jsonl")
        switches = {
            "COURSE_CLAIMS": "survey",
            "COURSE_CLAIMS_LOG": str(log),
            "COURSE_SEED_OFFSET": str(offset),
            "COURSE_PROGRESS": "0",
            "COURSE_PROGRESS_FILE": "",
            "JPY_SESSION_NAME": path.name,
        }
        with _listed(client):
            # A kernel's own warnings would come between the lines of the survey.
            client.execute(env=os.environ | switches, stderr=subprocess.DEVNULL)
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    claims = {}
    for entry in map(json.loads, lines):
        sentence = entry["sentence"]
        if sentence in claims:
            raise ValueError(f"{path.stem} makes this claim twice: {sentence!r}")
        if entry["holds"] or sentence not in shown_false:
            claims[sentence] = entry
    seconds = time.monotonic() - began
    return Run(path.stem, offset, lesson, seconds, claims, first_error(notebook, inserted))


_running: set[NotebookClient] = set()


@contextmanager
def _listed(client: NotebookClient) -> Iterator[None]:
    _running.add(client)
    try:
        yield
    finally:
        _running.discard(client)


def stop_all() -> None:
    """End the kernels of all runs under way, in whichever thread; each `run` then raises."""
    for client in list(_running):
        with suppress(AttributeError):  # it has no kernel yet, or no longer
            client.km.provisioner.process.kill()


def first_error(notebook: nbformat.NotebookNode, inserted: int = 0) -> str | None:
    """The first error that a cell ended in, after the number of the cell in the file."""
    for n, cell in enumerate(notebook.cells, start=-inserted):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return f"cell {n}: {output.ename}: {output.evalue}"
    return None


def stored_claims(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """The claims in the stored outputs of a notebook: "✓" or "✗", and the line behind it."""
    return [
        (line[0], line[2:])
        for cell in notebook.cells
        if cell.cell_type == "code" and "claim(" in cell.source
        for output in cell.outputs
        if output.get("name") == "stdout"
        for line in output.text.splitlines()
        if line[:2] in ("✓ ", "✗ ")
    ]


# ---- What was run before -----------------------------------------------------------------------


def code_of(path: Path) -> str:
    """A short text that changes when the code of the notebook, the helpers or the packages does.

    Comments and the layout of the code do not count.
    """
    cells = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    helpers = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "helpers").rglob("*.py"))]
    packages = [f"{name} {_version(name)}" for name in ("keras", "numpy", *_TENSORFLOW)]
    parts = [*map(_bare, cells + helpers), *packages]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


_TENSORFLOW = ("tensorflow", "tensorflow-cpu")


@functools.cache
def _bare(code: str) -> str:
    try:
        return ast.dump(ast.parse(code))
    except SyntaxError:  # IPython's own commands
        return code


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def kept_at(folder: Path, name: str, code: str, offset: int, lesson: str | None) -> Path:
    """The file in which a run of the notebook `name` is kept; `code` is what `code_of` said."""
    vain = hashlib.sha256(TRAIN_IN_VAIN.encode()).hexdigest()[:6]
    kind = f"{offset}" if lesson is None else f"{lesson}-{offset}-{vain}"
    return folder / name / code / f"{kind}.json"


def keep(run: Run, file: Path) -> None:
    """Write the run, all at once: a survey that is broken off leaves no half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps(asdict(run), ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(file)


def kept(file: Path) -> Run | None:
    """The run that `file` holds, if it is there."""
    return Run(**json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else None


def seconds_of(folder: Path, name: str) -> float:
    """How long the notebook `name` took at most so far, with any code; infinite if it never ran."""
    earlier = [kept(file) for file in folder.glob(f"{name}/*/*.json")]
    return max((run.seconds for run in earlier if run is not None), default=math.inf)
