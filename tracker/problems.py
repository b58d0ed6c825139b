"""Links that want mending: what is wrong with each, and what to put instead. Pure.

It tells what the last refresh saw; what could not be checked is no problem of the author's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tracker.model import Change, Ledger, Link, Watch, page
from tracker.post import Edit, Post
from tracker.words.names import named

_TAG = 2000  # bytes in which an HTML tag ends


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


# --- links that moved ----------------------------------------------------------------------------


def moved_url(link: Link, watch: Watch) -> str | None:
    """A link's address with the new owner and name in the place of the old; the rest stays."""
    names = _names(link, watch)
    if names is None:
        return None
    old, name = names
    new = old.sub(name, link.url)
    return new if new != link.url else None


def moves(post: Post, watches: Mapping[str, Watch]) -> list[Edit]:
    """The edits that bring the author's links to what moved up to date, and touch nothing else:
    of each address, owner and name."""
    edits: dict[int, Edit] = {}
    for link in post.links if post.editable else ():
        watch = watches.get(link.upstream.key) if link.upstream else None
        names = _names(link, watch) if watch else None
        if names is None:
            continue
        old, new = names
        for start, end in _spans(post, link):
            for match in old.finditer(post.text(start, end)):
                at = start + len(post.text(start, end)[: match.start()].encode())
                edits[at] = Edit(at, at + len(match[0].encode()), new.encode())
    return list(edits.values())


def _names(link: Link, watch: Watch) -> tuple[re.Pattern[str], str] | None:
    """How a link spells what moved (OWNER/NAME behind a slash), and its name now."""
    seen = watch.snapshot
    if not (link.upstream and seen and seen.moved_to) or seen.gone or watch.absent:
        return None
    old = named(link.upstream.key, link.upstream.name).whole
    new = named(seen.moved_to, seen.url, seen.title).whole
    pattern = rf"(?<=/){re.escape(old)}(?![\w-]|\.(?!git\b)\w)"
    return re.compile(pattern, re.IGNORECASE | re.ASCII), new


def _spans(post: Post, link: Link) -> Iterator[tuple[int, int]]:
    """Where a link's address is written: in the link itself, in its tag, or in its definition."""
    source = post.source
    end = link.end if link.end > link.start else source.find(b">", link.start, link.start + _TAG)
    address = link.url.encode()
    if address in source[link.start : end] or link.end == link.start:
        yield link.start, max(end, link.start)
        return
    definition = rb"(?m)^[ >\t]*\[[^\]\r\n]+\]:\s*<?(" + re.escape(address) + rb")(?=[\s>]|$)"
    for match in re.finditer(definition, source):
        yield match.span(1)
    if not re.search(definition, source):
        yield link.start, end  # an address that is escaped in the text
