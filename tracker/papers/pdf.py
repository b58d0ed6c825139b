"""A PDF read as a paper, by PDFium. Does not fetch, and runs nothing that is in it.

PDFium is what Chrome shows PDFs with, BSD and Apache licensed. pdfminer.six, the other library that
tells where words stand, takes two and a half times as long: too long for 100 pages twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Lock

import pypdfium2
import pypdfium2.raw as pdfium

from tracker.papers import front
from tracker.papers.document import Figure, Paper, Section, Table, Unreadable, with_parts
from tracker.papers.floats import Role
from tracker.papers.grids import rows
from tracker.papers.lines import Line, lines
from tracker.papers.margins import CAPTION, without_margins
from tracker.papers.paragraphs import joined, listed, paragraphs
from tracker.papers.roles import NUMBER, ROMAN, roles

_LARGEST = 100_000_000  # bytes
_PAGES = 500
_TEXT = 6_000_000  # characters
_SCANNED = 40  # characters a page, of which a scan has fewer
_ALONE = Lock()  # PDFium serves one thread at a time
_APPENDIX = re.compile(r"([A-Z])(\.\d{1,2}){0,3}[.:]?\s+(?=[A-Z])")


def read(data: bytes) -> Paper:
    """The paper. `Unreadable` for what is no PDF, encrypted, broken, scanned or too large."""
    if len(data) > _LARGEST:
        raise Unreadable("the PDF is too large")
    if b"%PDF-" not in data[:1024]:
        html = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        raise Unreadable("it is HTML, no PDF" if html else "it is no PDF")
    with _ALONE:
        found = _lines(data)
    found = without_margins(found)
    return _paper(found, roles(found))


def _lines(data: bytes) -> list[Line]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
        raise Unreadable("the PDF is encrypted" if locked else "the PDF is broken") from None
    try:
        pages = len(document)
        if pages > _PAGES:
            raise Unreadable(f"the PDF has more than {_PAGES} pages")
        found: list[Line] = []
        size = 0
        for number in range(pages):
            page = lines(document, number)
            size += sum(len(line.text) for line in page)
            if size > _TEXT:
                raise Unreadable("the PDF has too much text")
            found += page
    except pypdfium2.PdfiumError:
        raise Unreadable("the PDF is broken") from None
    finally:
        document.close()
    if size < _SCANNED * pages or not found:
        raise Unreadable("the PDF has no text: it may be scanned")
    return found


def _paper(found: list[Line], kinds: list[Role]) -> Paper:
    start, title = front.title(found, kinds)
    first = front.begin(found, kinds, start)
    kinds[start:first] = ["text"] * (first - start)
    abstract, sections, references = _text(found, kinds, start)
    tables, figures = [], []
    for index, kind in enumerate(kinds):
        if kind == "table":
            tables.append(_table(found, kinds, index))
        elif kind == "figure":
            figures.append(Figure(*_caption(found, kinds, index)))
    parts = with_parts(sections)
    return Paper(title, (), abstract, parts, tuple(tables), tuple(figures), references)


def _caption(found: list[Line], kinds: list[Role], index: int) -> tuple[str, str]:
    end = index + 1
    while end < len(found) and kinds[end] == "more":
        end += 1
    text = joined(found[index:end])
    told = CAPTION.match(text) or CAPTION.match(found[index].text)
    if not told:
        return "", text
    name = "Table" if kinds[index] == "table" else "Figure"
    return f"{name} {told[2]}", text[told.end() :].strip()


def _table(found: list[Line], kinds: list[Role], index: int) -> Table:
    label, caption = _caption(found, kinds, index)
    below = index + 1
    while below < len(found) and kinds[below] == "more":
        below += 1
    above = index
    while above > 0 and kinds[above - 1] == "row":
        above -= 1
    end = below
    while end < len(found) and kinds[end] == "row":
        end += 1
    held = found[below:end] or found[above:index]
    return Table(label, caption, rows(held)) if held else Table(label, caption)


def _text(found: list[Line], kinds: list[Role], start: int) -> tuple[str, list[Section], int]:
    """The abstract, the sections, and how many references are listed."""
    sections: list[Section] = []
    aside: dict[Role, list[Line]] = {"note": [], "listing": []}
    abstract, references = "", 0
    last = False
    for heading, held in _held(found, kinds, start, aside):
        title, level, late = _named(heading, late=last)
        if title.casefold() == "abstract":
            abstract = " ".join(paragraphs(held))
        elif title.casefold() in ("references", "bibliography"):
            references, last = listed(held), True
            sections.append(Section(title, level, (), "references"))
        elif title:
            sections.append(Section(title, level, tuple(paragraphs(held))))
        elif not sections and held:
            abstract = front.abstract(held, sections)
        last = last or late
    if notes := paragraphs(aside["note"]):
        sections.append(Section("Footnotes", 1, tuple(notes)))
    if steps := [line.text for line in aside["listing"]]:
        sections.append(Section("Algorithms", 1, tuple(steps)))
    return abstract, sections, references


def _held(
    found: list[Line], kinds: list[Role], start: int, aside: dict[Role, list[Line]]
) -> Iterator[tuple[list[Line], list[Line]]]:
    """Each heading with the lines of text below it; what stands beside the text goes aside."""
    heading: list[Line] = []
    held: list[Line] = []
    for index in range(start, len(found)):
        line, kind = found[index], kinds[index]
        if kind == "heading":
            more = bool(heading) and not held and kinds[index - 1] == "heading"
            more = more and abs(line.size - found[index - 1].size) < 0.2  # noqa: PLR2004 - rounding
            if not more or NUMBER.match(line.text) or ROMAN.match(line.text):
                yield heading, held
                heading, held = [], []
            heading.append(line)
        elif kind == "text":
            held.append(line)
        elif kind in aside:
            aside[kind].append(line)
    yield heading, held


def _named(heading: list[Line], *, late: bool) -> tuple[str, int, bool]:
    """A heading without its number, its level, and whether it is an appendix's."""
    text = joined(heading)
    numbered = _APPENDIX.match(text) if late or text.startswith("A ") else None
    numbered = numbered or (ROMAN if text.isupper() else NUMBER).match(text) or NUMBER.match(text)
    if not numbered or (numbered[0].strip().isalpha() and not late):
        return text, 1, False
    level = numbered[0].strip().rstrip(".:").count(".") + 1
    return text[numbered.end() :], level, False
