"""How often each claim of the course holds: run notebooks from many seeds, sum up, keep the result.

- `survey.runs`     one run of a notebook from a seed, all of its claims looked at
- `survey.figures`  what many runs say of a claim, as numbers and as a table
- `survey.record`   `helpers/claims.json`, and the words behind the ticks stored in notebooks

`tests/survey_claims.py` is the command.
"""
