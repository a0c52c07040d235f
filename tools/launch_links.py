"""Print links that open this copy of the course in a browser, and write them into README.md.

    uv run python tools/launch_links.py                       for where this copy came from
    uv run python tools/launch_links.py https://host/me/it    for another address
    uv run python tools/launch_links.py --hub https://hub.example.org    for a hub of your own too

Binder builds the course on its own machines; nbgitpuller lays it into a learner's folder on a
JupyterHub. Both fetch it from a host that everybody can reach. The links go between two marks in
README.md; `--print` leaves the file as it is.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from marks import write_between

ROOT = Path(__file__).resolve().parents[1]
BINDER = "https://mybinder.org"
FIRST = "notebooks/00_start_here.ipynb"
BEGIN = "<!-- launch links: written by tools/launch_links.py -->"
END = "<!-- end of launch links -->"
#: What README says as long as nobody has run the command.
NONE_YET = "No links yet: put your copy on a public host, then run the command above."
PUSH_FIRST = (
    "This copy has no address that others can reach: {why}.\n"
    "Push it to a public host, and run this again, or give the address:\n"
    "    uv run python tools/launch_links.py https://HOST/OWNER/NAME"
)


class Remote(NamedTuple):
    """A repository as the web knows it, such as https://github.com, someone/lstm-or-mlp."""

    host: str
    path: str

    @property
    def url(self) -> str:
        return f"{self.host}/{self.path}"

    @property
    def folder(self) -> str:
        """What a clone of it is called."""
        return self.path.rsplit("/", 1)[-1]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("url", nargs="?", help="default: where this copy came from")
    parser.add_argument("--branch", help="default: the one that is checked out, else main")
    parser.add_argument("--hub", help="address of a JupyterHub with nbgitpuller")
    parser.add_argument("--binder", default=BINDER, help=f"default: {BINDER}")
    parser.add_argument("--print", action="store_true", help="leave README.md as it is")
    parser.add_argument("--readme", type=Path, default=ROOT / "README.md", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        remote = parse(options.url or origin(ROOT))
        branch = options.branch or current_branch(ROOT)
        text = links(remote, branch, hub=options.hub, binder=options.binder)
        if not options.print:
            write_between(options.readme, BEGIN, END, text)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(text)
    return 0


def origin(folder: Path) -> str:
    """Where the copy in `folder` came from.

    Raises:
        ValueError: git does not know, and says what to do.
    """
    address = git(folder, "remote", "get-url", "origin")
    if not address:
        raise ValueError(PUSH_FIRST.format(why="git names no remote origin"))
    return address


def current_branch(folder: Path) -> str:
    return git(folder, "branch", "--show-current") or "main"


def git(folder: Path, *arguments: str) -> str:
    """What git answers in `folder`; nothing if it cannot."""
    try:
        asked = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, text=True, check=False
        )
    except OSError:  # there is no git
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""


def parse(address: str) -> Remote:
    """Read an address as git takes it: https://host/path, ssh://git@host/path or git@host:path.

    A user and a password in it are left out.

    Raises:
        ValueError: it is no address that others can reach.
    """
    address = address.strip()
    short = re.fullmatch(r"(?:[\w.-]+@)?([\w.-]+\.[\w-]+):(?!//)(.+)", address)
    scheme, host, path = ("ssh", short[1], short[2]) if short else _parts(address)
    path = path.strip("/").removesuffix(".git")
    if scheme not in ("https", "http", "ssh", "git") or not host or not path:
        raise ValueError(PUSH_FIRST.format(why=f"{address!r} is none"))
    if re.fullmatch(r"(localhost|127\.[\d.]+|\[.*\])(:\d+)?", host):
        raise ValueError(PUSH_FIRST.format(why=f"{address!r} is on this machine"))
    # Over SSH a host may use another port than over the web, which is what Binder reads from.
    return Remote(f"{'http' if scheme == 'http' else 'https'}://{host}", path)


def _parts(address: str) -> tuple[str, str, str]:
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return parts.scheme, host if parts.scheme.startswith("http") else host.split(":")[0], parts.path


def links(remote: Remote, branch: str, *, hub: str | None = None, binder: str = BINDER) -> str:
    """The links as Markdown, a badge and an address each."""
    on_binder = binder_link(remote, branch, binder)
    lines = [
        f"[![Open on Binder]({binder.rstrip('/')}/badge_logo.svg)]({on_binder})",
        "",
        f"Binder: <{on_binder}>",
    ]
    if hub:
        on_hub = hub_link(remote, branch, hub)
        badge = "https://img.shields.io/badge/open_on-JupyterHub-579aca.svg"
        lines[1:1] = [f"[![Open on the hub]({badge})]({on_hub})"]
        lines += ["", f"JupyterHub, by nbgitpuller: <{on_hub}>"]
    else:
        on_hub = hub_link(remote, branch, "https://HUB")
        lines += ["", f"JupyterHub, by nbgitpuller, with your hub's name for HUB: <{on_hub}>"]
    return "\n".join(lines)


def binder_link(remote: Remote, branch: str, binder: str = BINDER, *, opens: str = FIRST) -> str:
    """The address under which Binder builds the course and opens a notebook in JupyterLab."""
    if remote.host == "https://github.com":
        kind, where = "gh", remote.path
    elif remote.host == "https://gitlab.com":
        kind, where = "gl", quote(remote.path, safe="")
    else:
        kind, where = "git", quote(remote.url, safe="")
    query = urlencode({"urlpath": f"lab/tree/{opens}"}, quote_via=quote)
    return f"{binder.rstrip('/')}/v2/{kind}/{where}/{quote(branch, safe='')}?{query}"


def hub_link(remote: Remote, branch: str, hub: str, *, opens: str = FIRST) -> str:
    """The address under which nbgitpuller lays the course into a learner's folder and opens it."""
    opened = f"lab/tree/{remote.folder}/{opens}"
    query = urlencode({"repo": remote.url, "branch": branch, "urlpath": opened}, quote_via=quote)
    return f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{query}"


if __name__ == "__main__":
    sys.exit(main())
