"""The words of a PDF's page with their places, as lines. Does not know what a paper is.

PDFium gives characters in the order of the content stream, which in what TeX and word processors
write is the order of reading, column by column.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

_MOST = 60_000  # characters of a page: more is a drawing made of text
_HYPHEN = 2  # what PDFium calls a hyphen at the end of a line
_SPACE, _NO_BREAK, _UNKNOWN = 0x20, 0xA0, 0x10FFFF
_UPRIGHT = 0.1, 6.2  # radians between which a word does not run to the right
_BOLD = 600
_BOLD_NAMES = (b"bold", b"cmbx", b"-medi", b"black", b"heavy")
_WIDE = 0.95  # of an em: a gap that parts cells, wider than any space between words
_TIGHT = 0.08  # of an em: no space is as narrow
_LEVEL, _SHIFTED = 0.2, 0.6  # of a size: how far words of a line stand apart in height
_MARK = 2  # figures of a note's mark, at most
_HIGH = 0.18  # of a size above the base line
_RAISED = 0.84  # of a line's size: exponents, and marks of citations and notes


_Char = tuple[int, int, float]  # its index, its code, its size


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


@dataclass(frozen=True)
class _Word:
    text: str
    left: float
    right: float
    size: float
    base: float
    bold: bool


def lines(document: pypdfium2.PdfDocument, number: int) -> list[Line]:
    """The lines of a page, in the order of the stream; what stands upright is left out."""
    page = document[number]
    text = page.get_textpage()
    try:
        return _lines(_Glyphs(text).words(), number)
    finally:
        text.close()
        page.close()


class _Glyphs:
    """The characters of a page, asked of PDFium one by one: its calls fill the same few places."""

    def __init__(self, page: pypdfium2.PdfTextPage) -> None:
        self._raw = page.raw
        self._box = [ctypes.c_double() for _ in range(4)]
        self._point = ctypes.c_double(), ctypes.c_double()
        self._matrix = pdfium.FS_MATRIX()
        self._name, self._flags = ctypes.create_string_buffer(64), ctypes.c_int()

    def words(self) -> list[_Word]:
        """Runs of characters without a space between them."""
        found: list[_Word] = []
        chars: list[_Char] = []
        raw, char, size = self._raw, pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetFontSize
        for index in range(min(pdfium.FPDFText_CountChars(raw), _MOST)):
            code = min(char(raw, index), _UNKNOWN)
            if code > _SPACE and code != _NO_BREAK:
                chars.append((index, code, size(raw, index)))
                continue
            if chars and code == _HYPHEN:
                chars.append((index, ord("-"), chars[-1][2]))
            if chars:
                found += self._word(chars)
                chars = []
        return found + (self._word(chars) if chars else [])

    def _word(self, chars: list[_Char]) -> list[_Word]:
        """The word, or nothing where it runs up or down (arXiv's stamp, labels of axes)."""
        first, last = chars[0][0], chars[-1][0]
        if _UPRIGHT[0] < pdfium.FPDFText_GetCharAngle(self._raw, first) < _UPRIGHT[1]:
            return []
        left, right = self._sides(first)
        if last != first:
            right = max(right, self._sides(last)[1])
        pdfium.FPDFText_GetMatrix(self._raw, first, self._matrix)
        scale = abs(self._matrix.d) or 1.0
        sizes = Counter(size for _, _, size in chars)
        size = max(sizes, key=lambda each: (sizes[each], each))
        base, scaled = self._base(first), size * scale
        text = _spelt(self._without_marks(chars, base + _HIGH * scaled), size)
        bold = self._bold(first)
        return [_Word(text, left, right, round(scaled, 1), base, bold)] if text else []

    def _without_marks(self, chars: list[_Char], height: float) -> list[_Char]:
        """The same without a mark of a note before or behind it, that is raised by the shape of its
        figures alone."""
        figures = [chr(code).isdigit() for _, code, _ in chars]
        start = figures.index(False) if False in figures else 0
        end = len(chars) - (figures[::-1].index(False) if False in figures else len(chars))
        if 0 < len(chars) - end <= _MARK and self._bottom(chars[-1][0]) > height:
            chars = chars[:end] if not end or _marked(chr(chars[end - 1][1])) else chars
        if 0 < start <= _MARK and self._bottom(chars[0][0]) > height:
            chars = chars[start:]
        return chars

    def _bottom(self, index: int) -> float:
        pdfium.FPDFText_GetCharBox(self._raw, index, *self._box)
        return self._box[2].value

    def _sides(self, index: int) -> tuple[float, float]:
        left, right, bottom, top = self._box
        pdfium.FPDFText_GetCharBox(self._raw, index, left, right, bottom, top)
        return left.value, right.value

    def _base(self, index: int) -> float:
        pdfium.FPDFText_GetCharOrigin(self._raw, index, *self._point)
        return self._point[1].value

    def _bold(self, index: int) -> bool:
        """Whether the font's weight or name says so: TeX's fonts have no weight."""
        if pdfium.FPDFText_GetFontWeight(self._raw, index) >= _BOLD:
            return True
        pdfium.FPDFText_GetFontInfo(self._raw, index, self._name, 64, self._flags)
        told = self._name.value.lower()
        return any(word in told for word in _BOLD_NAMES)


def _marked(char: str) -> bool:
    """Whether a raised figure behind it is a mark, no exponent."""
    return char.isalpha() or char in ".,;:!?)]\u201d\u2019"


def _spelt(chars: list[_Char], size: float) -> str:
    """The word without raised or lowered figures that mark a citation or a note; an exponent is
    kept."""
    kept = ""
    for _, code, own in chars:
        char = chr(code)
        small = own < _RAISED * size and (char.isdigit() or char in ",*\u2020\u2021")
        if small and not (kept and (kept[-1].isdigit() or "^" in kept)):
            continue
        kept += f"^{char}" if small and "^" not in kept and char.isdigit() else char
    return kept


def _lines(words: list[_Word], number: int) -> list[Line]:
    found: list[Line] = []
    row: list[_Word] = []
    for word in words:
        if row and not _beside(row, word):
            found += _line(row, number)
            row = []
        row.append(word)
    return found + (_line(row, number) if row else [])


def _beside(row: list[_Word], word: _Word) -> bool:
    """Whether a word goes on with a row: on its base line, to the right of it. A raised or lowered
    one may stand off a little."""
    last = row[-1]
    size = max(last.size, word.size)
    off = _LEVEL if abs(last.size - word.size) < _LEVEL / 2 * size else _SHIFTED
    same = min(abs(word.base - last.base), abs(word.base - row[0].base)) < off * size
    return same and word.left >= last.right - 0.5 * size


def _line(row: list[_Word], number: int) -> list[Line]:
    weights: Counter[float] = Counter()
    for word in row:
        weights[word.size] += len(word.text)
    size = max(weights, key=lambda each: (weights[each], each))
    cells: list[list[_Word]] = []
    for word in row:
        small = word.size < _RAISED * size and all(
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


def _spaced(cell: list[_Word]) -> str:
    """The words of a cell. Small capitals come in pieces without a space between them."""
    text = cell[0].text
    for before, word in pairwise(cell):
        text += word.text if word.left - before.right < _TIGHT * word.size else f" {word.text}"
    return text
