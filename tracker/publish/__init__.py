"""What is published: three forms of one feed, the notes in full, and a page. Pure functions of
settings, ledger and posts: no clock, no network, the same bytes for the same values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC

from tracker.difference import Difference
from tracker.model import Change, Ledger
from tracker.post import Post
from tracker.project import Site
from tracker.publish import address, archives, change, entries, feeds, masthead, page
from tracker.publish.entries import Entry, Whole
from tracker.publish.links import uri
from tracker.publish.masthead import feed_url
from tracker.publish.outlines import Outline, outlines

SIZE_LIMIT = 512_000  # bytes of a feed; readers and their servers refuse more
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


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
        **_feeds(site, ledger, heads, told, made, kept),
        **_in_full(site, ledger, posts),
        "index.html": page.build(site, ledger, found, places, told, heads),
        **{
            head.file: change.build(site, entry, head, _differing(head, differing))
            for head, entry in zip(paged, every, strict=True)
        },
    }


def _feeds(
    site: Site,
    ledger: Ledger,
    heads: Sequence[Outline],
    told: Sequence[Entry],
    made: Callable[[Sequence[Outline]], list[Entry]],
    kept: Collection[str],
) -> dict[str, bytes]:
    """The feed in its three forms, and the archives of what it does not show."""
    channel = feeds.Channel(
        id=_identity(site, ledger, "feed"),
        title=masthead.title(site),
        subtitle="What changed lately in the papers, files and models that the notes link to.",
        author=masthead.author(site),
        url="",
        home=masthead.page_url(site),
        updated=entries.EPOCH,
    )

    def three(count: int) -> dict[str, bytes]:
        shown = told[:count]
        about = _dated(channel, ledger, shown)
        older = archives.archives(heads, len(shown))
        previous = feed_url(site, older[-1].name) if older else ""
        atom = replace(about, url=feed_url(site, "atom.xml"), previous=previous)
        return {
            "rss.xml": feeds.rss(replace(about, url=feed_url(site, "rss.xml")), shown),
            "atom.xml": feeds.atom(atom, shown),
            "feed.json": feeds.json_feed(replace(about, url=feed_url(site, "feed.json")), shown),
        }

    shown, files = entries.fitting(len(told), three, SIZE_LIMIT)
    for archive in archives.archives(heads, shown):
        if archive.name not in kept:
            held = made(archive.heads)
            about = replace(
                _dated(channel, ledger, held),
                url=feed_url(site, archive.name),
                current=feed_url(site, "atom.xml"),
                previous=feed_url(site, archive.previous) if archive.previous else "",
            )
            files[archive.name] = feeds.atom(about, held)
    return files


def _in_full(site: Site, ledger: Ledger, posts: Mapping[str, Post]) -> dict[str, bytes]:
    """The feed of the notes themselves."""
    texts = entries.in_full(site, ledger, posts)
    channel = feeds.Channel(
        id=_identity(site, ledger, "notes"),
        title=f"{masthead.title(site)}: the notes in full",
        subtitle="The notes themselves, one entry a report.",
        author=masthead.author(site),
        url=feed_url(site, "notes.xml"),
        home=masthead.page_url(site),
        updated=entries.EPOCH,
        language=_language(posts),
    )

    def whole(count: int) -> dict[str, bytes]:
        return {"notes.xml": feeds.atom(_dated(channel, ledger, texts[:count]), texts[:count])}

    return entries.fitting(len(texts), whole, SIZE_LIMIT)[1]


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


def _identity(site: Site, ledger: Ledger, name: str) -> str:
    """A feed's own id, another one for each site."""
    return f"{ledger.feed_prefix or ''}{name}" + (f"/{uri(site.mark)}" if site.mark else "")


def _dated(channel: feeds.Channel, ledger: Ledger, shown: Sequence[Entry]) -> feeds.Channel:
    """The channel as of its newest entry; an empty one as of the first run."""
    newest = max((entry.updated for entry in shown), default=ledger.started or entries.EPOCH)
    return replace(channel, updated=newest.astimezone(UTC))


def _language(posts: Mapping[str, Post]) -> str:
    """The language that the posts name in their front matter, where they agree; else English."""
    named = {post.front.values.get("lang", "en") for post in posts.values()}
    language = named.pop() if len(named) == 1 else "en"
    return language if _LANGUAGE.fullmatch(language) else "en"
