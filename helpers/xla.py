"""How XLA, TensorFlow's compiler, makes code for the CPU: flags set before TensorFlow is loaded.

A flag that TensorFlow does not know ends the process without a traceback, and XLA drops flags from
one version to the next. So they are set for the versions they were tried on and for no other: with
another one the course runs as well, only slower. `COURSE_XLA=0` in the environment leaves them out.
"""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Mapping

__all__ = ["FLAGS", "TESTED", "installed_tensorflow", "with_flags"]

#: The versions of TensorFlow on which FLAGS were tried.
TESTED = ("2.21.0",)

#: Name -> value of each flag.
FLAGS: Mapping[str, str] = {
    # The older emitters and fewer passes: code as fast for models this small, compiled in two
    # thirds of the time and 100 MB less memory, which is what Binder is short of.
    "xla_cpu_use_fusion_emitters": "false",
    "xla_backend_optimization_level": "1",
    # One thread, and the code in one piece rather than in parts for several.
    "xla_cpu_multi_thread_eigen": "false",
    "xla_cpu_parallel_codegen_split_count": "1",
    # Each small operation of a loop is a call of its own, unless the loop's arrays hold fewer bytes
    # than this. Seconds of training again (tests/benchmark_fit.py says what that is) on one core,
    # at XLA's own 1 KB, at 96, 128, 160 and 192 KB:
    #     the article's LSTM(8), 2000 epochs      1.33  0.49  0.48  0.48  0.48
    #     the same, its five steps unrolled       0.81  0.82  0.43  0.43  0.43
    #     the article's MLP, 2000 epochs          0.17  0.11  0.11  0.11  0.11
    #     LSTM(16), 50 steps, 30,000 sequences    0.63  0.62  0.63  0.77  2.28
    #     GRU(16), the same                       0.58  0.57  0.57  0.57  1.63
    #     SimpleRNN(16), the same                 0.28  0.46  0.46  0.54  0.45
    # A Dense layer at each step, a CNN, wide MLPs and the memory needed did not change. Only the
    # SimpleRNN loses. Unrolled it would not (0.35), but then it takes 7 seconds to compile.
    "xla_backend_extra_options": "xla_cpu_small_while_loop_byte_threshold=131072",
}


def installed_tensorflow() -> str | None:
    """The version of TensorFlow that is installed, found without loading it; None if none is."""
    for name in ("tensorflow-cpu", "tensorflow"):
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return None


def with_flags(present: str, version: str | None) -> str:
    """What XLA_FLAGS should hold under the TensorFlow `version`, where it holds `present` now.

    A flag that is there already keeps its value.
    """
    if version not in TESTED or os.environ.get("COURSE_XLA") == "0":
        return present
    named = {flag.removeprefix("--").partition("=")[0] for flag in present.split()}
    added = [f"--{name}={value}" for name, value in FLAGS.items() if name not in named]
    return " ".join([*present.split(), *added])
