"""Questions from top to bottom, each with what to do if the answer is yes."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from helpers.drawings.pen import LIT, PLAIN, arrow, box, sheet, write

from matplotlib.figure import Figure

__all__ = ["decision_chart"]

_ROW = 1.75  # inches from one question to the next


def decision_chart(
    questions: Sequence[tuple[str, str, str]], otherwise: str, *, first: str
) -> Figure:
    """Questions from top to bottom, each with an arrow to what to do if the answer is yes.

    Args:
        questions: (question, what to do, what backs it) each; the last is written under what to do.
            Lines are broken here.
        otherwise: what to do if every answer is no.
        first: what to do before the first question.
    """
    height = _ROW * len(questions) + 0.75
    fig, ax = sheet(7.2, height + 0.7)
    asks, does = (1.62, 3.1), (5.55, 3.2)  # middle and width of the two columns
    box(ax, (3.6, height + 0.35), (7.1, 0.52), first, color=PLAIN)
    arrow(ax, (asks[0], height + 0.09), (asks[0], height - 0.25))
    for k, (question, to_do, backed_by) in enumerate(questions):
        y = height - 0.8 - k * _ROW
        box(ax, (asks[0], y), (asks[1], 1.1), textwrap.fill(question, 29), fill="#F2F2F2")
        box(ax, (does[0], y + 0.15), (does[1], 1.1), textwrap.fill(to_do, 30), color=LIT)
        write(ax, (does[0], y - 0.58), backed_by)
        start, end = asks[0] + asks[1] / 2, does[0] - does[1] / 2
        arrow(ax, (start, y), (end, y))
        write(ax, ((start + end) / 2 - 0.04, y + 0.16), "yes", weight="bold")
        below = y - _ROW + 0.55 if k + 1 < len(questions) else 0.62
        arrow(ax, (asks[0], y - 0.55), (asks[0], below))
        write(ax, (asks[0] + 0.1, (below + y - 0.55) / 2), "no", ha="left", weight="bold")
    box(ax, (3.6, 0.34), (7.1, 0.52), otherwise, color=PLAIN)
    return fig
