"""What differs, as sentences: ten at most, and the counts of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from tracker.difference import Difference, KeyChange
from tracker.papers.document import Figure, Table
from tracker.papers.revision import Differences, SectionChange
from tracker.text import clean, cut
from tracker.words.facts import number
from tracker.words.upstream_text import identifier, quoted

_MOST = 10
_FEW = 4  # names in a sentence
_NUMBERS = 5
_VALUE, _CAPTION = 60, 100


def sentences(difference: Difference) -> tuple[str, ...]:
    """Further plain sentences, upstream's words in quotes; why something was not compared."""
    told = list(islice(_sentences(difference), _MOST))
    document = difference.document
    if document and (counts := ", ".join(_counts(document))):
        told.append(f"In all: {counts}.")
    if difference.reason:
        told.append(f"Not compared: {clean(difference.reason)}.")
    return tuple(told)


def _sentences(difference: Difference) -> Iterator[str]:
    if difference.comment and clean(difference.comment[0]):
        yield f"Their comment before: {quoted(difference.comment[0])}."
    if difference.document:
        where = "The card" if difference.format == "markdown" else "The paper"
        yield from _document(difference.document, where)
    yield from _keys(difference.keys)
    if difference.commits:
        notes = [quoted(cut(one.note or "", _CAPTION)) for one in difference.commits if one.note]
        yield f"{len(difference.commits)} commits since: {_named(notes)}."
    if clean(difference.notes):
        yield f"The release notes: {quoted(difference.notes)}."


def _document(document: Differences, where: str) -> Iterator[str]:
    yield from _at_all(document, where)
    if document.title:
        yield f"The title was {quoted(document.title[0])}."
    for names, verb in zip(document.authors, ("New authors", "No longer authors"), strict=True):
        if names:
            yield f"{verb}: {_named(list(map(_plain, names)))}."
    yield from _sections(document.sections)
    numbers = [one for one in document.numbers if one.part == "body"]
    for one in sorted(numbers, key=lambda one: not one.sure)[:_NUMBERS]:
        place = f" ({_plain(one.section)})" if one.cell and one.section else ""
        yield f"{number(one, '→')}{place}."
    yield from _floats(document)


def _at_all(document: Differences, where: str) -> Iterator[str]:
    """What must be known before the rest is read."""
    if document.another_work:
        yield f"{where} is another work: title, authors and text are not those of before."
    elif document.shrank:
        yield f"{where} is all but empty now."
    elif document.cut:
        yield "It is all but another text: only a part of what differs is told."
    elif document.empty:
        yield "The text is the same in both versions."
    elif document.only_back_matter:
        yield "Only authors, contributions, acknowledgements or references differ."


def _floats(document: Differences) -> Iterator[str]:
    floats: tuple[tuple[Sequence[Table | Figure], str], ...] = (
        (document.tables_added, "New tables"),
        (document.figures_added, "New figures"),
        (document.tables_removed, "Tables left out"),
        (document.figures_removed, "Figures left out"),
    )
    for told, noun in floats:
        if told:
            captions = [quoted(cut(one.caption or one.label, _CAPTION)) for one in told]
            yield f"{noun}: {_named(captions)}."


def _sections(changes: Sequence[SectionChange]) -> Iterator[str]:
    nouns = {"added": "New sections", "removed": "Sections left out", "moved": "Sections moved"}
    for kind, noun in nouns.items():
        titles = [_plain(one.title) for one in changes if one.kind == kind and one.title]
        if titles:
            yield f"{noun}: {_named(titles)}."
    renamed = [f"{_plain(o.old)} is now {_plain(o.title)}" for o in changes if o.kind == "renamed"]
    if renamed:
        yield f"Renamed: {_named(renamed)}."


def _keys(keys: Sequence[KeyChange]) -> Iterator[str]:
    for file in dict.fromkeys(one.file for one in keys):
        told = [_key(one) for one in keys if one.file == file]
        yield f"{_plain(file)}: {_named(told)}."


def _key(one: KeyChange) -> str:
    old, new = (None if v is None else cut(clean(v), _VALUE) for v in (one.old, one.new))
    name = _plain(one.key)
    if old is None:
        return f"{name} is new, {new}"
    return f"{name} is gone, it was {old}" if new is None else f"{name} {old} → {new}"


def _plain(text: str) -> str:
    return identifier(text) or quoted(text)


def _named(names: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    more = len(names) - _FEW
    return ", ".join(names[:_FEW]) + (f" and {more} more" if more > 0 else "")


def _counts(document: Differences) -> Iterator[str]:
    """How much differs, of each kind."""
    kinds = [one.kind for one in document.sections]
    counted: Iterable[tuple[int, str, str]] = (
        *(
            (kinds.count(kind), "section", kind)
            for kind in ("added", "removed", "renamed", "moved")
        ),
        (len(document.numbers), "number", "changed"),
        (len(document.paragraphs), "passage", "changed"),
        (len(document.rows), "row or column", "changed"),
        (len(document.tables_added), "table", "added"),
        (len(document.tables_removed), "table", "removed"),
        (len(document.figures_added), "figure", "added"),
        (len(document.figures_removed), "figure", "removed"),
    )
    for count, noun, verb in counted:
        if count:
            yield f"{count} {noun if count == 1 else _plural(noun)} {verb}"
    before, after = document.references
    if before != after:
        yield f"{after} references instead of {before}"


def _plural(noun: str) -> str:
    return "rows or columns" if noun == "row or column" else f"{noun}s"
