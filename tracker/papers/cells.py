"""A table in two versions: rows and columns that came or went, and cells that differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Literal

from tracker.papers.document import Table
from tracker.papers.outline import shared, title_key
from tracker.papers.revision import NumberChange, ParagraphChange, RowChange, Run
from tracker.papers.words import words

_ALIKE = 0.5  # of the cells: then it is the same row under another name
_LONGEST = 300  # characters of a cell that is told

Grid = Sequence[Sequence[str]]


@dataclass
class CellChanges:
    """What differs in the cells of tables."""

    numbers: list[NumberChange] = field(default_factory=list)
    wordings: list[ParagraphChange] = field(default_factory=list)
    rows: list[RowChange] = field(default_factory=list)


def compare_cells(old: Table, new: Table, found: CellChanges) -> None:
    """Add what differs. The same words in another grid are the same: what is a column in one
    typesetting is none in another."""
    if not old.rows or not new.rows or _said(old) == _said(new):
        return
    before, after = _even(old.rows), _even(new.rows)
    name = new.label or new.caption
    columns = _aligned(_heads(before, old.heads), _heads(after, new.heads))
    heads = _titles(before, old.heads), _titles(after, new.heads)
    _came("column", name, columns, heads, found)
    rows = _aligned(_names(before), _names(after), before, after)
    _came("row", name, rows, (list(map(_name, before)), list(map(_name, after))), found)
    for was, is_ in rows:
        for one, other in columns:
            if was is not None and is_ is not None and one is not None and other is not None:
                where = ", ".join(filter(None, (_name(after[is_]), heads[1][other])))
                _cell(before[was][one], after[is_][other], where, name, found)


def _came(
    kind: Literal["row", "column"],
    table: str,
    places: list[tuple[int | None, int | None]],
    names: tuple[list[str], list[str]],
    found: CellChanges,
) -> None:
    """Tell what stands in one version alone."""
    for was, is_ in places:
        if was is None and is_ is not None:
            found.rows.append(RowChange(kind, "added", table, names[1][is_]))
        elif is_ is None and was is not None:
            found.rows.append(RowChange(kind, "removed", table, names[0][was]))


def _cell(old: str, new: str, where: str, table: str, found: CellChanges) -> None:
    was, is_ = words(old), words(new)
    if [one.key for one in was] == [one.key for one in is_]:
        return
    masks = [["#" if one.number else one.key for one in each] for each in (was, is_)]
    if masks[0] == masks[1]:
        found.numbers += [
            NumberChange(one.shown, other.shown, where[:_LONGEST], table, cell=True)
            for one, other in zip(was, is_, strict=True)
            if one.key != other.key
        ]
        return
    runs = [Run("-", old[:_LONGEST])] if old else []
    runs += [Run("+", new[:_LONGEST])] if new else []
    found.wordings.append(ParagraphChange(table, old[:_LONGEST], new[:_LONGEST], tuple(runs)))


def _said(table: Table) -> Counter[str]:
    return Counter(word.key for row in table.rows for cell in row for word in words(cell))


def _even(rows: Grid) -> Grid:
    """All rows as long as the longest."""
    width = max(map(len, rows))
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _titles(rows: Grid, heads: int) -> list[str]:
    """What stands above each column; what spans columns stands above the first of them."""
    return [" ".join(filter(None, column)) for column in zip(*rows[:heads], strict=True)]


def _heads(rows: Grid, heads: int) -> list[str]:
    return [title_key(title) for title in _titles(rows, heads)]


def _name(row: Sequence[str]) -> str:
    return next((cell for cell in row if cell), "")


def _names(rows: Grid) -> list[str]:
    return [title_key(_name(row)) for row in rows]


def _aligned(
    old: list[str], new: list[str], before: Grid = (), after: Grid = ()
) -> list[tuple[int | None, int | None]]:
    """Pairs of places with the same name, in order; what was put in the place of as many others is
    paired with these, rows only where their cells are alike."""
    found: list[tuple[int | None, int | None]] = []
    for step, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            found += zip(range(a, b), range(c, d), strict=True)
            continue
        put = b - a == d - c
        for was, is_ in zip(range(a, b), range(c, d), strict=False):
            alike = put and (not before or shared(before[was][1:], after[is_][1:]) >= _ALIKE)
            found += [(was, is_)] if alike else [(was, None), (None, is_)]
        found += [(was, None) for was in range(a + d - c, b)]
        found += [(None, is_) for is_ in range(c + b - a, d)]
    return found
