"""Lines of a PDF as paragraphs of text."""

from __future__ import annotations

import re

from tracker.papers.lines import Line
from tracker.papers.words import plain

_BULLET = re.compile(r"[\u2022\u25cf\u25aa\u2023\u25e6\u00b7*]\s+")
_END = re.compile(r"[.!?:][\"')\]\u2019\u201d]*$")
_LISTED = re.compile(r"\[\d{1,4}\]|\d{1,4}\.\s")
_GAP = 1.65  # sizes between base lines, more than which ends a paragraph
_INDENT = 0.7  # of the size
_FLUSH = 0.8  # of the lines at the left: then entries do not hang out


def joined(found: list[Line]) -> str:
    """Lines as one text. A hyphen at the end of one goes where the word goes on in small letters."""
    text = ""
    for line in found:
        more = line.text
        if text.endswith("-") and len(text) > 1 and text[-2].isalpha():
            text = (text[:-1] if more[:1].islower() else text) + more
        elif text.endswith("-") and text[-2:-1].isdigit():
            text += more
        else:
            text += f" {more}"
    return plain(text)


def paragraphs(held: list[Line]) -> list[str]:
    """Lines as paragraphs. A paragraph ends only with a sentence: a page, a column or a figure may
    break any."""
    found: list[list[Line]] = []
    for line in held:
        if not found or _begins(found[-1][-1], line):
            found.append([])
        found[-1].append(line)
    return [
        _BULLET.sub("", text, count=1) if _BULLET.match(text) else text
        for text in map(joined, found)
    ]


def _begins(above: Line, line: Line) -> bool:
    if _BULLET.match(line.text):
        return True
    if not _END.search(above.text):
        return False
    below = above.page == line.page and line.base < above.base
    gap = above.base - line.base > _GAP * line.size
    return below and (gap or line.left - above.left > _INDENT * line.size)


def listed(held: list[Line]) -> int:
    """How many references: those with numbers, else the lines that hang out at a column's left."""
    if numbered := sum(bool(_LISTED.match(line.text)) for line in held):
        return numbered
    middle = (min(line.left for line in held) + max(line.right for line in held)) / 2 if held else 0
    lefts: dict[tuple[int, bool], float] = {}
    for line in held:
        column = line.page, line.left > middle
        lefts[column] = min(line.left, lefts.get(column, line.left))
    hung = sum(line.left < lefts[line.page, line.left > middle] + 3 for line in held)
    return hung if hung < _FLUSH * len(held) else len(paragraphs(held))
