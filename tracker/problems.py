"""Links that want mending: what is wrong with each, and what to put instead. Pure.

It tells what the last refresh saw; what could not be checked is no problem of the author's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tracker.model import Change, Ledger, Link, Watch, page
from tracker.post import Edit, Post
from tracker.words.names import named

_LONGEST = 512
_TAG = re.compile(rb"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_ATTRIBUTE = re.compile(rb"\s(?:href|src)\s*=\s*[\"']?\s*", re.IGNORECASE)
_BEFORE = re.compile(rb"\s*<?")
_DEFINITION = re.compile(rb"(?m)^[ \t>]*\[[^\[\]\r\n]+\]:\s*<?([^\s<>]+)")


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
    found = old.match(link.url)
    return f"{link.url[: found.start(1)]}{name}{link.url[found.end(1) :]}" if found else None


def moves(post: Post, watches: Mapping[str, Watch]) -> tuple[list[Edit], list[Link]]:
    """The edits that bring the author's links to what moved up to date, and touch nothing else: of
    each address, owner and name. And the links to what moved that nobody but the author can mend.
    """
    edits: dict[int, Edit] = {}
    left = []
    for link in post.links:
        watch = watches.get(link.upstream.key) if link.upstream else None
        names = _names(link, watch) if watch else None
        if names is None:
            continue
        made = list(_rewritten(post, link, *names)) if post.editable else []
        edits |= {edit.start: edit for edit in made}
        left += [] if made else [link]
    return list(edits.values()), left


def _names(link: Link, watch: Watch) -> tuple[re.Pattern[str], str] | None:
    """How the address of what moved begins, with OWNER/NAME as a group, and its name now."""
    seen = watch.snapshot
    if not (link.upstream and seen and seen.moved_to) or seen.gone or watch.absent:
        return None
    old = named(link.upstream.key, link.upstream.name).whole
    new = named(seen.moved_to, seen.url, seen.title).whole
    host = r"(?:https?://)?[A-Za-z0-9.-]+/(?:datasets/|spaces/)?"
    pattern = rf"{host}({re.escape(old)})(?![\w-]|\.(?!git\b)\w)"
    return re.compile(pattern, re.IGNORECASE | re.ASCII), new


def _rewritten(post: Post, link: Link, old: re.Pattern[str], new: str) -> Iterator[Edit]:
    for start in _addresses(post, link):
        found = old.match(post.source[start : start + _LONGEST].decode("utf-8", "replace"))
        if found:  # an address is ASCII up to its name, so that characters are bytes
            yield Edit(start + found.start(1), start + found.end(1), new.encode())


def _addresses(post: Post, link: Link) -> Iterator[int]:
    """Where a link's address is written: in the link itself, in its tag, or in its definition."""
    source, start = post.source, link.start
    if link.end == start:  # HTML
        tag = _TAG.match(source, start)
        attribute = _ATTRIBUTE.search(tag[0]) if tag else None
        if attribute:
            yield start + attribute.end()
    elif source[start : start + 1] not in (b"[", b"!"):
        if any(heading.start <= start < heading.end for heading in post.headings):
            return  # ids are made of a heading's words
        yield start + (source[start : start + 1] == b"<")
    elif (at := source.rfind(b"](", start, link.end)) >= 0:
        blank = _BEFORE.match(source, at + 2)
        yield blank.end() if blank else at + 2
    else:
        yield from _definitions(post, link)


def _definitions(post: Post, link: Link) -> Iterator[int]:
    """Where a reference link's address is defined; what looks alike in code is no definition."""
    for match in _DEFINITION.finditer(post.source, post.front.body):
        inside = any(start <= match.start(1) < end for start, end in post.verbatim)
        if not inside and html.unescape(match[1].decode("utf-8", "replace")) == link.url:
            yield match.start(1)
