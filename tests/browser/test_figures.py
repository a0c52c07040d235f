"""Every figure in the page says what it shows, for those who cannot see it."""

from helpers.alternative_text import words_under

import nbformat

from browser.opened import OUTPUT, Opened

#: The figures that cells draw. Those of explorers are no outputs of their own.
FIGURES = f"{OUTPUT} img:not(.jupyter-widgets img)"


def test_each_figure_carries_the_words_under_it(opened: Opened):
    cells = nbformat.read(opened.path, as_version=4).cells
    numbers = opened.numbers(r"plt.show()")
    drawn = 0
    for number in numbers:
        words = [image.get_attribute("alt") for image in opened.cell(number).locator(FIGURES).all()]
        assert words
        # A cell may draw two figures, such as one above the other, with a sentence for both.
        assert set(words) == {words_under(cells, number)}, f"cell {number}"
        drawn += len(words)
    assert opened.page.locator(FIGURES).count() == drawn
