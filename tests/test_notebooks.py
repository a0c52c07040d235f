"""Every notebook keeps the conventions of the course, and the comparison of outputs can fail.

A check is a function that takes a notebook and returns its offences, one sentence each. It is
tried on samples made to offend, so that it is known to be able to fail, and then on every file in
notebooks/.
"""

from __future__ import annotations

import ast
import builtins
import io
import os
import re
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Callable, Iterator, Set
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

from helpers.exercises import EXERCISES as EXERCISES_OF_THE_COURSE
from helpers.report import approx

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode, v4
from nbval.plugin import get_sanitize_patterns

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CONFIG = Path(__file__).with_name("nbval_sanitize.cfg")

#: Numbers typed into a notebook's Markdown that neither its code nor an exact output shows, or that
#: look like a number after ≈: for each notebook, the number without its sign and why training does
#: not decide it.
ALLOWED_NUMBERS: dict[str, dict[str, str]] = {
    "02_lstm_model": {
        "0.25": "a gate in an exercise, where it is given",
        "192": "what a wrong way to count the weights leads to",
    }
}

CLOSING = ["Key points", "On your own", "In practice", "Further reading"]
MAX_CODE_LINES = 20

#: A title that is no question begins with one of these.
VERBS = re.compile(
    r"(answer|ask|beat|bring|build|check|choose|compare|count|cut|decide|draw|explain|fail|"
    r"find|fit|fix|follow|forecast|get|go|handle|hold|keep|know|lay|learn|let|look|make|"
    r"match|measure|meet|mend|name|normalise|open|pay|pick|predict|prepare|put|question|race|"
    r"read|remember|repair|repeat|rerun|run|scale|see|set|settle|shape|show|solve|split|"
    r"start|stop|stretch|take|teach|tell|test|train|try|turn|understand|use|watch|win|wins|"
    r"work|write)\b",
    re.IGNORECASE,
)

#: Words that fill a sentence or sell it.
BANNED_WORDS = [
    "simply",
    "obviously",
    "let's dive",
    "leverag(e|es|ed|ing)",
    "robust and powerful",
    "fascinating",
    "delv(e|es|ed|ing)",
    "in this section,? we will",
    "it is important to note",
]

NETWORK_MODULES = re.compile(
    r"(aiohttp|boto3|ftplib|gdown|http|httpx|huggingface_hub|kagglehub|pip|requests|smtplib|socket|"
    r"subprocess|tensorflow_datasets|urllib3?|wget|yfinance)(\..*)?"
)


# ---- The parts of a notebook -------------------------------------------------------------------


def markdown_cells(nb: NotebookNode) -> list[tuple[int, str]]:
    """(cell number, text), with plain apostrophes."""
    cells = enumerate(nb.cells)
    return [(n, c.source.replace("’", "'")) for n, c in cells if c.cell_type == "markdown"]


def code_cells(nb: NotebookNode) -> list[tuple[int, NotebookNode]]:
    """(cell number, cell)."""
    return [(n, cell) for n, cell in enumerate(nb.cells) if cell.cell_type == "code"]


def output_texts(cell: NotebookNode) -> Iterator[str]:
    """Everything in a code cell's outputs that is text, whatever its mime type."""
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            yield output.text
        for mime, data in output.get("data", {}).items():
            if isinstance(data, str) and mime not in {"image/png", "image/jpeg"}:
                yield data


def has_image(cell: NotebookNode) -> bool:
    return any("image/png" in output.get("data", {}) for output in cell.get("outputs", []))


def tree(cell: NotebookNode) -> ast.Module:
    """The cell's code, parsed; empty if it is not Python, which `magics` reports."""
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        return ast.Module([], [])


def tokens(cell: NotebookNode) -> list[tokenize.TokenInfo]:
    try:
        return list(tokenize.generate_tokens(io.StringIO(cell.source).readline))
    except (tokenize.TokenError, SyntaxError):
        return []


def calls(cell: NotebookNode, function: str) -> int:
    """How often the cell itself calls `function`: calls in functions it defines do not count."""
    found, todo = 0, [tree(cell)]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            continue
        found += isinstance(node, ast.Call) and ast.unparse(node.func) == function
        todo += ast.iter_child_nodes(node)
    return found


FENCE = re.compile(r"^ *(```|~~~).*?^ *\1[`~]*", re.DOTALL | re.MULTILINE)
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n\n).)+?(?<!`)\1(?!`)", re.DOTALL)
MATH = re.compile(r"\$\$.+?\$\$|(?<!\\)\$(?=\S)[^$\n]+?(?<=\S)\$", re.DOTALL)
ADDRESS = re.compile(
    r"\]\([^)\s]*\)|https?://\S+|<!--.*?-->|</?[a-zA-Z][^>]*>"
    r"|arXiv[: ]*\d{4}\.\d{4,5}|\b10\.\d{4,}/\S+",
    re.DOTALL,
)
VERSION = re.compile(r"(?i:python|keras|tensorflow|jupyterlab|numpy|sections?|chapters?) \d+\.\d+")


def without(text: str, *patterns: re.Pattern) -> str:
    for pattern in patterns:
        text = pattern.sub(" ", text)
    return text


def sections(nb: NotebookNode) -> list[tuple[int, str, str]]:
    """(level, heading, text up to the next heading), in order."""
    text = FENCE.sub("", "\n\n".join(text for _, text in markdown_cells(nb)))
    parts = re.split(r"^(#{1,6}) +(.+?) *#*$", text, flags=re.MULTILINE)[1:]
    return [(len(m), h, body) for m, h, body in zip(*(parts[k::3] for k in range(3)), strict=True)]


# ---- Checks: the file --------------------------------------------------------------------------

CHECKS: list[Callable[[NotebookNode], list[str]]] = []


def check(function):
    CHECKS.append(function)
    return function


@check
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


@check
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


@check
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


@check
def no_errors(nb):
    """No error and nothing on stderr is stored."""
    return [
        f"cell {n}: {output.get('ename', 'stderr')}: {output.get('evalue', output.get('text'))}"
        for n, cell in code_cells(nb)
        for output in cell.outputs
        if output.output_type == "error" or output.get("name") == "stderr"
    ]


@check
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


@check
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


@check
def no_absolute_path(nb):
    """Nothing in a text, a cell or an output that holds on one machine only."""
    texts = [(n, cell.source) for n, cell in enumerate(nb.cells)]
    texts += [(n, text) for n, cell in code_cells(nb) for text in output_texts(cell)]
    return [f"cell {n}: path {match[0]!r}" for n, text in texts for match in PATH.finditer(text)]


# ---- Checks: the code --------------------------------------------------------------------------


@check
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


@check
def no_trailing_semicolon(nb):
    """It hides an output from the reader but not from nbval. End with plt.show() or assign to _."""
    ends = {tokenize.NEWLINE, tokenize.NL, tokenize.COMMENT, tokenize.ENDMARKER}
    return [
        f"cell {n}: line {token.start[0]} ends in a semicolon"
        for n, cell in code_cells(nb)
        for token, following in zip(tokens(cell), tokens(cell)[1:], strict=False)
        if token.string == ";" and following.type in ends
    ]


@check
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


@check
def short_cells(nb):
    """One idea a cell."""
    return [
        f"cell {n}: {lines} lines of code, at most {MAX_CODE_LINES}"
        for n, cell in code_cells(nb)
        if (lines := len(cell.source.splitlines())) > MAX_CODE_LINES
    ]


def helper_names() -> set[str]:
    """Every name that a module of helpers offers."""
    names = set()
    for path in (ROOT / "helpers").rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                names |= set(ast.literal_eval(node.value))
    return names


@check
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


# ---- Checks: the lesson ------------------------------------------------------------------------


@check
def opening(nb):
    """A title with a verb, what you'll do, learn and need, and how many minutes it takes."""
    cell = nb.cells[0] if nb.cells else None
    if cell is None or cell.cell_type != "markdown":
        return ["the first cell is not Markdown"]
    text = cell.source.replace("’", "'")
    title = re.match(r"# (.+)", text)
    offences = []
    if not title:
        offences.append("the first cell does not begin with a title '# '")
    elif not title[1].endswith("?") and not VERBS.match(title[1]):
        offences.append(
            f"the title is no question and begins with no verb that this test knows: {title[1]!r}"
        )
    if sum(level == 1 for level, _, _ in sections(nb)) != 1:
        offences.append("more or less than one heading of the first level")
    for part in ("What you'll do", "What you'll learn", "What you'll need"):
        if part not in text:
            offences.append(f"the first cell does not say {part!r}")
    if not re.search(r"\babout \d+ minutes\b", text, re.IGNORECASE):
        offences.append("the first cell does not say how long it takes, 'about NN minutes'")
    return offences


@check
def closing(nb):
    """It ends with Key points (three at most), On your own, In practice, Further reading."""
    found = sections(nb)
    last = [heading for level, heading, _ in found if level <= 2][-len(CLOSING) :]
    if last != CLOSING:
        return [f"the last headings are {last}, not {CLOSING}"]
    offences = [f"nothing under {h!r}" for _, h, body in found if h in CLOSING and not body.strip()]
    start = [heading for _, heading, _ in found].index("Key points")
    until = [heading for _, heading, _ in found].index("On your own")
    points = "\n".join(body for _, _, body in found[start:until])
    items = re.findall(r"^\s*(?:[-*+]|\d+[.)])\s", points, re.MULTILINE)
    if not 1 <= len(items) <= 3:
        offences.append(f"{len(items)} key points, not one to three")
    return offences


def exercise_of(cell: NotebookNode) -> str | None:
    """The name of the exercise that a cell checks."""
    if cell.cell_type != "code":
        return None
    found = (node for node in ast.walk(tree(cell)) if isinstance(node, ast.Call))
    names = [ast.literal_eval(c.args[0]) for c in found if ast.unparse(c.func) == "check"]
    return names[0] if names else None


@check
def answers_to_come(nb):
    """An exercise awaits its answer, and right below stands the solution: right, and folded."""
    offences = []
    for n, cell in code_cells(nb):
        name, tags = exercise_of(cell), cell.metadata.get("tags", [])
        texts = "".join(output_texts(cell))
        above = nb.cells[n - 1] if n else None
        if "solution" in tags:
            if name is None or "solution=True" not in cell.source:
                offences.append(f"cell {n}: a solution that is not checked as one")
            elif above is None or exercise_of(above) != name:
                offences.append(f"cell {n}: a solution that does not stand below its exercise")
            if cell.source.splitlines()[0] != "# Solution":
                offences.append(f"cell {n}: a folded cell shows its first line: '# Solution' alone")
            if cell.metadata.get("jupyter") != {"source_hidden": True, "outputs_hidden": True}:
                offences.append(f"cell {n}: a solution that is not folded")
            if cell.outputs:
                offences.append(f"cell {n}: a solution with output, which running it unfolds")
        elif name is not None:
            below = nb.cells[n + 1] if n + 1 < len(nb.cells) else None
            if below is None or "solution" not in below.metadata.get("tags", []):
                offences.append(f"cell {n}: an exercise without a solution below it")
            if "..." not in cell.source or not texts.startswith(f"… {name}: your answer is still"):
                offences.append(f"cell {n}: an exercise that is answered already")
    return offences


@check
def figures_explained(nb):
    """A sentence under every figure says what it shows, so that nobody needs to see it."""
    offences = []
    for n, cell in code_cells(nb):
        if has_image(cell):
            below = nb.cells[n + 1] if n + 1 < len(nb.cells) else None
            if below is None or below.cell_type != "markdown":
                offences.append(f"cell {n}: no Markdown under the figure")
            elif not below.source.startswith("*Figure."):
                offences.append(f"cell {n}: the text under the figure begins without '*Figure.'")
            elif len(below.source.split("\n\n")[0].strip()) < 40:
                offences.append(f"cell {n}: too little said about the figure")
    return offences


@check
def plain_words(nb):
    """No filler, and one spelling: timesteps."""
    offences = []
    for n, text in markdown_cells(nb):
        for word in BANNED_WORDS:
            match = re.search(rf"\b{word}\b", without(text, FENCE, CODE_SPAN), re.IGNORECASE)
            offences += [f"cell {n}: {match[0]!r}"] if match else []
    for n, cell in enumerate(nb.cells):
        match = re.search(r"\btime[ -]steps?\b", cell.source, re.IGNORECASE)
        offences += [f"cell {n}: {match[0]!r}, in this course 'timesteps'"] if match else []
    return offences


# ---- Checks: the sign ≈ and typed numbers ------------------------------------------------------

((MASKED, MASK),) = get_sanitize_patterns(CONFIG.read_text(encoding="ascii"))
NUMBER = re.compile(
    r"(?<![\w.])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+|(?=\.\d))(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\.?\d)"
)


def mask(text: str) -> str:
    """What nbval does to every text before it compares it."""
    return re.sub(MASKED, MASK, text)


@check
def sign_before_numbers_only(nb):
    """In outputs, ≈ stands before one number, as `approx` writes it, and before nothing else."""
    offences = []
    for n, cell in code_cells(nb):
        for text in output_texts(cell):
            for match in re.finditer("≈", text):
                number = re.match(MASKED + r"(?![\w]*\d|[.,]\d)", text[match.start() :])
                if not number:
                    offences.append(f"cell {n}: {text[match.start() :][:20]!r}")
            # Other ways to write the sign, which the comparison would not know.
            for match in re.finditer(r"[≃≅~]\s?\d|&asymp;|&approx;|&#8776;|\\approx", text):
                offences.append(f"cell {n}: {match[0]!r} instead of ≈")
        if re.search(r"≈\s*-?[\d.{]", cell.source):
            offences.append(f"cell {n}: ≈ typed into code, where approx or spread should print it")
    return offences


@check
def no_sign_before_typed_numbers(nb):
    """In Markdown nothing stands after ≈: text that was typed does not move with the training."""
    sign = re.compile(r"(≈|≃|≅|~|&asymp;|&approx;|&#8776;|\\(approx|sim)(eq)?\b)[\s$`*]*[-−]?\.?\d")
    return [
        f"cell {n}: {match[0]!r} typed into Markdown"
        for n, text in markdown_cells(nb)
        for match in sign.finditer(text)
    ]


def decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", "").replace("_", ""))


def exact_numbers(nb: NotebookNode) -> set[Decimal]:
    """Numbers in the code (strings and comments left out), and in the outputs without ≈."""
    found = set()
    for _, cell in code_cells(nb):
        for token in tokens(cell):
            if token.type == tokenize.NUMBER and re.fullmatch(
                r"[\d_.]+([eE][+-]?\d+)?", token.string
            ):
                found.add(decimal(token.string))
        for text in output_texts(cell):
            text = re.sub(r"<Figure size .*?>", "", text)
            found |= {decimal(number) for number in NUMBER.findall(re.sub(MASKED, "", text))}
    return found


def moving_numbers(nb: NotebookNode) -> set[str]:
    """Numbers after ≈ in the outputs, without their sign, as they are written."""
    return {
        match[0].lstrip("≈ -")
        for _, cell in code_cells(nb)
        for text in output_texts(cell)
        for match in re.finditer(MASKED, text)
    }


def rounds_to(moving: str, typed: str) -> bool:
    """Whether `typed` could be short for `moving`: 280 for 279, 0.3 for 0.26."""
    last_place = Decimal(1).scaleb(decimal(typed).normalize().as_tuple().exponent)
    tolerance = min(last_place / 2, decimal(typed) * Decimal("0.15"))
    return abs(decimal(moving) - decimal(typed)) <= tolerance


@check
def no_typed_results(nb, allowed: Set[str] = frozenset()):
    """No number that training decides is typed: prose points at the output.

    - A number with a decimal point or an exponent stands in the code or in an exact output as well.
    - So does a number that says how many times, or how many percent.
    - No number is written like one after ≈ in an output, unless it is a whole number and exact too.
    - None follows 'about' or its like and could be short for one after ≈.

    `allowed` numbers are let through.
    """
    exact, moving = exact_numbers(nb), moving_numbers(nb)
    offences = []

    def refuse(n, number, why):
        if number not in allowed:
            offences.append(f"cell {n}: {number} {why}")

    texts = [(n, without(text, ADDRESS, VERSION)) for n, text in markdown_cells(nb)]
    for n, text in texts:
        text = without(text, FENCE, CODE_SPAN, MATH)
        for match in NUMBER.finditer(text):
            number = match[0]
            before, after = text[: match.start()], text[match.end() :]
            known = decimal(number) in exact
            if re.search(r"[.eE]", number) and not known:
                refuse(n, number, "stands in no code and in no exact output")
            elif re.match(r"\s*([x×%]|per ?cent\b|times\b|-?fold\b)", after) and not known:
                refuse(n, number, "times or percent stands in no code and in no exact output")
            about = (
                r"\b(about|roughly|around|approximately|nearly|almost|close to|circa|ca\.)\s+[-−]?$"
            )
            if re.search(about, before, re.IGNORECASE) and not re.match(r"\s+minutes?\b", after):
                for moved in sorted(moving):
                    if rounds_to(moved, number):
                        refuse(n, number, f"after 'about' is short for ≈ {moved}")
    # Formulas, code spans, comments and strings are no hiding places.
    for n, cell in code_cells(nb):
        kinds = (tokenize.COMMENT, tokenize.STRING)
        texts += [(n, token.string) for token in tokens(cell) if token.type in kinds]
    for n, text in texts:
        for number in NUMBER.findall(text):
            whole = number.isdecimal()
            if number in moving and not (whole and (len(number) == 1 or decimal(number) in exact)):
                refuse(n, number, "is typed as it stands after ≈ in an output")
    return offences


# ---- A notebook that keeps every convention ----------------------------------------------------


def stream(text: str, name: str = "stdout") -> NotebookNode:
    return v4.new_output("stream", name=name, text=text)


def sample() -> NotebookNode:
    """A small notebook without offence; the cells by name are below, in `CELLS`."""
    figure = {"image/png": "iVBORw0KGgo=", "text/plain": "<Figure size 640x480 with 1 Axes>"}
    nb = v4.new_notebook(
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
        cells=[
            v4.new_markdown_cell(
                "# Ask what a line can do\n\n**What you'll do.** Fit.\n\n"
                "**What you’ll learn.** Lines.\n\n"
                "**What you'll need.** Notebook 00. About 10 minutes."
            ),
            v4.new_code_cell(
                "from helpers.report import approx, claim\nfrom helpers.exercises import check\n\n"
                "import keras\nimport matplotlib.pyplot as plt"
            ),
            v4.new_markdown_cell(
                "## Look at the line\n\n"
                "The slope is 1.8, in [the paper](https://doi.org/10.1/2.34) of 2018 "
                " (arXiv 1803.01271). Half of it, $0.9$, is `0.9`. You wait about 3 minutes."
            ),
            v4.new_code_cell(
                'slope = 1.8\nprint("error", approx(0.2613), "of", 0.25, approx(-279), approx(3))\n'
                'claim("At least {bound:g} times", 5, at_least=4)\nplt.plot([1, 2])\nplt.show()',
                outputs=[
                    stream("error ≈ 0.26 of 0.25 ≈ -280 ≈ 3.0\n✓ At least 4 times\n"),
                    v4.new_output("display_data", figure),
                ],
            ),
            v4.new_markdown_cell("*Figure. A line from 1 to 2, and nothing else to be seen.*"),
            v4.new_code_cell(
                "slope / 2", outputs=[v4.new_output("execute_result", {"text/plain": "0.9"})]
            ),
            v4.new_code_cell(
                'answer = ...\ncheck("01-x", answer)',
                outputs=[stream("… 01-x: your answer is still to come.\n")],
            ),
            v4.new_code_cell(
                '# Solution\ncheck("01-x", 2, solution=True)',
                metadata={
                    "tags": ["solution"],
                    "jupyter": {"source_hidden": True, "outputs_hidden": True},
                },
            ),
            v4.new_code_cell("widgets.lines()", metadata={"tags": ["nbval-ignore-output"]}),
            v4.new_markdown_cell("## Key points\n\n- One.\n- Two: at least 4 times.\n- Three.\n"),
            v4.new_markdown_cell("## On your own\n\n1. Try.\n2. Try.\n3. Try.\n4. Try."),
            v4.new_markdown_cell("## In practice\n\nThey do the same."),
            v4.new_markdown_cell("## Further reading\n\n- A book, section 9.1."),
        ],
    )
    for n, cell in enumerate(nb.cells):
        cell.id = f"cell-{n}"
    for count, (_, cell) in enumerate(code_cells(nb), start=1):
        cell.execution_count = count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
    return nb


TITLE, IMPORTS, TEXT, CODE, FIGURE, RESULT, ANSWER, SOLUTION, PLAY = range(9)
POINTS, EXERCISES, PRACTICE, READING = range(9, 13)


def write(cell: int, *texts: str):
    """Add lines to a cell."""

    def change(nb):
        nb.cells[cell].source = "\n".join([nb.cells[cell].source, *texts])

    return change


def replace(cell: int, old: str, new: str):
    def change(nb):
        assert old in nb.cells[cell].source
        nb.cells[cell].source = nb.cells[cell].source.replace(old, new)

    return change


def printed(*texts: str):
    """Add what the code cell prints."""

    def change(nb):
        nb.cells[CODE].outputs.append(stream("\n".join(texts)))

    return change


def both(*changes):
    def change(nb):
        for one in changes:
            one(nb)

    return change


def stored(**parts):
    """Change stored parts of the code cell."""
    return lambda nb: nb.cells[CODE].update(parts)


def metadata(cell: int | None = None, **entries):
    return lambda nb: (nb if cell is None else nb.cells[cell]).metadata.update(entries)


def remove(cell: int):
    return lambda nb: nb.cells.pop(cell)


def swap(one: int, other: int):
    def change(nb):
        nb.cells[one], nb.cells[other] = nb.cells[other], nb.cells[one]

    return change


OFFENDERS = [
    (format_and_kernel, lambda nb: nb.cells[TEXT].pop("source")),
    (format_and_kernel, metadata(kernelspec={"name": "course", "display_name": "c"})),
    (format_and_kernel, lambda nb: nb.metadata.pop("kernelspec")),
    (format_and_kernel, metadata(widgets={})),
    (format_and_kernel, lambda nb: nb.cells[TEXT].update(id="cell-1")),
    (format_and_kernel, metadata(CODE, execution={"iopub.execute_input": "2026"})),
    (run_in_order, stored(execution_count=None)),
    (run_in_order, stored(execution_count=7)),
    (run_in_order, swap(IMPORTS, CODE)),
    (run_in_order, lambda nb: nb.cells[RESULT].outputs[0].update(execution_count=9)),
    (run_in_order, lambda nb: nb.cells.insert(IMPORTS, v4.new_code_cell("", execution_count=1))),
    (run_in_order, lambda nb: nb.update(cells=nb.cells[:1])),
    (outputs_stored, stored(outputs=[])),
    (outputs_stored, lambda nb: nb.cells[CODE].outputs.pop(0)),
    (outputs_stored, lambda nb: nb.cells[CODE].outputs.pop(1)),
    (outputs_stored, write(CODE, 'claim("Another", True)')),
    (outputs_stored, lambda nb: nb.cells.extend(v4.new_code_cell("x = 1") for _ in range(3))),
    (no_errors, lambda nb: nb.cells[CODE].outputs.append(stream("Warning", "stderr"))),
    (
        no_errors,
        lambda nb: nb.cells[CODE].outputs.append(
            v4.new_output("error", ename="ValueError", evalue="no", traceback=[])
        ),
    ),
    (compared, metadata(CODE, tags=["nbval-skip"])),
    (compared, metadata(CODE, tags=["nbval-ignore-output"])),
    (compared, metadata(CODE, tags=["raises-exception"])),
    (compared, write(CODE, "# NBVAL_IGNORE_OUTPUT")),
    (no_absolute_path, write(CODE, "open('" + "/".join(["", "home", "me", "data.csv"]) + "')")),
    (no_absolute_path, write(CODE, 'open("/scratch/data.csv")')),
    (no_absolute_path, write(CODE, r'open("C:\\data\\x.csv")')),
    (no_absolute_path, write(TEXT, "See ~/course.")),
    (no_absolute_path, printed("saved to " + "/".join(["", "tmp", "x"]))),
    (no_absolute_path, printed("<ipykernel_77/12.py>:3: Warning")),
    (magics, write(CODE, "%matplotlib inline")),
    (magics, write(CODE, "!ls")),
    (magics, write(CODE, "files = !ls")),
    (magics, write(CODE, "keras.fit?")),
    (magics, write(CODE, 'get_ipython().run_line_magic("time", "")')),
    (no_trailing_semicolon, write(CODE, "plt.plot([1]);")),
    (no_trailing_semicolon, write(CODE, "plt.plot([1]) ;  # quiet")),
    (no_trailing_semicolon, write(CODE, "plt.plot([1]);", "", "# the end")),
    (no_network, write(CODE, "import requests")),
    (no_network, write(CODE, "from urllib.request import urlopen")),
    (no_network, write(CODE, "import pip")),
    (no_network, write(CODE, 'np.loadtxt("https://example.org/x.csv")')),
    (no_network, write(CODE, 'keras.utils.get_file("x", origin)')),
    (no_network, write(CODE, "keras.datasets.mnist.load_data()")),
    (short_cells, write(CODE, *["x = 1"] * 16)),
    (helpers_imported, replace(IMPORTS, "from helpers.report import approx, claim\n", "")),
    (helpers_imported, replace(IMPORTS, "approx, claim", "claim")),
    (helpers_imported, replace(IMPORTS, "approx, claim", "*")),
    (
        helpers_imported,
        replace(IMPORTS, "from helpers.report import approx, claim", "import helpers"),
    ),
    (helpers_imported, lambda nb: nb.cells.insert(IMPORTS, v4.new_code_cell("import os"))),
    (
        helpers_imported,
        replace(IMPORTS, "from helpers.report", "from keras import layers\nfrom helpers.report"),
    ),
    (opening, remove(TITLE)),
    (opening, replace(TITLE, "# Ask", "## Ask")),
    (opening, replace(TITLE, "# Ask what a line can do", "# The LSTM model")),
    (opening, replace(TITLE, "# Ask what a line can do", "# The train and test split")),
    (opening, replace(TITLE, "What you'll do", "To do")),
    (opening, replace(TITLE, "What you’ll learn", "Goals")),
    (opening, replace(TITLE, "What you'll need", "Before")),
    (opening, replace(TITLE, "About 10 minutes", "Not long")),
    (opening, write(TEXT, "# Another title")),
    (widgets_store_nothing, lambda nb: nb.cells[PLAY].outputs.append(stream("VBox()"))),
    (answers_to_come, remove(SOLUTION)),
    (answers_to_come, remove(ANSWER)),
    (answers_to_come, swap(ANSWER, SOLUTION)),
    (answers_to_come, replace(ANSWER, "...", "2")),
    (answers_to_come, replace(ANSWER, "01-x", "01-y")),
    (answers_to_come, lambda nb: nb.cells[ANSWER].update(outputs=[stream("✓ 01-x: right. Two.")])),
    (answers_to_come, replace(SOLUTION, ", solution=True", "")),
    (answers_to_come, replace(SOLUTION, "# Solution", "# Solution: 2")),
    (answers_to_come, replace(SOLUTION, 'check("01-x", 2, solution=True)', "2")),
    (answers_to_come, metadata(SOLUTION, jupyter={"source_hidden": True})),
    (answers_to_come, metadata(SOLUTION, tags=[])),
    (answers_to_come, lambda nb: nb.cells[SOLUTION].outputs.append(stream("2"))),
    (closing, remove(POINTS)),
    (closing, remove(PRACTICE)),
    (closing, swap(PRACTICE, EXERCISES)),
    (closing, write(READING, "## Appendix", "More.")),
    (closing, write(POINTS, "- Four.")),
    (closing, replace(POINTS, "- ", "")),
    (closing, write(POINTS, "### And", "1. Four.")),
    (closing, replace(PRACTICE, "They do the same.", "")),
    (closing, replace(PRACTICE, "## In practice", "```\n## In practice\n```")),
    (figures_explained, remove(FIGURE)),
    (figures_explained, replace(FIGURE, "*Figure. ", "")),
    (figures_explained, replace(FIGURE, " and nothing else to be seen.", "")),
    (figures_explained, replace(FIGURE, ", and nothing", "\n\nand nothing")),
    (figures_explained, lambda nb: nb.update(cells=nb.cells[: CODE + 1])),
    *[
        (plain_words, write(TEXT, sentence))
        for sentence in (
            "This is simply so.",
            "Obviously, it is.",
            "Let’s dive in.",
            "We leverage RMSE.",
            "A robust and powerful metric.",
            "A fascinating world.",
            "We delve deeper.",
            "In this section we will see.",
            "It has five time steps.",
            "The Time-Step axis.",
        )
    ],
    (plain_words, write(CODE, "# five time steps")),
    *[
        (sign_before_numbers_only, printed(text))
        for text in (
            "≈ ",
            "≈",
            "≈ many",
            "≈0.26",
            "≈  0.26",
            "≈ nan",
            "≈ +0.26",
            "≈ .26",
            "≈ − 0.26",
            "≈ 1,200",
            "≈ 1.2.3",
            "≈ 1e7",
            "≈ 0.26 to ≈",
            "≈ [0.26]",
            "≃ 3",
            "~3",
            "&asymp; 3",
        )
    ],
    (sign_before_numbers_only, write(CODE, 'print("≈ 0.26")')),
    (sign_before_numbers_only, write(CODE, 'print(f"≈ {slope:.2f}")')),
    *[
        (no_sign_before_typed_numbers, write(TEXT, text))
        for text in (
            "≈ 0.26",
            "`≈ 0.26`",
            "≈ -3",
            "≈ **4**",
            r"$\approx 4$",
            "$x ≈ $ 4",
            "~3",
            "≈.5",
        )
    ],
    *[
        (no_typed_results, write(TEXT, text))
        for text in (
            "The error is 0.26.",
            "The error is 0.27.",
            "The error is **0.27**.",
            "The error is .27 or less.",
            "The error is 0.27x.",
            "It is -0.27 off",
            "It is 1e-5.",
            "It is 12,345.6 m.",
            "The error is $0.26$.",
            "The error is `0.26`.",
            "```\n0.26\n```",
            "It fell 280 short.",
            "It is about 280.",
            "It is roughly -280.",
            "It is about 3 here.",
            "It is nearly 4.5 here.",
            "That is 14 times less.",
            "That is 14x less.",
            "Less by 14 %.",
            "Less by 14 percent.",
            "Slope 1.80 and 1.85.",
        )
    ],
    (no_typed_results, write(CODE, "# was 0.26")),
    (no_typed_results, write(CODE, 'claim("The error is 0.26", True)')),
    (no_typed_results, both(printed("✓ ≈ 1.8"), write(TEXT, "Again 1.8."))),
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_notebook_that_keeps_the_conventions_has_no_offence(check):
    assert check(sample()) == []


@pytest.mark.parametrize(
    ("check", "change"),
    OFFENDERS,
    ids=[f"{check.__name__}-{n}" for n, (check, _) in enumerate(OFFENDERS)],
)
def test_a_notebook_that_offends_is_found(check, change):
    nb = sample()
    change(nb)
    assert check(nb) != []


def test_every_check_has_its_offenders():
    assert {check for check, _ in OFFENDERS} == set(CHECKS)


@pytest.mark.parametrize(
    ("check", "change"),
    [
        (compared, both(metadata(CODE, tags=["nbval-ignore-output"]), write(CODE, "interact(f)"))),
        (outputs_stored, write(CODE, "def again():", '    claim("Not called", True)')),
        (no_trailing_semicolon, write(CODE, 'x = ";"  # ;')),
        (closing, write(EXERCISES, "### A hint", "Try.")),
        (
            no_absolute_path,
            write(TEXT, "24/7, and/or, [x](https://keras.io/api/layers), a </b> b<br/>"),
        ),
        (no_absolute_path, write(TEXT, "Look into helpers/data.py and $a$/b/c.")),
        (plain_words, write(TEXT, "A simple model. The timestep. At the same time, steps.")),
        (sign_before_numbers_only, printed("≈ 3x, ≈ 0.26. ≈ -1, 2, (≈ 5) ≈ 1.2e-07\n≈ 7")),
        (no_sign_before_typed_numbers, write(TEXT, "The sign ≈ is for digits. 3 ≈ x.")),
        (no_typed_results, both(printed("280 rows"), write(TEXT, "Twice 1.8; 280 rows."))),
        (no_typed_results, write(TEXT, "Keras 3.15 and 3.15.1, chapter 2.7, 0.25 and 0.250.")),
        (no_typed_results, write(TEXT, "At least 4x; the year is about 2018; 3 lines.")),
    ],
)
def test_what_only_looks_like_an_offence_is_let_through(check, change):
    nb = sample()
    change(nb)
    assert check(nb) == []


def test_a_number_with_a_reason_is_let_through():
    nb = sample()
    write(TEXT, "The error is 0.26, about 280, and 14 times.")(nb)
    assert len(no_typed_results(nb)) >= 3
    assert no_typed_results(nb, allowed={"0.26", "280", "14"}) == []


# ---- The course's notebooks --------------------------------------------------------------------

in_every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


def report(offences: list[str]) -> str:
    return "\n" + "\n".join(offences)


def test_the_notebooks_are_numbered_from_00_without_a_gap():
    assert NOTEBOOKS, "no notebook in notebooks/: nothing below was tested"
    assert [path.name[:3] for path in NOTEBOOKS] == [f"{n:02}_" for n in range(len(NOTEBOOKS))]


def test_every_exercise_stands_in_its_notebook_in_the_order_of_the_course():
    cells = [(path.name, cell) for path in NOTEBOOKS for cell in read(path).cells]
    asked = [(name, exercise_of(cell)) for name, cell in cells if "..." in cell.source]
    asked = [(name, exercise) for name, exercise in asked if exercise]
    assert [exercise for _, exercise in asked] == list(EXERCISES_OF_THE_COURSE)
    assert all(name.startswith(exercise[:2]) for name, exercise in asked)


@pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=lambda path: path.stem)
def test_a_notebook_has_exercises_a_quiz_and_a_figure_to_play_with(path):
    own = [name for name in EXERCISES_OF_THE_COURSE if name.startswith(path.name[:2])]
    assert own[-1] == f"{path.name[:2]}-quiz"
    assert len(own) >= 4
    assert sum("widgets." in cell.source for _, cell in code_cells(read(path))) == 1
    assert sum("progress()" in cell.source for _, cell in code_cells(read(path))) == 1


@in_every_notebook
def test_the_file_name_is_plain(path):
    assert re.fullmatch(r"\d\d_[a-z0-9_]+\.ipynb", path.name)


@in_every_notebook
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_notebook_keeps_the_conventions(path, check):
    nb = read(path)
    if check is no_typed_results:
        offences = check(nb, allowed=ALLOWED_NUMBERS.get(path.stem, {}).keys())
    else:
        offences = check(nb)
    assert not offences, report(offences)


@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name, numbers in ALLOWED_NUMBERS.items() for number in numbers]
    or [(None, None)],
)
def test_no_number_is_allowed_that_need_not_be(name, number):
    if name is None:
        assert not ALLOWED_NUMBERS
        return
    assert ALLOWED_NUMBERS[name][number].strip(), "no reason given"
    others = ALLOWED_NUMBERS[name].keys() - {number}
    assert no_typed_results(read(ROOT / "notebooks" / f"{name}.ipynb"), allowed=others)


# ---- What the comparison masks -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("≈ 0.26", "≈ #"),
        ("≈ 120", "≈ #"),
        ("≈ 1.2e-07", "≈ #"),
        ("≈ 1.0e+06", "≈ #"),
        ("≈ -3.1", "≈ -#"),
        ("≈ -1e-07 m", "≈ -# m"),
        ("≈ 0.26 (≈ 0.20 to ≈ -0.51), 3 of 4.", "≈ # (≈ # to ≈ -#), 3 of 4."),
        ("| LSTM | ≈ 0.26 | 353 |", "| LSTM | ≈ # | 353 |"),
        ("≈ 0.26.", "≈ #."),
        ("≈ 0.26, 0.27", "≈ #, 0.27"),
        ("≈ 3x", "≈ #x"),
        ("≈ 1\n2", "≈ #\n2"),
    ],
)
def test_only_the_number_after_the_sign_is_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    ["0.26", "≈", "≈ ", "≈0.26", "≈  0.26", "≈ nan", "≈ a1", "≈\n0.26", "≈ --1", "≈ .5", "~ 3"],
)
def test_everything_else_is_compared_as_it_is(text):
    assert mask(text) == text


@given(st.text(st.characters(exclude_characters="≈")))
def test_no_text_without_the_sign_is_masked(text):
    assert mask(text) == text


FINITE = st.floats(allow_nan=False, allow_infinity=False)
WORDS = st.text(st.sampled_from("ab ≈|(),.-+e\n"))


@given(WORDS, FINITE, FINITE, WORDS.map(" {}".format))
def test_two_texts_are_the_same_once_masked_when_only_approximate_digits_differ(a, one, other, b):
    texts = [f"{a}{approx(number)}{b}" for number in (one, other)]
    if (one < 0) == (other < 0):
        assert mask(texts[0]) == mask(texts[1])
    else:
        assert mask(texts[0]) != mask(texts[1])


@given(
    st.lists(st.tuples(st.text(st.sampled_from("ab1.- e+\n"), min_size=1), FINITE), min_size=1),
    st.data(),
)
def test_no_other_change_is_lost_in_the_mask(parts, data):
    """Drop any one character that is neither part of a number after ≈ nor beside one: it shows."""
    text, free = "", []
    for words, number in parts:
        free += range(len(text), len(text) + len(words))
        text += f"{words} {approx(number)} "
    where = data.draw(st.sampled_from(free))
    assert mask(text[:where] + text[where + 1 :]) != mask(text)


# ---- The comparison itself ---------------------------------------------------------------------

#: What a cell printed when it was stored, what it prints now, and whether that is the same.
RERUNS = {
    "nothing differs": ("error 0.26", "error 0.26", True),
    "digits after the sign": ("error ≈ 0.26 m", "error ≈ 0.31 m", True),
    "how many digits": ("≈ 120 and 5", "≈ 1.2e-07 and 5", True),
    "all three of a range": ("≈ 1.0 (≈ 0.5 to ≈ 2.0)", "≈ 1.1 (≈ 0.4 to ≈ 3.0)", True),
    "an exact digit": ("error 0.26", "error 0.27", False),
    "an exact digit beside": ("≈ 0.26 of 353", "≈ 0.31 of 354", False),
    "the minus": ("≈ 0.26", "≈ -0.26", False),
    "a word": ("error ≈ 0.26 m", "error ≈ 0.26 km", False),
    "the sign": ("≈ 0.26", "~ 0.26", False),
    "a space": ("≈ 0.26 m", "≈ 0.26  m", False),
    "a line": ("≈ 0.26", "≈ 0.26\n", False),
    "a number that became text": ("≈ 0.26", "≈ nan", False),
    "a claim": ("✓ At least 4x", "✓ At least 5x", False),
}


@pytest.fixture(scope="module")
def reruns(tmp_path_factory):
    """Whether nbval passes, for each of RERUNS as a printed text and as a table in Markdown."""
    folder = tmp_path_factory.mktemp("nbval")
    nb = v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    for before, now, _ in RERUNS.values():
        shown = {"text/markdown": before, "text/plain": "<IPython.core.display.Markdown object>"}
        table = v4.new_output("display_data", shown)
        for source, output in [
            (f"print({now!r})", stream(before + "\n")),
            (f"from IPython.display import Markdown, display\ndisplay(Markdown({now!r}))", table),
        ]:
            count = len(nb.cells) + 1
            nb.cells.append(v4.new_code_cell(source, execution_count=count, outputs=[output]))
    nbformat.write(nb, folder / "sample.ipynb")
    (folder / "pytest.ini").write_text("[pytest]\n")
    options = ["--nbval", "--nbval-current-env", f"--nbval-sanitize-with={CONFIG}"]
    options += ["-p", "no:cacheprovider", "-p", "no:xdist", "--junitxml=result.xml"]
    command = [sys.executable, "-m", "pytest", *options, "sample.ipynb"]
    plain = {name: text for name, text in os.environ.items() if name != "PYTEST_ADDOPTS"}
    run = subprocess.run(
        command, cwd=folder, env=plain, capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode in {0, 1}, run.stdout + run.stderr
    cells = list(ElementTree.parse(folder / "result.xml").iter("testcase"))
    assert len(cells) == 2 * len(RERUNS)
    assert not run.stdout.count("caused an exception")
    passed = [not list(cell) for cell in cells]
    return dict(zip(RERUNS, zip(passed[::2], passed[1::2], strict=True), strict=True))


@pytest.mark.parametrize("difference", RERUNS)
def test_nbval_passes_a_rerun_only_if_nothing_but_approximate_digits_differs(difference, reruns):
    same = RERUNS[difference][2]
    assert reruns[difference] == (same, same)


def test_the_run_of_the_course_compares_strictly_and_with_this_mask(pytestconfig):
    """pyproject.toml hands pytest these options, whichever tests are picked."""
    options = pytestconfig.option
    assert options.nbval
    assert (pytestconfig.rootpath / options.nbval_sanitize_with).samefile(CONFIG)
    assert options.nbval_cell_timeout == 300
