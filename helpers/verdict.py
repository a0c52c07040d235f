"""What a contest came to, in words: errors, three questions of the chart, which model to take.

Two models are told apart when one leads by more than luck explains. The lead is measured stretch by
stretch: the test rows of each origin are cut into `contest.BLOCKS` stretches of time, and on each
the error of one is compared with that of the other, both by the median over their seeds. Its
standard error has two parts: how the lead varies from stretch to stretch, and how the mean error of
each model varies from seed to seed. A lead of `BEYOND_LUCK` standard errors counts. With twelve
stretches, a t-test that is wrong in one of a hundred comparisons asks for as much.

The model to take is the simplest that the one with the smallest error is not told apart from,
unless its error is more than `NEAR` times as large: on a short or restless series luck may hide any
lead.
What is simplest is an order made by people, not by measurement: formulas before a line, a line
before networks, and of the networks the one with fewer parts.
"""

from __future__ import annotations

import math
from functools import partial

from helpers.contest import MOST_TRAINED, NETWORKS, Candidate, Contest
from helpers.report import approx, spread, table

import numpy as np
import pandas as pd
from IPython.display import Markdown

__all__ = [
    "BEYOND_LUCK",
    "NEAR",
    "answers",
    "best",
    "choose",
    "history",
    "lead",
    "numbers",
    "order",
    "protocol",
    "scores",
    "sentence",
    "told_apart",
]

#: A lead of so many standard errors is not taken for luck.
BEYOND_LUCK = 2.7
#: A simpler model is taken with an error at most so many times the smallest.
NEAR = 1.25


# ---- Who is ahead --------------------------------------------------------------------------------


def lead(contest: Contest, better: Candidate, worse: Candidate) -> tuple[float, float]:
    """By how much the error of one model is the smaller one, and the standard error of that.

    Returns:
        Both in MASE; the first is negative if `better` is behind.
    """
    errors = [contest.blocks(candidate) for candidate in (worse, better)]
    ahead = np.subtract(*(np.median(e, axis=1).ravel() for e in errors))
    variances = [np.var(ahead, ddof=1) / len(ahead)]
    for by_seed in (e.mean(axis=(0, 2)) for e in errors):
        if len(by_seed) > 1:
            variances.append(np.var(by_seed, ddof=1) / len(by_seed))
    return float(ahead.mean()), math.sqrt(sum(variances))


def told_apart(contest: Contest, better: Candidate, worse: Candidate) -> bool:
    """Whether `better` leads by more than luck explains: `BEYOND_LUCK` standard errors."""
    ahead, error = lead(contest, better, worse)
    return ahead > BEYOND_LUCK * error


def best(contest: Contest, *names: str) -> Candidate:
    """The one with the smallest error, of the named models or of all, the simplest of equals."""
    entered = contest.finalists
    return min((entered[name] for name in names or entered), key=lambda c: _error(contest, c))


def choose(contest: Contest) -> Candidate:
    """The simplest model that the best one is not told apart from, and that is `NEAR` it."""
    first = best(contest)
    near = NEAR * _error(contest, first)
    return next(
        candidate
        for candidate in contest.finalists.values()
        if _error(contest, candidate) <= near and not told_apart(contest, first, candidate)
    )


def _error(contest: Contest, candidate: Candidate) -> float:
    """The median MASE over origins and seeds."""
    return float(np.median(contest.mase(candidate)))


# ---- Tables --------------------------------------------------------------------------------------


def scores(contest: Contest) -> Markdown:
    """Each model's MASE and RMSE, the median over origins and seeds with the range of them."""
    rows = {}
    for name, candidate in contest.finalists.items():
        rows[name] = [
            candidate.window or "all",
            _range(candidate, contest.mase(candidate)),
            _range(candidate, contest.rmse(candidate)),
        ]
    return table(rows, ["model", "values it sees", "MASE", "RMSE, in the unit of the series"])


def history(contest: Contest) -> Markdown:
    """The MASE of each model that sees a window, by the length of the window."""
    names = ["linear", *NETWORKS]
    rows = {
        f"{window} values": [
            _number(c, _error(contest, c))
            for c in (contest.candidates[name, window] for name in names)
        ]
        for window in contest.plan.lengths
    }
    return table(rows, ["MASE with a window of", *names])


def order(contest: Contest) -> Markdown:
    """The MASE of the GRU with windows as they are, and with their order changed or a half cut."""
    rows = {name: [_range(c, contest.mase(c))] for name, c in contest.changed.items()}
    return table(rows, ["a GRU trained on windows", "MASE"])


def numbers(ahead: pd.DataFrame, taken: Candidate) -> Markdown:
    """The forecast with its interval, as `contest.forecast` gives them, a row for each time."""
    digits = partial(approx, digits=4) if taken.name in NETWORKS else "{:.5g}".format
    rows = {
        _time(time): [digits(value) for value in values]
        for time, values in zip(ahead.index, ahead.to_numpy(), strict=True)
    }
    return table(rows, ["time", *ahead.columns])


def _time(time: object) -> str:
    return str(time).removesuffix(" 00:00:00")


def _range(candidate: Candidate, errors: np.ndarray) -> str:
    errors = errors.ravel()
    if candidate.name in NETWORKS:
        return spread(errors, 3)
    low, middle, high = (
        f"{value:.3g}" for value in (errors.min(), np.median(errors), errors.max())
    )
    return f"{middle} ({low} to {high})"


def _number(candidate: Candidate, value: float) -> str:
    return approx(value, 3) if candidate.name in NETWORKS else f"{value:.3g}"


# ---- Sentences -----------------------------------------------------------------------------------

_CALLED = {
    "mean": "the mean",
    "persistence": "the last value (persistence)",
    "seasonal naive": "the value of a season ago (seasonal naive)",
    "seasonal naive with drift": "the value of a season ago and the mean change since",
    "mean seasonal change": "the last value and the season's mean changes",
    "exponential smoothing": "exponential smoothing",
    "linear": "the linear window",
    "MLP": "the MLP",
    "GRU": "the GRU",
    "LSTM": "the LSTM",
}


def protocol(contest: Contest) -> str:
    """Which rows were trained on, chosen by and tested on, and what was left out."""
    layout, n = contest.plan, len(contest.series)
    trained, held_out, tested = (part.stop - part.start for part in layout.splits[0])
    lines = [
        f"{n:,} values, windows of {', '.join(map(str, layout.lengths))}, "
        f"{layout.horizon} to forecast",
        f"trained on {trained:,} rows, chosen by the next {held_out}, tested on the next {tested}; "
        f"{len(layout.splits)} times, and the last test ends with the series",
    ]
    if trained == MOST_TRAINED:
        lines.append(f"(no more than {MOST_TRAINED:,} rows are trained on: the newest)")
    if layout.season and layout.season > layout.longest:
        lines.append(
            f"(a season of {layout.season} is longer than any window here: only the formulas see "
            "all of it)"
        )
    return "\n".join(lines)


def answers(contest: Contest) -> Markdown:
    """The three questions of the chart, each with its answer for this series."""
    return Markdown("\n".join([_places(contest), _shuffled(contest), _older(contest)]))


def _places(contest: Contest) -> str:
    window, memory = best(contest, "linear", "MLP"), best(contest, "GRU", "LSTM")
    question = "1. **Do fixed places carry the answer?**"
    figures = f"{_with_error(contest, memory)}, and {_with_error(contest, window)}"
    if told_apart(contest, memory, window):
        return (
            f"{question} No: memory gains more than luck explains. {_capital(figures)}, which is "
            "the best without memory."
        )
    mean = contest.finalists["mean"]
    if not any(told_apart(contest, one, mean) for one in (window, memory)):
        return (
            f"{question} No place does, and no memory either: {figures}, are not told apart from "
            f"the mean, {_number(mean, _error(contest, mean))}."
        )
    lengths = contest.plan.lengths
    longest = contest.candidates[window.name, lengths[-1]]
    enough = next(
        n for n in lengths if not told_apart(contest, longest, contest.candidates[window.name, n])
    )
    reach = (
        f"{enough} values are the most that was tried, and whether more would help is open."
        if enough == lengths[-1]
        else f"{enough} values are enough of those tried."
    )
    said = "So far, yes" if enough == lengths[-1] else "Yes"
    return (
        f"{question} {said}: memory gains nothing that luck does not explain. {_capital(figures)}. "
        f"For {_CALLED[window.name]}, {reach} The chart stops here; the other two say how the GRU "
        "does what it does."
    )


def _shuffled(contest: Contest) -> str:
    question = "2. **Does shuffling leave the error unchanged?**"
    as_they_are, shuffled = contest.changed["as they are"], contest.changed["shuffled"]
    figures = f"{_plain(contest, shuffled)} shuffled, {_plain(contest, as_they_are)} as they are"
    if told_apart(contest, as_they_are, shuffled):
        return f"{question} No, order counts: {figures}."
    return f"{question} Yes, up to luck: {figures}."


def _older(contest: Contest) -> str:
    question = "3. **Does older history count?**"
    as_they_are = contest.changed["as they are"]
    cut, mixed = contest.changed["older half cut"], contest.changed["older half reordered"]
    figures = f"{_plain(contest, cut)} with the older half cut, "
    figures += f"{_plain(contest, as_they_are)} with it"
    if not told_apart(contest, as_they_are, cut):
        return f"{question} Not for this GRU: it loses no more than luck explains. {figures}."
    order = (
        "Its order counts too"
        if told_apart(contest, as_they_are, mixed)
        else "Its order costs nothing that luck does not explain"
    )
    return f"{question} Yes: {figures}. {order}: {_plain(contest, mixed)} reordered."


def sentence(contest: Contest) -> Markdown:
    """Which model to take, why, and how far luck allows to say so."""
    taken, first = choose(contest), best(contest)
    said = [f"**Take {_CALLED[taken.name]}.**"]
    ours = _number(taken, _error(contest, taken))
    if taken is first:
        said.append(f"Its error is the smallest, {ours} MASE.")
    else:
        said.append(
            f"The smallest error is {_number(first, _error(contest, first))} MASE, of "
            f"{_CALLED[first.name]}. {_capital(_CALLED[taken.name])} is simpler and has {ours}, "
            "and this difference is within luck."
        )
    others = [
        _with_error(contest, c)
        for c in contest.finalists.values()
        if c.name not in (taken.name, first.name) and not told_apart(contest, first, c)
    ]
    if others:
        said.append(f"Also within luck of the smallest error: {_listed(others)}.")
    if taken.name == "mean":
        said.append(
            "Nothing that these models could find in its past helps to forecast this series."
        )
    if taken.name in NETWORKS:
        other = best(contest, *(name for name in contest.finalists if name not in NETWORKS))
        said.append(f"Without a network the best is {_with_error(contest, other)}.")
    elif first.name not in NETWORKS:
        network = best(contest, *NETWORKS)
        behind = told_apart(contest, taken, network)
        said.append(
            f"The best network, {_with_error(contest, network)}, is "
            + ("behind by more than luck." if behind else "not told apart from it.")
        )
    said.append(
        "(Which model wins was found on the rows of these errors, so expect a little more of the "
        "next.)"
    )
    return Markdown(" ".join(said))


def _listed(parts: list[str]) -> str:
    *before, last = parts
    return f"{', '.join(before)} and {last}" if before else last


def _with_error(contest: Contest, candidate: Candidate) -> str:
    return f"{_CALLED[candidate.name]} with {_plain(contest, candidate)}"


def _plain(contest: Contest, candidate: Candidate) -> str:
    return _number(candidate, _error(contest, candidate))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
