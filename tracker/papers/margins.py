"""Lines of a PDF without what only a page has: running heads, page numbers, the table of contents."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from tracker.papers.lines import Line

CAPTION = re.compile(
    r"(table|figure|fig)\.?\s*((?:[A-Z]\.?)?\d{1,3}|[IVX]{1,5})\s*([.:|\u2014-]\s*|$)", re.I
)
_PAGE = re.compile(
    r"[\W_]*(page)?[\W_]*([0-9]{1,4}|[ivxl]{1,7})([\W_]*of[\W_]*\d{1,4})?[\W_]*", re.I
)
_STAMP = re.compile(r"arxiv:\d{4}\.\d{4,5}", re.I)
_LEADERS = re.compile(r"(?:\. ?){5}")
_ENTRY = re.compile(r"(\d|[A-Z]\b|[A-Z][a-z]).*(\s|\.)([0-9]{1,4}|[ivxl]{1,7})$")
_MISSES = 6  # lines of notes between two pages of the table of contents
_SHORT = 20  # characters of a page's number, at most
_EDGE = 2  # lines at the top and at the bottom that may be running heads
_LOOSE = 2.5  # sizes from line to line, at most
_ROWS = 2  # lines that are the same by chance
_MODEST = 1.05  # of the text's size: a head is not larger
_APART = 2.0  # sizes from a head to the text
_ZONE = 3.0  # points within which lines of different pages stand equally high


def body_size(lines: list[Line]) -> float:
    """The size in which most of the text is set."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size)) if sizes else 0.0


def leading(lines: list[Line]) -> float:
    """How far lines of text are apart, in their size."""
    steps: Counter[float] = Counter()
    for above, line in pairwise(lines):
        step = (above.base - line.base) / line.size if line.size else 0.0
        if above.page == line.page and above.size == line.size and 1.0 <= step <= _LOOSE:
            steps[round(step, 1)] += len(line.text)
    return max(steps, key=lambda step: (steps[step], step)) if steps else 1.2


def without_margins(lines: list[Line]) -> list[Line]:
    """The lines that are text."""
    dropped = _running(lines)
    kept = [line for line in lines if id(line) not in dropped and not _STAMP.match(line.text)]
    return _without_contents(kept)


def _running(lines: list[Line]) -> set[int]:
    """The lines at the edges that come again on other pages, number apart, or are a number alone;
    and what stands alone as high as on most other pages (heads that name the section)."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges = [edge for page in pages.values() for edge in _edges(page)]
    again = Counter(_key(line, rank) for line, rank, _ in edges)
    found = {id(line) for line, rank, alone in edges if _repeated(line, rank, again, alone=alone)}
    zones = Counter(_zone(line, rank) for line, rank, alone in edges if alone or id(line) in found)
    usual = {zone for zone, count in zones.items() if 2 * count >= len(pages) > 1}
    size = body_size(lines)
    for line, rank, alone in edges:
        plain = line.size <= _MODEST * size and not line.bold
        if alone and plain and _zone(line, rank) in usual:
            found.add(id(line))
    return found


def _edges(page: list[Line]) -> list[tuple[Line, int, bool]]:
    """The outermost lines with their rank (1 is the uppermost, -1 the lowest), and whether they
    are the outermost and stand apart from the others."""
    high = sorted(page, key=lambda line: (-line.base, line.left))
    low = sorted(page, key=lambda line: (line.base, line.left))
    found = []
    for lines, sign in ((high, 1), (low, -1)):
        for rank, line in enumerate(lines[:_EDGE]):
            if CAPTION.match(line.text):
                break
            gap = abs(line.base - lines[1].base) if len(lines) > 1 and rank == 0 else 0.0
            found.append((line, sign * (rank + 1), gap > _APART * line.size))
    return found


def _key(line: Line, rank: int) -> tuple[str, int, int]:
    told = "".join(char for char in line.text.casefold() if char.isalpha())
    return told, *_zone(line, rank)


def _zone(line: Line, rank: int) -> tuple[int, int]:
    return round(line.base / _ZONE), 1 if rank > 0 else -1


def _repeated(line: Line, rank: int, again: Counter[tuple[str, int, int]], *, alone: bool) -> bool:
    """Whether it comes again; twice may be a row of two tables that end as low."""
    if len(line.text) <= _SHORT and _PAGE.fullmatch(line.text):
        return True
    told, height, end = _key(line, rank)
    near = sum(again[told, height + off, end] for off in (-1, 0, 1))
    return bool(told) and near > (1 if alone else _ROWS)


def _without_contents(lines: list[Line]) -> list[Line]:
    """Leave out a table of contents: what ends in page numbers below each other, up to where
    nothing does; notes may stand between its pages."""
    kept: list[Line] = []
    inside, misses, edge = False, 0, 0.0
    for line in lines:
        if line.text.casefold().strip() in ("contents", "table of contents"):
            inside, misses, edge = True, 0, 0.0
        elif _LEADERS.search(line.text) or (inside and _enters(line, edge)):
            misses, edge = 0, line.right
        else:
            misses += 1
            inside = inside and misses <= _MISSES
            kept.append(line)
    return kept


def _enters(line: Line, edge: float) -> bool:
    """Whether it ends in a number as far at the right as the entry above."""
    return bool(_ENTRY.match(line.text)) and (not edge or abs(line.right - edge) < _ZONE)
