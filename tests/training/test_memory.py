"""What compiling leaves behind goes back to the system, once for each program."""

from helpers.training import calls, fit

import pytest
from small_models import POINTS, TARGET, mlp


@pytest.fixture
def given_back(monkeypatch):
    calls_of = []
    monkeypatch.setattr(calls, "give_back", lambda: calls_of.append(1))
    return calls_of


def test_memory_goes_back_when_something_was_compiled_and_only_then(given_back):
    model = mlp()
    fit(model, POINTS, TARGET, epochs=2, batch_size=4, verbose=0)
    assert len(given_back) == 1
    fit(model, POINTS, TARGET, epochs=2, batch_size=4, verbose=0)
    assert len(given_back) == 1
