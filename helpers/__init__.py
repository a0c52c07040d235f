"""The shared code of the course "LSTM or MLP?".

Import from `helpers` before you import Keras: this file holds TensorFlow's log lines back (they
would land in the notebooks) and makes sure that Keras runs on TensorFlow.

- `helpers.data`      the article's data, windows over a series
- `helpers.training`  `fit`: Keras' own, its epochs compiled into a few calls; `repeat` over seeds
- `helpers.report`    `claim`, the sign for digits that may move, tables
- `helpers.contest`   formulas, a line and networks forecast a learner's own series
- `helpers.verdict`   what came of that, in words
- `helpers.plots`     the figures of the course and their one style
- `helpers.drawings`  an array, an LSTM, models and tasks, drawn from real numbers
- `helpers.widgets`   the figures you can play with, a file a notebook, and what moves them
- `helpers.exercises` `check` looks at an answer, `progress` shows what is done; a file a notebook
- `helpers.bets`      `bet` writes a guess down, `settle` holds it against the result
- `helpers.examples`  the small series that a notebook shows and its exercise asks about
- `helpers.seeds`     the seeds of every run, read in one place
- `helpers.inputs`    arguments checked early
- `helpers.alternative_text`  what a figure shows, in words, for those who cannot see it
- `helpers.preflight` is this machine ready? `python -m helpers.preflight` says so
- `helpers.xla`       how the compiler is told to make code, before TensorFlow is loaded
"""

import contextlib
import ctypes
import os
import sys

from helpers import alternative_text, xla

# TensorFlow reads these once, when it is first imported. Either alone still leaves a line.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
# The course's models are so small that handing work to a second thread takes longer than doing it.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
_flags = xla.with_flags(os.environ.get("XLA_FLAGS", ""), xla.installed_tensorflow())
if _flags:
    os.environ["XLA_FLAGS"] = _flags

# Memory, which Binder is short of: glibc keeps what compiling frees unless it is told not to.
with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library has no mallopt
    for _option, _value in ((-8, 1), (-1, 2**17)):  # M_ARENA_MAX, M_TRIM_THRESHOLD
        ctypes.CDLL(None).mallopt(_option, _value)

if "keras" in sys.modules:
    _backend = sys.modules["keras"].backend.backend()
    if _backend != "tensorflow":
        raise ImportError(
            f"This course runs Keras on TensorFlow, but Keras is already loaded on {_backend!r}. "
            "Restart the kernel and import helpers before keras."
        )
else:
    os.environ["KERAS_BACKEND"] = "tensorflow"

alternative_text.describe_figures()
