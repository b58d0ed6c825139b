"""What stands before the text of a PDF: its title, its authors, its abstract."""

from __future__ import annotations

import re

from tracker.papers.document import Section
from tracker.papers.floats import Role
from tracker.papers.lines import Line
from tracker.papers.margins import body_size
from tracker.papers.paragraphs import joined, paragraphs

ABSTRACT = re.compile(r"abstract\s*[\u2014\u2013:.-]*\s*", re.I)
_FIRST = re.compile(r"(1|I)[.:]?\s+[^\W\d_]|introduction$", re.I)
_ENDED = re.compile(r"[.!?:][\"')\]\u2019\u201d]*$")


def title(found: list[Line], kinds: list[Role]) -> tuple[int, str]:
    """Where the text goes on after the title, and the title: the first lines in the largest size of
    the first page, if larger than the text."""
    first = [line for line in found if line.page == found[0].page]
    size = max(line.size for line in first)
    if size <= 1.1 * body_size(found):
        return 0, ""
    at = next(index for index, line in enumerate(first) if line.size == size)
    end = at
    while end < len(first) and first[end].size == size and kinds[end] == "heading" and end - at < 5:  # noqa: PLR2004
        end += 1
    return end, joined(found[at:end])


def begin(found: list[Line], kinds: list[Role], start: int) -> int:
    """Where the text begins: at the abstract, else at the first section. Before it names may be as
    large as headings, and a date looks like one with a number."""
    first = [
        (at, found[at].text)
        for at in range(start, len(found))
        if found[at].page == found[0].page and kinds[at] == "heading"
    ]
    for pattern in (ABSTRACT, _FIRST):
        for at, text in first:
            if pattern.match(text):
                return at
    return start


def abstract(held: list[Line], sections: list[Section]) -> str:
    """What stands before any heading: names, then the abstract, which says so or is long."""
    at = next((at for at, line in enumerate(held) if ABSTRACT.match(line.text)), len(held))
    names: list[str] = []
    texts = [ABSTRACT.sub("", joined(held[at:]), count=1)]
    for paragraph in paragraphs(held[:at]):
        long = len(paragraph.split()) > 40 and _ENDED.search(paragraph)  # noqa: PLR2004 - no address
        (texts if long else names).append(paragraph)
    if names:
        sections.append(Section("Authors", 1, tuple(names), "authors"))
    return " ".join(texts).strip()
