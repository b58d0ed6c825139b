"""The picture of all reports over time: what came out when, as places on a plane. Pure.

The template draws it; what a sighted reader sees is also in the titles of its marks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from tracker import words
from tracker.model import Ledger
from tracker.publish.html import legal
from tracker.publish.standings import label_of, version_of
from tracker.text import cut
from tracker.words.names import named
from tracker.words.upstream_text import plain

WIDTH, LEFT, TOP, ROW = 760, 170, 34, 24  # units of the picture
_MOST = 40  # reports, those with the newest marks
_NAME = 24
_EDGE = timedelta(days=10)
_SHORT = timedelta(days=1500)  # a span that is told in months
_TICKS = 8
_UNDATED = ("items added", "moved", "archived")  # told on the day they were found
_SHAPES = {"arxiv": "circle", "github": "square", "huggingface": "diamond"}


@dataclass(frozen=True)
class Mark:
    """Something that came out: where it is drawn, its shape by its source, and what it was."""

    x: int
    shape: str
    told: str


@dataclass(frozen=True)
class Line:
    """A report: where its line is, its name, and its marks from left to right."""

    y: int
    name: str
    url: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Timeline:
    """The picture. `ticks` are places of dates with what is written there; `span` are its first and
    last day; `left_out` counts the reports that found no room."""

    height: int
    lines: tuple[Line, ...]
    ticks: tuple[tuple[int, str], ...]
    span: tuple[str, str]
    left_out: int


_Event = tuple[datetime, str, str]  # when, the source, what


def timeline(ledger: Ledger, places: Mapping[str, str]) -> Timeline | None:
    """The picture of a ledger, or None where no date is known. places: the addresses of reports."""
    events: dict[str, set[_Event]] = {}
    for report, event in _events(ledger):
        events.setdefault(report, set()).add(event)
    if not events:
        return None
    newest = sorted(events, key=lambda r: (max(events[r]), r), reverse=True)[:_MOST]
    every = [when for report in newest for when, _, _ in events[report]]
    first, last = min(every) - _EDGE, max(every) + _EDGE

    def place(when: datetime) -> int:
        return LEFT + round((when - first) / (last - first) * (WIDTH - LEFT - 12))

    lines = tuple(
        Line(
            TOP + ROW * n + ROW // 2,
            legal(cut(plain(ledger.reports[report].name), _NAME)) or "untitled",
            places.get(report, ""),
            tuple(_mark(event, place) for event in sorted(events[report])),
        )
        for n, report in enumerate(newest)
    )
    ticks = tuple((place(when), told) for when, told in _ticks(first, last))
    span = (min(every).date().isoformat(), max(every).date().isoformat())
    return Timeline(TOP + ROW * len(lines) + 8, lines, ticks, span, len(events) - len(newest))


def _events(ledger: Ledger) -> Iterator[tuple[str, _Event]]:
    """What came out, by report: the changes that count, and the versions that were seen last."""
    for change in ledger.changes:
        when = change.released or (change.found if change.kind in _UNDATED else None)
        if change.significance == "minor" or when is None:
            continue
        told = words.phrase(replace(change, facts=()))
        for report in change.reports:
            if report in ledger.reports:
                yield report, (when, named(change.upstream).source, told)
    for key, watch in ledger.watches.items():
        seen = watch.snapshot
        if seen is None or seen.released is None or seen.gone:
            continue
        told = f"{label_of(watch)}: {version_of(seen)[0]}"
        for report in watch.reports:
            if report in ledger.reports and key in ledger.reports[report].own:
                yield report, (seen.released, watch.upstream.kind, told)


def _mark(event: _Event, place: Callable[[datetime], int]) -> Mark:
    when, source, told = event
    return Mark(place(when), _SHAPES.get(source, "circle"), legal(plain(f"{when.date()}: {told}")))


def _ticks(first: datetime, last: datetime) -> Iterator[tuple[datetime, str]]:
    """Beginnings of years, or of months where the span is short, eight at most."""
    if last - first > _SHORT:
        step = max(1, -(-(last.year - first.year) // _TICKS))
        years = range(first.year + 1, last.year + 1, step)
        yield from ((datetime(year, 1, 1, tzinfo=UTC), str(year)) for year in years)
        return
    months = range(first.year * 12 + first.month, last.year * 12 + last.month)
    for month in months[:: max(1, -(-len(months) // _TICKS))]:
        when = datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
        yield when, f"{when:%Y-%m}"
