"""Lines of cells as the rows and columns of a table."""

from __future__ import annotations

from collections import Counter

from tracker.papers.lines import Cell, Line
from tracker.papers.words import plain

_SAME = 2.0  # points by which the base lines of a row may differ


def rows(lines: list[Line]) -> tuple[tuple[str, ...], ...]:
    """The cells by column. The rows with the most usual number of cells tell where columns are;
    a cell stands in the one that it overlaps most."""
    found = _joined(sorted(lines, key=lambda line: -line.base))
    counts = Counter(len(row) for row in found if len(row) > 1)
    if not counts:
        return tuple((plain(" ".join(cell.text for cell in row)),) for row in found)
    usual = max(counts, key=lambda count: (counts[count], count))
    columns = _columns([row for row in found if len(row) == usual])
    return tuple(_placed(row, columns) for row in found)


def _joined(lines: list[Line]) -> list[list[Cell]]:
    """Rows: lines that stand equally high are one."""
    found: list[list[Cell]] = []
    height = 0.0
    for line in lines:
        if found and abs(line.base - height) < _SAME:
            found[-1].extend(line.cells)
        else:
            found.append(list(line.cells))
            height = line.base
    return [sorted(row, key=lambda cell: cell.left) for row in found]


def _columns(full: list[list[Cell]]) -> list[tuple[float, float]]:
    """From where to where each column goes."""
    return [
        (min(cell.left for cell in column), max(cell.right for cell in column))
        for column in zip(*full, strict=True)
    ]


def _placed(row: list[Cell], columns: list[tuple[float, float]]) -> tuple[str, ...]:
    placed = [""] * len(columns)
    for cell in row:
        at = max(range(len(columns)), key=lambda index: (_overlap(cell, columns[index]), -index))
        placed[at] = plain(f"{placed[at]} {cell.text}")
    return tuple(placed)


def _overlap(cell: Cell, column: tuple[float, float]) -> float:
    """How far they overlap; how far they are apart, as less than nothing."""
    return min(cell.right, column[1]) - max(cell.left, column[0])
