"""Rewriting links that moved: of each address owner and name, and nothing else. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tracker.model import Ledger, Link, TrackerError, Watch
from tracker.post import Edit, Post, check, edit
from tracker.words.names import named

_LONGEST = 512
_TAG = re.compile(rb"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_ATTRIBUTE = re.compile(rb"\s(?:href|src)\s*=\s*[\"']?\s*", re.IGNORECASE)
_BEFORE = re.compile(rb"\s*<?")
_DEFINITION = re.compile(rb"(?m)^[ \t>]*\[[^\[\]\r\n]+\]:\s*<?([^\s<>]+)")


@dataclass(frozen=True)
class Mended:
    """Posts with the links that moved brought up to date, how many addresses were rewritten in
    each, and what is left to the author: lines with file, place and remedy."""

    posts: dict[str, bytes] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    left: tuple[str, ...] = ()


def mend(posts: Iterable[Post], ledger: Ledger, reread: Callable[[str, bytes], Post]) -> Mended:
    """Bring the links of posts that moved up to date; a post that would be read otherwise after it
    is left as it is. reread: parses an edited post."""
    mended = Mended()
    left: list[str] = []
    for post in posts:
        edits, others = moves(post, ledger.watches)
        left += [
            f"{post.path}:{link.line}: {link.url} must be rewritten by hand: {_now(link, ledger)}"
            for link in others
        ]
        source = edit(post, edits)
        now = {link: _now(link, ledger) for link in post.links}
        now |= {link: link.url for link in others}
        try:
            check(post, reread(post.path, source), moved=now.__getitem__)
        except TrackerError as refusal:
            left.append(str(refusal))
            continue
        if edits:
            mended.posts[post.path], mended.counts[post.path] = source, len(edits)
    return Mended(mended.posts, mended.counts, tuple(left))


def _now(link: Link, ledger: Ledger) -> str:
    watch = ledger.watches.get(link.upstream.key) if link.upstream else None
    return (moved_url(link, watch) if watch else None) or link.url


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
