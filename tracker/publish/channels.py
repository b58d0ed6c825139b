"""The feeds as documents: the changes in three forms with their archives, single reports, the notes.
Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC

from tracker.model import Change, Ledger
from tracker.post import Post
from tracker.project import Site
from tracker.publish import archives, entries, feeds, masthead
from tracker.publish.entries import Entry
from tracker.publish.links import uri
from tracker.publish.masthead import feed_url
from tracker.publish.outlines import Outline, report_name
from tracker.sections import called

SIZE_LIMIT = 512_000  # bytes of a feed; readers and their servers refuse more
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")

Make = Callable[[Sequence[Outline]], list[Entry]]


def news(
    site: Site,
    ledger: Ledger,
    heads: Sequence[Outline],
    told: Sequence[Entry],
    made: Make,
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


def of_reports(
    site: Site, ledger: Ledger, heads: Sequence[Outline], made: Make
) -> dict[str, bytes]:
    """A feed for each report that the settings name. Its entries have ids of their own: readers
    move an entry that they know to the feed that they load last."""
    files: dict[str, bytes] = {}
    for report in named_reports(site, ledger):
        mine = [head for head in heads if report in _reports(head)][: entries.LIMIT]
        start = f"{ledger.feed_prefix or ''}report-feed/{uri(report)}/"
        held = [
            replace(e, id=f"{start}{uri(h.record.id)}")
            for h, e in zip(mine, made(mine), strict=True)
        ]
        name = report_name(ledger, report)
        channel = feeds.Channel(
            id=_identity(site, ledger, f"report-feed/{uri(report)}"),
            title=f"{masthead.title(site)}: {name}",
            subtitle=f"What changed lately in what the notes on {name} link to.",
            author=masthead.author(site),
            url=feed_url(site, report_file(report)),
            home=masthead.page_url(site),
            updated=entries.EPOCH,
        )

        def one(
            count: int, channel: feeds.Channel = channel, held: list[Entry] = held
        ) -> dict[str, bytes]:
            shown = held[:count]
            return {"": feeds.atom(_dated(channel, ledger, shown), shown)}

        files[report_file(report)] = entries.fitting(len(held), one, SIZE_LIMIT)[1][""]
    return files


def named_reports(site: Site, ledger: Ledger) -> list[str]:
    """The ids of the reports that the settings name for a feed of their own, in their order."""
    wanted = {name.casefold() for name in site.report_feeds}
    return [n for n, record in ledger.reports.items() if called(n, record.name) & wanted]


def report_file(report: str) -> str:
    """The name of a report's own feed, by its id."""
    return f"reports/{report}.xml"


def _reports(head: Outline) -> tuple[str, ...]:
    record = head.record
    return record.reports if isinstance(record, Change) else (record.report,)


def in_full(site: Site, ledger: Ledger, posts: Mapping[str, Post]) -> dict[str, bytes]:
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
