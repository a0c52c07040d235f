"""What every notebook of the course keeps to, a file for each side of it.

A new convention is a function in one of these files, under `@convention(...)` with its offenders;
`test_conventions` then tries it on these, and on every notebook.
"""

from conventions import code, file, lesson, links, numbers, plain_python
from conventions.convention import CONVENTIONS, Convention

__all__ = [
    "CONVENTIONS",
    "Convention",
    "code",
    "file",
    "lesson",
    "links",
    "numbers",
    "plain_python",
]
