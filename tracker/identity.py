"""Which report is which from one reading to the next: an id is given once, for ever. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from tracker.model import Ledger
from tracker.post import Post
from tracker.sections import Report


def identify(ledger: Ledger, posts: list[Post]) -> dict[tuple[str, int], str]:
    """An id for each (path, index of report): the same heading in the same post, else in another,
    else the known report that shares most upstreams, else a new one."""
    free = dict(ledger.reports)
    called: dict[str, list[str]] = {}
    linking: dict[str, list[str]] = {}
    for name, record in ledger.reports.items():
        called.setdefault(record.name, []).append(name)
        for key in record.own:
            linking.setdefault(key, []).append(name)
    ids: dict[tuple[str, int], str] = {}
    open_ = [(post, n, report) for post in posts for n, report in enumerate(post.reports)]

    def claim(place: tuple[Post, int, Report], name: str | None) -> bool:
        if name is None:
            return False
        ids[place[0].path, place[1]] = name
        del free[name]
        return True

    def by_name(place: tuple[Post, int, Report], *, same_post: bool) -> str | None:
        post, _, report = place
        fits = (
            name
            for name in called.get(report.name, ())
            if name in free and (free[name].post == post.path) is same_post
        )
        return next(fits, None)

    def by_links(place: tuple[Post, int, Report]) -> str | None:
        keys = {link.upstream.key for link in place[2].links if link.upstream and link.own}
        shared = Counter(name for key in keys for name in linking.get(key, ()) if name in free)
        return max(shared, key=lambda name: (shared[name], -order[name]), default=None)

    order = {name: n for n, name in enumerate(ledger.reports)}
    open_ = [p for p in open_ if not claim(p, by_name(p, same_post=True))]
    open_ = [p for p in open_ if not claim(p, by_name(p, same_post=False))]
    open_ = [p for p in open_ if not claim(p, by_links(p))]
    taken = set(ledger.reports) | set(ids.values())
    for post, n, report in open_:
        name = _new_id(report.name, taken)
        taken.add(name)
        ids[post.path, n] = name
    return ids


def _new_id(name: str, taken: set[str]) -> str:
    ascii_ = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")[:60].strip("-") or "report"
    candidates = (slug if n == 1 else f"{slug}-{n}" for n in range(1, len(taken) + 2))
    return next(candidate for candidate in candidates if candidate not in taken)
