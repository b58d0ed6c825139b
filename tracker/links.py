"""A post's links: where each stands, and whether it begins its line or item. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from tracker.anchors import Anchor
from tracker.markdown import Heading, Lines
from tracker.model import Link, Target

# Files of a repository that are beside the point: nobody's report.
_ASIDE = re.compile(r"/(?:licen[cs]e|contributing|code_of_conduct)[^/]*$", re.IGNORECASE)
# What may stand before a link in a line that "begins with a link": quote marks, a list marker, a
# check box, emphasis, brackets, a table's bar.
_LEADING = re.compile(r"[\s>]*(?:[-*+]|\d{1,9}[.)])?\s*(?:\[[ xX]\])?[\s*_~\[(!\"'`|]*")


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
        found.append(
            Link(
                url=anchor.url,
                label=anchor.label,
                line=lines.number(anchor.start),
                start=anchor.start,
                end=anchor.end,
                target=identify(anchor.url),
                own=own and not is_aside(anchor),
                unit=anchor.unit,
                image=anchor.image,
            )
        )
    return found


def begins_line(before: str) -> bool:
    """Whether a link begins its line in Markdown, by what stands before it there."""
    return bool(_LEADING.fullmatch(before))


def is_aside(link: Anchor | Link) -> bool:
    """Whether it is nobody's own: an image that is only shown, a file beside the point."""
    return link.image or bool(_ASIDE.search(link.url))
