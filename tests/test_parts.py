"""How the tests are dealt to the workers, and which of them the quick tier leaves out."""

import re
from pathlib import Path

import pytest
from parts import HEAVY, order, part_of

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("nodeid", "part"),
    [
        ("tests/test_data.py::test_it[05_longer_lags]", "tests/test_data.py"),
        ("notebooks/05_longer_lags.ipynb::Cell 3", "notebooks/05_longer_lags.ipynb"),
        ("tests/browser/test_run_all.py::test_it[my_series]", "tests/browser/[my]"),
        ("tests/browser/test_controls.py::test_it[05_longer_lags]", "tests/browser/[05]"),
        ("tests/browser/test_run_all.py::test_it[05_longer_lags]", "tests/browser/[05]"),
        ("tests/test_claims.py::test_it[05_longer_lags]", "tests/test_claims.py[05]"),
        ("tests/test_claims.py::test_that", "tests/test_claims.py"),
    ],
)
def test_a_part_is_a_file_or_what_is_asked_of_one_notebook(nodeid, part):
    assert part_of(nodeid) == part


def test_whole_notebooks_go_first_one_kind_after_the_other_and_each_from_the_last_one():
    in_order = [
        "tests/browser/test_run_all.py::test_it[10_the_end]",
        "tests/browser/test_controls.py::test_it[05_longer_lags]",
        "notebooks/my_series.ipynb::Cell 0",
        "notebooks/10_the_end.ipynb::Cell 0",
        "notebooks/05_longer_lags.ipynb::Cell 0",
        "tests/test_claims.py::test_it[10_the_end]",
        "tests/test_claims.py::test_it[05_longer_lags]",
        "tests/test_data.py::test_it[10_the_end]",
    ]
    dealt = list(reversed(in_order))
    dealt.sort(key=order)
    assert dealt == in_order
    others = ["tests/test_tasks.py::test_it", "tests/test_claims.py::test_that"]
    assert sorted(others, key=order) == others


def test_the_quick_tier_leaves_out_what_takes_long_and_no_more(
    request,
):
    """Looks at the tests of this run: with `-m "not slow"`, at those that it has let through."""
    about = {item.nodeid: item.get_closest_marker("slow") for item in request.session.items}
    heavy = re.compile(
        r"notebooks/|tests/browser/|tests/test_claims\.py::test_each_claim_that_training_decides"
        r"|tests/test_hand_out\.py::test_installed_from_it"
        # Each explorer trains, and so does the check of an answer that is a task.
        r"|tests/widgets/test_explorers\.py|tests/exercises/.*\[05-arena"
        r"|tests/test_arena\.py::test_every_quick"
        r"|tests/test_real_league\.py::test_(a_network_plays|what_was_tried_before)"
        # Each starts kernels.
        r"|tests/test_try_machines\.py::test_a_false_claim_is_told|tests/test_alternative_text\.py::test_"
        r"(a_recorded_figure|they_can_be_stored|words_that_are|a_figure_comes|where_they_cannot)"
        # Each starts TensorFlow anew.
        r"|tests/test_xla\.py::test_(with_a_version|with_any_other|a_name_that)"
        r"|tests/test_preflight\.py::test_this_machine_is_looked_at"
    )
    asks_for_much = {
        item.nodeid
        for item in request.session.items
        if set(HEAVY).intersection(getattr(item, "fixturenames", ()))
    }
    expected = asks_for_much.union(filter(heavy.match, about))
    assert {test for test, slow in about.items() if slow} == expected


def test_the_readme_tells_how_to_run_it():
    readme = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert 'uv run pytest -m "not slow"' in readme
