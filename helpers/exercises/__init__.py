"""The exercises of the course: what each accepts, what it says to typical mistakes, what is done.

Notebooks import `check` and `progress`. Each notebook's exercises and its quiz stand in a file of
their own, which `course` puts in order. An exercise is a small function: it takes the answer and
returns a sentence of praise, or refuses the answer with a hint.

- `checks`     `check` says what an exercise makes of an answer, `progress` which ones are done
- `keeping`    what is done, kept from one session to the next, in a file that `lock` guards
- `answers`    reads an answer in every form that is meant well
- `comparing`  compares it with the right one and with typical mistakes
- `exercise`, `quizzes`  what an exercise and a quiz are
"""

from helpers.exercises.checks import check, progress
from helpers.exercises.course import EXERCISES

__all__ = ["EXERCISES", "check", "progress"]
