"""`tools/launch_links.py` makes the links that open the course in a browser."""

import subprocess
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import launch_links
import pytest
from launch_links import BEGIN, END, FIRST, NONE_YET, binder_link, hub_link, main, parse

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("https://github.com/ann/course.git", "https://github.com/ann/course"),
        ("https://github.com/ann/course/", "https://github.com/ann/course"),
        ("git@github.com:ann/course.git", "https://github.com/ann/course"),
        ("ssh://git@gitlab.com:2222/lab/sub/course.git", "https://gitlab.com/lab/sub/course"),
        ("https://ann:secret@git.uni.example/ann/course", "https://git.uni.example/ann/course"),
        ("https://git.uni.example:8443/ann/course", "https://git.uni.example:8443/ann/course"),
        ("git://codeberg.org/ann/course", "https://codeberg.org/ann/course"),
    ],
)
def test_every_form_in_which_git_writes_an_address_is_read(address: str, url: str):
    assert parse(address).url == url


@pytest.mark.parametrize(
    "address",
    ["/srv/course", "../course", "file:///srv/course", "C:\\course", "https://", "", "course"],
)
def test_an_address_that_nobody_else_can_reach_is_refused_with_what_to_do(address: str):
    with pytest.raises(ValueError, match="Push it to a public host"):
        parse(address)


@pytest.mark.parametrize("address", ["http://localhost:3000/a/b", "http://127.0.0.1/a/b"])
def test_an_address_of_this_machine_is_refused(address: str):
    with pytest.raises(ValueError, match="is on this machine"):
        parse(address)


@pytest.mark.parametrize(
    ("address", "start"),
    [
        ("git@github.com:ann/course", "https://mybinder.org/v2/gh/ann/course/main?"),
        (
            "https://gitlab.com/lab/sub/course",
            "https://mybinder.org/v2/gl/lab%2Fsub%2Fcourse/main?",
        ),
        (
            "https://git.uni.example/ann/course",
            "https://mybinder.org/v2/git/https%3A%2F%2Fgit.uni.example%2Fann%2Fcourse/main?",
        ),
    ],
)
def test_binder_is_told_the_host_in_its_own_way_and_opens_00_in_jupyterlab(address, start):
    link = binder_link(parse(address), "main")
    assert link.startswith(start)
    assert parse_qs(urlsplit(link).query) == {"urlpath": [f"lab/tree/{FIRST}"]}
    assert (ROOT / FIRST).is_file()


def test_a_branch_with_a_slash_stays_one_part_of_the_address():
    path = urlsplit(binder_link(parse("git@github.com:ann/course"), "spring/2027")).path
    assert path.endswith("/course/spring%2F2027")
    assert unquote(path).endswith("/spring/2027")


def test_a_hub_is_told_what_to_fetch_and_opens_00_in_the_folder_it_makes():
    link = hub_link(parse("git@github.com:ann/course.git"), "main", "https://hub.example/")
    assert link.startswith("https://hub.example/hub/user-redirect/git-pull?")
    assert parse_qs(urlsplit(link).query) == {
        "repo": ["https://github.com/ann/course"],
        "branch": ["main"],
        "urlpath": [f"lab/tree/course/{FIRST}"],
    }


# The command -------------------------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of its own, without an origin."""
    monkeypatch.setattr(launch_links, "ROOT", tmp_path)
    for command in (["init", "-q", "-b", "trunk"], ["config", "user.email", "a@example.org"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    readme = tmp_path / "README.md"
    readme.write_text(f"# Course\n\n{BEGIN}\n{NONE_YET}\n{END}\n\n## After\n", "utf-8")
    return readme


def test_the_links_of_the_origin_are_printed_and_written_between_the_marks(copy, capsys):
    origin = ["git", "remote", "add", "origin", "git@github.com:ann/course.git"]
    subprocess.run(origin, cwd=copy.parent, check=True)
    assert main(["--readme", str(copy)]) == 0
    printed = capsys.readouterr().out.strip()
    written = copy.read_text("utf-8")
    assert written == f"# Course\n\n{BEGIN}\n{printed}\n{END}\n\n## After\n"
    badge, *_ = printed.splitlines()
    assert badge.startswith("[![Open on Binder](https://mybinder.org/badge_logo.svg)](https://")
    assert "/v2/gh/ann/course/trunk?" in badge
    assert "https://HUB/hub/user-redirect/git-pull?" in printed
    assert main(["--readme", str(copy)]) == 0
    assert copy.read_text("utf-8") == written


def test_an_address_and_a_hub_that_are_given_are_taken(copy, capsys):
    address = [
        "https://codeberg.org/ann/course",
        "--branch",
        "main",
        "--hub",
        "https://hub.example",
    ]
    assert main([*address, "--readme", str(copy)]) == 0
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert "/v2/git/https%3A%2F%2Fcodeberg.org%2Fann%2Fcourse/main?" in first
    assert "(https://hub.example/hub/user-redirect/git-pull?" in second


def test_to_print_leaves_the_file_alone(copy):
    before = copy.read_text("utf-8")
    assert main(["https://codeberg.org/ann/course", "--print", "--readme", str(copy)]) == 0
    assert copy.read_text("utf-8") == before


def test_without_an_origin_it_says_what_to_do_and_changes_nothing(copy, capsys):
    before = copy.read_text("utf-8")
    assert main(["--readme", str(copy)]) == 1
    said = capsys.readouterr().err
    assert "git names no remote origin" in said
    assert "Push it to a public host" in said
    assert copy.read_text("utf-8") == before


@pytest.mark.parametrize("text", ["", f"{BEGIN}\n", f"{END}\n{BEGIN}\n", f"{BEGIN}{BEGIN}{END}"])
def test_a_readme_without_the_marks_stays_as_it_is(copy, text, capsys):
    copy.write_text(text, "utf-8")
    assert main(["https://codeberg.org/ann/course", "--readme", str(copy)]) == 1
    assert "once each" in capsys.readouterr().err
    assert copy.read_text("utf-8") == text


def test_the_readme_has_a_place_for_the_links_and_names_the_command():
    readme = (ROOT / "README.md").read_text("utf-8")
    _, _, rest = readme.partition(f"{BEGIN}\n")
    place, _, _ = rest.partition(f"\n{END}\n")
    assert place == NONE_YET or "/v2/" in place  # somebody's copy has its own
    assert "uv run python tools/launch_links.py" in readme.splitlines()
