"""A notebook that keeps every convention, and ways to make it break one."""

from __future__ import annotations

from helpers.alternative_text import as_html

from nbformat import NotebookNode, v4

from conventions.parts import code_cells


def stream(text: str, name: str = "stdout") -> NotebookNode:
    return v4.new_output("stream", name=name, text=text)


def sample() -> NotebookNode:
    """A small notebook without offence; its cells have the names below."""
    figure = {"image/png": "iVBORw0KGgo=", "text/plain": "<Figure size 640x480 with 1 Axes>"}
    words = "A line from 1 to 2, and nothing else to be seen."
    figure["text/html"] = as_html(figure["image/png"], words)
    nb = v4.new_notebook(
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
        cells=[
            v4.new_markdown_cell(
                "# Ask what a line can do\n\n**What you'll do.** Fit.\n\n"
                "**What you’ll learn.** Lines.\n\n"
                "**What you'll need.** Notebook 00. About 10 minutes."
            ),
            v4.new_code_cell(
                "from helpers.report import approx, claim\nfrom helpers.exercises import check\n\n"
                "import keras\nimport matplotlib.pyplot as plt"
            ),
            v4.new_markdown_cell(
                "## Look at the line\n\n"
                "The slope is 1.8, in [the paper](https://doi.org/10.1000/2.34) of 2018 "
                "([arXiv 1803.01271](https://arxiv.org/abs/1803.01271)). "
                "Half of it, $0.9$, is `0.9`. You wait about 3 minutes."
            ),
            v4.new_code_cell(
                'slope = 1.8\nprint("error", approx(0.2613), "of", 0.25, approx(-279), approx(3))\n'
                'claim("At least {bound:g} times", 5, at_least=4)\nplt.plot([1, 2])\nplt.show()',
                outputs=[
                    stream("error ≈ 0.26 of 0.25 ≈ -280 ≈ 3.0\n✓ At least 4 times\n"),
                    v4.new_output("display_data", figure),
                ],
            ),
            v4.new_markdown_cell(f"*Figure. {words}*"),
            v4.new_code_cell(
                "slope / 2", outputs=[v4.new_output("execute_result", {"text/plain": "0.9"})]
            ),
            v4.new_code_cell(
                'answer = ...\ncheck("01-x", answer)',
                outputs=[stream("… 01-x: your answer is still to come.\n")],
            ),
            v4.new_code_cell(
                '# Solution\ncheck("01-x", 2, solution=True)',
                metadata={
                    "tags": ["solution"],
                    "jupyter": {"source_hidden": True, "outputs_hidden": True},
                },
            ),
            v4.new_code_cell("widgets.lines()", metadata={"tags": ["nbval-ignore-output"]}),
            v4.new_markdown_cell("## Key points\n\n- One.\n- Two: at least 4 times.\n- Three.\n"),
            v4.new_markdown_cell("## On your own\n\n1. Try.\n2. Try.\n3. Try.\n4. Try."),
            v4.new_markdown_cell("## In practice\n\nThey do the same."),
            v4.new_markdown_cell(
                "## Further reading\n\n- [A book](https://example.org/book), section 9.1."
            ),
        ],
    )
    for n, cell in enumerate(nb.cells):
        cell.id = f"cell-{n}"
    for count, (_, cell) in enumerate(code_cells(nb), start=1):
        cell.execution_count = count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
    return nb


TITLE, IMPORTS, TEXT, CODE, FIGURE, RESULT, ANSWER, SOLUTION, PLAY = range(9)
POINTS, EXERCISES, PRACTICE, READING = range(9, 13)


def write(cell: int, *texts: str):
    """Add lines to a cell."""

    def change(nb):
        nb.cells[cell].source = "\n".join([nb.cells[cell].source, *texts])

    return change


def replace(cell: int, old: str, new: str):
    def change(nb):
        assert old in nb.cells[cell].source
        nb.cells[cell].source = nb.cells[cell].source.replace(old, new)

    return change


def printed(*texts: str):
    """Add what the code cell prints."""

    def change(nb):
        nb.cells[CODE].outputs.append(stream("\n".join(texts)))

    return change


def both(*changes):
    def change(nb):
        for one in changes:
            one(nb)

    return change


def stored(**parts):
    """Change stored parts of the code cell."""
    return lambda nb: nb.cells[CODE].update(parts)


def metadata(cell: int | None = None, **entries):
    return lambda nb: (nb if cell is None else nb.cells[cell]).metadata.update(entries)


def remove(cell: int):
    return lambda nb: nb.cells.pop(cell)


def swap(one: int, other: int):
    def change(nb):
        nb.cells[one], nb.cells[other] = nb.cells[other], nb.cells[one]

    return change
