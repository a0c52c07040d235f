"""The workflows for GitHub are what GitHub's schema asks for, and run what README.md says.

Whether they run there, no test here can tell.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def jobs(name: str) -> dict:
    path = ROOT / ".github/workflows" / name
    return YAML(typ="safe").load(path.read_text("utf-8"))["jobs"]


def commands(job: dict) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def complaints(*paths: Path) -> str:
    """What the schema has against the files; empty if nothing."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    finished = subprocess.run(
        [*command, "vendor.github-workflows", *paths], capture_output=True, text=True, check=False
    )
    return finished.stdout + finished.stderr if finished.returncode else ""


def test_github_would_read_them():
    assert len(WORKFLOWS) >= 2
    assert complaints(*WORKFLOWS) == ""


@pytest.mark.parametrize(
    ("right", "wrong"), [("runs-on:", "run-on:"), ("timeout-minutes: 120", "timeout-minutes: [1]")]
)
def test_a_slip_in_one_would_be_seen(right: str, wrong: str, tmp_path: Path):
    text = (ROOT / ".github/workflows/tests.yml").read_text("utf-8")
    assert right in text
    (tmp_path / "tests.yml").write_text(text.replace(right, wrong), "utf-8")
    assert complaints(tmp_path / "tests.yml") != ""


def test_every_system_and_every_python_of_the_course_is_tested():
    matrix = jobs("tests.yml")["quick"]["strategy"]["matrix"]
    assert {name.split("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}
    readme = (ROOT / "README.md").read_text("utf-8")
    named = re.search(r"You need Python ([\d., or]+), on", readme)
    assert named
    assert matrix["python"] == re.findall(r"3\.\d+", named[1])


def test_everything_is_tested_somewhere_with_the_command_of_the_readme():
    last = commands(jobs("tests.yml")["all"])[-1]
    assert last == "uv run pytest"
    assert last in (ROOT / "README.md").read_text("utf-8").splitlines()


def test_weekly_the_newest_and_the_oldest_versions_are_tried():
    job = jobs("weekly.yml")["versions"]
    options = {case["option"] for case in job["strategy"]["matrix"]["include"]}
    assert options == {"--upgrade", "--oldest"}
    said = subprocess.check_output([sys.executable, ".ci/pins.py", "--help"], cwd=ROOT, text=True)
    assert all(option in said for option in options)
    assert commands(job)[-1] == "uv run pytest"


def test_the_website_that_is_published_is_the_one_that_is_made():
    made, published = jobs("website.yml")["make"], jobs("website.yml")["publish"]
    command = commands(made)[-1]
    assert command.startswith("uv run python tools/website.py ")
    (handed_on,) = (s["with"]["path"] for s in made["steps"] if "upload-pages" in s.get("uses", ""))
    assert command.split()[-1] == handed_on
    assert published["needs"] == "make"
    assert published["permissions"] == {"pages": "write", "id-token": "write"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_what_they_run_is_there(path: Path):
    for job in jobs(path.name).values():
        for command in commands(job):
            for script in re.findall(r"python ([\w./]+\.py)", command):
                assert (ROOT / script).is_file(), script
