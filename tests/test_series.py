"""`read_series`: what it reads, and what it refuses, where it was, and what helps."""

from pathlib import Path

from helpers import series as module
from helpers.series import LEAST, read_series

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

DATA = Path(__file__).parents[1] / "notebooks" / "data"
MONTHS = pd.date_range("2001-01-01", periods=40, freq="MS")
VALUES = np.round(np.sin(np.arange(40)) * 10, 3)


@pytest.fixture
def write(tmp_path):
    def written(text, encoding="utf-8"):
        path = tmp_path / "series.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return written


DAYS = MONTHS.strftime("%Y-%m-%d")


def table(dates=DAYS, values=VALUES, names="date,load", sign=","):
    lines = (f"{day}{sign}{value}" for day, value in zip(dates, values, strict=True))
    return "\n".join([names, *lines]) + "\n"


def lines_of(text):
    return text.splitlines()


# ---- What is read -------------------------------------------------------------------------------


def test_a_table_of_months_becomes_a_regular_series_in_time_order(write):
    series = read_series(write(table()))
    assert series.name == "load"
    assert series.dtype == np.float64
    assert series.index.freqstr == "MS"
    assert list(series.index) == list(MONTHS)
    np.testing.assert_array_equal(series, VALUES)


def test_lines_may_stand_in_any_order_of_time(write):
    head, *lines = lines_of(table())
    backwards = read_series(write("\n".join([head, *lines[::-1]])))
    pd.testing.assert_series_equal(backwards, read_series(write(table())))


def test_without_dates_the_lines_are_in_order_and_numbered_from_0(write):
    series = read_series(write("level\n" + "\n".join(map(str, VALUES))))
    assert list(series.index) == list(range(40))
    np.testing.assert_array_equal(series, VALUES)
    later = read_series(write("level\n" + "\n".join(map(str, VALUES))), start=5)
    np.testing.assert_array_equal(later, VALUES[5:])
    assert later.index[0] == 0


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_columns_may_be_divided_by_commas_semicolons_or_tabs(write, sign):
    series = read_series(write(table(names=f"date{sign}load", sign=sign)))
    np.testing.assert_array_equal(series, VALUES)


def test_lines_of_remarks_in_front_and_the_mark_that_a_spreadsheet_puts_there_are_left_out(write):
    text = "# from the station\n# in degrees\n\n" + table()
    np.testing.assert_array_equal(read_series(write(text, "utf-8-sig")), VALUES)


@pytest.mark.parametrize(
    ("written", "freq"),
    [("%Y-%m-%d", "D"), ("%Y/%m/%d", "D"), ("%d.%m.%Y", "D"), ("%m/%d/%Y", "D"),
     ("%Y-%m-%d %H:%M", "h"), ("%d/%m/%Y %H:%M", "h"), ("%Y-%m", "MS"), ("%Y", "YS")],
)  # fmt: skip
def test_dates_may_be_written_in_many_ways_as_long_as_one_line_tells_the_day(write, written, freq):
    times = pd.date_range("2001-01-13", periods=40, freq=freq)
    series = read_series(write(table(times.strftime(written))))
    assert list(series.index) == list(times)
    assert pd.date_range(times[0], periods=40, freq=series.index.freq).equals(times)


@given(
    values=st.lists(st.floats(-1e6, 1e6), min_size=LEAST, max_size=60).filter(
        lambda numbers: len(set(numbers)) > 1 and not module._CODES & set(numbers)
    ),
    freq=st.sampled_from(["h", "D", "W-SUN", "MS", "ME", "QS", "YS", "15min"]),
)
def test_whatever_is_written_is_read(tmp_path_factory, values, freq):
    times = pd.date_range("1950-01-01", periods=len(values), freq=freq)
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_text(table(times.strftime("%Y-%m-%d %H:%M"), map(repr, values)), "utf-8")
    series = read_series(path)
    assert list(series.index) == list(times)
    np.testing.assert_array_equal(series, values)


# ---- The course's own series --------------------------------------------------------------------


def test_the_laser_has_10093_whole_numbers():
    laser = read_series(DATA / "santafe-laser.csv")
    assert len(laser) == 10_093
    assert (laser.min(), laser.max()) == (0, 255)
    assert (laser % 1 == 0).all()


def test_co2_misses_five_months_before_may_1964_and_none_after():
    path = DATA / "co2-concentration.csv"
    with pytest.raises(ValueError, match=r"5 dates are missing.*1958-06-01.*start="):
        read_series(path, "CO2")
    co2 = read_series(path, "CO2", start="1964-05")
    assert (len(co2), co2.index.freqstr) == (672, "MS")
    filled = read_series(path, "CO2", fill="linear")
    assert len(filled) == 672 + 74
    assert filled["1958-06-01"] == pytest.approx((filled["1958-05-01"] + filled["1958-07-01"]) / 2)


def test_each_data_file_is_named_with_its_licence():
    sources = (DATA / "SOURCES.md").read_text("utf-8")
    for path in DATA.glob("*.csv"):
        assert f"`{path.name}`" in sources
    assert sources.count("Creative Commons") == sources.count("MIT licence") == 1


# ---- Gaps ---------------------------------------------------------------------------------------


def without(*lines):
    kept = [line for n, line in enumerate(lines_of(table())) if n not in lines]
    return "\n".join(kept)


def test_start_begins_after_a_gap_and_fill_bridges_it(write):
    path = write(without(5, 6))
    with pytest.raises(ValueError, match=r'2 dates are missing.*2001-05-01, 2001-06-01.*"2001-07'):
        read_series(path)
    assert len(read_series(path, start="2001-07-01")) == 34
    filled = read_series(path, fill="linear")
    assert len(filled) == 40
    expected = np.interp([4, 5], [3, 6], VALUES[[3, 6]])
    np.testing.assert_allclose(filled.iloc[4:6], expected)


def test_a_missing_value_is_named_by_its_date_or_its_line(write):
    lines = lines_of(table())
    lines[7] = lines[7].split(",")[0] + ",NA"
    with pytest.raises(ValueError, match=r'1 values are missing: 2001-07-01\..*fill="linear"'):
        read_series(write("\n".join(lines)))
    filled = read_series(write("\n".join(lines)), fill="linear")
    assert filled.iloc[6] == pytest.approx((VALUES[5] + VALUES[7]) / 2)
    numbers = ["level", *map(str, VALUES)]
    numbers[3] = "?"
    with pytest.raises(ValueError, match="missing: line 4"):
        read_series(write("\n".join(numbers)))


def test_nothing_is_filled_beyond_the_ends(write):
    numbers = ["a,level", *(f"{n},{value}" for n, value in enumerate(VALUES))]
    numbers[1] = "0,"
    with pytest.raises(ValueError, match=r"line 2.*nothing to fill between"):
        read_series(write("\n".join(numbers)), "level", fill="linear")


def test_an_empty_line_is_a_missing_value_and_not_nothing(write):
    numbers = ["level", *map(str, VALUES)]
    numbers.insert(4, "")
    with pytest.raises(ValueError, match="1 values are missing: line 5"):
        read_series(write("\n".join(numbers)))
    lines = lines_of(table())
    lines.insert(4, "")
    with pytest.raises(ValueError, match="line 5 is empty"):
        read_series(write("\n".join(lines)))


def test_a_column_named_time_that_only_counts_is_not_taken_for_dates(write):
    text = "time,load\n" + "\n".join(f"{n}.5,{value}" for n, value in enumerate(VALUES))
    assert list(read_series(write(text), "load").index) == list(range(40))


def test_filling_makes_up_no_more_than_there_is(write):
    days = pd.date_range("2021-01-04", periods=40, freq="D").strftime("%Y-%m-%d")
    with pytest.raises(ValueError, match="asks for 937 values, and the file has 40"):
        read_series(write(table(days)), freq="h", fill="linear")


def test_working_days_are_named_as_what_helps(write):
    days = pd.date_range("2021-01-04", periods=40, freq="B")
    text = table(days.strftime("%Y-%m-%d"))
    # Without a name for it, pandas finds the frequency if no working day is missing.
    assert read_series(write(text)).index.freqstr == "B"
    lines = lines_of(text)
    del lines[12]
    with pytest.raises(ValueError, match='no Saturday or Sunday is there: freq="B"'):
        read_series(write("\n".join(lines)))
    with pytest.raises(ValueError, match=r"1 dates are missing \(freq 'B'\)"):
        read_series(write("\n".join(lines)), freq="B")


# ---- What is refused ----------------------------------------------------------------------------


def changed(line, text):
    lines = lines_of(table())
    lines[line - 1] = text
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (b"PK\x03\x04\0\0workbook", "not a text file: save the table as CSV"),
        ("date,load\n", "no lines below"),
        (table().replace("load", "größe").encode("latin-1"), r"not in UTF-8 \(line 1\)"),
        (table(names="2001-01-01,3.5"), "line 1 holds numbers where the names"),
        (table(names="load,load"), "names two columns alike"),
        (table(names="date,load;x"), "which one divides the columns"),
        (changed(4, "2001-03-01,warm"), "line 4, column 'load': 'warm' is not a number"),
        (changed(4, "2001-03-01,3,5"), "line 4 has 3 values.*decimal sign.*1234.5"),
        (table(names="date;load", sign=";").replace("-5.44", "-5,44"), "line 12.*'-5,44'.*decimal"),
        (changed(4, '2001-03-01,"1,234.5"'), "line 4.*'1,234.5'.*thousands separator"),
        (changed(4, "2001-03-01,1 234"), "line 4.*'1 234'.*thousands"),
        (changed(4, "2001-03-01,inf"), "line 4, column 'load': inf is infinite"),
        (changed(4, "2001-03-01,1e999"), "line 4.*too large"),
        (changed(4, "2001-02-01,7"), "2001-02-01 stands in lines 3, 4"),
        (changed(4, "2001-03-01,-99.99").replace(",-", ",").replace(",99", ",-99"),
         "line 4: does -99.99 stand for a missing value"),
        (changed(4, "spring,7"), "line 4, column 'date': 'spring' is no date: write 2020-04-03"),
        (changed(4, ",7"), "line 4, column 'date': '' is no date"),
        (changed(4, "2001-03-01T00:00+02:00,7"), "line 4.*time zone"),
        (changed(4, "2001-03-17 05:13:07.5,7"), "times are not regular.*freq="),
        (table(MONTHS.strftime("%d/%m/%Y")), "line 2: is the day or the month first.*2020-04-03"),
        (table(["13/01/2001", "01/14/2001", *MONTHS[2:].strftime("%Y-%m-%d")]), "both orders"),
        ("date,a,b\n" + "2001-01-01,1,2\n" * 40,
         r"which column\? There are \['a', 'b'\]: name one with column="),
        ("date,month,load\n"
         + "2001-01-01,2001-01,3\n" * 40, r"several columns may hold the dates.*date="),
        ("\n".join(lines_of(table())[: LEAST - 1]), f"{LEAST - 2} values, too few: at least"),
        (table(values=[3] * 40), "every value is 3"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_safely_is_refused_with_its_place_and_what_helps(write, text, words):
    with pytest.raises(ValueError, match=words):
        read_series(write(text))


def test_a_column_that_looks_like_dates_has_to_be_named(write):
    path = write(table(names="Datum,load"))
    with pytest.raises(ValueError, match=r"column 'Datum' looks like dates.*date='Datum'"):
        read_series(path, "load")
    np.testing.assert_array_equal(read_series(path, date="Datum"), VALUES)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"column": "lod"}, ValueError, r"column='lod' is no column with values: .*\['load'\]"),
        ({"column": "date"}, ValueError, "column='date' is no column with values"),
        ({"date": "day"}, ValueError, r"date='day' is no column: there are \['date', 'load'\]"),
        ({"fill": "zero"}, ValueError, 'fill must be "linear" or None'),
        ({"start": "May"}, ValueError, 'start must be a date such as "1964-05"'),
        ({"start": 3}, TypeError, 'start must be a date such as "1964-05"'),
        ({"start": "1999-01"}, ValueError, "lies before the first date, 2001-01-01"),
        ({"start": "2030-01"}, ValueError, "lies behind the last date, 2004-04-01"),
        ({"freq": "QS"}, ValueError, "2001-02-01 does not fit freq='QS'"),
        ({"freq": "fortnight"}, ValueError, "is none that pandas knows"),
    ],
)
def test_an_argument_that_does_not_fit_the_file_is_named(write, arguments, error, words):
    with pytest.raises(error, match=words):
        read_series(write(table()), **arguments)


def test_without_dates_start_counts_lines_and_freq_has_no_meaning(write):
    path = write("level\n" + "\n".join(map(str, VALUES)))
    with pytest.raises(TypeError, match="start must be a number of lines"):
        read_series(path, start="2001-01")
    with pytest.raises(ValueError, match="start must be from 0 to 39, got 40"):
        read_series(path, start=40)
    with pytest.raises(ValueError, match="freq needs dates"):
        read_series(path, freq="D")


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(FileNotFoundError, match=r"no file nowhere\.csv"):
        read_series("nowhere.csv")
