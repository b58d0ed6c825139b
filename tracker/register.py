"""Which report is which, and since when each link is watched: posts into the ledger. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from tracker.authored import TODO, digest, lines_of, news, notes_of
from tracker.identity import identify
from tracker.model import Baseline, Ledger, Link, ReportRecord, Stub, Upstream, Watch
from tracker.post import Post
from tracker.sections import Report


@dataclass(frozen=True)
class Reading:
    """The ledger after the posts were read, and which report of which post each id is."""

    ledger: Ledger
    places: dict[str, tuple[Post, Report]] = field(default_factory=dict)


def read(
    ledger: Ledger,
    posts: Iterable[Post],
    now: datetime,
    *,
    since: datetime | None = None,
    zone: Callable[[str], tzinfo] = lambda _path: UTC,
    ignore: Iterable[str] = (),
) -> Reading:
    """Enter what the posts say: reports with their ids, links with their baselines, new notes.

    since: the baseline for links read for the first time (`--since`). zone: a post's time zone, by
    its path. A post that is not among `posts` (it could not be read) keeps its reports as they are.
    """
    posts = list(posts)
    known = {record.post for record in ledger.reports.values()}
    ids = identify(ledger, posts)
    muted = tuple(ignore)
    records = dict(ledger.reports)
    watches = _without(ledger.watches, ids.values())
    notes = list(ledger.notes)
    taken = {note.id for note in notes}
    moved = {w.snapshot.moved_to: w for w in ledger.watches.values() if w.snapshot}
    places = {}
    found = told_at(ledger, now)
    for post in posts:
        old = {ids[post.path, n] for n in range(len(post.reports))} & ledger.reports.keys()
        fresh = post.path not in known and not old
        start = since or (_updated(post, now, zone(post.path)) if fresh else now)
        linked: dict[str, dict[str, list[Link]]] = {}
        for n, report in enumerate(post.reports):
            name = ids[post.path, n]
            places[name] = (post, report)
            before = ledger.reports.get(name)
            links = [link for link in report.links if _watched(link, muted)]
            record = _record(post, report, links, before, start if fresh else now)
            records[name] = record
            new = news(name, record, before, report, post, found, taken, fresh)
            taken |= {note.id for note in new}
            notes += new
            linked[name] = _by_key(links, record.offered, ledger)
        _enter(watches, linked, ledger, moved, start, post.path)
    read_now = {post.path for post in posts}
    gone = [name for name, r in records.items() if name not in places and r.post in read_now]
    for name in gone:
        records[name] = replace(records[name], own=(), cited=(), offered=())
    entered = replace(
        ledger,
        started=ledger.started or now,
        reports=records,
        watches=_without(watches, gone),
        stubs=_inherited(ledger, watches, moved),
        notes=tuple(notes),
    )
    return Reading(entered, places)


def _enter(
    watches: dict[str, Watch],
    linked: Mapping[str, Mapping[str, list[Link]]],
    ledger: Ledger,
    moved: Mapping[str | None, Watch],
    start: datetime,
    path: str,
) -> None:
    """Enter the links of the post at `path`, given by report and key, into the watches."""
    holders: dict[str, set[str]] = {}
    for name, by_key in linked.items():
        for key in by_key:
            holders.setdefault(key, set()).add(name)
    # The post may have been called otherwise before.
    posts = {path, *(ledger.reports[name].post for name in linked if name in ledger.reports)}
    for name, by_key in linked.items():
        for key, links in by_key.items():
            watch = watches.get(key) or _first(key, links, moved.get(key))
            if watch is None:
                continue
            earlier = ledger.watches.get(key) or moved.get(key)
            baselines = earlier.reports if earlier else {}
            # A link that went from one section to another keeps since when it is watched.
            left = (
                baseline
                for report, baseline in baselines.items()
                if report not in holders[key]
                and report in ledger.reports
                and ledger.reports[report].post in posts
            )
            kept = baselines.get(name) or next(left, None)
            watches[key] = _watch(watch, name, links, kept or _baseline(links, start))


def _inherited(
    ledger: Ledger, watches: Mapping[str, Watch], moved: Mapping[str | None, Watch]
) -> tuple[Stub, ...]:
    """The stubs, those on what moved under its new name where that is what is linked now."""
    heirs = {
        watch.upstream.key: key
        for key, watch in moved.items()
        if key and key in watches and key not in ledger.watches
    }
    return tuple(replace(s, upstream=heirs.get(s.upstream, s.upstream)) for s in ledger.stubs)


def asked(reading: Reading, only: Iterable[str] | None = None) -> list[str]:
    """The keys to ask about: those that a report links or was offered. only: ids of reports."""
    chosen = None if only is None else set(only)
    reports = reading.ledger.reports
    keys = {
        key
        for name, record in reports.items()
        if chosen is None or name in chosen
        for key in (*record.own, *record.cited, *record.offered)
    }
    return sorted(key for key in keys if key in reading.ledger.watches)


def told_at(ledger: Ledger, now: datetime) -> datetime:
    """The time that is put on what is found now: after all that was found before, even where the
    clock went back, so that no entry comes in below others of a feed and its archives."""
    earlier = [*(change.found for change in ledger.changes), *(n.found for n in ledger.notes)]
    latest = max(earlier, default=now)
    return now if now >= latest else latest + timedelta(seconds=1)


def end_of(day: date, zone: tzinfo) -> datetime:
    """The last second of a day in a time zone, in UTC."""
    return datetime.combine(day, time(23, 59, 59), zone).astimezone(UTC)


# --- links -------------------------------------------------------------------------------------


def _watched(link: Link, muted: tuple[str, ...]) -> bool:
    key = link.upstream.key if link.upstream else ""
    return link.watched and not any(key == m or key.startswith(f"{m}/") for m in muted)


def _by_key(links: Iterable[Link], offered: Iterable[str], ledger: Ledger) -> dict[str, list[Link]]:
    by_key: dict[str, list[Link]] = {key: [] for key in offered if key in ledger.watches}
    for link in links:
        if link.upstream:
            by_key.setdefault(link.upstream.key, []).append(link)
    return by_key


def _first(key: str, links: list[Link], moved: Watch | None) -> Watch | None:
    """The watch of what is linked for the first time; under the new name of something known, with
    what was seen of that."""
    if not links:
        return None
    watch = Watch(links[0].upstream or Upstream(key, ""))
    if moved is None or moved.snapshot is None:
        return watch
    seen = replace(moved.snapshot, moved_to=None)
    return replace(watch, snapshot=seen, authenticated=moved.authenticated)


def _baseline(links: list[Link], start: datetime) -> Baseline:
    """The baseline of links that are read for the first time: the highest version they pin, else a
    date. What a stub offered is known from the start."""
    pins = [link.pinned for link in links if link.pinned]
    highest = max(pins, key=lambda pin: int(pin[1:]) if pin[1:].isdecimal() else 0, default=None)
    return Baseline(start, highest, settled=not links)


def _watch(watch: Watch, report: str, links: list[Link], baseline: Baseline) -> Watch:
    """A watch with the baseline of one report, in the author's newest spelling."""
    upstream = links[0].upstream if links and links[0].upstream else watch.upstream
    return replace(watch, upstream=upstream, reports={**watch.reports, report: baseline})


def _without(watches: Mapping[str, Watch], reports: Iterable[str]) -> dict[str, Watch]:
    """The watches without the reports that are about to be read again: what a report no longer
    links loses its baseline, but not what was seen."""
    again = set(reports)
    return {
        key: replace(watch, reports={r: b for r, b in watch.reports.items() if r not in again})
        for key, watch in watches.items()
    }


def _updated(post: Post, now: datetime, zone: tzinfo) -> datetime:
    """The end of the day on which a post says it was updated, never later than now; else now."""
    return min(end_of(post.front.updated[0].day, zone), now) if post.front.updated else now


# --- reports -----------------------------------------------------------------------------------


def _record(
    post: Post, report: Report, links: list[Link], before: ReportRecord | None, now: datetime
) -> ReportRecord:
    own = _keys(links, own=True)
    cited = tuple(key for key in _keys(links, own=False) if key not in own)
    offered = tuple(key for key in (before.offered if before else ()) if key not in (*own, *cited))
    texts = notes_of(post, report)
    text = digest("\n".join(lines_of(post, report)))
    changed = before.changed if before and before.text == text else now
    return ReportRecord(
        name=report.name,
        post=post.path,
        many=report.holds == "many",
        own=own,
        cited=cited,
        offered=offered,
        notes=tuple(digest(note) for note in texts),
        todo=sum(bool(TODO.search(note)) for note in texts),
        text=text,
        changed=changed,
    )


def _keys(links: Iterable[Link], *, own: bool) -> tuple[str, ...]:
    keys = (link.upstream.key for link in links if link.upstream and link.own is own)
    return tuple(dict.fromkeys(keys))
