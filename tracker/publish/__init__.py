"""What is published: three forms of one feed, the notes in full, and a page. Pure functions of
settings, ledger and posts: no clock, no network, the same bytes for the same values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from tracker.difference import Difference
from tracker.model import Change, Ledger
from tracker.post import Post
from tracker.project import Site
from tracker.publish import address, change, channels, entries, page
from tracker.publish.entries import Entry, Whole
from tracker.publish.outlines import Outline, outlines


def build(
    site: Site,
    ledger: Ledger,
    posts: Mapping[str, Post],
    differing: Whole = lambda _change: None,
    fresh: Collection[str] = (),
    missing: Collection[str] = (),
    kept: Collection[str] = (),
) -> dict[str, bytes]:
    """What is published: names below `site.feeds`, and their bytes.

    `site.url` and `ledger.feed_prefix` must be set. differing: what differs in a change, where
    known. An entry's own page is made while a feed holds the entry, for the ids in `fresh`, and
    where its name is in `missing`; older pages stay as they are, and so do the archives in `kept`.
    """
    found = address.locate(ledger, posts)
    places = {key: address.section_url(site, post, report) for key, (post, report) in found.items()}
    heads = outlines(ledger)

    def made(heads: Sequence[Outline]) -> list[Entry]:
        return entries.entries(site, ledger, places, heads, differing)

    paged = [
        head
        for n, head in enumerate(heads)
        if n < entries.LIMIT or head.record.id in fresh or head.file in missing
    ]
    every = made(paged)
    told = every[: entries.LIMIT]
    return {
        **channels.news(site, ledger, heads, told, made, kept),
        **channels.of_reports(site, ledger, heads, made),
        **channels.in_full(site, ledger, posts),
        "index.html": page.build(site, ledger, found, places, told, heads),
        **{
            head.file: change.build(site, entry, head, _differing(head, differing))
            for head, entry in zip(paged, every, strict=True)
        },
    }


def _differing(head: Outline, differing: Whole) -> Difference | None:
    return differing(head.record) if isinstance(head.record, Change) else None


def share(ledger: Ledger, posts: Collection[str]) -> Ledger:
    """What of a ledger concerns the posts, by their paths, that a site holds."""
    reports = {name: r for name, r in ledger.reports.items() if r.post in posts}

    def mine(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in names if name in reports or name not in ledger.reports)

    watches = {
        key: replace(watch, reports={r: b for r, b in watch.reports.items() if r in reports})
        for key, watch in ledger.watches.items()
    }
    return replace(
        ledger,
        reports=reports,
        watches={key: watch for key, watch in watches.items() if watch.reports},
        changes=tuple(
            replace(c, reports=mine(c.reports)) for c in ledger.changes if mine(c.reports)
        ),
        notes=tuple(n for n in ledger.notes if mine([n.report])),
    )
