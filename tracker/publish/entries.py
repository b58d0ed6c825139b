"""The ledger as entries: what a feed and the page tell, newest first. Pure; it writes no XML.

An entry is one change or one piece of the author's own news. Its id is the change's, for ever;
what could not be checked is no entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from tracker import templating
from tracker.difference import Difference
from tracker.model import Change, Ledger, Notes
from tracker.post import Post
from tracker.project import Site
from tracker.publish import address, html
from tracker.publish.bodies import change_body, notes_body
from tracker.publish.html import legal
from tracker.publish.links import digest, safe_url, uri
from tracker.publish.masthead import author, feed_url, page_url
from tracker.publish.outlines import Outline, report_name
from tracker.text import cut
from tracker.words.names import named
from tracker.words.titles import TITLE_LIMIT
from tracker.words.upstream_text import plain

LIMIT = 100  # entries in a feed
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CONTENT_LIMIT = 300_000  # bytes of one entry, as XML holds it


@dataclass(frozen=True)
class Entry:
    """One entry of a feed: plain text but for `html` and `brief`, absolute addresses or empty
    strings. `brief` is `html` without the changed paragraphs, which a page of its own has in whole.

    `updated` is `published` but for microseconds: no two entries of a feed have the same, which
    validators take for one entry edited; only Atom shows it.
    """

    id: str
    title: str
    summary: str
    html: str
    brief: str
    url: str
    published: datetime
    updated: datetime
    via: str = ""
    related: str = ""
    categories: tuple[str, ...] = ()
    author: str = ""


Places = Mapping[str, str]  # a report's id -> the address of its section
Whole = Callable[[Change], Difference | None]  # what differs in a change, where that is known


def entries(
    site: Site,
    ledger: Ledger,
    places: Places,
    heads: Iterable[Outline],
    differing: Whole = lambda _change: None,
) -> list[Entry]:
    """The entries of these heads, with their bodies."""
    render = templating.renderer(site.templates, "entry.html")
    page = page_url(site)

    def entry(head: Outline) -> Entry:
        record = head.record
        reports = (record.report,) if isinstance(record, Notes) else record.reports
        names = tuple(dict.fromkeys(report_name(ledger, report) for report in reports))
        related = next((places[report] for report in reports if report in places), "")
        if isinstance(record, Notes):
            values = notes_body(record, names[0], related or page)
            kind, via = "notes", ""
        else:
            values = change_body(record, names[0] if names else "", differing(record))
            kind, via = named(record.upstream).site, safe_url(record.url)
        about = {"notes_url": related, "reports": names}
        body, brief = render({**values, **about}), render({**values, **about, "passages": []})
        return Entry(
            id=head.id,
            title=head.title,
            summary=legal(values["summary"]),
            html=legal(html.sanitised(body, page)).strip() + "\n",
            brief=legal(html.sanitised(brief, page)).strip() + "\n",
            url=feed_url(site, head.file),
            published=head.published,
            updated=head.updated,
            via=via,
            related=related,
            categories=tuple(legal(c) for c in dict.fromkeys((kind, *names)) if c.strip()),
            author=author(site),
        )

    return [entry(head) for head in heads]


def in_full(
    site: Site, ledger: Ledger, posts: Mapping[str, Post], limit: int = LIMIT
) -> list[Entry]:
    """The reports in full, the last changed first; of posts in Markdown."""
    edited = {path: post for path, post in posts.items() if post.editable}
    found = address.locate(ledger, edited)
    # Reports of one run changed together; a part of a second made of the id keeps them apart, and
    # stays as it is when another one changes.
    changed = {key: ledger.reports[key].changed or ledger.started or EPOCH for key in found}
    apart = {
        key: when + timedelta(microseconds=int(digest(key)[:8], 16) % 1_000_000)
        for key, when in changed.items()
    }
    told: list[Entry] = []
    for key in sorted(found, key=lambda key: apart[key], reverse=True)[:limit]:
        post, report = found[key]
        url = address.section_url(site, post, report)
        heading = report.heading.text if report.heading else report.name
        content = html.section(post, report, address.post_url(site, post))
        if len(Markup.escape(content).encode("utf-8", "replace")) > _CONTENT_LIMIT:
            content = (
                f'<p>Too long for a feed: <a href="{Markup.escape(url)}">read it there</a>.</p>\n'
            )
        told.append(
            Entry(
                id=f"{ledger.feed_prefix or ''}report/{uri(key)}",
                title=legal(cut(plain(heading) or "untitled", TITLE_LIMIT)),
                summary=legal(f"The notes on {cut(plain(report.name), TITLE_LIMIT)}."),
                html=legal(content) or "<p></p>\n",
                brief="",
                url=url,
                published=changed[key],
                updated=apart[key],
                categories=(legal(plain(report.name)) or "untitled",),
                author=author(site),
            )
        )
    return told


def fitting(
    count: int, make: Callable[[int], dict[str, bytes]], limit: int
) -> tuple[int, dict[str, bytes]]:
    """As many entries as fit into `limit` bytes a file, at most `count`, and what `make` makes of
    them."""
    while True:
        made = make(count)
        largest = max(map(len, made.values()))
        if largest <= limit or not count:
            return count, made
        count = min(count - 1, int(count * limit / largest * 0.95))
