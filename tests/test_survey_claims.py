"""The command that surveys the claims, with notebooks that are not run."""

from helpers import claims

import nbformat
import pytest
import survey_claims
from nbclient.exceptions import DeadKernelError
from survey import record, runs
from survey.samples import claim, run_of, stored


class Stand:
    """Notebooks that are not run: what each run finds is said, and which runs were made is kept."""

    def __init__(self, folder, monkeypatch):
        self.made, self.say = [], lambda notebook, offset, lesson: {f"{notebook} it": claim()}
        self.record = folder / "claims.json"
        paths = []
        for name in ("01_short", "02_long"):
            nb = stored(f"✓ {name} it\n")
            nbformat.write(nb, folder / f"{name}.ipynb")
            paths.append(folder / f"{name}.ipynb")
        monkeypatch.setattr(runs, "NOTEBOOKS", paths)
        monkeypatch.setattr(claims, "RECORD", self.record)
        claims.forget()
        self.folder = folder / "survey"

    def run(self, path, offset, lesson):
        self.made.append((path.stem, offset, lesson))
        said = self.say(path.stem, offset, lesson)
        if isinstance(said, BaseException):
            raise said
        seconds = 60.0 if path.stem == "02_long" else 1.0
        return runs.Run(path.stem, offset, lesson, seconds, said)

    def __call__(self, *arguments):
        self.made.clear()
        arguments = ["--jobs", "1", "--folder", str(self.folder), *arguments]
        return survey_claims.main(arguments, self.run)


@pytest.fixture
def command(tmp_path, monkeypatch):
    yield Stand(tmp_path, monkeypatch)
    claims.forget()


def test_each_notebook_is_run_from_each_offset_and_twice_in_vain(command, capsys):
    assert command("--offsets", "3") == 0
    assert sorted(command.made, key=str) == sorted(
        [
            (name, offset, lesson)
            for name in ("01_short", "02_long")
            for offset, lesson in [
                (0, "nothing"), (0, "nonsense"), (1000, None), (2000, None), (3000, None),
            ]
        ],
        key=str,
    )  # fmt: skip
    printed = capsys.readouterr()
    assert "All 2 claims held in 3 of 3 offsets: 1000, 2000, 3000" in printed.out
    assert printed.err.count("\n") == 10
    assert "[10/10] 01_short" in printed.err


def test_offsets_and_notebooks_can_be_chosen(command):
    assert command("--offsets", "2", "--first", "25000", "--notebooks", "02") == 0
    assert {(name, offset) for name, offset, lesson in command.made if lesson is None} == {
        ("02_long", 25000),
        ("02_long", 26000),
    }


@pytest.mark.parametrize(
    "arguments",
    [["--offsets", "0"], ["--offsets", "x"], ["--first", "-1"], ["--jobs", "0"],
     ["--notebooks", "09"], ["--notebooks", "02", "09"]],
)  # fmt: skip
def test_what_cannot_be_chosen_is_refused(command, arguments):
    with pytest.raises(SystemExit) as refused:
        command(*arguments)
    assert refused.value.code != 0
    assert command.made == []


def test_a_claim_that_fails_gives_status_1_and_the_others_are_looked_at(command, capsys):
    command.say = lambda notebook, offset, lesson: {"it": claim(offset != 2000)}
    assert command("--offsets", "3", "--notebooks", "02") == 1
    printed = capsys.readouterr().out
    assert "2 of 3" in printed
    assert "All 1 claims held in 2 of 3 offsets: 1000, 3000" in printed
    assert "of 3 offsets: 1000, 2000, 3000" not in printed


def test_what_fails_in_vain_alone_is_no_failure(command):
    command.say = lambda notebook, offset, lesson: {"it": claim(lesson is None)}
    assert command("--offsets", "2") == 0


def test_an_error_in_a_cell_is_told_and_gives_status_1(command, capsys):
    def run(path, offset, lesson):
        return run_of(offset, lesson, offset == 2000 and "cell 3: KeyError: 'x'", it=claim())

    arguments = ["--folder", str(command.folder), "--notebooks", "02", "--offsets", "2"]
    assert survey_claims.main(arguments, run) == 1
    assert "An error in 02_long, offset 2000, cell 3: KeyError: 'x'" in capsys.readouterr().out


def test_it_goes_on_where_it_was_broken_off(command, capsys):
    command.say = lambda notebook, offset, lesson: (
        KeyboardInterrupt() if offset == 2000 else {f"{notebook} it": claim()}
    )
    with pytest.raises(KeyboardInterrupt):
        command("--offsets", "3")
    assert "the same command goes on from here" in capsys.readouterr().err
    before = set(command.made)
    kept = {run for run in before if run[1] != 2000}
    assert kept

    command.say = lambda notebook, offset, lesson: {f"{notebook} it": claim()}
    assert command("--offsets", "3") == 0
    there = 10 - len(command.made)
    assert there >= 1
    assert f"{there} of 10 runs are there already" in capsys.readouterr().err
    assert command("--offsets", "3") == 0
    assert command.made == []
    assert command("--offsets", "4") == 0
    assert sorted(command.made) == [("01_short", 4000, None), ("02_long", 4000, None)]


def test_what_did_not_come_to_its_end_is_told_and_tried_again(command, capsys):
    command.say = lambda notebook, offset, lesson: (
        DeadKernelError("Kernel died") if (notebook, offset) == ("02_long", 2000)
        else {f"{notebook} it": claim()}
    )  # fmt: skip
    assert command("--offsets", "3", "--record") == 1
    printed = capsys.readouterr().out
    assert "Not finished: 02_long, offset 2000: DeadKernelError: Kernel died" in printed
    assert "All 2 claims held in 2 of 2 offsets: 1000, 3000" in printed
    assert set(record.read(command.record)) == {"01_short"}

    command.say = lambda notebook, offset, lesson: {f"{notebook} it": claim()}
    assert command("--offsets", "3", "--record") == 0
    assert command.made == [("02_long", 2000, None)]
    assert set(record.read(command.record)) == {"01_short", "02_long"}


def test_the_notebook_that_took_longest_comes_first(command):
    assert command("--offsets", "1") == 0
    assert command("--offsets", "3") == 0
    assert [name for name, _, _ in command.made] == ["02_long"] * 2 + ["01_short"] * 2


def test_without_record_nothing_is_written(command):
    before = [path.read_bytes() for path in runs.NOTEBOOKS]
    assert command("--offsets", "1") == 0
    assert not command.record.exists()
    assert [path.read_bytes() for path in runs.NOTEBOOKS] == before


def test_record_writes_the_file_and_the_stored_ticks(command):
    command.say = lambda notebook, offset, lesson: {f"{notebook} it": claim(lesson is None)}
    assert command("--offsets", "2", "--record") == 0
    assert {name: said["claims"] for name, said in record.read(command.record).items()} == {
        "01_short": {"01_short it": []},
        "02_long": {"02_long it": []},
    }
    ticks = [nbformat.read(path, 4).cells[0].outputs[0].text for path in runs.NOTEBOOKS]
    assert ticks == [f"✓ {name} it (held in 2 of 2 runs)\n" for name in ("01_short", "02_long")]

    # Another survey of one notebook, from fresh seeds: only that one changes.
    command.say = lambda notebook, offset, lesson: {f"{notebook} it": claim(offset != 4000)}
    assert command("--first", "3000", "--offsets", "2", "--notebooks", "02", "--record") == 1
    said = record.read(command.record)
    assert said["01_short"]["offsets"] == [1000, 2000]
    assert said["02_long"]["offsets"] == [1000, 2000, 3000, 4000]
    assert said["02_long"]["claims"] == {"02_long it": [4000]}
    assert claims.suffix("02_long it") == " (held in 3 of 4 runs)"


def test_a_notebook_that_is_gone_is_forgotten(command):
    gone = {"00_gone": {"code": "", "offsets": [1000], "claims": {"x": None}}}
    record.write(gone, command.record)
    assert command("--offsets", "1", "--record") == 0
    assert set(record.read(command.record)) == {"01_short", "02_long"}
