"""Links: each can be clicked, and a paper is found by the number that stays with it.

Only their form is looked at, for a test needs no network.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from conventions.convention import convention
from conventions.parts import CODE_SPAN, FENCE, markdown_cells, sections, without
from conventions.sample import READING, TEXT, replace, write

LINK = re.compile(r"\[(?P<text>[^\[\]]*)\]\((?P<to>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
#: What only looks like a link: an address, or the number of a paper, that nobody can click.
BARE = re.compile(
    r"https?://\S+|\bwww\.\S+|\bmedium\.com\S*|\barXiv:? *\d{4}\.\d{4,5}|\bdoi:? *10\.\S+", re.I
)
HOST = re.compile(r"([a-z0-9-]+\.)+[a-z]{2,}")
#: How the address of a paper reads where the host gives it a number for good.
PAPERS = {
    "arxiv.org": re.compile(r"/abs/(\d{4}\.\d{4,5}|[a-z-]+/\d{7})"),
    "doi.org": re.compile(r"/10\.\d{4,9}/\S+"),
}


@convention(
    offenders=(
        write(TEXT, "See https://keras.io/api for more."),
        write(TEXT, "See www.keras.io."),
        write(TEXT, "The article is at medium.com/@somebody/lstm."),
        write(TEXT, "Deep Sets (arXiv 1703.06114)."),
        write(TEXT, "Deep Sets, arXiv:1703.06114."),
        write(TEXT, "Deep Sets, doi:10.1162/neco.1997."),
        write(TEXT, "[](https://keras.io)"),
        write(TEXT, "[Keras](http//keras.io)"),
        write(TEXT, "[Keras](https://keras)"),
        write(TEXT, "[Keras](ftp://keras.io/x)"),
        write(TEXT, "[Keras]()"),
        write(TEXT, "[Deep Sets](https://arxiv.org/pdf/1703.06114)"),
        write(TEXT, "[Deep Sets](https://www.arxiv.org/abs/1703.06114)"),
        write(TEXT, "[LSTM](https://dx.doi.org/10.1162/neco.1997.9.8.1735)"),
        write(TEXT, "[LSTM](https://doi.org/neco.1997.9.8.1735)"),
        replace(READING, "[A book](https://example.org/book)", "A book"),
        write(READING, "- Another book."),
    ),
    lookalikes=(
        write(TEXT, "[Keras](https://keras.io/api/), `https://x` and <https://keras.io/>."),
        write(TEXT, "[arXiv 1703.06114](https://arxiv.org/abs/1703.06114) and [more](01_x.ipynb)."),
        write(TEXT, "[LSTM](https://doi.org/10.1162/neco.1997.9.8.1735), [up](#look-at-the-line)"),
        write(TEXT, "[A page](https://en.wikipedia.org/wiki/Keras_(software))"),
        write(READING, "", "Next: **02_more**."),
    ),
)
def links(nb):
    """An address stands behind words to click; papers by DOI or arXiv; each source has its own."""
    offences = []
    for n, text in markdown_cells(nb):
        text = without(text, FENCE, CODE_SPAN)
        for link in LINK.finditer(text):
            if not link["text"].strip():
                offences.append(f"cell {n}: no words to click: {link[0]}")
            offences += [f"cell {n}: {link[0]} {why}" for why in misformed(link["to"])]
        rest = re.sub(r"<https?://[^<>\s]+>", " ", LINK.sub(" ", text))
        offences += [f"cell {n}: cannot be clicked: {bare[0]}" for bare in BARE.finditer(rest)]
    for _, heading, body in sections(nb):
        if heading == "Further reading":
            items = re.findall(r"^[-*] .+", body, re.MULTILINE)
            offences += [f"to read, but no link: {item}" for item in items if not LINK.search(item)]
    return offences


def misformed(address: str) -> list[str]:
    """What is wrong with the form of an address."""
    if re.match(r"#[\w-]+$|[\w./-]+\.(ipynb|md|csv|py)(#[\w-]+)?$", address):
        return []  # in this notebook, or a file beside it
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(parts.netloc):
        return ["has no full address"]
    for host, path in PAPERS.items():
        if parts.netloc == host and not path.fullmatch(parts.path):
            return [f"is no address that {host} keeps"]
        if parts.netloc.endswith("." + host):
            return [f"is at {parts.netloc}, where {host} is meant"]
    return []
