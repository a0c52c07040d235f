"""The survey of claims: its figures, its runs, what it keeps and what it writes."""

import json
import math
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from helpers import claims

import nbformat
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from nbclient.exceptions import DeadKernelError
from nbformat import v4
from survey import figures, record, runs
from survey.figures import robust_deviations, strays
from survey.samples import NOT_A_NUMBER, at_least, claim, run_of, stored

NUMBERS = st.floats(-1e6, 1e6).map(lambda number: round(number, 3))
MARGINS = st.lists(NUMBERS, min_size=1, max_size=30)
OFFSETS = st.lists(st.integers(1, 60).map(lambda n: 1000 * n), min_size=1, unique=True)


# ---- Robust deviations -------------------------------------------------------------------------


@given(MARGINS)
def test_robust_deviations_are_the_median_over_the_scaled_median_deviation(margins):
    median = statistics.median(margins)
    deviation = statistics.median(abs(margin - median) for margin in margins)
    assume(deviation > 1e-6)
    assert robust_deviations(margins) == pytest.approx(median / (1.4826 * deviation))


@given(MARGINS, st.floats(0.01, 100))
def test_the_unit_of_a_margin_does_not_matter(margins, factor):
    assume(len(set(margins)) > 2)
    one, other = robust_deviations(margins), robust_deviations([m * factor for m in margins])
    assume(math.isfinite(one) and math.isfinite(other))
    assert other == pytest.approx(one, rel=1e-3, abs=1e-9)


@given(MARGINS)
def test_the_sign_says_on_which_side_of_the_bound_the_median_lies(margins):
    assert np.sign(robust_deviations(margins)) == np.sign(np.median(margins))
    assert robust_deviations([-m for m in margins]) == -robust_deviations(margins)


@given(NUMBERS, st.integers(1, 9))
def test_without_any_deviation_they_are_infinite_or_zero(margin, count):
    expected = math.copysign(math.inf, margin) if margin else 0.0
    assert robust_deviations([margin] * count) == expected


def test_of_no_margin_they_are_not_a_number():
    assert math.isnan(robust_deviations([]))


def test_of_normal_margins_they_are_mean_over_standard_deviation():
    margins = np.random.default_rng(0).normal(3, 0.5, size=20_000)
    assert robust_deviations(margins) == pytest.approx(6, rel=0.03)


def test_one_margin_far_off_changes_them_little():
    margins = [0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5]
    assert robust_deviations([*margins, -1000]) > robust_deviations(margins) / 2


# ---- What luck can move ------------------------------------------------------------------------


@given(st.floats(0.1, 1e3), st.floats(0, 1))
def test_a_number_strays_if_its_range_is_a_hundredth_of_its_distance_to_the_bound(nearest, share):
    assume(not math.isclose(share, 0.01, rel_tol=1e-3))
    for sign in (1, -1):
        margins = [sign * nearest, sign * nearest * (1 + share)]
        assert strays(margins) == (share > 0.01)


@given(NUMBERS, st.integers(1, 9))
def test_the_same_number_each_time_does_not_stray(margin, count):
    assert not strays([margin] * count)
    assert not strays([])


@given(MARGINS)
def test_numbers_on_both_sides_of_the_bound_stray(margins):
    assume(min(margins) < 0 < max(margins))
    assert strays(margins)


def luck(*entries, vain=()):
    tried = [run_of(1000 * n, it=entry) for n, entry in enumerate(entries, start=1)]
    in_vain = [run_of(0, lesson, it=entry) for lesson, entry in zip(runs.VAIN, vain, strict=False)]
    (one,) = figures.figures(tried, in_vain)
    return one.luck


def test_a_claim_is_a_matter_of_luck_if_its_outcome_or_its_number_differs():
    assert luck(claim(), claim(False))
    assert luck(at_least(5), at_least(6))
    assert luck(at_least(5), NOT_A_NUMBER)


def test_a_claim_is_a_matter_of_luck_if_training_in_vain_makes_it_come_out_otherwise():
    assert luck(claim(), vain=[claim(False)])
    assert luck(claim(), vain=[claim(), claim(False)])
    assert luck(at_least(5), at_least(5), vain=[NOT_A_NUMBER])


def test_a_claim_is_a_matter_of_luck_if_training_in_vain_moves_its_number():
    assert luck(at_least(5), at_least(5), vain=[at_least(5), at_least(7)])


def test_any_other_claim_is_exact():
    assert not luck(claim(), claim(), vain=[claim(), claim()])
    assert not luck(claim(False), claim(False), vain=[claim(False)])
    assert not luck(at_least(5), at_least(5), vain=[at_least(5)])
    assert not luck(at_least(5), at_least(5.000001))


# ---- Figures and table -------------------------------------------------------------------------


def test_the_figures_of_a_claim_with_a_bound():
    values = {1000: 5, 3000: 3, 2000: 6, 4000: 8}
    (one,) = figures.figures([run_of(k, it_falls=at_least(v)) for k, v in values.items()])
    assert (one.notebook, one.sentence, one.bound) == ("02_some", "it falls", ">= 4")
    assert (one.offsets, one.missed, one.held) == ((1000, 2000, 3000, 4000), (3000,), 3)
    assert (one.median, one.least) == (0.375, -0.25)
    assert one.deviations == pytest.approx(0.375 / (1.4826 * 0.375))


def test_a_claim_that_is_true_or_false_has_no_margin():
    (one,) = figures.figures([run_of(1000, it=claim()), run_of(2000, it=claim(False))])
    assert (one.bound, one.missed) == ("", (2000,))
    assert all(math.isnan(number) for number in (one.median, one.least, one.deviations))


def test_what_is_no_number_did_not_hold_and_has_no_margin():
    (one,) = figures.figures([run_of(1000, it=at_least(5)), run_of(2000, it=NOT_A_NUMBER)])
    assert (one.bound, one.missed, one.median, one.least) == (">= 4", (2000,), 0.25, 0.25)
    (one,) = figures.figures([run_of(1000, it=NOT_A_NUMBER)])
    assert (one.bound, one.missed) == (">= 4", (1000,))
    assert math.isnan(one.deviations)


def test_a_claim_that_was_not_reached_did_not_hold():
    whole = run_of(2000, first=claim(), second=claim(), third=claim())
    broken = run_of(1000, error="cell 3: KeyError: 'x'", first=claim(), third=claim())
    one, two, three = figures.figures([broken, whole])
    assert [f.sentence for f in (one, two, three)] == ["first", "second", "third"]
    assert [f.missed for f in (one, two, three)] == [(), (1000,), ()]
    assert not two.luck


@pytest.mark.parametrize(
    "several", [[], [run_of(1000), run_of(1000)], [run_of(1000), run_of(2000, notebook="03_more")]]
)
def test_figures_are_of_one_notebook_from_different_offsets(several):
    with pytest.raises(ValueError, match="runs must be of one notebook and from different offsets"):
        figures.figures(several)


def table_of(*several):
    found = figures.figures(several, [run_of(0, "nothing", luck_alone=claim(False))])
    return found, figures.table(found).splitlines()


def test_the_table_has_a_line_for_each_claim_the_worst_first():
    found, lines = table_of(
        run_of(1000, it=claim(), far=at_least(9), near=at_least(4.5), luck_alone=claim()),
        run_of(2000, it=claim(), far=at_least(8), near=at_least(5), luck_alone=claim(False)),
        run_of(3000, it=claim(), far=at_least(9.5), near=at_least(5.5), luck_alone=claim()),
    )
    assert [line.split("02 ")[-1] for line in lines[1:]] == ["luck alone", "near", "far", "it"]
    assert lines[0].split() == list(figures.HEAD)
    assert lines[1].split() == ["2", "of", "3", "true", "02", "luck", "alone"]
    assert lines[2].split() == ["3", "of", "3", "1.3", "25.0%", "12.5%", ">=", "4", "02", "near"]
    assert lines[4].split() == ["3", "of", "3,", "exact", "true", "02", "it"]
    assert figures.all_held(found) == ([1000, 2000, 3000], [1000, 3000])


def test_all_held_counts_the_offsets_from_which_every_notebook_was_run():
    found = figures.figures([run_of(1000, it=claim()), run_of(2000, it=claim())])
    found += figures.figures([run_of(2000, notebook="03_more", too=claim(False))])
    assert figures.all_held(found) == ([2000], [])
    assert figures.all_held([]) == ([], [])


# ---- The record --------------------------------------------------------------------------------


def figures_of(missed_of, offsets, luck=True):
    return [
        figures.Figures("02_some", sentence, "", luck, tuple(sorted(offsets)), missed, 0, 0, 0)
        for sentence, missed in missed_of.items()
    ]


def test_the_record_tells_of_each_claim_where_it_was_missed_or_that_it_is_exact():
    found = figures_of({"a": (2000,), "b": ()}, [1000, 2000]) + figures_of({"c": ()}, [], False)
    assert record.entry(found, "code") == {
        "code": "code",
        "offsets": [1000, 2000],
        "claims": {"a": [2000], "b": [], "c": None},
    }


@given(OFFSETS, OFFSETS, st.data())
def test_two_surveys_of_the_same_code_are_one_of_all_their_seeds(first, second, data):
    second = [offset for offset in second if offset not in first]
    assume(second)
    subset = lambda offsets: tuple(data.draw(st.lists(st.sampled_from(offsets), unique=True)))  # noqa: E731
    missed = {"a": (subset(first), subset(second)), "b": (subset(first), subset(second))}
    one, other, both = (
        figures_of({name: pick(*pair) for name, pair in missed.items()}, offsets)
        for pick, offsets in (
            (lambda x, _: x, first),
            (lambda _, y: y, second),
            (lambda x, y: x + y, first + second),
        )
    )
    whole = record.entry(both, "code")
    assert record.entry(other, "code", record.entry(one, "code")) == whole
    assert record.entry(one, "code", whole) == whole


def test_what_other_code_was_found_to_do_is_forgotten():
    before = record.entry(figures_of({"a": (1000,)}, [1000]), "old")
    now = figures_of({"a": ()}, [2000])
    assert record.entry(now, "new", before) == record.entry(now, "new")
    renamed = figures_of({"b": ()}, [2000])
    assert record.entry(renamed, "old", before) == record.entry(renamed, "old")


def test_a_claim_that_luck_once_moved_stays_one():
    before = record.entry(figures_of({"a": ()}, [1000]), "code")
    now = figures_of({"a": ()}, [2000], luck=False)
    assert record.entry(now, "code", before)["claims"] == {"a": []}


SENTENCES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1)


@given(st.dictionaries(SENTENCES, st.none() | OFFSETS))
def test_the_file_is_read_as_it_was_written(tmp_path_factory, told):
    file = tmp_path_factory.mktemp("record") / "claims.json"
    entries = {"02_some": {"code": "code", "offsets": [1000], "claims": told}}
    record.write(entries, file)
    assert record.read(file) == entries
    assert list(record.read(file)["02_some"]["claims"]) == list(told)


def test_no_file_is_an_empty_record(tmp_path):
    assert record.read(tmp_path / "none.json") == {}


@pytest.fixture
def known(tmp_path, monkeypatch):
    """A record that knows one claim of luck and one exact claim; the path it was written to."""
    path = tmp_path / "claims.json"
    record.write(
        {"02_some": {"code": "", "offsets": [1000, 2000], "claims": {"a": [1000], "b": None}}}, path
    )
    monkeypatch.setattr(claims, "RECORD", path)
    claims.forget()
    return path


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("before", ["✓ a", "✓ a (held in 9 of 9 runs)"])
def test_the_words_behind_a_stored_tick_come_from_the_record(before):
    nb = stored(f"rows: 23\n{before}\n✓ b (held in 3 of 4 runs)\n✓ new\n", "✗ a\nfound False\n")
    record.reword(nb)
    expected = ["rows: 23\n✓ a (held in 1 of 2 runs)\n✓ b\n✓ new\n", "✗ a\nfound False\n"]
    assert [output.text for output in nb.cells[0].outputs] == expected
    record.reword(nb)
    assert [output.text for output in nb.cells[0].outputs] == expected


@pytest.mark.usefixtures("known")
def test_nothing_else_that_is_stored_changes():
    nb = stored("✓ a\n", source="check(answer)")
    nb.cells.append(v4.new_markdown_cell("✓ a"))
    before = nbformat.writes(nb)
    record.reword(nb)
    assert nbformat.writes(nb) == before


# ---- A run of a notebook -----------------------------------------------------------------------

TOY = [
    "from helpers.report import claim\nfrom helpers.seeds import seeds\n\nimport os",
    'claim("It is so", True)\nclaim("Luck decides", seeds(1)[0] == 0)\nclaim("Behind it", True)',
    'try:\n    claim("False on purpose", False)\nexcept AssertionError as error:\n    print(error)',
    'claim("At most {bound:g}", float("nan"), at_most=4)\n{}["x"]\nclaim("Not reached", True)',
    'claim("No bar", os.environ["COURSE_PROGRESS"] == "0")\n[][1]',
]


@pytest.fixture
def toy(tmp_path):
    """A notebook with claims of every kind, and the path it was written to."""
    nb = v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    nb.cells = [v4.new_code_cell(source) for source in TOY]
    false = "✗ False on purpose\nfound False\n"
    nb.cells[2].outputs = [v4.new_output("stream", name="stdout", text=false)]
    nbformat.write(nb, tmp_path / "07_toy.ipynb")
    return tmp_path / "07_toy.ipynb"


def test_a_run_looks_at_every_claim_and_goes_on_after_an_error(toy):
    before = toy.read_bytes()
    found = runs.run(toy, 3000)
    assert (found.notebook, found.offset, found.lesson) == ("07_toy", 3000, None)
    assert {sentence: said["holds"] for sentence, said in found.claims.items()} == {
        "It is so": True,
        "Luck decides": False,
        "Behind it": True,
        "At most 4": False,
        "No bar": True,
    }
    assert {(said["notebook"], said["seed"]) for said in found.claims.values()} == {
        ("07_toy", 3000)
    }
    assert found.error == "cell 3: KeyError: 'x'"
    assert found.seconds > 0
    assert toy.read_bytes() == before


def test_what_a_notebook_writes_beside_itself_meets_no_other_run(toy):
    nb = nbformat.read(toy, 4)
    nb.cells = [v4.new_code_cell("open('model', 'x').close()")]  # fails where it is there
    nbformat.write(nb, toy)
    assert [runs.run(toy).error for _ in range(2)] == [None, None]
    assert [file.name for file in toy.parent.iterdir() if file.name == "model"] == []


def test_a_notebook_may_not_make_a_claim_twice(toy):
    nb = nbformat.read(toy, 4)
    nb.cells[2:] = [v4.new_code_cell('claim("Behind it", False)')]
    nbformat.write(nb, toy)
    with pytest.raises(ValueError, match="07_toy makes this claim twice: 'Behind it'"):
        runs.run(toy)


def test_all_runs_can_be_stopped(toy):
    nb = nbformat.read(toy, 4)
    begun = toy.parent / "begun"
    nb.cells = [
        v4.new_code_cell(f"import time\nopen({str(begun)!r}, 'w').close()\ntime.sleep(600)")
    ]
    nbformat.write(nb, toy)
    with ThreadPoolExecutor(1) as pool:
        stopped = pool.submit(runs.run, toy)
        while not begun.exists():
            assert not stopped.done()
            time.sleep(0.1)
        runs.stop_all()
        with pytest.raises(DeadKernelError):
            stopped.result(timeout=60)


def test_a_run_is_kept_as_it_was(tmp_path):
    one = run_of(3000, "nonsense", "cell 3: KeyError: 'x'", it=at_least(5), that=NOT_A_NUMBER)
    file = tmp_path / "02_some" / "code" / "3000.json"
    assert runs.kept(file) is None
    runs.keep(one, file)
    assert runs.kept(file) == one
    assert [path.name for path in file.parent.iterdir()] == ["3000.json"]


def test_what_is_kept_is_found_by_the_same_code_alone(toy, tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "ROOT", tmp_path)
    helper = tmp_path / "helpers" / "training" / "fit.py"
    helper.parent.mkdir(parents=True)
    helper.write_text("x = 1", encoding="utf-8")
    before = runs.code_of(toy)

    helper.write_text("x  =  1  # the first", encoding="utf-8")
    nb = nbformat.read(toy, 4)
    nb.cells[0].source = "# The imports\n" + nb.cells[0].source
    nb.cells.append(v4.new_markdown_cell("More words"))
    nb.cells[1].outputs = []
    nbformat.write(nb, toy)
    assert runs.code_of(toy) == before

    helper.write_text("x = 2", encoding="utf-8")
    other_helper = runs.code_of(toy)
    assert other_helper != before
    nb.cells[1].source += "\nx = 3"
    nbformat.write(nb, toy)
    assert runs.code_of(toy) not in (before, other_helper)


def test_runs_from_other_seeds_and_in_vain_are_kept_apart(tmp_path):
    files = {
        runs.kept_at(tmp_path, name, code, offset, lesson)
        for name in ("02_some", "03_more")
        for code in ("a", "b")
        for offset in (0, 1000)
        for lesson in (None, *runs.VAIN)
    }
    assert len(files) == 24


def test_the_helpers_read_what_the_command_writes():
    assert json.loads(claims.RECORD.read_text(encoding="utf-8")) == record.read(claims.RECORD)
    assert claims.RECORD.parent == runs.ROOT / "helpers"
    assert sys.modules["helpers.claims"] is claims
