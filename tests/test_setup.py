"""The set-up: whatever a person installs the course with, the same course arrives."""

import ast
import functools
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from jupyterlab_server.settings_utils import get_settings
from packaging.requirements import Requirement
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
OPEN_COMMAND = "uv run jupyter lab notebooks/00_start_here.ipynb"
TEST_COMMAND = "uv run pytest"

runs_bash = pytest.mark.skipif(sys.platform == "win32", reason="Binder's images are Linux images")


# The repository ----------------------------------------------------------------------------------


@functools.cache
def repository_files() -> tuple[Path, ...]:
    """The course's own files, relative to ROOT: what git tracks or, without git, what is there."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
        names = (Path(name) for name in listed.split("\0") if name)
        return tuple(name for name in names if (ROOT / name).is_file())
    made_by_tools = re.compile(
        r"\.git|\.venv|\.\w+_cache|\.hypothesis|\.ipynb_checkpoints|__pycache__|build|uv\.lock"
        r"|.+\.egg-info|\.screenshots|\.survey"
    )
    made_at_the_top = ("hand-out", "hand-out.zip", "offline", "website")
    names = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return tuple(
        name
        for name in names
        if name.parts[0] not in made_at_the_top
        and not any(map(made_by_tools.fullmatch, name.parts))
    )


def text_lines() -> Iterator[tuple[str, str]]:
    """Every line of every file of the course, after the place where it stands."""
    for name in repository_files():
        for number, line in enumerate((ROOT / name).read_text("utf-8", "replace").splitlines(), 1):
            yield f"{name}:{number}", line


def test_the_top_level_holds_only_what_a_learner_expects_there():
    allowed = re.compile(
        r"notebooks|helpers|tests|tools|binder|requirements|docs|environment\.yml|pyproject\.toml"
        r"|README\.md|CONTRIBUTING\.md|CITATION\.cff|LICENSE|\..+"
    )
    top_level = {name.parts[0] for name in repository_files()}
    assert {name for name in top_level if not allowed.fullmatch(name)} == set()


def test_no_file_says_where_packages_were_downloaded_from():
    # Spelled so that these patterns do not find themselves.
    registry = r"py[p]i\.org|py[p]i\.python|pythonho[s]ted|anacond[a]\.(?:org|com)|npm[j]s"
    archive = r"https?://\S+\.(?:whl|conda|deb|zip|tgz|tar\.\w+)\b"
    option = r"^\s*(?:-i|-f|--index-url|--extra-index-url|--find-links)[\s=]"
    address = re.compile(f"{registry}|{archive}|{option}")
    assert [place for place, line in text_lines() if address.search(line)] == []


def test_no_file_holds_a_path_of_somebodys_machine():
    # A slash within a word, a web address or an encoded image starts no path; one after an
    # escaped line break, as in a stored notebook, does.
    start = r"(?:(?<![\w/+.-])|(?<=\\n))"
    path = re.compile(start + r"(?:/(?:home|Users|root|tmp|var/folders|work|mnt)/|[A-Z]:\\+Users)")
    assert [place for place, line in text_lines() if path.search(line)] == []


def test_the_code_is_formatted_and_free_of_lint():
    complaints = ""
    for arguments in (["format", "--check", "--diff"], ["check"]):
        ruff = [sys.executable, "-m", "ruff", *arguments, "--no-cache", "."]
        finished = subprocess.run(ruff, cwd=ROOT, capture_output=True, text=True, check=False)
        if finished.returncode != 0:
            complaints += finished.stdout + finished.stderr
    if complaints:
        pytest.fail(f"mend with `ruff format` and `ruff check --fix`:\n{complaints}", pytrace=False)


def test_cells_are_formatted_but_for_statements_that_take_several_lines(tmp_path):
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        notebook = json.loads(path.read_text("utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["source"] = with_hands_off("".join(cell["source"]))
        (tmp_path / path.name).write_text(json.dumps(notebook), "utf-8")
    ruff = [sys.executable, "-m", "ruff", "format", "--check", "--diff", "--no-cache"]
    ruff += ["--config", str(ROOT / "pyproject.toml"), *sorted(map(str, tmp_path.glob("*.ipynb")))]
    finished = subprocess.run(ruff, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        pytest.fail(finished.stdout + finished.stderr, pytrace=False)


def with_hands_off(cell: str) -> str:
    """The code of a cell; where a statement, or its head, takes several lines, ruff leaves it."""
    lines = cell.split("\n")
    for node in ast.walk(ast.parse(cell)):
        if not isinstance(node, ast.stmt):
            continue
        body = getattr(node, "body", None)
        last = body[0].lineno - 1 if body else node.end_lineno
        if last > node.lineno:
            lines[last - 1] += "  # fmt: skip"
    return "\n".join(lines)


def test_the_readme_gives_the_two_commands_and_ci_runs_the_second():
    readme = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert OPEN_COMMAND in readme
    assert TEST_COMMAND in readme
    assert (ROOT / OPEN_COMMAND.split()[-1]).is_file()
    assert (ROOT / ".ci/run").read_text("utf-8").splitlines()[-1] == TEST_COMMAND


# The pins ----------------------------------------------------------------------------------------


def pins(name: str) -> list[str]:
    """The requirement lines of a compiled requirements file, without its comments and hashes."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return [line.removesuffix(" \\") for line in lines if re.match(r"\w", line)]


def conda_dependencies(name: str) -> tuple[list[str], list[str]]:
    """The packages that conda installs from an environment file, and those that pip does."""
    *conda, pip = YAML(typ="safe").load((ROOT / name).read_text("utf-8"))["dependencies"]
    return conda, pip["pip"]


def test_every_way_to_install_the_course_installs_the_same_versions():
    expected = pins("requirements/course.txt")
    assert len(expected) > 50
    assert all(re.match(r"[\w.-]+==[\w.]+( ;|$)", pin) for pin in expected)
    assert pins("requirements/course-hashed.txt") == expected
    assert conda_dependencies("binder/environment.yml") == (["python=3.12", "pip"], expected)
    # Binder installs `helpers` by binder/postBuild, conda by the last line of its own list.
    assert conda_dependencies("environment.yml") == (["python=3.12", "pip"], [*expected, "-e ."])


def test_the_pins_are_current():
    command = [sys.executable, ".ci/pins.py", "--check"]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if finished.returncode == 2 and "Failed to fetch" in finished.stderr and "CI" not in os.environ:
        pytest.skip("the package registry is out of reach, so the pins cannot be worked out again")
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_what_only_tests_need_is_not_installed_for_learners():
    sources = (ROOT / "requirements/test.in").read_text("utf-8").splitlines()
    test_only = {Requirement(line).name for line in sources if re.match(r"\w", line)}
    assert "pytest" in test_only
    assert test_only.isdisjoint(Requirement(pin).name for pin in pins("requirements/course.txt"))


def test_these_tests_run_on_the_pinned_versions():
    pinned = [
        Requirement(pin) for pin in pins("requirements/course.txt") + pins("requirements/test.txt")
    ]
    here = [pin for pin in pinned if pin.marker is None or pin.marker.evaluate()]
    installed = {f"{pin.name}=={importlib.metadata.version(pin.name)}" for pin in here}
    assert installed == {f"{pin.name}{pin.specifier}" for pin in here}


# Binder ------------------------------------------------------------------------------------------


def copy_of_the_course(target: Path) -> Path:
    """A checkout as Binder would have it."""
    for name in repository_files():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)
    return target


# In a process of its own: repo2docker sets up logging anew, and in doing so closes the stream that
# the log handler of another package may have open, which in a test run is pytest's.
PLAN = """
import json, os, sys
from repo2docker.app import Repo2Docker

app = Repo2Docker(repo=sys.argv[1], dry_run=True, user_id=1000, user_name="learner")
app.build()
# The app keeps the build pack that it picked to itself; it asks them in this order.
os.chdir(sys.argv[1])
candidates = (build_pack(base_image=app.base_image) for build_pack in app.buildpacks)
picked = next(pack for pack in candidates if pack.detect())
plan = {
    "build_pack": type(picked).__name__,
    "environment": picked.environment_yaml_path,
    "python": picked.python_version,
    "post_build": picked.get_post_build_scripts(),
}
print("\\n" + json.dumps(plan))
"""


class Plan(NamedTuple):
    """What repo2docker would do, had it Docker to do it with."""

    dockerfile: str
    picked: dict


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    course = copy_of_the_course(tmp_path_factory.mktemp("course"))
    command = [sys.executable, "-c", PLAN, str(course)]
    planned = subprocess.run(command, capture_output=True, text=True, check=False)
    assert planned.returncode == 0, planned.stderr
    dockerfile, _, picked = planned.stdout.rstrip().rpartition("\n")
    return Plan(dockerfile, json.loads(picked))


@runs_bash
def test_binder_builds_a_conda_environment_with_the_pins_on_python_3_12(plan: Plan):
    assert plan.picked["build_pack"] == "CondaBuildPack"
    assert plan.picked["environment"] == "binder/environment.yml"
    assert plan.picked["python"] == "3.12"
    assert '--file "binder/environment.yml"' in plan.dockerfile


@runs_bash
def test_binder_keeps_the_layer_of_packages_when_only_the_course_changes(plan: Plan):
    packages = plan.dockerfile.index('--file "binder/environment.yml"')
    whole_course = plan.dockerfile.index("COPY --chown=1000:1000 src/ ${REPO_DIR}/")
    assert packages < whole_course


@runs_bash
def test_binder_runs_the_post_build_script(plan: Plan):
    assert plan.picked["post_build"] == ["binder/postBuild"]
    assert "RUN ./binder/postBuild" in plan.dockerfile
    assert os.access(ROOT / "binder/postBuild", os.X_OK)


class Built(NamedTuple):
    """A copy of the course on which binder/postBuild has run, and the environment it ran in."""

    course: Path
    python: Path

    def run(self, *arguments: str, folder: str = ".") -> str:
        """The output of this environment's Python, with `folder` of the copy as working folder."""
        command = [str(self.python), *arguments]
        env = environment(self.python.parent, self.course)
        return subprocess.check_output(command, cwd=self.course / folder, env=env, text=True)


def borrowing_environment(prefix: Path) -> Path:
    """Make a virtual environment that borrows this one's packages; return its Python.

    Quick, and without network. A path entry alone does not bring the `helpers` that is installed
    here in editable form.
    """
    venv.create(prefix)
    purelib = Path(sysconfig.get_path("purelib", "venv", {"base": prefix, "platbase": prefix}))
    (purelib / "lent.pth").write_text(sysconfig.get_path("purelib"))
    return Path(sysconfig.get_path("scripts", "venv", {"base": prefix})) / "python"


def environment(scripts: Path, home: Path) -> dict[str, str]:
    """Environment variables under which only what is in `scripts` and the course can matter."""
    return {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "HOME": str(home)}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    course = copy_of_the_course(tmp_path_factory.mktemp("course"))
    python = borrowing_environment(tmp_path_factory.mktemp("environment"))
    finished = subprocess.run(
        ["binder/postBuild"],
        cwd=course,
        env=environment(python.parent, course),
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return Built(course, python)


@runs_bash
def test_on_binder_notebooks_import_helpers(built: Built):
    code = "import helpers; print(helpers.__file__)"
    found = built.run("-c", code, folder="notebooks").strip()
    assert Path(found) == built.course / "helpers" / "__init__.py"


@runs_bash
def test_on_binder_guesses_come_before_results(built: Built):
    notebooks = sorted((built.course / "notebooks").glob("*.ipynb"))
    cells = [cell for path in notebooks for cell in nbformat.read(path, as_version=4).cells]
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert code
    assert all(not cell.outputs and cell.execution_count is None for cell in code)


@runs_bash
def test_on_binder_an_idle_kernel_gives_its_memory_back_and_a_busy_one_is_left_alone(built: Built):
    seen = json.loads(built.run("-m", "jupyter_server", "--show-config-json"))
    culling = seen["MappingKernelManager"]
    assert set(culling) <= set(AsyncMappingKernelManager.class_trait_names())
    assert 0 < culling["cull_idle_timeout"] <= 600
    assert 0 < culling["cull_interval"] <= culling["cull_idle_timeout"]
    assert culling["cull_connected"] is True
    assert culling["cull_busy"] is False


@runs_bash
def test_on_binder_jupyterlab_opens_without_asking_for_news(built: Built):
    settings = built.python.parents[1] / "share/jupyter/lab/settings"
    schemas = Path(sys.prefix) / "share/jupyter/lab/schemas"
    name = "@jupyterlab/apputils-extension:notification"
    found, warnings = get_settings(str(settings), str(schemas), str(built.course), name)
    assert found["schema"]["properties"]["fetchNews"]["default"] == "false"
    assert found["schema"]["properties"]["checkForUpdates"]["default"] is False
    assert not any(warnings)


# An installation of its own ----------------------------------------------------------------------


def test_installed_without_the_folder_it_came_from_helpers_is_whole(tmp_path: Path):
    course = copy_of_the_course(tmp_path / "course")
    sources = {path.relative_to(course) for path in (course / "helpers").rglob("*.*")}
    python = borrowing_environment(tmp_path / "environment")
    install = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*install, str(course)], check=True, capture_output=True)
    shutil.rmtree(course)
    where = [python, "-c", "import helpers; print(helpers.__file__)"]
    found = subprocess.check_output(where, cwd=tmp_path, text=True).strip()
    installed = Path(found).parents[1]
    assert installed.is_relative_to(tmp_path / "environment")
    assert [name for name in sorted(sources) if not (installed / name).is_file()] == []
