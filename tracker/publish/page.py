"""index.html: what changed lately, how each report's upstreams stand, what could not be checked.

It holds the anchors that the feeds' entries point to. Pure; the markup is the template's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from tracker import templating
from tracker.model import Change, Ledger, ReportRecord, Snapshot, Watch
from tracker.post import Post
from tracker.project import Site
from tracker.publish import address
from tracker.publish.entries import Entry, Places
from tracker.publish.html import legal
from tracker.publish.links import safe_url
from tracker.publish.masthead import FEEDS, author, feed_url, page_url, title
from tracker.publish.outlines import Outline
from tracker.sections import Report
from tracker.text import cut
from tracker.words.names import address as address_of
from tracker.words.names import label, named
from tracker.words.upstream_text import plain

_EARLIER_LIMIT = 900  # entries told in one line each
_ROWS_LIMIT = 3000  # upstreams listed; `tracker status` has them all
_SHORT_HASH = 7


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


@dataclass(frozen=True)
class Row:
    """How one upstream stands."""

    label: str
    url: str
    version: str
    date: str
    standing: str
    cited: bool
    unchecked: str


@dataclass(frozen=True)
class Section:
    """A report and its upstreams."""

    name: str
    url: str
    rows: tuple[Row, ...]


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
    sections, left_out = _sections(ledger, found, places)
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
            {"anchor": head.anchor, "title": head.title, "date": _date(head.published)}
            for head in heads[len(told) :][:_EARLIER_LIMIT]
        ],
        "sections": sections,
        "left_out": left_out,
        "unchecked": _unchecked(ledger),
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
        date=_date(entry.published),
        html=Markup(entry.html),  # noqa: S704 - sanitised when the entry was made
        source=entry.categories[0] if entry.categories else "",
        url=head.file,
        touches=tuple((legal(plain(t.note)), legal(plain(t.now))) for t in touched),
    )


def _sections(
    ledger: Ledger, found: Mapping[str, tuple[Post, Report]], places: Places
) -> tuple[list[Section], int]:
    """The reports in the order of their posts, and how many upstreams found no room."""

    def order(key: str) -> tuple[str, int, str]:
        start = found[key][1].start if key in found else -1
        return ledger.reports[key].post, start, key

    sections: list[Section] = []
    room, left_out = _ROWS_LIMIT, 0
    for key in sorted(ledger.reports, key=order):
        record = ledger.reports[key]
        watched = _watched(ledger, record)
        shown = tuple(_row(watch, cited=cited) for watch, cited in watched[:room])
        room, left_out = room - len(shown), left_out + len(watched) - len(shown)
        if shown or not watched:
            name = legal(plain(record.name)) or "untitled"
            sections.append(Section(name, places.get(key, ""), shown))
    return sections, left_out


def _watched(ledger: Ledger, record: ReportRecord) -> list[tuple[Watch, bool]]:
    """A report's upstreams, and whether it only cites them."""
    own = {*record.own, *record.offered}
    keys = dict.fromkeys((*record.own, *record.offered, *record.cited))
    return [(ledger.watches[key], key not in own) for key in keys if key in ledger.watches]


def _row(watch: Watch, *, cited: bool) -> Row:
    snapshot = watch.snapshot
    version, date = _version(snapshot)
    return Row(
        label=_label(watch),
        url=_link(watch),
        version=version,
        date=date,
        standing=_standing(watch),
        cited=cited,
        unchecked=_date(watch.unchecked_since),
    )


def _label(watch: Watch) -> str:
    key, snapshot = watch.upstream.key, watch.snapshot
    # A moved upstream's address spells another name: only the link's own spelling is its.
    seen = (snapshot.url, snapshot.title) if snapshot and not snapshot.moved_to else ()
    thing = named(key, *seen, watch.upstream.name)
    free = plain(snapshot.title) if snapshot else ""
    if thing.type == "collection" and free:
        return legal(f"collection “{cut(free, 60)}”")
    if thing.type in ("file", "folder"):
        return legal(f"{thing.file} ({thing.whole})")
    return legal(label(key, *seen, watch.upstream.name))


def _link(watch: Watch) -> str:
    key, name = watch.upstream.key, watch.upstream.name
    pinned = safe_url(watch.snapshot.url) if watch.snapshot else ""
    return pinned or safe_url(address_of(key, name))


def _version(snapshot: Snapshot | None) -> tuple[str, str]:
    """What stands for a version, and its date: a set of items is told by its size."""
    if not snapshot:
        return "", ""
    version = plain(snapshot.version or "")
    if snapshot.basis == "items":
        count = len(snapshot.items)
        version = f"{count} item{'' if count == 1 else 's'}"
    elif snapshot.basis in ("blob", "tree", "commit", "revision"):
        version = version[:_SHORT_HASH]
    return legal(cut(version, 40)), _date(snapshot.released)


def _standing(watch: Watch) -> str:
    if watch.snapshot:
        told = watch.snapshot.standing
        missing = watch.absent and told != "gone"
        return f"not found since {_date(watch.absent[0])}" if missing else told
    return "not found" if watch.absent else "unknown"


def _unchecked(ledger: Ledger) -> list[dict[str, str]]:
    waiting = [watch for watch in ledger.watches.values() if watch.unchecked_since]
    waiting.sort(key=lambda watch: (watch.unchecked_since, watch.upstream.key))
    return [
        {
            "label": _label(watch),
            "url": safe_url(address_of(watch.upstream.key, watch.upstream.name)),
            "since": _date(watch.unchecked_since),
            "reason": legal(plain(watch.reason or "")) or "no reason was recorded",
        }
        for watch in waiting[:_ROWS_LIMIT]
    ]


def _date(when: datetime | None) -> str:
    """An ISO day, or nothing."""
    return when.date().isoformat() if when else ""
