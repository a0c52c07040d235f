"""`helpers.report`: checked sentences, and the sign ≈ for digits that may move."""

import json
import math
import re
import tomllib
from decimal import Decimal
from pathlib import Path

from helpers import claims
from helpers.report import approx, claim, spread, table

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.display import Markdown
from nbval.plugin import get_sanitize_patterns

CONFIG = Path(__file__).with_name("nbval_sanitize.cfg")
(REGEX, _), _ = get_sanitize_patterns(CONFIG.read_text(encoding="ascii"))
FINITE = st.floats(allow_nan=False, allow_infinity=False)
DIGITS = st.integers(1, 4)

# ---- approx: a number that training decides ----------------------------------------------------


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.2613, 2, "≈ 0.26"),
        (0.2613, 1, "≈ 0.3"),
        (0.2613, 4, "≈ 0.2613"),
        (-3.14159, 2, "≈ -3.1"),
        (3, 2, "≈ 3.0"),
        (3.96, 2, "≈ 4.0"),
        (9.99, 2, "≈ 10"),
        (0.0996, 2, "≈ 0.10"),
        (123.4, 2, "≈ 120"),
        (274.6, 3, "≈ 275"),
        (999_499, 3, "≈ 999000"),
        (999_999, 2, "≈ 1.0e+06"),
        (0.000123, 2, "≈ 0.00012"),
        (0.00009999, 2, "≈ 0.00010"),
        (0.0000123, 2, "≈ 1.2e-05"),
        (1.234e-7, 2, "≈ 1.2e-07"),
        (1e-7, 1, "≈ 1e-07"),
        (0.0, 2, "≈ 0.0"),
        (-0.0, 2, "≈ 0.0"),
        (-0.0, 1, "≈ 0"),
    ],
)
def test_approx_shows_that_many_significant_digits(value, digits, text):
    assert approx(value, digits) == text


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (0.2613, 2, "≈ 0.26"),
        (4.4e-5, 3, "≈ 0.000"),
        (-4.4e-5, 3, "≈ 0.000"),
        (210.43, 1, "≈ 210.4"),
        (99.7, 0, "≈ 100"),
    ],
)
def test_approx_can_round_to_decimals_for_a_column_of_numbers(value, decimals, shown):
    assert approx(value, decimals=decimals) == shown
    assert spread([value], decimals=decimals) == f"{shown} ({shown} to {shown})"


def test_approx_names_decimals_out_of_bounds():
    with pytest.raises(ValueError, match="decimals must be from 0 to 4, got 5"):
        approx(1.0, decimals=5)


@given(value=FINITE, digits=DIGITS)
def test_what_approx_shows_is_what_the_notebook_test_masks(value, digits):
    assert re.fullmatch(REGEX, approx(value, digits))


@given(value=FINITE, digits=DIGITS)
def test_what_approx_shows_is_the_value_to_within_its_digits(value, digits):
    shown = Decimal(approx(value, digits).removeprefix("≈ "))
    exact = Decimal(value)
    if not value:
        assert shown == 0
    else:
        # The rounded value may have one digit more before the point (9.99 -> 10).
        assert abs(shown - exact) <= Decimal(10) ** (exact.adjusted() - digits + 1) / 2


@given(value=FINITE, digits=DIGITS)
def test_approx_shows_no_more_digits_than_asked_for(value, digits):
    mantissa = approx(value, digits).removeprefix("≈ ").lstrip("-").partition("e")[0]
    significant = mantissa.replace(".", "").lstrip("0")
    if "." not in mantissa:
        significant = significant.rstrip("0")  # those only fill the places before the point
    assert len(significant) <= digits


@given(value=FINITE | st.just(-0.0), digits=DIGITS)
def test_approx_never_shows_minus_zero(value, digits):
    shown = approx(value, digits)
    assert ("-" in shown.removeprefix("≈ ")[:1]) == (value < 0)
    if re.fullmatch(r"≈ -[0.]+", shown):
        pytest.fail(f"{value} is shown as {shown}")


@given(value=FINITE, digits=DIGITS)
def test_approx_of_the_opposite_is_the_opposite(value, digits):
    positive, negative = approx(abs(value), digits), approx(-abs(value), digits)
    assert negative == (positive.replace("≈ ", "≈ -") if value else positive)


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.array])
def test_approx_takes_numpys_numbers(kind):
    assert approx(kind(0.2613)) == "≈ 0.26"
    assert approx(np.int64(3)) == "≈ 3.0"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_approx_refuses_nan_and_infinity(value):
    with pytest.raises(ValueError, match="value must be a finite number"):
        approx(value)


@pytest.mark.parametrize("value", [None, "0.26", [0.26], np.array([0.26]), True, 1j])
def test_approx_refuses_what_is_not_one_number(value):
    with pytest.raises(TypeError, match="value must be one number, got "):
        approx(value)


@pytest.mark.parametrize(
    ("digits", "error"), [(0, ValueError), (5, ValueError), (2.0, TypeError), (True, TypeError)]
)
def test_approx_shows_one_to_four_digits(digits, error):
    with pytest.raises(error, match="digits must be "):
        approx(0.26, digits)


# ---- spread: several runs ----------------------------------------------------------------------


def test_spread_is_the_median_and_the_range():
    assert spread([0.2, 0.51, 0.26]) == "≈ 0.26 (≈ 0.20 to ≈ 0.51)"
    assert spread(np.array([3, 1]), digits=1) == "≈ 2 (≈ 1 to ≈ 3)"


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), DIGITS)
def test_spread_marks_each_of_its_three_numbers(values, digits):
    text = spread(values, digits)
    assert text == (
        f"{approx(np.median(values), digits)} "
        f"({approx(min(values), digits)} to {approx(max(values), digits)})"
    )
    assert re.sub(REGEX, "", text) == " ( to )"


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1).flatmap(
        lambda values: st.tuples(st.just(values), st.permutations(values))
    )
)
def test_spread_does_not_depend_on_the_order_of_the_runs(values):
    assert spread(values[0]) == spread(values[1])


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ([], ValueError, "values is empty"),
        (0.26, ValueError, "values must have the axes (runs), got 0 axes: shape ()"),
        ([[0.26]], ValueError, "values must have the axes (runs), got 2 axes: shape (1, 1)"),
        ([0.26, math.nan], ValueError, "NaN or infinite, the first one at [1]"),
        (["0.26"], TypeError, "values must be an array of numbers"),
        (None, TypeError, "values must be an array of numbers"),
    ],
)
def test_spread_takes_one_finite_number_a_run(values, error, message):
    with pytest.raises(error, match=re.escape(message)):
        spread(values)


# ---- table -------------------------------------------------------------------------------------


def test_table_is_markdown_with_one_row_for_each_entry():
    shown = table(
        {"LSTM": [approx(0.2613), 353], "linear": ["0", 6]}, ["model", "error", "weights"]
    )
    assert isinstance(shown, Markdown)
    assert shown.data == (
        "| model | error | weights |\n"
        "| :-- | --: | --: |\n"
        "| LSTM | ≈ 0.26 | 353 |\n"
        "| linear | 0 | 6 |"
    )


def test_a_bar_in_a_cell_does_not_end_it():
    assert "| max \\|error\\| | 1 |" in table({"max |error|": [1]}, ["", "value"]).data


@pytest.mark.parametrize("cells", [[], [1], [1, 2, 3], "12"])
def test_a_row_has_one_cell_for_each_head(cells):
    message = f"row 'LSTM' must have 2 cells, one for each of ['error', 'weights'], got {cells!r}"
    with pytest.raises(ValueError, match=re.escape(message)):
        table({"linear": [0, 6], "LSTM": cells}, ["model", "error", "weights"])


# ---- claim: a sentence that is so --------------------------------------------------------------

WORDS = "Scaling cuts the error at least {bound:g}x"


def test_a_claim_that_holds_is_printed_with_a_tick(capsys):
    assert claim("A perfect model scores zero", True) is None
    assert capsys.readouterr().out == "✓ A perfect model scores zero\n"


@pytest.mark.parametrize(
    ("sentence", "bound", "printed"),
    [
        ("at least {bound:g}x", 4, "at least 4x"),
        ("at least {bound:g}x", 4.0, "at least 4x"),
        ("at least {bound}x", 4, "at least 4x"),
        ("at least {bound:.2f}", 0.25, "at least 0.25"),
        ("at least {bound:.0%} of the rows", 0.05, "at least 5% of the rows"),
        ("at least {bound:,}", 10_000, "at least 10,000"),
        ("at least {bound:.0e}", 1e-6, "at least 1e-06"),
        ("at least {bound:g}", -1.2, "at least -1.2"),
        ("at least {bound:g}", np.float32(0.1), "at least 0.1"),
        ("from {bound:g} up, so at least {bound:g}", 4, "from 4 up, so at least 4"),
        ("{{0, 1}} holds at least {bound:g}", 2, "{0, 1} holds at least 2"),
    ],
)
def test_the_number_in_the_sentence_comes_from_the_bound(capsys, sentence, bound, printed):
    claim(sentence, 1e9, at_least=bound)
    assert capsys.readouterr().out == f"✓ {printed}\n"


@given(value=FINITE, bound=FINITE)
def test_a_claim_with_a_bound_holds_just_when_the_value_is_inside(value, bound):
    for holds, limit in [(value >= bound, "at_least"), (value <= bound, "at_most")]:
        if holds:
            claim("bound {bound}", value, **{limit: bound})
        else:
            with pytest.raises(AssertionError):
                claim("bound {bound}", value, **{limit: bound})


@pytest.mark.parametrize("limit", ["at_least", "at_most"])
def test_the_bound_itself_is_inside(limit):
    claim("bound {bound:g}", 4, **{limit: 4})
    claim("bound {bound:g}", 0.1, **{limit: 0.1})
    claim("bound {bound:g}", 0, **{limit: 0})


def test_the_next_number_beyond_the_bound_is_outside():
    with pytest.raises(AssertionError):
        claim("bound {bound:g}", math.nextafter(4, 0), at_least=4)
    with pytest.raises(AssertionError):
        claim("bound {bound:g}", math.nextafter(4, 5), at_most=4)


def test_a_claim_that_fails_raises_with_sentence_value_and_bound(capsys):
    with pytest.raises(AssertionError) as raised:
        claim(WORDS, 3.5, at_least=4)
    assert str(raised.value) == "✗ Scaling cuts the error at least 4x\nfound 3.5, bound >= 4.0"
    with pytest.raises(AssertionError, match=r"^✗ error up to 0.5\nfound 0.75, bound <= 0.5$"):
        claim("error up to {bound:g}", 0.75, at_most=0.5)
    with pytest.raises(AssertionError, match=r"^✗ X holds 100 rows\nfound False$"):
        claim("X holds 100 rows", False)
    assert capsys.readouterr().out == ""


def test_a_value_that_fails_by_a_hair_does_not_read_as_the_bound():
    with pytest.raises(AssertionError, match=r"found 3\.99999999, bound >= 4"):
        claim(WORDS, 3.99999999, at_least=4)


@pytest.mark.parametrize("true", [True, np.True_, np.array(True), np.array([1, 2]).all()])
def test_a_single_truth_of_python_or_numpy_is_taken(capsys, true):
    claim("It is so", true)
    assert capsys.readouterr().out == "✓ It is so\n"
    with pytest.raises(AssertionError):
        claim("It is so", np.logical_not(true))


@pytest.mark.parametrize("kind", [int, np.int64, np.float32, np.float64, np.array])
def test_numbers_of_numpy_are_taken_as_value_and_bound(capsys, kind):
    claim(WORDS, kind(5), at_least=4)
    claim("at most {bound:g}", 3, at_most=np.float64(4))
    assert capsys.readouterr().out.count("✓") == 2


@pytest.mark.parametrize(
    "value",
    [None, "True", "", 1, 0, 0.0, 5.5, np.float32(1), [True], (), np.array([True]), np.array(1)],
)
def test_without_a_bound_only_a_truth_is_taken(capsys, value):
    with pytest.raises(TypeError, match="value must be a single true or false, got "):
        claim("It is so", value)
    assert capsys.readouterr().out == ""


def test_a_number_without_a_bound_is_told_what_is_missing():
    with pytest.raises(TypeError, match="a number needs at_least= or at_most="):
        claim("The error falls", 5.5)
    with pytest.raises(TypeError) as raised:
        claim("The error falls", "5.5")
    assert "at_least" not in str(raised.value)


@pytest.mark.parametrize(
    "value", [None, "5", True, np.True_, [5], np.array([5]), np.array("5"), 5j]
)
def test_with_a_bound_only_one_number_is_taken(value):
    with pytest.raises(TypeError, match="value must be one number, got "):
        claim(WORDS, value, at_least=4)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.float32("nan")])
@pytest.mark.parametrize("limit", ["at_least", "at_most"])
def test_nan_and_infinity_are_neither_inside_nor_outside(value, limit):
    with pytest.raises(ValueError, match="value must be a finite number"):
        claim(WORDS, value, **{limit: 4})


@pytest.mark.parametrize(
    ("bound", "error"),
    [(math.nan, ValueError), (math.inf, ValueError), ("4", TypeError), (True, TypeError)],
)
def test_a_bound_is_one_finite_number(bound, error):
    with pytest.raises(error, match="bound must be "):
        claim(WORDS, 5, at_least=bound)


def test_one_claim_has_one_bound():
    with pytest.raises(ValueError, match="not both"):
        claim("between {bound:g} and 6", 5, at_least=4, at_most=6)


@pytest.mark.parametrize(
    "sentence",
    [
        "The error falls",
        "The error falls {{bound}} times",
        "The {error} falls {bound} times",
        "{} times",
        "{bounds} times",
        "{bound.real} times",
        "{bound!r} times",
    ],
)
def test_a_bound_must_show_in_the_sentence_and_nothing_else_may(sentence):
    with pytest.raises(
        ValueError, match=re.escape("a bound and {bound} in the sentence go together")
    ):
        claim(sentence, 5, at_least=4)


@pytest.mark.parametrize("sentence", [WORDS, "{bound}", "The set {0, 1}"])
def test_a_sentence_without_a_bound_has_no_place_for_one(sentence):
    with pytest.raises(
        ValueError, match=re.escape("a bound and {bound} in the sentence go together")
    ):
        claim(sentence, True)


@pytest.mark.parametrize(
    ("place", "bound", "shown"),
    [("{bound:.0f}", 3.6, "4"), ("{bound:.0%}", 0.995, "100%"), ("{bound:.1f}", 0.04, "0.0")],
)
def test_words_that_promise_another_number_than_the_bound_are_refused(place, bound, shown):
    with pytest.raises(ValueError, match=re.escape(f"the bound {bound} must not read '{shown}'")):
        claim(f"at least {place}", 10, at_least=bound)


@pytest.mark.parametrize("sentence", [None, "", "   ", 4, ["It is so"]])
def test_a_claim_needs_a_sentence(sentence):
    with pytest.raises(TypeError, match="sentence must be text"):
        claim(sentence, True)


# ---- claim: what luck decides ------------------------------------------------------------------

LUCKY = {"Luck decides": [3000], "At least 4x": [1000, 2000, 3000]}


@pytest.fixture
def surveyed(tmp_path, monkeypatch):
    """A record of three runs in which luck moved two claims of notebook 02, and a third not."""
    path = tmp_path / "claims.json"
    told = {"offsets": [1000, 2000, 3000], "claims": LUCKY | {"It is exact": None}}
    path.write_text(json.dumps({"02_lstm_model": told}), encoding="utf-8")
    monkeypatch.setattr(claims, "RECORD", path)


@pytest.fixture(params=[None, "", "strict", "survey"], ids=lambda mode: f"mode-{mode}")
def mode(request, monkeypatch):
    monkeypatch.delenv("COURSE_CLAIMS", raising=False)
    if request.param is not None:
        monkeypatch.setenv("COURSE_CLAIMS", request.param)
    return request.param or ""


@pytest.mark.usefixtures("surveyed")
def test_a_true_claim_that_luck_can_move_says_in_how_many_seeds_it_held(capsys, mode):
    claim("Luck decides", True)
    claim("At least {bound:g}x", 5, at_least=4)
    assert capsys.readouterr().out == (
        "✓ Luck decides (held in 2 of 3 runs)\n✓ At least 4x (held in 0 of 3 runs)\n"
    )


@pytest.mark.usefixtures("surveyed")
@pytest.mark.parametrize("sentence", ["It is exact", "Nobody has tried it"])
def test_a_true_claim_that_is_exact_says_no_more(capsys, mode, sentence):
    claim(sentence, True)
    assert capsys.readouterr().out == f"✓ {sentence}\n"


@pytest.mark.usefixtures("surveyed")
def test_a_false_claim_that_luck_decides_lets_a_learner_go_on(capsys, monkeypatch):
    for switch in (None, ""):
        monkeypatch.delenv("COURSE_CLAIMS", raising=False)
        if switch is not None:
            monkeypatch.setenv("COURSE_CLAIMS", switch)
        assert claim("Luck decides", False) is None
        claim("At least {bound:g}x", 3, at_least=4)
        assert capsys.readouterr().out == (
            "✗ Luck decides: not in your run; it held in 2 of 3 of ours\n"
            "✗ At least 4x: not in your run; it held in 0 of 3 of ours\n"
        )


@pytest.mark.usefixtures("surveyed")
def test_in_a_strict_run_every_false_claim_raises(monkeypatch, capsys):
    monkeypatch.setenv("COURSE_CLAIMS", "strict")
    with pytest.raises(AssertionError, match=r"^✗ At least 4x\nfound 3\.0, bound >= 4\.0$"):
        claim("At least {bound:g}x", 3, at_least=4)
    for sentence in ("Luck decides", "It is exact", "Nobody has tried it"):
        with pytest.raises(AssertionError, match=f"^✗ {sentence}\nfound False$"):
            claim(sentence, False)
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("surveyed")
@pytest.mark.parametrize("sentence", ["It is exact", "Nobody has tried it"])
def test_a_false_claim_that_is_exact_raises_but_in_a_survey(sentence, mode, capsys):
    if mode == "survey":
        claim(sentence, False)
        assert capsys.readouterr().out == f"✗ {sentence}\nfound False\n"
    else:
        with pytest.raises(AssertionError, match=f"^✗ {sentence}\nfound False$"):
            claim(sentence, False)


@pytest.mark.usefixtures("surveyed")
def test_a_survey_goes_on_after_each_claim(monkeypatch, capsys):
    monkeypatch.setenv("COURSE_CLAIMS", "survey")
    claim("Luck decides", False)
    claim("At least {bound:g}x", 3, at_least=4)
    claim("Up to {bound:g}", math.nan, at_most=4)
    claim("Up to {bound:g}, too", math.inf, at_most=4)
    claim("From {bound:g} on", math.inf, at_least=4)
    assert capsys.readouterr().out == (
        "✗ Luck decides\nfound False\n"
        "✗ At least 4x\nfound 3.0, bound >= 4.0\n"
        "✗ Up to 4\nfound nan, bound <= 4.0\n"
        "✗ Up to 4, too\nfound inf, bound <= 4.0\n"
        "✗ From 4 on\nfound inf, bound >= 4.0\n"
    )


def test_a_survey_too_stops_at_a_claim_that_is_written_wrongly(monkeypatch):
    monkeypatch.setenv("COURSE_CLAIMS", "survey")
    with pytest.raises(TypeError, match="value must be one number"):
        claim(WORDS, None, at_least=4)
    with pytest.raises(ValueError, match="must be a finite number"):
        claim(WORDS, 5, at_least=math.nan)


@pytest.mark.usefixtures("surveyed")
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_nan_is_no_matter_of_luck(value, mode):
    if mode != "survey":
        with pytest.raises(ValueError, match="value must be a finite number"):
            claim("At least {bound:g}x", value, at_least=4)


def test_a_switch_that_is_none_is_named(monkeypatch):
    monkeypatch.setenv("COURSE_CLAIMS", "lenient")
    with pytest.raises(ValueError, match="must be strict, survey or empty, got 'lenient'"):
        claim("It is so", True)


def test_without_a_record_every_claim_is_exact(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("COURSE_CLAIMS", raising=False)
    monkeypatch.setattr(claims, "RECORD", tmp_path / "none.json")
    claim("Luck decides", True)
    assert capsys.readouterr().out == "✓ Luck decides\n"
    with pytest.raises(AssertionError):
        claim("Luck decides", False)


def test_the_tests_of_the_course_run_strictly(pytestconfig):
    """The kernels of the notebooks inherit what pyproject.toml sets for pytest."""
    settings = tomllib.loads((pytestconfig.rootpath / "pyproject.toml").read_text("utf-8"))
    assert settings["tool"]["pytest_env"]["COURSE_CLAIMS"] == "strict"


# ---- claim: the log that the survey reads ------------------------------------------------------


@pytest.fixture
def log(tmp_path, monkeypatch):
    path = tmp_path / "claims.jsonl"
    monkeypatch.setenv("COURSE_CLAIMS_LOG", str(path))
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return lambda: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


NOWHERE = {"notebook": None, "seed": 0}


def test_each_claim_is_a_line_of_json(log):
    claim("At least {bound:g}x, in µm", np.float32(5), at_least=4)
    claim("Up to {bound:g}", 0.25, at_most=0.5)
    claim("It is so", np.True_)
    bounded = NOWHERE | {"holds": True}
    assert log() == [
        bounded
        | {"sentence": "At least 4x, in µm", "value": 5, "limit": ">=", "bound": 4, "margin": 0.25},
        bounded
        | {"sentence": "Up to 0.5", "value": 0.25, "limit": "<=", "bound": 0.5, "margin": 0.5},
        bounded
        | {"sentence": "It is so", "value": True, "limit": None, "bound": None, "margin": None},
    ]


def test_a_claim_that_fails_is_logged_with_a_negative_margin(log):
    with pytest.raises(AssertionError):
        claim("At least {bound:g}x", 3, at_least=4)
    with pytest.raises(AssertionError):
        claim("It is so", False)
    missed = NOWHERE | {"holds": False}
    assert log() == [
        missed
        | {"sentence": "At least 4x", "value": 3, "limit": ">=", "bound": 4, "margin": -0.25},
        missed
        | {"sentence": "It is so", "value": False, "limit": None, "bound": None, "margin": None},
    ]


def test_what_is_no_number_is_logged_as_text_without_a_margin(log, monkeypatch):
    monkeypatch.setenv("COURSE_CLAIMS", "survey")
    claim("At least {bound:g}x", math.nan, at_least=4)
    claim("At least {bound:g}", -math.inf, at_least=4)
    assert [(one["value"], one["holds"], one["margin"]) for one in log()] == [
        ("nan", False, None),
        ("-inf", False, None),
    ]


@pytest.mark.usefixtures("surveyed")
def test_each_line_names_the_notebook_and_the_seed(log, monkeypatch):
    monkeypatch.setenv("COURSE_SEED_OFFSET", "7000")
    claim("Luck decides", True)
    monkeypatch.setenv("JPY_SESSION_NAME", "/course/notebooks/06_more.ipynb")
    claim("Luck decides", True)
    claim("Nobody has tried it", True)
    assert [(one["notebook"], one["seed"]) for one in log()] == [
        ("02_lstm_model", 7000),
        ("02_lstm_model", 7000),
        ("06_more", 7000),
    ]


@pytest.mark.parametrize(
    ("value", "limit", "bound", "margin"),
    [
        (5, "at_least", 4, 0.25),
        (-3, "at_least", -4, 0.25),
        (-5, "at_most", -4, 0.25),
        (4, "at_most", 4, 0),
        (0.1, "at_least", 0, 0.1),
        (-0.1, "at_most", 0, 0.1),
    ],
)
def test_the_margin_is_a_share_of_the_bound_and_plain_where_the_bound_is_zero(
    log, value, limit, bound, margin
):
    claim("{bound:g}", value, **{limit: bound})
    assert log()[0]["margin"] == pytest.approx(margin)


def test_a_claim_that_is_refused_is_not_logged(log, tmp_path):
    with pytest.raises(TypeError):
        claim(WORDS, None, at_least=4)
    assert not list(tmp_path.iterdir())


def test_without_the_switch_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    claim("It is so", True)
    assert not list(tmp_path.iterdir())
