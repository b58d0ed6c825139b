"""How each report's upstreams stand, and what could not be checked: the page's lists. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.model import Ledger, ReportRecord, Snapshot, Watch
from tracker.post import Post
from tracker.publish.entries import Places
from tracker.publish.html import legal
from tracker.publish.links import safe_url
from tracker.sections import Report
from tracker.text import cut
from tracker.words.names import address as address_of
from tracker.words.names import label, named
from tracker.words.upstream_text import plain

_ROWS_LIMIT = 3000  # upstreams listed; `tracker status` has them all
_SHORT_HASH = 7


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
    """A report and its upstreams; `feed` is the name of its own feed, if it has one."""

    name: str
    url: str
    rows: tuple[Row, ...]
    feed: str = ""


def sections(
    ledger: Ledger,
    found: Mapping[str, tuple[Post, Report]],
    places: Places,
    own_feeds: Mapping[str, str],
) -> tuple[list[Section], int]:
    """The reports in the order of their posts, and how many upstreams found no room."""

    def order(key: str) -> tuple[str, int, str]:
        start = found[key][1].start if key in found else -1
        return ledger.reports[key].post, start, key

    told: list[Section] = []
    room, left_out = _ROWS_LIMIT, 0
    for key in sorted(ledger.reports, key=order):
        record = ledger.reports[key]
        watched = _watched(ledger, record)
        shown = tuple(_row(watch, cited=cited) for watch, cited in watched[:room])
        room, left_out = room - len(shown), left_out + len(watched) - len(shown)
        if shown or not watched:
            name = legal(plain(record.name)) or "untitled"
            told.append(Section(name, places.get(key, ""), shown, own_feeds.get(key, "")))
    return told, left_out


def _watched(ledger: Ledger, record: ReportRecord) -> list[tuple[Watch, bool]]:
    """A report's upstreams, and whether it only cites them."""
    own = {*record.own, *record.offered}
    keys = dict.fromkeys((*record.own, *record.offered, *record.cited))
    return [(ledger.watches[key], key not in own) for key in keys if key in ledger.watches]


def _row(watch: Watch, *, cited: bool) -> Row:
    snapshot = watch.snapshot
    version, date = version_of(snapshot)
    return Row(
        label=label_of(watch),
        url=_link(watch),
        version=version,
        date=date,
        standing=_standing(watch),
        cited=cited,
        unchecked=day(watch.unchecked_since),
    )


def label_of(watch: Watch) -> str:
    """A short name of an upstream for people."""
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


def version_of(snapshot: Snapshot | None) -> tuple[str, str]:
    """What stands for a version, and its date: a set of items is told by its size."""
    if not snapshot:
        return "", ""
    version = plain(snapshot.version or "")
    if snapshot.basis == "items":
        count = len(snapshot.items)
        version = f"{count} item{'' if count == 1 else 's'}"
    elif snapshot.basis in ("blob", "tree", "commit", "revision"):
        version = version[:_SHORT_HASH]
    return legal(cut(version, 40)), day(snapshot.released)


def _standing(watch: Watch) -> str:
    if watch.snapshot:
        told = watch.snapshot.standing
        missing = watch.absent and told != "gone"
        return f"not found since {day(watch.absent[0])}" if missing else told
    return "not found" if watch.absent else "unknown"


def unchecked(ledger: Ledger) -> list[dict[str, str]]:
    """What could not be checked: its label and address, since when, and why."""
    waiting = [watch for watch in ledger.watches.values() if watch.unchecked_since]
    waiting.sort(key=lambda watch: (watch.unchecked_since, watch.upstream.key))
    return [
        {
            "label": label_of(watch),
            "url": safe_url(address_of(watch.upstream.key, watch.upstream.name)),
            "since": day(watch.unchecked_since),
            "reason": legal(plain(watch.reason or "")) or "no reason was recorded",
        }
        for watch in waiting[:_ROWS_LIMIT]
    ]


def day(when: datetime | None) -> str:
    """An ISO day, or nothing."""
    return when.date().isoformat() if when else ""
