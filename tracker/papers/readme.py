"""Reads a Markdown file, such as a model's card, as a paper: headings, paragraphs and tables.

What it becomes as HTML is read tag by tag, without a tree: nothing is climbed, however deep it is
nested, and what is HTML in the file counts like the rest.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pyromark

from tracker.papers.document import Paper, Section, Table, Unreadable, with_parts
from tracker.papers.words import plain

_LIMIT = 1 << 20  # bytes
_FRONT = re.compile(  # what begins with a rule is no front matter
    r"\A\ufeff?---[ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*(?:[\w\"'][^\n:]{0,80}:.*?\n)?---[ \t]*(?:\n|\Z)",
    re.S,
)
# Searched for its end again and again where it has none, by html.parser.
_DECLARED = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^>]*>?", re.S)
_HEADING = re.compile(r"h[1-6]")
_BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details div dl dt figcaption figure
    footer header hr li main nav ol p pre section summary table ul""".split()  # noqa: SIM905 - a list of words reads best as words
)
_UNSEEN = frozenset({"script", "style"})
_CELLS = frozenset({"td", "th"})


def read(source: bytes) -> Paper:
    """The paper of a Markdown file. Raises Unreadable for what is no text, or too long."""
    if len(source) > _LIMIT:
        raise Unreadable("a Markdown file of over a megabyte")
    try:
        text = source.decode()
    except UnicodeDecodeError as error:
        raise Unreadable("no UTF-8 text") from error
    text = _FRONT.sub("", text.replace("\r\n", "\n"))
    html = pyromark.html(text, options=pyromark.Options.ENABLE_TABLES)
    reader = _Reader()
    reader.feed(_DECLARED.sub("", html))
    reader.close()
    return reader.paper()


class _Reader(HTMLParser):
    """What was found so far, in the order of the text."""

    def __init__(self) -> None:
        super().__init__()
        self._sections: list[Section] = []
        self._tables: list[Table] = []
        self._title, self._level, self._heading = "", 1, False
        self._paragraphs: list[str] = []
        self._said: list[str] = []
        self._rows: list[list[str]] = []
        self._heads = 0  # of the rows
        self._grids = self._unseen = self._code = 0  # how many of each are open

    def paper(self) -> Paper:
        """All of it."""
        if self._grids:
            self._end_table()
        self._end_section(1)
        return Paper(sections=with_parts(self._sections), tables=tuple(self._tables))

    def handle_starttag(
        self,
        tag: str,
        attrs: list[tuple[str, str | None]],  # noqa: ARG002 - the library's own name
    ) -> None:
        """A heading, a block or a cell begins; what stood open before it is a block of its own."""
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "br":
            self._said.append("\n")
        elif self._grids and (tag == "tr" or tag in _CELLS):
            self._end_cell()
            if tag == "tr" or not self._rows:
                self._rows.append([])
            if tag in _CELLS:
                self._rows[-1].append("")
        elif tag == "table":
            self._grids += 1
            if self._grids == 1:
                self._end_block()
        elif _HEADING.fullmatch(tag) and not self._grids:
            self._end_section(int(tag[1]))
            self._heading = True
        elif tag in _BLOCKS:
            self._end_block()
            self._code += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        """What began ends; what never began does not."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "table" and self._grids:
            self._grids -= 1
            if not self._grids:
                self._end_table()
        elif tag == "thead" and self._grids == 1:
            self._end_cell()
            self._heads = sum(map(any, self._rows))
        elif _HEADING.fullmatch(tag):
            self._end_block()
            self._heading = False
        elif tag in _BLOCKS or tag in _CELLS or tag == "tr":
            self._end_block()
            self._code = max(0, self._code - (tag == "pre"))

    def handle_data(self, data: str) -> None:
        """Text; of code, each line is a paragraph: a line is what changes."""
        if self._unseen:
            return
        first, *lines = data.split("\n") if self._code and not self._grids else [data]
        self._said.append(first)
        for line in lines:
            self._end_block()
            self._said.append(line)

    def _taken(self) -> str:
        said = plain("".join(self._said))
        self._said = []
        return said

    def _end_block(self) -> None:
        """What was said is a paragraph, or the heading that is open."""
        if self._grids:
            self._said.append(" ")
        elif self._heading and (said := self._taken()):
            self._title, self._heading = said, False
        elif said := self._taken():
            self._paragraphs.append(said)

    def _end_cell(self) -> None:
        said = self._taken()
        if self._rows and self._rows[-1]:
            self._rows[-1][-1] = f"{self._rows[-1][-1]} {said}".strip()

    def _end_table(self) -> None:
        self._end_cell()
        if rows := tuple(tuple(row) for row in self._rows if any(row)):
            self._tables.append(Table(self._title, "", rows, self._heads))
        self._rows, self._heads, self._grids = [], 0, 0

    def _end_section(self, level: int) -> None:
        """Close the section whose paragraphs were gathered, and begin another one."""
        self._end_block()
        if self._title or self._paragraphs:
            self._sections.append(Section(self._title, self._level, tuple(self._paragraphs)))
        self._title, self._level, self._heading, self._paragraphs = "", level, False, []
