"""Bets in the notebooks: each is placed once, open, and settled beside a later result."""

from __future__ import annotations

import ast
from collections import Counter

from helpers.exercises import EXERCISES

import pytest
from conventions.course import NOTEBOOKS, read
from conventions.parts import code_cells, tree

MOST = 8


def calls(path, function):
    """(cell number, call) of each call of `function`, in order."""
    return [
        (n, node)
        for n, cell in code_cells(read(path))
        for node in ast.walk(tree(cell))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == function
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_bet_is_open_and_settled_later(path):
    placed = {ast.literal_eval(call.args[0]): (n, call) for n, call in calls(path, "bet")}
    settled = {ast.literal_eval(call.args[0]): n for n, call in calls(path, "settle")}
    assert len(calls(path, "bet")) == len(placed) <= MOST
    assert len(calls(path, "settle")) == len(settled)
    assert list(settled) == list(placed)
    for name, (n, call) in placed.items():
        assert name.startswith(path.name[:2])
        assert name not in EXERCISES
        assert "..." in ast.unparse(call.args[1])
        assert n <= settled[name]
    sums = Counter(ast.unparse(call.func) for _, call in calls(path, "calibration"))
    assert sums["calibration"] == bool(placed)
