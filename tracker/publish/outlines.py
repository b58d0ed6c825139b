"""The ledger as outlines of entries: which there are, newest first, under which titles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from tracker import words
from tracker.model import Change, Ledger, Notes
from tracker.publish.html import legal
from tracker.publish.links import anchor, uri
from tracker.words.upstream_text import plain


@dataclass(frozen=True)
class Outline:
    """An entry's head: enough to rank it and to link to it."""

    id: str
    title: str
    anchor: str
    published: datetime
    updated: datetime
    record: Change | Notes

    @property
    def file(self) -> str:
        """The name of its page in the folder of feeds, its own for ever."""
        return f"changes/{self.anchor.removeprefix('change-')}.html"


def outlines(ledger: Ledger) -> list[Outline]:
    """Every entry there ever was, newest first, ties by id."""
    heads = [*_changes(ledger), *_notes(ledger)]
    heads.sort(key=lambda head: head.id)
    heads.sort(key=lambda head: head.published, reverse=True)
    apart = []
    for _, group in groupby(heads, key=lambda head: head.published):
        same = list(group)
        apart += [
            replace(head, updated=head.published + timedelta(microseconds=n))
            for head, n in zip(same, reversed(range(len(same))), strict=True)
        ]
    return apart


def _changes(ledger: Ledger) -> Iterator[Outline]:
    titled = _Titles()
    for change in ledger.changes:  # oldest first, so that a title once given never changes
        if change.significance == "minor":
            continue
        record = ledger.reports.get(change.reports[0]) if change.reports else None
        name = legal(plain(words.subject(change, record)))
        first = change.found == ledger.started  # nobody had subscribed yet
        released = change.released
        published = released if first and released and released < change.found else change.found
        yield Outline(
            id=f"{ledger.feed_prefix or ''}{uri(change.id)}",
            title=titled.give(
                words.title(change, name),
                words.title(change, name, full=True),
                f"{words.title(change, name)[:70]} [{change.found:%Y-%m-%d}]",
            ),
            anchor=anchor(change.id),
            published=published,
            updated=published,
            record=change,
        )


def _notes(ledger: Ledger) -> Iterator[Outline]:
    titled = _Titles()
    for record in ledger.notes:
        name = report_name(ledger, record.report)
        told = "new section" if record.new_section else new_notes(len(record.texts))
        yield Outline(
            id=f"{ledger.feed_prefix or ''}{uri(record.id)}",
            title=titled.give(
                words.headline(name, told),
                words.headline(name, told, f"{record.found:%Y-%m-%d}"),
            ),
            anchor=anchor(record.id),
            published=record.found,
            updated=record.found,
            record=record,
        )


class _Titles:
    """Titles given so far: readers and people tell entries by them, so each is given once."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def give(self, *wishes: str) -> str:
        """The first of the wishes not given yet, else the last."""
        told = next((wish for wish in wishes if wish not in self._given), wishes[-1])
        self._given.add(told)
        return legal(told)


def report_name(ledger: Ledger, report: str) -> str:
    """A report's name as feeds show it."""
    record = ledger.reports.get(report)
    return legal(plain(record.name if record else report)) or "untitled"


def new_notes(count: int) -> str:
    """`1 new note`, `3 new notes`."""
    return f"{count} new note{'' if count == 1 else 's'}"
