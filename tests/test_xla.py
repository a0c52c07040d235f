"""XLA's flags: set for the TensorFlow they were tried on, and for no other."""

import importlib.util
import mmap
import os
import re
import subprocess
import sys
from pathlib import Path

from helpers import xla

import pytest

TRAIN = """
from helpers.training import fit

import keras
import numpy as np

model = keras.Sequential([keras.Input((3, 1)), keras.layers.LSTM(2), keras.layers.Dense(1)])
model.compile(loss="mse", optimizer="adam")
x = np.ones((10, 3, 1), "float32")
fit(model, x, x[:, 0], batch_size=5, epochs=2, verbose=0)
print("trained")
"""
#: Another TensorFlow as far as anybody can tell before it is loaded.
PRETEND = """
import importlib.metadata

importlib.metadata.version = lambda name: "99.0.0"
"""
#: As if this TensorFlow had dropped one of our names.
DROPPED = """
from helpers import xla
import os

os.environ["XLA_FLAGS"] += " --xla_no_such_flag=1"
"""


def in_its_own_process(code, **environment):
    kept = {n: v for n, v in os.environ.items() if n not in ("XLA_FLAGS", "COURSE_XLA")}
    shown = "\nimport os; print(os.environ.get('XLA_FLAGS'))"
    command = [sys.executable, "-c", code + shown]
    return subprocess.run(
        command, env=kept | environment, capture_output=True, text=True, check=False
    )


def test_the_installed_tensorflow_is_among_those_tried():
    assert xla.installed_tensorflow() in xla.TESTED


@pytest.mark.slow  # TensorFlow in a process of its own
def test_with_a_version_that_was_tried_the_flags_are_set_and_training_works():
    finished = in_its_own_process(TRAIN)
    trained, flags = finished.stdout.splitlines()
    assert (finished.returncode, trained) == (0, "trained"), finished.stderr
    assert {flag.partition("=")[0] for flag in flags.split()} == {f"--{name}" for name in xla.FLAGS}


@pytest.mark.slow  # TensorFlow in a process of its own
def test_with_any_other_version_training_works_without_them():
    finished = in_its_own_process(PRETEND + TRAIN)
    assert (finished.returncode, finished.stdout) == (0, "trained\nNone\n"), finished.stderr


@pytest.mark.slow  # TensorFlow in a process of its own
def test_a_name_that_tensorflow_does_not_know_ends_the_process():
    """Why there is a list: no exception could be caught."""
    finished = in_its_own_process(DROPPED + TRAIN)
    assert finished.returncode != 0
    assert "trained" not in finished.stdout
    assert "Traceback" not in finished.stderr


def test_they_can_be_left_out():
    finished = in_its_own_process("import helpers", COURSE_XLA="0")
    assert finished.stdout == "None\n"


@pytest.mark.parametrize("name", [*xla.FLAGS, "xla_cpu_small_while_loop_byte_threshold"])
def test_the_pinned_tensorflow_still_knows_each_name(name):
    """Unknown options inside xla_backend_extra_options are ignored, so only this would tell."""
    folder = Path(importlib.util.find_spec("tensorflow").origin).parent
    libraries = (
        path for path in folder.rglob("*") if re.search(r"\.(so|dll|dylib|pyd)\b", path.name)
    )
    assert any(holds(path, name) for path in sorted(libraries, key=lambda p: -p.stat().st_size))


def holds(path, name):
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(name.encode()) >= 0


def test_a_flag_that_somebody_has_set_keeps_its_value():
    present = "--xla_cpu_multi_thread_eigen=true --xla_dump_to=folder"
    flags = xla.with_flags(present, xla.TESTED[0]).split()
    assert flags[:2] == present.split()
    names = [flag.partition("=")[0] for flag in flags]
    assert len(set(names)) == len(names) == len(xla.FLAGS) + 1
