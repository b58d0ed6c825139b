"""Where the links, headings and blocks of a Markdown text are, in bytes. It changes nothing.

Spans come from a CommonMark parser's events; what a renderer would not show as a link (code,
comments) is none here. Bare addresses count, since GitHub and kramdown's authors rely on them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pyromark

from tracker import anchors
from tracker.admonitions import as_quotes
from tracker.anchors import Anchor
from tracker.model import Unit

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
)
_BLOCKS = frozenset(
    "Paragraph List CodeBlock HtmlBlock BlockQuote Table Heading FootnoteDefinition".split()  # noqa: SIM905 - a list of words reads best as words
)
_CR = re.compile(rb"\r(?!\n)")
_TEXT = re.compile(rb"[^ \t\r\n]")
_UNITS: dict[str, Literal["item", "row"]] = {
    "Item": "item",
    "TableRow": "row",
    "TableHead": "row",
}


@dataclass(frozen=True)
class Heading:
    """A heading: its level (1-6), its source text without marks, and its span with the line end."""

    level: int
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Block:
    """A block at the top level: its type (`List`, `BlockQuote`, `Paragraph`, `Table`, `CodeBlock`,
    `HtmlBlock`, `Heading`, `Rule`, …), its span, and the type of the last block inside it."""

    type: str
    start: int
    end: int
    last: str


@dataclass
class Outline:
    """What was found, each list in the order of the text. `items` are the starts of list items,
    and whether each holds no more than its text and lists; `verbatim` are spans of code and HTML."""

    headings: list[Heading] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    items: dict[int, bool] = field(default_factory=dict)
    verbatim: list[tuple[int, int]] = field(default_factory=list)


class Lines:
    """Byte offsets of the lines; a line ends at CRLF, CR or LF and nowhere else."""

    def __init__(self, source: bytes) -> None:
        """Find every line of `source`."""
        self.starts = [0, *(m.end() for m in re.finditer(rb"\r\n|\r|\n", source))]

    def number(self, offset: int) -> int:
        """The 1-based line that holds a byte offset."""
        return bisect_right(self.starts, offset)

    def start(self, offset: int) -> int:
        """The offset of the first byte of the line that holds `offset`."""
        return self.starts[self.number(offset) - 1]


def outline(source: bytes, start: int = 0) -> Outline:
    """The headings, top-level blocks and links of `source` from byte `start` on.

    `source` is UTF-8; bytes before `start` (front matter, a byte order mark) are not looked at.
    """
    return _Reader(source, start).read()


class _Reader:
    """One pass over the parser's events, with what is open at each."""

    def __init__(self, source: bytes, start: int) -> None:
        self.source, self.offset = source, start
        self.found = Outline()
        self.open: list[str] = []
        self.top: tuple[str, int, int] | None = None
        self.last = ""
        self.links: list[tuple[str, int, int, list[str]]] = []  # an image may stand in a link
        self.heading: tuple[int, int, int] | None = None
        self.words: list[str] = []
        self.text: tuple[int, int] | None = None  # a run of text without a gap
        self.html: list[tuple[int, str]] = []  # the lines of an HTML block
        self.in_html_link = False
        self.units: list[tuple[str, Unit]] = []  # with the tag that opened it
        self.held: list[list[str]] = []  # the blocks in each open item
        self.plain = True  # of the item that ended last

    def read(self) -> Outline:
        # The parser does not end every line at a lone CR, as CommonMark does: here it is an LF.
        body = _CR.sub(b"\n", self.source[self.offset :])
        text = as_quotes(body).decode("utf-8")
        for event, span in pyromark.events_with_range(text, options=_OPTIONS):
            begin, end = self.offset + span["start"], self.offset + span["end"]
            pair: tuple[str, Any] = (
                (event, "") if isinstance(event, str) else next(iter(event.items()))
            )
            if pair[0] == "Start":
                self._start(pair[1], begin, end)
            elif pair[0] == "End":
                self._end()
            else:
                self._leaf(*pair, begin, end)
        self._flush()
        self.found.anchors.sort(key=lambda anchor: (anchor.start, -anchor.end))
        return self.found

    def _start(self, tag: Any, begin: int, end: int) -> None:  # noqa: ANN401 - the parser's own shape
        self._flush()
        name, value = (tag, {}) if isinstance(tag, str) else next(iter(tag.items()))
        if not self.open:
            self.top = (name, begin, end)
            self.last = name
        elif len(self.open) == 1:
            self.last = name
        if name in _BLOCKS and self.held:
            self.held[-1].append(name)
        if name == "Item":
            self.held.append([])
        elif name in ("CodeBlock", "HtmlBlock"):
            self.found.verbatim.append((begin, end))
        self.open.append(name)
        if kind := self._unit(name):
            outer = self.units[-1][1] if self.units else None
            self.units.append((name, Unit(kind, self._text_from(begin), end, outer)))
        elif name in ("Link", "Image"):
            self.links.append((value["dest_url"], begin, end, []))
        elif name == "Heading" and len(self.open) == 1:  # one in a quote or a list is no section
            self.heading, self.words = (_level(value), begin, end), []

    def _end(self) -> None:
        self._flush()
        name = self.open.pop()
        if name in ("Link", "Image"):
            url, start, stop, label = self.links.pop()
            image = name == "Image"
            self._anchors([Anchor(url, "".join(label).strip(), start, stop, image=image)])
        elif name == "HtmlBlock":
            self._anchors(anchors.in_html(self.html))
            self.html = []
        elif name == "Heading" and self.heading:
            level, start, stop = self.heading
            self.found.headings.append(Heading(level, "".join(self.words).strip(), start, stop))
            self.heading = None
        if self.units and self.units[-1][0] == name:
            unit = self.units.pop()[1]
            if name == "Item":
                self.found.items[unit.start] = self._is_plain()
        if not self.open and self.top:
            kind, start, stop = self.top
            self.found.blocks.append(Block(kind, start, stop, self.last))

    def _leaf(self, name: str, value: str, begin: int, end: int) -> None:
        if name == "Rule" and not self.open:
            self.found.blocks.append(Block("Rule", begin, end, "Rule"))
        in_code = "CodeBlock" in self.open
        if name in ("Text", "Code", "SoftBreak", "HardBreak"):
            words = " " if name.endswith("Break") else value
            for *_, label in self.links:
                label.append(words)
            self.words.append(words)
        if name == "Text" and not (in_code or self.links or self.in_html_link):
            if self.text and self.text[1] != begin:
                self._flush()
            self.text = (self.text[0] if self.text else begin, end)
            return
        self._flush()
        if name == "Html":
            self.html.append((begin, value))
        elif name == "InlineHtml":
            self._anchors(anchors.in_html([(begin, value)]))
            tag = value[:3].lower().rstrip(" \t\n>")
            self.in_html_link = tag == "<a" or (self.in_html_link and tag != "</a")

    def _anchors(self, anchors: Iterable[Anchor]) -> None:
        unit = self.units[-1][1] if self.units else None
        self.found.anchors.extend(replace(anchor, unit=unit) for anchor in anchors)

    def _is_plain(self) -> bool:
        """Whether the item that ends holds its text and lists alone, which end as plainly."""
        held = self.held.pop()
        self.plain = held in ([], ["Paragraph"]) or (
            set(held[held[:1] == ["Paragraph"] :]) == {"List"} and self.plain
        )
        return self.plain

    def _text_from(self, offset: int) -> int:
        """The first byte from an offset on that is no blank: an item that is indented by a tab
        is said to begin with the line end before it."""
        found = _TEXT.search(self.source, offset)
        return found.start() if found else offset

    def _unit(self, name: str) -> Literal["item", "row", "paragraph"] | None:
        """The kind of unit that a tag opens; an item's own paragraphs are none."""
        if name in ("Paragraph", "HtmlBlock"):
            return None if self.units else "paragraph"
        return _UNITS.get(name)

    def _flush(self) -> None:
        """Look for bare addresses in the run of text that has just ended."""
        if self.text:
            self._anchors(anchors.bare(self.source, *self.text))
            self.text = None


def _level(value: Any) -> int:  # noqa: ANN401 - the parser's own shape
    return int(str(value["level"]).lstrip("Hh"))
