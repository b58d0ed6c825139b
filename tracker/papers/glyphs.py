"""The words of a PDF's page with their places.

PDFium gives characters in the order of the content stream, which in what TeX and word processors
write is the order of reading, column by column.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

_MOST = 60_000  # characters of a page: more is a drawing made of text
_HYPHEN = 2  # what PDFium calls a hyphen at the end of a line
_SPACE, _NO_BREAK, _UNKNOWN = 0x20, 0xA0, 0x10FFFF
_UPRIGHT = 0.1, 6.2  # radians between which a word does not run to the right
_BOLD = 600
_BOLD_NAMES = (b"bold", b"cmbx", b"ecbx", b"sfbx", b"-medi", b"black", b"heavy")
_MARK = 2  # figures of a note's mark, at most
_HIGH = 0.18  # of a size above the base line
_MARKS, _SIGNS = ",*\u2020\u2021", "-\u2212"
RAISED = 0.84  # of a line's size: exponents, and marks of citations and notes

_Char = tuple[int, int, float]  # its index, its code, its size


@dataclass(frozen=True)
class Word:
    """Characters without a space between them, with their place, size and weight."""

    text: str
    left: float
    right: float
    size: float
    base: float
    bold: bool


class Glyphs:
    """The characters of a page, asked of PDFium one by one: its calls fill the same few places."""

    def __init__(self, page: pypdfium2.PdfTextPage) -> None:
        self._raw = page.raw
        self._box = [ctypes.c_double() for _ in range(4)]
        self._point = ctypes.c_double(), ctypes.c_double()
        self._matrix = pdfium.FS_MATRIX()
        self._name, self._flags = ctypes.create_string_buffer(64), ctypes.c_int()

    def words(self) -> list[Word]:
        """Runs of characters without a space between them."""
        found: list[Word] = []
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

    def _word(self, chars: list[_Char]) -> list[Word]:
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
        return [Word(text, left, right, round(scaled, 1), base, bold)] if text else []

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
        small = own < RAISED * size and (char.isdigit() or char in _MARKS + _SIGNS)
        if small and not (kept and (kept[-1].isdigit() or "^" in kept)):
            continue
        kept += f"^{char}" if small and "^" not in kept and char not in _MARKS else char
    return kept
