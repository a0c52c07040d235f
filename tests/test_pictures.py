"""`tools/pictures.py` cuts the pictures of README.md out of the stored outputs."""

import io
import re
from pathlib import Path

import pictures
import pytest
from pictures import BEGIN, BEGIN_TOP, FIGURES, FOLDER, SOURCE, TOP, Figure, find
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
RUN_AGAIN = "run `uv run python tools/pictures.py` again"


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_a_picture_is_made_from_the_figure_that_its_notebook_stores(figure):
    with Image.open(FOLDER / figure.name) as picture:
        assert picture.text[SOURCE] == find(figure).digest, RUN_AGAIN
        assert picture.width == pictures.SMALL


def test_the_picture_at_the_top_is_made_from_the_figures_stored():
    with Image.open(FOLDER / "top.png") as picture:
        assert picture.text[SOURCE] == pictures.source([find(f) for f in TOP]), RUN_AGAIN
        assert picture.width > picture.height


def test_readme_shows_them_with_the_words_under_each_figure():
    assert pictures.at_the_top([find(figure) for figure in TOP]) in README, RUN_AGAIN
    assert pictures.as_table([find(figure) for figure in FIGURES]) in README, RUN_AGAIN
    assert README.index(BEGIN_TOP) < README.index("## Start") < README.index(BEGIN)
    alternatives = re.findall(r'<img src="docs/pictures/[^"]+" alt="([^"]+)"', README)
    assert len(alternatives) == len(FIGURES) + 1
    assert all(len(words.split()) > 8 for words in alternatives)


def test_every_lesson_that_draws_has_one_and_no_picture_is_left_over():
    notebooks = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert {figure.notebook for figure in FIGURES} == notebooks - {"00_start_here"}
    assert {path.name for path in FOLDER.iterdir()} == {"top.png", *(f.name for f in FIGURES)}


def test_they_are_kept_small():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 400_000


@pytest.mark.parametrize(
    ("drawn_by", "many"),
    [("no cell holds this", 0), ("plots.use_style()", 0), ("plots.race({", 3)],
)
def test_a_figure_that_is_not_there_or_not_alone_is_named(drawn_by, many):
    with pytest.raises(ValueError, match=f"05_longer_lags must have one figure of .*, got {many}"):
        find(Figure("05_longer_lags", drawn_by, ""))


def test_pictures_beside_each_other_have_one_height_on_white():
    made = []
    for size, color in (((30, 20), "black"), ((80, 90), "red")):
        file = io.BytesIO()
        Image.new("RGB", size, color).save(file, "PNG")
        made.append(file.getvalue())
    both = pictures.side_by_side(made)
    assert both.height == pictures.TOP_HEIGHT
    assert both.getpixel((both.width // 2, 0)) == (255, 255, 255)
    middle = both.height // 2
    assert both.getpixel((100, middle)) == (0, 0, 0)
    assert both.getpixel((both.width - 100, middle)) == (255, 0, 0)
