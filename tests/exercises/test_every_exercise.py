"""What holds for every exercise: right answers and their forms, hints, dots, solutions, nonsense.

The answers stand in a file for each notebook, `answers_*.py`.
"""

import json
import re
from importlib import import_module
from pathlib import Path

from helpers.exercises import EXERCISES, check
from helpers.exercises.course import NOTEBOOKS

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

FILES = [import_module(path.stem) for path in sorted(Path(__file__).parent.glob("answers_*.py"))]
SOLUTIONS = {name: answer for file in FILES for name, answer in file.SOLUTIONS.items()}
GIVEN_AWAY = {name: text for file in FILES for name, text in file.GIVEN_AWAY.items()}
IN_OTHER_WORDS = [case for file in FILES for case in file.IN_OTHER_WORDS]
HINTS = [case for file in FILES for case in file.MISTAKES]
MISTAKES = [(name, answer) for name, answer, _ in HINTS]

tensor = keras.ops.convert_to_tensor


def test_the_exercises_stand_in_the_order_of_the_course():
    assert list(EXERCISES) == list(SOLUTIONS)
    with pytest.raises(TypeError):
        EXERCISES["01-axes"] = None


def test_each_notebook_has_a_file_of_exercises_that_ends_with_its_quiz():
    assert [EXERCISES[notebook.quiz.name] for notebook in NOTEBOOKS] == [
        exercise for name, exercise in EXERCISES.items() if name.endswith("-quiz")
    ]
    assert [notebook.quiz.name[:2] for notebook in NOTEBOOKS] == sorted(
        {name[:2] for name in EXERCISES}
    )


# ---- Right answers ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", SOLUTIONS)
def test_a_right_answer_is_told_why(praise, name):
    assert praise(name, SOLUTIONS[name])


@pytest.mark.parametrize(("name", "answer"), IN_OTHER_WORDS)
def test_an_answer_may_be_put_in_another_way(praise, name, answer):
    assert praise(name, answer)


def parts(convert):
    def form(answer):
        if isinstance(answer, tuple) and not all(np.ndim(part) == 0 for part in answer):
            return tuple(convert(np.asarray(part)) for part in answer)
        return convert(np.asarray(answer))

    return form


def is_numeric(answer):
    flat = answer if isinstance(answer, tuple) else (answer,)
    return not any(callable(part) or isinstance(part, str) for part in flat)


FORMS = {
    "array": parts(np.asarray),
    "float64": parts(lambda part: part.astype("float64")),
    "float32": parts(lambda part: part.astype("float32")),
    "list": parts(lambda part: part.tolist()),
    "tensor": parts(lambda part: tensor(part.astype("float32"))),
    "variable": parts(lambda part: keras.Variable(part.astype("float32"))),
    "list of parts": lambda answer: list(answer) if isinstance(answer, tuple) else answer,
    "numpy scalars": lambda answer: (
        tuple(map(np.float32, answer))
        if np.ndim(answer[0] if isinstance(answer, tuple) else [0]) == 0
        else answer
    ),
    "arrays of one": lambda answer: (
        tuple(np.array([[part]]) for part in answer)
        if isinstance(answer, tuple) and len(answer) == 2 and np.ndim(answer[0]) == 0
        else answer
    ),
}
SHAPES = ("01-axes", "01-input-shape")


IN_FORMS = [
    (name, form)
    for name, answer in SOLUTIONS.items()
    for form in FORMS
    if is_numeric(answer) and not (name in SHAPES and form == "arrays of one")
]


@pytest.mark.parametrize(("name", "form"), IN_FORMS)
def test_a_right_answer_is_right_in_every_form(said, name, form):
    assert said(name, FORMS[form](SOLUTIONS[name])).startswith("✓ ")


@pytest.mark.parametrize("name", SOLUTIONS)
def test_a_solution_is_right_without_a_word_and_not_kept(said, name, kept, number_done):
    assert said(name, SOLUTIONS[name], solution=True) == ""
    assert not kept.exists()
    assert number_done() == 0


# ---- Hints --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "answer", "words"), HINTS, ids=[f"{name}: {words}" for name, _, words in HINTS]
)
def test_a_typical_mistake_gets_its_own_hint(hint, name, answer, words):
    assert words in hint(name, answer)


def test_every_exercise_has_typical_mistakes():
    assert {name for name, _ in MISTAKES} | {f"{nb.quiz.name}" for nb in NOTEBOOKS} == {*EXERCISES}


@pytest.mark.parametrize("name", GIVEN_AWAY)
def test_no_hint_gives_the_answer_away(said, name):
    for mistaken, answer in MISTAKES:
        if mistaken == name:
            hint = said(name, answer).partition("not yet. ")[2]
            assert not re.search(GIVEN_AWAY[name], hint)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_three_dots_are_no_mistake(said, name, kept):
    dots = f"… {name}: your answer is still to come. Put it in place of the three dots."
    part = f"… {name}: a part of your answer is still to come. Put it in place of the three dots."
    assert said(name, ...) == dots
    assert said(name, (..., ...)) == dots
    assert said(name, (1, ...)) == part
    assert said(name, ([[1, ...]], ...)) == part
    assert not kept.exists()


# ---- Nonsense -----------------------------------------------------------------------------------


class Odd:
    """Fails at whatever is asked of it."""

    def __array__(self, *arguments, **keywords):
        raise MemoryError("no")

    def __len__(self):
        raise OSError("no")

    def __repr__(self):
        raise ValueError("no")

    def __eq__(self, other):
        raise ZeroDivisionError("no")

    def __getattr__(self, name):
        raise RuntimeError("no")

    __hash__ = None


def raises(*arguments):
    raise KeyError("a\nb")


def leaves(*arguments):
    raise SystemExit


def endless():
    loop = []
    loop.append(loop)
    return loop


NASTY = [
    None, True, "", "  ", "\ud800", b"bytes", 1e308, -1e308, float("inf"), 10**400, -1, 1j,
    [], (), {}, set(), {None}, [[]], [None], [[1], [2, 3]], [1, "a"], {"a": 1}, [{}],
    ["\ud800"] * 3, "saturation,split", ("window",) * 10**6,
    range(0), range(10**15), [range(10**15)] * 2, (range(10**15), range(10**15)), slice(None),
    slice("a", 2), np.array(None), np.array([]), np.zeros((0, 3)), np.zeros((3, 0, 2)),
    np.array(["2020-01-01"], dtype="datetime64[D]"), np.zeros(3, dtype=[("a", int)]),
    np.broadcast_to(1.0, (10**5, 10**5)), np.full((2, 2), np.nan), np.array([1, None]),
    np.ma.masked_all(3), (1e300, 1e300), (-1e300, 1e300, 1e300, 1e300), np.full(4, 1e200),
    (np.full((1, 2), 1e300),) * 4, (np.zeros((11, 6, 1)), 1e300), (0, -1e300), Odd(), Odd, [Odd()],
    (Odd(), Odd()), [Odd()] * 3, object(), int, str, Exception, print, len, raises, leaves,
    lambda: 1, lambda *a: a, lambda *a: Odd(), lambda *a: "x", lambda *a: float("nan"),
    lambda *a: 1e308, lambda *a: [1, 2], lambda *a: np.zeros((7, 7)), (n for n in range(3)),
    iter([1]), np, keras.Input((2,)), keras.layers.Dense(1), keras.Sequential(),
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]), tensor(["a", "b"]), endless(),
    [keras.Input((2,))] * 2, Path("x"), json, type, NotImplemented,
]  # fmt: skip
NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | hnp.arrays(st.sampled_from([float, np.float32, int, bool, object]),
                 hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3),
                 fill=st.just(0)),
    lambda inner: st.lists(inner, max_size=5)
    | st.tuples(inner, inner)
    | st.tuples(inner, inner, inner, inner)
    | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=6,
)  # fmt: skip


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", EXERCISES)
def test_no_answer_however_odd_breaks_a_check(capsys, name):
    for answer in NASTY:
        assert check(name, answer) is None
        out, err = capsys.readouterr()
        assert out.startswith(f"✗ {name}: not yet. ")
        assert len(out.splitlines()) == 1
        assert 20 < len(out.encode()) < 700
        assert err == ""


@pytest.mark.parametrize("name", EXERCISES)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=NONSENSE)
def test_nonsense_is_off_and_nothing_else(capsys, name, answer):
    check(name, answer)
    assert re.match(f"[✗✓] {name}: ", capsys.readouterr().out)


@given(answer=NONSENSE)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_function_may_return_nonsense(capsys, answer):
    for name in ("05-step", "05-update"):
        check(name, lambda *arguments: answer)
        assert capsys.readouterr().out.startswith(f"✗ {name}: not yet. ")


def test_an_unknown_name_gets_the_nearest(said):
    for name in ("01-axis", "1-axes", "", "01", None, 5, ["01-axes"], Odd(), "☃", "x" * 10**5):
        assert re.fullmatch(r"There is no exercise .*\. The nearest is '.*'\.", said(name, 1))
