"""The tables in a page of LaTeXML as rows of cells."""

from __future__ import annotations

import re

from bs4 import Tag

from tracker.papers.document import Table
from tracker.papers.words import plain

_SPAN = 50  # rows or columns that a cell may span


def classes(one: Tag) -> list[str]:
    """The classes of a tag."""
    return one.get_attribute_list("class")


def text_of(one: Tag) -> str:
    """Its text, in one line."""
    return plain(one.get_text())


def outermost(one: Tag) -> list[Tag]:
    """The tables in it; one within a cell breaks that cell's lines."""
    grids = one.select(".ltx_tabular")
    return [grid for grid in grids if grid.find_parent(class_="ltx_tabular") is None]


def table(grid: Tag, label: str, caption: str) -> Table:
    """Its rows, of which those at the top that say so are headers."""
    rows, heads, body = [], 0, False
    above: dict[int, tuple[int, str]] = {}
    for row in grid.select(".ltx_tr, tr"):
        if row.find_parent(class_="ltx_tabular") is not grid:
            continue
        cells = row.find_all(["td", "th", "span"], class_="ltx_td", recursive=False)
        cells = cells or row.find_all(["td", "th"], recursive=False)
        values = _row(cells, above)
        column = [cell for cell in cells if "ltx_th_row" not in classes(cell)]
        head = row.find_parent("thead") is not None or (
            bool(column) and all("ltx_th_column" in classes(cell) for cell in column)
        )
        body = body or not head
        heads += not body
        if any(values):
            rows.append(tuple(values))
    return Table(label, caption, tuple(rows), min(heads, len(rows)))


def _row(cells: list[Tag], above: dict[int, tuple[int, str]]) -> list[str]:
    """The texts of a row; `above` are those that reach down from rows above, and how far yet."""
    values: list[str] = []

    def reached() -> bool:
        down, text = above.pop(len(values), (0, ""))
        if down:
            above[len(values)] = down - 1, text
            values.append(text)
        return down > 0

    for cell in cells:
        while reached():
            pass
        text, down = text_of(cell), _span(cell, "rowspan") - 1
        for _ in range(_span(cell, "colspan")):
            above[len(values)] = down, text
            values.append(text)
    while reached():
        pass
    return values


def _span(cell: Tag, over: str) -> int:
    span = str(cell.get(over, "1"))
    return max(1, min(int(span), _SPAN)) if re.fullmatch("[0-9]{1,3}", span) else 1
