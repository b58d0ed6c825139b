"""Markdown text to Post, losslessly; edits are slices, and the result is read again.

The post is bytes that are borrowed: nothing here re-renders, strips or joins them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from tracker import dates, frontmatter, markdown
from tracker.frontmatter import FrontMatter
from tracker.markdown import Anchor, Block, Heading, Lines
from tracker.model import Link, Target, TrackerError

# What may stand before a link in a line that "begins with a link": quote marks, a list marker, a
# check box, emphasis, brackets, a table's bar.
_LEADING = re.compile(r"[\s>]*(?:[-*+]|\d{1,9}[.)])?\s*(?:\[[ xX]\])?[\s*_~\[(!\"'`|]*")
_RULE = re.compile(rb"[ \t]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")


@dataclass(frozen=True)
class Report:
    """A section: its name (the heading without the date), its span in bytes, its links.

    `heading` is None for what stands before the first heading. `end` is where the section's own
    text ends, that is, where its first subsection or the next section begins; `whole` is where
    the last of its subsections ends.
    """

    name: str
    heading: Heading | None
    start: int
    end: int
    whole: int
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Post:
    """A post's bytes and what was read from them. `ours` are lines that the tracker wrote and that
    stand unchanged, as (start, end) without their line ends: their links are not the author's."""

    path: str
    source: bytes
    front: FrontMatter
    headings: tuple[Heading, ...]
    blocks: tuple[Block, ...]
    reports: tuple[Report, ...]
    ours: tuple[tuple[int, int], ...] = ()

    @property
    def newline(self) -> bytes:
        """The line ending of the file: that of its first line, else LF."""
        match = re.search(rb"\r\n|\r|\n", self.source)
        return match[0] if match else b"\n"

    @property
    def links(self) -> tuple[Link, ...]:
        """The author's links, in the order of the text."""
        links = (link for report in self.reports for link in report.links)
        return tuple(sorted(links, key=lambda link: link.start))

    def lines(self, start: int, end: int) -> list[tuple[int, int]]:
        """The lines between two offsets, as (start, end) without their line ends."""
        spans, at = [], start
        for match in re.finditer(rb"\r\n|\r|\n", self.source[start:end]):
            spans.append((at, start + match.start()))
            at = start + match.end()
        return [*spans, (at, end)] if at < end else spans

    def line_start(self, offset: int) -> int:
        """Where the line that holds an offset begins."""
        return max(self.source.rfind(end, 0, offset) for end in (b"\n", b"\r")) + 1

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
    front = frontmatter.read(source, path)
    found = markdown.outline(source, front.body)
    bare = Post(path, source, front, tuple(found.headings), tuple(found.blocks), ())
    standing = _standing(bare, ours) if ours else ()
    anchors = [a for a in found.anchors if not any(s <= a.start < e for s, e in standing)]
    links = _links(source, anchors, found.headings, identify)
    return replace(bare, ours=standing, reports=_reports(bare, links))


def _standing(post: Post, ours: frozenset[str]) -> tuple[tuple[int, int], ...]:
    spans = post.lines(post.front.body, len(post.source))
    return tuple((start, end) for start, end in spans if post.text(start, end) in ours)


def _links(
    source: bytes,
    anchors: Iterable[Anchor],
    headings: Sequence[Heading],
    identify: Callable[[str], Target | None],
) -> list[Link]:
    lines = Lines(source)

    def begins(anchor_start: int, line_start: int) -> bool:
        before = source[line_start:anchor_start].decode("utf-8", "replace")
        return bool(_LEADING.fullmatch(before))

    leading: set[int] = set()  # where lines and items start that begin with a link
    links = []
    for anchor in anchors:
        line = lines.start(anchor.start)
        if begins(anchor.start, line):
            leading.add(line)
            if anchor.item is not None and lines.start(anchor.item) == line:
                leading.add(anchor.item)
        own = line in leading or anchor.item in leading or _within(anchor.start, headings)
        number = lines.number(anchor.start)
        target = identify(anchor.url)
        links.append(Link(anchor.url, anchor.label, number, anchor.start, anchor.end, target, own))
    return links


def _within(offset: int, headings: Sequence[Heading]) -> bool:
    return any(heading.start <= offset < heading.end for heading in headings)


def _reports(post: Post, links: Sequence[Link]) -> tuple[Report, ...]:
    """Sections by heading; a subsection belongs to the outermost section above it that has links
    of its own, since it is then a part of that report."""
    headings, size = post.headings, len(post.source)
    first = headings[0].start if headings else size
    title = _UPDATED.sub("", post.front.values.get("title", "")).strip() or post.path
    sections = [Report(title, None, post.front.body, first, first)]
    parents: list[int] = [0]
    trail: list[tuple[int, int]] = []  # (level, index of section) of the headings above
    for n, heading in enumerate(headings):
        end = headings[n + 1].start if n + 1 < len(headings) else size
        whole = next((h.start for h in headings[n + 1 :] if h.level <= heading.level), size)
        sections.append(Report(_name(heading.text), heading, heading.start, end, whole))
        trail = [entry for entry in trail if entry[0] < heading.level]
        parents.append(trail[-1][1] if trail else n + 1)
        trail.append((heading.level, n + 1))
    held: list[list[Link]] = [[] for _ in sections]
    at = 0
    for link in links:
        while at + 1 < len(sections) and sections[at + 1].start <= link.start:
            at += 1
        held[at].append(link)
    owner = list(range(len(sections)))
    for n in range(len(sections)):  # parents come first, so their owner is settled
        parent = owner[parents[n]]
        if parent != n and any(link.own and link.watched for link in held[parent]):
            owner[n] = parent
    return tuple(
        replace(section, links=tuple(k for m, o in enumerate(owner) if o == n for k in held[m]))
        for n, section in enumerate(sections)
        if owner[n] == n and (section.heading or held[n])
    )


_UPDATED = re.compile(r"\s*\(updated on [^()]*\)", re.IGNORECASE)
_ATTRIBUTES = re.compile(r"\s*\{[:#.][^{}]*\}\s*$")


def _name(heading: str) -> str:
    """A heading without its date and its attributes: the report's name."""
    text = _ATTRIBUTES.sub("", heading)
    for dated in sorted(dates.find(text), key=lambda d: -d.start):
        before, after = text[: dated.start].rstrip(" ([:,-–—"), text[dated.end :].lstrip(" )]:,-–—")  # noqa: RUF001 - dashes
        text = f"{before} {after}".strip()
    return " ".join(text.split()) or " ".join(heading.split()) or "untitled"


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


def check(before: Post, after: Post) -> None:
    """Refuse an edited post whose headings, front matter keys or author's links are not what they
    were.

    Raises TrackerError, naming the file.
    """
    same = (
        [(h.level, h.text) for h in before.headings] == [(h.level, h.text) for h in after.headings]
        and [(k.url, k.label, k.own) for k in before.links]
        == [(k.url, k.label, k.own) for k in after.links]
        and list(before.front.values) == list(after.front.values)
    )
    if not same:
        raise TrackerError(
            f"{before.path}: the new lines would change how the author's text is read: "
            "nothing was written"
        )


def is_rule(line: bytes) -> bool:
    """Whether a line is a thematic break, however it is read (a setext underline looks alike)."""
    return bool(_RULE.fullmatch(line.rstrip()))
