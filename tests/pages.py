"""Pages of HTML: what is on them, and what a browser asks for to show them."""

from __future__ import annotations

import functools
import re
from html.parser import HTMLParser
from pathlib import Path

from playwright.sync_api import Page

__all__ = ["Reader", "asked_for", "dead_links", "fetched", "read", "wider_than_the_screen"]


class Reader(HTMLParser):
    """What a page has of each element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def all(self, wanted: str) -> list[dict]:
        return [attributes for tag, attributes in self.elements if tag == wanted]


def read(page: Path) -> tuple[str, Reader]:
    text = page.read_text("utf-8")
    return text, Reader(text)


def fetched(page: Path) -> list[str]:
    """The addresses that a page fetches, and those in its style; not what is in it as data."""
    text, reader = read(page)
    found = [a.get("href") for a in reader.all("link")]
    found += [a.get(name) for _, a in reader.elements for name in ("src", "data", "srcset")]
    style = "".join(re.findall(r"<style.*?</style>", text, re.DOTALL))
    found += re.findall(r"@import[^;]*|url\((?!['\"]?(?:data:|#))[^)]*\)", style)
    return [address for address in found if address and not address.startswith("data:")]


def dead_links(page: Path) -> list[str]:
    """The addresses on a page of files, or of places in them, that are not there."""
    _, reader = read(page)
    links = [a["href"] for a in reader.all("a") if a.get("href")]
    links += [a["action"] for a in reader.all("form") if a.get("action")]
    links += fetched(page)
    return [link for link in dict.fromkeys(links) if not _is_there(page, link)]


def _is_there(page: Path, link: str) -> bool:
    if re.match(r"\w+:", link):
        return True  # outside
    address, _, place = link.partition("#")
    file = page.parent / address.partition("?")[0] if address else page
    if not file.is_file():
        return False
    return not place or place in _places(file.resolve())


@functools.cache
def _places(page: Path) -> set[str]:
    return {attributes["id"] for _, attributes in read(page)[1].elements if "id" in attributes}


def asked_for(page: Page) -> list[str]:
    """The addresses that the page asks for from now on, and that are not of this machine."""
    asked: list[str] = []

    def note(address: str) -> None:
        if not address.startswith(("file:", "data:", "http://127.0.0.1:")):
            asked.append(address)

    page.on("request", lambda request: note(request.url))
    return asked


def wider_than_the_screen(page: Page) -> int:
    """By how many pixels a page has to be scrolled sideways; 0 if it has not."""
    return max(0, page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
