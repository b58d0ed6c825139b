"""What stands around the captions of a PDF: rows of tables, and labels in figures."""

from __future__ import annotations

from statistics import quantiles
from typing import Literal

from tracker.papers.lines import Line

ROW = 3.0  # sizes from row to row, at most

Role = Literal["heading", "table", "figure", "more", "row", "label", "note", "listing", "text"]


def mark_rows(lines: list[Line], found: list[Role], index: int) -> None:
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
    return abs(lines[at].base - lines[before].base) <= ROW * max(lines[at].size, lines[before].size)


def _is_row(lines: list[Line], found: list[Role], at: int, caption: int, step: int) -> bool:
    """Cells side by side; or one alone, where more rows come and it is no line of text."""
    if not 0 <= at < len(lines) or lines[at].page != lines[caption].page:
        return False
    if found[at] != "text":
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


def mark_labels(lines: list[Line], found: list[Role], index: int, width: float) -> None:
    """Mark the words drawn in the figure above its caption: short, and no end of a sentence."""
    at = index - 1
    while at >= 0 and found[at] == "text" and lines[at].page == lines[index].page:
        line = lines[at]
        words = sum(cell.right - cell.left for cell in line.cells)
        if words > 0.6 * width or line.text.endswith((".", ":", ";", "!", "?")):
            return
        found[at] = "label"
        at -= 1


def usual(lines: list[Line]) -> float:
    """How wide a full line is."""
    widths = [line.right - line.left for line in lines if len(line.text) > 20]  # noqa: PLR2004
    return quantiles(widths, n=10)[6] if len(widths) > 1 else 0.0
