"""What a notebook defines in the open, for those who try what it hands to a helper.

Only the statements are run that a wanted name hangs on, so that nothing is trained which need not
be.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def from_notebook(number: str, *wanted: str, **instead: Any) -> SimpleNamespace:
    """The things with the `wanted` names from the notebook whose file begins with `number`.

    `instead` has values for names that the notebook gives others, such as `EPOCHS=1`.
    """
    (path,) = NOTEBOOKS.glob(f"{number}_*.ipynb")
    statements = list(_statements(path))
    needed, before = set(wanted), set()
    while needed != before:
        before = set(needed)
        for statement in statements:
            if _bound(statement) & needed - set(instead):
                needed |= _used(statement)
    names = dict(instead)
    for statement in statements:
        if _bound(statement) & needed - set(instead):
            exec(compile(ast.Module([statement], []), path.name, "exec"), names)
            names |= instead  # one statement may bind several names
    return SimpleNamespace(**{name: names[name] for name in wanted})


def _statements(path: Path) -> Iterator[ast.stmt]:
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code" and "solution" not in cell["metadata"].get("tags", []):
            yield from ast.parse("".join(cell["source"])).body


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement gives a value, or whose value it changes."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.split(".")[0] for alias in statement.names}
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AugAssign):
        targets = [statement.target]
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        called = statement.value.func  # things.append(...)
        targets = [called.value] if isinstance(called, ast.Attribute) else []
    else:
        return set()
    return set().union(*map(_names_of, targets))


def _names_of(target: ast.expr) -> set[str]:
    if isinstance(target, ast.Name):
        return {target.id}
    if isinstance(target, ast.Tuple | ast.List):
        return set().union(*map(_names_of, target.elts))
    if isinstance(target, ast.Subscript | ast.Starred | ast.Attribute):
        return _names_of(target.value)
    return set()


def _used(statement: ast.stmt) -> set[str]:
    """The names a statement reads, without those that belong to the functions in it."""
    parts = list(ast.walk(statement))
    read = {p.id for p in parts if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Load)}
    own = {p.arg for p in parts if isinstance(p, ast.arg)}
    if isinstance(statement, ast.FunctionDef):
        own |= {p.id for p in parts if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Store)}
    return read - own
