"""The code of a notebook: plain Python in short cells, which fetches nothing."""

from __future__ import annotations

import ast
import builtins
import functools
import re
import tokenize

from nbformat import v4

from conventions.convention import convention
from conventions.course import ROOT
from conventions.parts import code_cells, tokens, tree
from conventions.sample import CODE, IMPORTS, replace, write

MAX_CODE_LINES = 20


NETWORK_MODULES = re.compile(
    r"(aiohttp|boto3|ftplib|gdown|http|httpx|huggingface_hub|kagglehub|pip|requests|smtplib|socket|"
    r"subprocess|tensorflow_datasets|urllib3?|wget|yfinance)(\..*)?"
)


@convention(
    offenders=(
        write(CODE, "%matplotlib inline"),
        write(CODE, "!ls"),
        write(CODE, "files = !ls"),
        write(CODE, "keras.fit?"),
        write(CODE, 'get_ipython().run_line_magic("time", "")'),
    ),
)
def magics(nb):
    """Plain Python: no % or ! or ?, which hide what happens and work in no other place."""
    offences = []
    for n, cell in code_cells(nb):
        lines = [line for line in cell.source.splitlines() if re.match(r"\s*[%!?]|.*\?\s*$", line)]
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            offences.append(f"cell {n}: not plain Python: {lines[0] if lines else error}")
        if "get_ipython" in cell.source:
            offences.append(f"cell {n}: get_ipython")
    return offences


@convention(
    offenders=(
        write(CODE, "plt.plot([1]);"),
        write(CODE, "plt.plot([1]) ;  # quiet"),
        write(CODE, "plt.plot([1]);", "", "# the end"),
    ),
    lookalikes=(write(CODE, 'x = ";"  # ;'),),
)
def no_trailing_semicolon(nb):
    """It hides an output from the reader but not from nbval. End with plt.show() or assign to _."""
    ends = {tokenize.NEWLINE, tokenize.NL, tokenize.COMMENT, tokenize.ENDMARKER}
    return [
        f"cell {n}: line {token.start[0]} ends in a semicolon"
        for n, cell in code_cells(nb)
        for token, following in zip(tokens(cell), tokens(cell)[1:], strict=False)
        if token.string == ";" and following.type in ends
    ]


@convention(
    offenders=(
        write(CODE, "import requests"),
        write(CODE, "from urllib.request import urlopen"),
        write(CODE, "import pip"),
        write(CODE, 'np.loadtxt("https://example.org/x.csv")'),
        write(CODE, 'keras.utils.get_file("x", origin)'),
        write(CODE, "keras.datasets.mnist.load_data()"),
    ),
)
def no_network(nb):
    """Nothing is fetched or installed."""
    offences = []
    for n, cell in code_cells(nb):
        for node in ast.walk(tree(cell)):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            offences += [f"cell {n}: imports {x}" for x in names if NETWORK_MODULES.fullmatch(x)]
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if re.match(r"\s*(https?|ftp|s3|gs)://", node.value):
                    offences.append(f"cell {n}: address {node.value!r}")
            elif isinstance(node, ast.Attribute) and node.attr in {
                "get_file",
                "load_data",
                "system",
            }:
                offences.append(f"cell {n}: {ast.unparse(node)} may fetch or install something")
    return offences


@convention(
    offenders=(write(CODE, *["x = 1"] * 16),),
)
def short_cells(nb):
    """One idea a cell."""
    return [
        f"cell {n}: {lines} lines of code, at most {MAX_CODE_LINES}"
        for n, cell in code_cells(nb)
        if (lines := len(cell.source.splitlines())) > MAX_CODE_LINES
    ]


@functools.cache
def helper_names() -> frozenset[str]:
    """Every name that a module of helpers offers."""
    names = set()
    for path in (ROOT / "helpers").rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                names |= set(ast.literal_eval(node.value))
    return frozenset(names)


@convention(
    offenders=(
        replace(IMPORTS, "from helpers.report import approx, claim\n", ""),
        replace(IMPORTS, "approx, claim", "claim"),
        replace(IMPORTS, "approx, claim", "*"),
        replace(IMPORTS, "from helpers.report import approx, claim", "import helpers"),
        lambda nb: nb.cells.insert(IMPORTS, v4.new_code_cell("import os")),
        replace(IMPORTS, "from helpers.report", "from keras import layers\nfrom helpers.report"),
    ),
)
def helpers_imported(nb):
    """Each helper is imported by its name, in plain sight, and before Keras."""
    offences, bound, first_helpers, first_keras = [], set(vars(builtins)), None, None
    cells = code_cells(nb)
    for place, (n, cell) in enumerate(cells):
        nodes = list(ast.walk(tree(cell)))
        for node in sorted(nodes, key=lambda node: getattr(node, "lineno", 0)):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
                if any(module.partition(".")[0] == "helpers" for module in modules):
                    offences.append(f"cell {n}: write `from helpers.x import y`")
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
                if any(alias.name == "*" for alias in node.names):
                    offences.append(f"cell {n}: import * hides which names come from where")
                if modules[0].partition(".")[0] == "helpers" and first_helpers is None:
                    first_helpers = (place, node.lineno)
            roots = {module.partition(".")[0] for module in modules}
            if roots & {"keras", "tensorflow"} and first_keras is None:
                first_keras = (place, node.lineno)
            if isinstance(node, ast.Import | ast.ImportFrom):
                bound |= {(a.asname or a.name).partition(".")[0] for a in node.names}
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                bound.add(node.name)
            elif isinstance(node, ast.arg):
                bound.add(node.arg)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                bound.add(node.id)
        used = {node.id for node in nodes if isinstance(node, ast.Name)}
        missing = sorted((used & helper_names()) - bound)
        offences += [f"cell {n}: {name} is not imported from helpers" for name in missing]
    if first_helpers is None or first_helpers[0] != 0:
        offences.append("the first code cell does not import from helpers")
    elif first_keras is not None and first_keras < first_helpers:
        offences.append("keras is imported before helpers")
    return offences
