"""A table of one version as its cells, with what its rows and columns are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.papers.document import Table
from tracker.papers.words import title_key

_LEADS = ((0,), (1,), (0, 1), (0, 1, 2))  # columns that may name the rows, the best first
_HEADS = 4  # rows: as many without a number, and it is a table of words
_VALUE = re.compile(
    r"[-+\u2212\u00b1~]?[$\u20ac\u00a3]?\.?\d[\d.,]*\s?%?(?:[\s^(\u00b1\u00d7/].*)?"
)

Grid = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Side:
    """All rows as long as the longest: `heads` of them are headers, the columns `lead` name them."""

    cells: Grid
    heads: int
    lead: tuple[int, ...]
    names: list[str] = field(init=False)
    titles: list[str] = field(init=False)

    def __post_init__(self) -> None:
        columns = zip(*self.cells[: self.heads], strict=True)
        object.__setattr__(self, "names", [_name(row, self.lead) for row in self.cells])
        object.__setattr__(self, "titles", [_one(column) for column in columns])

    @property
    def values(self) -> Grid:
        """What stands in each row beside its name."""
        return [row[self.lead[-1] + 1 :] for row in self.cells]

    @property
    def columns(self) -> Grid:
        """What stands in each column below its title."""
        return list(zip(*self.cells[self.heads :], strict=True)) or [()] * len(self.titles)

    def one_row(self, at: int, other: Side, there: int) -> bool:
        """Whether no other row may be this one or that one of the other version."""
        below = at >= self.heads and there >= other.heads
        return below and _only(self.names, at, other.names, there)

    def one_column(self, at: int, other: Side, there: int) -> bool:
        """The same of a column."""
        right = at > self.lead[-1] and there > other.lead[-1]
        return right and _only(self.titles, at, other.titles, there)


def sides(old: Table, new: Table) -> tuple[Side, Side]:
    """Both versions; as many columns name a row as it takes to tell rows apart in both."""
    before, after = _even(old.rows), _even(new.rows)
    heads = _heads(old), _heads(new)
    leads = (
        lead
        for lead in _LEADS
        if _distinct(before[heads[0] :], lead) and _distinct(after[heads[1] :], lead)
    )
    lead = next(leads, (0,))
    return Side(before, heads[0], lead), Side(after, heads[1], lead)


def _heads(table: Table) -> int:
    """How many rows are headers: as many as the format tells, else those above the first number."""
    if table.heads:
        return min(table.heads, len(table.rows))
    for at, row in enumerate(table.rows[:_HEADS]):
        alone = len(set(filter(None, row))) == 1  # it names the rows below
        if any(map(_VALUE.fullmatch, row[1:])) or (at and alone):
            return max(at, 1)
    return 1


def _even(rows: Grid) -> Grid:
    width = max(map(len, rows))
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _name(row: Sequence[str], lead: Sequence[int]) -> str:
    told = _one([row[at] for at in lead if at < len(row)])
    return told or next(filter(None, row), "")


def _one(cells: Sequence[str]) -> str:
    """Cells as one name; one that spans others is said once."""
    return " ".join(dict.fromkeys(filter(None, cells)))


def _distinct(rows: Grid, lead: Sequence[int]) -> bool:
    """Whether these columns tell the rows apart, and hold no values."""
    last = lead[-1]
    names = [title_key(_name(row, lead)) for row in rows]
    held = [row[last] for row in rows if last < len(row)]
    named = not last or (all(held) and not any(map(_VALUE.fullmatch, held)))
    return named and len(set(names)) == len(names)


def _only(names: list[str], at: int, others: list[str], there: int) -> bool:
    """Whether both have the same name, of words, that no other has."""
    keys, told = Counter(map(title_key, names)), Counter(map(title_key, others))
    key = title_key(names[at])
    same = key == title_key(others[there]) and any(map(str.isalpha, key))
    return same and keys[key] == told[key] == 1
