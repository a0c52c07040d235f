"""A sheet measured in inches, and what is drawn on it: boxes, arrows, numbers."""

from __future__ import annotations

from helpers.plots import LOOKS

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import PlaceHolderLayoutEngine
from matplotlib.patches import Circle, Rectangle
from matplotlib.text import Text

__all__ = ["GOAL", "LIT", "PLAIN", "arrow", "box", "circle", "line", "sheet", "shown", "write"]

#: What is lit, what is asked for, and the rest.
LIT, GOAL, PLAIN = LOOKS["LSTM"].color, LOOKS["MLP"].color, "#9A9A9A"

Point = tuple[float, float]


def sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """An empty figure whose axes measure inches from its lower left corner."""
    # Not layout="none": when a figure has been printed, matplotlib puts its layout back, and takes
    # none for "as in the settings". The second print would then be laid out anew.
    fig = plt.figure(figsize=(width, height), layout=PlaceHolderLayoutEngine(True, True))
    ax = fig.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height))
    ax.axis("off")
    return fig, ax


def box(
    ax: Axes,
    center: Point,
    size: Point,
    text: str = "",
    *,
    color: str = "black",
    fill: str = "white",
    linewidth: float = 1.6,
) -> None:
    """A rectangle with a text in its middle."""
    (x, y), (width, height) = center, size
    ax.add_patch(
        Rectangle((x - width / 2, y - height / 2), width, height, facecolor=fill, edgecolor=color,
                  linewidth=linewidth, zorder=2)
    )  # fmt: skip
    if text:
        write(ax, center, text)


def circle(ax: Axes, center: Point, text: str, *, radius: float = 0.16, color: str = "black"
           ) -> None:  # fmt: skip
    """A circle with a sign in its middle."""
    ax.add_patch(
        Circle(center, radius, facecolor="white", edgecolor=color, linewidth=1.6, zorder=2)
    )
    if text:
        write(ax, center, text)


def line(ax: Axes, *points: Point, color: str = "black", **look: object) -> None:
    """A line from point to point, under boxes and circles."""
    across, up = zip(*points, strict=True)
    ax.plot(across, up, **{"color": color, "linewidth": 1.4, "zorder": 1} | look)


def arrow(ax: Axes, *points: Point, color: str = "black", linewidth: float = 1.4) -> None:
    """A line from point to point whose last piece ends in a head."""
    if len(points) > 2:
        line(ax, *points[:-1], color=color, linewidth=linewidth)
    ax.annotate("", points[-1], points[-2], zorder=1,
                arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": linewidth,
                            "shrinkA": 0, "shrinkB": 0})  # fmt: skip


def write(ax: Axes, at: Point, text: str, **look: object) -> Text:
    """A text, with its middle at the point unless told otherwise."""
    return ax.text(*at, text, **{"ha": "center", "va": "center", "zorder": 3} | look)


def shown(value: float, decimals: int = 2) -> str:
    """A number as it stands in a drawing: "−0.52", and no "−0.00"."""
    return f"{round(float(value), decimals) + 0.0:.{decimals}f}".replace("-", "−")
