"""The ledger as entries: what a feed and the page tell, newest first. Pure; it writes no XML.

An entry is one change or one piece of the author's own news. Its id is the change's, for ever;
what could not be checked is no entry.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from tracker import templating, words
from tracker.config import Site
from tracker.model import Change, Ledger, Notes
from tracker.post import Post
from tracker.publish import address, html
from tracker.publish.html import legal
from tracker.text import cut

LIMIT = 100  # entries in a feed
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXTS_LIMIT = 30  # new notes shown in one entry
_TEXT_LIMIT = 1000  # characters of one of them
_CONTENT_LIMIT = 300_000  # bytes of one entry, as XML holds it


@dataclass(frozen=True)
class Entry:
    """One entry of a feed: plain text but for `html`, absolute addresses or empty strings.

    `updated` is `published` but for microseconds: no two entries of a feed have the same, which
    validators take for one entry edited; only Atom shows it.
    """

    id: str
    title: str
    summary: str
    html: str
    url: str
    published: datetime
    updated: datetime
    via: str = ""
    related: str = ""
    categories: tuple[str, ...] = ()
    author: str = ""


@dataclass(frozen=True)
class Outline:
    """An entry's head: enough to rank it and to link to it."""

    id: str
    title: str
    anchor: str
    published: datetime
    updated: datetime
    record: Change | Notes


Places = Mapping[str, str]  # a report's id -> the address of its section


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


def newest(
    site: Site, ledger: Ledger, places: Places, heads: Iterable[Outline], limit: int = LIMIT
) -> list[Entry]:
    """The newest of the entries, with their bodies."""
    render = templating.renderer(site.root / site.templates, "entry.html")
    page = page_url(site)

    def entry(head: Outline) -> Entry:
        record = head.record
        reports = (record.report,) if isinstance(record, Notes) else record.reports
        names = tuple(dict.fromkeys(_name(ledger, report) for report in reports))
        related = next((places[report] for report in reports if report in places), "")
        if isinstance(record, Notes):
            values = _notes_body(record, names[0], related or page)
            kind, via = "notes", ""
        else:
            values = _change_body(record, names[0] if names else "")
            kind, via = words.named(record.upstream).site, safe_url(record.url)
        body = render({**values, "notes_url": related, "reports": names})
        return Entry(
            id=head.id,
            title=head.title,
            summary=legal(values["summary"]),
            html=legal(html.sanitised(body, page)).strip() + "\n",
            url=f"{page}#{head.anchor}",
            published=head.published,
            updated=head.updated,
            via=via,
            related=related,
            categories=tuple(legal(c) for c in dict.fromkeys((kind, *names)) if c.strip()),
            author=author(site),
        )

    return [entry(head) for _, head in zip(range(limit), heads, strict=False)]


def in_full(
    site: Site, ledger: Ledger, posts: Mapping[str, Post], limit: int = LIMIT
) -> list[Entry]:
    """The reports in full, the last changed first."""
    found = address.locate(ledger, posts)
    # Reports of one run changed together; a part of a second made of the id keeps them apart, and
    # stays as it is when another one changes.
    changed = {key: ledger.reports[key].changed or ledger.started or EPOCH for key in found}
    apart = {
        key: when + timedelta(microseconds=int(_digest(key)[:8], 16) % 1_000_000)
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
                title=legal(cut(words.plain(heading) or "untitled", words.TITLE_LIMIT)),
                summary=legal(f"The notes on {cut(words.plain(report.name), words.TITLE_LIMIT)}."),
                html=legal(content) or "<p></p>\n",
                url=url,
                published=changed[key],
                updated=apart[key],
                categories=(legal(words.plain(report.name)) or "untitled",),
                author=author(site),
            )
        )
    return told


# --- heads -----------------------------------------------------------------------------------


def _changes(ledger: Ledger) -> Iterator[Outline]:
    titled = _Titles()
    for change in ledger.changes:  # oldest first, so that a title once given never changes
        if change.significance == "minor":
            continue
        name = _name(ledger, change.reports[0]) if change.reports else ""
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
        name = _name(ledger, record.report)
        told = "new section" if record.new_section else _new_notes(len(record.texts))
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


def _name(ledger: Ledger, report: str) -> str:
    record = ledger.reports.get(report)
    return legal(words.plain(record.name if record else report)) or "untitled"


def _new_notes(count: int) -> str:
    return f"{count} new note{'' if count == 1 else 's'}"


# --- bodies ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Detail:
    """A sentence and the address it ends in, if that is one of the change's own typed ones."""

    text: str
    url: str = ""


def _change_body(change: Change, name: str) -> dict[str, Any]:
    typed = [change.url, words.also_address(change), words.doi_address(change.doi or change.new)]
    typed += [change.last.url] if change.last else []
    known = [url for url in dict.fromkeys(typed) if safe_url(url)]
    sentences = change.details or words.details(change)
    return {
        "summary": legal(change.summary or words.summary(change, name)),
        "details": [_detail(legal(sentence), known) for sentence in sentences],
        "read": {"label": _READ.get(_act(change), "Read it"), "url": safe_url(change.url)},
        "before": _before(change),
        "texts": [],
        "more": 0,
    }


_READ = {
    "revised": "Read the new version",
    "released": "Read the release",
    "published": "Read the paper",
    "withdrawn": "Read the withdrawal",
    "items added": "See the collection",
    "items removed": "See the collection",
    "moved": "The new address",
    "gone": "Where it was",
    "deleted": "The deletion",
    "back": "Read it again",
}


def _act(change: Change) -> str:
    return "deleted" if change.kind == "gone" and "/commit/" in change.url else change.kind


def _detail(sentence: str, known: Iterable[str]) -> Detail:
    for url in known:
        if sentence.endswith(f": {url}"):
            return Detail(sentence.removesuffix(url), safe_url(url))
    return Detail(sentence)


def _before(change: Change) -> str:
    """The address of the version before, where it can be built: a paper's."""
    old = change.old or ""
    if change.upstream.startswith("arxiv:") and re.fullmatch(r"v\d{1,4}", old):
        page = words.address(change.upstream)
        return f"{page}{old}" if page else ""
    return ""


def _notes_body(record: Notes, name: str, base: str) -> dict[str, Any]:
    count = _new_notes(len(record.texts))
    summary = f"A new section, {name}" if record.new_section else f"{count} on {name}"
    if record.new_section and record.texts:
        summary += f", with {len(record.texts)} note{'' if len(record.texts) == 1 else 's'}"
    texts = [
        html.fragment(_bare(cut(text, _TEXT_LIMIT)), base) for text in record.texts[:_TEXTS_LIMIT]
    ]
    return {
        "summary": legal(f"{summary}."),
        "details": [],
        "read": {"label": "", "url": ""},
        "before": "",
        "texts": [Markup(text) for text in texts],  # noqa: S704 - sanitised by `fragment`
        "more": max(0, len(record.texts) - _TEXTS_LIMIT),
    }


def _bare(note: str) -> str:
    """A note without the quote marks and the bullet it stood behind."""
    return re.sub(r"^[>\s]*(?:[-*+]\s+)?", "", note)


# --- addresses and legal text ----------------------------------------------------------------


def page_url(site: Site) -> str:
    """Where index.html is published."""
    return feed_url(site, "index.html")


def feed_url(site: Site, name: str) -> str:
    """Where a published file is."""
    return f"{site.url or '/'}{uri(f'{site.feeds}/{name}')}"


def title(site: Site) -> str:
    """The feeds' title."""
    return legal(words.plain(site.title or "")) or "Tech report notes"


def author(site: Site) -> str:
    """The feeds' author: the site's, else its title."""
    return legal(words.plain(site.author or "")) or title(site)


def anchor(identity: str) -> str:
    """An id in index.html: readable, of safe characters, and another one for another identity."""
    mark = _digest(identity)[:8]
    slug = re.sub(r"[^A-Za-z0-9._]+", "-", identity).strip("-")
    return f"change-{slug[:80]}-{mark}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def uri(text: str) -> str:
    """The text as part of a URI: what one may not hold is percent-encoded, the rest stays."""
    kept = quote(legal(text), safe="/:?@!$&'()*+,;=%-._~")
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", kept)


def safe_url(url: str) -> str:
    """An https address without user and spaces, as a URI; anything else is an empty string."""
    if not re.match(r"https://[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?(?:[/?#]|$)", url):
        return ""
    page, mark, part = url.partition("#")
    return uri(page) + mark + uri(part)


def fitting(count: int, make: Callable[[int], dict[str, bytes]], limit: int) -> dict[str, bytes]:
    """What `make` makes of as many entries as fit into `limit` bytes a file, at most `count`."""
    while True:
        made = make(count)
        largest = max(map(len, made.values()))
        if largest <= limit or not count:
            return made
        count = min(count - 1, int(count * limit / largest * 0.95))
