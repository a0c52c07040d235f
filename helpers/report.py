"""What a notebook says about its results: checked sentences, and the sign for digits that may move.

A number after the sign ≈ comes from training, and its last digits depend on seed and machine. A
number without it is exact. The tests mask the digits after ≈ and compare everything else to the
letter.

What ≈ is for numbers, the words after a tick are for claims: "(held in 24 of 24 runs)" stands
behind a claim that luck can move, and says in how many of our own runs it held. A claim without
them is exact.
"""

from __future__ import annotations

import json
import math
import os
import string
from collections.abc import Mapping, Sequence
from numbers import Real
from pathlib import Path
from typing import Any

from helpers import claims, inputs
from helpers.seeds import seeds

import numpy as np
from IPython.display import Markdown

__all__ = ["approx", "claim", "spread", "table"]


def approx(value: float, digits: int = 2, *, decimals: int | None = None) -> str:
    """A number that training decides, as text: `approx(0.2613)` is "≈ 0.26".

    Args:
        value: one finite number, in whatever unit the sentence round it names.
        digits: significant digits shown, 1 to 4: more would not be the same elsewhere.
        decimals: digits after the point, 0 to 4, in place of `digits`: where several numbers stand
            in a column, and anything below the last decimal counts as nothing.

    Raises:
        TypeError, ValueError: `value` is not one finite number, or `digits` or `decimals` is out of
            bounds.
    """
    value = inputs.number("value", value)
    if decimals is not None:
        decimals = inputs.count("decimals", decimals, least=0, most=4)
        return f"≈ {round(value, decimals) + 0.0:.{decimals}f}"
    digits = inputs.count("digits", digits, most=4)
    rounded = f"{value + 0.0:.{digits - 1}e}"  # the sum turns -0.0 into 0.0
    exponent = int(rounded.partition("e")[2])
    if -4 <= exponent < 6:
        rounded = f"{float(rounded):.{max(0, digits - 1 - exponent)}f}"
    return f"≈ {rounded}"


def spread(
    values: Sequence[float] | np.ndarray, digits: int = 2, *, decimals: int | None = None
) -> str:
    """The median of several runs and their range: "≈ 0.26 (≈ 0.20 to ≈ 0.51)".

    Args:
        values: shape (runs,), one finite number a run.
        digits, decimals: as in `approx`.
    """
    values = inputs.array("values", values, axes=[["runs"]])
    low, middle, high = (
        approx(f(values), digits, decimals=decimals) for f in (np.min, np.median, np.max)
    )
    return f"{middle} ({low} to {high})"


def table(rows: Mapping[str, Sequence[Any]], columns: Sequence[str]) -> Markdown:
    """A small table for a notebook: one row for each entry of `rows`, headed by its key.

    Args:
        rows: the cells of each row, as text or exact numbers (use `approx` and `spread` for numbers
            that training decides).
        columns: the heads, the first one standing over the keys.

    Raises:
        ValueError: a row has not one cell for each head after the first.
    """
    for head, cells in rows.items():
        if isinstance(cells, str) or len(cells) != len(columns) - 1:
            raise ValueError(
                f"row {head!r} must have {len(columns) - 1} cells, one for each of "
                f"{list(columns[1:])}, got {cells!r}"
            )
    lines = [columns, [":--"] + ["--:"] * (len(columns) - 1)]
    lines += [[head, *cells] for head, cells in rows.items()]
    lines = [[str(cell).replace("|", "\\|") for cell in line] for line in lines]  # | ends a cell
    return Markdown("\n".join("| " + " | ".join(line) + " |" for line in lines))


def claim(
    sentence: str,
    value: bool | float,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> None:
    """Print `sentence` with a tick if it is so; if it is not, raise, unless it is a matter of luck.

    With a bound, `value` is a number, and `{bound}` in the sentence is replaced by that bound, so
    that the words promise just what is checked:

        claim("The error falls at least {bound:g} times", before / after, at_least=4)

    Which claims luck can move, and in how many of our runs each of these held, `helpers.claims`
    knows. Such a claim says so: "✓ ... (held in 24 of 24 runs)". If it comes out otherwise, it
    prints "✗ ...: not in your run; it held in 22 of 24 of ours" and the notebook goes on. Any other
    claim, and one that is not known there, is exact, and raises.

    Args:
        sentence: what the course says, as it could stand in a summary.
        value: a single true or false; or, with a bound, a single finite number.
        at_least: the claim holds if `value >= at_least`.
        at_most: the claim holds if `value <= at_most`. Give one bound at the most.

    Raises:
        AssertionError: the claim does not hold; the message has sentence, value and bound.
        TypeError: `value` is None, text, an array, or a number without a bound.
        ValueError: `value` is NaN or infinite; both bounds are given; a bound that the sentence
            does not show at `{bound}`, or shows rounded to another number; `{bound}` without a
            bound; a switch in the environment that is none of those below.

    Switches in the environment:
        COURSE_CLAIMS=strict: every claim that does not hold raises. The tests run so.
        COURSE_CLAIMS=survey: none does; NaN and infinity count as not held. So all claims of a
            notebook can be looked at in one run.
        COURSE_CLAIMS_LOG=FILE: each claim is appended to FILE as a line of JSON with notebook, seed
            (the first of this run's seeds), sentence, value, limit (">=", "<=" or none), bound,
            holds, and margin (how far inside the bound the value is, as a share of the bound).
    """
    if not isinstance(sentence, str) or not sentence.strip():
        raise TypeError(f"sentence must be text, got {sentence!r}")
    if at_least is not None and at_most is not None:
        raise ValueError("give at_least or at_most, not both: make two claims")
    mode = os.environ.get("COURSE_CLAIMS", "")
    if mode not in ("", "strict", "survey"):
        raise ValueError(f"COURSE_CLAIMS must be strict, survey or empty, got {mode!r}")
    bound = at_least if at_least is not None else at_most
    if bound is not None:
        inputs.number("bound", bound)
    text = _filled(sentence, bound)
    limit = margin = None
    if bound is None:
        value = holds = _truth(value)
    else:
        limit, bound = ">=" if at_least is not None else "<=", float(bound)
        value = _number(value, finite=mode != "survey")
        inside = value - bound if limit == ">=" else bound - value
        holds = math.isfinite(value) and inside >= 0
        margin = (inside / abs(bound) if bound else inside) if math.isfinite(value) else None
    known = claims.found(text)
    _log(text, value, limit, bound, holds, margin, known)
    if holds:
        print(f"✓ {text}{claims.suffix(text)}")
    elif mode == "" and known and known.luck:
        print(f"✗ {text}: not in your run; it held in {known.held} of {known.runs} of ours")
    else:
        message = f"✗ {text}\nfound {value}" + (f", bound {limit} {bound}" if limit else "")
        if mode != "survey":
            raise AssertionError(message)
        print(message)


def _filled(sentence: str, bound: float | None) -> str:
    """The sentence with the bound at each `{bound}`, written so that it reads as the bound."""
    fields = [part[1:] for part in string.Formatter().parse(sentence) if part[1] is not None]
    expected = set() if bound is None else {("bound", None)}
    if {(name, conversion) for name, _, conversion in fields} != expected:
        raise ValueError(
            "a bound and {bound} in the sentence go together, so that the words promise what is "
            f"checked; got {sentence!r} with bound {bound}"
        )
    for _, spec, _ in fields:
        shown = format(bound, spec)
        number = float(shown.replace(",", "").removesuffix("%")) / (100 if "%" in shown else 1)
        if not math.isclose(number, bound, rel_tol=1e-6):
            raise ValueError(f"the bound {bound} must not read {shown!r}: {sentence!r}")
    return sentence.format(bound=bound)


def _truth(value: Any) -> bool:
    if isinstance(value, np.ndarray) and value.shape == () and value.dtype == bool:
        value = value.item()
    if not isinstance(value, bool | np.bool_):
        hint = "; a number needs at_least= or at_most=" if isinstance(value, Real) else ""
        raise TypeError(f"value must be a single true or false, got {value!r}{hint}")
    return bool(value)


def _number(value: Any, *, finite: bool) -> float:
    try:
        return inputs.number("value", value)
    except ValueError:  # NaN or infinite
        if finite:
            raise
        return float(value)


def _log(
    sentence: str,
    value: bool | float,
    limit: str | None,
    bound: float | None,
    holds: bool,
    margin: float | None,
    known: claims.Found | None,
) -> None:
    path = os.environ.get("COURSE_CLAIMS_LOG")
    if not path:
        return
    # A new claim is in no record yet; Jupyter itself names the file whose kernel this is.
    opened = Path(os.environ.get("JPY_SESSION_NAME", ""))
    entry = {
        "notebook": known.notebook if known else opened.stem or None,
        "seed": seeds(1)[0],
        "sentence": sentence,
        "value": value if math.isfinite(value) else str(value),  # JSON has no NaN
        "limit": limit,
        "bound": bound,
        "holds": holds,
        "margin": margin,
    }
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")
