"""How the trainings of cells are shortened while a notebook is looked at in a browser."""

import importlib.util
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

FILE = Path(__file__).with_name("browser") / "short_training.py"

TRAINING = """
from types import SimpleNamespace


def fit(model, *, epochs=1, callbacks=()):
    for epoch in range(epochs):
        model.append(epoch)
        for callback in callbacks:
            callback.on_epoch_begin(epoch)
            callback.on_epoch_end(epoch, {"loss": 1 / len(model)})
    return SimpleNamespace(history={"loss": [1 / (epoch + 1) for epoch in range(epochs)]})
"""


@pytest.fixture
def fit(tmp_path, monkeypatch):
    """What is imported once a kernel has started with the file; its models list their epochs."""
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    finders = list(sys.meta_path)
    spec = importlib.util.spec_from_file_location("short_training", FILE)
    short_training = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(short_training)
    monkeypatch.setattr(short_training, "NAME", "sample_training")
    monkeypatch.delitem(sys.modules, "sample_training", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "sample_training.py").write_text(TRAINING)
    import sample_training

    assert sys.meta_path == finders
    return sample_training.fit


def test_a_cell_trains_one_epoch_that_stands_for_all(fit):
    model = []
    assert fit(model, epochs=4).history == {"loss": [1, 1, 1, 1]}
    assert model == [0]


def test_callbacks_are_told_of_every_epoch(fit):
    told = []
    diary = SimpleNamespace(
        on_epoch_begin=told.append, on_epoch_end=lambda epoch, logs: told.append((epoch, logs))
    )
    fit([], epochs=3, callbacks=[diary])
    assert told == [part for n in range(3) for part in (n, (n, {"loss": 1}))]


def test_an_explorer_trains_in_full(fit):
    model = []
    thread = threading.Thread(target=fit, args=[model], kwargs={"epochs": 4})
    thread.start()
    thread.join()
    assert model == [0, 1, 2, 3]
