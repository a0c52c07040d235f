"""The sign ≈ stands before numbers that training decides, and no such number is typed."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Set
from decimal import Decimal

from nbformat import NotebookNode
from nbval.plugin import get_sanitize_patterns

from conventions.convention import convention
from conventions.course import MASKING
from conventions.parts import (
    CODE_SPAN,
    FENCE,
    MATH,
    code_cells,
    markdown_cells,
    output_texts,
    tokens,
    without,
)
from conventions.sample import CODE, TEXT, both, printed, write

#: Numbers typed into a notebook's Markdown that neither its code nor an exact output shows, or that
#: look like a number after ≈: for each notebook, the number without its sign and why training does
#: not decide it.
ALLOWED_NUMBERS: dict[str, dict[str, str]] = {
    "05_longer_lags": {
        "1.8": "quoted from a claim of notebook 03, where it is given",
    },
}


(MASKED, MASK), _PICTURE = get_sanitize_patterns(MASKING.read_text(encoding="ascii"))
NUMBER = re.compile(
    r"(?<![\w.])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+|(?=\.\d))(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\.?\d)"
)
ADDRESS = re.compile(
    r"\]\([^)\s]*\)|https?://\S+|<!--.*?-->|</?[a-zA-Z][^>]*>"
    r"|arXiv[: ]*\d{4}\.\d{4,5}|\b10\.\d{4,}/\S+",
    re.DOTALL,
)
VERSION = re.compile(r"(?i:python|keras|tensorflow|jupyterlab|numpy|sections?|chapters?) \d+\.\d+")


def mask(text: str) -> str:
    """What nbval does to every text before it compares it."""
    return re.sub(MASKED, MASK, text)


@convention(
    offenders=(
        *(
            printed(text)
            for text in (
                "≈ ",
                "≈",
                "≈ many",
                "≈0.26",
                "≈  0.26",
                "≈ nan",
                "≈ +0.26",
                "≈ .26",
                "≈ − 0.26",
                "≈ 1,200",
                "≈ 1.2.3",
                "≈ 1e7",
                "≈ 0.26 to ≈",
                "≈ [0.26]",
                "≃ 3",
                "~3",
                "&asymp; 3",
            )
        ),
        write(CODE, 'print("≈ 0.26")'),
        write(CODE, 'print(f"≈ {slope:.2f}")'),
    ),
    lookalikes=(printed("≈ 3x, ≈ 0.26. ≈ -1, 2, (≈ 5) ≈ 1.2e-07\n≈ 7"),),
)
def sign_before_numbers_only(nb):
    """In outputs, ≈ stands before one number, as `approx` writes it, and before nothing else."""
    offences = []
    for n, cell in code_cells(nb):
        for text in output_texts(cell):
            for match in re.finditer("≈", text):
                number = re.match(MASKED + r"(?![\w]*\d|[.,]\d)", text[match.start() :])
                if not number:
                    offences.append(f"cell {n}: {text[match.start() :][:20]!r}")
            # Other ways to write the sign, which the comparison would not know.
            for match in re.finditer(r"[≃≅~]\s?\d|&asymp;|&approx;|&#8776;|\\approx", text):
                offences.append(f"cell {n}: {match[0]!r} instead of ≈")
        if re.search(r"≈\s*-?[\d.{]", cell.source):
            offences.append(f"cell {n}: ≈ typed into code, where approx or spread should print it")
    return offences


@convention(
    offenders=(
        *(
            write(TEXT, text)
            for text in (
                "≈ 0.26",
                "`≈ 0.26`",
                "≈ -3",
                "≈ **4**",
                r"$\approx 4$",
                "$x ≈ $ 4",
                "~3",
                "≈.5",
            )
        ),
    ),
    lookalikes=(write(TEXT, "The sign ≈ is for digits. 3 ≈ x."),),
)
def no_sign_before_typed_numbers(nb):
    """In Markdown nothing stands after ≈: text that was typed does not move with the training."""
    sign = re.compile(r"(≈|≃|≅|~|&asymp;|&approx;|&#8776;|\\(approx|sim)(eq)?\b)[\s$`*]*[-−]?\.?\d")
    return [
        f"cell {n}: {match[0]!r} typed into Markdown"
        for n, text in markdown_cells(nb)
        for match in sign.finditer(text)
    ]


def decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", "").replace("_", ""))


def exact_numbers(nb: NotebookNode) -> set[Decimal]:
    """Numbers in the code (strings and comments left out), and in the outputs without ≈."""
    found = set()
    for _, cell in code_cells(nb):
        for token in tokens(cell):
            if token.type == tokenize.NUMBER and re.fullmatch(
                r"[\d_.]+([eE][+-]?\d+)?", token.string
            ):
                found.add(decimal(token.string))
        for text in output_texts(cell):
            text = re.sub(r"<Figure size .*?>", "", text)
            found |= {decimal(number) for number in NUMBER.findall(re.sub(MASKED, "", text))}
    return found


def moving_numbers(nb: NotebookNode) -> set[str]:
    """Numbers after ≈ in the outputs, without their sign, as they are written."""
    return {
        match[0].lstrip("≈ -")
        for _, cell in code_cells(nb)
        for text in output_texts(cell)
        for match in re.finditer(MASKED, text)
    }


def rounds_to(moving: str, typed: str) -> bool:
    """Whether `typed` could be short for `moving`: 280 for 279, 0.3 for 0.26."""
    last_place = Decimal(1).scaleb(decimal(typed).normalize().as_tuple().exponent)
    tolerance = min(last_place / 2, decimal(typed) * Decimal("0.15"))
    return abs(decimal(moving) - decimal(typed)) <= tolerance


@convention(
    offenders=(
        *(
            write(TEXT, text)
            for text in (
                "The error is 0.26.",
                "The error is 0.27.",
                "The error is **0.27**.",
                "The error is .27 or less.",
                "The error is 0.27x.",
                "It is -0.27 off",
                "It is 1e-5.",
                "It is 12,345.6 m.",
                "The error is $0.26$.",
                "The error is `0.26`.",
                "```\n0.26\n```",
                "It fell 280 short.",
                "It is about 280.",
                "It is roughly -280.",
                "It is about 3 here.",
                "It is nearly 4.5 here.",
                "That is 14 times less.",
                "That is 14x less.",
                "Less by 14 %.",
                "Less by 14 percent.",
                "Slope 1.80 and 1.85.",
            )
        ),
        write(CODE, "# was 0.26"),
        write(CODE, 'claim("The error is 0.26", True)'),
        both(printed("✓ ≈ 1.8"), write(TEXT, "Again 1.8.")),
    ),
    lookalikes=(
        both(printed("280 rows"), write(TEXT, "Twice 1.8; 280 rows.")),
        write(TEXT, "Keras 3.15 and 3.15.1, chapter 2.7, 0.25 and 0.250."),
        write(TEXT, "At least 4x; the year is about 2018; 3 lines."),
    ),
)
def no_typed_results(nb, allowed: Set[str] = frozenset()):
    """No number that training decides is typed: prose points at the output.

    - A number with a decimal point or an exponent stands in the code or in an exact output as well.
    - So does a number that says how many times, or how many percent.
    - No number is written like one after ≈ in an output, unless it is a whole number and exact too.
    - None follows 'about' or its like and could be short for one after ≈.

    `allowed` numbers are let through.
    """
    exact, moving = exact_numbers(nb), moving_numbers(nb)
    offences = []

    def refuse(n, number, why):
        if number not in allowed:
            offences.append(f"cell {n}: {number} {why}")

    texts = [(n, without(text, ADDRESS, VERSION)) for n, text in markdown_cells(nb)]
    for n, text in texts:
        text = without(text, FENCE, CODE_SPAN, MATH)
        for match in NUMBER.finditer(text):
            number = match[0]
            before, after = text[: match.start()], text[match.end() :]
            known = decimal(number) in exact
            if re.search(r"[.eE]", number) and not known:
                refuse(n, number, "stands in no code and in no exact output")
            elif re.match(r"\s*([x×%]|per ?cent\b|times\b|-?fold\b)", after) and not known:
                refuse(n, number, "times or percent stands in no code and in no exact output")
            about = (
                r"\b(about|roughly|around|approximately|nearly|almost|close to|circa|ca\.)\s+[-−]?$"
            )
            if re.search(about, before, re.IGNORECASE) and not re.match(r"\s+minutes?\b", after):
                for moved in sorted(moving):
                    if rounds_to(moved, number):
                        refuse(n, number, f"after 'about' is short for ≈ {moved}")
    # Formulas, code spans, comments and strings are no hiding places.
    for n, cell in code_cells(nb):
        kinds = (tokenize.COMMENT, tokenize.STRING)
        texts += [(n, token.string) for token in tokens(cell) if token.type in kinds]
    for n, text in texts:
        for number in NUMBER.findall(text):
            whole = number.isdecimal()
            if number in moving and not (whole and (len(number) == 1 or decimal(number) in exact)):
                refuse(n, number, "is typed as it stands after ≈ in an output")
    return offences
