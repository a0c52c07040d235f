"""`helpers.arena`: a race on a task of one's own, and what is said of a task that cannot race."""

from helpers import arena
from helpers.arena import QUICK, RATES, Race, race, trainer
from helpers.contenders import Budget
from helpers.data import adding_task, recall_task

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

TINY = Budget(rows=200, epochs=3, batch_size=50)


def newest_value(samples, timesteps, seed):
    return recall_task(samples, timesteps, 0, seed)


@pytest.fixture(autouse=True)
def _figures_of_its_own():
    with mpl.rc_context({"backend": "agg"}):
        yield
        plt.close("all")


# ---- A race -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ended():
    return race(newest_value, timesteps=4, models=("least squares", "sum", "MLP"), budget=TINY)


def test_every_model_has_an_error_a_seed_in_units_of_no_skill(ended):
    assert list(ended.errors) == ["least squares", "sum", "MLP"]
    assert {errors.shape for errors in ended.errors.values()} == {(2,)}
    assert ended.no_skill == pytest.approx(np.sqrt(1 / 12), rel=0.05)
    assert ended.medians["least squares"] < 1e-5
    assert ended.medians["sum"] == np.median(ended.errors["sum"])
    assert ended.winner == "least squares"


def test_each_network_begins_at_a_rate_that_was_tried(ended):
    assert set(ended.rates) == {"sum", "MLP"}
    assert set(ended.rates.values()) <= set(RATES)


def test_a_network_that_learns_is_better_than_a_guess_where_one_that_cannot_is_not():
    budget = Budget(rows=1000, epochs=12, batch_size=50)
    learned = race(newest_value, timesteps=4, models=("MLP", "sum"), seeds=1, budget=budget)
    assert learned.medians["MLP"] < 0.2
    assert 0.7 < learned.medians["sum"] < 1.1  # the newest of four looks like the others
    assert learned.beats("MLP", "sum", times=3)


def test_units_of_y_do_not_matter():
    def in_other_units(samples, timesteps, seed):
        X, y = newest_value(samples, timesteps, seed)
        return X, 5000 + 1000 * y

    arguments = {"timesteps": 4, "models": ("MLP",), "seeds": 1, "budget": TINY}
    one, other = race(newest_value, **arguments), race(in_other_units, **arguments)
    assert other.no_skill == pytest.approx(1000 * one.no_skill, rel=1e-3)
    assert other.medians["MLP"] == pytest.approx(one.medians["MLP"], rel=0.05)


def test_the_rate_is_chosen_on_validation_rows(monkeypatch):
    # At one rate a network is better on validation rows, at the other on test rows.
    found = {RATES[0]: ([0.1], [0.9]), RATES[1]: ([0.2], [0.3])}
    monkeypatch.setattr(arena, "_try", lambda name, rate, *_: found[rate])
    chosen = race(newest_value, timesteps=4, models=("MLP",), seeds=1)
    assert chosen.rates["MLP"] == RATES[0]
    assert chosen.errors["MLP"] * chosen.no_skill == pytest.approx([0.9])


def test_the_rows_for_training_choosing_and_judging_are_different_for_every_seed():
    asked = []

    def task(samples, timesteps, seed):
        asked.append((samples, seed))
        return newest_value(samples, timesteps, seed)

    race(task, timesteps=4, models=("least squares",), seeds=2, budget=TINY)
    rows = [pair for pair in asked if pair[0] > 8]
    assert [samples for samples, _ in rows] == [200, 1000, 2000] * 2
    assert len({seed for _, seed in rows}) == 6


def test_an_earlier_race_with_the_same_shapes_saves_compiling(monkeypatch):
    monkeypatch.setattr(arena, "_compiled", {})
    arguments = {"timesteps": 4, "models": ("MLP",), "seeds": 1, "budget": TINY}
    first = race(newest_value, **arguments)
    (engine,) = {runs.engine for runs in arena._compiled.values()}
    again = race(newest_value, **arguments)
    assert {runs.engine for runs in arena._compiled.values()} == {engine}
    assert again.errors["MLP"].tolist() == first.errors["MLP"].tolist()


def test_the_quick_ones_race_by_default():
    assert QUICK == ("least squares", "MLP", "sum", "maximum", "LSTM", "GRU")


# ---- What is shown ------------------------------------------------------------------------------

MADE_UP = Race(
    errors={"MLP": np.array([0.8, 0.6, 0.9]), "sum": np.array([0.0, 0.02, 0.01])},
    no_skill=0.4,
    rates={"MLP": 0.02},
)


def test_the_table_has_the_best_first_with_its_rate():
    lines = MADE_UP.table().data.splitlines()
    assert lines[0] == "| model | error (1 is no skill) | starting rate |"
    assert lines[2] == "| sum | ≈ 0.010 (≈ 0.0 to ≈ 0.020) | – |"
    assert lines[3] == "| MLP | ≈ 0.80 (≈ 0.60 to ≈ 0.90) | 0.02 |"


def test_the_figure_has_a_line_a_model_beside_no_skill():
    (ax,) = MADE_UP.figure().axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["MLP", "sum"]
    dots = [line.get_xdata()[0] for line in ax.lines if len(line.get_xdata()) == 1]
    assert dots == [0.8, 0.01]
    assert [1, 1] in [list(line.get_xdata()) for line in ax.lines]
    assert ax.get_xscale() == "log"
    left, right = ax.get_xlim()
    assert all(left < x < right for line in ax.lines for x in line.get_xdata())
    assert "1 is no skill" in ax.get_xlabel()


@pytest.mark.parametrize(
    ("model", "other", "times", "so"),
    [("sum", "MLP", 2, True), ("sum", "MLP", 100, False), ("MLP", "sum", 1, False)],
)
def test_one_beats_another_if_the_other_is_off_so_many_times_as_much(model, other, times, so):
    assert MADE_UP.beats(model, other, times) is so


def test_nobody_beats_one_that_is_exact():
    exact = Race({"MLP": np.zeros(2), "LSTM": np.zeros(2)}, 0.4, {})
    assert not exact.beats("MLP", "LSTM")


def test_a_model_that_was_not_there_beats_nobody():
    with pytest.raises(ValueError, match="'GRU' was not in the race"):
        MADE_UP.beats("GRU", "MLP")


# ---- A task that cannot race --------------------------------------------------------------------


def but(X=lambda X, seed: X, y=lambda y, seed: y):
    """The adding problem, with X or y changed."""

    def task(samples, timesteps, seed):
        made = adding_task(samples, timesteps, seed)
        return X(made[0], seed), y(made[1], seed)

    return task


def unseeded(samples, timesteps, seed):
    return adding_task(samples, timesteps, np.random.default_rng().integers(2**32))


BAD_TASKS = {
    "not a function": ("adding", "task must be a function of samples, timesteps and a seed"),
    "two arguments": (lambda samples, seed: None, "task must take three arguments"),
    "nothing returned": (lambda n, t, s: None, "must return two arrays, X and y, got NoneType"),
    "X alone": (lambda n, t, s: np.zeros((n, t, 1)), "must return two arrays, X and y, got nda"),
    "X without features": (but(X=lambda X, _: X[:, :, 0]),
                           r"task's X must have the axes \(samples, timesteps, features\), got 2"),
    "X transposed": (but(X=lambda X, _: X.swapaxes(1, 2)),
                     r"\(samples, timesteps, features\) = \(8, 10, features\), got \(8, 2, 10\)"),
    "too few samples": (but(X=lambda X, _: X[1:]), r"got \(7, 10, 2\)"),
    "y flat": (but(y=lambda y, _: y[:, 0]), r"task's y must have the axes \(samples, 1\), got 1"),
    "two targets": (but(y=lambda y, _: np.c_[y, y]), r"\(samples, 1\) = \(8, 1\), got \(8, 2\)"),
    "NaN in X": (but(X=lambda X, _: X * np.nan), "task's X holds a value that is NaN"),
    "NaN in y": (but(y=lambda y, _: y * np.nan), "task's y holds a value that is NaN"),
    "text": (but(y=lambda y, _: y.astype(str)), "task's y must be an array of numbers"),
    "one seed for all": (lambda n, t, seed: adding_task(n, t, 7), "the same X for the seeds 0 an"),
    "no seed": (unseeded, "gives other rows for the same seed"),
    "one row": (but(X=lambda X, _: np.repeat(X[:1], len(X), axis=0)), "the same row 8 times"),
    "features by seed": (but(X=lambda X, seed: X[:, :, : 1 + seed % 2]), "same features for every"),
    "y all the same": (but(y=lambda y, _: y * 0 + 3), "gives the same y, 3, in all 200 train rows"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD_TASKS)
def test_a_task_that_cannot_race_is_told_why_before_anything_is_trained(kind, monkeypatch):
    task, message = BAD_TASKS[kind]
    monkeypatch.setattr(arena, "repeat", lambda *_, **__: pytest.fail("trained"))
    with pytest.raises((TypeError, ValueError), match=message):
        race(task, timesteps=10, budget=TINY)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"timesteps": 0}, "timesteps must be at least 1"),
        ({"seeds": 0}, "seeds must be at least 1"),
        ({"models": ["SVM"]}, "models must be one or more different ones of"),
        ({"models": []}, "models must be one or more"),
        ({"models": ["MLP", "MLP"]}, "models must be one or more different"),
        ({"models": "MLP"}, "models must be several names"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        race(adding_task, **arguments)


# ---- Trainers for the probes --------------------------------------------------------------------


def test_a_trainer_trains_and_predicts_for_each_seed_in_units_of_y():
    X, y = newest_value(1000, 4, 0)
    X_test, y_test = newest_value(300, 4, 1)
    predicted = trainer("MLP", seeds=2, rate=0.02)(X, 100 + 10 * y, X_test)
    assert predicted.shape == (2, 300, 1)
    errors = np.sqrt(np.mean((predicted - 100 - 10 * y_test) ** 2, axis=(1, 2)))
    assert errors.max() < 0.2 * 10 * y.std()
    exact = trainer("least squares")(X, y, X_test)
    np.testing.assert_allclose(exact, y_test[None], atol=1e-5)
