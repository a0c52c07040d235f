"""`helpers.contenders`: what each network can tell apart by its build, before any training."""

from helpers import contenders, plots
from helpers.contenders import ANY_LENGTH, BUDGET, CONTENDERS, REACH, Budget, build
from helpers.data import recall_task

import keras
import numpy as np
import pytest

STEPS = np.random.default_rng(0).normal(size=(6, 50, 2)).astype("float32")


@pytest.fixture(autouse=True)
def _start():
    keras.utils.set_random_seed(0)


def outputs(model, X):
    return model(X).numpy()


@pytest.mark.parametrize("name", CONTENDERS)
def test_every_contender_gives_a_number_a_row_that_depends_on_the_row(name):
    y = outputs(build(name, (50, 2), 0.01), STEPS)
    assert y.shape == (6, 1)
    assert len(np.unique(y)) == 6


@pytest.mark.parametrize("name", CONTENDERS)
def test_its_rate_sinks_from_the_one_asked_for_to_zero_over_the_budget(name):
    schedule = build(name, (5, 2), 0.02, updates=40).optimizer._learning_rate
    assert float(schedule(0)) == pytest.approx(0.02)
    assert float(schedule(20)) == pytest.approx(0.01)
    assert float(schedule(40)) == pytest.approx(0, abs=1e-9)


def test_every_kind_of_contender_and_least_squares_have_a_look_of_their_own():
    looks = {name: plots._look(name) for name in ("least squares", *CONTENDERS)}
    kinds = {name.removesuffix(", net") for name in looks}
    assert len(set(looks.values())) == len(kinds)
    assert all(looks[name] == looks[name.removesuffix(", net")] for name in looks)


def test_a_budget_counts_the_smaller_last_batch():
    assert BUDGET.updates == 1200
    assert Budget(rows=101, epochs=2, batch_size=50).updates == 6


@pytest.mark.parametrize("name", ["sum", "mean", "maximum", "sum, net", "maximum, net"])
def test_a_net_on_each_step_does_not_know_their_order(name):
    model = build(name, (50, 2), 0.01)
    shuffled = STEPS[:, np.random.default_rng(1).permutation(50)]
    np.testing.assert_allclose(outputs(model, shuffled), outputs(model, STEPS), atol=1e-4)


@pytest.mark.parametrize(
    "name",
    ["MLP", "conv and max", "CNN", "SimpleRNN", "LSTM", "GRU", "attention pooling", "attention"],
)
def test_the_others_do(name):
    model = build(name, (50, 2), 0.01)
    assert np.abs(outputs(model, STEPS[:, ::-1]) - outputs(model, STEPS)).max() > 1e-4


@pytest.mark.parametrize(("name", "adds"), [("sum", True), ("sum, net", False)])
def test_a_sum_adds_what_each_step_gives_alone_unless_a_net_is_behind(name, adds):
    model = build(name, (50, 2), 0.01)
    first, second, both = STEPS.copy(), STEPS.copy(), STEPS.copy()
    first[:, 3] += 5
    second[:, 40] -= 5
    both[:, 3], both[:, 40] = first[:, 3], second[:, 40]
    as_it_is, one, other, together = (outputs(model, X) for X in (STEPS, first, second, both))
    left_over = np.abs((together - as_it_is) - (one - as_it_is) - (other - as_it_is)).max()
    assert (left_over < 1e-3) == adds


@pytest.mark.parametrize(
    ("how", "combine"), [("sum", np.sum), ("mean", np.mean), ("maximum", np.max)]
)
def test_the_numbers_of_all_steps_are_combined_as_the_name_says(how, combine):
    combined = contenders.Combined(how)(STEPS).numpy()
    np.testing.assert_allclose(combined, combine(STEPS, axis=1), rtol=1e-4, atol=1e-5)


def other_weights(model):
    """No bias is zero as at first, where padding would be nothing in a sum anyway."""
    for layer in model.layers:
        layer.set_weights([weights + 0.1 for weights in layer.get_weights()])
    return model


@pytest.mark.parametrize("name", ANY_LENGTH)
def test_padding_in_front_changes_nothing_where_it_is_left_out(name):
    model = other_weights(build(name, (None, 2), 0.01, padded=True))
    padded = np.concatenate([np.zeros((6, 7, 2), "float32"), STEPS], axis=1)
    np.testing.assert_allclose(outputs(model, padded), outputs(model, STEPS), atol=1e-5)


@pytest.mark.parametrize("name", ["sum", "mean", "LSTM"])
def test_and_changes_the_output_where_it_is_not(name):
    model = other_weights(build(name, (None, 2), 0.01))
    X = STEPS[:, :3]  # short, as an LSTM forgets
    padded = np.concatenate([np.zeros((6, 7, 2), "float32"), X], axis=1)
    assert np.abs(outputs(model, padded) - outputs(model, X)).max() > 1e-3


@pytest.mark.parametrize("name", [name for name in CONTENDERS if name not in ANY_LENGTH])
@pytest.mark.parametrize(("shape", "padded"), [((None, 2), False), ((50, 2), True)])
def test_the_others_need_rows_of_one_length_and_cannot_leave_out_padding(name, shape, padded):
    with pytest.raises(ValueError, match=f"{name} needs rows of one length"):
        build(name, shape, 0.01, padded=padded)


def test_a_short_convolution_and_its_maximum_know_neighbours_and_not_positions():
    model = other_weights(build("conv and max", (50, 2), 0.01))
    row = np.zeros((1, 50, 2), "float32")
    row[0, 10:13] = STEPS[0, :3]
    moved, turned = np.roll(row, 20, axis=1), row.copy()
    turned[0, 10:13] = STEPS[0, 2::-1]
    assert outputs(model, moved) == pytest.approx(outputs(model, row), abs=1e-5)
    assert abs(outputs(model, turned) - outputs(model, row)) > 1e-4


def test_the_convolution_reaches_81_steps_back_and_no_further():
    X = np.random.default_rng(0).normal(size=(1, 100, 2)).astype("float32")
    model = build("CNN", (100, 2), 0.01)
    before = outputs(model, X)
    changed = []
    for back in range(100):
        other = X.copy()
        other[:, -1 - back] += 5
        changed.append(not np.array_equal(outputs(model, other), before))
    assert any(changed[REACH - 3 : REACH])
    assert not any(changed[REACH:])


@pytest.mark.parametrize("timesteps", [50, 81, 100])
def test_the_convolution_is_a_stack_of_causal_ones_read_at_the_newest_step(timesteps):
    model = build("CNN", (timesteps, 2), 0.01)
    stack = keras.Sequential(
        [keras.Input((timesteps, 2))]
        + [
            keras.layers.Conv1D(16, 3, dilation_rate=d, padding="causal", activation="relu")
            for d in (1, 3, 9, 27)
        ]
    )
    *dense, last = [layer for layer in model.layers if layer.get_weights()]
    # Biases of zero: then the padding in front gives zeros at every depth, as causal padding does.
    for layer, other in zip(stack.layers, dense, strict=True):
        kernel, bias = other.get_weights()
        layer.set_weights([kernel.reshape(3, -1, 16), bias])
    X = np.random.default_rng(0).normal(size=(4, timesteps, 2)).astype("float32")
    expected = last(stack(X)[:, -1]).numpy()
    np.testing.assert_allclose(outputs(model, X), expected, atol=1e-5)


def test_attention_is_a_whole_block_read_at_the_newest_step():
    model = build("attention", (50, 2), 0.01)
    assert model.count_params() == 10_273
    parts = {type(layer).__name__: [] for layer in model.layers}
    for layer in model.layers:
        parts[type(layer).__name__].append(layer)
    enter, widen, narrow, leave = parts["Dense"]
    (positions,), (attention,) = parts["Positions"], parts["MultiHeadAttention"]
    first, second = parts["LayerNormalization"]
    X = positions(enter(STEPS))
    X = first(X + attention(X, X))
    X = second(X + narrow(widen(X)))
    np.testing.assert_allclose(outputs(model, STEPS), leave(X[:, -1]).numpy(), atol=1e-5)


def test_attention_pooling_is_a_mean_of_the_steps_weighted_by_their_scores():
    model = other_weights(build("attention pooling", (50, 2), 0.01))
    assert model.count_params() == 3 * 32 + 32 + 32 + 1 + 2 + 1
    widen, score, leave = (layer for layer in model.layers if layer.get_weights())
    numbers = np.broadcast_to(np.linspace(0, 1, 50)[:, None], (6, 50, 1))
    scores = score(widen(np.concatenate([STEPS, numbers], axis=2))).numpy()
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    expected = leave((shares * STEPS).sum(axis=1)).numpy()
    np.testing.assert_allclose(outputs(model, STEPS), expected, atol=1e-5)


def test_a_contender_learns_a_short_lag():
    X, y = recall_task(500, 3, 1, seed=0)
    model = build("MLP", (3, 1), 0.02, updates=300)
    model.fit(X, y, epochs=30, batch_size=50, verbose=0)
    assert np.sqrt(np.mean((outputs(model, X) - y) ** 2)) < 0.05


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: build("SVM", (5, 2), 0.1), "name must be one of"),
        (lambda: build("MLP", 5, 0.1), r"shape must be \(timesteps, features\), got 5"),
        (lambda: build("MLP", (5, 2, 1), 0.1), r"shape must be \(timesteps, features\)"),
        (lambda: build("MLP", (0, 2), 0.1), "timesteps must be at least 1"),
        (lambda: build("LSTM", (None, 0), 0.1), "features must be at least 1"),
        (lambda: build("MLP", (5, 2), 0), "rate must be above 0, got 0"),
        (lambda: build("MLP", (5, 2), 0.1, updates=0), "updates must be at least 1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
