"""How models look at a window, as small drawings of one kind.

Lines are weights of their own; boxes that bear the same letter share theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from helpers.drawings.pen import PLAIN, arrow, box, circle, line, sheet, write
from helpers.plots import LOOKS

from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["views"]

_STEPS, _SIDE, _APART = 5, 0.3, 0.4
_WIDE, _HIGH, _ACROSS = 2.4, 2.75, 3  # inches of a panel, and panels across
_LOW, _MIDDLE, _TOP = 0.95, 1.5, 2.1  # heights of window, model and output


def views(models: Mapping[str, str]) -> Figure:
    """One panel a model: a window of five steps below, the output above, and the way between.

    Args:
        models: title of a panel -> how it looks: "newest value", "linear", "MLP", "LSTM", "sum",
            "maximum" or "CNN".

    Raises:
        ValueError: a look that is not one of these; no model.
    """
    if not models or not set(models.values()) <= set(_VIEWS):
        raise ValueError(f"models must look as one of {list(_VIEWS)}, got {dict(models)}")
    across = 2 if len(models) == 4 else min(_ACROSS, len(models))
    down = -(-len(models) // across)
    fig, ax = sheet(_WIDE * across, _HIGH * down)
    for k, (title, kind) in enumerate(models.items()):
        left, bottom = _WIDE * (k % across), _HIGH * (down - 1 - k // across)
        draw, look, words = _VIEWS[kind]
        color = LOOKS[look].color
        x = [left + _WIDE / 2 + (t - (_STEPS - 1) / 2) * _APART for t in range(_STEPS)]
        draw(ax, x, bottom, color)
        write(ax, (left + _WIDE / 2, bottom + 2.52), title, weight="bold", color=color)
        write(ax, (left + _WIDE / 2, bottom + 0.32), words, va="center")
    return fig


def _window(ax: Axes, x: list[float], bottom: float, seen: int = _STEPS) -> list:
    """The steps as squares, those that are not seen hollow; returns their upper ends."""
    for t, across in enumerate(x):
        fill = "#D9D9D9" if t >= _STEPS - seen else "white"
        box(ax, (across, bottom + _LOW), (_SIDE, _SIDE), color=PLAIN, fill=fill, linewidth=1)
    return [(across, bottom + _LOW + _SIDE / 2) for across in x]


def _output(ax: Axes, x: list[float], bottom: float, color: str, sign: str = "") -> tuple:
    """The output's circle; returns its lower end."""
    radius = 0.24 if len(sign) > 1 else 0.17
    circle(ax, (x[2], bottom + _TOP), sign, color=color, radius=radius)
    return x[2], bottom + _TOP - radius


def _lines(ax: Axes, x: list[float], bottom: float, color: str, seen: int) -> None:
    end = _output(ax, x, bottom, color)
    for start in _window(ax, x, bottom, seen)[-seen:]:
        line(ax, start, end, color=color)


def _mixing(ax: Axes, x: list[float], bottom: float, color: str) -> None:
    end, hidden = _output(ax, x, bottom, color), x[1:4]
    starts = _window(ax, x, bottom)
    for across in hidden:
        for start in starts:
            line(ax, start, (across, bottom + _MIDDLE), color=color, linewidth=0.9)
        line(ax, (across, bottom + _MIDDLE), end, color=color)
        circle(ax, (across, bottom + _MIDDLE), "", color=color, radius=0.1)


def _stepping(ax: Axes, x: list[float], bottom: float, color: str) -> None:
    for t, start in enumerate(_window(ax, x, bottom)):
        arrow(ax, start, (x[t], bottom + _MIDDLE - 0.14))
        box(ax, (x[t], bottom + _MIDDLE), (0.27, 0.28), "w", color=color)
        if t:
            arrow(ax, (x[t - 1] + 0.13, bottom + _MIDDLE), (x[t] - 0.13, bottom + _MIDDLE),
                  color=color)  # fmt: skip
    circle(ax, (x[-1], bottom + _TOP), "", color=color, radius=0.17)
    arrow(ax, (x[-1], bottom + _MIDDLE + 0.14), (x[-1], bottom + _TOP - 0.17), color=color)


def _combining(ax: Axes, x: list[float], bottom: float, color: str, sign: str) -> None:
    end = _output(ax, x, bottom, color, sign)
    for across, start in zip(x, _window(ax, x, bottom), strict=True):
        arrow(ax, start, (across, bottom + _MIDDLE - 0.14))
        box(ax, (across, bottom + _MIDDLE), (0.27, 0.28), "w", color=color)
        line(ax, (across, bottom + _MIDDLE + 0.14), end, color=color)


def _convolving(ax: Axes, x: list[float], bottom: float, color: str) -> None:
    starts, end = _window(ax, x, bottom), _output(ax, x, bottom, color)
    for t in (1, 2, 3):
        for neighbour in (t - 1, t, t + 1):
            line(ax, starts[neighbour], (x[t], bottom + _MIDDLE - 0.14), color=color, linewidth=1)
        box(ax, (x[t], bottom + _MIDDLE), (0.27, 0.28), "w", color=color)
        line(ax, (x[t], bottom + _MIDDLE + 0.14), end, color=color)


_VIEWS: Mapping[str, tuple[Callable[..., None], str, str]] = {
    "newest value": (partial(_lines, seen=1), "MLP", "sees one step"),
    "linear": (partial(_lines, seen=_STEPS), "linear", "a weight of its own\nfor each step"),
    "MLP": (_mixing, "MLP", "mixes all steps"),
    "LSTM": (_stepping, "LSTM", "the same at each step,\ncarries a state on"),
    "sum": (partial(_combining, sign="Σ"), "sum", "the same at each step,\nthen a sum"),
    "maximum": (partial(_combining, sign="max"), "maximum",
                "the same at each step,\nthen the maximum"),
    "CNN": (_convolving, "CNN", "the same for\nevery few neighbours"),
}  # fmt: skip
