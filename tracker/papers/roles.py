"""What each line of a PDF is: heading, caption, row of a table, label in a figure, note, or text."""

from __future__ import annotations

import re
from statistics import quantiles
from typing import Literal

from tracker.papers.lines import Line
from tracker.papers.margins import body_size, leading

Role = Literal["heading", "table", "figure", "more", "row", "label", "note", "text"]

CAPTION = re.compile(
    r"(table|figure|fig)\.?\s*((?:[A-Z]\.?)?\d{1,3}|[IVX]{1,5})\s*([.:|\u2014-])\s*", re.I
)
NUMBER = re.compile(
    r"(?:appendix\s+)?((?:\d{1,2}|[A-Z])(?:\.\d{1,2}){0,3})[.:]?\s+(?=[^\W\d_])", re.I
)
_NAMED = re.compile(
    r"(abstract|references|bibliography|acknowledge?ments?|(author )?contributions|contributors|"
    r"appendix|appendices|introduction|conclusions?|contributions and acknowledge?ments?)$",
    re.I,
)
_LONGEST = 140  # characters of a line of a heading
_NEXT = 1.15  # of the usual distance: a line further down is no continuation
_ROUNDING = 0.3  # points by which sizes may differ
_ROW = 3.0  # sizes from row to row, at most
_SMALL = 0.93
_LARGE = 1.1


def roles(lines: list[Line]) -> list[Role]:
    """One role a line. `more` goes on with the caption above it."""
    size, lead = body_size(lines), leading(lines)
    found: list[Role] = ["heading" if _heads(line, size) else "text" for line in lines]
    for index in range(1, len(lines)):
        if found[index - 1] == "heading" and _wraps(lines[index - 1], lines[index], size, lead):
            found[index] = "heading"
    for index in range(len(lines)):
        if _captions(lines, index, size, lead):
            found[index] = "table" if lines[index].text[:1] in "tT" else "figure"
            _follow(lines, found, index, lead)
    width = _usual(lines)
    for index, role in enumerate(found):
        if role == "table":
            _rows(lines, found, index)
        elif role == "figure":
            _labels(lines, found, index, width)
    _notes(lines, found, size)
    return found


def _heads(line: Line, size: float) -> bool:
    """Numbered and bold or larger, or larger by much, or a well-known name on its own."""
    text = line.text.strip()
    if len(text) > _LONGEST or not any(char.isalpha() for char in text):
        return False
    if _NAMED.match(NUMBER.sub("", text)) and line.size >= size * 0.98:
        return True
    if text.endswith((".", ",", ";")) and not line.bold:
        return False
    numbered = bool(NUMBER.match(text)) and len(line.cells) <= 2  # noqa: PLR2004 - and its number
    return line.size >= size * _LARGE or (numbered and (line.bold or line.size > size * 1.04))


def _wraps(above: Line, line: Line, size: float, lead: float) -> bool:
    """Whether a heading goes on in this line."""
    marked = line.bold == above.bold and (line.bold or line.size > 1.04 * size)
    return marked and _continues(above, line, lead) and not NUMBER.match(line.text)


def _captions(lines: list[Line], index: int, size: float, lead: float) -> bool:
    """Whether a caption begins here; a sentence of the text may begin so too, but not apart."""
    line = lines[index]
    if not (told := CAPTION.match(line.text)):
        return False
    apart = index == 0 or not _continues(lines[index - 1], line, lead)
    return told[3] in ":|" or apart or line.size < _SMALL * size


def _continues(above: Line, line: Line, lead: float) -> bool:
    """Whether a line stands right below another, in the same column and size."""
    near = 0 < above.base - line.base < _NEXT * lead * line.size
    overlap = line.left < above.right and line.right > above.left
    return above.page == line.page and near and overlap and abs(above.size - line.size) < _ROUNDING


def _follow(lines: list[Line], found: list[Role], index: int, lead: float) -> None:
    """Mark the other lines of a caption."""
    while (
        index + 1 < len(lines) and found[index + 1] == "text" and len(lines[index + 1].cells) == 1
    ):
        if not _continues(lines[index], lines[index + 1], lead):
            return
        index += 1
        found[index] = "more"


def _rows(lines: list[Line], found: list[Role], index: int) -> None:
    """Mark the rows of the table below a caption, else of that above it."""
    end = index + 1
    while end < len(lines) and found[end] == "more":
        end += 1
    for start, step in ((end, 1), (index - 1, -1)):
        at = start
        while _is_row(lines, found, at, index, step) and _near(lines, at, at - step):
            found[at] = "row"
            at += step
        if at != start:
            return


def _near(lines: list[Line], at: int, before: int) -> bool:
    """Whether a row stands close to the one before, or to the caption."""
    return abs(lines[at].base - lines[before].base) <= _ROW * max(
        lines[at].size, lines[before].size
    )


def _is_row(lines: list[Line], found: list[Role], at: int, caption: int, step: int) -> bool:
    """Cells side by side; or one alone, where more rows come and it is no line of text."""
    if not 0 <= at < len(lines) or lines[at].page != lines[caption].page:
        return False
    if found[at] not in ("text", "heading"):
        return False
    if len(lines[at].cells) > 1:
        return True
    beyond = at + step
    return (
        0 <= beyond < len(lines)
        and len(lines[beyond].cells) > 2  # noqa: PLR2004 - a line of text may have one wide space
        and found[beyond] == "text"
        and lines[beyond].page == lines[caption].page
        and not lines[at].text.rstrip().endswith((".", ":", "-"))
    )


def _labels(lines: list[Line], found: list[Role], index: int, width: float) -> None:
    """Mark the words drawn in the figure above its caption: short, and no end of a sentence."""
    at = index - 1
    while at >= 0 and found[at] == "text" and lines[at].page == lines[index].page:
        line = lines[at]
        words = sum(cell.right - cell.left for cell in line.cells)
        if words > 0.6 * width or line.text.endswith((".", ":", ";", "!", "?")):
            return
        found[at] = "label"
        at -= 1


def _notes(lines: list[Line], found: list[Role], size: float) -> None:
    """Mark the small lines at the foot of a column that stand below text in its size."""
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if found[index] != "text" or line.size >= _SMALL * size:
            continue
        below = index + 1
        last = (
            below == len(lines) or lines[below].page != line.page or lines[below].base > line.base
        )
        if last or found[below] == "note":
            found[index] = "note"
    for index, role in enumerate(found):
        if role != "note":
            continue
        above = index - 1
        whole = above < 0 or lines[above].page != lines[index].page or found[above] == "heading"
        small = above >= 0 and found[above] == "text" and lines[above].size < _SMALL * size
        if whole or small:
            found[index] = "text"


def _usual(lines: list[Line]) -> float:
    """How wide a full line is."""
    widths = [line.right - line.left for line in lines if len(line.text) > 20]  # noqa: PLR2004
    return quantiles(widths, n=10)[6] if len(widths) > 1 else 0.0
