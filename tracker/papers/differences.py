"""Compares two versions of a paper. Deterministic, and knows no formats.

Text is compared by sentence, wherever it stands: where paragraphs and pages break counts for
nothing. Numbers of citations, tables and sections do not either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from tracker.papers.cells import CellChanges, compare_cells
from tracker.papers.document import Figure, Paper, Section, Table
from tracker.papers.outline import alike, compare_sections, shared
from tracker.papers.passages import compare_text
from tracker.papers.revision import Differences
from tracker.papers.texts import Text
from tracker.papers.words import title_key, words

_MOST = 300  # of each kind: where more differs it is another text
_SECTIONS, _FLOATS, _ROWS = 400, 100, 300
_ROWS_READ = 30  # of a table, that tell which one it is
_SHRANK = 0.15  # of the words are left
_LONG = 200  # words: what has fewer does not shrink
_OTHER = 0.05  # of the sentences are shared: less is another text
_ENOUGH = 10  # sentences, fewer of which tell nothing
_ALIKE = 0.5  # of the words of a caption or a title

_Float = TypeVar("_Float", Table, Figure)


def compare(old: Paper, new: Paper) -> Differences:
    """What differs, in the order of the new version."""
    old, new = _bounded(old), _bounded(new)
    before, after = _text(old), _text(new)
    if _another_work(old, new, before, after):
        return Differences(another_work=True)
    if _size(before) >= _LONG and _size(after) < _SHRANK * _size(before):
        return Differences(shrank=True)
    tables, figures = _paired(old.tables, new.tables), _paired(old.figures, new.figures)
    cells = CellChanges()
    for at in sorted(tables):
        certain = _certain(old.tables, tables[at], new.tables, at)
        compare_cells(old.tables[tables[at]], new.tables[at], cells, certain=certain)
    reworded = _captions(old.tables, new.tables, tables) + _captions(
        old.figures, new.figures, figures
    )
    outline = compare_sections(old.sections, new.sections)
    before = _text(old, [one for one, _ in reworded])
    after = _text(new, [one for _, one in reworded])
    ends = range(1 + len(reworded))  # the abstract and the captions
    same = {len(new.sections) + at: len(old.sections) + at for at in ends}
    numbers, paragraphs = compare_text(before, after, outline.pairs | same)
    numbers, paragraphs = cells.numbers + numbers, cells.wordings + paragraphs
    retitled = new.title and title_key(old.title) != title_key(new.title)
    return Differences(
        title=(old.title, new.title) if retitled else None,
        authors=_authors(old.authors, new.authors),
        sections=outline.changes[:_MOST],
        numbers=tuple(numbers[:_MOST]),
        paragraphs=tuple(paragraphs[:_MOST]),
        rows=tuple(cells.rows[:_MOST]),
        tables_added=_without(new.tables, set(tables)),
        tables_removed=_without(old.tables, set(tables.values())),
        figures_added=_without(new.figures, set(figures)),
        figures_removed=_without(old.figures, set(figures.values())),
        references=(old.references, new.references),
        cut=max(map(len, (outline.changes, numbers, paragraphs, cells.rows))) > _MOST,
    )


def _bounded(paper: Paper) -> Paper:
    """Hardly any paper has as much; what has more would cost its square."""
    tables = tuple(replace(one, rows=one.rows[:_ROWS]) for one in paper.tables[:_FLOATS])
    sections, figures = paper.sections[:_SECTIONS], paper.figures[:_FLOATS]
    return replace(paper, sections=sections, tables=tables, figures=figures)


def _text(paper: Paper, captions: Sequence[Section] = ()) -> Text:
    """All its sentences, the captions only where they are to be compared."""
    abstract = Section("Abstract", 1, (paper.abstract,))
    beside = [one.caption for one in paper.tables] + [one.caption for one in paper.figures]
    beside += [" ".join(row) for table in paper.tables for row in table.rows]
    return Text.of((*paper.sections, abstract, *captions), beside)


def _size(text: Text) -> int:
    return sum(len(one.words) for one in text.sentences)


def _another_work(old: Paper, new: Paper, before: Text, after: Text) -> bool:
    """Whether title, authors and text are all other ones, as far as they are known. A new title on
    a rewritten text is the same work where an author is the same."""
    if not old.title or not new.title or alike(old.title, new.title) >= _ALIKE:
        return False
    names = _surnames(old) & _surnames(new)
    keys = [Counter(one.key for one in text.sentences) for text in (before, after)]
    fewer = min(keys[0].total(), keys[1].total())
    same = (keys[0] & keys[1]).total() / fewer if fewer else 0.0
    return not names and fewer >= _ENOUGH and same < _OTHER


def _surnames(paper: Paper) -> set[str]:
    """The last words of the authors' names, or all words of two letters and more that stand where
    a PDF names them."""
    told = [name.split()[-1] for name in paper.authors if name.split()]
    if not told:
        told = [
            word.key
            for section in paper.sections
            if section.part == "authors"
            for text in section.paragraphs
            for word in words(text)
            if word.shown[:1].isupper() and len(word.key) > 3  # noqa: PLR2004 - no initials
        ]
    return {name.casefold() for name in told}


def _authors(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who came and who went; nobody where one version does not name them."""
    if not old or not new:
        return (), ()
    before, after = {title_key(name) for name in old}, {title_key(name) for name in new}
    came = tuple(name for name in new if title_key(name) not in before)
    return came, tuple(name for name in old if title_key(name) not in after)


def _paired(old: Sequence[_Float], new: Sequence[_Float]) -> dict[int, int]:
    """Which of the new ones is which of the old ones: by the same caption, then by what is most
    alike."""
    before, after = list(map(_said, old)), list(map(_said, new))
    found = sorted(
        (-alike_, abs(at - index), at, index)
        for at, one in enumerate(after)
        for index, other in enumerate(before)
        if (alike_ := max(map(_shared, other, one))) >= _ALIKE
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, at, index in found:
        if at not in pairs and index not in taken:
            pairs[at] = index
            taken.add(index)
    return pairs


def _certain(old: Sequence[Table], was: int, new: Sequence[Table], is_: int) -> bool:
    """Whether both have the same caption, that no other table has."""
    before, after = ([title_key(one.caption) for one in tables] for tables in (old, new))
    key = before[was]
    return bool(key) and before.count(key) == 1 and after.count(key) == 1 and after[is_] == key


def _said(one: Table | Figure) -> tuple[list[str], list[str]]:
    """What pairs it with another: the words of its caption (what it is called where it has none),
    and those of its cells."""
    rows = one.rows[:_ROWS_READ] if isinstance(one, Table) else ()
    cells = " ".join(" ".join(row) for row in rows)
    caption = [word.key for word in words(one.caption)] or [f"unnamed {one.label}"]
    return caption, [word.key for word in words(cells)]


def _shared(old: list[str], new: list[str]) -> float:
    return shared(old, new) if old and new else 0.0


def _captions(
    old: Sequence[_Float], new: Sequence[_Float], pairs: dict[int, int]
) -> list[tuple[Section, Section]]:
    """Captions that differ, as texts to compare."""
    return [
        (_caption(old[pairs[at]]), _caption(new[at]))
        for at in sorted(pairs)
        if title_key(old[pairs[at]].caption) != title_key(new[at].caption)
    ]


def _caption(one: Table | Figure) -> Section:
    return Section(one.label or "Caption", 1, (one.caption,))


def _without(floats: Sequence[_Float], paired: set[int]) -> tuple[_Float, ...]:
    return tuple(one for at, one in enumerate(floats) if at not in paired)[:_MOST]
