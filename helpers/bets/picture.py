"""How often right when so sure, as a figure."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes

__all__ = ["draw"]


def draw(ax: Axes, levels: Mapping[float, tuple[int, int]]) -> None:
    """Draw the share of bets that were right against how sure they were, with the line of balance.

    Args:
        ax: where to draw.
        levels: how sure, 0 to 1 -> (how many bets, how many were right).
    """
    ax.plot([0, 100], [0, 100], color="black", linewidth=1, label="as sure as right")
    for sure, (many, right) in levels.items():
        share = 100 * right / many
        ax.plot(100 * sure, share, "o", color="#0072B2", markersize=5 + 3 * min(many, 5))
        ax.annotate(
            f"{right} of {many}", (100 * sure, share), xytext=(0, -14), ha="center",
            textcoords="offset points", fontsize=9, annotation_clip=False,
        )  # fmt: skip
    ax.set(
        xlim=(-5, 105), ylim=(-12, 105), xlabel="how sure (%)", ylabel="how often right (%)",
        xticks=range(0, 101, 20), yticks=range(0, 101, 20),
    )  # fmt: skip
    ax.legend(loc="upper left", fontsize=9)
