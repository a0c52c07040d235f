"""`read_series`: a CSV file as a regular series in time order, or the reason why it is none.

What cannot be read safely is refused, with the line or the date where it was found and the argument
that helps. Nothing is mended in silence.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["LEAST", "read_series", "times_after"]

#: A shorter series is not worth a split into training, validation and test.
LEAST = 30

_MISSING = {"", "na", "n/a", "nan", "null", "none", "-", "--", "?", "."}
_DATE_NAMES = {"date", "datetime", "time", "timestamp", "day", "week", "month", "quarter", "year"}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_SEPARATED = re.compile(r"[+-]?\d{1,3}([,. '\u00a0\u202f]\d{3})+([.,]\d+)?|[+-]?\d*,\d+")
_YEAR = re.compile(r"[12]\d{3}")
_DATE = re.compile(r"\d{4}[-/]\d{1,2}([-/T ]|$)|\d{1,2}([./-])\d{1,2}\2\d{4}")
_CODES = {-99.0, -99.9, -99.99, -999.0, -999.9, -999.99, -9999.0}
_DAY_OR_MONTH_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[ T](.*))?")
#: Tried from the coarsest to the finest where no frequency is named.
_FREQUENCIES = (
    *("YS", "YE", "QS", "QE", "MS", "ME"),
    *(f"W-{day}" for day in ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")),
    *("D", "h", "30min", "15min", "10min", "5min", "min", "s"),
)


def read_series(
    path: str | Path,
    column: str | None = None,
    *,
    date: str | None = None,
    start: str | int | None = None,
    freq: str | None = None,
    fill: str | None = None,
) -> pd.Series:
    """Read one column of a CSV file as a series of numbers at regular times.

    The file has a line of names, then a line for each time, with commas, semicolons or tabs between
    the values. Lines in front that begin with # are left out. Lines may stand in any order of time,
    as the dates tell it.

    Args:
        path: the file, in UTF-8.
        column: the name of the column with the numbers; needed where there are several.
        date: the name of the column with the dates. Without it a column named like "date" or
            "month" is taken, if there is just one. Without dates the lines are in order of time.
        start: the first date to keep, such as "1964-05", or the number of lines to leave out where
            there are no dates.
        freq: how the times follow each other, as pandas names it, such as "MS" for the first of
            each month or "B" for working days. Found out where it is not given.
        fill: "linear" puts values on a straight line in the place of missing ones inside the
            series. By default they are refused.

    Returns:
        A Series of float64 with the column's name. Its index is a DatetimeIndex with a frequency,
        or, without dates, a RangeIndex from 0.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: what was found that cannot be read safely, where, and what helps.
        TypeError: `start` is no date, or no count, as the file asks for.
    """
    if fill not in (None, "linear"):
        raise ValueError(f'fill must be "linear" or None, got {fill!r}')
    names, lines = _table(Path(path))
    date = _date_column(names, lines, date)
    column = _value_column(names, column, date)
    if date is None:
        _no_other_dates(names, lines, column)
    values = [_number(fields[names.index(column)], line, column) for line, fields in lines]
    _no_codes(values, lines)
    series = pd.Series(values, dtype=np.float64, name=column)
    if date is None:
        if freq is not None:
            raise ValueError("freq needs dates: name their column with date=")
        series = _from_line(series, start)
        numbers = [line for line, _ in lines][len(lines) - len(series) :]
        return _judged(_filled(series, fill, [f"line {line}" for line in numbers]))
    texts = [fields[names.index(date)] for _, fields in lines]
    series.index = _dates(texts, [line for line, _ in lines], date)
    _no_duplicates(series.index, lines)
    series = _from_date(series.sort_index(), start)
    regular = _regular(series, freq, fill)
    return _judged(_filled(regular, fill, [_day(time) for time in regular.index]))


def times_after(index: pd.Index, horizon: int) -> pd.Index:
    """The `horizon` times that follow those of a series from `read_series`.

    Args:
        index: of the series, or of an end of it: dates with a frequency, or whole numbers.
        horizon: how many times.
    """
    if isinstance(index, pd.DatetimeIndex) and index.freq is not None:
        return pd.date_range(index[-1], periods=horizon + 1, freq=index.freq)[1:]
    return pd.RangeIndex(index[-1] + 1, index[-1] + 1 + horizon)


# ---- The file -----------------------------------------------------------------------------------


def _table(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The names of the columns, and for each further line its number and its fields."""
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    raw = path.read_bytes()
    if not raw.strip():
        raise ValueError(f"{path.name} is empty")
    if b"\0" in raw:
        raise ValueError(
            f"{path.name} is not a text file: save the table as CSV (UTF-8), not as a workbook"
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ValueError(
            f"{path.name} is not in UTF-8 (line {line}): save it as CSV (UTF-8)"
        ) from error
    numbered = list(enumerate(text.splitlines(), 1))
    while numbered and (not numbered[0][1].strip() or numbered[0][1].lstrip().startswith("#")):
        del numbered[0]
    while numbered and not numbered[-1][1].strip():
        del numbered[-1]
    if len(numbered) < 2:
        raise ValueError(f"{path.name} has no lines below the names of its columns")
    delimiter = _delimiter(numbered[0][1], numbered[0][0])
    rows = [
        (n, [field.strip() for field in next(csv.reader([line], delimiter=delimiter)) or [""]])
        for n, line in numbered
    ]
    (first, names), *lines = rows
    if any(_NUMBER.fullmatch(name) for name in names):
        raise ValueError(
            f"line {first} holds numbers where the names of the columns should stand: {names}"
        )
    if len(set(names)) < len(names):
        raise ValueError(f"line {first} names two columns alike: {names}")
    for n, fields in lines:
        if fields == [""] and len(names) > 1:
            raise ValueError(
                f"line {n} is empty: is a time missing there, or are these two tables?"
            )
        if len(fields) != len(names):
            raise ValueError(
                f"line {n} has {len(fields)} values, but there are {len(names)} columns. Is a "
                "comma the decimal sign or a thousands separator there? Write 1234.5, with a point "
                "and without separators"
            )
    return names, lines


def _delimiter(header: str, line: int) -> str:
    found = [sign for sign in (",", ";", "\t") if sign in header]
    if len(found) > 1:
        raise ValueError(
            f"line {line} has {' and '.join(map(repr, found))} in it: which one divides the "
            "columns? Use one of them, and none of the others in names"
        )
    return found[0] if found else ","


def _date_column(
    names: Sequence[str], lines: Sequence[tuple[int, list[str]]], date: str | None
) -> str | None:
    if date is not None:
        if date not in names:
            raise ValueError(f"date={date!r} is no column: there are {list(names)}")
        return date
    likely = [
        name
        for n, name in enumerate(names)
        if name.lower() in _DATE_NAMES
        # A count of seconds, say, is no date; a year is.
        and not all(_NUMBER.fullmatch(f[n]) and not _YEAR.fullmatch(f[n]) for _, f in lines)
    ]
    if len(likely) > 1:
        raise ValueError(f"several columns may hold the dates, {likely}: name one with date=")
    return likely[0] if likely else None


def _no_other_dates(
    names: Sequence[str], lines: Sequence[tuple[int, list[str]]], column: str
) -> None:
    for n, name in enumerate(names):
        fields = [fields[n] for _, fields in lines]
        if name != column and all(map(_DATE.match, fields)):
            raise ValueError(
                f"column {name!r} looks like dates, such as {fields[0]!r}: say so with "
                f"date={name!r}, or take it out of the file"
            )


def _no_codes(values: Sequence[float], lines: Sequence[tuple[int, list[str]]]) -> None:
    """Refuse a number that stands for 'missing' in many archives, where no other is negative."""
    others = [value for value in values if value not in _CODES]
    if others and np.nanmin(others) >= 0:
        for value, (line, _) in zip(values, lines, strict=True):
            if value in _CODES:
                raise ValueError(
                    f"line {line}: does {value:g} stand for a missing value? No other value is "
                    "negative. Leave the field empty, and see what fill and start can do"
                )


def _value_column(names: Sequence[str], column: str | None, date: str | None) -> str:
    others = [name for name in names if name != date]
    if column is not None:
        if column not in others:
            raise ValueError(f"column={column!r} is no column with values: there are {others}")
        return column
    if len(others) != 1:
        raise ValueError(f"which column? There are {others}: name one with column=")
    return others[0]


def _number(text: str, line: int, column: str) -> float:
    """A number, or NaN where the field says that there is none."""
    if text.lower() in _MISSING:
        return np.nan
    if _NUMBER.fullmatch(text):
        value = float(text)
        if np.isinf(value):
            raise ValueError(f"line {line}, column {column!r}: {text} is too large for a number")
        return value
    if text.lower().lstrip("+-") in ("inf", "infinity"):
        raise ValueError(f"line {line}, column {column!r}: {text} is infinite")
    if _SEPARATED.fullmatch(text):
        raise ValueError(
            f"line {line}, column {column!r}: in {text!r}, is the sign inside a decimal sign or a "
            "thousands separator? Write 1234.5, with a point and without separators"
        )
    raise ValueError(f"line {line}, column {column!r}: {text!r} is not a number")


# ---- Times --------------------------------------------------------------------------------------


def _dates(texts: Sequence[str], lines: Sequence[int], date: str) -> pd.DatetimeIndex:
    swapped = [_DAY_OR_MONTH_FIRST.fullmatch(text) for text in texts]
    if any(swapped):
        texts = _year_first(texts, swapped, lines)
    times = []
    for text, line in zip(texts, lines, strict=True):
        try:
            times.append(pd.to_datetime(text, format="ISO8601") if text else pd.NaT)
        except ValueError:
            times.append(pd.NaT)
        if times[-1] is pd.NaT:
            raise ValueError(
                f"line {line}, column {date!r}: {text!r} is no date: write 2020-04-03, 2020-04 or "
                "2020-04-03 14:30"
            )
        if times[-1].tzinfo is not None:
            raise ValueError(
                f"line {line}, column {date!r}: {text!r} names a time zone: write all times in "
                "one, and leave it out"
            )
    return pd.DatetimeIndex(times)


def _year_first(
    texts: Sequence[str], swapped: Sequence[re.Match | None], lines: Sequence[int]
) -> list[str]:
    """3/4/2020 as 2020-04-03, where some line of the file tells the day from the month."""
    days_first = {int(match[1]) > 12 for match in swapped if match and _tells(match)}
    if len(days_first) != 1:
        at = next(n for n, match in enumerate(swapped) if match)
        why = "the file has both orders" if days_first else "no line of the file tells"
        raise ValueError(
            f"line {lines[at]}: is the day or the month first in {texts[at]!r}? {why}: write the "
            "year first, as in 2020-04-03"
        )
    day, month = (1, 3) if days_first.pop() else (3, 1)
    result = []
    for text, match in zip(texts, swapped, strict=True):
        if match:
            text = f"{match[4]}-{int(match[month]):02}-{int(match[day]):02}"
            text += f" {match[5]}" if match[5] else ""
        result.append(text)
    return result


def _tells(match: re.Match) -> bool:
    return int(match[1]) > 12 or int(match[3]) > 12


def _no_duplicates(times: pd.DatetimeIndex, lines: Sequence[tuple[int, Any]]) -> None:
    twice = times[times.duplicated()]
    if len(twice):
        where = [lines[n][0] for n in np.flatnonzero(times == twice[0])]
        raise ValueError(
            f"{_day(twice[0])} stands in lines {', '.join(map(str, where))}: give each time one "
            "value"
        )


def _from_line(series: pd.Series, start: str | int | None) -> pd.Series:
    if start is None:
        return series
    if isinstance(start, bool) or not isinstance(start, int):
        raise TypeError(
            f"start must be a number of lines, as there are no dates, got {start!r}; or name their "
            "column with date="
        )
    if not 0 <= start < len(series):
        raise ValueError(f"start must be from 0 to {len(series) - 1}, got {start}")
    return series.iloc[start:].reset_index(drop=True)


def _from_date(series: pd.Series, start: str | int | None) -> pd.Series:
    if start is None:
        return series
    if not isinstance(start, str):
        raise TypeError(f'start must be a date such as "1964-05", got {start!r}')
    try:
        first = pd.to_datetime(start, format="ISO8601")
    except ValueError as error:
        raise ValueError(f'start must be a date such as "1964-05", got {start!r}') from error
    if first < series.index[0].replace(day=1).normalize():
        raise ValueError(f"start={start!r} lies before the first date, {_day(series.index[0])}")
    kept = series[series.index >= first]
    if kept.empty:
        raise ValueError(f"start={start!r} lies behind the last date, {_day(series.index[-1])}")
    return kept


def _regular(series: pd.Series, freq: str | None, fill: str | None) -> pd.Series:
    """The same values at regular times; NaN where there was none, if these are to be filled."""
    times = series.index
    if len(times) < 3:
        return series
    named = freq is not None
    freq = freq if named else _inferred(times) or _coarsest(times)
    if freq is None:
        steps = times[1:] - times[:-1]
        at = int(np.flatnonzero(steps != steps[0])[0])
        raise ValueError(
            f"the times are not regular: {steps[0]} after {_day(times[0])}, but {steps[at]} after "
            f"{_day(times[at])}. Name their frequency with freq=, or sum them up by month first"
        )
    try:
        expected = pd.date_range(times[0], times[-1], freq=freq)
    except ValueError as error:
        raise ValueError(f'freq={freq!r} is none that pandas knows, such as "MS" or "B"') from error
    other = times.difference(expected)
    if len(other):
        raise ValueError(f"{_day(other[0])} does not fit freq={freq!r}")
    gaps = expected.difference(times)
    if len(gaps) and fill is None:
        raise ValueError(_about(gaps, expected, freq, named))
    if len(gaps) > len(times):
        raise ValueError(
            f"freq={freq!r} asks for {len(expected)} values, and the file has {len(times)}: most "
            "would be made up"
        )
    return series.reindex(expected)


def _inferred(times: pd.DatetimeIndex) -> str | None:
    """The frequency of times without a gap."""
    with pd.option_context("future.infer_freq_returns_offset", True):
        offset = pd.infer_freq(times)
    return offset and offset.freqstr


def _coarsest(times: pd.DatetimeIndex) -> str | None:
    """The coarsest frequency on which all times lie, gaps allowed: at most as many as values."""
    for freq in _FREQUENCIES:
        expected = pd.date_range(times[0], times[-1], freq=freq)
        if len(expected) <= 2 * len(times) and times.isin(expected).all():
            return freq
    return None


def _about(gaps: pd.DatetimeIndex, expected: pd.DatetimeIndex, freq: str, named: bool) -> str:
    some = ", ".join(map(_day, gaps[:3])) + (", ..." if len(gaps) > 3 else "")
    after = expected[expected > gaps[-1]][0]
    help = f'start="{_day(after)}" begins after the last gap, fill="linear" fills them'
    if not named and freq == "D" and (expected.difference(gaps).day_of_week < 5).all():
        help = 'no Saturday or Sunday is there: freq="B" says that only working days count'
    return f"{len(gaps)} dates are missing (freq {freq!r}): {some}. {help}"


def _day(time: pd.Timestamp) -> str:
    return str(time.date()) if time == time.normalize() else str(time)


# ---- Values -------------------------------------------------------------------------------------


def _filled(series: pd.Series, fill: str | None, places: Sequence[str]) -> pd.Series:
    missing = np.flatnonzero(series.isna())
    if not len(missing):
        return series
    at_an_end = series.isna().iloc[0] or series.isna().iloc[-1]
    if fill is None or at_an_end:
        where = ", ".join(places[n] for n in missing[:3]) + (", ..." if len(missing) > 3 else "")
        if fill is not None:
            help = "at an end there is nothing to fill between: cut it off, the first with start="
        else:
            help = 'start= begins after them, fill="linear" fills them'
        raise ValueError(f"{len(missing)} values are missing: {where}. {help}")
    return series.interpolate("linear")


def _judged(series: pd.Series) -> pd.Series:
    if len(series) < LEAST:
        raise ValueError(f"there are {len(series)} values, too few: at least {LEAST} are needed")
    if series.nunique() == 1:
        raise ValueError(f"every value is {series.iloc[0]:g}: there is nothing to forecast")
    return series
