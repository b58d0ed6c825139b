"""The ledger as it is with the posts of the default branch.

A refresh reads the posts of the proposal, so that its lines go where they are wanted. What else was
written into these waits to be merged: it is no news yet, and no link to watch.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from tracker import register
from tracker.model import Ledger, ReportRecord, Stub, Watch
from tracker.project import Project
from tracker.shelf import read_posts


def published(project: Project, before: Ledger, done: Ledger, now: datetime) -> Ledger:
    """What a refresh did, with reports, links and news of the posts that are in the checkout now.

    before: the ledger that the refresh began with.
    """
    # A line that stands is the tracker's, though the proposal has another in its place.
    both = replace(done, stubs=(*done.stubs, *before.stubs))
    posts = read_posts(project, both, ()).posts
    stubs = _replacing(done.stubs, before.stubs, {line for p in posts for line in p.written})
    start = replace(before, stubs=stubs)
    read = register.read(start, posts, now, zone=project.zone, ignore=project.ignore).ledger
    reports = {n: _offered(record, done.reports.get(n)) for n, record in read.reports.items()}
    # What was told of a section that is in the proposal alone keeps its name.
    told = {n for c in done.changes for n in c.reports} | {s.report for s in stubs}
    reports |= {
        n: replace(record, own=(), cited=(), offered=())
        for n, record in done.reports.items()
        if n in told - reports.keys()
    }
    return replace(
        done,
        reports=reports,
        watches=_watches(read.watches, done.watches, reports),
        stubs=stubs,
        notes=read.notes,
        published=before.published,
    )


def _replacing(
    stubs: Iterable[Stub], before: Iterable[Stub], standing: Collection[str]
) -> tuple[Stub, ...]:
    """The lines, each with the one that stands in its place until it is merged."""
    former = {
        (stub.report, stub.upstream): line
        for stub in before
        for line in (stub.replaces, stub.text)
        if line in standing
    }
    waiting = ((stub, former.get((stub.report, stub.upstream))) for stub in stubs)
    return tuple(
        replace(stub, replaces=line) if line and line != stub.text else stub
        for stub, line in waiting
    )


def _offered(record: ReportRecord, done: ReportRecord | None) -> ReportRecord:
    """A record with what the refresh offered it."""
    both = dict.fromkeys((*record.offered, *(done.offered if done else ())))
    linked = (*record.own, *record.cited)
    return replace(record, offered=tuple(key for key in both if key not in linked))


def _watches(
    read: Mapping[str, Watch], done: Mapping[str, Watch], reports: Mapping[str, ReportRecord]
) -> dict[str, Watch]:
    """What was seen of each upstream, and since when the reports that link it watch it."""
    holders: dict[str, list[str]] = {}
    for name, record in reports.items():
        for key in (*record.own, *record.cited, *record.offered):
            holders.setdefault(key, []).append(name)
    watches = {}
    for key in sorted(read.keys() | (done.keys() & holders.keys())):
        known = [w for w in (done.get(key), read.get(key)) if w]
        baselines = {n: b for watch in reversed(known) for n, b in watch.reports.items()}
        kept = {n: baselines[n] for n in holders.get(key, ()) if n in baselines}
        watches[key] = replace(known[0], reports=kept)
    return watches
