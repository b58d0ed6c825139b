"""Sections and what they hold: which of them are reports, which are lists of many. Pure.

A section is a report where it holds one: a heading, an item or a short line that begins with its
links. Where a section holds many, the list item, the table row or the paragraph around a link
stands for the report, and the trail of headings names it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tracker import dates
from tracker.markdown import Anchor, Heading, Lines
from tracker.model import Link, Target

Holds = Literal["one", "many", "prose", "nothing"]

_FEW = 2  # papers (or repositories) in a section: with one more it is a list of them
_MOST = 8  # upstreams of its own that one report has
_COMPACT = 60  # bytes beside its links that a line of links has
# Words for a link that say what it is to its report; in a list a link is called by its own name.
_ROLE = re.compile(
    r"pdf|paper|arxiv|abs|report|code|git|repo|hug\w*face|\bhf\b|model|weight|checkpoint|collection"
    r"|data|demo|space|blog|page|project|html|link|release|doc|论文|报告|代码|模型|数据",
    re.IGNORECASE,
)
# Files of a repository that are beside the point: nobody's report.
_ASIDE = re.compile(r"/(?:licen[cs]e|contributing|code_of_conduct)[^/]*$", re.IGNORECASE)
_UPDATED = re.compile(r"\s*\(updated on [^()]*\)", re.IGNORECASE)
_STOP = re.compile(rb"[\r\n]")
_TRAIL = " › "  # noqa: RUF001 - what people put in a trail
_NAME = 200  # characters of a trail of headings

# What may stand before a link in a line that "begins with a link": quote marks, a list marker, a
# check box, emphasis, brackets, a table's bar.
_LEADING = re.compile(r"[\s>]*(?:[-*+]|\d{1,9}[.)])?\s*(?:\[[ xX]\])?[\s*_~\[(!\"'`|]*")
_ATTRIBUTES = re.compile(r"\s*\{[:#.][^{}]*\}\s*$")


@dataclass(frozen=True)
class Report:
    """A section: its name, its span in bytes, its links, and what it holds.

    The name is the heading without the date; of a section that holds many reports, the trail of
    headings above it too. `heading` is None for what stands before the first heading. `end` is
    where the section's own text ends, that is, where its first subsection or the next section
    begins; `whole` is where the last of its subsections ends.
    """

    name: str
    heading: Heading | None
    start: int
    end: int
    whole: int
    links: tuple[Link, ...] = ()
    holds: Holds = "one"


def links(
    source: bytes,
    anchors: Iterable[Anchor],
    headings: Sequence[Heading],
    identify: Callable[[str], Target | None],
    begins: Callable[[str], bool],
) -> list[Link]:
    """The links, each with its line; own is what a line or an item begins with, or a heading has.

    begins: whether a link begins its line, by what stands before it there.
    """
    lines = Lines(source)
    heads = [heading.start for heading in headings]
    leading: set[int] = set()  # where lines and items start that begin with a link
    found = []
    for anchor in anchors:
        line = lines.start(anchor.start)
        item = anchor.unit.start if anchor.unit and anchor.unit.type == "item" else None
        if begins(source[line : anchor.start].decode("utf-8", "replace")):
            leading.add(line)
            if item is not None and lines.start(item) == line:
                leading.add(item)
        nth = bisect_right(heads, anchor.start) - 1
        leads = line in leading or item in leading
        own = leads or (nth >= 0 and anchor.start < headings[nth].end)
        aside = anchor.image or _ASIDE.search(anchor.url)
        found.append(
            Link(
                url=anchor.url,
                label=anchor.label,
                line=lines.number(anchor.start),
                start=anchor.start,
                end=anchor.end,
                target=identify(anchor.url),
                own=own and not aside,
                unit=anchor.unit,
                image=anchor.image,
            )
        )
    return found


def begins_line(before: str) -> bool:
    """Whether a link begins its line in Markdown, by what stands before it there."""
    return bool(_LEADING.fullmatch(before))


def reports(
    source: bytes, start: int, title: str, headings: Sequence[Heading], found: Sequence[Link]
) -> tuple[Report, ...]:
    """The sections from byte `start` on, each with its links. title: the name of the words before
    the first heading."""
    sections, trails = _sections(source, start, title, headings)
    held = _held(sections, found)
    kinds = [_holds(source, section, links) for section, links in zip(sections, held, strict=True)]
    owner = _owners(source, sections, trails, held, kinds)
    joined: list[list[Link]] = [[] for _ in sections]
    for n, o in enumerate(owner):
        joined[o] += held[n]
    notes = kinds.count("one") >= max(1, kinds.count("many") + kinds.count("prose"))
    return tuple(
        _report(section, trails[n], sections, joined[n], kinds[n], notes=notes)
        for n, section in enumerate(sections)
        if owner[n] == n and (section.heading or joined[n])
    )


def _sections(
    source: bytes, start: int, title: str, headings: Sequence[Heading]
) -> tuple[list[Report], list[list[int]]]:
    """The sections, and for each the indices of those above it, outermost first."""
    size = len(source)
    first = headings[0].start if headings else size
    sections = [Report(title, None, start, first, first)]
    trails: list[list[int]] = [[]]
    trail: list[int] = []
    for n, heading in enumerate(headings, 1):
        end = headings[n].start if n < len(headings) else size
        while trail and _level(sections[trail[-1]]) >= heading.level:
            closed = trail.pop()
            sections[closed] = replace(sections[closed], whole=heading.start)
        sections.append(Report(name_of(heading.text), heading, heading.start, end, size))
        trails.append(list(trail))
        trail.append(n)
    return sections, trails


def _level(section: Report) -> int:
    return section.heading.level if section.heading else 0


def _held(sections: Sequence[Report], found: Sequence[Link]) -> list[list[Link]]:
    """The links of each section's own text."""
    held: list[list[Link]] = [[] for _ in sections]
    at = 0
    for link in found:
        while at + 1 < len(sections) and sections[at + 1].start <= link.start:
            at += 1
        held[at].append(link)
    return held


def _owners(
    source: bytes,
    sections: Sequence[Report],
    trails: Sequence[Sequence[int]],
    held: Sequence[list[Link]],
    kinds: list[Holds],
) -> list[int]:
    """The section that each belongs to: a subsection is a part of the outermost report above it,
    unless the two together are more than one report."""
    owner = list(range(len(sections)))
    below: dict[int, list[int]] = {}
    for n, trail in enumerate(trails):
        top = next((t for t in trail if kinds[t] == "one"), None)
        if top is not None:
            below.setdefault(top, []).append(n)
    for top, parts in below.items():
        together = [link for n in (top, *parts) for link in held[n]]
        if owner[top] == top and _holds(source, sections[top], together) == "one":
            for n in parts:
                owner[n] = top
                kinds[n] = "nothing"
    return owner


def _holds(source: bytes, section: Report, found: Sequence[Link]) -> Holds:
    """What a section's links make of it; what it only shows makes nothing."""
    watched = [link for link in found if link.watched and not link.image]
    if not watched:
        return "nothing"
    inside: Counter[int] = Counter()
    for link in found:
        inside[link.line] += link.end - link.start
    leads = [k for k in watched if k.own and _compact(source, k, inside[k.line])]
    rows = [link for link in watched if link.unit and link.unit.type == "row"]
    papers, repositories = _containers([*leads, *rows], ("arxiv",)), _containers(leads, ("github",))
    many = papers > _FEW or (not papers and repositories > _FEW)
    if many or _by_name(leads) or len({link.upstream for link in leads}) > _MOST:
        return "many"
    if section.heading is None and section.end < len(source):
        return "prose"  # the words before a first heading are no report
    beside = any(not (link.unit and link.unit.type == "row") for link in leads)
    if beside:
        return "one"
    listed = any(link.unit and link.unit.type != "paragraph" for link in watched)
    return "many" if listed else "prose"


def _by_name(leads: Sequence[Link]) -> bool:
    """Whether several items each begin with a link that is called by its own name."""
    first: dict[int, Link] = {}
    for link in leads:
        if link.unit and link.unit.type == "item" and link.label:
            first.setdefault(link.unit.start, link)
    called = len({link.upstream for link in first.values()}) > 1
    return called and not any(_ROLE.search(link.label) for link in first.values())


def _containers(found: Iterable[Link], kinds: tuple[str, ...]) -> int:
    """How many items, rows or lines lead with an upstream of these kinds, none counted twice."""
    chief: dict[int, str] = {}
    for link in found:
        if link.upstream and link.upstream.kind in kinds:
            chief.setdefault(link.unit.start if link.unit else link.start, link.upstream.key)
    return len(set(chief.values()))


def _compact(source: bytes, link: Link, inside: int) -> bool:
    """Whether a link stands in a heading, an item or a row, or in a line of little but links (of
    which `inside` bytes are links): prose may begin with a link by chance."""
    if link.unit is None or link.unit.type != "paragraph":
        return True
    line = max(source.rfind(end, 0, link.start) for end in (b"\n", b"\r")) + 1
    stop = _STOP.search(source, link.start)
    return (stop.start() if stop else len(source)) - line - inside <= _COMPACT


def _report(
    section: Report,
    trail: Sequence[int],
    sections: Sequence[Report],
    found: Sequence[Link],
    holds: Holds,
    *,
    notes: bool,
) -> Report:
    """A section with its links as its kind has them, in a post of notes or in a list."""
    if notes and holds in ("one", "prose", "nothing"):
        return replace(section, links=tuple(replace(k, unit=None) for k in found), holds=holds)
    if holds == "nothing":
        return replace(section, links=tuple(found), holds=holds)
    leading = {k.unit.start for k in found if k.own and k.unit and k.unit.type == "item"}
    own = tuple(replace(link, own=link.own or _stands_alone(link, leading)) for link in found)
    return replace(section, name=_trail(section, trail, sections), links=own, holds="many")


def _trail(section: Report, trail: Sequence[int], sections: Sequence[Report]) -> str:
    """The names of the headings down to a section, without the one title of the whole, which
    comes first and has all others below it."""
    whole = (
        len(sections) > 1 and _level(sections[1]) == 1 and sections[1].whole == sections[-1].whole
    )
    names = [sections[n].name for n in trail if n > 1 or not whole]
    return _TRAIL.join((*names, section.name))[:_NAME]


def called(identity: str, name: str) -> set[str]:
    """What a report may be called on the command line, in lower case: its id, its name, and of a
    trail of headings the last one too."""
    return {identity, name.casefold(), name.rpartition(_TRAIL)[2].casefold()}


def _stands_alone(link: Link, leading: set[int]) -> bool:
    """Whether a link in a list is its unit's own: not in a note below an item that has its own, no
    image, nothing that is beside the point."""
    if link.image or _ASIDE.search(link.url):
        return False
    outer = link.unit.outer if link.unit else None
    while outer:
        if outer.start in leading:
            return False
        outer = outer.outer
    return True


def name_of(heading: str) -> str:
    """A heading without its date and its attributes: the report's name."""
    text = _UPDATED.sub("", _ATTRIBUTES.sub("", heading))
    for dated in sorted(dates.find(text), key=lambda d: -d.start):
        before, after = text[: dated.start].rstrip(" ([:,-–—"), text[dated.end :].lstrip(" )]:,-–—")  # noqa: RUF001 - dashes
        text = f"{before} {after}".strip()
    return " ".join(text.split()) or " ".join(heading.split()) or "untitled"
