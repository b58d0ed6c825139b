"""The nouns of a paper, whatever it was read from. Nothing here reads or compares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Part = Literal["body", "authors", "contributions", "acknowledgements", "references"]

_AUTHORS = re.compile(
    r"(core |full |list of )*(author|contributor)s?( list| information)?s?$", re.I
)
_PARTS: tuple[tuple[re.Pattern[str], Part], ...] = (
    (re.compile(r"(references|bibliography|literature cited)$", re.I), "references"),
    (re.compile(r"acknowledge?ments?\b", re.I), "acknowledgements"),
    (
        re.compile(r"(author |credit )*contributions?( and acknowledge?ments?)?$", re.I),
        "contributions",
    ),
    (re.compile(r"contributors?( and| list|$)|author contributions", re.I), "contributions"),
    (_AUTHORS, "authors"),
)


class Unreadable(Exception):  # noqa: N818 - it says what the paper is
    """These bytes are no paper that can be compared; its text is the reason, in one line."""


@dataclass(frozen=True)
class Section:
    """A heading and the paragraphs up to the next one. `title` is without its number; `level` is 1
    for a section, 2 for a subsection. What stands before the first heading has no title."""

    title: str
    level: int
    paragraphs: tuple[str, ...] = ()
    part: Part = "body"


@dataclass(frozen=True)
class Table:
    """A table: what it is called (`Table 3`), its caption without that, and its cells row by row, of
    which the first `heads` rows are headers (0: not told). A cell that spans rows or columns stands
    in each of them, where the format tells."""

    label: str
    caption: str
    rows: tuple[tuple[str, ...], ...] = ()
    heads: int = 0


@dataclass(frozen=True)
class Figure:
    """A figure by its name (`Figure 3`) and its caption without that."""

    label: str
    caption: str


@dataclass(frozen=True)
class Paper:
    """One version of a paper. What its format does not tell is empty; `references` is how many.

    The metadata of an upstream may take the place of `title`, `authors` and `abstract`.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    sections: tuple[Section, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    references: int = 0


def part(title: str, *, late: bool) -> Part:
    """What a section of this title is. `late`: it stands in the second half of the paper; what is
    called "Contributions" before that is what the paper says it contributes."""
    for pattern, name in _PARTS:
        if pattern.match(title.strip()) and (late or name == "acknowledgements"):
            return name
    return "body"


def with_parts(sections: list[Section]) -> tuple[Section, ...]:
    """The sections with their parts; a subsection is of its section's part."""
    done: list[Section] = []
    above: list[tuple[int, Part]] = []
    for index, one in enumerate(sections):
        while above and above[-1][0] >= one.level:
            above.pop()
        own = one.part if one.part != "body" else part(one.title, late=2 * index >= len(sections))
        if own == "body" and above:
            own = above[-1][1]
        above.append((one.level, own))
        done.append(Section(one.title, one.level, one.paragraphs, own))
    return tuple(done)
