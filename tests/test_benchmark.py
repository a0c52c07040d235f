"""What the benchmark of `fit` computes from its measurements."""

import benchmark_loops
import numpy as np
import pytest
from benchmark_fit import Needed, Workload, misses
from benchmark_loops import Timing, scaled


@pytest.fixture
def clock(monkeypatch):
    """Time that passes only when a test says so."""
    now = [0.0]
    monkeypatch.setattr(benchmark_loops.time, "perf_counter", lambda: now[0])

    def pass_seconds(seconds):
        now[0] += seconds

    return pass_seconds


@pytest.mark.parametrize(("timed_epochs", "warm_up"), [(1, 1), (60, 1), (200, 100), (2000, 1)])
def test_scaling_up_gives_what_timing_every_epoch_would(clock, timed_epochs, warm_up):
    compiled = []

    def run(epochs):  # compiling takes 7 s, a call 3 s and an epoch half a second
        clock((0 if compiled else 7) + 3 + epochs / 2)
        compiled.append(True)

    timing = scaled(run, 2000, timed_epochs, warm_up)

    assert timing.first == pytest.approx(7 + 3 + 1000)
    assert timing.again == pytest.approx(3 + 1000)


def workload(**needed):
    return Workload("work", None, np.zeros((2, 1)), np.zeros(2), 1, {"batch_size": 1}, needed)


def test_a_median_below_the_ratio_needed_is_named_and_no_other():
    work = workload(slow=Needed(first=4, again=10))
    timings = {
        "fit": [Timing(first=1, again=1)] * 3,
        "slow": [Timing(3, 9), Timing(4, 9.5), Timing(99, 99)],
    }
    assert misses(work, timings) == ["work, slow, again: 9.50 of 10"]


def test_each_repetition_is_compared_with_its_own_fit():
    work = workload(slow=Needed(first=None, again=11))
    ever_busier = {
        "fit": [Timing(1, 1), Timing(2, 2), Timing(10, 10)],
        "slow": [Timing(10, 10), Timing(40, 40), Timing(90, 90)],
    }
    assert misses(work, ever_busier) == ["work, slow, again: 10.00 of 11"]


def test_of_a_way_that_is_not_installed_nothing_is_asked():
    work = workload(absent=Needed(first=1, again=1))
    assert misses(work, {"fit": [Timing(1, 1)]}) == []
