"""One step of an LSTM with the numbers of a real one on its wires, and the window it is part of."""

from __future__ import annotations

from collections.abc import Mapping

from helpers import inputs
from helpers.drawings.pen import GOAL, LIT, PLAIN, arrow, box, circle, line, sheet, shown, write

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

__all__ = ["lstm_cell"]

#: What a trace holds, by the letter that stands on the wire.
PARTS = {"f": "forget gate", "i": "input gate", "g": "candidate g", "o": "output gate",
         "c": "cell state c", "h": "output h"}  # fmt: skip
_MOST = 5  # timesteps, more do not fit
_FAINT = "#E4F0F7"


def lstm_cell(
    traced: Mapping[str, np.ndarray], window: np.ndarray, *, step: int, unit: int
) -> Figure:
    """The steps of a window in a row, one of them lit, and below what one unit does in this step.

    Args:
        traced: "forget gate", "input gate", "candidate g", "output gate", "cell state c" and
            "output h" -> array of shape (timesteps, units), as computed. c and h before the first
            step are 0.
        window: the inputs, shape (timesteps,), at most 5.
        step: which one to light, from 0.
        unit: whose numbers to show, from 0.

    Raises:
        TypeError, ValueError: a part that is missing or of another shape than the others; more
            timesteps than fit; a step or a unit that is not there.
    """
    window = inputs.array("window", window, axes=[["timesteps"]])
    if missing := [name for name in PARTS.values() if name not in traced]:
        raise ValueError(f"traced must hold {list(PARTS.values())}, missing {missing}")
    axes = [["timesteps", "units"]]
    parts = {k: inputs.array(name, traced[name], axes=axes) for k, name in PARTS.items()}
    shapes = {values.shape for values in parts.values()}
    if len(shapes) > 1 or len(parts["c"]) != len(window) or len(window) > _MOST:
        raise ValueError(
            f"traced and window must have the same timesteps, at most {_MOST}, and all of traced "
            f"the same units, got the shapes {sorted(shapes)} and {len(window)} inputs"
        )
    step = inputs.count("step", step, least=0, most=len(window) - 1)
    unit = inputs.count("unit", unit, least=0, most=parts["c"].shape[1] - 1)
    of_unit = {name: values[:, unit] for name, values in parts.items()}

    fig, ax = sheet(7.2, 5.75)
    _row_of_steps(ax, of_unit, window, step)
    at = {name: values[step] for name, values in of_unit.items()}
    before = {name: of_unit[name][step - 1] if step else 0.0 for name in "ch"}
    _cell(ax, at, before, window[step], parts["c"].shape[1], unit)
    return fig


def _row_of_steps(ax: Axes, of_unit: Mapping[str, np.ndarray], window: np.ndarray, lit: int
                  ) -> None:  # fmt: skip
    """The same cell again at every step: x comes in from below, c and h go on to the right."""
    wide, gap, middle = 0.72, 0.62, 5.2
    first = (7.2 - len(window) * wide - (len(window) - 1) * gap) / 2 + wide / 2
    for t, x in enumerate(window):
        across = first + t * (wide + gap)
        color = LIT if t == lit else PLAIN
        box(ax, (across, middle), (wide, 0.66), "LSTM", color=color,
            fill=_FAINT if t == lit else "white", linewidth=3 if t == lit else 1.4)  # fmt: skip
        arrow(ax, (across, middle - 0.58), (across, middle - 0.33), color=color)
        write(ax, (across, middle - 0.72), f"{x:g}", weight="bold" if t == lit else "normal")
        right = across + wide / 2
        ends = right + gap if t < len(window) - 1 else right + 0.5
        for name, up in (("c", 0.14), ("h", -0.22)):
            arrow(ax, (right, middle + up), (ends, middle + up), color=LIT if name == "c" else "k")
            write(ax, ((right + ends) / 2, middle + up + 0.12), shown(of_unit[name][t]))
    start = first - wide / 2
    for name, up in (("c", 0.14), ("h", -0.22)):
        write(ax, (start - 0.1, middle + up), name, ha="right", color=LIT if name == "c" else "k")
    write(ax, (start - 0.1, middle - 0.72), "x", ha="right")


def _cell(
    ax: Axes, at: Mapping[str, float], before: Mapping[str, float], x: float, units: int, unit: int
) -> None:
    ax.add_patch(_frame((1.17, 0.62), (5.13, 3.5)))
    write(ax, (1.27, 3.94), f"this step, unit {unit}", ha="left", color=LIT)
    line_c, bus, gate, meet = 3.45, 0.95, 1.55, 2.65
    place = {"f": 1.75, "i": 2.85, "g": 3.95, "o": 5.05}
    new, out = 3.4, 5.95

    # What comes in: h and x go to all four parts.
    arrow(ax, (0.05, line_c), (place["f"] - 0.16, line_c), color=LIT, linewidth=2.4)
    line(ax, (0.05, bus), (place["o"], bus))
    line(ax, (1.45, 0.25), (1.45, bus))
    write(ax, (0.55, line_c + 0.17), f"c {shown(before['c'])}", color=LIT)
    write(ax, (0.55, bus + 0.17), f"h {shown(before['h'])}")
    if units > 1:
        write(ax, (0.05, bus - 0.19), f"and {units - 1} more", ha="left")
    write(ax, (1.6, 0.3), f"x {x:g}", ha="left")

    words = {"f": "forget\nσ", "i": "input\nσ", "g": "candidate\ntanh", "o": "output\nσ"}
    for name, across in place.items():
        arrow(ax, (across, bus), (across, gate - 0.3))
        color = GOAL if name == "g" else LIT
        box(ax, (across, gate), (1.02, 0.6), words[name], color=color, fill="white")
    # Keep: f meets the old c.
    arrow(ax, (place["f"], gate + 0.3), (place["f"], line_c - 0.16))
    circle(ax, (place["f"], line_c), "×")
    # Let in: i meets the candidate.
    circle(ax, (new, meet), "×")
    for name, side in (("i", -0.16), ("g", 0.16)):
        arrow(ax, (place[name], gate + 0.3), (place[name], meet), (new + side, meet))
    arrow(ax, (new, meet + 0.16), (new, line_c - 0.16))
    arrow(ax, (place["f"] + 0.16, line_c), (new - 0.16, line_c), color=LIT, linewidth=2.4)
    circle(ax, (new, line_c), "+")
    arrow(ax, (new + 0.16, line_c), (7.15, line_c), color=LIT, linewidth=2.4)
    # Show: o meets tanh of the new c.
    arrow(ax, (out, line_c), (out, 3.17))
    box(ax, (out, 3.0), (0.62, 0.34), "tanh")
    arrow(ax, (out, 2.83), (out, 2.36))
    circle(ax, (out, 2.2), "×")
    arrow(ax, (place["o"], gate + 0.3), (place["o"], 2.2), (out - 0.16, 2.2))
    arrow(ax, (out, 2.04), (out, bus), (7.15, bus))

    for name in "fig":
        write(ax, (place[name] + 0.07, gate + 0.5), f"{name} {shown(at[name])}", ha="left")
    write(ax, (place["o"] + 0.07, 2.03), f"o {shown(at['o'])}", ha="left")
    kept, let_in = at["f"] * before["c"], at["i"] * at["g"]
    write(ax, ((place["f"] + new) / 2, line_c + 0.18), f"f·c {shown(kept)}", color=LIT)
    write(ax, (new + 0.07, (meet + line_c) / 2), f"i·g {shown(let_in)}", ha="left")
    write(ax, (out - 0.07, 2.62), shown(np.tanh(at["c"])), ha="right")
    write(ax, (6.75, line_c + 0.17), f"c {shown(at['c'])}", color=LIT)
    write(ax, (6.75, bus + 0.17), f"h {shown(at['h'])}")


def _frame(corner: tuple[float, float], size: tuple[float, float]) -> FancyBboxPatch:
    return FancyBboxPatch(corner, *size, boxstyle="round,pad=0,rounding_size=0.12",
                          facecolor=_FAINT, edgecolor=LIT, linewidth=1.2, zorder=0)  # fmt: skip
