"""`python -m helpers.preflight` says whether a machine is ready, and what to do if it is not."""

import importlib.metadata
import json
import socket
import subprocess
import sys
from pathlib import Path

from helpers import preflight
from helpers.preflight import CHECKS, GB, Check, Wrong, main

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent


def wrong(look, *arguments, **options) -> str:
    """What a check complains of, with what to do about it."""
    with pytest.raises(Wrong) as caught:
        look(*arguments, **options)
    assert caught.value.remedy
    return f"{caught.value}. {caught.value.remedy}"


# Python and packages -----------------------------------------------------------------------------


def test_a_python_outside_the_range_of_the_course_is_named_with_the_range():
    assert preflight.python((3, 12, 1), ">=3.11,<3.14") == "3.12.1"
    for version in ((3, 10, 9), (3, 14, 0)):
        said = wrong(preflight.python, version, ">=3.11,<3.14")
        assert ".".join(map(str, version)) in said
        assert ">=3.11,<3.14" in said
        assert "uv run" in said


def test_the_range_of_pythons_is_that_of_the_installed_course():
    assert preflight.python() == ".".join(map(str, sys.version_info[:3]))
    assert "and the course needs <3.14,>=3.11" in wrong(preflight.python, (3, 10, 0))


def test_a_package_that_is_missing_and_one_of_another_version_are_named():
    installed = {"numpy": "2.4.6", "keras": "3.9.0"}

    def version(name: str) -> str:
        if name not in installed:
            raise importlib.metadata.PackageNotFoundError(name)
        return installed[name]

    pins = ["numpy==2.4.6", "keras==3.15.1", "tqdm==4.70.1"]
    said = wrong(preflight.packages, pins, version)
    assert "keras is 3.9.0 in place of 3.15.1, tqdm is missing" in said
    assert "numpy" not in said
    assert "uv sync" in said
    installed |= {"keras": "3.15.1", "tqdm": "4.70.1"}
    assert preflight.packages(pins, version) == "3 as pinned"


def test_only_the_first_of_many_packages_are_named():
    said = wrong(preflight.packages, [f"no-such-package-{n}==1" for n in range(9)])
    assert said.count("is missing") == 3
    assert "and 6 more" in said


def test_pins_for_other_machines_and_for_tests_do_not_count():
    pins = ["nowhere==1; sys_platform == 'none'", "pytest==0; extra == 'test'"]
    assert preflight.packages(pins) == "0 as pinned"


def test_the_pins_are_those_of_the_course():
    lines = (ROOT / "requirements/course.txt").read_text("utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line[:1].isalnum()]
    here = [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]
    assert preflight.packages() == f"{len(here)} as pinned"
    assert f"and {len(here) - 3} more" in wrong(preflight.packages, version=lambda name: "0")


def test_a_course_that_is_not_installed_is_said_to_be_so(monkeypatch):
    monkeypatch.setattr(preflight, "COURSE", "no-such-course")
    assert "the course itself is not installed" in wrong(preflight.packages)


# The machine -------------------------------------------------------------------------------------


def test_too_little_memory_is_given_in_numbers():
    assert preflight.memory(8 * GB) == "8.0 GB free"
    assert "0.7 GB free, and a notebook needs 1.2" in wrong(preflight.memory, 0.7 * GB)


def test_the_share_that_a_server_gives_counts(monkeypatch):
    monkeypatch.setenv("MEM_LIMIT", str(10**9))
    assert "1.0 GB free, and a notebook needs" in wrong(preflight.memory)


def test_a_full_disk_is_named(tmp_path):
    room = {tmp_path / "full": 10**7, tmp_path / "empty": 10**11}
    said = wrong(preflight.disk, room, room.get)
    assert f"0.01 GB free in {tmp_path / 'full'}" in said
    assert preflight.disk([tmp_path / "empty"], room.get) == "100 GB free"


def test_a_folder_that_is_not_there_or_not_writable_is_named(tmp_path):
    preflight.writable([tmp_path])
    assert list(tmp_path.iterdir()) == []
    file = tmp_path / "file"
    file.write_text("")
    said = wrong(preflight.writable, [tmp_path, file])
    assert str(file) in said
    assert "HOME" in said


def test_the_home_folder_and_that_of_the_notebooks_are_tried(monkeypatch, tmp_path):
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path)
    assert str(tmp_path / "home") in wrong(preflight.writable)
    (tmp_path / "home").mkdir()
    preflight.writable()
    (tmp_path / "notebooks").rmdir()
    (tmp_path / "home").rmdir()


# Training and the kernel -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise ImportError('no keras here')", "the training failed: ImportError: no keras here"),
        ("print('loss', 1.0, 0.9)", "the loss went from 1 to 0.9, and it ought to fall"),
        ("print('loss', 1.0, float('nan'))", "the loss went from 1 to nan"),
        ("import time; time.sleep(60)", "not done after 0.5 seconds"),
    ],
)
def test_a_training_that_fails_stalls_or_learns_nothing_is_told_apart(code, said):
    assert said in wrong(preflight.training, code, timeout=0.5 if "sleep" in code else 60)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_process_that_is_killed_is_said_to_have_been():
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert "ended by signal 9. Signal 9 means too little memory" in wrong(preflight.training, code)


def kernel_that_runs(folder: Path, *command: str) -> None:
    spec = folder / "kernels/python3/kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": command, "display_name": "x", "language": "python"}))


def test_a_kernel_that_is_not_installed_is_said_to_be_so():
    assert "no kernel named no-such-kernel" in wrong(preflight.kernel, "no-such-kernel")


@pytest.fixture
def jupyter_path(monkeypatch, tmp_path) -> Path:
    """A folder in which Jupyter looks first."""
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    return tmp_path


def test_a_kernel_that_dies_at_once_is_said_not_to_start(jupyter_path):
    kernel_that_runs(jupyter_path, sys.executable, "-c", "raise SystemExit(1)")
    assert "the kernel did not start" in wrong(preflight.kernel)


def test_a_kernel_that_says_nothing_is_waited_for_so_long_and_no_longer(jupyter_path):
    kernel_that_runs(jupyter_path, sys.executable, "-c", "import time; time.sleep(60)")
    assert "the kernel did not start" in wrong(preflight.kernel, timeout=1)


def test_a_kernel_of_another_python_is_found_out(jupyter_path):
    # It is the same Python, which believes itself to be another.
    code = (
        "import sys; sys.prefix = 'elsewhere'; from ipykernel import kernelapp as k; "
        "k.launch_new_instance()"
    )
    kernel_that_runs(jupyter_path, sys.executable, "-c", code, "-f", "{connection_file}")
    said = wrong(preflight.kernel)
    assert "the kernel runs in elsewhere" in said
    assert "jupyter kernelspec remove python3" in said


# The port ----------------------------------------------------------------------------------------


def test_a_taken_port_is_no_obstacle_as_long_as_another_is_free():
    ports = range(8888, 8891)
    assert preflight.port(ports, lambda number: True) == "8888 is free"
    assert "yours will take 8890" in preflight.port(ports, lambda number: number == 8890)
    said = wrong(preflight.port, ports, lambda number: False)
    assert "none of the ports 8888 to 8890 is free" in said
    assert "--port=" in said


def test_a_port_at_which_a_server_listens_counts_as_taken():
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        assert f"none of the ports {taken} to {taken} is free" in wrong(preflight.port, [taken])
    assert preflight.port([taken]) == f"{taken} is free"


def test_the_ports_are_those_that_jupyterlab_tries():
    from jupyterlab.labapp import LabApp

    app = LabApp.serverapp_class
    retries = app.port_retries.default_value
    assert list(preflight.PORTS) == list(range(8888, 8888 + retries + 1))
    assert app().port == 8888


# All of it ---------------------------------------------------------------------------------------


def test_each_check_gets_a_line_and_the_exit_status_says_the_same(capsys):
    def fails() -> str:
        raise Wrong("it is broken", "Mend it so.")

    def raises() -> str:
        raise KeyError("unforeseen")

    assert main([Check("one", lambda: "fine"), Check("two", lambda: "good")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "one       ok     fine",
        "two       ok     good",
        "This machine is ready.",
    ]
    assert main([Check("one", fails), Check("two", raises), Check("three", lambda: "fine")]) == 1
    first, second, third, last = capsys.readouterr().out.splitlines()
    assert first == "one       WRONG  it is broken. Mend it so."
    assert second.startswith("two       WRONG  KeyError: 'unforeseen'. ")
    assert third == "three     ok     fine"
    assert last.startswith("Not ready: 2 of these are wrong")


@pytest.mark.slow  # TensorFlow in a process of its own, and a kernel
def test_this_machine_is_looked_at_from_python_to_port():
    command = [sys.executable, "-m", "helpers.preflight"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    *lines, last = ran.stdout.splitlines()
    assert [line.split()[0] for line in lines] == [check.name for check in CHECKS]
    assert {line.split()[1] for line in lines} == {"ok"}, ran.stdout
    assert last == "This machine is ready."
    assert ran.returncode == 0
    assert ran.stderr == ""
