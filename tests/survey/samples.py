"""Claims, runs and notebooks made up for the tests of the survey."""

from nbformat import v4

from survey import runs


def claim(holds=True, value=True, margin=None, bound=None, limit=None):
    """A line of the log, but for notebook, seed and sentence."""
    return {"value": value, "limit": limit, "bound": bound, "holds": holds, "margin": margin}


def at_least(value, bound=4.0):
    margin = (value - bound) / bound
    return claim(value >= bound, value, margin, bound, ">=")


NOT_A_NUMBER = claim(False, "nan", None, 4.0, ">=")


def run_of(offset=1000, lesson=None, error=None, notebook="02_some", **said):
    """A run; `said` are its claims, with _ for a space."""
    said = {sentence.replace("_", " "): entry for sentence, entry in said.items()}
    return runs.Run(notebook, offset, lesson, 1.0, said, error)


def stored(*texts, source="claim(...)"):
    outputs = [v4.new_output("stream", name="stdout", text=text) for text in texts]
    return v4.new_notebook(cells=[v4.new_code_cell(source, outputs=outputs)])
