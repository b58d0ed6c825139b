"""Links that want mending: what is wrong with each, and what to put instead. Pure.

It tells what the last refresh saw; what could not be checked is no problem of the author's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.mending import moved_url
from tracker.model import Change, Ledger, Link, Watch, page
from tracker.post import Post


@dataclass(frozen=True)
class Problem:
    """A link of a post, what is wrong (`moved`, `withdrawn v2`, `gone since 2025-03-16`,
    `missing since …`, `not found`), and the address to put instead, empty where none is known."""

    post: str
    line: int
    link: str
    upstream: str
    what: str
    instead: str


def problems(ledger: Ledger, posts: Iterable[Post]) -> list[Problem]:
    """What is wrong with the links of posts, in the order of the text."""
    gone = {change.upstream: change for change in ledger.changes if change.kind == "gone"}
    found = []
    for post in posts:
        for link in post.links:
            key = link.upstream.key if link.upstream and link.watched else ""
            watch = ledger.watches.get(key)
            if watch and (told := _wrong(link, watch, gone.get(key))):
                found.append(Problem(post.path, link.line, link.url, key, *told))
    return list(dict.fromkeys(found))


def _wrong(link: Link, watch: Watch, gone: Change | None) -> tuple[str, str] | None:
    """What is wrong with a link, and what to put instead; None where nothing is."""
    seen = watch.snapshot
    if seen is None:
        return ("not found", "") if watch.reason and not watch.unchecked_since else None
    if seen.gone:
        at = (gone.released or gone.since or gone.found) if gone else seen.released
        since = f" since {at:%Y-%m-%d}" if at else ""
        return f"gone{since}", _successor(gone)
    if watch.absent:
        return f"missing since {watch.absent[0]:%Y-%m-%d}", ""
    if seen.withdrawn:
        before = int(seen.version[1:]) - 1 if seen.version else 0
        paper = watch.upstream.key.partition(":")[2]
        last = f"https://arxiv.org/pdf/{paper}v{before}" if before else ""
        return f"withdrawn {seen.version or ''}".strip(), last
    return ("moved", moved_url(link, watch) or page(seen.moved_to)) if seen.moved_to else None


def _successor(gone: Change | None) -> str:
    if gone and gone.also:
        return f"https://arxiv.org/abs/{gone.also.rpartition('v')[0]}"
    return gone.last.url if gone and gone.last else ""
