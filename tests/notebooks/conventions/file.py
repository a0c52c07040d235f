"""The file of a notebook: every cell has run once, in order, and its outputs are there."""

from __future__ import annotations

import re
from collections import Counter

import nbformat
from nbformat import v4

from conventions.convention import convention
from conventions.parts import calls, code_cells, has_image, output_texts
from conventions.sample import (
    CODE,
    IMPORTS,
    PLAY,
    RESULT,
    TEXT,
    both,
    metadata,
    printed,
    stored,
    stream,
    swap,
    write,
)


@convention(
    offenders=(
        lambda nb: nb.cells[TEXT].pop("source"),
        metadata(kernelspec={"name": "course", "display_name": "c"}),
        lambda nb: nb.metadata.pop("kernelspec"),
        metadata(widgets={}),
        lambda nb: nb.cells[TEXT].update(id="cell-1"),
        metadata(CODE, execution={"iopub.execute_input": "2026"}),
    ),
)
def format_and_kernel(nb):
    """Valid nbformat with unique cell ids, the kernel python3, and no trace of who ran it when."""
    offences = [f"nbformat: {error.message}" for error in nbformat.validator.iter_validate(nb)]
    kernel = nb.metadata.get("kernelspec", {}).get("name")
    if kernel != "python3":
        offences.append(f"the kernel is {kernel!r}, not 'python3'")
    if "widgets" in nb.metadata:
        offences.append("the state of widgets is stored")
    ids = Counter(cell.get("id") for cell in nb.cells)
    offences += [f"{count} cells have the id {name!r}" for name, count in ids.items() if count > 1]
    for n, cell in enumerate(nb.cells):
        offences += [
            f"cell {n}: {key!r} in the metadata stores when it ran"
            for key in ("execution", "ExecuteTime")
            if key in cell.metadata
        ]
    return offences


@convention(
    offenders=(
        stored(execution_count=None),
        stored(execution_count=7),
        swap(IMPORTS, CODE),
        lambda nb: nb.cells[RESULT].outputs[0].update(execution_count=9),
        lambda nb: nb.cells.insert(IMPORTS, v4.new_code_cell("", execution_count=1)),
        lambda nb: nb.update(cells=nb.cells[:1]),
    ),
)
def run_in_order(nb):
    """Every code cell has run once, from the first to the last, in a fresh kernel."""
    offences = []
    for expected, (n, cell) in enumerate(code_cells(nb), start=1):
        if not cell.source.strip():
            offences.append(f"cell {n}: empty code cell")
        if cell.execution_count != expected:
            offences.append(f"cell {n}: execution count {cell.execution_count}, not {expected}")
        offences += [
            f"cell {n}: its output has the execution count {output.execution_count}"
            for output in cell.outputs
            if output.get("execution_count", expected) != expected
        ]
    return offences or ([] if code_cells(nb) else ["no code cell"])


@convention(
    offenders=(
        stored(outputs=[]),
        lambda nb: nb.cells[CODE].outputs.pop(0),
        lambda nb: nb.cells[CODE].outputs.pop(1),
        write(CODE, 'claim("Another", True)'),
        lambda nb: nb.cells.extend(v4.new_code_cell("x = 1") for _ in range(3)),
    ),
    lookalikes=(write(CODE, "def again():", '    claim("Not called", True)'),),
)
def outputs_stored(nb):
    """nbval compares nothing in a cell whose output was cleared."""
    offences = []
    cells = code_cells(nb)
    shown = sum(bool(cell.outputs) for _, cell in cells)
    if 2 * shown < len(cells):
        offences.append(f"only {shown} of {len(cells)} code cells have output")
    for n, cell in cells:
        marks = sum(len(re.findall("^[✓✗] ", text, re.MULTILINE)) for text in output_texts(cell))
        if marks < calls(cell, "claim"):
            offences.append(f"cell {n}: {calls(cell, 'claim')} claims but {marks} stored")
        if calls(cell, "plt.show") and not has_image(cell):
            offences.append(f"cell {n}: plt.show() but no figure stored")
    return offences


@convention(
    offenders=(
        lambda nb: nb.cells[CODE].outputs.append(stream("Warning", "stderr")),
        lambda nb: nb.cells[CODE].outputs.append(
            v4.new_output("error", ename="ValueError", evalue="no", traceback=[])
        ),
    ),
)
def no_errors(nb):
    """No error and nothing on stderr is stored."""
    return [
        f"cell {n}: {output.get('ename', 'stderr')}: {output.get('evalue', output.get('text'))}"
        for n, cell in code_cells(nb)
        for output in cell.outputs
        if output.output_type == "error" or output.get("name") == "stderr"
    ]


@convention(
    offenders=(
        metadata(CODE, tags=["nbval-skip"]),
        metadata(CODE, tags=["nbval-ignore-output"]),
        metadata(CODE, tags=["raises-exception"]),
        write(CODE, "# NBVAL_IGNORE_OUTPUT"),
    ),
    lookalikes=(both(metadata(CODE, tags=["nbval-ignore-output"]), write(CODE, "interact(f)")),),
)
def compared(nb):
    """No cell is hidden from the comparison, but for widgets, whose output always differs."""
    offences = []
    for n, cell in code_cells(nb):
        tags = {tag for tag in cell.metadata.get("tags", []) if tag.startswith("nbval-")}
        tags |= {tag for tag in cell.metadata.get("tags", []) if tag == "raises-exception"}
        if re.search("interact|widget", cell.source):
            tags -= {"nbval-ignore-output"}
        offences += [f"cell {n}: tag {tag}" for tag in sorted(tags)]
        if re.search(r"#\s*(NBVAL_|PYTEST_VALIDATE)", cell.source):
            offences.append(f"cell {n}: a comment that steers nbval")
    return offences


@convention(
    offenders=(lambda nb: nb.cells[PLAY].outputs.append(stream("VBox()")),),
)
def widgets_store_nothing(nb):
    """Without a kernel a stored widget reads 'Error displaying widget'."""
    return [
        f"cell {n}: a widget whose output is stored"
        for n, cell in code_cells(nb)
        if "nbval-ignore-output" in cell.metadata.get("tags", []) and cell.outputs
    ]


PATH = re.compile(
    r"(?<![\w./:~<$)-])/(?:(?:home|root|work|tmp|usr|opt|var|etc|mnt|Users|Volumes)\b|\w[\w.-]*/[\w.-])"
    r"|\b[A-Z]:\\\\?\w|file://|~/|ipykernel_\d"
)


@convention(
    offenders=(
        write(CODE, "open('" + "/".join(["", "home", "me", "data.csv"]) + "')"),
        write(CODE, 'open("/scratch/data.csv")'),
        write(CODE, r'open("C:\\data\\x.csv")'),
        write(TEXT, "See ~/course."),
        printed("saved to " + "/".join(["", "tmp", "x"])),
        printed("<ipykernel_77/12.py>:3: Warning"),
    ),
    lookalikes=(
        write(TEXT, "24/7, and/or, [x](https://keras.io/api/layers), a </b> b<br/>"),
        write(TEXT, "Look into helpers/data.py and $a$/b/c."),
    ),
)
def no_absolute_path(nb):
    """Nothing in a text, a cell or an output that holds on one machine only."""
    texts = [(n, cell.source) for n, cell in enumerate(nb.cells)]
    texts += [(n, text) for n, cell in code_cells(nb) for text in output_texts(cell)]
    return [f"cell {n}: path {match[0]!r}" for n, text in texts for match in PATH.finditer(text)]
