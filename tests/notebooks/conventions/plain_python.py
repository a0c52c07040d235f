"""The learner's Python: what somebody meets who knows numpy's basics, and no clever shorthand.

Two plain lines, or a helper whose name says what it does, take the place of each of these. It
holds for solutions as well: they may not use what the text has not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from conventions.convention import convention
from conventions.parts import code_cells, markdown_cells, tree
from conventions.sample import CODE, SOLUTION, TEXT, both, write

#: Keyword arguments kept in a dictionary and handed over with two stars, in a notebook whose text
#: shows it in this form and says what it does.
EXPLAINED = "**ARTICLE"
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@convention(
    offenders=(
        write(CODE, "np.c_[x, y]"),
        write(CODE, "weights, *_ = fit()"),
        write(CODE, "for first, *others in pairs:", "    first"),
        write(CODE, "fit(x, **options)"),
        write(CODE, "{**options}"),
        write(CODE, "fit(x, **ARTICLE)"),
        write(CODE, "if (n := len(x)) > 3:", "    n"),
        write(CODE, "def rows():", "    yield 1"),
        write(CODE, "def rows():", "    yield from x"),
        write(CODE, "ignore = lambda *_: None"),
        write(CODE, "ignore = lambda **_: None"),
        write(CODE, "looks |= {1: 2}"),
        write(CODE, "middle[name, *box]"),
        write(CODE, "middle[(name, *box)]"),
        write(CODE, "[[n for n in row] for row in rows]"),
        write(CODE, "{name: max(n for n in row) for name, row in rows.items()}"),
        write(CODE, "[n for n in [m for m in x]]"),
        write(SOLUTION, "weights, *_ = fit()"),
    ),
    lookalikes=(
        write(CODE, "x**2 + fit(*x) + c_[0] + rows[1, 2]"),
        write(CODE, "[n for row in rows for n in row]", "both = a | b", "list(lambda n: n)"),
        both(
            write(TEXT, "`**ARTICLE` hands over each of them."),
            write(CODE, "fit(x, **ARTICLE)"),
        ),
    ),
)
def plain_python(nb):
    """No shorthand that makes a learner stumble for the sake of two saved lines."""
    explained = any(EXPLAINED in text for _, text in markdown_cells(nb))
    offences = []
    for n, cell in code_cells(nb):
        for node, why in stumbles(tree(cell)):
            if explained and ast.unparse(node) == EXPLAINED:
                continue
            offences.append(f"cell {n}: {why}: {ast.unparse(node)}")
    return offences


def stumbles(code: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Each part of `code` that is shorthand, and what kind of shorthand it is."""
    for node in ast.walk(code):
        match node:
            case ast.Attribute(attr="c_" | "r_" | "s_" | "mgrid" | "ogrid"):
                yield node, "an index that is no index"
            case ast.Starred(ctx=ast.Store()):
                yield node, "a starred target"
            case ast.keyword(arg=None):
                yield node, "** in a call"
            case ast.Dict(keys=keys) if None in keys:
                yield node, "** in a dictionary"
            case ast.NamedExpr():
                yield node, "a walrus"
            case ast.Yield() | ast.YieldFrom():
                yield node, "yield"
            case ast.Lambda(args=ast.arguments(vararg=names, kwarg=more)) if names or more:
                yield node, "a lambda with a star"
            case ast.AugAssign(op=ast.BitOr()):
                yield node, "|="
            case ast.Subscript(slice=ast.Tuple(elts=keys)) if any(
                isinstance(key, ast.Starred) for key in keys
            ):
                yield node, "a starred key"
        if isinstance(node, COMPREHENSIONS) and any(
            isinstance(inner, COMPREHENSIONS) for inner in ast.walk(node) if inner is not node
        ):
            yield node, "a comprehension in a comprehension"
