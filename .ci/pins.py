"""Turn the direct dependencies into exact pins, for every tool that installs the course.

    uv run python .ci/pins.py              write the files below, keeping each pin that still fits
    uv run python .ci/pins.py --upgrade    write them with the newest versions that fit
    uv run python .ci/pins.py --oldest     write them with the oldest versions that course.in allows
    uv run python .ci/pins.py --check      write nothing; show what is out of date and exit 1

People edit requirements/course.in (what the course runs on) and requirements/test.in (what only its
tests need). From these two come all files named in OUTPUTS. Exit status 2 means that uv could
not do its work at all, most often because the package registry was out of reach.
"""

import argparse
import difflib
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "uv run python .ci/pins.py"
SOURCES = ("requirements/course.in", "requirements/test.in")
OUTPUTS = (
    "requirements/course.txt",
    "requirements/course-hashed.txt",
    "requirements/test.txt",
    "environment.yml",
    "binder/environment.yml",
)


def oldest_python() -> str:
    """The lower end of requires-python in pyproject.toml, such as '3.11'."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lower, _, _ = project["requires-python"].partition(",")
    return lower.removeprefix(">=")


def compile_pins(folder: Path, source: str, target: str, *options: str) -> None:
    """Resolve `source` into `target` for all platforms and Python versions at once."""
    # Under `uv run` this is the uv that requirements/test.txt pins, so that a newer one on the
    # machine, which may lay its output out differently, does not make every pin look outdated.
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("pins.py needs uv; install it with: python -m pip install uv")
    command = [uv, "pip", "compile", source, "--output-file", target, "--quiet", "--universal"]
    command += ["--python-version", oldest_python(), "--custom-compile-command", COMMAND]
    # A mirror set up on this machine is nobody else's business.
    command += ["--no-emit-index-url", "--no-emit-find-links", *options]
    finished = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        print(f"uv could not compile {source}:\n{finished.stderr}", file=sys.stderr)
        sys.exit(finished.returncode)


def conda_environment(pins: Iterable[str]) -> str:
    """The text of an environment.yml whose pip section is `pins`."""
    head = [
        "# This file was generated from requirements/course.in via the following command:",
        f"#    {COMMAND}",
        "name: lstm-or-mlp",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        "  - python=3.12",
        "  - pip",
        "  - pip:",
    ]
    return "\n".join([*head, *(f"      - {pin}" for pin in pins)]) + "\n"


def generate(folder: Path, *, upgrade: bool, oldest: bool) -> None:
    """Write all outputs into `folder`, which holds the sources and the pins made before."""
    newest = ["--upgrade"] if upgrade else []
    # Of what course.in names itself: what these need in turn is as new as they let it be.
    chosen = ["--upgrade", "--resolution", "lowest-direct"] if oldest else newest
    compile_pins(folder, "requirements/course.in", "requirements/course.txt", *chosen)
    compile_pins(folder, "requirements/test.in", "requirements/test.txt", *newest)
    # From the pins, not from course.in: the same versions, whatever else is out by now.
    hashed = ("requirements/course-hashed.txt", "--generate-hashes", "--no-annotate")
    compile_pins(folder, "requirements/course.txt", *hashed)
    lines = (folder / "requirements/course.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if not line.lstrip().startswith("#")]
    # Only conda installs `helpers` from here. In Binder a local entry would make the image's layer
    # of packages be built again after every commit; binder/postBuild installs `helpers` there.
    (folder / "environment.yml").write_text(conda_environment([*pins, "-e ."]), "utf-8")
    (folder / "binder/environment.yml").write_text(conda_environment(pins), "utf-8")


def difference(name: str, fresh: Path) -> str:
    """How the committed file `name` differs from the `fresh` one; empty if it does not."""
    committed = ROOT / name
    old = committed.read_text("utf-8").splitlines() if committed.exists() else []
    new = fresh.read_text("utf-8").splitlines()
    return "\n".join(difflib.unified_diff(old, new, name, f"{name} (current)", lineterm="", n=0))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="write nothing; exit 1 if out of date")
    mode.add_argument("--upgrade", action="store_true", help="do not keep the present pins")
    mode.add_argument("--oldest", action="store_true", help="take the oldest that course.in allows")
    options = parser.parse_args()

    # In a folder of its own: a failure half-way leaves the repository as it was, and the
    # comments that uv writes name no path of this machine.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for target in OUTPUTS:
            (folder / target).parent.mkdir(exist_ok=True)
        for known in (*SOURCES, *OUTPUTS):
            if (ROOT / known).exists():
                shutil.copyfile(ROOT / known, folder / known)
        generate(folder, upgrade=options.upgrade, oldest=options.oldest)

        outdated = [text for name in OUTPUTS if (text := difference(name, folder / name))]
        if options.check:
            print("\n".join(outdated) or "All pins are current.")
            return 1 if outdated else 0
        for output in OUTPUTS:
            shutil.copyfile(folder / output, ROOT / output)
        print(f"{len(outdated)} of {len(OUTPUTS)} files changed.")
        return 0


if __name__ == "__main__":
    sys.exit(main())
