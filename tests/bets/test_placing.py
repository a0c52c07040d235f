"""A bet is placed before a result and settled beside it."""

from helpers.bets import bet, calibration, settle

import matplotlib.pyplot as plt
import numpy as np
import pytest


def test_three_dots_are_no_bet(said, kept):
    assert said(bet, "05-crossover", ..., sure=0.7) == (
        "… 05-crossover: no bet yet. Put your guess in place of the three dots."
    )
    assert said(bet, "05-crossover", (1, ...)).startswith("… 05-crossover: no bet yet.")
    assert said(settle, "05-crossover", 12) == "… 05-crossover: no bet to settle."
    assert not kept.exists()


@pytest.mark.parametrize(
    ("guess", "answer", "within", "verdict"),
    [
        (8, 8, 0, "✓ 00-x: it is 8. You: 8, 70% sure."),
        (8, 9, 0, "✗ 00-x: it is 9. You: 8, 70% sure, off by 1."),
        (10, 12, 2, "✓ 00-x: it is 12. You: 10, 70% sure, off by 2."),
        (0.5, 0.26, 0.1, "✗ 00-x: it is ≈ 0.26. You: 0.5, 70% sure, off by ≈ 0.24."),
        (np.float32(0.25), 0.25, 0, "✓ 00-x: it is ≈ 0.25. You: 0.25, 70% sure."),
        (" Larger ", "larger", 0, "✓ 00-x: it is larger. You: Larger, 70% sure."),
        ("same", "larger", 0, "✗ 00-x: it is larger. You: same, 70% sure."),
        (("raw", "last"), ("raw", "last"), 0, "✓ 00-x: it is raw, last. You: raw, last, 70% sure."),
        ((1, 5), [1, 2], 1, "✗ 00-x: it is 1, 2. You: 1, 5, 70% sure, off by 3."),
    ],
)
def test_a_bet_is_settled_by_the_tolerance_that_is_stated(said, guess, answer, within, verdict):
    assert said(bet, "00-x", guess, sure=0.7).endswith(", 70% sure.")
    assert said(settle, "00-x", answer, within=within) == verdict
    assert said(settle, "00-x", answer, within=within) == verdict


@pytest.mark.parametrize(
    ("guess", "answer", "why"),
    [
        ("eight", 8, "the answer is a number"),
        (8, "eight", "the answer is a text"),
        (8, (8, 9), "the answer has 2 parts"),
        ((8, 9), 8, "the answer has 1 part"),
    ],
)
def test_a_bet_of_another_kind_is_not_settled_but_may_be_placed_again(said, guess, answer, why):
    bet("00-x", guess)
    assert said(settle, "00-x", answer).endswith(f"but {why}. Bet again above.")
    bet("00-x", answer)
    assert said(settle, "00-x", answer).startswith("✓")


def test_a_bet_may_be_changed_until_it_is_settled(said):
    bet("00-x", 7)
    assert said(bet, "00-x", 8, sure=0.9) == "00-x: 8, 90% sure."
    settle("00-x", 9)
    assert said(bet, "00-x", 9, sure=1) == (
        "00-x: this bet is settled, so your first one stays: 8, 90% sure."
    )
    assert said(bet, "00-x", 8, sure=0.9) == "00-x: 8, 90% sure."
    assert said(settle, "00-x", 9).startswith("✗")


def test_bets_are_there_in_the_next_session(said, new_session):
    bet("00-x", 8, sure=0.9)
    new_session()
    assert said(settle, "00-x", 8) == "✓ 00-x: it is 8. You: 8, 90% sure."
    new_session()
    assert said(bet, "00-x", 3).startswith("00-x: this bet is settled")


@pytest.mark.parametrize("name", ["crossover", "5-x", "05-", "05-X y", None, 5])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(ValueError, match="name must be like"):
        bet(name, 3)
    with pytest.raises(ValueError, match="name must be like"):
        settle(name, 3)


@pytest.mark.parametrize("sure", [-0.1, 1.1, 70, float("nan")])
def test_how_sure_is_a_share(sure):
    with pytest.raises(ValueError, match="sure must be"):
        bet("00-x", 3, sure=sure)


@pytest.mark.parametrize(
    ("guess", "error"),
    [
        (None, TypeError),
        (True, TypeError),
        ({1: 2}, TypeError),
        ((), TypeError),
        ([1] * 11, TypeError),
        (float("inf"), ValueError),
        ("", ValueError),
        ("x" * 61, ValueError),
    ],
)
def test_a_guess_is_a_number_a_text_or_a_few_of_these(guess, error):
    with pytest.raises(error):
        bet("00-x", guess)


def test_a_tolerance_is_no_debt():
    with pytest.raises(ValueError, match="within must be at least 0, got -1"):
        settle("00-x", 3, within=-1)


def test_without_a_settled_bet_there_is_no_picture(said, monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("a figure"))
    bet("00-x", 8)
    assert said(calibration) == "No bet is settled yet."


def test_the_calibration_counts_and_draws_what_is_settled(said, monkeypatch):
    shown = []
    monkeypatch.setattr(plt, "show", lambda: shown.append(plt.gca()))
    for n, (sure, answer) in enumerate([(0.9, 1), (0.9, 1), (0.9, 2), (0.5, 1), (0.5, 2)]):
        bet(f"00-x{n}", 1, sure=sure)
        settle(f"00-x{n}", answer)
    bet("00-open", 1)
    # (2 · 0.1² + 0.9² + 2 · 0.5²) / 5
    assert said(calibration) == (
        "5 bets settled, 3 right (60%), 74% sure on average. "
        "Brier score 0.27 (0 is perfect, 0.25 is always 50% sure)."
    )
    (ax,) = shown
    assert {text.get_text() for text in ax.texts} == {"2 of 3", "1 of 2"}
    points = {tuple(np.ravel(line.get_data()).round(1)) for line in ax.lines[1:]}
    assert points == {(90.0, 66.7), (50.0, 50.0)}
    plt.close("all")
