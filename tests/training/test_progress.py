"""What is told and shown of a run while it goes on."""

import functools
import io

from helpers.training import fit, repeat, watching

import numpy as np
import pytest
import tqdm.std
from small_models import POINTS, TARGET, Diary, linear


@pytest.mark.parametrize("callbacks", [None, [Diary()]], ids=["alone", "with a callback"])
def test_progress_is_told_the_share_that_is_done(model, callbacks):
    shares = []
    fit(model, POINTS, TARGET, batch_size=5, epochs=40, callbacks=callbacks, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[0] > 0
    assert shares[-1] == 1


def test_progress_of_several_seeds_is_the_share_of_all_their_work():
    shares = []
    repeat(linear, POINTS, TARGET, range(4), batch_size=8, progress=shares.append)
    assert shares == [0.25, 0.5, 0.75, 1]


def test_what_progress_raises_ends_the_run_and_keeps_what_was_trained(model):
    def enough(share):
        if share > 0.2:
            raise RuntimeError("enough")

    before = model.get_weights()
    with pytest.raises(RuntimeError, match="enough"):
        fit(model, POINTS, TARGET, batch_size=5, epochs=10_000, progress=enough)
    assert 2000 <= len(model.history.history["loss"]) < 10_000
    assert not np.array_equal(before[0], model.get_weights()[0])


@pytest.fixture
def screen(monkeypatch):
    """What a progress bar draws, with the switch on as it is for a learner."""
    stream = io.StringIO()
    monkeypatch.delenv("COURSE_PROGRESS")
    bar = functools.partial(tqdm.std.tqdm, file=stream, mininterval=0)
    monkeypatch.setattr(watching, "tqdm", bar)
    return stream


def test_short_work_shows_no_bar(model, screen):
    fit(model, POINTS, TARGET, batch_size=5, epochs=3)
    assert screen.getvalue() == ""


@pytest.mark.parametrize("verbose", ["auto", 1])
def test_longer_work_shows_a_bar_with_the_loss(model, screen, monkeypatch, verbose):
    monkeypatch.setattr(watching, "BAR_AFTER", 0)
    loss = fit(model, POINTS, TARGET, batch_size=5, epochs=3, verbose=verbose).history["loss"]
    assert "3/3" in screen.getvalue()
    assert f"loss={loss[1]:.4g}" in screen.getvalue()


@pytest.mark.parametrize("verbose", [0, 2])
def test_verbose_0_and_2_show_no_bar(model, screen, monkeypatch, verbose):
    monkeypatch.setattr(watching, "BAR_AFTER", 0)
    fit(model, POINTS, TARGET, batch_size=5, epochs=3, verbose=verbose)
    assert screen.getvalue() == ""


def test_the_switch_turns_every_bar_off(model, screen, monkeypatch):
    monkeypatch.setattr(watching, "BAR_AFTER", 0)
    monkeypatch.setenv("COURSE_PROGRESS", "0")
    fit(model, POINTS, TARGET, batch_size=5, epochs=3, verbose=1)
    repeat(linear, POINTS, TARGET, [0], verbose=1)
    assert screen.getvalue() == ""


def test_verbose_2_prints_a_line_an_epoch(model, capsys):
    loss = fit(model, POINTS, TARGET, batch_size=5, epochs=3, verbose=2).history["loss"]
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("Epoch 2/3 - ")
    assert f"loss: {loss[1]:.4g}" in lines[1]


def test_silent_by_default_below_the_threshold(model, capfd):
    fit(model, POINTS, TARGET, batch_size=5, epochs=3)
    assert capfd.readouterr() == ("", "")


def test_the_bar_of_seeds_waits_like_that_of_epochs_and_then_shows_the_loss(screen, monkeypatch):
    repeat(linear, POINTS, TARGET, [0, 1])
    assert screen.getvalue() == ""
    monkeypatch.setattr(watching, "BAR_AFTER", 0)
    loss = repeat(linear, POINTS, TARGET, [0, 1]).history["loss"]
    assert "2/2" in screen.getvalue()
    assert f"loss={loss[1, 0]:.4g}" in screen.getvalue()
