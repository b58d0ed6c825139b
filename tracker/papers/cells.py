"""A table in two versions: rows and columns that came or went, and cells that differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Literal

from tracker.papers.document import Table
from tracker.papers.outline import shared
from tracker.papers.revision import NumberChange, ParagraphChange, RowChange, Run
from tracker.papers.sides import Grid, Side, sides
from tracker.papers.words import exchanged, title_key, unit, words

_ALIKE = 0.5  # of the cells: then it is the same row or column under another name
_NEAR = 50  # others that one is looked for among
_LONGEST = 300  # characters of a cell that is told


@dataclass
class CellChanges:
    """What differs in the cells of tables."""

    numbers: list[NumberChange] = field(default_factory=list)
    wordings: list[ParagraphChange] = field(default_factory=list)
    rows: list[RowChange] = field(default_factory=list)


def compare_cells(old: Table, new: Table, found: CellChanges, *, certain: bool = True) -> None:
    """Add what differs. The same words in another grid are the same: what is a column in one
    typesetting is none in another. `certain`: no other table may be the one or the other."""
    if not old.rows or not new.rows or sorted(_said(old)) == sorted(_said(new)):
        return
    before, after = sides(old, new)
    name = new.label or new.caption
    columns = _paired(before.titles, after.titles, before.columns, after.columns)
    _came("column", name, columns, (before.titles, after.titles), found)
    rows = _paired(before.names, after.names, before.values, after.values)
    _came("row", name, rows, (before.names, after.names), found)
    for was, is_ in rows:
        if was is not None and is_ is not None:
            _row(before, after, (was, is_), columns, Place(name, certain), found)


@dataclass(frozen=True)
class Place:
    """What a table is called, and whether it is surely the same one."""

    table: str
    certain: bool


_Pairs = list[tuple[int | None, int | None]]


def _came(
    kind: Literal["row", "column"],
    table: str,
    places: _Pairs,
    names: tuple[list[str], list[str]],
    found: CellChanges,
) -> None:
    """Tell what stands in one version alone."""
    for was, is_ in places:
        if was is None and is_ is not None:
            found.rows.append(RowChange(kind, "added", table, names[1][is_]))
        elif is_ is None and was is not None:
            found.rows.append(RowChange(kind, "removed", table, names[0][was]))


def _row(
    before: Side,
    after: Side,
    row: tuple[int, int],
    columns: _Pairs,
    place: Place,
    found: CellChanges,
) -> None:
    """Add what differs in a row. A number is sure where no other row or column has the name, and
    none moved from one column to another."""
    certain = place.certain and before.one_row(row[0], after, row[1])
    numbers = []
    for was, is_ in columns:
        if was is None or is_ is None:
            continue
        where = ", ".join(filter(None, (after.names[row[1]], after.titles[is_])))
        cells = before.cells[row[0]][was], after.cells[row[1]][is_]
        sure = certain and before.one_column(was, after, is_)
        numbers += _cell(*cells, where, place.table, found, sure=sure)
    moved = exchanged([one.old for one in numbers], [one.new for one in numbers])
    for one in numbers:
        found.numbers.append(one if not moved else _unsure(one))


def _unsure(one: NumberChange) -> NumberChange:
    return NumberChange(one.old, one.new, one.where, one.section, one.cell, sure=False)


def _cell(
    old: str, new: str, where: str, table: str, found: CellChanges, *, sure: bool
) -> list[NumberChange]:
    """The numbers that changed in a cell; what was reworded is added. A sign for percent, given
    or not, changes no number."""
    was, is_ = words(old), words(new)
    keys = [[one.key.removesuffix("%") for one in each if one.key != "%"] for each in (was, is_)]
    if keys[0] == keys[1]:
        return []
    masks = [["#" if one.number else one.key for one in each] for each in (was, is_)]
    if masks[0] == masks[1]:
        return [
            NumberChange(
                one.shown,
                other.shown,
                where[:_LONGEST],
                table,
                cell=True,
                sure=sure and unit(one) == unit(other),
            )
            for one, other in zip(was, is_, strict=True)
            if one.key != other.key
        ]
    runs = [Run("-", old[:_LONGEST])] if old else []
    runs += [Run("+", new[:_LONGEST])] if new else []
    found.wordings.append(ParagraphChange(table, old[:_LONGEST], new[:_LONGEST], tuple(runs)))
    return []


def _said(table: Table) -> list[str]:
    return [word.key for row in table.rows for cell in row for word in words(cell)]


def _paired(old: list[str], new: list[str], before: Grid, after: Grid) -> _Pairs:
    """Pairs of places with the same name, in order and then anywhere, then of those whose cells
    are mostly the same; and the places without a pair."""
    was_keys, is_keys = list(map(title_key, old)), list(map(title_key, new))
    blocks = SequenceMatcher(None, was_keys, is_keys, autojunk=False).get_matching_blocks()
    pairs = {c + at: a + at for a, c, size in blocks for at in range(size)}
    size = len(old), len(new)
    _join(pairs, size, lambda was, is_: was_keys[was] == is_keys[is_], len(old))
    _join(pairs, size, lambda was, is_: shared(before[was], after[is_]) >= _ALIKE, _NEAR)
    taken = set(pairs.values())
    found: _Pairs = [(pairs.get(is_), is_) for is_ in range(len(new))]
    return found + [(was, None) for was in range(len(old)) if was not in taken]


def _join(
    pairs: dict[int, int], size: tuple[int, int], same: Callable[[int, int], bool], near: int
) -> None:
    """Pair what is the same, among those without a pair."""
    taken = set(pairs.values())
    free = [was for was in range(size[0]) if was not in taken]
    for is_ in range(size[1]):
        if is_ not in pairs:
            found = next((was for was in free[:near] if same(was, is_)), None)
            if found is not None:
                pairs[is_] = found
                free.remove(found)
