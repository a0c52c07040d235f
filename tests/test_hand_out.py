"""`tools/hand_out.py` writes the course for learners: whole, without solutions, without results."""

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import nbformat
import pytest
from hand_out import README, hand_out, main
from test_setup import borrowing_environment

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class") / "hand-out"
    assert [path.name for path in hand_out(folder)] == [path.name for path in NOTEBOOKS]
    return folder


@pytest.mark.parametrize("source", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_lacks_its_solutions_and_results_and_nothing_else(source: Path, folder: Path):
    cells = nbformat.read(source, as_version=4).cells
    written = nbformat.read(folder / "notebooks" / source.name, as_version=4)
    kept = [cell.source for cell in cells if "solution" not in cell.metadata.get("tags", [])]
    assert [cell.source for cell in written.cells] == kept
    assert len(kept) < len(cells) or not any("check(" in cell.source for cell in cells)
    code = [cell for cell in written.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert "solution=True" not in json.dumps(written)


def test_the_data_and_all_that_the_course_needs_come_along(folder: Path):
    for name in ("notebooks/data", "helpers", "requirements"):
        mine = {path.relative_to(ROOT) for path in (ROOT / name).rglob("*.*") if path.is_file()}
        mine = {path for path in mine if "__pycache__" not in path.parts}
        assert {path for path in mine if not (folder / path).is_file()} == set()
        assert mine
    assert (folder / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_neither_the_tests_nor_the_teachers_guide_nor_leftovers_come_along(folder: Path):
    assert {path.name for path in folder.iterdir()} & {"tests", "docs", "tools", ".git"} == set()
    assert not any(p.name == "__pycache__" or p.name[0] == "." for p in folder.rglob("*"))


@pytest.mark.slow
def test_installed_from_it_the_course_runs_and_finds_its_data(folder: Path, tmp_path: Path):
    copy = shutil.copytree(folder, tmp_path / "hand-out")
    python = borrowing_environment(tmp_path / "environment")
    install = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*install, "--editable", str(copy)], check=True, capture_output=True)
    code = (
        "import pathlib, helpers, helpers.series; "
        "print(pathlib.Path(helpers.__file__).parent); "
        "print(len(list(pathlib.Path('data').glob('*.csv'))))"
    )
    said = subprocess.check_output([python, "-c", code], cwd=copy / "notebooks", text=True)
    assert said.splitlines() == [str(copy / "helpers"), "2"]

    convert = [python, "-m", "nbconvert", "--to", "notebook", "--execute", "--stdout"]
    start = copy / "notebooks/00_start_here.ipynb"
    ran = nbformat.reads(subprocess.check_output([*convert, start], text=True), as_version=4)
    (answer,) = (cell for cell in ran.cells if 'check("00-windows", answer)' in cell.source)
    assert "your answer is still to come" in answer.outputs[0].text


def test_it_can_be_written_again_and_as_a_zip_file(tmp_path: Path, capsys):
    target = tmp_path / "hand-out"
    assert main([str(target)]) == 0
    stale = target / "notebooks/99_gone.ipynb"
    stale.write_text("{}")
    assert main([str(target), "--zip"]) == 0
    assert not stale.exists()
    with zipfile.ZipFile(tmp_path / "hand-out.zip") as archive:
        names = archive.namelist()
    assert f"hand-out/notebooks/{NOTEBOOKS[0].name}" in names
    assert "hand-out/pyproject.toml" in names


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path, capsys):
    (tmp_path / "README.md").write_text("my own")
    assert main([str(tmp_path)]) == 1
    assert "stays as it is" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_its_readme_gives_commands_that_the_course_has(folder: Path):
    commands = [line for line in README.splitlines() if line.startswith("uv run")]
    assert len(commands) == 2
    assert all(line.startswith("uv run --no-dev ") for line in commands)
    assert (folder / "helpers/preflight.py").is_file()
    assert (folder / commands[1].split()[-1]).is_file()


def test_the_readme_of_the_course_names_the_command():
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert "uv run python tools/hand_out.py" in lines
