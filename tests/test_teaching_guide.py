"""What docs/teaching.md says of the course is so: its names, its sums, and the hints it quotes."""

import re
from pathlib import Path
from typing import NamedTuple

from helpers.data import sliding_windows, split_rows
from helpers.examples import daily_temperature, first_squares, recordings
from helpers.exercises import EXERCISES
from helpers.exercises.answers import Off

import numpy as np
import paths
import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs/teaching.md"
TEXT = GUIDE.read_text("utf-8")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
#: What the exercises of a notebook are asked about, by the names it has there.
NAMES = {
    "np": np,
    "recorded": recordings(),
    "squares": first_squares(20),
    "series": first_squares(50),
    "sliding_windows": sliding_windows,
    "split_rows": split_rows,
    "X_day": sliding_windows(daily_temperature(np.arange(48)), 24, horizon=6)[0],
}


def sections(text: str = TEXT) -> dict[str, str]:
    """The text under each heading of the second level."""
    parts = re.split(r"^## +(.+)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def table_rows(text: str) -> list[list[str]]:
    """The cells of all table rows but the heads."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    return [row for row in cells if row[0] not in ("From", "Exercise", "Notebook")]


class Wrong(NamedTuple):
    """A wrong answer that the guide expects, and what the check says to it."""

    exercise: str
    answer: str
    hint: str


WRONG = [
    Wrong(row[0].strip("`"), row[1], row[2])
    for name, section in sections().items()
    for row in table_rows(section)
    if row[0].startswith("`") and len(row) == 4
]


def test_every_notebook_has_a_section_with_its_aim_a_question_and_a_stop_line():
    found = sections()
    for path in NOTEBOOKS:
        assert path.stem in found, f"no section on {path.stem}"
        for part in ("**Aim.**", "**Ask the room.**", "**Stop**"):
            assert part in found[path.stem], f"{path.stem} has no {part}"


def test_every_exercise_that_it_names_exists_and_stands_in_its_notebooks_section():
    keys = set(re.findall(r"`(\d\d-[a-z-]+)`", TEXT))
    assert keys <= set(EXERCISES) | {f"{path.stem[:2]}-quiz" for path in NOTEBOOKS}
    for name, section in sections().items():
        inside = {key[:2] for key in re.findall(r"`(\d\d-[a-z-]+)`", section)}
        assert inside <= {name[:2]}


def test_every_exercise_of_the_core_is_expected_to_go_wrong():
    core = {key for key in EXERCISES if key < "06" and not key.endswith("-quiz")}
    assert core - {wrong.exercise for wrong in WRONG} == set()


@pytest.mark.parametrize(
    "wrong",
    [wrong for wrong in WRONG if wrong.answer.startswith("`")],
    ids=lambda wrong: f"{wrong.exercise} {wrong.answer}",
)
def test_the_check_says_to_a_wrong_answer_what_the_guide_says_it_does(wrong: Wrong):
    answer = eval(wrong.answer.strip("`"), dict(NAMES))
    with pytest.raises(Off) as refused:
        EXERCISES[wrong.exercise].judge(answer)
    assert wrong.hint in str(refused.value)


def headings() -> set[str]:
    found: set[str] = set()
    for path in NOTEBOOKS:
        text = path.read_text("utf-8").replace('\\"', '"')
        found |= set(re.findall(r'^ *"#{1,3} (.+?)(?:\\n)?",?$', text, flags=re.MULTILINE))
    return found


def test_every_heading_that_a_timetable_or_a_stop_line_names_is_in_a_notebook():
    known = headings()
    assert len(known) > 50
    planned = [
        row[2] for name in ("Three hours", "Two days") for row in table_rows(sections()[name])
    ]
    stops = re.findall(r"^\*\*Stop\*\*.*$", TEXT, flags=re.MULTILINE)
    named = [it for text in planned + stops for it in re.findall(r"(?<!\*)\*([A-Z][^*]+)\*", text)]
    assert len(named) > 25
    assert [it for it in named if it not in known] == []


@pytest.mark.parametrize("name", ["Three hours", "Two days"])
def test_the_minutes_of_a_timetable_add_up(name: str):
    tables = re.split(r"^\| From .*$", sections()[name], flags=re.MULTILINE)[1:]
    assert tables
    for table in tables:
        rows = [row for row in table_rows(table) if row[0][0].isdigit()]
        starts = [60 * int(h) + int(m) for h, m in (row[0].split(":") for row in rows)]
        minutes = [int(row[1]) for row in rows]
        assert np.diff(starts).tolist() == minutes[:-1]
        assert rows[-1][2] == "End"
        # Nobody sits for longer than two hours.
        sitting = [0]
        for row, length in zip(rows, minutes, strict=True):
            if row[2] in ("Break", "Lunch"):
                sitting.append(0)
            else:
                sitting[-1] += length
        assert len(sitting) > 1
        assert max(sitting) <= 120


def test_the_workshop_takes_three_hours():
    rows = table_rows(sections()["Three hours"])
    assert sum(int(row[1]) for row in rows if row[0][0].isdigit()) == 180


def test_the_workshop_is_the_path_of_the_readme_and_takes_the_minutes_of_the_rule():
    said = {row[2][:2]: row for row in table_rows(sections()["Three hours"]) if row[2][2] == ":"}
    assert set(said) == set(paths.SECTIONS)
    rule = paths.table()
    for path in NOTEBOOKS:
        if row := said.get(path.stem[:2]):
            cells = paths.places(paths.read(path))
            headings = [name for here in cells for name, _ in here if name]
            named = re.findall(r"\*([A-Z][^*]+)\*( to)?", row[2])
            read = [
                heading
                for (name, upto), (last, _) in zip(named, [*named[1:], ("", "")], strict=True)
                for heading in dict.fromkeys(headings)
                if heading == name
                or (upto and headings.index(name) < headings.index(heading) < headings.index(last))
            ]
            assert read == list(paths.SECTIONS[path.stem[:2]])
            assert abs(int(row[1]) - rule[path.stem]["workshop"]) < 2.5


# Links -------------------------------------------------------------------------------------------


def anchor(heading: str) -> str:
    """As GitHub and GitLab make it of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.stem)
def test_links_within_the_pages_lead_somewhere(page: Path):
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))
    for link in links:
        if re.match(r"\w+:", link):
            continue
        target, _, place = link.partition("#")
        file = page if not target else (page.parent / target).resolve()
        assert file.exists(), link
        if place and file.suffix == ".md":
            anchors = re.findall(r"^#+ +(.+)$", file.read_text("utf-8"), flags=re.MULTILINE)
            assert place in map(anchor, anchors), link


def test_the_readme_leads_to_the_guide():
    assert "](docs/teaching.md)" in (ROOT / "README.md").read_text("utf-8")


def test_commands_that_it_gives_are_there():
    for script in re.findall(r"uv run (?:--no-dev )?python ((?:tools|tests)/\w+\.py)", TEXT):
        assert (ROOT / script).is_file(), script
    modules = re.findall(r"python -m (helpers[\w.]+)", TEXT)
    assert modules
    assert all((ROOT / f"{name.replace('.', '/')}.py").is_file() for name in modules)
