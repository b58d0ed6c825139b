"""Entries as Atom, RSS 2.0 and JSON Feed 1.1: bytes, the same ones for the same entries.

feedgen writes the XML; its traps (`rel` of entry links lost, times that default to now,
entries in reverse, dates through the process's locale) are healed here, one by one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from typing import Any

from tracker.publish.entries import Entry

_TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml"}
_TTL = 180  # minutes
_HISTORY = "http://purl.org/syndication/history/1.0"  # RFC 5005
_GENERATOR = "tech-report-tracker"


@dataclass(frozen=True)
class Channel:
    """What a feed says of itself. `url` is where it is published, `home` the page it goes with.
    `previous` is the address of the archive before it; `current`, of an archive, that of the feed.
    """

    id: str
    title: str
    subtitle: str
    author: str
    url: str
    home: str
    updated: datetime
    language: str = "en"
    previous: str = ""
    current: str = ""


def atom(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """The feed as Atom (RFC 4287)."""
    return bytes(_feed(channel, entries, "atom").atom_str(pretty=True))


def rss(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """The feed as RSS 2.0."""
    return bytes(_feed(channel, entries, "rss").rss_str(pretty=True))


def json_feed(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """The feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": channel.url,
        "description": channel.subtitle,
        "language": channel.language,
        "authors": [{"name": channel.author}],
        "items": [_item(entry) for entry in entries],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _item(entry: Entry) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": entry.url,
        "external_url": entry.via,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.html,
        "date_published": entry.published.isoformat(),
        "date_modified": entry.published.isoformat(),
        "authors": [{"name": entry.author}],
        "tags": list(entry.categories),
    }
    return {key: value for key, value in item.items() if value}


def _feed(channel: Channel, entries: Sequence[Entry], form: str) -> Any:  # noqa: ANN401 - feedgen has no types
    from feedgen.feed import FeedGenerator  # noqa: PLC0415 - slow to import, seldom wanted

    feed_extension, entry_extension = _extensions()
    feed = FeedGenerator()
    feed.load_extension("dc", atom=False, rss=True)
    feed.register_extension("healed", feed_extension, entry_extension)
    feed.id(channel.id)
    feed.title(channel.title)
    feed.subtitle(channel.subtitle)
    feed.author(name=channel.author)
    feed.language(channel.language)
    feed.generator(_GENERATOR)
    feed.ttl(_TTL)
    feed.link(href=channel.url, rel="self", type=_TYPES[form])
    if channel.previous and form == "atom":
        feed.link(href=channel.previous, rel="prev-archive", type=_TYPES[form])
    if channel.current:
        feed.link(href=channel.current, rel="current", type=_TYPES[form])
    feed.healed.archive = bool(channel.current)
    # RSS takes its one link from the last call.
    feed.link(href=channel.home, rel="alternate", type="text/html")
    feed.updated(channel.updated if form == "atom" else _unset())  # of RSS: `FeedDates` says when
    feed.healed.built = channel.updated
    for entry in entries:
        _add(feed, entry)
    return feed


def _add(feed: Any, entry: Entry) -> None:  # noqa: ANN401 - feedgen has no types
    made = feed.add_entry(order="append")
    made.id(entry.id)
    made.title(entry.title)
    made.updated(entry.updated)  # else: now
    made.summary(entry.summary)  # RSS: the description, which comes before content:encoded
    made.content(entry.html, type="html")
    made.link(href=entry.url)
    made.dc.dc_creator(entry.author)
    for category in entry.categories:
        made.category(term=category)
    made.healed.entry = entry


@cache
def _unset() -> datetime:
    """A time that counts as none: feedgen then writes none, and sets no locale to write it."""

    class Unset(datetime):
        def __bool__(self) -> bool:
            return False

    return Unset(1970, 1, 1, tzinfo=UTC)


@cache
def _extensions() -> tuple[type, type]:
    """What feedgen leaves out, as two of its extensions.

    Links of Atom entries with `rel` and `type`: without, a `via` reads as a second alternate. The
    dates of RSS: feedgen's go through `locale.setlocale`, which other threads would feel.
    """
    from feedgen.ext.base import BaseEntryExtension, BaseExtension  # noqa: PLC0415 - slow to import
    from feedgen.util import xml_elem  # noqa: PLC0415 - slow to import

    class FeedDates(BaseExtension):  # type: ignore[misc] # feedgen has no types
        built: datetime
        archive: bool

        def extend_ns(self) -> dict[str, str]:
            return {"fh": _HISTORY} if self.archive else {}

        def extend_atom(self, feed: Any) -> Any:  # noqa: ANN401 - feedgen has no types
            if self.archive:
                xml_elem(f"{{{_HISTORY}}}archive", feed)
            return feed

        def extend_rss(self, feed: Any) -> Any:  # noqa: ANN401 - feedgen has no types
            xml_elem("lastBuildDate", feed.find("channel")).text = format_datetime(self.built)
            return feed

    class EntryLinks(BaseEntryExtension):  # type: ignore[misc] # feedgen has no types
        entry: Entry

        def extend_atom(self, entry: Any) -> Any:  # noqa: ANN401 - feedgen has no types
            for bare in entry.findall("link"):
                entry.remove(bare)
            links = (
                ("alternate", self.entry.url, "text/html"),
                ("via", self.entry.via, None),
                ("related", self.entry.related, "text/html"),
            )
            for rel, href, media in links:
                if href:
                    xml_elem(
                        "link", entry, rel=rel, href=href, **({"type": media} if media else {})
                    )
            xml_elem("published", entry).text = self.entry.published.isoformat()
            return entry

        def extend_rss(self, item: Any) -> Any:  # noqa: ANN401 - feedgen has no types
            xml_elem("pubDate", item).text = format_datetime(self.entry.published)
            return item

    return FeedDates, EntryLinks
