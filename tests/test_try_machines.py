"""`try_machines.py` tells on which machine a notebook says something else, and what it says."""

import importlib.util
import mmap
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import try_machines
from nbformat import v4
from record_outputs import ROOT
from try_machines import MACHINES, Tried, drawn, main, pythons, run, said, surroundings

LUCK = "At least 4 times"
#: Source and stored output of each cell.
CELLS = [
    ("import os\nprint(os.environ.get('TF_NUM_INTRAOP_THREADS'))", "2\n"),
    ("print('≈ 0.31')", "≈ 0.26\n"),
    (f"print('✗ {LUCK}: not in your run; it held in 58 of 60 of ours')", f"✓ {LUCK}\n"),
    ("raise AssertionError('✗ Three is four\\nfound 3, bound <= 2')", ""),
    ("print(repr(os.environ['COURSE_CLAIMS']))", "''\n"),
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A notebook in which the two cells about claims come out otherwise than stored."""
    nb = v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    for count, (source, text) in enumerate(CELLS, start=1):
        outputs = [v4.new_output("stream", name="stdout", text=text)] if text else []
        nb.cells.append(v4.new_code_cell(source, execution_count=count, outputs=outputs))
    path = tmp_path_factory.mktemp("sample") / "00_sample.ipynb"
    nbformat.write(nb, path)
    return path


@pytest.mark.slow  # starts kernels
def test_a_false_claim_is_told_and_the_cells_below_it_are_still_compared(
    sample, tmp_path, monkeypatch
):
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "7")
    tried = run(sample, Path(sys.executable), MACHINES["two threads"], tmp_path)
    luck, exact = tried.failures
    assert luck.startswith("Cell 2: it says something else\n")
    assert f"now:    ✗ {LUCK}: not in your run; it held in 58 of 60 of ours" in luck
    assert f"stored: ✓ {LUCK}" in luck
    assert exact == "Cell 3: AssertionError: ✗ Three is four\nfound 3, bound <= 2"


def test_the_table_has_a_row_for_each_machine_and_the_status_tells_of_failures(
    sample, tmp_path, monkeypatch, capsys
):
    outcome = {"2": Tried(4.4), "": Tried(3.2, ["Cell 7: ValueError: no"])}

    def pretend(path, python, switches, folder):
        return outcome[switches.get("TF_NUM_INTRAOP_THREADS", "")]

    monkeypatch.setattr(try_machines, "run", pretend)
    monkeypatch.setattr(try_machines, "interpreter", lambda name, folder: name in MACHINES or None)
    other = pythons()[-1]
    assert main([str(sample), "--on", "two threads", other]) == 0
    assert "All that ran has passed." in capsys.readouterr().out
    assert main([str(sample), "--on", "as it is", "two threads", other]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "| on          | 00         |",
        "| ----------- | ---------- |",
        "| as it is    | FAILED 3 s |",
        "| two threads | passed 4 s |",
        f"| {other} | not here   |",
        "",
        "as it is, 00_sample, Cell 7: ValueError: no",
    ]


def test_columns_are_as_wide_as_what_they_hold():
    table = {"here": {"00_a": Tried(100), "01_b": None}}
    assert drawn(table) == (
        "| on   | 00           | 01       |\n"
        "| ---- | ------------ | -------- |\n"
        "| here | passed 100 s | not here |"
    )


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Traceback:\nUnexpected output fields: {'stdout'}", "Unexpected output fields"),
        ("Timeout of 300 seconds exceeded while executing cell.", "Timeout of 300 seconds"),
        (
            "Input:\nraise_Error\n\nTraceback:\n---\nKeyError\nKeyError: 'x'\nmore\n",
            "KeyError: 'x'",
        ),
    ],
)
def test_what_is_no_difference_between_texts_is_told_as_nbval_does(text, short):
    assert said(f"#x1B[94m{text}#x1B[0m").startswith(short)


def test_the_shell_moves_no_machine_and_only_its_own_switches_are_set(monkeypatch):
    for name in ("XLA_FLAGS", "TF_ENABLE_ONEDNN_OPTS", "ONEDNN_MAX_CPU_ISA", "COURSE_SEED_OFFSET"):
        monkeypatch.setenv(name, "1")
    plain = surroundings({})
    assert not [name for name in plain if re.match("XLA|TF_|ONEDNN|COURSE_SEED", name)]
    assert (plain["COURSE_PROGRESS"], plain["COURSE_CLAIMS"]) == ("0", "")
    for switches in MACHINES.values():
        assert surroundings(switches) == {**plain, **switches}


@pytest.mark.parametrize("name", MACHINES)
def test_helpers_leave_the_switches_of_a_machine_as_they_are(name):
    code = "import helpers, os\nfor name in os.environ: print(name, os.environ[name])"
    environment = surroundings(MACHINES[name])
    found = subprocess.check_output([sys.executable, "-c", code], env=environment, text=True)
    after = dict(line.split(" ", 1) for line in found.splitlines() if " " in line)
    for switch, value in MACHINES[name].items():
        assert value in after[switch].split()
    has_ours = "xla_cpu_multi_thread_eigen" in after.get("XLA_FLAGS", "")
    assert has_ours == (name != "no XLA flags")


@pytest.mark.parametrize(
    "words", ["xla_cpu_max_isa", "Available values: SSE4_2, AVX, AVX2,", "MAX_CPU_ISA", "SSE41"]
)
def test_the_pinned_tensorflow_knows_how_to_do_without_newer_instructions(words):
    """An unknown value would change nothing, and say nothing."""
    folder = Path(importlib.util.find_spec("tensorflow").origin).parent
    libraries = [path for path in folder.rglob("*") if re.search(r"\.(so|dll|dylib)\b", path.name)]
    largest = max(libraries, key=lambda path: path.stat().st_size)
    with largest.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        assert held.find(words.encode()) >= 0


def test_every_other_python_that_the_readme_names_is_tried():
    here = f"3.{sys.version_info.minor}"
    (named,) = re.findall(r"You need Python ([\d., or]+),", (ROOT / "README.md").read_text("utf-8"))
    versions = re.findall(r"3\.\d+", named)
    assert here in versions
    assert pythons() == [f"Python {version}" for version in versions if version != here]


def test_a_python_that_is_not_here_is_no_failure(tmp_path):
    assert try_machines.interpreter("Python 3.99", tmp_path) is None
    assert try_machines.interpreter("as it is", tmp_path) == Path(sys.executable)
    assert os.listdir(tmp_path) == []
