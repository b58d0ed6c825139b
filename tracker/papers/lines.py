"""The words of a PDF's page as lines of cells. Does not know what a paper is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2

from tracker.papers.glyphs import RAISED, Glyphs, Word

_WIDE = 0.95  # of an em: a gap that parts cells, wider than any space between words
_TIGHT = 0.08  # of an em: no space is as narrow
_LEVEL, _SHIFTED = 0.2, 0.6  # of a size: how far words of a line stand apart in height


@dataclass(frozen=True)
class Cell:
    """Words that stand close together, and from where to where."""

    text: str
    left: float
    right: float


@dataclass(frozen=True)
class Line:
    """One line of one column: its cells, its place (`base` is what the letters stand on), their
    size, whether all of it is bold. The origin is the page's lower left corner."""

    page: int
    cells: tuple[Cell, ...]
    base: float
    size: float
    bold: bool

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(cell.text for cell in self.cells)

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.cells[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return max(cell.right for cell in self.cells)


def lines(document: pypdfium2.PdfDocument, number: int) -> list[Line]:
    """The lines of a page, in the order of the stream; what stands upright is left out."""
    page = document[number]
    text = page.get_textpage()
    try:
        return _lines(Glyphs(text).words(), number)
    finally:
        text.close()
        page.close()


def _lines(words: list[Word], number: int) -> list[Line]:
    found: list[Line] = []
    row: list[Word] = []
    for word in words:
        if row and not _beside(row, word):
            found += _line(row, number)
            row = []
        row.append(word)
    return found + (_line(row, number) if row else [])


def _beside(row: list[Word], word: Word) -> bool:
    """Whether a word goes on with a row: on its base line, to the right of it. A raised or lowered
    one may stand off a little."""
    last = row[-1]
    size = max(last.size, word.size)
    off = _LEVEL if abs(last.size - word.size) < _LEVEL / 2 * size else _SHIFTED
    same = min(abs(word.base - last.base), abs(word.base - row[0].base)) < off * size
    return same and word.left >= last.right - 0.5 * size


def _line(row: list[Word], number: int) -> list[Line]:
    weights: Counter[float] = Counter()
    for word in row:
        weights[word.size] += len(word.text)
    size = max(weights, key=lambda each: (weights[each], each))
    cells: list[list[Word]] = []
    for word in row:
        small = word.size < RAISED * size and all(
            char.isdigit() or char in ",*" for char in word.text
        )
        if small and cells and word.base > row[0].base + 0.1 * size:
            continue
        if cells and word.left - cells[-1][-1].right < _WIDE * size:
            cells[-1].append(word)
        else:
            cells.append([word])
    made = tuple(
        Cell(_spaced(cell), cell[0].left, max(word.right for word in cell)) for cell in cells
    )
    base = next((word.base for word in row if word.size == size), row[0].base)
    return [Line(number, made, base, size, all(word.bold for word in row))] if made else []


def _spaced(cell: list[Word]) -> str:
    """The words of a cell. Small capitals come in pieces without a space between them."""
    text = cell[0].text
    for before, word in pairwise(cell):
        text += word.text if word.left - before.right < _TIGHT * word.size else f" {word.text}"
    return text
