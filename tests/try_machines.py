"""Try the course as on other machines: `uv run python tests/try_machines.py [notebook ...]`.

Runs the notebooks (all, if none is named) with their stored outputs compared as `uv run pytest`
compares them, once for each machine of MACHINES and each other Python that the course runs on, as
many at a time as there are cores, and prints one table. `--on NAME ...` picks machines by name.

A claim that luck decides and that does not hold ends no run: its cell has failed, as its text is
another, and the cells below it are still compared. What failed stands below the table, and the exit
status is then 1. A Python that is not on this machine is 'not here', which is no failure; others
are given an environment in a temporary folder, from the same pins.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from packaging.specifiers import SpecifierSet
from record_outputs import ROOT, environment

#: Seconds a notebook may take, together with all others that run beside it.
TO_RUN = 3600

#: Name -> what is set there in the environment. The first is the course as its learners run it:
#: `helpers` turns oneDNN off and asks for one thread.
MACHINES: Mapping[str, Mapping[str, str]] = {
    "as it is": {},
    "oneDNN": {"TF_ENABLE_ONEDNN_OPTS": "1"},
    # What processors of 2013 and of 2008 can do, in the words of XLA and of oneDNN.
    "AVX2": {"XLA_FLAGS": "--xla_cpu_max_isa=AVX2"},
    "SSE4": {"XLA_FLAGS": "--xla_cpu_max_isa=SSE4_2"},
    "oneDNN AVX2": {
        "TF_ENABLE_ONEDNN_OPTS": "1",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "XLA_FLAGS": "--xla_cpu_max_isa=AVX2",
    },
    "oneDNN SSE4": {
        "TF_ENABLE_ONEDNN_OPTS": "1",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "XLA_FLAGS": "--xla_cpu_max_isa=SSE4_2",
    },
    "no XLA flags": {"COURSE_XLA": "0"},
    "two threads": {"TF_NUM_INTRAOP_THREADS": "2"},
}

#: Variables of the shell that would move every machine.
SWITCHES = re.compile(r"TF_.*|XLA_.*|ONEDNN_.*|DNNL_.*|OMP_.*|PYTEST_.*")


@dataclass(frozen=True)
class Tried:
    """One notebook on one machine: how long it took, and what failed, by cell."""

    seconds: float
    failures: Sequence[str] = field(default=())

    def __str__(self) -> str:
        return f"{'FAILED' if self.failures else 'passed'} {self.seconds:.0f} s"


def main(arguments: Sequence[str] | None = None) -> int:
    options = parsed(arguments)
    table: dict[str, dict[str, Tried | None]] = {name: {} for name in options.on}
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.jobs) as pool:
        work = {}
        for name in options.on:
            python = interpreter(name, Path(folder))
            for path in options.notebooks:
                table[name][path.stem] = None
                if python is not None:
                    job = pool.submit(run, path, python, MACHINES.get(name, {}), Path(folder))
                    work[job] = name, path.stem
        for count, job in enumerate(as_completed(work), start=1):
            name, notebook = work[job]
            table[name][notebook] = job.result()
            print(f"{count}/{len(work)} {name}, {notebook}: {job.result()}", file=sys.stderr)
    print(drawn(table))
    failed = [
        f"{name}, {notebook}, {failure}"
        for name, row in table.items()
        for notebook, tried in row.items()
        for failure in (tried.failures if tried else ())
    ]
    print("\n".join(["", *failed]) if failed else "\nAll that ran has passed.")
    return int(bool(failed))


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    everything = sorted((ROOT / "notebooks").glob("*.ipynb"))
    names = [*MACHINES, *pythons()]
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all of the course")
    parser.add_argument("--on", nargs="+", choices=names, default=names, metavar="NAME")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at a time")
    options = parser.parse_args(arguments)
    options.notebooks = [path.resolve() for path in options.notebooks or everything]
    for path in options.notebooks:
        if path.suffix != ".ipynb" or not path.is_file():
            parser.error(f"no notebook: {path}")
    return options


# ---- Pythons -----------------------------------------------------------------------------------


def pythons() -> list[str]:
    """The other versions that pyproject.toml allows, such as 'Python 3.12'."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    allowed = SpecifierSet(project["requires-python"])
    minors = [minor for minor in range(100) if allowed.contains(f"3.{minor}")]
    return [f"Python 3.{minor}" for minor in minors if minor != sys.version_info.minor]


def interpreter(machine: str, folder: Path) -> Path | None:
    """The Python to run on `machine`, with the pinned packages; None if it is not here."""
    if machine in MACHINES:
        return Path(sys.executable)
    version = machine.removeprefix("Python ")
    found = uv("python", "find", "--no-project", "--no-python-downloads", version, check=False)
    if found.returncode != 0:
        return None
    own = folder / version
    uv("venv", "--quiet", "--python", found.stdout.strip(), str(own))
    python = own / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pins = [f"--requirement={ROOT / 'requirements' / name}" for name in ("course.txt", "test.txt")]
    print(f"{machine}: installing the pinned packages", file=sys.stderr)
    uv("pip", "install", "--quiet", "--python", str(python), *pins)
    uv("pip", "install", "--quiet", "--python", str(python), "--no-deps", f"--editable={ROOT}")
    return python


def uv(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run uv, which also finds the Pythons of pyenv, whether these are on the path or not."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    path = [os.environ["PATH"], *map(str, sorted(pyenv.glob("versions/*/bin")))]
    finished = subprocess.run(
        [shutil.which("uv") or "uv", *arguments],
        env=os.environ | {"PATH": os.pathsep.join(path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if check and finished.returncode != 0:
        sys.exit(f"uv {' '.join(arguments)}\n{finished.stderr}")
    return finished


# ---- One notebook ------------------------------------------------------------------------------


def run(path: Path, python: Path, switches: Mapping[str, str], folder: Path) -> Tried:
    """Compare the notebook's outputs in a process of its own, under `switches`."""
    began = time.monotonic()
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".xml", delete=False) as file:
        report = Path(file.name)
    # Without pytest-env, which would set COURSE_CLAIMS=strict: the first claim that luck decides
    # would end the run. All else that it sets, `surroundings` has set.
    options = ["-p", "no:env", "-p", "no:cacheprovider", "--numprocesses=0", "--quiet"]
    options += ["-c", "pyproject.toml", f"--junitxml={report}"]
    command = [str(python), "-m", "pytest", *options, str(path)]
    try:
        finished = subprocess.run(
            command,
            env=surroundings(switches),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=TO_RUN,
        )
    except subprocess.TimeoutExpired:
        return Tried(time.monotonic() - began, [f"not done within {TO_RUN} s"])
    seconds = time.monotonic() - began
    failures = failures_in(report.read_text(encoding="utf-8"))
    if finished.returncode != 0 and not failures:
        failures = [f"pytest did not get to the cells:\n{finished.stdout}{finished.stderr}"]
    return Tried(seconds, failures)


def surroundings(switches: Mapping[str, str]) -> dict[str, str]:
    """The environment of the tests, with `switches` and nothing else that could move a result."""
    shell = {name: text for name, text in environment().items() if not SWITCHES.fullmatch(name)}
    return {**shell, "COURSE_CLAIMS": "", **switches}


def failures_in(report: str) -> list[str]:
    """For each cell that failed, its number and how it differs, from pytest's report in XML."""
    if not report:
        return []
    return [
        f"{cell.get('name')}: {said(problem.text or problem.get('message', ''))}"
        for cell in ElementTree.fromstring(report).iter("testcase")
        for problem in [*cell.iter("failure"), *cell.iter("error")]
    ]


def said(text: str) -> str:
    """The lines that tell stored outputs and new ones apart, or the error; a claim is in both."""
    text = re.sub(r"(?:#x1B|\x1b)\[[\d;]*m", "", text)
    _, _, differs = text.partition("assert reference_output == test_output failed:")
    lines = [line.strip() for line in differs.splitlines()]
    marks = {"- ": "    now:    ", "+ ": "    stored: "}
    lines = [marks[line[:2]] + line[2:] for line in lines if line[:2] in marks]
    if lines:
        return "\n".join(["it says something else", *lines])
    _, _, rest = text.partition("Traceback:")
    error = re.findall(r"^\w[\w.]*(?:Error|Exception|Interrupt)\b.*", rest, re.MULTILINE)
    return text[text.rindex(error[-1]) :].strip() if error else (rest or text).strip()


def drawn(table: Mapping[str, Mapping[str, Tried | None]]) -> str:
    """The table in Markdown: a row for each machine, a column for each notebook."""
    notebooks = next(iter(table.values()))
    rows = [["on", *(notebook.split("_")[0] for notebook in notebooks)]]
    rows += [
        [name, *(str(tried) if tried else "not here" for tried in row.values())]
        for name, row in table.items()
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, ["-" * width for width in widths])
    return "\n".join("| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows)


if __name__ == "__main__":
    sys.exit(main())
