"""Reads a Markdown file, such as a model's card, as a paper: headings, paragraphs and tables."""

from __future__ import annotations

import re

import pyromark
from bs4 import BeautifulSoup, Tag

from tracker.papers.document import Paper, Section, Table, Unreadable

_LIMIT = 1 << 20  # bytes
_FRONT = re.compile(r"\A\ufeff?---\n.*?\n---\n", re.S)
_BLOCKS = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "pre", "table")


def read(source: bytes) -> Paper:
    """The paper of a Markdown file. Raises Unreadable for what is no text, or too long."""
    if len(source) > _LIMIT:
        raise Unreadable("a Markdown file of over a megabyte")
    try:
        text = source.decode()
    except UnicodeDecodeError as error:
        raise Unreadable("no UTF-8 text") from error
    html = pyromark.html(
        _FRONT.sub("", text.replace("\r\n", "\n")), options=pyromark.Options.ENABLE_TABLES
    )
    sections: list[Section] = []
    tables: list[Table] = []
    title, level, paragraphs = "", 1, list[str]()
    for block in BeautifulSoup(html, "html.parser").find_all(_BLOCKS):
        if re.fullmatch(r"h\d", block.name):
            sections.append(Section(title, level, tuple(paragraphs)))
            title, level, paragraphs = _text(block), int(block.name[1]), []
        elif block.name == "table":
            tables.append(Table("", title, _rows(block)))
        elif said := _own(block):
            paragraphs.append(said)
    sections.append(Section(title, level, tuple(paragraphs)))
    told = tuple(one for one in sections if one.title or one.paragraphs)
    return Paper(sections=told, tables=tuple(tables))


def _text(block: Tag) -> str:
    return " ".join(block.get_text(" ").split())


def _own(block: Tag) -> str:
    """What a block says itself: nothing where blocks inside it say it."""
    if block.name == "li" and block.find(("p", "pre")):
        return ""
    inner = [_text(one) for one in block.find_all(("ul", "ol", "table"))]
    said = _text(block)
    for one in inner:
        said = said.replace(one, "", 1)
    return " ".join(said.split())


def _rows(table: Tag) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(_text(cell) for cell in row.find_all(("th", "td"))) for row in table.find_all("tr")
    )
