"""What each line of a PDF is: heading, caption, row of a table, label in a figure, note, or text."""

from __future__ import annotations

import re

from tracker.papers.floats import ROW, Role, mark_labels, mark_rows, usual
from tracker.papers.lines import Line
from tracker.papers.margins import CAPTION, body_size, leading

NUMBER = re.compile(
    r"(?:appendix\s+)?((?:\d{1,2}|[A-Z])(?:\.\d{1,2}){0,3})[.:]?\s+(?=[^\W\d_])", re.I
)
_ALONE = re.compile(r"(?:\d{1,2}|[A-Z])(?:\.\d{1,2}){0,3}[.:]?")
_ALGORITHM = re.compile(r"Algorithm \d{1,2}(?!\d|\.\d|[ ,;]+[a-z])")
_STEP = re.compile(r"\d{1,3}:|(require|ensure|input|output)s?:", re.I)
ROMAN = re.compile(r"[IVX]{1,5}\.\s+(?=[^\W\d_])")
_NAMED = re.compile(
    r"(abstract|references|bibliography|acknowledge?ments?|(author )?contributions|contributors|"
    r"appendix|appendices|introduction|conclusions?|contributions and acknowledge?ments?)$",
    re.I,
)
_LONGEST = 140  # characters of a line of a heading
_NEXT = 1.15  # of the usual distance: a line further down is no continuation
_ROUNDING = 0.3  # points by which sizes may differ
_COLUMN = 4.0  # sizes up to the next line, at least: the pieces of a formula jump less
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
    width = usual(lines)
    for index, role in enumerate(found):
        if role == "table":
            mark_rows(lines, found, index)
        elif role == "figure":
            mark_labels(lines, found, index, width)
    _notes(lines, found, size)
    _listings(lines, found)
    return found


def _heads(line: Line, size: float) -> bool:
    """Numbered and bold or larger, or larger by much, or a well-known name on its own."""
    text = line.text.strip()
    if len(text) > _LONGEST or not any(char.isalpha() for char in text):
        return False
    if not _titled(line):
        return False
    capitals = text.isupper() and bool(ROMAN.match(text))
    marked = line.bold or line.size >= size * 0.98 or text.isupper()
    if capitals or (marked and _NAMED.match(NUMBER.sub("", text))):
        return True
    if text.endswith((".", ",", ";")) and not line.bold:
        return False
    numbered = bool(NUMBER.match(text))
    return line.size >= size * _LARGE or (numbered and (line.bold or line.size > size * 1.04))


def _titled(line: Line) -> bool:
    """Whether its cells are those of a heading: its number and its title, or one alone."""
    first, *others = line.cells
    return not others or (len(others) == 1 and bool(_ALONE.fullmatch(first.text)))


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
    return told[3].strip() in (":", "|") or apart or line.size < _SMALL * size


def _continues(above: Line, line: Line, lead: float) -> bool:
    """Whether a line stands right below another, in the same column and size."""
    near = 0 < above.base - line.base < _NEXT * lead * line.size
    overlap = line.left < above.right and line.right > above.left
    return above.page == line.page and near and overlap and abs(above.size - line.size) < _ROUNDING


def _follow(lines: list[Line], found: list[Role], index: int, lead: float) -> None:
    """Mark the other lines of a caption; one in capitals may come in other sizes than its name."""
    named = bool(CAPTION.fullmatch(lines[index].text))
    while (
        index + 1 < len(lines) and found[index + 1] == "text" and len(lines[index + 1].cells) == 1
    ):
        above, line = lines[index], lines[index + 1]
        below = named and 0 < above.base - line.base < ROW * line.size and line.text.isupper()
        if not below and not _continues(above, line, lead):
            return
        index += 1
        found[index] = "more"


def _notes(lines: list[Line], found: list[Role], size: float) -> None:
    """Mark the small lines at the foot of a column that stand below text in its size."""
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if found[index] != "text" or line.size >= _SMALL * size:
            continue
        below = index + 1
        last = (
            below == len(lines)
            or lines[below].page != line.page
            or lines[below].base > line.base + _COLUMN * line.size
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


def _listings(lines: list[Line], found: list[Role]) -> None:
    """Mark an algorithm, that floats as a figure does: its title and its numbered lines."""
    inside = False
    for index, line in enumerate(lines):
        inside = found[index] in ("text", "heading") and bool(
            (_STEP if inside else _ALGORITHM).match(line.text)
        )
        if inside:
            found[index] = "listing"
