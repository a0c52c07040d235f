"""What a notebook says about its results: checked sentences, and the sign for digits that may move.

A number after the sign ≈ comes from training, and its last digits depend on seed and machine. A number
without it is exact. The tests mask the digits after ≈ and compare everything else to the letter.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from IPython.display import Markdown

from helpers import inputs

__all__ = ["approx", "claim", "spread", "table"]


def approx(value: float, digits: int = 2) -> str:
    """A number that training decides, as text: `approx(0.2613)` is "≈ 0.26".

    Args:
        value: one finite number, in whatever unit the sentence round it names.
        digits: significant digits shown, 1 to 4: more would not be the same elsewhere.

    Raises:
        TypeError, ValueError: `value` is not one finite number, or `digits` is out of bounds.
    """
    value = inputs.number("value", value)
    digits = inputs.count("digits", digits, most=4)
    rounded = float(f"{value:.{digits}g}") + 0.0  # the sum turns -0.0 into 0.0
    if rounded == 0 or 1e-4 <= abs(rounded) < 1e6:
        magnitude = 0 if rounded == 0 else int(np.floor(np.log10(abs(rounded))))
        return f"≈ {rounded:.{max(0, digits - 1 - magnitude)}f}"
    return f"≈ {rounded:.{digits - 1}e}"


def spread(values: Sequence[float] | np.ndarray, digits: int = 2) -> str:
    """The median of several runs and their range: "≈ 0.26 (≈ 0.20 to ≈ 0.51)".

    Args:
        values: shape (runs,), one finite number a run.
        digits: significant digits, as in `approx`.
    """
    values = inputs.array("values", values, axes=[["runs"]])
    low, middle, high = (
        approx(f(values), digits) for f in (np.min, np.median, np.max)
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
        if len(cells) != len(columns) - 1:
            raise ValueError(
                f"row {head!r} must have {len(columns) - 1} cells, one for each of "
                f"{list(columns[1:])}, got {len(cells)}"
            )
    lines = [columns, [":--"] + ["--:"] * (len(columns) - 1)]
    lines += [[head, *cells] for head, cells in rows.items()]
    return Markdown("\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines))


def claim(
    sentence: str,
    value: bool | float,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> None:
    """Print `sentence` with a tick if it is so, and raise if it is not.

    With a bound, `value` is a number, and `{bound}` in the sentence is replaced by that bound, so that
    the words promise just what is checked:

        claim("The error falls at least {bound:g} times", before / after, at_least=4)

    Args:
        sentence: what the course says, as it could stand in a summary.
        value: a single true or false; or, with a bound, a single finite number.
        at_least: the claim holds if `value >= at_least`.
        at_most: the claim holds if `value <= at_most`. Give one bound at the most.

    Raises:
        AssertionError: the claim does not hold; the message has sentence, value and bound.
        TypeError: `value` is None, text, an array, or a number without a bound.
        ValueError: `value` is NaN or infinite; both bounds are given; a bound that the sentence does
            not show at `{bound}`, or the other way round.

    `COURSE_CLAIMS_LOG=FILE` in the environment appends each claim to FILE as a line of JSON with
    sentence, value, bound and margin (how far inside the bound the value is, as a share of the bound).
    """
    if not isinstance(sentence, str) or not sentence.strip():
        raise TypeError(f"sentence must be text, got {sentence!r}")
    if at_least is not None and at_most is not None:
        raise ValueError("give at_least or at_most, not both: make two claims")
    bound = at_least if at_least is not None else at_most
    if (bound is None) == ("{bound" in sentence):
        raise ValueError(
            "a bound and {bound} in the sentence go together, so that the words promise what is "
            f"checked; got {sentence!r} with bound {bound}"
        )
    if bound is None:
        value = _truth(value)
        holds, margin, found = value, None, str(value)
    else:
        value, bound = inputs.number("value", value), inputs.number("bound", bound)
        holds = value >= bound if at_least is not None else value <= bound
        inside = value - bound if at_least is not None else bound - value
        margin = inside / abs(bound) if bound else inside
        found = f"{value:.6g}"
    text = sentence.format(bound=bound)
    _log({"sentence": text, "value": value, "bound": bound, "margin": margin})
    if not holds:
        limit = "" if bound is None else f", bound {'>=' if at_least is not None else '<='} {bound:g}"
        raise AssertionError(f"✗ {text}\nfound {found}{limit}")
    print(f"✓ {text}")


def _truth(value: Any) -> bool:
    if isinstance(value, np.ndarray) and value.shape == () and value.dtype == bool:
        value = value.item()
    if not isinstance(value, bool | np.bool_):
        hint = "; a number needs at_least= or at_most=" if np.isscalar(value) else ""
        raise TypeError(f"value must be a single true or false, got {value!r}{hint}")
    return bool(value)


def _log(entry: dict) -> None:
    path = os.environ.get("COURSE_CLAIMS_LOG")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
