"""The lesson: how it opens and closes, its exercises, its figures and its words."""

from __future__ import annotations

import re

from helpers.alternative_text import as_html, words_under

from conventions.convention import convention
from conventions.parts import (
    CODE_SPAN,
    FENCE,
    code_cells,
    exercise_of,
    has_image,
    markdown_cells,
    out_of_order,
    output_texts,
    sections,
    without,
)
from conventions.sample import (
    ANSWER,
    CODE,
    EXERCISES,
    FIGURE,
    POINTS,
    PRACTICE,
    READING,
    SOLUTION,
    TEXT,
    TITLE,
    metadata,
    remove,
    replace,
    stream,
    swap,
    write,
)

CLOSING = ["Key points", "On your own", "In practice", "Further reading"]


#: A title that is no question begins with one of these.
VERBS = re.compile(
    r"(answer|ask|beat|bring|build|check|choose|compare|count|cut|decide|draw|explain|fail|"
    r"find|fit|fix|follow|forecast|get|go|handle|hold|keep|know|lay|learn|let|look|make|"
    r"match|measure|meet|mend|name|normalise|open|pay|pick|predict|prepare|put|question|race|"
    r"read|remember|repair|repeat|rerun|run|scale|see|set|settle|shape|show|solve|split|"
    r"start|stop|stretch|take|teach|tell|test|train|try|turn|understand|use|watch|win|wins|"
    r"work|write)\b",
    re.IGNORECASE,
)


#: Words that fill a sentence or sell it.
BANNED_WORDS = [
    "simply",
    "obviously",
    "let's dive",
    "leverag(e|es|ed|ing)",
    "robust and powerful",
    "fascinating",
    "delv(e|es|ed|ing)",
    "in this section,? we will",
    "it is important to note",
]


@convention(
    offenders=(
        remove(TITLE),
        replace(TITLE, "# Ask", "## Ask"),
        replace(TITLE, "# Ask what a line can do", "# The LSTM model"),
        replace(TITLE, "# Ask what a line can do", "# The train and test split"),
        replace(TITLE, "What you'll do", "To do"),
        replace(TITLE, "What you’ll learn", "Goals"),
        replace(TITLE, "What you'll need", "Before"),
        replace(TITLE, "About 10 minutes", "Not long"),
        write(TEXT, "# Another title"),
    ),
)
def opening(nb):
    """A title with a verb, what you'll do, learn and need, and how many minutes it takes."""
    cell = nb.cells[0] if nb.cells else None
    if cell is None or cell.cell_type != "markdown":
        return ["the first cell is not Markdown"]
    text = cell.source.replace("’", "'")
    title = re.match(r"# (.+)", text)
    offences = []
    if not title:
        offences.append("the first cell does not begin with a title '# '")
    elif not title[1].endswith("?") and not VERBS.match(title[1]):
        offences.append(
            f"the title is no question and begins with no verb that this test knows: {title[1]!r}"
        )
    if sum(level == 1 for level, _, _ in sections(nb)) != 1:
        offences.append("more or less than one heading of the first level")
    for part in ("What you'll do", "What you'll learn", "What you'll need"):
        if part not in text:
            offences.append(f"the first cell does not say {part!r}")
    if not re.search(r"\babout \d+ minutes\b", text, re.IGNORECASE):
        offences.append("the first cell does not say how long it takes, 'about NN minutes'")
    return offences


@convention(
    offenders=(
        write(TEXT, "#### A part of a part"),
        replace(TEXT, "## Look at", "### Look at"),
        write(POINTS, "### And", "##### Also"),
    ),
    lookalikes=(
        write(TEXT, "### A part", "#### A part of it", "## The next section"),
        write(TEXT, "```", "#### a comment in a shell", "```"),
    ),
)
def headings_in_order(nb):
    """No heading leaves out a level: a screen reader goes from one to the next by these."""
    return out_of_order(sections(nb))


@convention(
    offenders=(
        remove(POINTS),
        remove(PRACTICE),
        swap(PRACTICE, EXERCISES),
        write(READING, "## Appendix", "More."),
        write(POINTS, "- Four."),
        replace(POINTS, "- ", ""),
        write(POINTS, "### And", "1. Four."),
        replace(PRACTICE, "They do the same.", ""),
        replace(PRACTICE, "## In practice", "```\n## In practice\n```"),
    ),
    lookalikes=(write(EXERCISES, "### A hint", "Try."),),
)
def closing(nb):
    """It ends with Key points (three at most), On your own, In practice, Further reading."""
    found = sections(nb)
    last = [heading for level, heading, _ in found if level <= 2][-len(CLOSING) :]
    if last != CLOSING:
        return [f"the last headings are {last}, not {CLOSING}"]
    offences = [f"nothing under {h!r}" for _, h, body in found if h in CLOSING and not body.strip()]
    start = [heading for _, heading, _ in found].index("Key points")
    until = [heading for _, heading, _ in found].index("On your own")
    points = "\n".join(body for _, _, body in found[start:until])
    items = re.findall(r"^\s*(?:[-*+]|\d+[.)])\s", points, re.MULTILINE)
    if not 1 <= len(items) <= 3:
        offences.append(f"{len(items)} key points, not one to three")
    return offences


@convention(
    offenders=(
        remove(SOLUTION),
        remove(ANSWER),
        swap(ANSWER, SOLUTION),
        replace(ANSWER, "...", "2"),
        replace(ANSWER, "01-x", "01-y"),
        lambda nb: nb.cells[ANSWER].update(outputs=[stream("✓ 01-x: right. Two.")]),
        replace(SOLUTION, ", solution=True", ""),
        replace(SOLUTION, "# Solution", "# Solution: 2"),
        replace(SOLUTION, 'check("01-x", 2, solution=True)', "2"),
        metadata(SOLUTION, jupyter={"source_hidden": True}),
        metadata(SOLUTION, tags=[]),
        lambda nb: nb.cells[SOLUTION].outputs.append(stream("2")),
    ),
)
def answers_to_come(nb):
    """An exercise awaits its answer, and right below stands the solution: right, and folded."""
    offences = []
    for n, cell in code_cells(nb):
        name, tags = exercise_of(cell), cell.metadata.get("tags", [])
        texts = "".join(output_texts(cell))
        above = nb.cells[n - 1] if n else None
        if "solution" in tags:
            if name is None or "solution=True" not in cell.source:
                offences.append(f"cell {n}: a solution that is not checked as one")
            elif above is None or exercise_of(above) != name:
                offences.append(f"cell {n}: a solution that does not stand below its exercise")
            if cell.source.splitlines()[0] != "# Solution":
                offences.append(f"cell {n}: a folded cell shows its first line: '# Solution' alone")
            if cell.metadata.get("jupyter") != {"source_hidden": True, "outputs_hidden": True}:
                offences.append(f"cell {n}: a solution that is not folded")
            if cell.outputs:
                offences.append(f"cell {n}: a solution with output, which running it unfolds")
        elif name is not None:
            below = nb.cells[n + 1] if n + 1 < len(nb.cells) else None
            if below is None or "solution" not in below.metadata.get("tags", []):
                offences.append(f"cell {n}: an exercise without a solution below it")
            if "..." not in cell.source or not texts.startswith(f"… {name}: your answer is still"):
                offences.append(f"cell {n}: an exercise that is answered already")
    return offences


@convention(
    offenders=(
        remove(FIGURE),
        replace(FIGURE, "*Figure. ", ""),
        replace(FIGURE, " and nothing else to be seen.", ""),
        replace(FIGURE, ", and nothing", "\n\nand nothing"),
        lambda nb: nb.update(cells=nb.cells[: CODE + 1]),
    ),
)
def figures_explained(nb):
    """A sentence under every figure says what it shows, so that nobody needs to see it."""
    offences = []
    for n, cell in code_cells(nb):
        if has_image(cell):
            below = nb.cells[n + 1] if n + 1 < len(nb.cells) else None
            if below is None or below.cell_type != "markdown":
                offences.append(f"cell {n}: no Markdown under the figure")
            elif not below.source.startswith("*Figure."):
                offences.append(f"cell {n}: the text under the figure begins without '*Figure.'")
            elif len(below.source.split("\n\n")[0].strip()) < 40:
                offences.append(f"cell {n}: too little said about the figure")
    return offences


@convention(
    offenders=(
        lambda nb: nb.cells[CODE].outputs[1].data.pop("text/html"),
        lambda nb: nb.cells[CODE].outputs[1].data.update({"image/png": "iVBORw0KGg=="}),
        replace(FIGURE, "A line", "A curve"),
    ),
)
def figures_described(nb):
    """What is said under a figure is its alternative text, in a form that is shown everywhere."""
    return [
        f"cell {n}: a figure without the words under it; `record_outputs.py --words` adds them"
        for n, cell in code_cells(nb)
        for data in (output.get("data", {}) for output in cell.outputs)
        if "image/png" in data
        and data.get("text/html") != as_html(data["image/png"], words_under(nb.cells, n))
    ]


#: Pixels, at 110 an inch. The course draws words at 13 points, which are 9 where a figure is shown
#: half a page wide, in 5 inches; in a wider one they would be smaller.
WIDEST = 792


def as_wide_as(pixels):
    size = f"<Figure size {pixels}x374 with 2 Axes>"
    return lambda nb: nb.cells[CODE].outputs[1].data.update({"text/plain": size})


@convention(
    offenders=(as_wide_as(1034), as_wide_as("802.5")), lookalikes=(as_wide_as(792), as_wide_as(550))
)
def figures_legible(nb):
    """The words of a figure can be read where it is shown half a page wide."""
    return [
        f"cell {n}: a figure of {width} pixels, at most {WIDEST} across"
        for n, cell in code_cells(nb)
        for output in cell.outputs
        for width in re.findall(
            r"^<Figure size ([\d.]+)x", output.get("data", {}).get("text/plain", "")
        )
        if float(width) > WIDEST
    ]


@convention(
    offenders=(
        *(
            write(TEXT, sentence)
            for sentence in (
                "This is simply so.",
                "Obviously, it is.",
                "Let’s dive in.",
                "We leverage RMSE.",
                "A robust and powerful metric.",
                "A fascinating world.",
                "We delve deeper.",
                "In this section we will see.",
                "It has five time steps.",
                "The Time-Step axis.",
            )
        ),
        write(CODE, "# five time steps"),
    ),
    lookalikes=(write(TEXT, "A simple model. The timestep. At the same time, steps."),),
)
def plain_words(nb):
    """No filler, and one spelling: timesteps."""
    offences = []
    for n, text in markdown_cells(nb):
        for word in BANNED_WORDS:
            match = re.search(rf"\b{word}\b", without(text, FENCE, CODE_SPAN), re.IGNORECASE)
            offences += [f"cell {n}: {match[0]!r}"] if match else []
    for n, cell in enumerate(nb.cells):
        match = re.search(r"\btime[ -]steps?\b", cell.source, re.IGNORECASE)
        offences += [f"cell {n}: {match[0]!r}, in this course 'timesteps'"] if match else []
    return offences
