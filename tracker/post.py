"""Markdown text to Post, losslessly; edits are slices, and the result is read again.

The post is bytes that are borrowed: nothing here re-renders, strips or joins them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from tracker import frontmatter, links, markdown, scan, sections
from tracker.frontmatter import FrontMatter
from tracker.markdown import Block, Heading, Lines
from tracker.model import Link, Target, TrackerError
from tracker.sections import Report

_NEWLINE = re.compile(rb"\r\n|\r|\n")
_RULE = re.compile(rb"[ \t]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")


@dataclass(frozen=True)
class Post:
    """A post's bytes and what was read from them. `ours` are lines that the tracker wrote and that
    stand unchanged, as (start, end) without their line ends: their links are not the author's.
    `items` are the starts of list items, and whether each holds no more than its text and lists;
    `verbatim` are spans of code and HTML. A post that is not `editable` is watched, and nothing is
    written into it."""

    path: str
    source: bytes
    front: FrontMatter
    headings: tuple[Heading, ...]
    blocks: tuple[Block, ...]
    reports: tuple[Report, ...]
    ours: tuple[tuple[int, int], ...] = ()
    editable: bool = True
    items: Mapping[int, bool] = field(default_factory=dict)
    verbatim: tuple[tuple[int, int], ...] = ()

    def newline(self, offset: int) -> bytes:
        """The line ending to use at an offset: that of its line, else of the first, else LF."""
        match = _NEWLINE.search(self.source, offset) or _NEWLINE.search(self.source)
        return match[0] if match else b"\n"

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The author's links, in the order of the text."""
        links = (link for report in self.reports for link in report.links)
        return tuple(sorted(links, key=lambda link: link.start))

    @cached_property
    def written(self) -> dict[str, tuple[int, int]]:
        """Where each of the tracker's own lines stands."""
        return {self.text(*span): span for span in self.ours}

    @cached_property
    def addresses(self) -> frozenset[str]:
        """What the author's links say, as spelled."""
        return frozenset(link.url for link in self.links)

    def links_to(self, key: str) -> tuple[Link, ...]:
        """The author's links to an upstream, in the order of the text."""
        return self._linked.get(key, ())

    @cached_property
    def _linked(self) -> dict[str, tuple[Link, ...]]:
        linked: dict[str, list[Link]] = {}
        for link in self.links:
            if link.upstream:
                linked.setdefault(link.upstream.key, []).append(link)
        return {key: tuple(links) for key, links in linked.items()}

    def lines(self, start: int, end: int) -> list[tuple[int, int]]:
        """The lines between two offsets, as (start, end) without their line ends."""
        spans, at = [], start
        for match in _NEWLINE.finditer(self.source[start:end]):
            spans.append((at, start + match.start()))
            at = start + match.end()
        return [*spans, (at, end)] if at < end else spans

    def line_start(self, offset: int) -> int:
        """Where the line that holds an offset begins."""
        return max(self.source.rfind(end, 0, offset) for end in (b"\n", b"\r")) + 1

    def line_end_before(self, offset: int) -> int:
        """Where the line before the one that begins at an offset ends."""
        return offset - (2 if self.source[offset - 2 : offset] == b"\r\n" else min(offset, 1))

    def text(self, start: int, end: int) -> str:
        """A piece of the source as text."""
        return self.source[start:end].decode("utf-8")


def parse(
    path: str,
    source: bytes,
    identify: Callable[[str], Target | None],
    ours: frozenset[str] = frozenset(),
) -> Post:
    """Read a post. `ours` are the texts of lines that the tracker wrote.

    Raises TrackerError where the file is empty, not UTF-8, or has a front matter that opens and
    does not parse.
    """
    if not source.strip():
        raise TrackerError(f"{path}: the file is empty: write something into it, or leave it out")
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as error:
        line = Lines(source).number(error.start)
        raise TrackerError(f"{path}:{line}: not UTF-8: save the file as UTF-8") from error
    editable = not scan.is_scanned(path)
    front = frontmatter.read(source, path) if editable else frontmatter.scanned(source)
    found = markdown.outline(source, front.body) if editable else scan.outline(path, source)
    bare = Post(
        path,
        source,
        front,
        tuple(found.headings),
        tuple(found.blocks),
        (),
        items=found.items,
        verbatim=tuple(found.verbatim),
    )
    standing = _standing(bare, ours) if ours else ()
    anchors = [a for a in found.anchors if not any(s <= a.start < e for s, e in standing)]
    begins = links.begins_line if editable else scan.begins_line
    read = links.links(source, anchors, found.headings, identify, begins)
    title = front.values.get("title", "").strip()
    title = sections.name_of(title) if title else path
    reports = sections.reports(source, front.body, title, found.headings, read)
    return replace(bare, ours=standing, reports=reports, editable=editable)


def _standing(post: Post, ours: frozenset[str]) -> tuple[tuple[int, int], ...]:
    spans = post.lines(post.front.body, len(post.source))
    return tuple((start, end) for start, end in spans if post.text(start, end) in ours)


@dataclass(frozen=True)
class Edit:
    """Replace the bytes from `start` to `end` by `new`; equal offsets insert."""

    start: int
    end: int
    new: bytes


def edit(post: Post, edits: Iterable[Edit]) -> bytes:
    """The post's bytes with the edits made; they must not overlap. Insertions at one place keep
    their order."""
    pieces, at = [], 0
    for change in sorted(edits, key=lambda e: (e.start, e.end)):
        if change.start < at:
            raise TrackerError(f"{post.path}: two edits of the same place: nothing was written")
        pieces += [post.source[at : change.start], change.new]
        at = change.end
    return b"".join([*pieces, post.source[at:]])


def check(
    before: Post,
    after: Post,
    lines: Iterable[str] = (),
    moved: Callable[[Link], str] = lambda link: link.url,
) -> None:
    """Refuse an edited post whose headings, front matter or author's links are not what they were,
    or in which a new line is not read as a list item.

    moved: the address that a link of `before` should have now. Raises TrackerError, naming the
    file.
    """
    same = (
        [(h.level, h.text) for h in before.headings] == [(h.level, h.text) for h in after.headings]
        and [(moved(k), k.own) for k in before.links] == [(k.url, k.own) for k in after.links]
        and all(
            old.label == new.label or moved(old) != old.url
            for old, new in zip(before.links, after.links, strict=True)
        )
        and list(before.front.values) == list(after.front.values)
        and all(_is_item(after, line) for line in lines)
    )
    if not same:
        raise TrackerError(
            f"{before.path}: the new text would change how the author's is read: nothing was written"
        )


def _is_item(post: Post, line: str) -> bool:
    """Whether a line of ours begins a list item; in code or a comment it does not."""
    if line not in post.written:
        return False
    start, _ = post.written[line]
    return start + len(line) - len(line.lstrip("> \t")) in post.items


def is_rule(line: bytes) -> bool:
    """Whether a line is a thematic break, however it is read (a setext underline looks alike)."""
    return bool(_RULE.fullmatch(line.rstrip()))
