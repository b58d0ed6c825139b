"""The ledger as rows: what `status`, `log` and `--json` show. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from tracker.model import Change, Ledger, Link, Watch, page
from tracker.post import Post


def links(post: Post) -> list[dict[str, Any]]:
    """The links of a post that a source knows, in the order of the text."""
    rows = [
        (link, report.name if report.heading else None)
        for report in post.reports
        for link in report.links
        if link.target
    ]
    return [_link(link, name) for link, name in sorted(rows, key=lambda row: row[0].start)]


def _link(link: Link, report: str | None) -> dict[str, Any]:
    return {
        "url": link.url,
        "line": link.line,
        "upstream": link.upstream.key if link.upstream else None,
        "kind": link.target.kind if link.target else None,
        "pinned": link.pinned,
        "report": report,
    }


def status(ledger: Ledger) -> list[dict[str, Any]]:
    """Each watched upstream as it was last seen, by key."""
    return [_status(ledger, watch) for _, watch in sorted(ledger.watches.items()) if watch.reports]


def _status(ledger: Ledger, watch: Watch) -> dict[str, Any]:
    seen = watch.snapshot
    return {
        "upstream": watch.upstream.key,
        "kind": watch.upstream.kind,
        "title": seen.title if seen else watch.upstream.name,
        "version": _version(watch),
        "released": when(seen.released) if seen else None,
        "url": seen.url if seen else page(watch.upstream.key),
        "standing": standing(watch),
        "reports": [ledger.reports[r].name for r in watch.reports if r in ledger.reports],
        "unchecked_since": when(watch.unchecked_since),
        "reason": watch.reason,
    }


def _version(watch: Watch) -> str | None:
    seen = watch.snapshot
    if seen and seen.basis == "items":
        return f"{len(seen.items)} items"
    return seen.version if seen else None


def standing(watch: Watch) -> str:
    """there, withdrawn, archived, moved or gone; `absent` while it may come back; `not found` for
    what was never seen; `unknown` where nothing ever answered."""
    if watch.snapshot is None:
        return "not found" if watch.reason and not watch.unchecked_since else "unknown"
    if watch.snapshot.gone:
        return "gone"
    return "absent" if watch.absent else watch.snapshot.standing


def log(ledger: Ledger, changes: Iterable[Change] | None = None) -> list[dict[str, Any]]:
    """Changes, oldest first: all of the ledger's, or the given ones."""
    return [_change(ledger, c) for c in (ledger.changes if changes is None else changes)]


def _change(ledger: Ledger, change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "upstream": change.upstream,
        "kind": change.kind,
        "reports": [ledger.reports[r].name for r in change.reports if r in ledger.reports],
        "old": change.old,
        "new": change.new,
        "url": change.url,
        "released": when(change.released),
        "found": when(change.found),
        "summary": change.summary,
        "details": list(change.details),
        "significance": change.significance,
        "touches": [
            {"report": ledger.reports[t.report].name, "note": t.note, "now": t.now}
            for t in change.touched
            if t.report in ledger.reports
        ],
    }


def unchecked(ledger: Ledger) -> list[dict[str, Any]]:
    """What could not be checked, since when and why."""
    return [
        {"upstream": key, "since": when(watch.unchecked_since), "reason": watch.reason}
        for key, watch in sorted(ledger.watches.items())
        if watch.unchecked_since and watch.reports
    ]


def when(at: datetime | None) -> str | None:
    """An instant as ISO 8601 in UTC, or None."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
