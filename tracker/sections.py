"""Sections and what they hold: which of them are reports, which are lists of many. Pure.

A section is a report where it holds one: a heading, an item or a short line that begins with its
links. Where a section holds many, the list item, the table row or the paragraph around a link
stands for the report, and the trail of headings names it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracker import dates
from tracker.holds import Holds, holds
from tracker.links import is_aside
from tracker.markdown import Heading
from tracker.model import Link

_UPDATED = re.compile(r"\s*\(updated on [^()]*\)", re.IGNORECASE)
_TRAIL = " › "  # noqa: RUF001 - what people put in a trail
_NAME = 200  # characters of a trail of headings

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


def reports(
    source: bytes, start: int, title: str, headings: Sequence[Heading], found: Sequence[Link]
) -> tuple[Report, ...]:
    """The sections from byte `start` on, each with its links. title: the name of the words before
    the first heading."""
    sections, trails = _sections(source, start, title, headings)
    held = _held(sections, found)
    kinds = [
        holds(source, links, words=n == 0 and len(sections) > 1) for n, links in enumerate(held)
    ]
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
        if owner[top] == top and holds(source, together, words=False) == "one":
            for n in parts:
                owner[n] = top
                kinds[n] = "nothing"
    return owner


def _report(
    section: Report,
    trail: Sequence[int],
    sections: Sequence[Report],
    found: Sequence[Link],
    kind: Holds,
    *,
    notes: bool,
) -> Report:
    """A section with its links as its kind has them, in a post of notes or in a list."""
    if notes and kind != "many":
        return replace(section, links=tuple(replace(k, unit=None) for k in found), holds=kind)
    if kind == "nothing":
        return replace(section, links=tuple(found), holds=kind)
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
    if is_aside(link):
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
