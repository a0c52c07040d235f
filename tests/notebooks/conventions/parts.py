"""The parts of a notebook, as the conventions look at them."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from nbformat import NotebookNode


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
                yield re.sub(r"data:image/png;base64,[\w+/=]+", "", data)


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


def exercise_of(cell: NotebookNode) -> str | None:
    """The name of the exercise that a cell checks."""
    if cell.cell_type != "code":
        return None
    found = (node for node in ast.walk(tree(cell)) if isinstance(node, ast.Call))
    names = [ast.literal_eval(c.args[0]) for c in found if ast.unparse(c.func) == "check"]
    return names[0] if names else None


FENCE = re.compile(r"^ *(```|~~~).*?^ *\1[`~]*", re.DOTALL | re.MULTILINE)


CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n\n).)+?(?<!`)\1(?!`)", re.DOTALL)


MATH = re.compile(r"\$\$.+?\$\$|(?<!\\)\$(?=\S)[^$\n]+?(?<=\S)\$", re.DOTALL)


def without(text: str, *patterns: re.Pattern) -> str:
    for pattern in patterns:
        text = pattern.sub(" ", text)
    return text


def sections(nb: NotebookNode) -> list[tuple[int, str, str]]:
    """(level, heading, text up to the next heading), in order."""
    return sections_of("\n\n".join(text for _, text in markdown_cells(nb)))


def sections_of(text: str) -> list[tuple[int, str, str]]:
    """The same of a text in Markdown."""
    parts = re.split(r"^(#{1,6}) +(.+?) *#*$", FENCE.sub("", text), flags=re.MULTILINE)[1:]
    return [(len(m), h, body) for m, h, body in zip(*(parts[k::3] for k in range(3)), strict=True)]


def out_of_order(found: list[tuple[int, str, str]]) -> list[str]:
    """The headings that leave a level out, which whoever hears them one by one would miss."""
    above = [0, *(level for level, _, _ in found)]
    return [
        f"{'#' * level} {heading}: no heading of the level above it"
        for (level, heading, _), before in zip(found, above, strict=False)
        if level > before + 1
    ]
