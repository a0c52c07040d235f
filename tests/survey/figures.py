"""What many runs say of a claim, as numbers and as a table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from survey.runs import Run

#: A number that strays, over all seeds and whatever is learned, by less than this share of its
#: distance to the bound is not one that luck could carry over it: it is rounding that moves it.
STRAYS = 0.01

#: The median absolute deviation of a normal distribution, times this, is its standard deviation.
NORMAL = 1.4826


@dataclass(frozen=True)
class Figures:
    """One claim over all runs.

    Attributes:
        notebook, sentence: which claim.
        bound: the limit and the bound, such as ">= 4", or "" for a claim that is true or false.
        luck: whether luck can move it: it comes out otherwise in another run, be it from another
            seed or with training in vain, or its number `strays` over all of these.
        offsets: the seed offsets of the runs, in order.
        missed: those of them in which it did not come out true, be it that it was false or that its
            cell ended in an error.
        median, least: the median and the smallest of the margins (how far inside the bound the
            value lies, as a share of the bound); NaN without a bound.
        deviations: how many robust deviations the median lies inside the bound; NaN without one.
    """

    notebook: str
    sentence: str
    bound: str
    luck: bool
    offsets: tuple[int, ...]
    missed: tuple[int, ...]
    median: float
    least: float
    deviations: float

    @property
    def held(self) -> int:
        """The number of runs in which it came out true."""
        return len(self.offsets) - len(self.missed)


def figures(runs: Sequence[Run], vain: Iterable[Run] = ()) -> list[Figures]:
    """The figures of each claim of one notebook, in the order of the notebook.

    Args:
        runs: runs of the notebook from different offsets, at least one.
        vain: runs in which training was in vain.

    Raises:
        ValueError: no run, runs of several notebooks, or the same offset twice.
    """
    runs = sorted(runs, key=lambda run: run.offset)
    offsets = tuple(run.offset for run in runs)
    names = {run.notebook for run in [*runs, *vain]}
    if len(names) != 1 or len(set(offsets)) != len(offsets) or not offsets:
        raise ValueError(
            f"runs must be of one notebook and from different offsets, got {sorted(names)} from "
            f"{list(offsets)}"
        )
    # The run that got furthest has the order; one that ended early may lack some.
    by_length = sorted(runs, key=lambda run: -len(run.claims))
    sentences = dict.fromkeys(sentence for run in by_length for sentence in run.claims)
    return [_figures(sentence, runs, offsets, vain) for sentence in sentences]


def _figures(
    sentence: str, runs: Sequence[Run], offsets: tuple[int, ...], vain: Iterable[Run]
) -> Figures:
    entries = {run.offset: run.claims[sentence] for run in runs if sentence in run.claims}
    first = next(iter(entries.values()))
    margins = _margins(entries.values())
    held = {offset for offset, entry in entries.items() if entry["holds"]}
    everywhere = [*entries.values(), *(r.claims[sentence] for r in vain if sentence in r.claims)]
    return Figures(
        notebook=runs[0].notebook,
        sentence=sentence,
        bound=f"{first['limit']} {first['bound']:g}" if first["limit"] else "",
        luck=len({entry["holds"] for entry in everywhere}) > 1 or strays(_margins(everywhere)),
        offsets=offsets,
        missed=tuple(offset for offset in offsets if offset not in held),
        median=float(np.median(margins)) if margins else math.nan,
        least=min(margins, default=math.nan),
        deviations=robust_deviations(margins),
    )


def _margins(entries: Iterable[dict]) -> list[float]:
    return [entry["margin"] for entry in entries if entry["margin"] is not None]


def strays(margins: Sequence[float]) -> bool:
    """Whether luck moves these margins by so much that it might carry one over the bound."""
    if not margins:
        return False
    return max(margins) - min(margins) > STRAYS * abs(min(margins, key=abs))


def robust_deviations(margins: Sequence[float]) -> float:
    """The median of the margins over 1.4826 times their median absolute deviation.

    For margins that are normally distributed it is their mean over their standard deviation; one
    margin that lies far off changes it little. Without any deviation it is infinite, with the sign
    of the median, or 0 for a median of 0. NaN for no margin.
    """
    if not len(margins):
        return math.nan
    median = float(np.median(margins))
    deviation = NORMAL * float(np.median(np.abs(np.asarray(margins) - median)))
    if deviation:
        return median / deviation
    return math.copysign(math.inf, median) if median else 0.0


def worst_first(claims: Iterable[Figures]) -> list[Figures]:
    """By the share of runs that held, then by robust deviations; exact claims come last."""
    return sorted(
        claims,
        key=lambda one: (
            one.held / len(one.offsets),
            not one.luck,
            math.inf if math.isnan(one.deviations) else one.deviations,
        ),
    )


HEAD = ("held", "deviations", "median", "least", "bound", "claim")


def table(claims: Iterable[Figures]) -> str:
    """A line for each claim, worst first: margins in percent of the bound."""
    rows = [HEAD]
    for one in worst_first(claims):
        bounded = not math.isnan(one.median)
        rows.append(
            (
                f"{one.held} of {len(one.offsets)}" + ("" if one.luck else ", exact"),
                f"{one.deviations:.1f}" if bounded else "",
                f"{one.median:.1%}" if bounded else "",
                f"{one.least:.1%}" if bounded else "",
                one.bound or "true",
                f"{one.notebook[:2]} {one.sentence}",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD) - 1)]
    return "\n".join(
        "  ".join([cell.rjust(width) for cell, width in zip(row, widths, strict=False)] + [row[-1]])
        for row in rows
    )


def all_held(claims: Sequence[Figures]) -> tuple[list[int], list[int]]:
    """The offsets from which every notebook was run, and those of them in which all claims held."""
    tried = sorted(set.intersection(*[set(one.offsets) for one in claims])) if claims else []
    missed = {offset for one in claims for offset in one.missed}
    return tried, [offset for offset in tried if offset not in missed]
