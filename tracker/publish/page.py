"""index.html: what changed lately, how each report's upstreams stand, what could not be checked.

It holds the anchors that the feeds' entries point to. Pure; the markup is the template's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tracker import templating
from tracker.model import Change, Ledger
from tracker.post import Post
from tracker.project import Site
from tracker.publish import address, standings, timeline
from tracker.publish.channels import named_reports, report_file
from tracker.publish.entries import Entry, Places
from tracker.publish.html import legal, without_images
from tracker.publish.masthead import FEEDS, author, feed_url, page_url, title
from tracker.publish.outlines import Outline
from tracker.sections import Report
from tracker.words.upstream_text import plain

_EARLIER_LIMIT = 900  # entries told in one line each


@dataclass(frozen=True)
class Told:
    """An entry on the page; `html` is sanitised, `url` is its own page's. `touches` are the author's notes that the change
    may touch, each with what stands there now."""

    anchor: str
    title: str
    date: str
    html: str
    source: str
    url: str
    touches: tuple[tuple[str, str], ...] = ()


def build(
    site: Site,
    ledger: Ledger,
    found: Mapping[str, tuple[Post, Report]],
    places: Places,
    told: Sequence[Entry],
    heads: Sequence[Outline],
) -> bytes:
    """The page as bytes."""
    render = templating.renderer(site.templates, "page.html")
    own_feeds = {name: report_file(name) for name in named_reports(site, ledger)}
    sections, left_out = standings.sections(ledger, found, places, own_feeds)
    values = {
        "title": title(site),
        "author": author(site),
        "url": page_url(site),
        "feeds": [
            {"url": feed_url(site, name), "name": name, "label": label, "type": kind}
            for name, label, kind in FEEDS
        ],
        "notes_feed": {"url": feed_url(site, "notes.xml"), "name": "notes.xml"},
        "posts": _posts(site, found),
        "entries": [_told(entry, head) for entry, head in zip(told, heads, strict=False)],
        "earlier": [
            {
                "anchor": head.anchor,
                "url": head.file,
                "title": head.title,
                "date": standings.day(head.published),
            }
            for head in heads[len(told) :][:_EARLIER_LIMIT]
        ],
        "sections": sections,
        "timeline": timeline.timeline(ledger, places),
        "links": _links(ledger),
        "left_out": left_out,
        "unchecked": standings.unchecked(ledger),
    }
    return (legal(render(values)).rstrip() + "\n").encode()


def _posts(site: Site, found: Mapping[str, tuple[Post, Report]]) -> list[dict[str, str]]:
    posts = {post.path: post for post, _ in found.values()}
    return [
        {
            "title": legal(plain(post.front.values.get("title", "")) or path),
            "url": address.post_url(site, post),
        }
        for path, post in sorted(posts.items())
    ]


def _told(entry: Entry, head: Outline) -> Told:
    touched = head.record.touched if isinstance(head.record, Change) else ()
    return Told(
        anchor=head.anchor,
        title=entry.title,
        date=standings.day(entry.published),
        html=Markup(without_images(entry.html)),  # noqa: S704 - sanitised when the entry was made
        source=entry.categories[0] if entry.categories else "",
        url=head.file,
        touches=tuple((legal(plain(t.note)), legal(plain(t.now))) for t in touched),
    )


def _links(ledger: Ledger) -> dict[str, int]:
    """How many upstreams are watched, and how many of them answered."""
    watched = [watch for watch in ledger.watches.values() if watch.reports]
    return {"watched": len(watched), "unchecked": sum(bool(w.unchecked_since) for w in watched)}
